import type { CatalogObject, Fact } from './schema-diff.ts';

/** Facts of each kind, in the order in which `queries/schema.sql` returns them. */
const RELATION = [
  'owner',
  'persistence',
  'replica_identity',
  'row_security',
  'row_security_forced',
  'options',
  'tablespace',
  'access_method',
  'parent',
  'bound',
  'detaching',
  'filenode',
  'unanalyzed',
  'definition',
] as const;
const ROUTINE = ['owner', 'type', 'definition', 'security_definer', 'volatility', 'parallel'] as const;
const TYPE = ['owner', 'type', 'nullable', 'default', 'labels', 'definition'] as const;

export const FACTS = {
  table: RELATION,
  view: RELATION,
  materialized_view: RELATION,
  foreign_table: RELATION,
  sequence: RELATION,
  composite_type: RELATION,
  function: ROUTINE,
  procedure: ROUTINE,
  aggregate: ROUTINE,
  enum: TYPE,
  domain: TYPE,
  schema: ['owner'],
  event_trigger: ['owner', 'enabled', 'definition'],
  database: ['owner'],
  column: ['type', 'nullable', 'default', 'identity', 'definition', 'statistics'],
  index: ['valid', 'definition', 'unique', 'primary', 'options', 'tablespace', 'filenode', 'marked'],
  constraint: ['type', 'valid', 'definition', 'deferrable'],
  trigger: ['enabled', 'definition'],
  policy: ['command', 'permissive', 'roles', 'definition'],
  rule: ['enabled', 'definition'],
} as const satisfies Record<string, readonly string[]>;

export type SchemaKind = keyof typeof FACTS;

/** Facts that are digests: what they stand for is never told, and never kept as the server gave it. */
export const DIGESTS: ReadonlySet<string> = new Set([
  'default',
  'definition',
  'bound',
  'roles',
  'statistics',
]);

/** Types are told as one word each. */
export const TYPES: ReadonlySet<string> = new Set(['type']);

export function isSchemaKind(kind: string): kind is SchemaKind {
  return Object.hasOwn(FACTS, kind);
}

/** Facts by name, from values in the order of `FACTS`; a value too few is a fact that there is not. */
export function factsOf(kind: SchemaKind, values: readonly unknown[]): Readonly<Record<string, Fact>> {
  return Object.fromEntries(FACTS[kind].map((name, index) => [name, asFact(values[index])]));
}

function asFact(value: unknown): Fact {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** The values of an object in the order of `FACTS`, without the empty ones at the end. */
export function valuesOf({ kind, facts }: CatalogObject): readonly Fact[] {
  const values = isSchemaKind(kind) ? FACTS[kind].map((name) => facts[name] ?? null) : [];
  return values.slice(0, values.findLastIndex((value) => value !== null) + 1);
}

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
