import { type JsonObject, type JsonValue, type Observed, observe, type Timestamp } from '../../sdk/index.ts';
import { query, type RowOf, text, textOrNull } from '../columns.ts';
import {
  asObject,
  type CatalogRead,
  databaseEntity,
  known,
  type ReadContext,
  type Reader,
  serverEntity,
} from './reader.ts';
import { cutGap, fingerprintOf, keyMark, lostGap, mark, recall, remember, textOf } from './remembered.ts';

export const overrides = query('setting_overrides', 5_000, {
  database_id: text,
  role_id: text,
  database: textOrNull,
  role: textOrNull,
  fingerprint: textOrNull,
  name: textOrNull,
  value: textOrNull,
});

type Row = RowOf<typeof overrides>;

/** Settings of one role in one database; either may be all of them. */
interface Override {
  readonly database: string | null;
  readonly role: string | null;
  readonly fingerprint: string;
  /** Values of allowlisted settings; null for those whose value is not read. */
  readonly settings: Readonly<Record<string, string | null>>;
}

/** What ALTER DATABASE and ALTER ROLE SET, as a count, and every difference to the read before. */
const readOverrides: Reader = async (context) => {
  const asked = await context.ask(overrides);
  const { now } = asked.facts;
  if (asked.truncated) {
    return { records: [cutGap('setting_overrides', 'setting_overrides')], read: asked.rows.length };
  }
  const before = recall(context);
  const after = gather(context, asked.rows);
  const entries = new Map([...after].map(([key, override]) => [key, pack(override)]));
  const isSameKey = before?.digestedWith === keyMark(context);
  const changes = before?.entries === undefined ? [] : differences(before.entries, entries, isSameKey);
  const window = { from: before?.at ?? now, to: now };
  return {
    records: [
      inventory(context, entries, now),
      ...changes.map((change) => record(context, after.get(change.key), change, window)),
      ...(before !== undefined && before.entries === undefined ? [lostGap('setting_override_changes')] : []),
    ],
    state: remember(context, entries, now),
    read: asked.rows.length,
  };
};

function gather(context: ReadContext, rows: readonly Row[]): ReadonlyMap<string, Override> {
  const found = new Map<string, Override>();
  for (const [key, group] of Map.groupBy(rows, (row) => `${row.database_id}.${row.role_id}`)) {
    const [about] = group.filter(({ name }) => name === null);
    const settings: Record<string, string | null> = {};
    // A setting whose value may be read comes twice.
    for (const { name, value } of group) {
      if (name !== null) settings[name] = settings[name] ?? safeValue(value);
    }
    const { database = null, role = null, fingerprint = null } = about ?? {};
    found.set(key, { database, role, fingerprint: mark(context, fingerprint), settings });
  }
  return found;
}

/** Numbers with a unit, switches and words of a closed vocabulary, whatever the name promised. */
function safeValue(value: string | null): string | null {
  return value !== null && /^[A-Za-z0-9_.-]{1,63}$/.test(value) ? value : null;
}

function pack({ database, fingerprint, settings }: Override): JsonObject {
  return { database, fingerprint, settings };
}

interface OverrideChange {
  readonly change: string;
  readonly key: string;
  readonly database: string | null;
  readonly name: string | null;
  readonly from?: JsonValue | undefined;
  readonly to?: JsonValue | undefined;
}

function differences(
  before: ReadonlyMap<string, JsonValue>,
  after: ReadonlyMap<string, JsonValue>,
  comparable: boolean,
): readonly OverrideChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [was, is] = [asObject(before.get(key)), asObject(after.get(key))];
    const about = { key, database: textOf(is['database'] ?? was['database']) || null };
    const changes = settingChanges(asObject(was['settings']), asObject(is['settings']));
    const hidden = comparable && changes.length === 0 && was['fingerprint'] !== is['fingerprint'];
    // The value of a setting that is not read.
    const found = hidden ? [{ change: 'override_changed', name: null }] : changes;
    return found.map((change) => ({ ...about, ...change }));
  });
}

function settingChanges(
  was: JsonObject,
  is: JsonObject,
): readonly Omit<OverrideChange, 'key' | 'database'>[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .sort()
    .filter((name) => Object.hasOwn(was, name) !== Object.hasOwn(is, name) || was[name] !== is[name])
    .map((name) => ({ change: wordOf(name, was, is), name, from: was[name], to: is[name] }));
}

function wordOf(name: string, was: JsonObject, is: JsonObject): string {
  if (!Object.hasOwn(was, name)) return 'override_added';
  return Object.hasOwn(is, name) ? 'override_changed' : 'override_removed';
}

function record(
  context: ReadContext,
  override: Override | undefined,
  { change, key, database, name, from, to }: OverrideChange,
  window: { readonly from: Timestamp; readonly to: Timestamp },
): Observed {
  return observe({
    stream: 'setting_override_changes',
    class: 'change',
    entity: database === null ? serverEntity(context) : databaseEntity(context, database),
    key: `${change}/${mark(context, [key, name])}`,
    occurredAt: window.to,
    window,
    body: known({
      change,
      scope: scopeWord(key),
      database,
      role: override?.role ?? null,
      name,
      from: from ?? null,
      to: to ?? null,
    }),
  });
}

/** `0` stands for all. */
function scopeWord(key: string): string {
  const [database, role] = key.split('.');
  if (role === '0') return 'database';
  return database === '0' ? 'role' : 'role_in_database';
}

function inventory(context: ReadContext, entries: ReadonlyMap<string, JsonValue>, now: Timestamp): Observed {
  const settings = [...entries.values()].flatMap((entry) =>
    Object.keys(asObject(asObject(entry)['settings'])),
  );
  return observe({
    stream: 'setting_overrides',
    class: 'state',
    entity: serverEntity(context),
    key: 'setting_overrides',
    occurredAt: now,
    body: {
      places: entries.size,
      settings: settings.length,
      names: [...new Set(settings)].sort(),
      fingerprint: fingerprintOf(context, entries),
    },
  });
}

export const overridesReads: readonly CatalogRead[] = [
  { query: overrides, read: readOverrides, also: ['setting_override_changes'] },
];
