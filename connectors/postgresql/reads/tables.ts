import { type JsonObject, type JsonValue, type Observed, observe } from '../../sdk/index.ts';
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
import { intervalOf, percentOf, remember, stepsOf } from './steps.ts';

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

/**
 * What an index that was dropped, or a plan that no longer uses it, looks like: a table of some size that was read by
 * index all the time is read from end to end again and again. Small tables and those always read so are left alone.
 */
const SCANS = { scans: 50, rowsEach: 10_000, before: 200, percentBefore: 10, percentNow: 50 };

/** Activity and upkeep of the tables with the most dead rows, and of those scanned and written most. */
const readTables: Reader = async (context) => {
  const asked = await context.ask(tables);
  const rows = inScope(context, asked.facts.database) ? asked.rows : [];
  const previous = asObject(context.state.get(STATE));
  const key = (row: Table): string => context.digest([row.schema, row.relation]);
  const remembered: Readonly<Record<string, JsonValue>> = Object.fromEntries(
    rows.map((row) => {
      const isTold = isScanned(row, previous[key(row)]);
      return [
        key(row),
        { ...remember(STEPS, row, null, asked.facts.now), ...(isTold ? { read_by_index: true } : {}) },
      ];
    }),
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
  const reason = isDying ? 'dead_rows' : isScanned(row, previous) ? 'sequential_scans' : null;
  return observe({
    stream: 'tables',
    class: reason === null ? 'state' : 'symptom',
    entity: relationEntity(context, database, row.schema, row.relation),
    key: 'table',
    occurredAt: now,
    ...scopeOf(database),
    body: known({
      database,
      ...row,
      ...stepsOf(STEPS, row, null, previous),
      interval_ms: intervalOf(previous, now),
      reason,
    }),
  });
}

function isScanned(row: Table, previous: JsonValue | undefined): boolean {
  const {
    seq_scans_step: scans = 0,
    seq_rows_read_step: read = 0,
    ...steps
  } = stepsOf(STEPS, row, null, previous);
  // The counters of an index that was dropped go with it, and the sum over those that are left may be less than before.
  const byIndex = steps.index_scans_step ?? 0;
  return (
    scans >= SCANS.scans &&
    read >= SCANS.rowsEach * scans &&
    (percentOf(scans, scans + byIndex) ?? 0) >= SCANS.percentNow &&
    wasReadByIndex(asObject(previous))
  );
}

/** Whether it was, over all that was counted or until the scans began that are told since. */
function wasReadByIndex({ seq_scans, index_scans, read_by_index }: JsonObject): boolean {
  if (read_by_index === true) return true;
  if (typeof seq_scans !== 'number' || typeof index_scans !== 'number') return false;
  const all = seq_scans + index_scans;
  return all >= SCANS.before && (percentOf(seq_scans, all) ?? 100) < SCANS.percentBefore;
}

export const tablesReads: readonly CatalogRead[] = [{ query: tables, read: readTables }];
