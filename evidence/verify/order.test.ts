import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outOfPlace } from './order.ts';

/** Length of a longest ascending run, by trying all. */
function longest(positions: readonly number[], above = -1): number {
  const [first, ...rest] = positions;
  if (first === undefined) return 0;
  const without = longest(rest, above);
  return first > above ? Math.max(without, 1 + longest(rest, first)) : without;
}

describe('outOfPlace', () => {
  it.each([
    [[], []],
    [[5], []],
    [[0, 1, 2, 3], []],
    [[1, 2, 3, 0], [3]],
    [[3, 0, 1, 2], [0]],
    [
      [0, 4, 2, 3, 1, 5],
      [1, 4],
    ],
  ])('finds in %j the entries %j', (positions, expected) => {
    expect(outOfPlace(positions)).toEqual(expected);
  });

  it('names as few as possible, and the rest is in order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40), { maxLength: 12 }), (positions) => {
        const moved = outOfPlace(positions);
        const rest = positions.filter((_, index) => !moved.includes(index));
        expect(rest).toEqual(rest.toSorted((a, b) => a - b));
        expect(rest.length).toBe(longest(positions));
      }),
    );
  });
});
