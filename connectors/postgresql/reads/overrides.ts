import type { JsonObject, JsonValue } from '../../sdk/index.ts';
import { query, type RowOf, text, textOrNull } from '../columns.ts';
import { compareEach, type Differing, differing, type Entries, everyKey, type Found } from './differing.ts';
import { asObject, type CatalogRead, databaseEntity, type ReadContext } from './reader.ts';
import { fingerprintOf, mark, textOf } from './remembered.ts';

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

interface Overrides extends Found {
  readonly overrides: ReadonlyMap<string, Override>;
}

interface OverrideChange {
  readonly change: string;
  readonly key: string;
  readonly database: string | null;
  readonly name: string | null;
  readonly from?: JsonValue | undefined;
  readonly to?: JsonValue | undefined;
}

/** What ALTER DATABASE and ALTER ROLE SET, as a count, and every difference to the read before. */
const overridden: Differing<Row, Overrides, OverrideChange> = {
  query: overrides,
  changes: 'setting_override_changes',
  of: 'server',
  find: (context, rows) => {
    const found = gather(context, rows);
    return { overrides: found, entries: new Map([...found].map(([key, one]) => [key, pack(one)])) };
  },
  inventory: ({ entries, overrides: found }, { context }) => {
    const names = [...found.values()].flatMap(({ settings }) => Object.keys(settings));
    return {
      places: found.size,
      settings: names.length,
      names: [...new Set(names)].sort(),
      fingerprint: fingerprintOf(context, entries),
    };
  },
  compare: (before, { entries }, isSameKey) => differences(before, entries, isSameKey),
  tell: ({ change, key, database, name, from, to }, { overrides: found }, { context, entity }) => ({
    entity: database === null ? entity : databaseEntity(context, database),
    key: `${change}/${mark(context, [key, name])}`,
    body: { change, scope: scopeWord(key), database, role: found.get(key)?.role, name, from, to },
  }),
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

function differences(before: Entries, after: Entries, isSameKey: boolean): readonly OverrideChange[] {
  return compareEach(before, after, (key, was = {}, is = {}) => {
    const about = { key, database: textOf(is['database'] ?? was['database']) || null };
    const changes = settingChanges(asObject(was['settings']), asObject(is['settings']));
    const hidden = isSameKey && changes.length === 0 && was['fingerprint'] !== is['fingerprint'];
    // The value of a setting that is not read.
    const found = hidden ? [{ change: 'override_changed', name: null }] : changes;
    return found.map((change) => ({ ...about, ...change }));
  });
}

function settingChanges(
  was: JsonObject,
  is: JsonObject,
): readonly Omit<OverrideChange, 'key' | 'database'>[] {
  return everyKey(Object.keys(was), Object.keys(is))
    .filter((name) => Object.hasOwn(was, name) !== Object.hasOwn(is, name) || was[name] !== is[name])
    .map((name) => ({ change: wordOf(name, was, is), name, from: was[name], to: is[name] }));
}

function wordOf(name: string, was: JsonObject, is: JsonObject): string {
  if (!Object.hasOwn(was, name)) return 'override_added';
  return Object.hasOwn(is, name) ? 'override_changed' : 'override_removed';
}

/** `0` stands for all. */
function scopeWord(key: string): string {
  const [database, role] = key.split('.');
  if (role === '0') return 'database';
  return database === '0' ? 'role' : 'role_in_database';
}

export const overridesReads: readonly CatalogRead[] = [differing(overridden)];
