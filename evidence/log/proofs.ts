import { EvidenceError } from '../errors.ts';
import { merkleRoot, nodeHash } from '../merkle.ts';
import type { Frontier } from './frontier.ts';
import { HASH_BYTES, TILE_WIDTH, type TileReader, tileHashes, tileWidth } from './tiles.ts';

/** Proofs of RFC 9162, section 2.1, made from the tiles of a log. Checked by the functions of `merkle.ts`. */

/** Leaves from `start` up to `end`. */
type Range = readonly [start: number, end: number];

/**
 * Shows that the leaf is in the tree of this size.
 *
 * @throws EvidenceError LOG when there is no such leaf or a tile can not be read
 */
export async function proveInclusion(
  tiles: TileReader,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new EvidenceError('LOG', 'there is no such leaf in a tree of this size');
  }
  return hashRanges(tiles, size, inclusionRanges(index, [0, size]));
}

/**
 * Shows that the newer tree begins with the older one. Empty when the older one is empty.
 *
 * @throws EvidenceError LOG when the older tree is larger or a tile can not be read
 */
export async function proveConsistency(
  tiles: TileReader,
  older: number,
  newer: number,
): Promise<readonly Uint8Array[]> {
  if (!Number.isSafeInteger(newer) || !Number.isSafeInteger(older) || older < 0 || older > newer) {
    throw new EvidenceError('LOG', 'a tree can only be consistent with one that is as large or smaller');
  }
  const ranges = older === 0 ? [] : consistencyRanges(older, [0, newer], true);
  return hashRanges(tiles, newer, ranges);
}

/** Root of the tree of this size; the hash of nothing for no leaves. */
export async function treeRoot(tiles: TileReader, size: number): Promise<Uint8Array> {
  if (size === 0) return merkleRoot([]);
  const [root] = await hashRanges(tiles, size, [[0, size]]);
  return root ?? merkleRoot([]);
}

/** Roots of the complete subtrees of a tree of this size. */
export async function readFrontier(tiles: TileReader, size: number): Promise<Frontier> {
  return { size, hashes: await hashRanges(tiles, size, completeRanges([0, size])) };
}

/** PATH of the RFC, as ranges. */
function inclusionRanges(index: number, [start, end]: Range): readonly Range[] {
  if (end - start === 1) return [];
  const middle = start + splitPoint(end - start);
  return index < middle
    ? [...inclusionRanges(index, [start, middle]), [middle, end]]
    : [...inclusionRanges(index, [middle, end]), [start, middle]];
}

/** SUBPROOF of the RFC, as ranges; `isWhole` while the older tree is one subtree that the verifier knows. */
function consistencyRanges(older: number, [start, end]: Range, isWhole: boolean): readonly Range[] {
  if (older === end) return isWhole ? [] : [[start, end]];
  const middle = start + splitPoint(end - start);
  return older <= middle
    ? [...consistencyRanges(older, [start, middle], isWhole), [middle, end]]
    : [...consistencyRanges(older, [middle, end], false), [start, middle]];
}

/** The largest power of two below. */
function splitPoint(length: number): number {
  let half = 1;
  while (half * 2 < length) half *= 2;
  return half;
}

/** Complete subtrees that make up a range, largest first. */
function completeRanges([start, end]: Range): readonly Range[] {
  const ranges: Range[] = [];
  for (let at = start; at < end; ) {
    let length = 1;
    while (length * 2 <= end - at) length *= 2;
    ranges.push([at, at + length]);
    at += length;
  }
  return ranges;
}

/** Each tile is read once. */
async function hashRanges(
  tiles: TileReader,
  size: number,
  ranges: readonly Range[],
): Promise<readonly Uint8Array[]> {
  const read = new Map<string, Promise<readonly Uint8Array[]>>();
  const hashesOf = (level: number, index: number): Promise<readonly Uint8Array[]> => {
    const key = `${level}/${index}`;
    const known = read.get(key) ?? readTile(tiles, level, index, size);
    read.set(key, known);
    return known;
  };
  const hashes: Uint8Array[] = [];
  for (const range of ranges) {
    const parts: Uint8Array[] = [];
    for (const complete of completeRanges(range)) parts.push(await completeHash(complete, hashesOf));
    hashes.push(parts.reduceRight((right, left) => nodeHash(left, right)));
  }
  return hashes;
}

/** Hash of a complete subtree: a hash of a tile, or the root over a few that stand next to each other in one. */
async function completeHash(
  [start, end]: Range,
  hashesOf: (level: number, index: number) => Promise<readonly Uint8Array[]>,
): Promise<Uint8Array> {
  let [level, first, count] = [0, start, end - start];
  while (count >= TILE_WIDTH) [level, first, count] = [level + 1, first / TILE_WIDTH, count / TILE_WIDTH];
  const index = Math.floor(first / TILE_WIDTH);
  const offset = first % TILE_WIDTH;
  const hashes = await hashesOf(level, index);
  return merkleRoot(hashes.slice(offset, offset + count));
}

async function readTile(
  tiles: TileReader,
  level: number,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const width = tileWidth(level, index, size);
  const bytes = await tiles.tile(level, index, width);
  if (bytes.length !== width * HASH_BYTES) {
    throw new EvidenceError('LOG', `tile ${index} of level ${level} has not ${width} hashes`);
  }
  return tileHashes(bytes);
}
