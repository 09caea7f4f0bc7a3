import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeScanner } from '../redact.ts';
import { compilePattern } from './compile-pattern.ts';
import { makeMatcher } from './matcher.ts';
import { CHARACTER_CLASSES, type PatternPart, type PatternSpec, patternSpec } from './pattern.ts';
import { referenceMatches } from './testing/reference.ts';

// Few different characters, so that parts match in many ways and overlap.
const fixed = fc.string({ unit: fc.constantFrom('a', 'B', '1', '-', ' ', 'ä'), minLength: 1, maxLength: 3 });
const length = fc.oneof(
  fc.integer({ min: 1, max: 4 }),
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 })).map(([min, more]) => ({
    min,
    max: Math.max(1, min + more),
  })),
);
const part: fc.Arbitrary<PatternPart> = fc
  .tuple(
    fc.oneof(
      fc.record({ text: fixed }),
      fc.record({ chars: fc.constantFrom(...CHARACTER_CLASSES), length }),
      fc.record({ chars: fc.record({ oneOf: fixed }), length }),
      fc.record({ anyOf: fc.array(fixed, { minLength: 1, maxLength: 3 }) }),
    ),
    fc.boolean(),
  )
  .map(([kind, optional]) => (optional ? { ...kind, optional } : kind));

const spec: fc.Arbitrary<PatternSpec> = fc
  .record(
    {
      shape: fc.array(part, { minLength: 1, maxLength: 4 }),
      ignoreCase: fc.boolean(),
      boundary: fc.constantFrom('word' as const, 'none' as const),
      checksum: fc.constantFrom('luhn' as const, undefined),
      context: fc.option(
        fc.record({ words: fc.constant(['ab', '1-']), within: fc.integer({ min: 1, max: 6 }) }),
        {
          nil: undefined,
        },
      ),
    },
    { requiredKeys: ['shape', 'ignoreCase', 'boundary'] },
  )
  .map((some) =>
    patternSpec.parse({ id: 'x', title: 'x', examples: { match: ['a'], noMatch: ['b'] }, ...some }),
  );

const text = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', 'B', '1', '8', '-', ' ', 'ä', 'Ä', '_', '\n'),
  maxLength: 24,
});

describe('a matcher', () => {
  it('finds what a naive reading of the pattern finds', () => {
    fc.assert(
      fc.property(spec, text, (pattern, some) => {
        expect(makeMatcher(pattern)(some)).toEqual(referenceMatches(pattern, some));
      }),
      { numRuns: 4_000 },
    );
  });

  it('finds nothing more and nothing less in a longer text without the characters of the pattern', () => {
    fc.assert(
      fc.property(spec, text, fc.integer({ min: 1, max: 50 }), (pattern, some, times) => {
        fc.pre(pattern.context === undefined);
        const filler = '§'.repeat(times);
        const shifted = makeMatcher(pattern)(some).map(({ start, end }) => ({
          start: start + times,
          end: end + times,
        }));
        expect(makeMatcher(pattern)(filler + some + filler)).toEqual(shifted);
      }),
    );
  });

  it('costs at most twice as many steps on twice the text, whatever both are', () => {
    fc.assert(
      fc.property(spec, text, (pattern, some) => {
        fc.pre(some.length > 0);
        const steps = (times: number) => {
          const meter = { steps: 0 };
          makeMatcher(pattern)(some.repeat(times), meter);
          return meter.steps;
        };
        expect(steps(400)).toBeLessThanOrEqual(2.1 * steps(200) + 1_000);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a pattern without fixed text', () => {
  const group = fc.record({
    digits: fc.integer({ min: 1, max: 9 }),
    separator: fc.constantFrom('', ...' .-/()+', ': ', '//'),
  });

  it('is woken in a scanner wherever it matches', () => {
    let woken = 0;
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 5 }), fc.nat(), (groups, seed) => {
        const shape = groups.flatMap(({ digits, separator }) => [
          { chars: 'digit', length: digits },
          ...(separator === '' ? [] : [{ chars: { oneOf: separator }, length: separator.length }]),
        ]);
        const examples = { match: ['a'], noMatch: ['b'] };
        const detector = compilePattern(
          patternSpec.parse({ id: 'x', title: 'x', boundary: 'none', shape, examples }),
        );
        if (detector.shapes.length === 0) return;
        woken++;
        const some = groups
          .map(({ digits, separator }) => `${seed}1234567890`.slice(-digits) + separator)
          .join('');
        for (const around of ['', 'x', ' 1: ', 'é']) {
          expect(makeScanner([detector], 'text').hasFinding(`${around}${some}${around}`)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
    expect(woken).toBeGreaterThan(30);
  });
});
