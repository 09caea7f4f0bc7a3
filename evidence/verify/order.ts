/**
 * Which entries are out of place: those outside a longest ascending run of the positions (patience sorting), so that
 * one moved entry is named and not everything that it moved past. Returns indexes, ascending.
 */
export function outOfPlace(positions: readonly number[]): readonly number[] {
  const ends: number[] = []; // ends[n]: index of the smallest position that ends an ascending run of n + 1 entries
  const before: number[] = [];
  for (const [index, position] of positions.entries()) {
    const length = firstNotBelow(ends, position, positions);
    before[index] = ends[length - 1] ?? -1;
    ends[length] = index;
  }
  const inPlace = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index !== -1; index = before[index] ?? -1) inPlace.add(index);
  return [...positions.keys()].filter((index) => !inPlace.has(index));
}

function firstNotBelow(ends: readonly number[], position: number, positions: readonly number[]): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[ends[middle] ?? 0] ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
