import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 6962, section 2.1: SHA-256, leaves prefixed with 0x00 and nodes with 0x01, split at the largest
 * power of two below the number of leaves. Proofs are made and checked as in RFC 9162, section 2.1.3.
 */

export const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;
const HASH_BYTES = 32;

export function leafHash(...data: readonly Uint8Array[]): Uint8Array {
  return hash('sha256', Buffer.concat([Uint8Array.of(LEAF_PREFIX), ...data]), 'buffer');
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  input[0] = NODE_PREFIX;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return hash('sha256', input, 'buffer');
}

/** Root over leaf hashes, in their order. The root of no leaves is the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) level = parents(level);
  return level[0] ?? hash('sha256', '', 'buffer');
}

/** The sibling hashes from the leaf up to the root. Throws RangeError when there is no such leaf. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`there is no leaf ${index} in a tree of ${leaves.length}`);
  }
  const proof: Uint8Array[] = [];
  let level = leaves;
  let position = index;
  while (level.length > 1) {
    const sibling = level[position ^ 1];
    if (sibling !== undefined) proof.push(sibling);
    level = parents(level);
    position >>= 1;
  }
  return proof;
}

export interface Inclusion {
  readonly leaf: Uint8Array;
  /** Position of the leaf, from 0. */
  readonly index: number;
  /** Leaves in the tree. */
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether the leaf is at that position of the tree with that root. False for every malformed input. */
export function verifyInclusion({ leaf, index, size, proof, root }: Inclusion): boolean {
  if (!isTreePosition(index, size)) return false;
  if (![leaf, root, ...proof].every((value) => value.length === HASH_BYTES)) return false;
  let position = index;
  let last = size - 1;
  let result = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      result = nodeHash(sibling, result);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      result = nodeHash(result, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && Buffer.compare(result, root) === 0;
}

/** A tree at one moment. */
export interface TreeHead {
  /** Leaves. */
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Whether the proof shows that the newer tree begins with all leaves of the older one, in their order (RFC 9162,
 * section 2.1.4.2). Every tree begins with the empty one. False for every malformed input.
 */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (![older.size, newer.size].every((size) => Number.isSafeInteger(size) && size >= 0)) return false;
  if (![older.root, newer.root, ...proof].every((value) => value.length === HASH_BYTES)) return false;
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && Buffer.compare(older.root, newer.root) === 0;
  if (older.size === 0) return proof.length === 0 && Buffer.compare(older.root, merkleRoot([])) === 0;
  let [position, last] = [older.size - 1, newer.size - 1];
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  // An older tree that is one complete subtree is where the path starts.
  const [start, ...path] = position === 0 ? [older.root, ...proof] : proof;
  if (start === undefined) return false;
  let [olderRoot, newerRoot] = [start, start];
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      olderRoot = nodeHash(sibling, olderRoot);
      newerRoot = nodeHash(sibling, newerRoot);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      newerRoot = nodeHash(newerRoot, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  if (last !== 0 || Buffer.compare(olderRoot, older.root) !== 0) return false;
  return Buffer.compare(newerRoot, newer.root) === 0;
}

function isTreePosition(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}

/** Not `>> 1`, which knows 32 bits. */
function half(number: number): number {
  return Math.floor(number / 2);
}

/** The level above: pairs hashed together; a last one without a partner moves up as it is. */
function parents(level: readonly Uint8Array[]): readonly Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index], level[index + 1]];
    if (left === undefined) continue;
    above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}
