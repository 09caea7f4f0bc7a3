import { type JsonObject, type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import { decimal, instantOrNull, integer, integerOrNull, query, type RowOf, text } from '../columns.ts';
import {
  asObject,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  scopeOf,
  truncationGap,
} from './reader.ts';
import { intervalOf, percentOf, remember, type Steps, stepsOf } from './steps.ts';

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
  checksum_last_failure: instantOrNull,
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

export const recoveryConflicts = query('recovery_conflicts', 500, {
  database: text,
  tablespace: integer,
  lock: integer,
  snapshot: integer,
  bufferpin: integer,
  deadlock: integer,
  logical_slot: integerOrNull, // since PostgreSQL 16
  stats_reset: instantOrNull,
});

type Counters = RowOf<typeof databaseCounters>;

/** Counters of which a single step is news. */
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
  'blks_hit',
  'blk_read_ms',
  'sessions',
  'active_ms',
  'idle_in_transaction_ms',
  'tup_returned',
  'tup_fetched',
  'tup_inserted',
  'tup_updated',
  'tup_deleted',
] as const;

/**
 * Fewer rollbacks, or a smaller share, are how many applications end a transaction that found nothing. A smaller share is
 * news as well where it is many times that of all the time before.
 */
const ROLLBACK_STORM = { rollbacks: 50, percent: 20, unusualPercent: 1, times: 5, before: 1_000 };
/** Bytes spilled to disk between two reads, from which on memory is plainly too small for what runs. */
const SPILLED_BYTES = 64 * 1024 ** 2;

/** Cumulative counters of each database and their steps since the last read. */
const readDatabaseCounters: Reader = async (context) => {
  const asked = await context.ask(databaseCounters);
  const { now, database, ownTransactions } = asked.facts;
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  const own = ownRollbacks(ownTransactions, context.state.get(OWN));
  let uncounted = own;
  const records = rows.map((row) => {
    const { record, rollbacks } = counterRecord(context, row, now, row.database === database ? own : 0);
    if (row.database === database) uncounted = own - rollbacks;
    return record;
  });
  const states = rows.map(
    (row) => [stateOf(row.database), remember(STEPS, row, row.stats_reset, now)] as const,
  );
  const set = new Map<string, JsonValue>([
    ...states,
    [OWN, { transactions: ownTransactions ?? null, uncounted }],
  ]);
  const gone = [...context.state.keys()].filter((key) => !set.has(key));
  return {
    records: [...records, ...truncationGap(asked, 'database_counters')],
    state: { set: Object.fromEntries(set), delete: asked.truncated ? [] : gone },
    read: asked.rows.length,
  };
};

const OWN = 'own';

function stateOf(database: string): string {
  return `database/${database}`;
}

/**
 * Rollbacks that this agent has made and that no step has been relieved of yet; the server hands its counters on with a
 * delay, so they may turn up one read later. Unknown, and so none, where the agent was restarted in between.
 */
function ownRollbacks(now: number | undefined, state: JsonValue | undefined): number {
  const { transactions: then, uncounted } = asObject(state);
  if (now === undefined || typeof then !== 'number' || now < then) return 0;
  return now - then + (typeof uncounted === 'number' ? uncounted : 0);
}

/** With how many of its rollbacks were this agent's own. */
function counterRecord(
  context: ReadContext,
  row: Counters,
  now: string,
  own: number,
): { readonly record: Observed; readonly rollbacks: number } {
  const previous = context.state.get(stateOf(row.database));
  const steps = stepsOf(STEPS, row, row.stats_reset, previous);
  const ours = Math.min(own, steps.xact_rollback_step ?? 0);
  const rollbacks = (steps.xact_rollback_step ?? 0) - ours;
  const reasons = reasonsOf(steps, rollbacks, asObject(previous));
  const record = observe({
    stream: 'database_counters',
    class: reasons.length > 0 ? 'symptom' : 'state',
    entity: databaseEntity(context, row.database),
    key: 'database_counters',
    occurredAt: now,
    ...scopeOf(row.database),
    body: known({
      ...row,
      interval_ms: intervalOf(previous, now),
      ...steps,
      rollback_percent: percentOf(rollbacks, rollbacks + (steps.xact_commit_step ?? 0)),
      cache_hit_percent: percentOf(
        steps.blks_hit_step,
        (steps.blks_hit_step ?? 0) + (steps.blks_read_step ?? 0),
      ),
      reasons,
    }),
  });
  return { record, rollbacks: ours };
}

function reasonsOf(
  steps: Steps<(typeof STEPS)[number]>,
  rollbacks: number,
  previous: JsonObject,
): readonly string[] {
  const percent = percentOf(rollbacks, rollbacks + (steps.xact_commit_step ?? 0)) ?? 0;
  const isMuch = percent >= ROLLBACK_STORM.percent || isUnusual(percent, previous);
  return [
    ...ALARMS.filter((name) => (steps[`${name}_step`] ?? 0) > 0),
    ...(rollbacks >= ROLLBACK_STORM.rollbacks && isMuch ? ['rollbacks'] : []),
    ...((steps.temp_bytes_step ?? 0) >= SPILLED_BYTES ? ['temp_files'] : []),
  ];
}

/** Against everything counted up to the read before. */
function isUnusual(percent: number, { xact_commit, xact_rollback }: JsonObject): boolean {
  if (typeof xact_commit !== 'number' || typeof xact_rollback !== 'number') return false;
  const all = xact_commit + xact_rollback;
  if (all < ROLLBACK_STORM.before || percent < ROLLBACK_STORM.unusualPercent) return false;
  return percent * all >= ROLLBACK_STORM.times * 100 * xact_rollback;
}

const KINDS = ['tablespace', 'lock', 'snapshot', 'bufferpin', 'deadlock', 'logical_slot'] as const;

/** Queries that replay on a standby has cancelled, by what they stood in the way of. A primary has none to tell of. */
const readRecoveryConflicts: Reader = async (context) => {
  const asked = await context.ask(recoveryConflicts);
  const { now } = asked.facts;
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  const records = rows.map((row) => {
    const previous = context.state.get(`database/${row.database}`);
    const steps = stepsOf(KINDS, row, row.stats_reset, previous);
    const reasons = KINDS.filter((kind) => (steps[`${kind}_step`] ?? 0) > 0);
    return observe({
      stream: 'recovery_conflicts',
      class: reasons.length > 0 ? 'symptom' : 'state',
      entity: databaseEntity(context, row.database),
      key: 'recovery_conflicts',
      occurredAt: now,
      ...scopeOf(row.database),
      body: known({ ...row, interval_ms: intervalOf(previous, now), ...steps, reasons }),
    });
  });
  const states = rows.map((row) => [`database/${row.database}`, remember(KINDS, row, row.stats_reset, now)]);
  return {
    records: [...records, ...truncationGap(asked, 'recovery_conflicts')],
    state: { set: Object.fromEntries(states) },
    read: asked.rows.length,
  };
};

export const countersReads: readonly CatalogRead[] = [
  { query: databaseCounters, read: readDatabaseCounters },
  { query: recoveryConflicts, read: readRecoveryConflicts },
];
