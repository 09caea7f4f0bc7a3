import { entityUri, type JsonObject, type JsonValue } from '../../sdk/index.ts';
import {
  boolOrNull,
  instantOrNull,
  integerOrNull,
  query,
  type RowOf,
  text,
  textOrNull,
  token,
} from '../columns.ts';
import { compareEach, type Differing, differing, type Entries, type Found } from './differing.ts';
import type { CatalogRead, ReadContext } from './reader.ts';
import { fingerprintOf, mark, textOf } from './remembered.ts';

export const roles = query('roles', 20_000, {
  kind: token,
  role: text,
  member: textOrNull,
  superuser: boolOrNull,
  creates_roles: boolOrNull,
  creates_databases: boolOrNull,
  logs_in: boolOrNull,
  replicates: boolOrNull,
  bypasses_row_security: boolOrNull,
  inherits: boolOrNull,
  connection_limit: integerOrNull,
  valid_until: instantOrNull,
  id: text,
  admin_option: boolOrNull,
  set_option: boolOrNull,
});

type Row = RowOf<typeof roles>;

const ATTRIBUTES = [
  'superuser',
  'creates_roles',
  'creates_databases',
  'logs_in',
  'replicates',
  'bypasses_row_security',
  'inherits',
] as const;
const OPTIONS = ['admin_option', 'inherits', 'set_option'] as const;

interface Roles extends Found {
  readonly rows: readonly Row[];
  /** Names of the roles by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

interface RoleChange {
  readonly change: string;
  readonly key: string;
  /** Mark of the role that it happened to; of the member, where it is a membership. */
  readonly who: string;
  readonly attribute?: string;
  readonly from?: JsonValue;
  readonly to?: JsonValue;
}

/** Roles as counts, and every difference: who came and went, gained or lost a right, or joined whom. */
const whoIsWho: Differing<Row, Roles, RoleChange> = {
  query: roles,
  changes: 'role_changes',
  of: 'server',
  find: (context, rows) => ({
    rows,
    names: new Map(rows.filter(isRole).map((row) => [row.id, row.role])),
    entries: new Map(rows.map((row) => [`${row.kind}/${row.id}`, pack(context, row)])),
  }),
  inventory: ({ rows, entries }, { context }) => inventory(rows, fingerprintOf(context, entries)),
  compare: (before, { entries }, isSameKey) => differences(before, entries, isSameKey),
  tell: (change, { names }, { context, entity }) => ({
    entity: entityUri('postgresql', context.connection, 'postgres', 'pg_role', change.who),
    related: [entity],
    key: `${change.change}/${mark(context, [change.key, change.attribute ?? null])}`,
    body: bodyOf(change, names),
  }),
};

function isRole({ kind }: Row): boolean {
  return kind === 'role';
}

/** Attributes under their names, and the name of the role as a mark: names of roles are names of people. */
function pack(context: ReadContext, row: Row): JsonObject {
  if (!isRole(row)) {
    const { admin_option, inherits, set_option } = row;
    return {
      role: mark(context, row.role),
      member: mark(context, row.member),
      admin_option,
      inherits,
      set_option,
    };
  }
  const { connection_limit, valid_until } = row;
  const attributes = Object.fromEntries(ATTRIBUTES.map((attribute) => [attribute, row[attribute]]));
  return { role: mark(context, row.role), ...attributes, connection_limit, valid_until };
}

function differences(before: Entries, after: Entries, isSameKey: boolean): readonly RoleChange[] {
  return compareEach(before, after, (key, was, is) => {
    const isMember = key.startsWith('membership/');
    const of = isMember ? 'member' : 'role';
    const who = textOf(is?.[of] ?? was?.[of]);
    if (was === undefined) return [{ change: isMember ? 'membership_granted' : 'role_added', key, who }];
    if (is === undefined) return leaving(key, who, isMember, after);
    if (isMember) return memberChanges(key, who, was, is);
    const isRenamed = isSameKey && was['role'] !== is['role'];
    return [
      ...(isRenamed ? [{ change: 'role_renamed', key, who }] : []),
      ...attributeChanges(key, who, was, is),
    ];
  });
}

/** A role that is dropped leaves every other: that goes without saying. */
function leaving(key: string, who: string, isMember: boolean, after: Entries): readonly RoleChange[] {
  if (!isMember) return [{ change: 'role_removed', key, who }];
  const ids = key.slice(key.indexOf('/') + 1).split('.');
  return ids.every((id) => after.has(`role/${id}`)) ? [{ change: 'membership_revoked', key, who }] : [];
}

function memberChanges(key: string, who: string, was: JsonObject, is: JsonObject): readonly RoleChange[] {
  return OPTIONS.filter((option) => was[option] !== is[option]).map((option) => ({
    change: is[option] === true ? 'membership_option_gained' : 'membership_option_lost',
    key,
    who,
    attribute: option,
  }));
}

function attributeChanges(key: string, who: string, was: JsonObject, is: JsonObject): readonly RoleChange[] {
  const gained = ATTRIBUTES.filter((attribute) => was[attribute] !== is[attribute]).map((attribute) => ({
    change: is[attribute] === true ? 'attribute_gained' : 'attribute_lost',
    key,
    who,
    attribute,
  }));
  const values = (['connection_limit', 'valid_until'] as const)
    .filter((attribute) => was[attribute] !== is[attribute])
    .map((attribute) => ({
      change: `${attribute}_changed`,
      key,
      who,
      from: was[attribute] ?? null,
      to: is[attribute] ?? null,
    }));
  return [...gained, ...values];
}

function bodyOf({ change, key, attribute, from, to }: RoleChange, names: ReadonlyMap<string, string>) {
  const ids = key.slice(key.indexOf('/') + 1).split('.');
  const [group, member] = ids.length > 1 ? ids : [undefined, ids[0]];
  const granted = group === undefined ? null : (names.get(group) ?? null);
  const isPredefined = granted?.startsWith('pg_') === true;
  return {
    change,
    role: names.get(member ?? ''),
    granted_role: isPredefined ? null : granted,
    // PostgreSQL's own: nobody's name, and what it lets do is known.
    predefined: isPredefined ? granted : null,
    attribute,
    from,
    to,
  };
}

function inventory(rows: readonly Row[], fingerprint: string) {
  const own = rows.filter((row) => isRole(row) && !row.role.startsWith('pg_'));
  const having = (attribute: (typeof ATTRIBUTES)[number]) =>
    own.filter((row) => row[attribute] === true).length;
  return {
    roles: own.length,
    logins: having('logs_in'),
    superusers: having('superuser'),
    replicating: having('replicates'),
    bypassing_row_security: having('bypasses_row_security'),
    memberships: rows.length - rows.filter(isRole).length,
    fingerprint,
  };
}

export const rolesReads: readonly CatalogRead[] = [differing(whoIsWho)];
