import { type JsonObject, type Observed, observe, type Window } from '../../sdk/index.ts';
import type { SessionFacts } from '../catalog.ts';
import { query, text } from '../columns.ts';
import { type CatalogObject, diffCatalogs, type FoldedChange, foldParts, idOf } from '../schema-diff.ts';
import { DIGESTS } from '../schema-model.ts';
import { lostGap } from './differing.ts';
import {
  type CatalogRead,
  type Collected,
  databaseEntity,
  inScope,
  type ReadContext,
  type Reader,
  scopeOf,
} from './reader.ts';
import { changeRecords, tooLarge, tooMany } from './schema-changes.ts';
import { type Digest, readRows, type SchemaRows, schemaQuery } from './schema-rows.ts';
import { type Memory, patchOf, recallMemory, recallObjects, touched } from './schema-state.ts';

export const versionsQuery = query('schema_versions', 1, { versions: text });

/** A migration tool that rebuilds everything is one piece of news after this many. */
const MAX_CHANGES = 1_000;

/**
 * What the database consists of, as counts and one digest, and every difference to the read before. Most of the time
 * nothing changed: then a look at the row versions of the catalogs is all that the server is asked for.
 */
export const readSchema: Reader = async (context) => {
  const [{ rows, facts }, memory] = [await context.ask(versionsQuery), recallMemory(context)];
  if (!inScope(context, facts.database)) return { records: [], read: 0 };
  const versions = context.digest(rows.map((row) => row.versions));
  if (memory !== undefined && isUnchanged(context, memory, facts, versions)) {
    const records = [inventoryRecord(context, facts, memory.inventory)];
    return { records, state: touched(memory, facts.now), read: rows.length };
  }
  const asked = await context.ask(schemaQuery);
  // From half a list nothing can be said about the other half, least of all that it is gone.
  if (asked.truncated) return { records: [tooLarge()], read: asked.rows.length };
  const after = readRows(asked.rows, shortDigest(context));
  return { ...compared(context, asked.facts, memory, after, versions), read: asked.rows.length };
};

function isUnchanged(context: ReadContext, memory: Memory, facts: SessionFacts, versions: string): boolean {
  return (
    memory.versions === versions &&
    memory.digestedWith === digestMark(context, facts) &&
    memory.numberedBy.startsWith(`${majorOf(facts)}/${facts.database}/`)
  );
}

function compared(
  context: ReadContext,
  facts: SessionFacts,
  memory: Memory | undefined,
  after: SchemaRows,
  versions: string,
): Omit<Collected, 'read'> {
  const marks = { digestedWith: digestMark(context, facts), numberedBy: numberMark(facts, after) };
  const before = memory === undefined ? undefined : recallObjects(context, memory);
  const isLost = memory !== undefined && before === undefined;
  const changes =
    memory === undefined || before === undefined ? [] : differences(before, after, memory, marks);
  const inventory = inventoryOf(context, facts, after.objects);
  const at: Window = { from: memory?.at ?? facts.now, to: after.readAt };
  const items = unique(changes.flatMap((change) => changeRecords(context, facts, after, at, change)));
  return {
    records: [
      inventoryRecord(context, facts, inventory),
      ...items.slice(0, MAX_CHANGES),
      ...(items.length > MAX_CHANGES ? [tooMany()] : []),
      ...(isLost ? [lostGap('schema_changes')] : []),
    ],
    state: patchOf(context, after.objects, { ...marks, at: facts.now, versions, inventory }),
  };
}

/** Two facts of one object may have the same word, and are one piece of news. */
function unique(records: readonly Observed[]): readonly Observed[] {
  return [
    ...new Map(records.toReversed().map((one) => [`${one.entity} ${one.key}`, one])).values(),
  ].toReversed();
}

/** What can not be compared is left out: digests of another key or server, and ids that were given anew. */
function differences(
  before: readonly CatalogObject[],
  after: SchemaRows,
  memory: Memory,
  marks: Pick<Memory, 'digestedWith' | 'numberedBy'>,
): readonly FoldedChange[] {
  const comparable = memory.digestedWith === marks.digestedWith;
  const [was, is] = comparable ? [before, after.objects] : [bare(before), bare(after.objects)];
  const identity = memory.numberedBy === marks.numberedBy ? 'id' : 'name';
  return foldParts(diffCatalogs(was, is, identity));
}

function bare(objects: readonly CatalogObject[]): readonly CatalogObject[] {
  return objects.map((object) => ({
    ...object,
    facts: Object.fromEntries(Object.entries(object.facts).filter(([name]) => !DIGESTS.has(name))),
  }));
}

/** Another key, or another major version that writes the same definition down differently. */
function digestMark(context: ReadContext, facts: SessionFacts): string {
  return context.digest(['digested_with', majorOf(facts)]).slice(-16);
}

/** Ids mean something within one database of one major version: an upgrade or a restore gives new ones. */
function numberMark(facts: SessionFacts, { objects }: SchemaRows): string {
  const oid = objects.find(({ kind }) => kind === 'database')?.id ?? '';
  return `${majorOf(facts)}/${facts.database}/${oid}`;
}

function majorOf({ version }: SessionFacts): number {
  return Math.floor(version / 10_000);
}

/** 96 bits are plenty to see that something changed, and keep the state of a large schema small. */
function shortDigest(context: ReadContext): Digest {
  const seen = new Map<string, string>();
  return (value) => {
    const digest = seen.get(value) ?? context.digest(value).slice(-16);
    seen.set(value, digest);
    return digest;
  };
}

function inventoryOf(
  context: ReadContext,
  facts: SessionFacts,
  objects: readonly CatalogObject[],
): JsonObject {
  const counts: Record<string, number> = {};
  for (const { kind } of objects) counts[kind] = (counts[kind] ?? 0) + 1;
  const invalid = objects.filter(({ kind, facts: { valid } }) => kind === 'index' && valid === false);
  const told = objects.map(
    (object) => [idOf(object), object.object, object.part, bareFacts(object)] as const,
  );
  return {
    database: facts.database,
    fingerprint: context.digest(told.sort(([a], [b]) => (a < b ? -1 : 1))),
    tables: counts['table'] ?? 0,
    views: counts['view'] ?? 0,
    materialized_views: counts['materialized_view'] ?? 0,
    foreign_tables: counts['foreign_table'] ?? 0,
    sequences: counts['sequence'] ?? 0,
    columns: counts['column'] ?? 0,
    indexes: counts['index'] ?? 0,
    invalid_indexes: invalid.length,
    constraints: counts['constraint'] ?? 0,
    triggers: counts['trigger'] ?? 0,
    functions: (counts['function'] ?? 0) + (counts['procedure'] ?? 0) + (counts['aggregate'] ?? 0),
    enums: counts['enum'] ?? 0,
    policies: counts['policy'] ?? 0,
    schemas: counts['schema'] ?? 0,
  };
}

/** Storage is written anew without any change to the schema. */
function bareFacts({ facts }: CatalogObject): JsonObject {
  const { filenode: _filenode, unanalyzed: _unanalyzed, ...rest } = facts;
  return rest;
}

function inventoryRecord(context: ReadContext, facts: SessionFacts, body: JsonObject): Observed {
  return observe({
    stream: 'schema',
    class: 'state',
    entity: databaseEntity(context, facts.database),
    key: 'schema',
    occurredAt: facts.now,
    ...scopeOf(facts.database),
    body,
  });
}

/** The fingerprint alone, cheap enough to be read often: it says that something changed, `schema` says what. */
const readVersions: Reader = async (context) => {
  const { rows, facts } = await context.ask(versionsQuery);
  if (!inScope(context, facts.database)) return { records: [], read: 0 };
  return {
    records: rows.map(({ versions }) =>
      observe({
        stream: 'schema_versions',
        class: 'state',
        entity: databaseEntity(context, facts.database),
        key: 'schema_versions',
        occurredAt: facts.now,
        ...scopeOf(facts.database),
        body: { database: facts.database, fingerprint: context.digest([versions]) },
      }),
    ),
    read: rows.length,
  };
};

export const schemaReads: readonly CatalogRead[] = [
  { query: schemaQuery, read: readSchema, also: ['schema_changes'] },
  { query: versionsQuery, read: readVersions },
];
