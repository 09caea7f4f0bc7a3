import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeAutomaton } from './automaton.ts';

/** For each character, the longest literal that ends there. */
function found(literals: readonly string[], text: string): string[] {
  const { classes, next, shift, longest } = makeAutomaton(literals);
  let state = 0;
  return [...text].map((character) => {
    state = next[(state << shift) | (classes[character.charCodeAt(0)] ?? 0)] ?? 0;
    return longest[state] ?? '';
  });
}

function expected(literals: readonly string[], text: string): string[] {
  return [...text].map((_, at) => {
    const ending = literals.filter((literal) =>
      text
        .slice(0, at + 1)
        .toLowerCase()
        .endsWith(literal),
    );
    return ending.toSorted((a, b) => b.length - a.length)[0] ?? '';
  });
}

describe('makeAutomaton', () => {
  it('finds what a search for each literal finds', () => {
    const literal = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-'), minLength: 1, maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'B', 'b', '1', '-', 'z'), maxLength: 30 });
    fc.assert(
      fc.property(fc.array(literal, { maxLength: 8 }), text, (literals, value) => {
        expect(found(literals, value)).toEqual(expected(literals, value));
      }),
      { numRuns: 500 },
    );
  });
});
