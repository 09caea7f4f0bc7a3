import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Primary result code of SQLite: somebody else has the file. */
const SQLITE_BUSY = 5;

/**
 * Whether the store file holds a manifest already, without opening it as a store. True as well while another process has
 * it open: somebody seals there. What is no store is for `openSqliteStore` to say.
 */
export function hasSealed(path: string): boolean {
  if (!existsSync(path)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    return database.prepare('select 1 from manifests limit 1').get() !== undefined;
  } catch (error) {
    return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
  } finally {
    database?.close();
  }
}
