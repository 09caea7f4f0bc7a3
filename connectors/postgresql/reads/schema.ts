import { z } from 'zod';
import { type Gap, type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import type { SessionFacts } from '../catalog.ts';
import { boolOrNull, query, type RowOf, text, textOrNull } from '../columns.ts';
import {
  diffSchemas,
  type FoldedChange,
  foldParts,
  nameOf,
  type Schema,
  type SchemaChange,
  type SchemaObject,
  schemaOf,
  subjectOf,
  typeWord,
} from '../schema-diff.ts';
import {
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
} from './reader.ts';

export const schemaQuery = query('schema', 50_000, {
  kind: z.enum([
    'table',
    'view',
    'materialized_view',
    'foreign_table',
    'sequence',
    'column',
    'index',
    'constraint',
    'trigger',
    'function',
    'enum',
  ]),
  schema: text,
  object: text,
  part: textOrNull,
  type: textOrNull,
  nullable: boolOrNull,
  valid: boolOrNull,
  definition: textOrNull,
  default_value: textOrNull,
  privileges: textOrNull,
});

const LAST_READ = 'last_read';
const OBJECT = 'object/';
const DIGESTED_WITH = 'digested_with';
/** A migration tool that rebuilds everything is one piece of news after this many. */
const MAX_CHANGES = 1_000;

/** What the database consists of, as counts and one digest, and every difference to the read before. */
export const readSchema: Reader = async (context) => {
  const asked = await context.ask(schemaQuery);
  const { facts } = asked;
  if (!inScope(context, facts.database)) return { records: [], read: 0 };
  // From half a list nothing can be said about the other half, least of all that it is gone.
  if (asked.truncated) return { records: [tooLarge()], read: asked.rows.length };
  const after = schemaOf(asked.rows.map((row) => objectOf(row, shortDigest(context))));
  const since = context.state.get(LAST_READ);
  const before = recall(context);
  const changes = typeof since === 'string' ? foldParts(differences(context, before, after)) : [];
  const told =
    typeof since === 'string'
      ? changes.slice(0, MAX_CHANGES).map((change) => changeRecord(context, facts, since, change))
      : [];
  return {
    records: [
      inventory(context, facts, after),
      ...told,
      ...(changes.length > MAX_CHANGES ? [tooMany()] : []),
    ],
    state: patch(context, after, facts.now),
    read: asked.rows.length,
  };
};

/** Digests made with another key than the last read's can not be compared; everything else still can. */
function differences(context: ReadContext, before: Schema, after: Schema): readonly SchemaChange[] {
  const mark = keyMark(context);
  // State from before there was a mark: the key has not rotated since, most likely.
  if ((context.state.get(DIGESTED_WITH) ?? mark) === mark) return diffSchemas(before, after);
  return diffSchemas(withoutDigests(before), withoutDigests(after));
}

/** Stands for the key that digests are made with: the key rotates. */
function keyMark(context: ReadContext): string {
  return context.digest(DIGESTED_WITH).slice(-16);
}

function withoutDigests(schema: Schema): Schema {
  return schemaOf(
    [...schema.values()].map((object) => ({ ...object, definition: null, default: null, privileges: null })),
  );
}

/** 64 bits are plenty to see that something changed, and keep the state of a large schema small. */
function shortDigest(context: ReadContext): (value: string | null) => string | null {
  const seen = new Map<string, string>();
  return (value) => {
    if (value === null) return null;
    const digest = seen.get(value) ?? context.digest(value).slice(-16);
    seen.set(value, digest);
    return digest;
  };
}

function objectOf(
  row: RowOf<typeof schemaQuery>,
  digest: (value: string | null) => string | null,
): SchemaObject {
  return {
    kind: row.kind,
    schema: row.schema,
    object: row.object,
    part: row.kind === 'function' ? typeWord(row.part ?? '') : row.part,
    type: row.type === null ? null : typeWord(row.type),
    nullable: row.nullable,
    valid: row.valid,
    definition: digest(row.definition),
    default: digest(row.default_value),
    privileges: digest(row.privileges),
  };
}

function inventory(context: ReadContext, facts: SessionFacts, schema: Schema): Observed {
  const counts: Record<string, number> = {};
  for (const { kind } of schema.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  return observe({
    stream: 'schema',
    class: 'state',
    entity: databaseEntity(context, facts.database),
    key: 'schema',
    occurredAt: facts.now,
    ...scopeOf(facts.database),
    body: {
      database: facts.database,
      fingerprint: context.digest([...schema].sort(byKey).map(([, object]) => compact(object))),
      tables: counts['table'] ?? 0,
      views: counts['view'] ?? 0,
      materialized_views: counts['materialized_view'] ?? 0,
      foreign_tables: counts['foreign_table'] ?? 0,
      sequences: counts['sequence'] ?? 0,
      columns: counts['column'] ?? 0,
      indexes: counts['index'] ?? 0,
      invalid_indexes: [...schema.values()].filter(({ kind, valid }) => kind === 'index' && valid === false)
        .length,
      constraints: counts['constraint'] ?? 0,
      triggers: counts['trigger'] ?? 0,
      functions: counts['function'] ?? 0,
      enums: counts['enum'] ?? 0,
    },
  });
}

function byKey([a]: readonly [string, SchemaObject], [b]: readonly [string, SchemaObject]): number {
  return a < b ? -1 : 1;
}

function changeRecord(
  context: ReadContext,
  facts: SessionFacts,
  since: string,
  { change, parts }: FoldedChange,
): Observed {
  const { kind, schema, object, part, valid } = subjectOf(change);
  const name = nameOf(change);
  return observe({
    stream: 'schema_changes',
    class: 'change',
    entity: relationEntity(context, facts.database, schema, object),
    related: [databaseEntity(context, facts.database)],
    key: `${name}/${context.digest([kind, part])}`,
    // Somewhere between the two reads; the catalog keeps no time.
    occurredAt: facts.now,
    window: { from: since, to: facts.now },
    ...scopeOf(facts.database),
    body: known({
      change: name,
      kind,
      database: facts.database,
      schema,
      object,
      part: part === '' ? null : part,
      parts: parts > 0 ? parts : null,
      valid,
      ...fromTo(change),
    }),
  });
}

/** Only types and switches are told; a definition is only ever said to differ. */
function fromTo(change: SchemaChange): { from?: unknown; to?: unknown } {
  if (change.kind === 'added') return { to: change.after.type };
  if (change.kind === 'removed') return { from: change.before.type };
  const { facet, before, after } = change;
  if (facet === 'type') return { from: before.type, to: after.type };
  if (facet === 'nullable') return { from: nullability(before), to: nullability(after) };
  return {};
}

function nullability({ nullable }: SchemaObject): string {
  return nullable === true ? 'nullable' : 'not_null';
}

type Compact = readonly [
  kind: string,
  part: string | null,
  type: string | null,
  nullable: boolean | null,
  valid: boolean | null,
  definition: string | null,
  byDefault: string | null,
  privileges: string | null,
];

function compact(object: SchemaObject): Compact {
  const { kind, part, type, nullable, valid, definition, privileges } = object;
  return [kind, part, type, nullable, valid, definition, object.default, privileges];
}

/** One key for each name, so that a change writes a line of state and not all of it. */
function patch(context: ReadContext, schema: Schema, now: string) {
  const lists = new Map<string, Compact[]>();
  for (const [, object] of [...schema].sort(byKey)) {
    const key = `${OBJECT}${JSON.stringify([object.schema, object.object])}`;
    const list = lists.get(key) ?? [];
    list.push(compact(object));
    lists.set(key, list);
  }
  const set: Record<string, JsonValue> = { [LAST_READ]: now, [DIGESTED_WITH]: keyMark(context) };
  for (const [key, list] of lists) {
    if (JSON.stringify(context.state.get(key)) !== JSON.stringify(list)) set[key] = list;
  }
  const gone = [...context.state.keys()].filter((key) => key.startsWith(OBJECT) && !lists.has(key));
  return { set, delete: gone };
}

function recall(context: ReadContext): Schema {
  const objects: SchemaObject[] = [];
  for (const key of context.state.keys()) {
    if (!key.startsWith(OBJECT)) continue;
    const [schema, object] = JSON.parse(key.slice(OBJECT.length)) as [string, string];
    const list = context.state.get(key) as unknown as readonly Compact[];
    for (const [kind, part, type, nullable, valid, definition, byDefault, privileges] of list) {
      objects.push({
        kind: kind as SchemaObject['kind'],
        schema,
        object,
        part,
        type,
        nullable,
        valid,
        definition,
        default: byDefault,
        privileges,
      });
    }
  }
  return schemaOf(objects);
}

function tooLarge(): Gap {
  return {
    gap: 'BUDGET',
    stream: 'schema',
    missing: 'schema',
    reason: 'The database has more objects than this read lets through, so nothing can be compared.',
    hint: 'Raise budget.rows and budget.bytes of the read schema in the policy.',
  };
}

function tooMany(): Gap {
  return {
    gap: 'BUDGET',
    stream: 'schema_changes',
    missing: 'schema_changes',
    reason: 'More than a thousand objects changed at once; the first thousand by name are told.',
  };
}

export const schemaReads: readonly CatalogRead[] = [
  { query: schemaQuery, read: readSchema, also: ['schema_changes'] },
];
