import type { CatalogChange, CatalogObject, Fact } from './schema-diff.ts';

/** What is told of one change: its word, and what it went from and to where that may be said. */
export interface Told {
  /** E.g. `column_added`, `type_changed`, `index_invalid`. */
  readonly change: string;
  readonly from?: Fact;
  readonly to?: Fact;
  /** Name of a storage parameter. */
  readonly option?: string;
}

/** In words. Nothing where the change says nothing of its own; several where options changed. */
export function tell(change: CatalogChange): readonly Told[] {
  switch (change.op) {
    case 'added':
      return [{ change: `${change.after.kind}_added`, to: typeOf(change.after) }];
    case 'removed':
      return [{ change: `${change.before.kind}_removed`, from: typeOf(change.before) }];
    case 'replaced':
      return [{ change: isRebuilt(change) ? 'index_rebuilt' : `${change.after.kind}_replaced` }];
    case 'renamed':
      return [{ change: `${change.after.kind}_renamed`, ...names(change.before, change.after) }];
    case 'moved':
      return [{ change: `${change.after.kind}_moved`, from: change.before.schema, to: change.after.schema }];
    case 'changed':
      return tellFact(change);
  }
}

/** REINDEX CONCURRENTLY puts another index of the same definition in the place of the old one. */
function isRebuilt({ before, after }: { before: CatalogObject; after: CatalogObject }): boolean {
  return after.kind === 'index' && before.facts['definition'] === after.facts['definition'];
}

function typeOf({ facts }: CatalogObject): Fact {
  return facts['type'] ?? null;
}

function names(before: CatalogObject, after: CatalogObject): { from: Fact; to: Fact } {
  return before.object === after.object || after.whole !== null
    ? { from: before.part, to: after.part }
    : { from: before.object, to: after.object };
}

type FactChange = Extract<CatalogChange, { op: 'changed' }>;

function tellFact(change: FactChange): readonly Told[] {
  const { fact, before, after } = change;
  const [from, to] = [before.facts[fact] ?? null, after.facts[fact] ?? null];
  if (fact === 'options') return options(from, to);
  const word = WORDS[fact]?.(change, from, to);
  if (word === undefined || word === null) return [];
  return [{ change: word, ...TELLS[fact]?.(from, to) }];
}

type Word = (change: FactChange, from: Fact, to: Fact) => string | null;

const always =
  (word: string): Word =>
  () =>
    word;
const whether =
  (yes: string, no: string): Word =>
  (_change, _from, to) =>
    to === true ? yes : no;

const WORDS: Readonly<Record<string, Word>> = {
  owner: always('owner_changed'),
  type: ({ after }) => (after.kind === 'constraint' ? 'constraint_changed' : 'type_changed'),
  nullable: always('nullability_changed'),
  default: always('default_changed'),
  identity: always('generation_changed'),
  statistics: always('statistics_target_changed'),
  persistence: always('persistence_changed'),
  replica_identity: always('replica_identity_changed'),
  row_security: whether('row_security_enabled', 'row_security_disabled'),
  row_security_forced: whether('row_security_forced', 'row_security_not_forced'),
  tablespace: always('tablespace_changed'),
  access_method: always('access_method_changed'),
  parent: parentWord,
  // A partition that is attached or detached gets or loses its bound too.
  bound: ({ before, after }) =>
    before.facts['parent'] === after.facts['parent'] ? 'partition_bound_changed' : null,
  detaching: (_change, _from, to) => (to === true ? 'partition_detaching' : null),
  filenode: filenodeWord,
  definition: definitionWord,
  valid: ({ after }, _from, to) => VALIDITY[after.kind]?.[to === true ? 0 : 1] ?? null,
  enabled: enabledWord,
  unique: whether('index_unique', 'index_not_unique'),
  primary: always('index_changed'),
  marked: always('index_role_changed'),
  deferrable: always('constraint_changed'),
  command: always('policy_changed'),
  permissive: always('policy_changed'),
  roles: always('policy_roles_changed'),
  labels: (_change, from, to) => (Number(to) > Number(from) ? 'enum_label_added' : 'enum_changed'),
  security_definer: whether('security_definer_set', 'security_definer_reset'),
  volatility: always('volatility_changed'),
  parallel: always('parallel_safety_changed'),
};

/** Where the values themselves are types, switches or words of PostgreSQL. */
const TELLS: Readonly<Record<string, (from: Fact, to: Fact) => { from: Fact; to: Fact }>> = {
  type: (from, to) => ({ from, to }),
  nullable: (from, to) => ({ from: nullability(from), to: nullability(to) }),
  persistence: (from, to) => ({ from: letter(PERSISTENCE, from), to: letter(PERSISTENCE, to) }),
  replica_identity: (from, to) => ({ from: letter(IDENTITY, from), to: letter(IDENTITY, to) }),
  identity: (from, to) => ({ from: letter(GENERATION, from), to: letter(GENERATION, to) }),
  enabled: (from, to) => ({ from: letter(ENABLED, from), to: letter(ENABLED, to) }),
  volatility: (from, to) => ({ from: letter(VOLATILITY, from), to: letter(VOLATILITY, to) }),
  parallel: (from, to) => ({ from: letter(PARALLEL, from), to: letter(PARALLEL, to) }),
  tablespace: (from, to) => ({ from: from ?? 'default', to: to ?? 'default' }),
  labels: (from, to) => ({ from, to }),
};

const VALIDITY: Readonly<Record<string, readonly [string, string]>> = {
  index: ['index_valid', 'index_invalid'],
  constraint: ['constraint_validated', 'constraint_not_validated'],
};

const PERSISTENCE = { p: 'permanent', u: 'unlogged', t: 'temporary' };
const IDENTITY = { d: 'default', n: 'nothing', f: 'full', i: 'index' };
const GENERATION = { '': 'none', a: 'identity_always', d: 'identity_by_default', s: 'stored', v: 'virtual' };
const ENABLED = { O: 'enabled', D: 'disabled', R: 'replica', A: 'always' };
const VOLATILITY = { i: 'immutable', s: 'stable', v: 'volatile' };
const PARALLEL = { s: 'safe', r: 'restricted', u: 'unsafe' };

function letter(words: Readonly<Record<string, string>>, value: Fact): Fact {
  return words[String(value ?? '')] ?? null;
}

function nullability(nullable: Fact): string {
  return nullable === true ? 'nullable' : 'not_null';
}

/** A partition has a bound, a child of inheritance has none. */
function parentWord({ before, after }: FactChange, from: Fact, to: Fact): string {
  const isPartition = before.facts['bound'] !== null || after.facts['bound'] !== null;
  if (!isPartition) return 'inheritance_changed';
  if (from === null) return 'partition_attached';
  return to === null ? 'partition_detached' : 'partition_changed';
}

/**
 * New storage: VACUUM FULL, CLUSTER, TRUNCATE, or an ALTER TABLE that writes the table anew. Only TRUNCATE leaves a
 * table that nobody has counted while nothing else about it differs.
 */
function filenodeWord({ before, after }: FactChange, from: Fact, to: Fact): string | null {
  if (from === null || to === null) return null;
  if (after.kind === 'index') return 'index_rebuilt';
  const wasCounted = before.facts['unanalyzed'] === false;
  return wasCounted && after.facts['unanalyzed'] === true ? 'table_rewritten_or_emptied' : 'table_rewritten';
}

const DEFINITIONS: Readonly<Record<string, string>> = {
  view: 'definition_changed',
  materialized_view: 'definition_changed',
  function: 'function_replaced',
  procedure: 'procedure_replaced',
  aggregate: 'aggregate_replaced',
  column: 'column_changed',
  enum: 'enum_changed',
};

function definitionWord({ before, after }: FactChange): string | null {
  // A label more changes both, and is told once.
  if (after.kind === 'enum' && before.facts['labels'] !== after.facts['labels']) return null;
  // Another type has another collation and storage.
  if (after.kind === 'column' && before.facts['type'] !== after.facts['type']) return null;
  return DEFINITIONS[after.kind] ?? `${after.kind}_changed`;
}

function enabledWord({ after }: FactChange, from: Fact, to: Fact): string {
  if (to === 'D') return `${after.kind}_disabled`;
  return from === 'D' ? `${after.kind}_enabled` : `${after.kind}_mode_changed`;
}

function options(from: Fact, to: Fact): readonly Told[] {
  const [was, is] = [parseOptions(from), parseOptions(to)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .sort()
    .filter((option) => was.get(option) !== is.get(option))
    .map((option) => ({
      change: 'option_changed',
      option,
      from: toldValue(was.get(option)),
      to: toldValue(is.get(option)),
    }));
}

const DIGEST_MARK = '#';

/** `fillfactor=70` as it is kept: numbers, switches and words of PostgreSQL as they are, anything else as a digest. */
export function safeOption(option: string, digest: (value: string) => string): string {
  const [name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(option)?.slice(1) ?? [];
  const isSafe = /^(-?\d{1,12}(\.\d{1,12})?|on|off|true|false|yes|no|auto|local|cascaded)$/i.test(value);
  return `${name}=${isSafe ? value : `${DIGEST_MARK}${digest(value)}`}`;
}

function parseOptions(value: Fact): ReadonlyMap<string, string> {
  const entries = typeof value === 'string' ? value.split('\n') : [];
  return new Map(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

function toldValue(value: string | undefined): Fact {
  return value === undefined || value.startsWith(DIGEST_MARK) ? null : value;
}
