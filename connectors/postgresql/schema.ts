import { z } from 'zod';

/**
 * The shape of every row that a query file may return. Exact: a column too many or too few means that something else
 * than the catalog answered, and the whole read is refused.
 */
export interface Query<R> {
  /** Read id and name of the file in queries/. */
  readonly id: string;
  /** Rows that are used; the file's LIMIT is one more, so that a cut can be seen. */
  readonly maxRows: number;
  readonly row: z.ZodType<R>;
}

const text = z.string().max(4_096);
const textOrNull = text.nullable();

const digits = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)]).transform(Number);
/** Counters wider than a JSON integer stop at the widest. */
const integer = digits.transform((value) => Math.min(Math.round(value), Number.MAX_SAFE_INTEGER));
const integerOrNull = integer.nullable();
const decimal = digits.transform((value) => Math.round(value * 1_000) / 1_000);
/** Milliseconds since the epoch at the server, as RFC 3339. `infinity` is not a time. */
const instantOrNull = z.preprocess(
  (value) => (typeof value === 'string' && /infinity/i.test(value) ? null : value),
  digits.transform((value) => new Date(value).toISOString()).nullable(),
);
const bool = z.union([z.boolean(), z.enum(['t', 'f']).transform((value) => value === 't')]);
const boolOrNull = bool.nullable();
/** `idle in transaction (aborted)` → `idle_in_transaction_aborted`: states are tokens in evidence. */
const token = text.transform((value) => value.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, ''));
const tokenOrNull = token.nullable();

function query<R extends z.ZodRawShape>(
  id: string,
  maxRows: number,
  columns: R,
): Query<z.infer<z.ZodObject<R>>> {
  return { id, maxRows, row: z.strictObject(columns) as unknown as z.ZodType<z.infer<z.ZodObject<R>>> };
}

export type RowOf<Q> = Q extends Query<infer R> ? R : never;

export const connections = query('connections', 1_000, {
  database: textOrNull,
  usename: textOrNull,
  backend_type: tokenOrNull,
  state: tokenOrNull,
  backends: integer,
  waiting_on_lock: integer,
  max_connections: integer,
  superuser_reserved: integer,
  reserved: integerOrNull, // since PostgreSQL 16
});

export const waitEvents = query('wait_events', 500, {
  database: textOrNull,
  backend_type: tokenOrNull,
  wait_event_type: tokenOrNull,
  wait_event: tokenOrNull,
  backends: integer,
});

export const blockingTree = query('blocking_tree', 2_000, {
  pid: integer,
  locktype: token,
  mode: token,
  database: textOrNull,
  relation_oid: integerOrNull,
  wait_started: instantOrNull,
  wait_ms: integerOrNull,
  usename: textOrNull,
  application_name: textOrNull,
  backend_type: tokenOrNull,
  query_id: textOrNull,
  xact_ms: integerOrNull,
  blocker_pid: integerOrNull,
  blocker_database: textOrNull,
  blocker_usename: textOrNull,
  blocker_application_name: textOrNull,
  blocker_backend_type: tokenOrNull,
  blocker_state: tokenOrNull,
  blocker_wait_event_type: tokenOrNull,
  blocker_wait_event: tokenOrNull,
  blocker_query_id: textOrNull,
  blocker_xact_ms: integerOrNull,
  blocker_state_ms: integerOrNull,
  waiting_total: integer,
});

export const lockedRelations = query('locked_relations', 500, {
  relation_oid: integer,
  schema: text,
  relation: text,
  kind: text,
  mode: token,
  granted: bool,
  locks: integer,
  wait_ms: integerOrNull,
});

export const lockInventory = query('lock_inventory', 500, {
  database: textOrNull,
  locktype: token,
  mode: token,
  granted: bool,
  locks: integer,
  fastpath: integer,
  wait_ms: integerOrNull,
});

export const transactions = query('transactions', 200, {
  pid: integer,
  database: textOrNull,
  usename: textOrNull,
  application_name: textOrNull,
  backend_type: tokenOrNull,
  state: tokenOrNull,
  wait_event_type: tokenOrNull,
  wait_event: tokenOrNull,
  query_id: textOrNull,
  xact_started: instantOrNull,
  xact_ms: integer,
  state_ms: integerOrNull,
  writes: bool,
  xmin_age: integerOrNull,
});

export const preparedTransactions = query('prepared_transactions', 200, {
  xid: integer,
  database: textOrNull,
  usename: textOrNull,
  prepared_at: instantOrNull,
  prepared_ms: integer,
  xid_age: integer,
});

export const databaseCounters = query('database_counters', 500, {
  database: text,
  backends: integer,
  xact_commit: integer,
  xact_rollback: integer,
  blks_read: integer,
  blks_hit: integer,
  tup_returned: integer,
  tup_fetched: integer,
  tup_inserted: integer,
  tup_updated: integer,
  tup_deleted: integer,
  conflicts: integer,
  temp_files: integer,
  temp_bytes: integer,
  deadlocks: integer,
  checksum_failures: integerOrNull, // null where checksums are off
  blk_read_ms: decimal,
  blk_write_ms: decimal,
  session_ms: decimal,
  active_ms: decimal,
  idle_in_transaction_ms: decimal,
  sessions: integer,
  sessions_abandoned: integer,
  sessions_fatal: integer,
  sessions_killed: integer,
  stats_reset: instantOrNull,
});

export const wraparound = query('wraparound', 500, {
  database: text,
  xid_age: integer,
  mxid_age: integer,
  freeze_max_age: integer,
  oldest_backend_age: integerOrNull,
  oldest_standby_age: integerOrNull,
  oldest_prepared_age: integerOrNull,
  oldest_slot_age: integerOrNull,
  oldest_slot_catalog_age: integerOrNull,
});

export const settings = query('settings', 400, {
  name: text,
  value: textOrNull,
  unit: textOrNull,
  vartype: token,
  source: tokenOrNull,
  context: tokenOrNull,
  pending_restart: bool,
  changed: bool,
});

export const schema = query('schema', 50_000, {
  kind: z.enum([
    'table',
    'view',
    'materialized_view',
    'foreign_table',
    'sequence',
    'column',
    'index',
    'constraint',
    'trigger',
    'function',
    'enum',
  ]),
  schema: text,
  object: text,
  part: textOrNull,
  type: textOrNull,
  nullable: boolOrNull,
  valid: boolOrNull,
  definition: textOrNull,
  default_value: textOrNull,
  privileges: textOrNull,
});

export const replication = query('replication', 200, {
  pid: integer,
  usename: textOrNull,
  application_name: textOrNull,
  state: tokenOrNull,
  sync_state: tokenOrNull,
  sync_priority: integerOrNull,
  started: instantOrNull,
  sent_lag_bytes: integerOrNull,
  write_lag_bytes: integerOrNull,
  flush_lag_bytes: integerOrNull,
  replay_lag_bytes: integerOrNull,
  write_lag_ms: integerOrNull,
  flush_lag_ms: integerOrNull,
  replay_lag_ms: integerOrNull,
  xmin_age: integerOrNull,
});

export const replicationSlots = query('replication_slots', 200, {
  slot_name: text,
  slot_type: token,
  plugin: tokenOrNull,
  database: textOrNull,
  active: bool,
  temporary: bool,
  wal_status: tokenOrNull,
  safe_wal_bytes: integerOrNull,
  retained_wal_bytes: integerOrNull,
  unconfirmed_bytes: integerOrNull,
  xmin_age: integerOrNull,
  catalog_xmin_age: integerOrNull,
});

export const statements = query('statements', 100, {
  queryid: z.union([z.string().regex(/^-?\d+$/), z.int().transform(String)]),
  toplevel: bool,
  database: textOrNull,
  usename: textOrNull,
  calls: integer,
  plans: integer,
  rows: integer,
  exec_ms: decimal,
  mean_exec_ms: decimal,
  max_exec_ms: decimal,
  stddev_exec_ms: decimal,
  plan_ms: decimal,
  shared_blks_hit: integer,
  shared_blks_read: integer,
  shared_blks_dirtied: integer,
  shared_blks_written: integer,
  temp_blks_read: integer,
  temp_blks_written: integer,
  wal_records: integer,
  wal_bytes: integer,
});

export const extensions = query('extensions', 200, { name: text, version: text, schema: text });

export const server = query('server', 1, {
  version_num: integer,
  in_recovery: bool,
  started: instantOrNull,
  configuration_loaded: instantOrNull,
  replay_delay_ms: integerOrNull,
  pending_restart: integer,
  provider: tokenOrNull,
});

export const wal = query('wal', 1, {
  wal_records: integer,
  wal_fpi: integer,
  wal_bytes: integer,
  wal_buffers_full: integer,
  archived_count: integer,
  failed_count: integer,
  last_archived: instantOrNull,
  last_failed: instantOrNull,
  stats_reset: instantOrNull,
});

export const tables = query('tables', 200, {
  schema: text,
  relation: text,
  live_rows: integer,
  dead_rows: integer,
  modified_since_analyze: integer,
  seq_scans: integer,
  index_scans: integerOrNull,
  inserted: integer,
  updated: integer,
  deleted: integer,
  hot_updated: integer,
  vacuum_count: integer,
  autovacuum_count: integer,
  analyze_count: integer,
  autoanalyze_count: integer,
  last_vacuum: instantOrNull,
  last_autovacuum: instantOrNull,
  last_analyze: instantOrNull,
  last_autoanalyze: instantOrNull,
});

export const access = query('access', 1, {
  role: text,
  rolsuper: bool,
  rolcreatedb: bool,
  rolcreaterole: bool,
  rolreplication: bool,
  rolbypassrls: bool,
  member_of: textOrNull,
  writable_tables: integer,
  readable_tables: integer,
});

/** Every query there is; a test holds it against the folder and the manifest. */
export const QUERIES: readonly Query<unknown>[] = [
  access,
  blockingTree,
  connections,
  databaseCounters,
  extensions,
  lockedRelations,
  lockInventory,
  preparedTransactions,
  replication,
  replicationSlots,
  schema,
  server,
  settings,
  statements,
  tables,
  transactions,
  waitEvents,
  wal,
  wraparound,
];
