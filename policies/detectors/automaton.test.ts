import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeAutomaton } from './automaton.ts';

/** Every literal that ends somewhere, as `set:start-end`. */
function found(sets: readonly (readonly string[])[], text: string): string[] {
  const { classes, next, shift, outputs, lengths } = makeAutomaton(sets);
  let state = 0;
  return [...text].flatMap((character, at) => {
    state = next[(state << shift) | (classes[character.charCodeAt(0)] ?? 0)] ?? 0;
    return (outputs[state] ?? []).map(
      (set, index) => `${set}:${at + 1 - (lengths[state]?.[index] ?? 0)}-${at + 1}`,
    );
  });
}

function expected(sets: readonly (readonly string[])[], text: string): string[] {
  const matches = (literal: string, at: number) =>
    at + literal.length <= text.length &&
    [...literal].every((sign, i) => {
      const character = text.charAt(at + i).toLowerCase();
      return sign === '#' ? /[0-9]/.test(character) : sign === character;
    });
  return sets.flatMap((literals, set) =>
    literals.flatMap((literal) =>
      [...text].flatMap((_, at) => (matches(literal, at) ? [`${set}:${at}-${at + literal.length}`] : [])),
    ),
  );
}

describe('makeAutomaton', () => {
  it('finds what a search for each literal finds', () => {
    const literal = fc.string({
      unit: fc.constantFrom('a', 'b', '1', '2', '#', '-'),
      minLength: 1,
      maxLength: 5,
    });
    const text = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '1', '2', '3', '-', 'z'), maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(literal, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        text,
        (sets, value) => {
          expect(found(sets, value).sort()).toEqual(expected(sets, value).sort());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes lower-case ASCII only', () => {
    expect(() => makeAutomaton([['Key']])).toThrow('lower-case ASCII');
    expect(() => makeAutomaton([['clé']])).toThrow('lower-case ASCII');
  });
});
