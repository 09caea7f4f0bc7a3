/** Kinds of what a schema is made of. A column, index, constraint or trigger is a part of its table. */
export type SchemaKind =
  | 'table'
  | 'view'
  | 'materialized_view'
  | 'foreign_table'
  | 'sequence'
  | 'column'
  | 'index'
  | 'constraint'
  | 'trigger'
  | 'function'
  | 'enum';

/** What can change about one of them. Definition, default and privileges are keyed digests. */
export interface Facets {
  readonly type: string | null;
  readonly nullable: boolean | null;
  /** Index usable, constraint validated, trigger enabled. */
  readonly valid: boolean | null;
  readonly definition: string | null;
  readonly default: string | null;
  readonly privileges: string | null;
}

export interface SchemaObject extends Facets {
  readonly kind: SchemaKind;
  readonly schema: string;
  readonly object: string;
  /** Name within the object; for a function the types of its arguments, since one name may have many. */
  readonly part: string | null;
}

export type Facet = keyof Facets;
export const FACETS: readonly Facet[] = ['type', 'nullable', 'valid', 'definition', 'default', 'privileges'];

export type SchemaChange =
  | { readonly kind: 'added'; readonly after: SchemaObject }
  | { readonly kind: 'removed'; readonly before: SchemaObject }
  | {
      readonly kind: 'changed';
      readonly facet: Facet;
      readonly before: SchemaObject;
      readonly after: SchemaObject;
    };

export type Schema = ReadonlyMap<string, SchemaObject>;

const PARTS: ReadonlySet<SchemaKind> = new Set(['column', 'index', 'constraint', 'trigger']);

export function schemaOf(objects: Iterable<SchemaObject>): Schema {
  return new Map([...objects].map((object) => [keyOf(object), object]));
}

/** JSON keeps names apart that contain one another's separators. */
export function keyOf({ kind, schema, object, part }: SchemaObject): string {
  return JSON.stringify([schema, object, kind, part]);
}

/** Every difference, in the order of names: one per object added or removed, one per facet that differs. */
export function diffSchemas(before: Schema, after: Schema): readonly SchemaChange[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => diffObjects(before.get(key), after.get(key)));
}

function diffObjects(
  before: SchemaObject | undefined,
  after: SchemaObject | undefined,
): readonly SchemaChange[] {
  if (before === undefined) return after === undefined ? [] : [{ kind: 'added', after }];
  if (after === undefined) return [{ kind: 'removed', before }];
  return FACETS.filter((facet) => before[facet] !== after[facet]).map((facet) => ({
    kind: 'changed',
    facet,
    before,
    after,
  }));
}

/** A change with the number of parts that came or went with it. */
export interface FoldedChange {
  readonly change: SchemaChange;
  readonly parts: number;
}

/** A new table is one piece of news, not one for each of its columns. */
export function foldParts(changes: readonly SchemaChange[]): readonly FoldedChange[] {
  const counts = new Map<string, number>();
  const whole = changes.filter((change) => change.kind !== 'changed' && !isPart(subjectOf(change)));
  for (const change of whole) counts.set(ownerKey(change), 0);
  const kept = changes.filter((change) => {
    const count = counts.get(ownerKey(change));
    if (!isPart(subjectOf(change)) || change.kind === 'changed' || count === undefined) return true;
    counts.set(ownerKey(change), count + 1);
    return false;
  });
  return kept.map((change) => ({
    change,
    parts: isPart(subjectOf(change)) ? 0 : (counts.get(ownerKey(change)) ?? 0),
  }));
}

export function subjectOf(change: SchemaChange): SchemaObject {
  return change.kind === 'removed' ? change.before : change.after;
}

function isPart(object: SchemaObject): boolean {
  return PARTS.has(object.kind);
}

/** Functions and enums have names of their own: no table takes its parts from them. */
function ownerKey(change: SchemaChange): string {
  const { kind, schema, object, part } = subjectOf(change);
  const family = kind === 'function' || kind === 'enum' ? [kind, part] : ['relation'];
  return JSON.stringify([change.kind, schema, object, ...family]);
}

/** The word for a change, e.g. `column_added`, `type_changed`, `index_invalid`. */
export function nameOf(change: SchemaChange): string {
  const { kind, valid } = subjectOf(change);
  if (change.kind !== 'changed') return `${PARTS.has(kind) ? kind : 'object'}_${change.kind}`;
  if (change.facet === 'valid') return VALIDITY[kind]?.[valid === true ? 'yes' : 'no'] ?? `${kind}_changed`;
  return FACET_NAMES[kind]?.[change.facet] ?? COMMON_NAMES[change.facet] ?? `${kind}_changed`;
}

const VALIDITY: Partial<Record<SchemaKind, { readonly yes: string; readonly no: string }>> = {
  index: { yes: 'index_valid', no: 'index_invalid' },
  constraint: { yes: 'constraint_validated', no: 'constraint_not_validated' },
  trigger: { yes: 'trigger_enabled', no: 'trigger_disabled' },
};

const COMMON_NAMES: Partial<Record<Facet, string>> = {
  privileges: 'privileges_changed',
  default: 'default_changed',
  nullable: 'nullability_changed',
  type: 'type_changed',
};

const FACET_NAMES: Partial<Record<SchemaKind, Partial<Record<Facet, string>>>> = {
  table: { definition: 'definition_changed' },
  view: { definition: 'definition_changed' },
  materialized_view: { definition: 'definition_changed' },
  foreign_table: { definition: 'definition_changed' },
  sequence: { definition: 'definition_changed' },
  function: { definition: 'definition_changed' },
  enum: { definition: 'definition_changed' },
  constraint: { type: 'constraint_changed' },
};

const SHORT_TYPES: readonly (readonly [RegExp, string])[] = [
  [/timestamp(\(\d+\))? with time zone/g, 'timestamptz$1'],
  [/timestamp(\(\d+\))? without time zone/g, 'timestamp$1'],
  [/time(\(\d+\))? with time zone/g, 'timetz$1'],
  [/time(\(\d+\))? without time zone/g, 'time$1'],
  [/\bcharacter varying\b/g, 'varchar'],
  [/\bdouble precision\b/g, 'float8'],
  [/\bbit varying\b/g, 'varbit'],
  [/\bcharacter\b/g, 'char'],
];

/**
 * A type as one word: `numeric(10,2)` becomes `numeric:10:2`, `timestamp with time zone` `timestamptz`. Evidence has
 * no field with room for spaces and brackets.
 */
export function typeWord(type: string): string {
  let word = type;
  for (const [long, short] of SHORT_TYPES) word = word.replace(long, short);
  return word
    .replace(/\s*[(,]\s*/g, ':')
    .replaceAll(')', '')
    .replace(/\s+/g, '_');
}
