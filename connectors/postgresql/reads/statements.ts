import { z } from 'zod';
import { type Gap, type Observed, observe } from '../../sdk/index.ts';
import { bool, decimal, instantOrNull, integer, query, type RowOf, textOrNull } from '../columns.ts';
import { extensions } from './extensions.ts';
import {
  type Asked,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
  truncationGap,
} from './reader.ts';
import {
  type Interval,
  intervalSince,
  rememberInterval,
  type Step,
  stepOf,
  total,
} from './statement-steps.ts';
import { statementReason } from './statement-symptoms.ts';
import { percentOf } from './steps.ts';

export const queryId = z.union([z.string().regex(/^-?\d+$/), z.int().transform(String)]);

const statements = query('statements', 5_000, {
  queryid: queryId,
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
  block_read_ms: decimal,
  block_write_ms: decimal,
  counted_since: instantOrNull, // since version 1.11 of the extension
  evictions: integer,
  statistics_reset: instantOrNull,
});

type Statement = RowOf<typeof statements>;

interface Counted {
  readonly row: Statement;
  /** Also the key of its record: the same statement under the same role and database. */
  readonly key: string;
  readonly step: Step | undefined;
}

const EXTENSION = 'pg_stat_statements';
const EXPECTED_SCHEMA = 'public';
/** Since PostgreSQL 17 the query names columns that came with this version of the extension. */
const NEEDED_SINCE_17 = [1, 11] as const;
const MAX_REPORTED = 100;

/** The statements that took most time since the last read, by id and without their text, and the load they add up to. */
const readStatements: Reader = async (context) => {
  const absent = await extensionGap(context);
  if (absent !== undefined) return { records: [absent], read: 0 };
  const asked = await context.ask(statements);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  const interval = intervalSince(context.state, rows, asked.facts.now);
  const counted = rows.map((row) => {
    const key = identity(context, row);
    return { row, key, step: stepOf(row, key, interval) };
  });
  const sum = total(counted.map(({ step }) => step));
  const busiest = counted.toSorted((a, b) => timeOf(b) - timeOf(a)).slice(0, MAX_REPORTED);
  return {
    // That there are more statements than the first hundred is no gap: the read is of the first hundred.
    records: [
      ...busiest.map((entry) =>
        statement(context, asked, entry, { execMs: sum.exec_ms, intervalMs: interval.ms }),
      ),
      ...(counted.length === 0 ? [] : [load(context, asked, counted, interval)]),
      ...statsGap(asked, 'statements'),
      ...truncationGap(asked, 'statements'),
    ],
    state: rememberInterval(counted, rows[0], asked.facts.now),
    read: asked.rows.length,
  };
};

/** What it took since the last read, or in all where there is nothing to compare with. */
function timeOf({ row, step }: Counted): number {
  return step === undefined ? row.exec_ms + row.plan_ms : step.exec_ms + step.plan_ms;
}

function statement(
  context: ReadContext,
  { facts }: Asked<Statement>,
  { row, key, step }: Counted,
  all: { readonly execMs: number; readonly intervalMs: number | undefined },
): Observed {
  const reason = statementReason(row, step, all);
  const { usename, queryid, evictions: _evictions, statistics_reset: _reset, ...counters } = row;
  return observe({
    stream: 'statements',
    class: reason === null ? 'state' : 'symptom',
    entity: row.database === null ? serverEntity(context) : databaseEntity(context, row.database),
    key,
    occurredAt: facts.now,
    ...scopeOf(row.database),
    body: known({
      query_id: queryid,
      user: usename,
      ...counters,
      plan_percent: percentOf(row.plan_ms, row.plan_ms + row.exec_ms),
      calls_step: step?.calls,
      exec_ms_step: step?.exec_ms,
      plan_ms_step: step?.plan_ms,
      rows_step: step?.rows,
      exec_percent: percentOf(step?.exec_ms, all.execMs),
      is_new: step?.isNew,
      reason,
    }),
  });
}

/** All statements together: how busy the server was with them, and how far the counters can be trusted. */
function load(
  context: ReadContext,
  { facts }: Asked<Statement>,
  counted: readonly Counted[],
  interval: Interval,
): Observed {
  const steps = counted.map(({ step }) => step);
  const sum = total(steps);
  const fresh = total(steps.map((step) => (step?.isNew === true ? step : undefined)));
  const isCompared = interval.ms !== undefined;
  return observe({
    stream: 'statement_load',
    class: 'state',
    entity: serverEntity(context),
    key: 'statement_load',
    occurredAt: facts.now,
    body: known({
      statements: counted.length,
      statistics_reset: counted[0]?.row.statistics_reset,
      was_reset: interval.wasReset,
      evictions_step: interval.evictions,
      interval_ms: interval.ms,
      ...(isCompared
        ? {
            new_statements: steps.filter((step) => step?.isNew === true).length,
            calls_step: sum.calls,
            exec_ms_step: sum.exec_ms,
            plan_ms_step: sum.plan_ms,
            rows_step: sum.rows,
            plan_percent: percentOf(sum.plan_ms, sum.plan_ms + sum.exec_ms),
            new_percent: percentOf(fresh.exec_ms, sum.exec_ms),
          }
        : {}),
    }),
  });
}

/**
 * Why statement counters can not be read here, if so. It is settled before the query names the function: were the
 * extension elsewhere, anybody's `public.pg_stat_statements` could answer in its place. That pg_depend would vouch for a
 * view in another schema does not help: the text that is sent is the text that was proved, and a schema in it that the
 * server chooses would be neither.
 */
export async function extensionGap(
  context: Pick<ReadContext, 'ask'>,
  stream = 'statements',
): Promise<Gap | undefined> {
  return extensionGapOf(await context.ask(extensions), stream);
}

/** The same of a server that has been asked already. */
export function extensionGapOf(
  { rows, facts }: Asked<RowOf<typeof extensions>>,
  stream = 'statements',
): Gap | undefined {
  const found = rows.find((row) => row.name === EXTENSION);
  const gap = { gap: 'UNSUPPORTED', stream, missing: EXTENSION } as const;
  if (found === undefined) {
    return {
      ...gap,
      reason: 'The extension is not installed in this database.',
      hint: `Add ${EXTENSION} to shared_preload_libraries, restart, and CREATE EXTENSION ${EXTENSION}.`,
    };
  }
  if (found.schema !== EXPECTED_SCHEMA) {
    return {
      ...gap,
      reason: 'The extension is in another schema than public, where it is looked for.',
      hint: `ALTER EXTENSION ${EXTENSION} SET SCHEMA public.`,
    };
  }
  if (facts.version < 170_000 || isAtLeast(found.version, NEEDED_SINCE_17)) return undefined;
  return {
    ...gap,
    reason: 'The extension is older than the server and lacks columns.',
    hint: `ALTER EXTENSION ${EXTENSION} UPDATE.`,
  };
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

function identity(context: ReadContext, row: Statement): string {
  const level = row.toplevel ? 'top' : 'nested';
  return `${row.queryid}/${level}/${context.digest([row.database, row.usename])}`;
}

export const statementsReads: readonly CatalogRead[] = [
  { query: statements, read: readStatements, also: ['statement_load'] },
];
