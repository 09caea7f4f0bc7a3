import { type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import {
  decimalOrNull,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  textOrNull,
  token,
  tokenOrNull,
} from '../columns.ts';
import {
  type Asked,
  asObject,
  backendEntity,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
  statsGap,
  truncationGap,
} from './reader.ts';
import { percentOf } from './steps.ts';

const progress = query('progress', 200, {
  kind: token,
  command: tokenOrNull,
  pid: integer,
  database: textOrNull,
  schema: textOrNull,
  relation: textOrNull,
  index: textOrNull,
  phase: tokenOrNull,
  blocks_total: integerOrNull,
  blocks_done: integerOrNull,
  tuples_total: integerOrNull,
  tuples_done: integerOrNull,
  bytes_total: integerOrNull,
  bytes_done: integerOrNull,
  parts_total: integerOrNull,
  parts_done: integerOrNull,
  index_cycles: integerOrNull,
  dead_items: integerOrNull,
  dead_bytes: integerOrNull,
  max_dead_bytes: integerOrNull,
  lockers_total: integerOrNull,
  lockers_done: integerOrNull,
  locker_pid: integerOrNull,
  delay_ms: decimalOrNull, // since PostgreSQL 18
  backend_type: tokenOrNull,
  wait_event_type: tokenOrNull,
  wait_event: tokenOrNull,
  usename: textOrNull,
  started: instantOrNull,
  running_ms: integerOrNull,
});

type Job = RowOf<typeof progress>;

/** A job whose every number is the same after that long is stuck. */
const STALLED_MS = 60_000;
const STATE = 'jobs';

/** Long jobs and how far they are: vacuum, analyze, index builds, CLUSTER, COPY, base backups. */
const readProgress: Reader = async (context) => {
  const asked = await context.ask(progress);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  const previous = asObject(context.state.get(STATE));
  const remembered: Record<string, JsonValue> = {};
  const records = rows.map((row) => {
    const key = `${row.kind}/${row.pid}/${row.started ?? ''}`;
    const standing = standingSince(row, previous[key], asked.facts.now);
    remembered[key] = { seen: fingerprint(row), since: standing };
    return job(context, asked, row, Date.parse(asked.facts.now) - Date.parse(standing));
  });
  return {
    records: [...records, ...statsGap(asked, 'progress'), ...truncationGap(asked, 'progress')],
    state: { set: { [STATE]: remembered } },
    read: asked.rows.length,
  };
};

function job(
  context: ReadContext,
  { facts }: Asked<Job>,
  { usename, ...row }: Job,
  standingMs: number,
): Observed {
  const reason = reasonFor(row, standingMs);
  return observe({
    stream: 'progress',
    class: reason === undefined ? 'state' : 'symptom',
    entity: backendEntity(context, row.database, row.pid),
    related: relatedTo(context, row),
    key: `${row.kind}/${row.pid}/seen/${facts.now}`,
    occurredAt: row.started ?? facts.now,
    ...scopeOf(row.database),
    body: known({
      ...row,
      // Zero stands for nobody.
      locker_pid: row.locker_pid === 0 ? null : row.locker_pid,
      user: usename,
      done_percent: percentOf(
        row.blocks_done ?? row.bytes_done ?? 0,
        row.blocks_total ?? row.bytes_total ?? 0,
      ),
      standing_ms: standingMs,
      seen_at: facts.now,
      reason,
    }),
  });
}

function relatedTo(
  context: ReadContext,
  { database, schema, relation }: Pick<Job, 'database' | 'schema' | 'relation'>,
) {
  if (database === null) return [];
  const own = databaseEntity(context, database);
  return schema === null || relation === null
    ? [own]
    : [relationEntity(context, database, schema, relation), own];
}

function reasonFor(row: Omit<Job, 'usename'>, standingMs: number): string | undefined {
  if (row.wait_event_type === 'Lock' || (row.locker_pid ?? 0) > 0) return 'waits_for_lock';
  return standingMs >= STALLED_MS ? 'stalled' : undefined;
}

/** Since when this job has shown the very same numbers. */
function standingSince(row: Job, previous: JsonValue | undefined, now: string): string {
  const { seen, since } = asObject(previous);
  return seen === fingerprint(row) && typeof since === 'string' ? since : now;
}

function fingerprint(row: Job): string {
  return JSON.stringify([
    row.phase,
    row.blocks_done,
    row.tuples_done,
    row.bytes_done,
    row.parts_done,
    row.index_cycles,
    row.dead_items,
    row.lockers_done,
  ]);
}

export const progressReads: readonly CatalogRead[] = [{ query: progress, read: readProgress }];
