import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { EvidenceError } from '../errors.ts';
import { type Checkpoint, parseCheckpoint } from '../log/checkpoint.ts';
import { leafHashOfEntry } from '../log/entry.ts';
import { appendLeaf, emptyFrontier, type Frontier, frontierRoot } from '../log/frontier.ts';
import { encodeEntries, HASH_BYTES, TILE_WIDTH, tileHashes } from '../log/tiles.ts';
import type { Logged } from '../logged.ts';
import type { LogEntryKind, LogStore, StoredLogEntry } from './log.ts';

/** How the store lets the log's readers at the file. */
interface Reading {
  read<T>(work: () => Promise<T>): Promise<T>;
}

export interface LogAppend extends Logged {
  readonly kind: LogEntryKind;
  /** Of the manifest or receipt. */
  readonly digest: string;
  readonly createdAt: string;
}

/** The hashes of the newest tile of a level, and what was worked out from them. */
interface TileEnd {
  readonly bytes: Uint8Array;
  readonly frontier: Frontier;
}

/**
 * The log in the store's file: entries, the tiles over them and every checkpoint. What is worked out from a tile is
 * kept only as long as the file still holds the same bytes, so a transaction that was rolled back leaves nothing here.
 */
export class SqliteLog implements LogStore {
  readonly #reading: Reading;
  readonly #statements: ReturnType<typeof prepare>;
  /** By level. */
  readonly #ends: TileEnd[] = [];

  constructor(database: DatabaseSync, reading: Reading) {
    this.#reading = reading;
    this.#statements = prepare(database);
  }

  /**
   * Adds one leaf. Call it inside a transaction. Whether the checkpoint is signed was looked at where it was made.
   *
   * @throws EvidenceError LOG when the leaf is not the next one, the checkpoint not that of the tree with it, or the
   * tree in the file not the one that was signed last
   */
  append({ kind, digest, createdAt, index, entry, leaf, size, note }: LogAppend): void {
    const before = this.frontier();
    const bytes = Buffer.from(entry);
    if (index !== before.size || Buffer.compare(leafHashOfEntry(bytes), leaf) !== 0) throw notNext(index);
    const signed = checkpointIn(note);
    const isOfThisTree = Buffer.compare(frontierRoot(appendLeaf(before, leaf)), signed.root) === 0;
    if (size !== before.size + 1 || signed.size !== size || !isOfThisTree) throw notNext(index);
    this.#statements.addEntry.run(index, kind, digest, bytes);
    this.#addHash(0, index, leaf);
    this.#statements.addCheckpoint.run(size, note, createdAt);
  }

  /**
   * The tree as it stands in the file, with what the running transaction added. It is the one that was signed last: a
   * changed tile must not make the agent sign another history, which would be proof against it for good.
   *
   * @throws EvidenceError LOG when it is not
   */
  frontier(): Frontier {
    const frontier = this.#treeInFile();
    const newest = this.#statements.newestCheckpoint.get();
    const signed = newest === undefined ? null : checkpointIn(String(newest['note']));
    const root = frontierRoot(frontier);
    if (frontier.size !== (signed?.size ?? 0)) throw notAsSigned();
    if (signed !== null && Buffer.compare(root, signed.root) !== 0) throw notAsSigned();
    return frontier;
  }

  #treeInFile(): Frontier {
    const size = this.#size();
    const levels: (readonly Uint8Array[])[] = [];
    for (let level = 0, rest = size; rest > 0; level += 1, rest = Math.floor(rest / TILE_WIDTH)) {
      const width = rest % TILE_WIDTH;
      if (width === 0) continue;
      const tile = this.#tile(level, Math.floor(rest / TILE_WIDTH), width);
      levels.push(this.#endOf(level, tile).frontier.hashes);
    }
    return { size, hashes: levels.toReversed().flat() };
  }

  size(): Promise<number> {
    return this.#reading.read(async () => this.#size());
  }

  checkpoint(size?: number): Promise<string | null> {
    return this.#reading.read(async () => {
      const { checkpointOf, newestCheckpoint } = this.#statements;
      const row = size === undefined ? newestCheckpoint.get() : checkpointOf.get(size);
      return row === undefined ? null : String(row['note']);
    });
  }

  checkpointAt(time: string): Promise<string | null> {
    return this.#reading.read(async () => {
      const row = this.#statements.checkpointAt.get(time);
      return row === undefined ? null : String(row['note']);
    });
  }

  tile(level: number, index: number, width: number): Promise<Uint8Array> {
    return this.#reading.read(async () => this.#tile(level, index, width));
  }

  entries(index: number, width: number): Promise<Uint8Array> {
    return this.#reading.read(async () => {
      const first = index * TILE_WIDTH;
      const rows = this.#statements.entries.all(first, first + width);
      if (rows.length !== width) {
        throw new EvidenceError('LOG', `the log has not ${width} entries from ${first} on`);
      }
      return encodeEntries(rows.map((row) => bytesOf(row['entry'])));
    });
  }

  indexOf(digest: string): Promise<number | null> {
    return this.#reading.read(async () => {
      const row = this.#statements.indexOf.get(digest);
      return row === undefined ? null : Number(row['idx']);
    });
  }

  entry(index: number): Promise<StoredLogEntry | null> {
    return this.#reading.read(async () => {
      const row = this.#statements.entry.get(index);
      if (row === undefined) return null;
      const { kind, digest, entry } = row;
      return { index, kind: kind as LogEntryKind, digest: String(digest), entry: bytesOf(entry) };
    });
  }

  #size(): number {
    return Number(this.#statements.size.get()?.['size'] ?? 0);
  }

  #tile(level: number, index: number, width: number): Uint8Array {
    const row = this.#statements.tile.get(width * HASH_BYTES, level, index);
    const bytes = row === undefined ? new Uint8Array() : bytesOf(row['hashes']);
    if (width > 0 && bytes.length === width * HASH_BYTES) return bytes;
    throw new EvidenceError('LOG', `the log has no tile ${index} of level ${level} with ${width} hashes`);
  }

  /** A tile that became full is one hash of the level above. */
  #addHash(level: number, position: number, hash: Uint8Array): void {
    const index = Math.floor(position / TILE_WIDTH);
    const width = position % TILE_WIDTH;
    const before = width === 0 ? new Uint8Array() : this.#tile(level, index, width);
    const tile = Buffer.concat([before, hash]);
    this.#statements.putTile.run(level, index, tile);
    if (width + 1 < TILE_WIDTH) return;
    this.#addHash(level + 1, index, frontierRoot(this.#endOf(level, tile).frontier));
  }

  /** Hashes only what the tile has more than when it was looked at last. */
  #endOf(level: number, tile: Uint8Array): TileEnd {
    const known = this.#ends[level];
    const start = known !== undefined && startsWith(tile, known.bytes) ? known.frontier : emptyFrontier;
    const added = tileHashes(tile.subarray(start.size * HASH_BYTES));
    const end = { bytes: tile, frontier: added.reduce(appendLeaf, start) };
    this.#ends[level] = end;
    return end;
  }
}

function prepare(database: DatabaseSync): Readonly<Record<keyof typeof SQL, StatementSync>> {
  const of = (name: keyof typeof SQL): StatementSync => database.prepare(SQL[name]);
  return {
    size: of('size'),
    addEntry: of('addEntry'),
    addCheckpoint: of('addCheckpoint'),
    putTile: of('putTile'),
    tile: of('tile'),
    entry: of('entry'),
    entries: of('entries'),
    indexOf: of('indexOf'),
    checkpointOf: of('checkpointOf'),
    checkpointAt: of('checkpointAt'),
    newestCheckpoint: of('newestCheckpoint'),
  };
}

const SQL = {
  size: 'select max(idx) + 1 as size from log_entries',
  addEntry: 'insert into log_entries (idx, kind, digest, entry) values (?, ?, ?, ?)',
  addCheckpoint: 'insert into log_checkpoints (size, note, created_at) values (?, ?, ?)',
  putTile: `insert into log_tiles (level, n, hashes) values (?, ?, ?)
            on conflict (level, n) do update set hashes = excluded.hashes`,
  tile: 'select substr(hashes, 1, ?) as hashes from log_tiles where level = ? and n = ?',
  entry: 'select kind, digest, entry from log_entries where idx = ?',
  entries: 'select entry from log_entries where idx >= ? and idx < ? order by idx',
  indexOf: 'select idx from log_entries where digest = ?',
  checkpointOf: 'select note from log_checkpoints where size = ?',
  checkpointAt: 'select note from log_checkpoints where created_at <= ? order by size desc limit 1',
  newestCheckpoint: 'select note from log_checkpoints order by size desc limit 1',
} as const;

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new EvidenceError('LOG', 'the log in the store is damaged: it holds something else than bytes');
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.length <= bytes.length && Buffer.compare(bytes.subarray(0, start.length), start) === 0;
}

function checkpointIn(note: string): Checkpoint {
  return parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
}

function notAsSigned(): EvidenceError {
  return new EvidenceError('LOG', 'the log in the store is not the one whose checkpoint was signed last', {
    hint: 'The store was changed or damaged, so nothing more is signed. `exhibit log show --vkey …` says what is wrong; put back the newest whole copy.',
  });
}

function notNext(index: number): EvidenceError {
  return new EvidenceError('LOG', `leaf ${index} with its checkpoint does not continue the log`, {
    hint: 'Log again from the current head; everything that is logged has to go through one Ledger.',
  });
}
