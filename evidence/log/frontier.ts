import { merkleRoot, nodeHash } from '../merkle.ts';

/**
 * All that is needed of a Merkle tree (RFC 9162, section 2.1) to go on appending to it: the roots of its complete
 * subtrees, one for each one-bit of its size, the largest first.
 */
export interface Frontier {
  /** Leaves. */
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] };

/** The tree with one leaf more; the given frontier stays as it is. */
export function appendLeaf({ size, hashes }: Frontier, leafHash: Uint8Array): Frontier {
  let kept = hashes.length;
  let hash = leafHash;
  // Every one-bit at the end of the size is a subtree as large as what is carried: the two become one.
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    kept -= 1;
    hash = nodeHash(hashes[kept] ?? hash, hash);
  }
  const next = hashes.slice(0, kept);
  next.push(hash);
  return { size: size + 1, hashes: next };
}

/** Root of the whole tree; the hash of nothing for no leaves. */
export function frontierRoot({ hashes }: Frontier): Uint8Array {
  let root = hashes.at(-1);
  if (root === undefined) return merkleRoot([]);
  for (let index = hashes.length - 2; index >= 0; index -= 1) {
    root = nodeHash(hashes[index] ?? root, root);
  }
  return root;
}

/**
 * The inclusion proof (RFC 9162, section 2.1.3.1) of the leaf that is appended to `before`, in the tree where it is the
 * newest: the complete subtrees that were there, the nearest first.
 */
export function proofOfLast(before: Frontier): readonly Uint8Array[] {
  return before.hashes.toReversed();
}
