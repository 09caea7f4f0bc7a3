import { z } from 'zod';
import { type Gap, type JsonValue, observe } from '../../sdk/index.ts';
import { bool, decimal, integer, query, type RowOf, textOrNull } from '../columns.ts';
import {
  asObject,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
} from './reader.ts';
import { extensions } from './server.ts';

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

type Counters = RowOf<typeof statements>;

const EXTENSION = 'pg_stat_statements';
const EXPECTED_SCHEMA = 'public';
const STATE = 'counters';

/** The statements that took most time, by id and without their text, and what each took since the last read. */
const readStatements: Reader = async (context) => {
  const absent = await extensionGap(context);
  if (absent !== undefined) return { records: [absent], read: 0 };
  const asked = await context.ask(statements);
  const previous = asObject(context.state.get(STATE));
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  return {
    // That there are more statements than the first hundred is no gap: the read is of the first hundred.
    records: [
      ...rows.map((row) =>
        observe({
          stream: 'statements',
          class: 'state',
          entity: row.database === null ? serverEntity(context) : databaseEntity(context, row.database),
          key: identity(context, row),
          occurredAt: asked.facts.now,
          ...scopeOf(row.database),
          body: known({ ...withoutUser(row), ...stepOf(row, previous[identity(context, row)]) }),
        }),
      ),
      ...statsGap(asked, 'statements'),
    ],
    state: {
      set: { [STATE]: Object.fromEntries(rows.map((row) => [identity(context, row), remembered(row)])) },
    },
    read: asked.rows.length,
  };
};

/**
 * Why statement counters can not be read here, if so. It is settled before the query names the function: were the
 * extension elsewhere, anybody's `public.pg_stat_statements` could answer in its place.
 */
export async function extensionGap(context: Pick<ReadContext, 'ask'>): Promise<Gap | undefined> {
  const { rows } = await context.ask(extensions);
  const found = rows.find((row) => row.name === EXTENSION);
  if (found?.schema === EXPECTED_SCHEMA) return undefined;
  const gap = { gap: 'UNSUPPORTED', stream: 'statements', missing: EXTENSION } as const;
  if (found === undefined) {
    return {
      ...gap,
      reason: 'The extension is not installed in this database.',
      hint: `Add ${EXTENSION} to shared_preload_libraries, restart, and CREATE EXTENSION ${EXTENSION}.`,
    };
  }
  return {
    ...gap,
    reason: 'The extension is in another schema than public, where it is looked for.',
    hint: `ALTER EXTENSION ${EXTENSION} SET SCHEMA public.`,
  };
}

function identity(context: ReadContext, row: Counters): string {
  const level = row.toplevel ? 'top' : 'nested';
  return `${row.queryid}/${level}/${context.digest([row.database, row.usename])}`;
}

function withoutUser({ usename, queryid, ...row }: Counters): Readonly<Record<string, unknown>> {
  return { query_id: queryid, user: usename, ...row };
}

function remembered(row: Counters): JsonValue {
  return [row.calls, row.exec_ms, row.rows];
}

function stepOf(row: Counters, previous: JsonValue | undefined): Readonly<Record<string, number>> {
  if (!Array.isArray(previous)) return {};
  const [calls, execMs, rows] = previous;
  if (typeof calls !== 'number' || typeof execMs !== 'number' || typeof rows !== 'number') return {};
  if (row.calls < calls) return {};
  return {
    calls_step: row.calls - calls,
    exec_ms_step: Math.round((row.exec_ms - execMs) * 1_000) / 1_000,
    rows_step: row.rows - rows,
  };
}

export const statementsReads: readonly CatalogRead[] = [{ query: statements, read: readStatements }];
