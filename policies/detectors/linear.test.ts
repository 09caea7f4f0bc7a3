import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NORMALISE_PATTERNS } from '../normalise.ts';
import { DETECTORS } from './index.ts';
import { WALK_PATTERNS } from './sql-statement/walk.ts';

const patterns = [
  ...DETECTORS.flatMap(({ id, patterns: own }) => own.map((pattern) => [id, pattern] as const)),
  ...NORMALISE_PATTERNS.map((pattern) => ['normalise', pattern] as const),
  ...WALK_PATTERNS.map((pattern) => ['sql-statement', pattern] as const),
];

/** The source without classes and escapes, in which `*`, `+` and `{n,}` can only be quantifiers. */
function skeleton({ source }: RegExp): string {
  return source.replaceAll(/\\[^]/g, 'e').replaceAll(/\[[^\]]*\]/g, 'c');
}

describe('expressions', () => {
  it.each(patterns.map(([id, pattern]) => [id, skeleton(pattern), pattern] as const))(
    'of %s are bounded: %s',
    (_, source) => {
      expect(source).not.toMatch(/[*+]|\{\d+,\}/);
    },
  );

  it.each(patterns.map(([id, pattern]) => [id, pattern.source, pattern] as const))(
    'of %s refer to nothing: %s',
    (_, source) => {
      expect(source).not.toMatch(/\\[1-9]|\\k</);
    },
  );

  it('would be caught', () => {
    expect(skeleton(/a[*+]\*{1,3}/)).not.toMatch(/[*+]|\{\d+,\}/);
    expect(skeleton(/a[b]+/)).toMatch(/[*+]/);
  });
});

// Time is linear when every attempt to match is bounded (above) and the number of spans is: they are sorted and merged.
describe.each(DETECTORS.map((detector) => [detector.id, detector] as const))('%s', (_, detector) => {
  const sign = fc.constantFrom(
    ...detector.keywords,
    "'",
    '"',
    '@',
    '.',
    ':',
    '//',
    '=',
    '(',
    ' ',
    '1',
    'a',
    'A',
    '\n',
  );

  it('finds no more spans than the text has characters', () => {
    fc.assert(
      fc.property(
        fc.array(sign, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        (signs, times) => {
          const text = signs.join('').repeat(times);
          expect([...detector.find(text)].length).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});
