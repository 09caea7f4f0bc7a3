import { z } from 'zod';
import type { JsonValue } from '../../sdk/index.ts';
import { parseAcl, privilegeWords } from '../acl.ts';
import { query, type RowOf, text, textOrNull, token } from '../columns.ts';
import { typeWord } from '../schema-model.ts';
import { type About, type Differing, differing, type Entries, everyKey, type Found } from './differing.ts';
import {
  asObject,
  type CatalogRead,
  databaseEntity,
  type ReadContext,
  relationEntity,
  serverEntity,
} from './reader.ts';
import { fingerprintOf, mark, textOf } from './remembered.ts';

export const grants = query('grants', 50_000, {
  kind: token,
  id: text,
  schema: textOrNull,
  object: text,
  part: textOrNull,
  owner: text,
  acl: z.string().nullable(),
});

type Row = RowOf<typeof grants>;

/** Grants of the same privileges to the same role on more objects of a schema than this are told as one. */
const FEW = 3;
const PUBLIC = 'public';
const DEFAULTS = 'default_privileges';

/** Who may do what: as a count, and every difference to the read before. */
const granted: Differing<Row, Granted, GrantChange> = {
  query: grants,
  changes: 'grant_changes',
  of: 'database',
  find: readObjects,
  inventory: ({ objects, entries }, { context, database }) => ({
    database,
    ...counts(objects),
    fingerprint: fingerprintOf(context, entries),
  }),
  compare: (before, found) => folded(differences(before, [...found.objects, ...goneDefaults(before, found)])),
  tell,
};

interface Granted extends Found {
  readonly objects: readonly ObjectGrants[];
  /** Of roles, by oid: who lost a privilege is no longer named where it was. */
  readonly names: ReadonlyMap<string, string>;
}

interface Holder {
  readonly privileges: string;
  readonly grantable: string;
}

interface ObjectGrants {
  /** Kind and oid. */
  readonly key: string;
  readonly row: Row;
  /** By oid of the grantee, or `public`. */
  readonly holders: ReadonlyMap<string, Holder>;
  /** Oid of the owner. */
  readonly owner: string;
}

function readObjects(context: ReadContext, rows: readonly Row[]): Granted {
  const roles = rows.filter(({ kind }) => kind === 'role');
  const ids = new Map(roles.map(({ object, id }) => [object, id]));
  const idOf = (name: string): string => ids.get(name) ?? mark(context, name);
  const objects = rows
    .filter(({ kind }) => kind !== 'role')
    .map((row): ObjectGrants => {
      const held = (parseAcl(row.acl ?? '{}') ?? []).map(
        (grant) =>
          [
            grant.grantee === null ? PUBLIC : idOf(grant.grantee),
            { privileges: grant.privileges, grantable: grant.grantable },
          ] as const,
      );
      return { key: `${row.kind}/${row.id}`, row, holders: new Map(held), owner: idOf(row.owner) };
    });
  objects.sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    objects,
    names: new Map(roles.map(({ object, id }) => [id, object])),
    entries: new Map(objects.map((object) => [object.key, pack(object)])),
  };
}

/** What stands beside the holders of default privileges, which leave no row behind. */
const ABOUT = '@';

function pack({ holders, row, owner }: ObjectGrants): JsonValue {
  const held = [...holders].sort(([a], [b]) => (a < b ? -1 : 1));
  const about = row.kind === DEFAULTS ? { [ABOUT]: [row.schema, row.object, owner] } : {};
  return {
    ...about,
    ...Object.fromEntries(held.map(([who, has]) => [who, `${has.privileges}/${has.grantable}`])),
  };
}

function unpack(value: JsonValue): ReadonlyMap<string, Holder> {
  const entries = Object.entries(asObject(value)).filter(([who]) => who !== ABOUT);
  return new Map(
    entries.map(([who, has]) => {
      const [privileges = '', grantable = ''] = textOf(has).split('/');
      return [who, { privileges, grantable }] as const;
    }),
  );
}

/** Default privileges that are gone, as they would be without a holder. */
function goneDefaults(before: Entries, { entries, names }: Granted): readonly ObjectGrants[] {
  return [...before].flatMap(([key, value]) => {
    const about = asObject(value)[ABOUT];
    if (entries.has(key) || !Array.isArray(about)) return [];
    const [schema, object, owner] = about.map((one) => (typeof one === 'string' ? one : null));
    const id = key.slice(DEFAULTS.length + 1);
    const row = { kind: DEFAULTS, id, schema: schema ?? null, object: object ?? '', part: null, acl: null };
    const made = { ...row, owner: names.get(owner ?? '') ?? '' };
    return [{ key, row: made, holders: new Map<string, Holder>(), owner: owner ?? '' }];
  });
}

interface GrantChange {
  readonly change: string;
  readonly row: Row;
  readonly grantee: string;
  readonly added: string;
  readonly removed: string;
  readonly grantable: string;
  /** How many objects of the schema it happened to. */
  readonly objects: number;
}

/**
 * An object that is not there any more took its grants with it, which the read `schema` tells. One that was not there
 * had what every new object has: everything for its owner, and for PUBLIC what PostgreSQL grants by default.
 */
function differences(before: Entries, objects: readonly ObjectGrants[]): readonly GrantChange[] {
  return objects.flatMap(({ key, row, holders, owner }) => {
    const stored = before.get(key);
    const was = stored === undefined ? byDefault(row, owner, holders) : unpack(stored);
    const isGone = row.kind === DEFAULTS && holders.size === 0;
    return everyKey(was.keys(), holders.keys())
      .filter((grantee) => !isGone || grantee !== owner)
      .flatMap((grantee) =>
        compare(row, grantee, was.get(grantee) ?? NOTHING, holders.get(grantee) ?? NOTHING),
      );
  });
}

const NOTHING: Holder = { privileges: '', grantable: '' };

/** What PUBLIC has on a new object (PostgreSQL manual, "Privileges"). */
const PUBLIC_DEFAULTS: Readonly<Record<string, string>> = {
  database: 'Tc',
  function: 'X',
  language: 'U',
  type: 'U',
};

function byDefault(
  { kind }: Row,
  owner: string,
  holders: ReadonlyMap<string, Holder>,
): ReadonlyMap<string, Holder> {
  const was = new Map<string, Holder>();
  const own = holders.get(owner);
  if (own !== undefined) was.set(owner, own);
  const everybody = PUBLIC_DEFAULTS[kind];
  if (everybody !== undefined) was.set(PUBLIC, { privileges: everybody, grantable: '' });
  return was;
}

function compare(row: Row, grantee: string, was: Holder, is: Holder): readonly GrantChange[] {
  const added = without(is.privileges, was.privileges);
  const removed = without(was.privileges, is.privileges);
  const found = { row, grantee, added, removed, objects: 1 };
  if (added !== '' || removed !== '') {
    return [
      { ...found, change: wordOf(was, is, added, removed), grantable: without(is.grantable, was.grantable) },
    ];
  }
  const [gained, lost] = [without(is.grantable, was.grantable), without(was.grantable, is.grantable)];
  return [
    ...(gained === '' ? [] : [{ ...found, change: 'grant_option_added', grantable: gained }]),
    ...(lost === '' ? [] : [{ ...found, change: 'grant_option_removed', grantable: lost }]),
  ];
}

function wordOf(was: Holder, is: Holder, added: string, removed: string): string {
  if (was.privileges === '') return 'grant_added';
  if (is.privileges === '') return 'grant_removed';
  if (removed === '') return 'grant_widened';
  return added === '' ? 'grant_narrowed' : 'grant_changed';
}

function without(letters: string, others: string): string {
  return [...letters].filter((letter) => !others.includes(letter)).join('');
}

/** GRANT … ON ALL TABLES IN SCHEMA is one piece of news. */
function folded(changes: readonly GrantChange[]): readonly GrantChange[] {
  const alike = Map.groupBy(changes, ({ change, row, grantee, added, removed, grantable }) =>
    JSON.stringify([change, row.kind, row.schema, grantee, added, removed, grantable]),
  );
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= FEW) return group;
    return [{ ...first, objects: group.length }];
  });
}

function tell(told: GrantChange, { names }: Granted, { context, database, entity }: About) {
  const { row, grantee, objects } = told;
  const isMany = objects > 1;
  return {
    entity: isMany ? entity : entityOf(context, database, row),
    related: [entity],
    key: `${told.change}/${mark(context, [row.kind, isMany ? row.schema : row.id, grantee, told.added, told.removed])}`,
    body: {
      change: told.change,
      kind: row.kind,
      database,
      schema: row.schema,
      object: isMany ? null : row.object,
      part: isMany || row.part === null ? null : typeWord(row.part),
      objects: isMany ? objects : null,
      owner: row.kind === DEFAULTS && row.owner !== '' ? row.owner : null,
      to_public: grantee === PUBLIC,
      grantee: names.get(grantee),
      added: privilegeWords(told.added),
      removed: privilegeWords(told.removed),
      grantable: privilegeWords(told.grantable),
    },
  };
}

function entityOf(context: ReadContext, database: string, { kind, schema, object }: Row): string {
  if (kind === 'database') return databaseEntity(context, object);
  if (schema === null) return serverEntity(context);
  return relationEntity(context, database, schema, object);
}

function counts(objects: readonly ObjectGrants[]) {
  const own = objects.filter(({ row }) => row.schema !== 'pg_catalog' && row.schema !== 'information_schema');
  const holding = own.flatMap(({ holders, owner }) => [...holders.keys()].filter((who) => who !== owner));
  return {
    objects: own.length,
    grantees: new Set(holding.filter((who) => who !== PUBLIC)).size,
    grants: holding.length,
    public_grants: holding.filter((who) => who === PUBLIC).length,
  };
}

export const grantsReads: readonly CatalogRead[] = [differing(granted)];
