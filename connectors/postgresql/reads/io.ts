import { type JsonObject, type JsonValue, observe } from '../../sdk/index.ts';
import {
  decimalOrNull,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  text,
  tokenOrNull,
} from '../columns.ts';
import { asObject, type CatalogRead, known, type Reader, serverEntity, truncationGap } from './reader.ts';
import { type Counters, type Grown, grownSince, intervalOf, percentOf, remember } from './steps.ts';

export const io = query('io', 200, {
  backend_type: tokenOrNull,
  object: tokenOrNull,
  context: tokenOrNull,
  reads: integerOrNull,
  read_bytes: integerOrNull,
  read_ms: decimalOrNull,
  writes: integerOrNull,
  write_bytes: integerOrNull,
  write_ms: decimalOrNull,
  writebacks: integerOrNull,
  writeback_ms: decimalOrNull,
  extends: integerOrNull,
  extend_bytes: integerOrNull,
  extend_ms: decimalOrNull,
  hits: integerOrNull,
  evictions: integerOrNull,
  reuses: integerOrNull,
  fsyncs: integerOrNull,
  fsync_ms: decimalOrNull,
  stats_reset: instantOrNull,
});

export const slru = query('slru', 50, {
  name: text,
  blks_zeroed: integer,
  blks_hit: integer,
  blks_read: integer,
  blks_written: integer,
  blks_exists: integer,
  flushes: integer,
  truncates: integer,
  stats_reset: instantOrNull,
});

const IO = [
  'reads',
  'read_bytes',
  'read_ms',
  'writes',
  'write_bytes',
  'write_ms',
  'writebacks',
  'writeback_ms',
  'extends',
  'extend_bytes',
  'extend_ms',
  'hits',
  'evictions',
  'reuses',
  'fsyncs',
  'fsync_ms',
] as const;
/** First server with pg_stat_io, as server_version_num. */
export const IO_SINCE = 160_000;
export const NO_IO = 'The server is older than PostgreSQL 16 and does not count I/O by who does it.';

/** Who reads and writes what, and how long it takes, since the last read. */
const readIo: Reader = async (context) => {
  const asked = await context.ask(io);
  const { now, version } = asked.facts;
  if (version < IO_SINCE) {
    const gap = { gap: 'UNSUPPORTED', stream: 'io', missing: 'pg_stat_io' } as const;
    const hint = 'The streams checkpoints and database_counters tell a part.';
    return { records: [{ ...gap, reason: NO_IO, hint }], read: 0 };
  }
  const grown = asked.rows.map((row) => {
    const { backend_type, object, context: within } = row;
    const key = `${backend_type}/${object}/${within}`;
    return { row, key, grown: grownSince(IO, row, row.stats_reset, context.state.get(key)) };
  });
  const before = grown.map(({ key }) => context.state.get(key)).find((state) => state !== undefined);
  const operations = grown.flatMap(
    ({ row: { backend_type, object, context: within }, grown: { since, counts } }) =>
      isIdle(counts) ? [] : [known({ backend_type, object, context: within, since, ...busyOnly(counts) })],
  );
  return {
    records: [
      observe({
        stream: 'io',
        class: 'state',
        entity: serverEntity(context),
        key: 'io',
        occurredAt: now,
        body: known({ interval_ms: intervalOf(before, now), operations }),
      }),
      ...truncationGap(asked, 'io'),
    ],
    state: { set: statesOf(grown.map(({ key, row }) => [key, remember(IO, row, row.stats_reset, now)])) },
    read: asked.rows.length,
  };
};

function isIdle(counts: Readonly<Record<string, number | null>>): boolean {
  return Object.values(counts).every((count) => count === null || count === 0);
}

/** Most of the matrix is zero. */
function busyOnly(counts: Readonly<Record<string, number | null>>): Readonly<Record<string, number | null>> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

function statesOf(states: readonly (readonly [string, JsonObject])[]): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(states);
}

const SLRU = [
  'blks_zeroed',
  'blks_hit',
  'blks_read',
  'blks_written',
  'blks_exists',
  'flushes',
  'truncates',
] as const;

/** Names before PostgreSQL 17, and what the same caches are called since. */
const RENAMED: Readonly<Record<string, string>> = {
  CommitTs: 'commit_timestamp',
  MultiXactMember: 'multixact_member',
  MultiXactOffset: 'multixact_offset',
  Notify: 'notify',
  Serial: 'serializable',
  Subtrans: 'subtransaction',
  Xact: 'transaction',
};
/** Pages of one cache read from disk between two reads: every one of them happened under a lock that others want. */
const THRASHING = 1_000;

/** The small caches of transaction status, subtransactions and multixacts: the classic hidden cause of a standstill. */
const readSlru: Reader = async (context) => {
  const asked = await context.ask(slru);
  const { now } = asked.facts;
  const caches = asked.rows.map((row) => {
    const name = RENAMED[row.name] ?? row.name;
    const state = context.state.get(name);
    return { row, name, state, grown: grownSince(SLRU, row, row.stats_reset, state) };
  });
  const before = caches.map(({ state }) => state).find((state) => state !== undefined);
  const reasons = caches.flatMap(({ name, state, grown }) =>
    isThrashing(state, grown) ? [`${name}_misses`] : [],
  );
  return {
    records: [
      observe({
        stream: 'slru',
        class: reasons.length > 0 ? 'symptom' : 'state',
        entity: serverEntity(context),
        key: 'slru',
        occurredAt: now,
        body: known({
          interval_ms: intervalOf(before, now),
          caches: caches
            .filter(({ grown }) => !isIdle(grown.counts))
            .map(({ name, grown: { since, counts } }) =>
              known({ name, since, ...counts, hit_percent: hitPercent(counts) }),
            ),
          reasons,
        }),
      }),
      ...truncationGap(asked, 'slru'),
    ],
    state: {
      set: statesOf(caches.map(({ name, row }) => [name, remember(SLRU, row, row.stats_reset, now)])),
    },
    read: asked.rows.length,
  };
};

/** Only between two reads: what has gathered since a reset long ago is no news. */
function isThrashing(state: JsonValue | undefined, { since, counts }: Grown<(typeof SLRU)[number]>): boolean {
  return since !== null && asObject(state)['at'] === since && (counts.blks_read ?? 0) >= THRASHING;
}

function hitPercent({ blks_hit, blks_read }: Counters<(typeof SLRU)[number]>): number | undefined {
  return percentOf(blks_hit ?? 0, (blks_hit ?? 0) + (blks_read ?? 0));
}

export const ioReads: readonly CatalogRead[] = [
  { query: io, read: readIo },
  { query: slru, read: readSlru },
];
