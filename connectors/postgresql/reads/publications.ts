import type { JsonObject, JsonValue } from '../../sdk/index.ts';
import { boolOrNull, query, type RowOf, text, textOrNull, token } from '../columns.ts';
import { type About, compareEach, type Differing, differing, type Entries, type Found } from './differing.ts';
import { type CatalogRead, type ReadContext, relationEntity } from './reader.ts';
import { fingerprintOf, mark, textOf } from './remembered.ts';

export const publications = query('publications', 20_000, {
  kind: token,
  id: text,
  publication: text,
  schema: textOrNull,
  object: textOrNull,
  operations: textOrNull,
  all_tables: boolOrNull,
  via_root: boolOrNull,
  fingerprint: textOrNull,
});

type Row = RowOf<typeof publications>;

interface PublicationChange {
  readonly change: string;
  readonly key: string;
  readonly about: JsonObject;
  readonly from?: JsonValue | undefined;
  readonly to?: JsonValue | undefined;
}

/** What is published, as counts, and every difference to the read before. */
const published: Differing<Row, Found, PublicationChange> = {
  query: publications,
  changes: 'publication_changes',
  of: 'database',
  find: (context, rows) => ({
    entries: new Map(rows.map((row) => [`${row.kind}/${row.id}`, pack(context, row)])),
  }),
  inventory: ({ entries }, { context, database }) => {
    const count = (kind: string) => [...entries.keys()].filter((key) => key.startsWith(`${kind}/`)).length;
    return {
      database,
      publications: count('publication'),
      tables: count('table'),
      schemas: count('schema'),
      fingerprint: fingerprintOf(context, entries),
    };
  },
  compare: (before, { entries }, isSameKey) => differences(before, entries, isSameKey),
  tell: ({ change, key, about, from, to }, _, { context, database, entity }) => ({
    ...whereItIs(about, { context, database, entity }),
    related: [entity],
    key: `${change}/${mark(context, key)}`,
    body: {
      change,
      database,
      publication: about['publication'],
      all_tables: about['all_tables'],
      schema: about['schema'],
      object: about['object'],
      from,
      to,
    },
  }),
};

function pack(context: ReadContext, { kind: _kind, id: _id, fingerprint, ...row }: Row): JsonObject {
  return { ...row, fingerprint: fingerprint === null ? null : mark(context, fingerprint) };
}

function whereItIs({ schema, object }: JsonObject, { context, database, entity }: About) {
  const name = textOf(object);
  return { entity: name === '' ? entity : relationEntity(context, database, textOf(schema), name) };
}

/** What is in a publication comes and goes with it, and that goes without saying. */
function differences(before: Entries, after: Entries, isSameKey: boolean): readonly PublicationChange[] {
  return compareEach(before, after, (key, was, is): readonly PublicationChange[] => {
    const [kind = '', id = ''] = key.split('/');
    const whole = `publication/${id.split('.')[0] ?? ''}`;
    const isTold = (entries: Entries) => kind === 'publication' || entries.has(whole);
    if (was === undefined)
      return isTold(before) ? [{ change: `${kind}_${ADDED[kind]}`, key, about: is ?? {} }] : [];
    if (is === undefined)
      return isTold(after) ? [{ change: `${kind}_${REMOVED[kind]}`, key, about: was }] : [];
    return changesWithin(was, is, isSameKey).map((change) => ({ ...change, key, about: is }));
  });
}

const ADDED: Readonly<Record<string, string>> = {
  publication: 'added',
  table: 'published',
  schema: 'published',
};
const REMOVED: Readonly<Record<string, string>> = {
  publication: 'removed',
  table: 'unpublished',
  schema: 'unpublished',
};

function changesWithin(was: JsonObject, is: JsonObject, isSameKey: boolean) {
  const moved = (name: string) => ({ from: was[name], to: is[name] });
  const differs = (name: string) => was[name] !== is[name];
  return [
    ...(differs('publication') && is['object'] === null && is['schema'] === null
      ? [{ change: 'publication_renamed', ...moved('publication') }]
      : []),
    ...(differs('operations') ? [{ change: 'operations_changed', ...moved('operations') }] : []),
    ...(differs('via_root') ? [{ change: 'via_root_changed', ...moved('via_root') }] : []),
    ...(isSameKey && differs('fingerprint') ? [{ change: 'table_filter_changed' }] : []),
  ];
}

export const publicationsReads: readonly CatalogRead[] = [differing(published)];
