import { type Observed, observe } from '../../sdk/index.ts';
import { bool, instantOrNull, integer, integerOrNull, query, type RowOf, text, token } from '../columns.ts';
import {
  type Asked,
  type CatalogRead,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
} from './reader.ts';

const indexes = query('indexes', 200, {
  schema: text,
  relation: text,
  index: text,
  method: token,
  is_unique: bool,
  is_primary: bool,
  is_constraint: bool,
  valid: bool,
  building: bool,
  twins: integer,
  first_twin: text,
  scans: integerOrNull,
  last_scan: instantOrNull, // since PostgreSQL 16
  pages: integer,
  statistics_reset: instantOrNull,
  block_size: integer,
});

type Index = RowOf<typeof indexes>;

/** Indexes that cost without helping: invalid ones, duplicates, and those that no query has used since the counters began. */
const readIndexes: Reader = async (context) => {
  const asked = await context.ask(indexes);
  const rows = inScope(context, asked.facts.database) ? asked.rows : [];
  return {
    // Invalid ones come first, then the largest: that there are more than these is no gap.
    records: rows.map((row) => index(context, asked, row)),
    read: asked.rows.length,
  };
};

function index(context: ReadContext, { facts }: Asked<Index>, row: Index): Observed {
  const { valid, building, pages, block_size, twins, first_twin, ...rest } = row;
  const problem = problemOf(row);
  return observe({
    stream: 'indexes',
    // One that is being built is not valid yet; one that nobody builds was left behind by a build that failed.
    class: problem === 'invalid' ? 'symptom' : 'state',
    entity: relationEntity(context, facts.database, row.schema, row.relation),
    key: `index/${context.digest(row.index)}`,
    occurredAt: facts.now,
    ...scopeOf(facts.database),
    body: known({
      database: facts.database,
      ...rest,
      problem,
      valid,
      building,
      bytes: pages * block_size,
      duplicate_of: twins > 1 && first_twin !== row.index ? first_twin : null,
      duplicates: twins > 1 ? twins : null,
    }),
  });
}

function problemOf({ valid, building, twins }: Index): string {
  if (!valid) return building ? 'building' : 'invalid';
  return twins > 1 ? 'duplicate' : 'unused';
}

export const indexesReads: readonly CatalogRead[] = [{ query: indexes, read: readIndexes }];
