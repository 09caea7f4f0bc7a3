import { type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import {
  decimal,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  text,
  textOrNull,
  token,
} from '../columns.ts';
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
import { percentOf } from './steps.ts';

const bloat = query('bloat', 300, {
  kind: token,
  schema: text,
  relation: text,
  index: textOrNull,
  pages: integer,
  row_count: decimal,
  fill_factor: integerOrNull,
  fixed_bytes: integerOrNull,
  columns: integer,
  variable_columns: integer,
  dead_rows: integerOrNull,
  analyzed: instantOrNull,
  block_size: integer,
});

type Relation = RowOf<typeof bloat>;

interface Estimate {
  readonly method: 'fixed_width' | 'densest_seen';
  /** Bytes that a row needs, page headers and the room left by the fill factor included. */
  readonly needed: number;
}

const STATE = 'densest';
const MAX_REPORTED = 100;
const PAGE_HEADER = 24;
const LINE_POINTER = 4;
const ALIGNMENT = 8;
/** Half of a large relation is air. */
const ALARMING_PERCENT = 50;
const ALARMING_BYTES = 256 * 1024 * 1024;

/**
 * Space that tables and indexes hold beyond what their rows need: an estimate, made without reading any of them.
 *
 * Where all columns have a fixed width, the least that a row needs is known (`fixed_width`). Where some have not, the
 * relation is compared with itself when it was densest since this agent looks (`densest_seen`), which tells growth and
 * nothing about how it was before. Both count on pg_class as vacuum and analyze last left it.
 */
const readBloat: Reader = async (context) => {
  const asked = await context.ask(bloat);
  const rows = inScope(context, asked.facts.database) ? asked.rows : [];
  const previous = asObject(context.state.get(STATE));
  const densest: Readonly<Record<string, JsonValue>> = Object.fromEntries(
    rows.map((row) => [
      keyOf(context, row),
      Math.min(bytesPerRow(row), lowest(previous[keyOf(context, row)])),
    ]),
  );
  const records = rows
    .map((row) => ({ row, estimate: estimate(row, previous[keyOf(context, row)]) }))
    .sort((a, b) => wasteOf(b.row, b.estimate) - wasteOf(a.row, a.estimate))
    .slice(0, MAX_REPORTED)
    .map(({ row, estimate }) => relation(context, asked, row, estimate));
  return { records, state: { set: { [STATE]: densest } }, read: asked.rows.length };
};

function keyOf(context: ReadContext, row: Relation): string {
  return context.digest([row.schema, row.relation, row.index]);
}

function lowest(densest: JsonValue | undefined): number {
  return typeof densest === 'number' ? densest : Number.POSITIVE_INFINITY;
}

function bytesPerRow(row: Relation): number {
  return Math.round(((row.pages * row.block_size) / row.row_count) * 1_000) / 1_000;
}

function estimate(row: Relation, densest: JsonValue | undefined): Estimate | undefined {
  if (row.variable_columns === 0) return { method: 'fixed_width', needed: neededBytes(row) };
  return typeof densest === 'number' ? { method: 'densest_seen', needed: densest } : undefined;
}

/** Headers and layout: https://www.postgresql.org/docs/current/storage-page-layout.html */
function neededBytes(row: Relation): number {
  const isIndex = row.kind === 'index';
  const header = isIndex ? 8 : 24;
  const tuple = Math.ceil((header + (row.fixed_bytes ?? 0)) / ALIGNMENT) * ALIGNMENT + LINE_POINTER;
  // B-trees leave a tenth of a page free unless told otherwise, tables nothing.
  const fill = (row.fill_factor ?? (isIndex ? 90 : 100)) / 100;
  return (tuple / fill) * (row.block_size / (row.block_size - PAGE_HEADER));
}

function wasteOf(row: Relation, estimate: Estimate | undefined): number {
  if (estimate === undefined) return -1;
  return Math.max(0, Math.round(row.pages * row.block_size - estimate.needed * row.row_count));
}

function relation(
  context: ReadContext,
  { facts }: Asked<Relation>,
  row: Relation,
  estimate: Estimate | undefined,
): Observed {
  const bytes = row.pages * row.block_size;
  const waste = estimate === undefined ? undefined : wasteOf(row, estimate);
  const percent = percentOf(waste, bytes);
  const isBloated = (waste ?? 0) >= ALARMING_BYTES && (percent ?? 0) >= ALARMING_PERCENT;
  return observe({
    stream: 'bloat',
    class: isBloated ? 'symptom' : 'state',
    entity: relationEntity(context, facts.database, row.schema, row.relation),
    key: row.index === null ? 'bloat' : `bloat/${context.digest(row.index)}`,
    occurredAt: facts.now,
    ...scopeOf(facts.database),
    body: known({
      database: facts.database,
      kind: row.kind,
      schema: row.schema,
      relation: row.relation,
      index: row.index,
      bytes,
      rows: Math.round(row.row_count),
      bytes_per_row: bytesPerRow(row),
      method: estimate?.method,
      estimated_waste_bytes: waste,
      estimated_waste_percent: percent,
      dead_rows: row.dead_rows,
      analyzed: row.analyzed,
      reason: isBloated ? 'waste' : null,
    }),
  });
}

export const bloatReads: readonly CatalogRead[] = [{ query: bloat, read: readBloat }];
