import { createHash } from 'node:crypto';
import { HASH_BYTES, type TileReader, tileWidth } from '../tiles.ts';

/** RFC 9162, section 2.1, word for word and as slow as it is there: what the quick ways are held against. */

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export function naiveLeaf(data: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(0), data);
}

/** MTH over leaf hashes. */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const k = split(leaves.length);
  return sha256(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** PATH(m, D[n]). */
export function naivePath(m: number, leaves: readonly Uint8Array[]): readonly Uint8Array[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m < k ? [...naivePath(m, left), naiveRoot(right)] : [...naivePath(m - k, right), naiveRoot(left)];
}

/** PROOF(m, D[n]). */
export function naiveProof(m: number, leaves: readonly Uint8Array[]): readonly Uint8Array[] {
  return subproof(m, leaves, true);
}

function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): readonly Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m <= k
    ? [...subproof(m, left, whole), naiveRoot(right)]
    : [...subproof(m - k, right, false), naiveRoot(left)];
}

function split(length: number): number {
  return 2 ** (Math.ceil(Math.log2(length)) - 1);
}

/** Leaf hashes that differ. */
export function someLeaves(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => naiveLeaf(Buffer.from(`leaf ${index}`)));
}

/** The tiles over these leaves, each hash worked out on its own. */
export function naiveTiles(leaves: readonly Uint8Array[]): TileReader {
  const levels: (readonly Uint8Array[])[] = [leaves];
  const hashesOf = (level: number): readonly Uint8Array[] => {
    const known = levels[level];
    if (known !== undefined) return known;
    const below = hashesOf(level - 1);
    const hashes = Array.from({ length: Math.floor(below.length / 256) }, (_, index) =>
      naiveRoot(below.slice(index * 256, (index + 1) * 256)),
    );
    levels[level] = hashes;
    return hashes;
  };
  return {
    tile: async (level, index, width) => {
      if (width === 0 || width > tileWidth(level, index, leaves.length)) throw new Error('no such tile');
      const hashes = hashesOf(level).slice(index * 256, index * 256 + width);
      return Buffer.concat(hashes, width * HASH_BYTES);
    },
  };
}
