import { EvidenceError } from '../errors.ts';
import { verifyConsistency, verifyInclusion } from '../merkle.ts';
import type { LogStore } from '../store/log.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { leafHashOfEntry } from './entry.ts';
import { proveConsistency, proveInclusion, treeRoot } from './proofs.ts';
import { decodeEntries, HASH_BYTES, TILE_WIDTH, type TileReader, tileWidth } from './tiles.ts';

/** Looking at a log from outside, with nothing kept of it but one checkpoint. */

/** A log as its clients see it. A `LogFinding` that a source throws is reported as it is. */
export interface LogSource extends TileReader {
  /** The newest signed note. */
  checkpoint(): Promise<string>;
  /** `width` entries from `index * 256`, each behind its length. */
  entries(index: number, width: number): Promise<Uint8Array>;
}

/** What is wrong, the first thing that is found. */
export type LogFault =
  /** The checkpoint is malformed, of another log, or not signed by its key. */
  | 'signature'
  /** The log is shorter than it was. */
  | 'rollback'
  /** What the log said before is not the beginning of what it says now. */
  | 'fork'
  /** Entries are missing, or not those that the tree holds. */
  | 'gap'
  /** Hashes do not make up the tree that the checkpoint signs. */
  | 'tiles'
  /** The server does not answer, or not as a log does. */
  | 'server';

export class LogFinding extends EvidenceError {
  readonly fault: LogFault;
  /** Both notes, where they contradict each other: what to show to others. */
  readonly notes: readonly string[];

  constructor(
    fault: LogFault,
    message: string,
    options: { hint?: string; cause?: unknown; notes?: readonly string[] } = {},
  ) {
    super('LOG', message, options);
    this.fault = fault;
    this.notes = options.notes ?? [];
  }
}

export interface AuditRequest {
  readonly source: LogSource;
  /** The verifier key of the log; both, for a log whose key was rotated since `kept`. */
  readonly vkey: string | readonly string[];
  /** The signed note that was kept of the last audit; null to read the log from its beginning. */
  readonly kept: string | null;
  /** Handed every new entry, in order, when it is known that the tree holds it. */
  readonly onEntry?: (index: number, entry: Uint8Array) => Promise<void>;
}

export interface Audited {
  /** What to keep. */
  readonly note: string;
  readonly checkpoint: Checkpoint;
  /** Entries that are new since. */
  readonly added: number;
}

/**
 * Fetches the newest checkpoint and holds everything that is new against it: it is signed, not older than the one that
 * was kept, a continuation of it, and the entries since then are those of its tree.
 *
 * @throws LogFinding for the first of these that does not hold; EvidenceError LOG for a kept note that is not of this log
 */
export async function auditLog({ source, vkey, kept, onEntry }: AuditRequest): Promise<Audited> {
  const older = kept === null ? null : openCheckpoint(kept, vkey);
  const note = await source.checkpoint();
  const newer = openNewest(note, vkey);
  const tiles = cachedTiles(source);
  if (older !== null && kept !== null)
    await checkContinues(tiles, { ...older, note: kept }, { ...newer, note });
  await checkTree(tiles, newer);
  const start = older?.size ?? 0;
  const last = newer.size === start ? 0 : Math.ceil(newer.size / TILE_WIDTH);
  for (let index = Math.floor(start / TILE_WIDTH); index < last; index += 1) {
    const entries = await readBundle(source, tiles, index, newer);
    for (const [offset, entry] of entries.entries()) {
      const position = index * TILE_WIDTH + offset;
      if (position >= start) await onEntry?.(position, entry);
    }
  }
  return { note, checkpoint: newer, added: newer.size - start };
}

function openNewest(note: string, vkey: AuditRequest['vkey']): Checkpoint {
  try {
    return openCheckpoint(note, vkey);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    throw new LogFinding('signature', `the checkpoint of the log can not be believed: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

interface Signed extends Checkpoint {
  readonly note: string;
}

async function checkContinues(tiles: TileReader, older: Signed, newer: Signed): Promise<void> {
  const notes = [older.note, newer.note];
  if (newer.size < older.size) {
    throw new LogFinding('rollback', `the log has ${newer.size} entries, it had ${older.size}`, {
      hint: 'It was set back, for instance to an older copy: everything after that may be missing.',
      notes,
    });
  }
  const proof =
    older.size === newer.size
      ? []
      : await checkedTiles(() => proveConsistency(tiles, older.size, newer.size));
  if (verifyConsistency(older, newer, proof)) return;
  // Hashes that do not even make up the new tree prove nothing about the old one.
  if (older.size < newer.size) await checkTree(tiles, newer);
  throw new LogFinding('fork', `the log's first ${older.size} entries are not those that it had`, {
    hint: 'It signed two histories. Keep both checkpoints: together they prove it.',
    notes,
  });
}

async function checkTree(tiles: TileReader, { size, root }: Checkpoint): Promise<void> {
  const computed = await checkedTiles(() => treeRoot(tiles, size));
  if (Buffer.compare(computed, root) === 0) return;
  throw new LogFinding('tiles', 'the hashes that the log serves do not make up the tree of its checkpoint', {
    hint: 'A tile is damaged or was changed; the signed checkpoint is not at fault.',
  });
}

/** The entries of one bundle, when the tree holds them, and the tile that is served says so too. */
async function readBundle(
  source: LogSource,
  tiles: TileReader,
  index: number,
  tree: Checkpoint,
): Promise<readonly Uint8Array[]> {
  const first = index * TILE_WIDTH;
  const width = tileWidth(0, index, tree.size);
  const entries = await decoded(() => source.entries(index, width), width, first);
  const made = Buffer.concat(entries.map(leafHashOfEntry));
  const tile = Buffer.from(await checkedTiles(() => tiles.tile(0, index, width)));
  const isServed = Buffer.compare(made, tile) === 0;
  const isInTree = await holdsTile(tiles, index, tree, made);
  if (isServed && isInTree) return entries;
  if (isServed || !(await holdsTile(tiles, index, tree, tile))) throw wrongTile(first, width);
  const offset = entries.findIndex((_, at) => {
    const [start, end] = [at * HASH_BYTES, (at + 1) * HASH_BYTES];
    return Buffer.compare(made.subarray(start, end), tile.subarray(start, end)) !== 0;
  });
  throw new LogFinding('gap', `entry ${first + offset} is not the one that the tree holds`, {
    hint: 'It was changed, or one before it was left out.',
  });
}

/** Whether these are leaves of the tree. The proof of the first one speaks for all: its lowest hashes are made of them. */
async function holdsTile(
  tiles: TileReader,
  index: number,
  tree: Checkpoint,
  hashes: Uint8Array,
): Promise<boolean> {
  const first = index * TILE_WIDTH;
  if (hashes.length !== tileWidth(0, index, tree.size) * HASH_BYTES) return false;
  const withThese: TileReader = {
    tile: async (level, n, width) => (level === 0 && n === index ? hashes : tiles.tile(level, n, width)),
  };
  const proof = await checkedTiles(() => proveInclusion(withThese, first, tree.size));
  const leaf = hashes.subarray(0, HASH_BYTES);
  return verifyInclusion({ leaf, index: first, size: tree.size, proof, root: tree.root });
}

async function decoded(
  read: () => Promise<Uint8Array>,
  width: number,
  first: number,
): Promise<readonly Uint8Array[]> {
  try {
    return decodeEntries(await read(), width);
  } catch (error) {
    if (!(error instanceof EvidenceError) || error instanceof LogFinding) throw error;
    throw new LogFinding('gap', `entries from ${first} on are missing: ${error.message}`, {
      hint: 'The checkpoint covers them, so the log has to serve them.',
      cause: error,
    });
  }
}

async function checkedTiles<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof EvidenceError) || error instanceof LogFinding) throw error;
    throw new LogFinding('tiles', `hashes of the log are missing: ${error.message}`, { cause: error });
  }
}

function wrongTile(first: number, width: number): LogFinding {
  return new LogFinding(
    'tiles',
    `the hashes of entries ${first} to ${first + width - 1} are not those of the tree`,
    {
      hint: 'A tile is damaged or was changed; the signed checkpoint is not at fault.',
    },
  );
}

/** Enough for one tile of every level and the next one. */
const CACHED_TILES = 16;

/** Proofs of neighbours need the same tiles again. */
function cachedTiles(source: TileReader): TileReader {
  const cache = new Map<string, Uint8Array>();
  return {
    async tile(level, index, width) {
      const key = `${level}/${index}/${width}`;
      const known = cache.get(key) ?? (await source.tile(level, index, width));
      cache.delete(key);
      cache.set(key, known);
      const [oldest] = cache.keys();
      if (cache.size > CACHED_TILES && oldest !== undefined) cache.delete(oldest);
      return known;
    },
  };
}

/** The log of a store, as its own clients would see it. */
export function storedLog(store: LogStore): LogSource {
  return {
    async checkpoint() {
      const note = await store.checkpoint();
      if (note === null) throw new LogFinding('server', 'the log of the store is empty');
      return note;
    },
    tile: (level, index, width) => store.tile(level, index, width),
    entries: (index, width) => store.entries(index, width),
  };
}
