import { type Kysely, type RawBuilder, sql } from 'kysely';
import { EvidenceError } from '../errors.ts';
import { decodeCursor, type Position } from './cursor.ts';
import { filedPrefixes } from './filed-prefixes.ts';
import type { NameTable } from './name-table.ts';
import { pageLimit, pageOf } from './page.ts';
import type { EvidenceQuery, Page, StoredItem } from './store.ts';
import type { Tables } from './tables.ts';

const LIST = 'evidence';

interface Row extends StoredItem {
  readonly occurred_ms: number;
  readonly seq: number;
}

/**
 * A page of items in order of time (and, within a millisecond, of arrival). Two steps in one statement: the positions
 * of the page from one index alone, then the rows at these positions. `cross join` and `indexed by` pin that plan.
 */
export async function findEvidence(
  db: Kysely<Tables>,
  names: NameTable,
  query: EvidenceQuery,
): Promise<Page<StoredItem>> {
  const limit = pageLimit(query.limit);
  const conditions = timeConditions(query);
  const facets = resolveFacets(names, query);
  if (facets === null) return { items: [], next: null };
  for (const [facet, ids] of facets) conditions.push(sql`${sql.ref(facet)} in (${sql.join(ids)})`);
  if (query.entity !== undefined) conditions.push(entityCondition(query.entity));
  const { rows } = await sql<Row>`
    select evidence.id, evidence.canonical, evidence.salt, evidence.leaf, evidence.position, manifests.digest as manifest,
      page.occurred_ms, page.seq
    from (
      select ${needsRange(query.entity) ? sql`distinct` : sql``} occurred_ms, seq
      from ${query.entity === undefined ? walkedIndex(facets) : sql`evidence_entities`}
      where ${sql.join(conditions, sql` and `)}
      order by occurred_ms, seq
      limit ${limit + 1}
    ) as page
    cross join evidence on evidence.seq = page.seq
    cross join manifests on manifests.sequence = evidence.manifest
    order by page.occurred_ms, page.seq`.execute(db);
  return pageOf(LIST, limit, rows, (row) => [row.occurred_ms, row.seq], storedItem);
}

type Facet = 'kind' | 'class' | 'connection';
type Facets = ReadonlyMap<Facet, readonly number[]>;

/** The numbers of the names asked for; null when nothing can match, because none of them was ever stored. */
function resolveFacets(names: NameTable, query: EvidenceQuery): Facets | null {
  const facets = new Map<Facet, readonly number[]>();
  // The most selective first: the first that has one value is the one whose index is walked.
  const wanted: readonly [Facet, readonly string[] | undefined][] = [
    ['kind', query.kind === undefined ? undefined : [query.kind]],
    ['class', query.class],
    ['connection', query.connection === undefined ? undefined : [query.connection]],
  ];
  for (const [facet, values] of wanted) {
    if (values === undefined) continue;
    const ids = [...new Set(values)].map((name) => names.find(name)).filter((id) => id !== null);
    if (ids.length === 0) return null;
    facets.set(facet, ids);
  }
  return facets;
}

/** With several values of the leading column an index is no longer in order of time, so only one will do. */
function walkedIndex(facets: Facets): RawBuilder<unknown> {
  const walked = [...facets].find(([, ids]) => ids.length === 1)?.[0] ?? 'time';
  return sql`evidence indexed by ${sql.ref(`evidence_by_${walked}`)}`;
}

function entityCondition(entity: string): RawBuilder<unknown> {
  if (!needsRange(entity)) return sql`entity = (select id from names where name = ${entity})`;
  // "0" is the character after "/", so this is the range of all names with the prefix.
  const end = `${entity.slice(0, -1)}0`;
  return sql`entity in (select id from names where name >= ${entity} and name < ${end})`;
}

/** Short prefixes are filed like entities; only longer ones, which match few entities, are searched for. */
function needsRange(entity: string | undefined): boolean {
  return entity?.endsWith('/') === true && !filedPrefixes(entity).includes(entity);
}

function timeConditions(query: EvidenceQuery): RawBuilder<unknown>[] {
  const [ms, seq] = lowerBound(query);
  const conditions = [sql`(occurred_ms, seq) > (${ms}, ${seq})`];
  if (query.to !== undefined) conditions.push(sql`occurred_ms < ${milliseconds('to', query.to)}`);
  return conditions;
}

/** The later of the window's start and the cursor, as an exclusive position. */
function lowerBound(query: EvidenceQuery): readonly [number, number] {
  const from = query.from === undefined ? Number.MIN_SAFE_INTEGER : milliseconds('from', query.from);
  const [ms = from, seq = 0]: Position =
    query.cursor === undefined ? [] : decodeCursor(LIST, 2, query.cursor);
  return ms < from ? [from, 0] : [ms, seq];
}

function storedItem({ occurred_ms: _ms, seq: _seq, ...item }: Row): StoredItem {
  return item;
}

export function milliseconds(name: string, timestamp: string): number {
  const value = Date.parse(timestamp);
  if (!Number.isNaN(value)) return value;
  throw new EvidenceError('QUERY', `"${name}" is not a time`, {
    hint: 'Write it as in 2026-11-21T00:14:02.000Z.',
  });
}
