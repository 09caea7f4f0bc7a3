import { type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import { decimalOrNull, instantOrNull, integer, integerOrNull, query, type RowOf, text } from '../columns.ts';
import {
  type Asked,
  asObject,
  type CatalogRead,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
} from './reader.ts';
import { intervalOf, remember, stepsOf } from './steps.ts';

const tables = query('tables', 200, {
  schema: text,
  relation: text,
  live_rows: integer,
  dead_rows: integer,
  modified_since_analyze: integer,
  inserted_since_vacuum: integerOrNull,
  seq_scans: integer,
  seq_rows_read: integer,
  index_scans: integerOrNull,
  inserted: integer,
  updated: integer,
  deleted: integer,
  hot_updated: integer,
  newpage_updated: integerOrNull, // since PostgreSQL 16
  vacuum_count: integer,
  autovacuum_count: integer,
  analyze_count: integer,
  autoanalyze_count: integer,
  last_vacuum: instantOrNull,
  last_autovacuum: instantOrNull,
  last_analyze: instantOrNull,
  last_autoanalyze: instantOrNull,
  last_seq_scan: instantOrNull, // since PostgreSQL 16
  last_index_scan: instantOrNull,
  vacuum_ms: decimalOrNull, // since PostgreSQL 18
  autovacuum_ms: decimalOrNull,
});

type Table = RowOf<typeof tables>;

const STEPS = [
  'seq_scans',
  'seq_rows_read',
  'index_scans',
  'inserted',
  'updated',
  'deleted',
  'vacuum_count',
  'autovacuum_count',
  'analyze_count',
  'autoanalyze_count',
] as const;
const STATE = 'tables';

/** Fewer dead rows than this hurt nobody, whatever their share. */
const DEAD_ROWS = 10_000;

/** Activity and upkeep of the tables with the most dead rows, and of those scanned and written most. */
const readTables: Reader = async (context) => {
  const asked = await context.ask(tables);
  const rows = inScope(context, asked.facts.database) ? asked.rows : [];
  const previous = asObject(context.state.get(STATE));
  const key = (row: Table): string => context.digest([row.schema, row.relation]);
  const remembered: Readonly<Record<string, JsonValue>> = Object.fromEntries(
    rows.map((row) => [key(row), remember(STEPS, row, null, asked.facts.now)]),
  );
  return {
    records: rows.map((row) => table(context, asked, row, previous[key(row)])),
    state: { set: { [STATE]: remembered } },
    read: asked.rows.length,
  };
};

function table(
  context: ReadContext,
  { facts }: Asked<Table>,
  row: Table,
  previous: JsonValue | undefined,
): Observed {
  const { database, now } = facts;
  // A third of all rows: autovacuum begins at a fifth unless it is told otherwise, or held up.
  const isDying = row.dead_rows >= DEAD_ROWS && row.dead_rows * 2 >= row.live_rows;
  return observe({
    stream: 'tables',
    class: isDying ? 'symptom' : 'state',
    entity: relationEntity(context, database, row.schema, row.relation),
    key: 'table',
    occurredAt: now,
    ...scopeOf(database),
    body: known({
      database,
      ...row,
      ...stepsOf(STEPS, row, null, previous),
      interval_ms: intervalOf(previous, now),
      reason: isDying ? 'dead_rows' : null,
    }),
  });
}

export const tablesReads: readonly CatalogRead[] = [{ query: tables, read: readTables }];
