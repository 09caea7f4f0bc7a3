import { EvidenceError } from '../errors.ts';

/**
 * The tree of a log as files (c2sp.org/tlog-tiles): tiles of up to 256 hashes, where a hash of one level stands for a
 * full tile of the level below, and bundles of up to 256 entries.
 */

/** Hashes of a full tile, and entries of a full bundle. */
export const TILE_WIDTH = 256;
export const HASH_BYTES = 32;
/** Enough for 2^53 leaves. */
const MAX_LEVEL = 6;
/** An entry's length is written as 16 bits. */
const MAX_ENTRY_BYTES = 0xffff;

/** Where the hashes of a tree are read from. Throws EvidenceError LOG when the tile is not there. */
export interface TileReader {
  /** `width` hashes of 32 bytes, one after the other. */
  tile(level: number, index: number, width: number): Promise<Uint8Array>;
}

export interface TileAddress {
  /** Of hashes, from 0 for leaves; or the entries themselves. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256. */
  readonly width: number;
}

/** How many hashes the tile has in a tree of this size; 0 when it is beyond its end. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH;
  return Math.max(0, Math.min(TILE_WIDTH, hashes));
}

/** The path below the log's prefix, e.g. `tile/0/x001/x234/067.p/5`. */
export function tilePath({ level, index, width }: TileAddress): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const TILE_PATH = /^tile\/(entries|[0-6])\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** Null for every path but the one that `tilePath` writes. */
export function parseTilePath(path: string): TileAddress | null {
  const [, level = '', groups = '', width] = TILE_PATH.exec(path) ?? [];
  const address: TileAddress = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (!Number.isSafeInteger(address.index * TILE_WIDTH) || address.width > TILE_WIDTH) return null;
  return tilePath(address) === path ? address : null;
}

/** The hashes of a tile, as views. */
export function tileHashes(tile: Uint8Array): readonly Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let start = 0; start < tile.length; start += HASH_BYTES) {
    hashes.push(tile.subarray(start, start + HASH_BYTES));
  }
  return hashes;
}

/** Which tiles a tree of this size has, the widest form of each, lowest level first. */
export function* tilesOf(size: number): Generator<{ level: number; index: number; width: number }> {
  for (let level = 0; level <= MAX_LEVEL; level += 1) {
    for (let index = 0; tileWidth(level, index, size) > 0; index += 1) {
      yield { level, index, width: tileWidth(level, index, size) };
    }
  }
}

/** Entries, each behind its length. Throws LOG for one that is too long. */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const total = entries.reduce((sum, { length }) => sum + 2 + length, 0);
  const bundle = Buffer.alloc(total);
  let offset = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new EvidenceError('LOG', `a log entry can not have more than ${MAX_ENTRY_BYTES} bytes`);
    }
    bundle.writeUInt16BE(entry.length, offset);
    bundle.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bundle;
}

/** The entries of a bundle, as views. Throws LOG unless there are exactly so many, and nothing after them. */
export function decodeEntries(bundle: Uint8Array, width: number): readonly Uint8Array[] {
  const view = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < view.length) {
    const end = offset + 2 <= view.length ? offset + 2 + view.readUInt16BE(offset) : Number.POSITIVE_INFINITY;
    if (end > view.length) throw new EvidenceError('LOG', 'a bundle of log entries is cut off');
    entries.push(view.subarray(offset + 2, end));
    offset = end;
  }
  if (entries.length !== width) {
    throw new EvidenceError('LOG', `a bundle has ${entries.length} log entries instead of ${width}`);
  }
  return entries;
}
