import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullJitter, spread } from './backoff.ts';

const OPTIONS = { baseMs: 1_000, capMs: 300_000, floorMs: 100 };

describe('fullJitter', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [4, 4_000],
    [9, 128_000],
    [10, 150_000],
    [500, 150_000],
  ])('doubles its ceiling up to the cap: attempt %i with an even draw waits %i ms', (attempt, expected) => {
    expect(fullJitter(attempt, OPTIONS, () => 0.5)).toBe(expected);
  });

  it('never leaves the range between floor and cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (n, draw) => {
          const wait = fullJitter(n, OPTIONS, () => draw);
          return wait >= OPTIONS.floorMs && wait <= OPTIONS.capMs;
        },
      ),
    );
  });
});

describe('spread', () => {
  it('is the same for the same text and in [0, 1)', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = spread(text);
        return value === spread(text) && value >= 0 && value < 1;
      }),
    );
  });

  it('tells apart reads of one connection', () => {
    expect(
      new Set(['orders/locks', 'orders/settings', 'orders/schema', 'audit/locks'].map(spread)).size,
    ).toBe(4);
  });
});
