import {
  entityUri,
  type JsonObject,
  type JsonValue,
  type Observed,
  observe,
  type Timestamp,
} from '../../sdk/index.ts';
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
import { asObject, type CatalogRead, known, type ReadContext, type Reader, serverEntity } from './reader.ts';
import {
  cutGap,
  fingerprintOf,
  keyMark,
  lostGap,
  mark,
  type Remembered,
  recall,
  remember,
  textOf,
} from './remembered.ts';

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

/** Roles as counts, and every difference: who came and went, gained or lost a right, or joined whom. */
const readRoles: Reader = async (context) => {
  const asked = await context.ask(roles);
  const { now } = asked.facts;
  if (asked.truncated) return { records: [cutGap('roles', 'roles')], read: asked.rows.length };
  const before = recall(context);
  const after = new Map(asked.rows.map((row) => [keyOf(row), row]));
  const names = new Map(asked.rows.filter(isRole).map((row) => [row.id, row.role]));
  const changes = before?.entries === undefined ? [] : differences(context, before, before.entries, after);
  const window = { from: before?.at ?? now, to: now };
  return {
    records: [
      inventory(context, asked.rows, now),
      ...changes.map((change) => record(context, names, change, window)),
      ...(before !== undefined && before.entries === undefined ? [lostGap('role_changes')] : []),
    ],
    state: remember(context, new Map([...after].map(([key, row]) => [key, pack(context, row)])), now),
    read: asked.rows.length,
  };
};

function isRole({ kind }: Row): boolean {
  return kind === 'role';
}

function keyOf({ kind, id }: Row): string {
  return `${kind}/${id}`;
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

interface RoleChange {
  readonly change: string;
  readonly key: string;
  /** Mark of the role that it happened to; of the member, where it is a membership. */
  readonly who: string;
  readonly attribute?: string;
  readonly from?: JsonValue;
  readonly to?: JsonValue;
}

function differences(
  context: ReadContext,
  memory: Remembered,
  before: ReadonlyMap<string, JsonValue>,
  after: ReadonlyMap<string, Row>,
): readonly RoleChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const row = after.get(key);
    const [was, is] = [asObject(before.get(key)), row === undefined ? {} : pack(context, row)];
    const isMember = key.startsWith('membership/');
    const who = textOf(isMember ? (is['member'] ?? was['member']) : (is['role'] ?? was['role']));
    if (!before.has(key)) return [{ change: isMember ? 'membership_granted' : 'role_added', key, who }];
    if (row === undefined) return leaving(key, who, isMember, after);
    if (isMember) return memberChanges(key, who, was, is);
    // Marks made with another key can not be compared.
    const isRenamed = memory.digestedWith === keyMark(context) && was['role'] !== is['role'];
    return [
      ...(isRenamed ? [{ change: 'role_renamed', key, who }] : []),
      ...attributeChanges(key, who, was, is),
    ];
  });
}

/** A role that is dropped leaves every other: that goes without saying. */
function leaving(
  key: string,
  who: string,
  isMember: boolean,
  after: ReadonlyMap<string, Row>,
): readonly RoleChange[] {
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

function record(
  context: ReadContext,
  names: ReadonlyMap<string, string>,
  told: RoleChange,
  window: { readonly from: Timestamp; readonly to: Timestamp },
): Observed {
  const ids = told.key.slice(told.key.indexOf('/') + 1).split('.');
  const [group, member] = ids.length > 1 ? ids : [undefined, ids[0]];
  const granted = group === undefined ? null : (names.get(group) ?? null);
  const isPredefined = granted?.startsWith('pg_') === true;
  return observe({
    stream: 'role_changes',
    class: 'change',
    entity: entityUri('postgresql', context.connection, 'postgres', 'pg_role', told.who),
    related: [serverEntity(context)],
    key: `${told.change}/${mark(context, [told.key, told.attribute ?? null])}`,
    occurredAt: window.to,
    window,
    body: known({
      change: told.change,
      role: names.get(member ?? '') ?? null,
      granted_role: isPredefined ? null : granted,
      // PostgreSQL's own: nobody's name, and what it lets do is known.
      predefined: isPredefined ? granted : null,
      attribute: told.attribute ?? null,
      from: told.from ?? null,
      to: told.to ?? null,
    }),
  });
}

function inventory(context: ReadContext, rows: readonly Row[], now: Timestamp): Observed {
  const own = rows.filter((row) => isRole(row) && !row.role.startsWith('pg_'));
  const having = (attribute: (typeof ATTRIBUTES)[number]) =>
    own.filter((row) => row[attribute] === true).length;
  return observe({
    stream: 'roles',
    class: 'state',
    entity: serverEntity(context),
    key: 'roles',
    occurredAt: now,
    body: {
      roles: own.length,
      logins: having('logs_in'),
      superusers: having('superuser'),
      replicating: having('replicates'),
      bypassing_row_security: having('bypasses_row_security'),
      memberships: rows.length - rows.filter(isRole).length,
      fingerprint: fingerprintOf(context, new Map(rows.map((row) => [keyOf(row), pack(context, row)]))),
    },
  });
}

export const rolesReads: readonly CatalogRead[] = [{ query: roles, read: readRoles, also: ['role_changes'] }];
