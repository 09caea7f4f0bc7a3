import { type JsonObject, type JsonValue, type Observed, observe, type Timestamp } from '../../sdk/index.ts';
import { boolOrNull, query, type RowOf, text, textOrNull, token } from '../columns.ts';
import {
  asObject,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
} from './reader.ts';
import { cutGap, fingerprintOf, keyMark, lostGap, mark, recall, remember, textOf } from './remembered.ts';

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

/** What is published, as counts, and every difference to the read before. */
const readPublications: Reader = async (context) => {
  const asked = await context.ask(publications);
  const { database, now } = asked.facts;
  if (!inScope(context, database)) return { records: [], read: 0 };
  if (asked.truncated) return { records: [cutGap('publications', 'publications')], read: asked.rows.length };
  const before = recall(context);
  const entries = new Map(asked.rows.map((row) => [`${row.kind}/${row.id}`, pack(context, row)]));
  const isSameKey = before?.digestedWith === keyMark(context);
  const changes = before?.entries === undefined ? [] : differences(before.entries, entries, isSameKey);
  const window = { from: before?.at ?? now, to: now };
  return {
    records: [
      inventory(context, database, entries, now),
      ...changes.map((change) => record(context, database, change, window)),
      ...(before !== undefined && before.entries === undefined ? [lostGap('publication_changes')] : []),
    ],
    state: remember(context, entries, now),
    read: asked.rows.length,
  };
};

function pack(context: ReadContext, { kind: _kind, id: _id, fingerprint, ...row }: Row): JsonObject {
  return { ...row, fingerprint: fingerprint === null ? null : mark(context, fingerprint) };
}

interface PublicationChange {
  readonly change: string;
  readonly key: string;
  readonly about: JsonObject;
  readonly from?: JsonValue | undefined;
  readonly to?: JsonValue | undefined;
}

/** What is in a publication comes and goes with it, and that goes without saying. */
function differences(
  before: ReadonlyMap<string, JsonValue>,
  after: ReadonlyMap<string, JsonValue>,
  isSameKey: boolean,
): readonly PublicationChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .flatMap((key): readonly PublicationChange[] => {
      const [kind = '', id = ''] = key.split('/');
      const [was, is] = [asObject(before.get(key)), asObject(after.get(key))];
      const whole = `publication/${id.split('.')[0] ?? ''}`;
      if (!before.has(key)) {
        return kind === 'publication' || before.has(whole)
          ? [{ change: `${kind}_${ADDED[kind]}`, key, about: is }]
          : [];
      }
      if (!after.has(key)) {
        return kind === 'publication' || after.has(whole)
          ? [{ change: `${kind}_${REMOVED[kind]}`, key, about: was }]
          : [];
      }
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

function record(
  context: ReadContext,
  database: string,
  { change, key, about, from, to }: PublicationChange,
  window: { readonly from: Timestamp; readonly to: Timestamp },
): Observed {
  const [schema, object] = [textOf(about['schema']), textOf(about['object'])];
  return observe({
    stream: 'publication_changes',
    class: 'change',
    entity:
      object === '' ? databaseEntity(context, database) : relationEntity(context, database, schema, object),
    related: [databaseEntity(context, database)],
    key: `${change}/${mark(context, key)}`,
    occurredAt: window.to,
    window,
    ...scopeOf(database),
    body: known({
      change,
      database,
      publication: about['publication'],
      all_tables: about['all_tables'],
      schema: about['schema'],
      object: about['object'],
      from,
      to,
    }),
  });
}

function inventory(
  context: ReadContext,
  database: string,
  entries: ReadonlyMap<string, JsonValue>,
  now: Timestamp,
): Observed {
  const count = (kind: string) => [...entries.keys()].filter((key) => key.startsWith(`${kind}/`)).length;
  return observe({
    stream: 'publications',
    class: 'state',
    entity: databaseEntity(context, database),
    key: 'publications',
    occurredAt: now,
    ...scopeOf(database),
    body: {
      database,
      publications: count('publication'),
      tables: count('table'),
      schemas: count('schema'),
      fingerprint: fingerprintOf(context, entries),
    },
  });
}

export const publicationsReads: readonly CatalogRead[] = [
  { query: publications, read: readPublications, also: ['publication_changes'] },
];
