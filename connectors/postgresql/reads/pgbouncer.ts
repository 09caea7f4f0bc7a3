import { type JsonValue, observe } from '../../sdk/index.ts';
import { consoleQuery, integer, integerOrNull, type RowOf, text, tokenOrNull } from '../columns.ts';
import {
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type Reader,
  scopeOf,
  truncationGap,
} from './reader.ts';
import { intervalOf, remember, stepsOf } from './steps.ts';

/** Columns that every PgBouncer since 1.18 has (https://www.pgbouncer.org/usage.html); newer ones only add some. */
export const pools = consoleQuery('pgbouncer_pools', 500, {
  database: text,
  user: text,
  cl_active: integer,
  cl_waiting: integer,
  sv_active: integer,
  sv_idle: integer,
  sv_used: integer,
  sv_tested: integer,
  sv_login: integer,
  maxwait: integer,
  maxwait_us: integer,
  pool_mode: tokenOrNull,
});

export const databases = consoleQuery('pgbouncer_databases', 500, {
  name: text,
  database: text,
  pool_size: integer,
  max_connections: integer, // 0: no limit
  current_connections: integer,
  paused: integer,
  disabled: integer,
});

export const stats = consoleQuery('pgbouncer_stats', 500, {
  database: text,
  total_xact_count: integer,
  total_query_count: integer,
  total_received: integer,
  total_sent: integer,
  total_xact_time: integer, // times are in microseconds
  total_query_time: integer,
  total_wait_time: integer,
  avg_wait_time: integerOrNull,
});

/** The console's own pool, which is there whenever somebody looks. */
const CONSOLE = 'pgbouncer';

type Pool = RowOf<typeof pools>;

/** Pools by database and user; a symptom where clients wait for a connection to the server. */
const readPools: Reader = async (context) => {
  const asked = await context.ask(pools);
  const rows = asked.rows.filter((row) => row.database !== CONSOLE && inScope(context, row.database));
  return {
    records: [
      ...rows.map((row) =>
        observe({
          stream: 'pgbouncer_pools',
          class: row.cl_waiting > 0 ? 'symptom' : 'state',
          entity: databaseEntity(context, row.database),
          // The user of a pool is a person: a key must not say the name.
          key: `pgbouncer_pool/${context.digest(row.user)}`,
          occurredAt: asked.facts.now,
          ...scopeOf(row.database),
          body: poolBody(row),
        }),
      ),
      ...truncationGap(asked, 'pgbouncer_pools'),
    ],
    read: asked.rows.length,
  };
};

function poolBody({ maxwait, maxwait_us, sv_tested, ...row }: Pool): Readonly<Record<string, unknown>> {
  const servers = row.sv_active + row.sv_idle + row.sv_used + row.sv_login + sv_tested;
  return known({ ...row, sv_tested, servers, max_wait_ms: maxwait * 1_000 + Math.round(maxwait_us / 1_000) });
}

/** What the pooler lets through to each database; a symptom where it is paused, disabled or full. */
const readDatabases: Reader = async (context) => {
  const asked = await context.ask(databases);
  const rows = asked.rows.filter((row) => row.name !== CONSOLE && inScope(context, row.name));
  return {
    records: [
      ...rows.map((row) => {
        const isFull = row.max_connections > 0 && row.current_connections >= row.max_connections;
        const reasons = [
          ...(row.paused > 0 ? ['paused'] : []),
          ...(row.disabled > 0 ? ['disabled'] : []),
          ...(isFull ? ['max_connections'] : []),
        ];
        return observe({
          stream: 'pgbouncer_databases',
          class: reasons.length > 0 ? 'symptom' : 'state',
          entity: databaseEntity(context, row.name),
          key: 'pgbouncer_database',
          occurredAt: asked.facts.now,
          ...scopeOf(row.name),
          body: {
            name: row.name,
            database: row.database,
            pool_size: row.pool_size,
            max_connections: row.max_connections,
            current_connections: row.current_connections,
            paused: row.paused > 0,
            disabled: row.disabled > 0,
            reasons,
          },
        });
      }),
      ...truncationGap(asked, 'pgbouncer_databases'),
    ],
    read: asked.rows.length,
  };
};

const TOTALS = [
  'total_xact_count',
  'total_query_count',
  'total_received',
  'total_sent',
  'total_xact_time',
  'total_query_time',
  'total_wait_time',
] as const;

/** What passed through the pooler since the last read. Its counters begin anew when it starts, and then nothing is known. */
const readStats: Reader = async (context) => {
  const asked = await context.ask(stats);
  const { now } = asked.facts;
  const rows = asked.rows.filter((row) => row.database !== CONSOLE && inScope(context, row.database));
  const set: Record<string, JsonValue> = {};
  const records = rows.map((row) => {
    const key = `database/${row.database}`;
    const before = context.state.get(key);
    const steps = stepsOf(TOTALS, row, null, before);
    set[key] = remember(TOTALS, row, null, now);
    return observe({
      stream: 'pgbouncer_stats',
      class: 'state',
      entity: databaseEntity(context, row.database),
      key: 'pgbouncer_stats',
      occurredAt: now,
      ...scopeOf(row.database),
      body: known({
        database: row.database,
        interval_ms: intervalOf(before, now),
        transactions_step: steps.total_xact_count_step,
        queries_step: steps.total_query_count_step,
        received_bytes_step: steps.total_received_step,
        sent_bytes_step: steps.total_sent_step,
        transaction_ms_step: inMilliseconds(steps.total_xact_time_step),
        query_ms_step: inMilliseconds(steps.total_query_time_step),
        wait_ms_step: inMilliseconds(steps.total_wait_time_step),
        average_wait_ms: inMilliseconds(row.avg_wait_time ?? undefined),
      }),
    });
  });
  return {
    records: [...records, ...truncationGap(asked, 'pgbouncer_stats')],
    state: { set },
    read: asked.rows.length,
  };
};

function inMilliseconds(microseconds: number | undefined): number | undefined {
  return microseconds === undefined ? undefined : microseconds / 1_000;
}

export const pgbouncerReads: readonly CatalogRead[] = [
  { query: pools, read: readPools, source: 'pgbouncer' },
  { query: databases, read: readDatabases, source: 'pgbouncer' },
  { query: stats, read: readStats, source: 'pgbouncer' },
];
