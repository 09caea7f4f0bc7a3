import { ByteCursor, malformed } from './byte-cursor.ts';

/**
 * One message of pgoutput, protocol version 1 (PostgreSQL manual, "Logical Replication Message Formats"), as
 * queries/cdc.sql hands it over: of inserts and deletes only the head, of updates the rest only where old values are
 * there to compare with. No value of a row is in here, nor decoded on the way.
 */
export type Message =
  | { readonly type: 'begin'; readonly commit: bigint; readonly at: string }
  | { readonly type: 'commit'; readonly commit: bigint; readonly end: bigint; readonly at: string }
  | ({ readonly type: 'relation'; readonly oid: number } & Relation)
  | { readonly type: 'insert'; readonly oid: number }
  | { readonly type: 'delete'; readonly oid: number }
  | Update
  | { readonly type: 'truncate'; readonly oids: readonly number[] }
  /** Origins and types: nothing that is counted. */
  | { readonly type: 'other' };

export interface Relation {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export interface Update {
  readonly type: 'update';
  readonly oid: number;
  /** Which columns changed, by position; null where the message does not say it of all. */
  readonly changed: readonly number[];
  /** Whether `changed` is all of them: only with REPLICA IDENTITY FULL are the old values in the log. */
  readonly isComplete: boolean;
  /** Columns of the row, where it was sent. */
  readonly width: number | null;
}

const [BEGIN, COMMIT, DELETE, INSERT, ORIGIN, RELATION, TRUNCATE, UPDATE, TYPE] = [...'BCDIORTUY'].map(
  (letter) => letter.charCodeAt(0),
);
const [KEY, NEW, OLD] = [...'KNO'].map((letter) => letter.charCodeAt(0));
const [BINARY, NULL, TEXT, UNCHANGED] = [...'bntu'].map((letter) => letter.charCodeAt(0));
const IDENTITIES = new Set([...'dfin'].map((letter) => letter.charCodeAt(0)));

/** A table has at most 1,600 columns (src/include/access/htup_details.h). */
const MAX_COLUMNS = 1_664;
const MAX_TRUNCATED = 100_000;

/** Throws ConnectorError BAD_RESPONSE for everything that is not exactly one such message. */
export function parseMessage(bytes: Buffer): Message {
  const cursor = new ByteCursor(bytes);
  const message = parse(cursor);
  cursor.mustBeAtEnd();
  return message;
}

function parse(cursor: ByteCursor): Message {
  switch (cursor.byte()) {
    case BEGIN:
      return begin(cursor);
    case COMMIT:
      return commit(cursor);
    case RELATION:
      return relation(cursor);
    case INSERT:
      return { type: 'insert', oid: cursor.oid() };
    case DELETE:
      return { type: 'delete', oid: cursor.oid() };
    case UPDATE:
      return update(cursor);
    case TRUNCATE:
      return truncate(cursor);
    case ORIGIN:
      cursor.lsn();
      cursor.name();
      return { type: 'other' };
    case TYPE:
      cursor.oid();
      cursor.name();
      cursor.name();
      return { type: 'other' };
    default:
      throw malformed();
  }
}

function begin(cursor: ByteCursor): Message {
  const message = { type: 'begin' as const, commit: cursor.lsn(), at: instant(cursor.int64()) };
  cursor.oid();
  return message;
}

function commit(cursor: ByteCursor): Message {
  if (cursor.byte() !== 0) throw malformed();
  return { type: 'commit', commit: cursor.lsn(), end: cursor.lsn(), at: instant(cursor.int64()) };
}

/** Microseconds since 2000-01-01 as RFC 3339. */
function instant(microseconds: bigint): string {
  const ms = Number(microseconds / 1_000n) + Date.UTC(2000, 0, 1);
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  if (!(year >= 2000 && year <= 9999)) throw malformed();
  return date.toISOString();
}

function relation(cursor: ByteCursor): Message {
  const oid = cursor.oid();
  // Empty for pg_catalog.
  const schema = cursor.name() || 'pg_catalog';
  const table = cursor.name();
  if (table === '' || !IDENTITIES.has(cursor.byte())) throw malformed();
  const columns = Array.from({ length: count(cursor, MAX_COLUMNS) }, () => {
    if (cursor.byte() > 1) throw malformed();
    const name = cursor.name();
    cursor.oid();
    cursor.int32();
    if (name === '') throw malformed();
    return name;
  });
  return { type: 'relation', oid, schema, table, columns };
}

function truncate(cursor: ByteCursor): Message {
  const length = cursor.int32();
  if (length < 0 || length > MAX_TRUNCATED || cursor.byte() > 3) throw malformed();
  return { type: 'truncate', oids: Array.from({ length }, () => cursor.oid()) };
}

function update(cursor: ByteCursor): Update {
  const oid = cursor.oid();
  const kind = cursor.byte();
  if (kind !== NEW && kind !== KEY && kind !== OLD) throw malformed();
  // Without old values, or with too many bytes of them, the query leaves the rest with the server.
  if (cursor.isAtEnd) return { type: 'update', oid, changed: [], isComplete: false, width: null };
  if (kind === NEW) throw malformed();
  const before = tuple(cursor);
  if (cursor.byte() !== NEW) throw malformed();
  const after = tuple(cursor);
  if (before.length !== after.length) throw malformed();
  const isFull = kind === OLD;
  const changed = after.flatMap((column, index) => (differs(before[index], column, isFull) ? [index] : []));
  // An old value that is not in the log after all can not be compared.
  const isComplete =
    isFull && before.every(({ kind: held }, index) => held !== UNCHANGED || after[index]?.kind === UNCHANGED);
  return { type: 'update', oid, changed, isComplete, width: after.length };
}

interface Column {
  readonly kind: number | undefined;
  readonly value: Buffer;
}

function tuple(cursor: ByteCursor): readonly Column[] {
  return Array.from({ length: count(cursor, MAX_COLUMNS) }, () => {
    const kind = cursor.byte();
    if (kind === NULL || kind === UNCHANGED) return { kind, value: NOTHING };
    if (kind !== TEXT && kind !== BINARY) throw malformed();
    return { kind, value: cursor.span(cursor.int32()) };
  });
}

const NOTHING = Buffer.alloc(0);

function differs(before: Column | undefined, after: Column, isFull: boolean): boolean {
  if (before === undefined || before.kind === UNCHANGED || after.kind === UNCHANGED) return false;
  // Of an old key, columns outside of it are sent as null.
  if (!isFull && before.kind === NULL) return false;
  return before.kind !== after.kind || !before.value.equals(after.value);
}

function count(cursor: ByteCursor, most: number): number {
  const found = cursor.int16();
  if (found < 0 || found > most) throw malformed();
  return found;
}
