import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './migrations.ts';
import { storeError } from './sqlite-errors.ts';

export interface SqliteFileOptions {
  readonly path: string;
  /** Refuse to grow beyond this many bytes; unlimited when absent. */
  readonly maxBytes?: number;
  /** How long a process that has the store is waited for; default 2 s. */
  readonly waitMs?: number;
}

/** Items are about 1.2 KB; with the default of 4 KiB half the time goes into page handling. */
const PAGE_BYTES = 16_384;
/** Another process may be in its last checkpoint while it shuts down. */
const WAIT_MS = 2_000;

/**
 * Opens (or makes) a store file, readable by its owner only, and locks it for as long as it is open.
 * Full sync: a commit that returned survives loss of power. Throws EvidenceError STORE.
 */
export function openSqliteFile(options: SqliteFileOptions): DatabaseSync {
  try {
    restrict(options.path);
    const database = new DatabaseSync(options.path, {
      timeout: options.waitMs ?? WAIT_MS,
      enableForeignKeyConstraints: true,
    });
    try {
      configure(database, options.maxBytes);
      migrate(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error);
  }
}

/** Creates the file before SQLite does, which would use the umask; its -wal file takes the same mode. */
function restrict(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

/**
 * Pages that are written anyway are written without remains of what stood there ("fast" secure deletion), so that
 * evidence that expires is gone from the file.
 */
function configure(database: DatabaseSync, maxBytes: number | undefined): void {
  database.exec(`
    pragma page_size = ${PAGE_BYTES};
    pragma locking_mode = exclusive;
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma wal_autocheckpoint = 1000;
    pragma cache_size = -16000;
    pragma temp_store = memory;
    pragma trusted_schema = off;
    pragma secure_delete = fast;
  `);
  if (maxBytes !== undefined)
    database.exec(`pragma max_page_count = ${Math.max(1, Math.floor(maxBytes / PAGE_BYTES))}`);
}
