import { type JsonObject, type JsonValue, type Observed, observe, type Timestamp } from '../../sdk/index.ts';
import { query, type RowOf, text } from '../columns.ts';
import {
  asObject,
  type CatalogRead,
  databaseEntity,
  known,
  type ReadContext,
  type Reader,
  scopeOf,
  truncationGap,
} from './reader.ts';
import { lostGap, recall, remember } from './remembered.ts';

export const extensions = query('extensions', 200, { id: text, name: text, version: text, schema: text });

type Row = RowOf<typeof extensions>;

/** Extensions of the database with their versions, and every difference to the read before. */
const readExtensions: Reader = async (context) => {
  const asked = await context.ask(extensions);
  const { database, now } = asked.facts;
  const before = recall(context);
  const comparable = asked.truncated ? undefined : before?.entries;
  const changes = comparable === undefined ? [] : differences(comparable, asked.rows);
  const window = { from: before?.at ?? now, to: now };
  return {
    records: [
      observe({
        stream: 'extensions',
        class: 'state',
        entity: databaseEntity(context, database),
        key: 'extensions',
        occurredAt: now,
        ...scopeOf(database),
        body: { database, extensions: asked.rows.map(({ id: _id, ...row }) => row) },
      }),
      ...changes.map((change) => record(context, database, change, window)),
      ...truncationGap(asked, 'extensions'),
      ...(before !== undefined && before.entries === undefined ? [lostGap('extension_changes')] : []),
    ],
    ...(asked.truncated ? {} : { state: remember(context, new Map(asked.rows.map(entryOf)), now) }),
    read: asked.rows.length,
  };
};

function entryOf({ name, ...rest }: Row): readonly [string, JsonObject] {
  return [name, rest];
}

interface ExtensionChange {
  readonly change: string;
  readonly name: string;
  readonly from?: JsonValue | undefined;
  readonly to?: JsonValue | undefined;
}

function differences(
  before: ReadonlyMap<string, JsonValue>,
  rows: readonly Row[],
): readonly ExtensionChange[] {
  const after = new Map(rows.map(entryOf));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .flatMap((name): readonly ExtensionChange[] => {
      const [was, is] = [asObject(before.get(name)), asObject(after.get(name))];
      if (!before.has(name)) return [{ change: 'extension_added', name, to: is['version'] }];
      if (!after.has(name)) return [{ change: 'extension_removed', name, from: was['version'] }];
      const versions = { name, from: was['version'], to: is['version'] };
      return [
        ...(was['id'] === is['id'] ? [] : [{ ...versions, change: 'extension_replaced' }]),
        ...(was['id'] !== is['id'] || was['version'] === is['version']
          ? []
          : [{ ...versions, change: 'extension_updated' }]),
        ...(was['schema'] === is['schema']
          ? []
          : [{ change: 'extension_moved', name, from: was['schema'], to: is['schema'] }]),
      ];
    });
}

function record(
  context: ReadContext,
  database: string,
  { change, name, from, to }: ExtensionChange,
  window: { readonly from: Timestamp; readonly to: Timestamp },
): Observed {
  return observe({
    stream: 'extension_changes',
    class: 'change',
    entity: databaseEntity(context, database),
    key: `${change}/${name}`,
    occurredAt: window.to,
    window,
    ...scopeOf(database),
    body: known({ change, database, name, from, to }),
  });
}

export const extensionsReads: readonly CatalogRead[] = [
  { query: extensions, read: readExtensions, also: ['extension_changes'] },
];
