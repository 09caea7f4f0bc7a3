import { nodeHash } from '../merkle.ts';

/** The inclusion proofs of several leaves, with the tree gone through once. Throws RangeError for a leaf that is not there. */
export function inclusionPaths(
  leaves: readonly Uint8Array[],
  indexes: readonly number[],
): readonly (readonly Uint8Array[])[] {
  const outside = indexes.find((index) => !Number.isInteger(index) || index < 0 || index >= leaves.length);
  if (outside !== undefined)
    throw new RangeError(`there is no leaf ${outside} in a tree of ${leaves.length}`);
  const paths = indexes.map((): Uint8Array[] => []);
  let level = leaves;
  for (let height = 0; level.length > 1; height += 1) {
    for (const [at, index] of indexes.entries()) {
      const sibling = level[Math.floor(index / 2 ** height) ^ 1];
      if (sibling !== undefined) paths[at]?.push(sibling);
    }
    level = parents(level);
  }
  return paths;
}

/** A last one without a partner moves up as it is. */
function parents(level: readonly Uint8Array[]): readonly Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index], level[index + 1]];
    if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}
