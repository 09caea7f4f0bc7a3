import { type JsonValue, observe } from '../../sdk/index.ts';
import { decimal, instantOrNull, integer, integerOrNull, query, type RowOf, text } from '../columns.ts';
import {
  asObject,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
  truncationGap,
} from './reader.ts';

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

type Counters = RowOf<typeof databaseCounters>;

/** Counters of which a single step is news, with the name of the step. */
const ALARMS = [
  'deadlocks',
  'conflicts',
  'checksum_failures',
  'sessions_fatal',
  'sessions_killed',
  'sessions_abandoned',
] as const;
/** Counters whose steps tell the load between two reads. */
const STEPS = [
  ...ALARMS,
  'xact_commit',
  'xact_rollback',
  'temp_files',
  'temp_bytes',
  'blks_read',
  'sessions',
] as const;

/** Cumulative counters of each database and their steps since the last read. */
const readDatabaseCounters: Reader = async (context) => {
  const asked = await context.ask(databaseCounters);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  const set: Record<string, JsonValue> = {};
  const records = rows.map((row) => {
    const key = `database/${row.database}`;
    const steps = stepsSince(row, context.state.get(key));
    set[key] = {
      ...Object.fromEntries(STEPS.map((name) => [name, row[name]])),
      stats_reset: row.stats_reset,
    };
    return observe({
      stream: 'database_counters',
      class: ALARMS.some((name) => (steps[`${name}_step`] ?? 0) > 0) ? 'symptom' : 'state',
      entity: databaseEntity(context, row.database),
      key: 'database_counters',
      occurredAt: asked.facts.now,
      ...scopeOf(row.database),
      body: known({ ...row, ...steps }),
    });
  });
  return {
    records: [...records, ...truncationGap(asked, 'database_counters')],
    state: { set },
    read: asked.rows.length,
  };
};

/** Nothing is known across a reset of the statistics, and a counter that fell was reset. */
function stepsSince(row: Counters, state: JsonValue | undefined): Readonly<Record<string, number>> {
  const previous = asObject(state);
  if (previous['stats_reset'] !== row.stats_reset) return {};
  const steps: Record<string, number> = {};
  for (const name of STEPS) {
    const now = row[name];
    const then = previous[name];
    if (typeof now === 'number' && typeof then === 'number' && now >= then)
      steps[`${name}_step`] = now - then;
  }
  return steps;
}

/** Half of the ids that can ever be in use; the server stops itself at two thousand million. */
const ALARMING_AGE = 1_000_000_000;

/** How far each database is from transaction id wraparound, and who keeps the horizon back. */
const readWraparound: Reader = async (context) => {
  const asked = await context.ask(wraparound);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  return {
    records: [
      ...rows.map((row) =>
        observe({
          stream: 'wraparound',
          class: Math.max(row.xid_age, row.mxid_age) >= ALARMING_AGE ? 'symptom' : 'state',
          entity: databaseEntity(context, row.database),
          key: 'wraparound',
          occurredAt: asked.facts.now,
          ...scopeOf(row.database),
          body: known(row),
        }),
      ),
      ...statsGap(asked, 'wraparound'),
      ...truncationGap(asked, 'wraparound'),
    ],
    read: asked.rows.length,
  };
};

/** Write-ahead log and archiver. Archiving that fails fills the disk: a symptom until a later one succeeds. */
const readWal: Reader = async (context) => {
  const asked = await context.ask(wal);
  return {
    records: asked.rows.map((row) =>
      observe({
        stream: 'wal',
        class: row.last_failed !== null && row.last_failed > (row.last_archived ?? '') ? 'symptom' : 'state',
        entity: serverEntity(context),
        key: 'wal',
        occurredAt: asked.facts.now,
        body: known(row),
      }),
    ),
    read: asked.rows.length,
  };
};

export const countersReads: readonly CatalogRead[] = [
  { query: databaseCounters, read: readDatabaseCounters },
  { query: wal, read: readWal },
  { query: wraparound, read: readWraparound },
];
