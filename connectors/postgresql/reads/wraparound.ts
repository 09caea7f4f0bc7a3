import { type Observed, observe } from '../../sdk/index.ts';
import {
  bool,
  boolOrNull,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  text,
} from '../columns.ts';
import {
  type Asked,
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

const wraparound = query('wraparound', 500, {
  database: text,
  xid_age: integer,
  mxid_age: integer,
  freeze_max_age: integer,
  multixact_freeze_max_age: integer,
  oldest_backend_age: integerOrNull,
  oldest_standby_age: integerOrNull,
  oldest_prepared_age: integerOrNull,
  oldest_slot_age: integerOrNull,
  oldest_slot_catalog_age: integerOrNull,
});

const oldestTables = query('oldest_tables', 50, {
  schema: text,
  relation: text,
  toast: bool,
  xid_age: integer,
  mxid_age: integer,
  pages: integer,
  dead_rows: integerOrNull,
  last_vacuum: instantOrNull,
  last_autovacuum: instantOrNull,
  autovacuum_off: boolOrNull,
  freeze_max_age: integer,
  multixact_freeze_max_age: integer,
});

type Database = RowOf<typeof wraparound>;
type Table = RowOf<typeof oldestTables>;

/** Half of the ids that can ever be in use; the server stops itself at two thousand million. */
const ALARMING_AGE = 1_000_000_000;

/** In the order in which they are looked for when ages are equal. */
const HOLDERS = [
  ['backend', 'oldest_backend_age'],
  ['prepared_transaction', 'oldest_prepared_age'],
  ['replication_slot', 'oldest_slot_age'],
  ['replication_slot', 'oldest_slot_catalog_age'],
  ['standby', 'oldest_standby_age'],
] as const;

/** How far each database is from transaction id wraparound, and what kind of holder keeps the horizon back most. */
const readWraparound: Reader = async (context) => {
  const asked = await context.ask(wraparound);
  const rows = asked.rows
    .filter((row) => inScope(context, row.database))
    .sort((a, b) => Math.max(b.xid_age, b.mxid_age) - Math.max(a.xid_age, a.mxid_age));
  return {
    records: [
      ...rows.map((row) => databaseRecord(context, asked, row)),
      ...statsGap(asked, 'wraparound'),
      ...truncationGap(asked, 'wraparound'),
    ],
    read: asked.rows.length,
  };
};

function databaseRecord(context: ReadContext, { facts }: Asked<Database>, row: Database): Observed {
  const reason = ageReason(row);
  return observe({
    stream: 'wraparound',
    class: reason === undefined ? 'state' : 'symptom',
    entity: databaseEntity(context, row.database),
    key: 'wraparound',
    occurredAt: facts.now,
    ...scopeOf(row.database),
    body: known({ ...row, oldest_holder: oldestHolder(row), reason }),
  });
}

function ageReason({ xid_age, mxid_age }: Pick<Database, 'xid_age' | 'mxid_age'>): string | undefined {
  if (xid_age >= ALARMING_AGE) return 'xid_age';
  return mxid_age >= ALARMING_AGE ? 'multixact_age' : undefined;
}

function oldestHolder(row: Database): string | undefined {
  const ages = HOLDERS.map(([holder, column]) => ({ holder, age: row[column] ?? -1 }));
  const oldest = ages.reduce((a, b) => (b.age > a.age ? b : a));
  return oldest.age < 0 ? undefined : oldest.holder;
}

/** The tables that keep the age of this database up; freezing these is what helps. */
const readOldestTables: Reader = async (context) => {
  const asked = await context.ask(oldestTables);
  const rows = inScope(context, asked.facts.database) ? asked.rows : [];
  // That there are more tables than the oldest fifty is no gap: the read is of the oldest fifty.
  return { records: rows.map((row) => tableRecord(context, asked, row)), read: asked.rows.length };
};

function tableRecord(context: ReadContext, { facts }: Asked<Table>, row: Table): Observed {
  const reason = tableReason(row);
  return observe({
    stream: 'oldest_tables',
    class: reason === undefined ? 'state' : 'symptom',
    entity: relationEntity(context, facts.database, row.schema, row.relation),
    key: row.toast ? 'age_of_toast' : 'age',
    occurredAt: facts.now,
    ...scopeOf(facts.database),
    body: known({ database: facts.database, ...row, reason }),
  });
}

/** Autovacuum begins at the limit, against all else; a table that is half as far again beyond it is not being frozen. */
function tableReason(row: Table): string | undefined {
  if (row.xid_age >= row.freeze_max_age * 1.5) return 'xid_age';
  return row.mxid_age >= row.multixact_freeze_max_age * 1.5 ? 'multixact_age' : undefined;
}

export const wraparoundReads: readonly CatalogRead[] = [
  { query: wraparound, read: readWraparound },
  { query: oldestTables, read: readOldestTables },
];
