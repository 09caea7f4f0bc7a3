import type { JsonObject, JsonValue } from '../../sdk/index.ts';
import { query, type RowOf, text } from '../columns.ts';
import { compareEach, type Differing, differing, type Found } from './differing.ts';
import type { CatalogRead } from './reader.ts';

export const extensions = query('extensions', 200, { id: text, name: text, version: text, schema: text });

type Row = RowOf<typeof extensions>;

interface Installed extends Found {
  readonly rows: readonly Row[];
}

interface ExtensionChange {
  readonly change: string;
  readonly name: string;
  readonly from?: JsonValue | undefined;
  readonly to?: JsonValue | undefined;
}

/** Extensions of the database with their versions, and every difference to the read before. */
const installed: Differing<Row, Installed, ExtensionChange> = {
  query: extensions,
  changes: 'extension_changes',
  of: 'database',
  tellsCut: true,
  find: (_, rows) => ({ rows, entries: new Map(rows.map(({ name, ...rest }) => [name, rest])) }),
  inventory: ({ rows }, { database }) => ({ database, extensions: rows.map(({ id: _id, ...row }) => row) }),
  compare: (before, { entries }) => compareEach(before, entries, changesOf),
  tell: ({ change, name, from, to }, _, { database }) => ({
    key: `${change}/${name}`,
    body: { change, database, name, from, to },
  }),
};

function changesOf(
  name: string,
  was: JsonObject | undefined,
  is: JsonObject | undefined,
): readonly ExtensionChange[] {
  const versions = { name, from: was?.['version'], to: is?.['version'] };
  if (was === undefined) return [{ ...versions, change: 'extension_added' }];
  if (is === undefined) return [{ ...versions, change: 'extension_removed' }];
  const isReplaced = was['id'] !== is['id'];
  return [
    ...(isReplaced ? [{ ...versions, change: 'extension_replaced' }] : []),
    ...(isReplaced || was['version'] === is['version'] ? [] : [{ ...versions, change: 'extension_updated' }]),
    ...(was['schema'] === is['schema']
      ? []
      : [{ change: 'extension_moved', name, from: was['schema'], to: is['schema'] }]),
  ];
}

export const extensionsReads: readonly CatalogRead[] = [differing(installed)];
