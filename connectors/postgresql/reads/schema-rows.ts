import { z } from 'zod';
import { ConnectorError } from '../../sdk/index.ts';
import { query, type RowOf, text, textOrNull, token } from '../columns.ts';
import type { CatalogObject, Fact } from '../schema-diff.ts';
import { DIGESTS, factsOf, isSchemaKind, type SchemaKind, TYPES, typeWord } from '../schema-model.ts';
import { safeOption } from '../schema-words.ts';

/** Parts of one object, as JSON arrays without the outer brackets: id, name, time of its commit, facts. */
const parts = z.string().nullable();

export const schemaQuery = query('schema', 50_000, {
  kind: token,
  id: text,
  schema: text,
  object: text,
  part: textOrNull,
  facts: text,
  columns: parts,
  indexes: parts,
  constraints: parts,
  triggers: parts,
  policies: parts,
  rules: parts,
});

type Row = RowOf<typeof schemaQuery>;
export type Digest = (value: string) => string;

/** What the rows say: the objects, the names of roles by oid, and when the server had looked at all of it. */
export interface SchemaRows {
  readonly objects: readonly CatalogObject[];
  readonly roles: ReadonlyMap<string, string>;
  /** RFC 3339; not before any change that is in the rows. */
  readonly readAt: string;
}

/** Throws BAD_RESPONSE where a list is none, or the row of the database itself is missing. */
export function readRows(rows: readonly Row[], digest: Digest): SchemaRows {
  const roles = new Map<string, string>();
  const objects: CatalogObject[] = [];
  let readAt: string | null = null;
  for (const row of rows) {
    const values = list(`${row.facts}`);
    if (row.kind === 'database') readAt = instant(values[2]);
    if (row.kind === 'role') roles.set(row.id, row.object);
    else if (isSchemaKind(row.kind)) objects.push(...objectsOf(row, row.kind, values, digest));
    else throw malformed('kind');
  }
  if (readAt === null) throw malformed('database');
  return { objects, roles, readAt };
}

const PART_COLUMNS = [
  ['column', 'columns'],
  ['index', 'indexes'],
  ['constraint', 'constraints'],
  ['trigger', 'triggers'],
  ['policy', 'policies'],
  ['rule', 'rules'],
] as const;

/** What a view says is kept as a rule of this name. */
const VIEW_RULE = '_RETURN';

function objectsOf(
  row: Row,
  kind: SchemaKind,
  [committed, ...values]: readonly unknown[],
  digest: Digest,
): readonly CatalogObject[] {
  const { id, schema, object } = row;
  const made = PART_COLUMNS.flatMap(([part, column]) =>
    list(`[${row[column] ?? ''}]`).map((entry) => partOf(row, part, entry, digest)),
  );
  const view = made.find((part) => part.kind === 'rule' && part.part === VIEW_RULE);
  const facts = factsFrom(kind, values, digest);
  const isRoutine = kind === 'function' || kind === 'procedure' || kind === 'aggregate';
  const whole: CatalogObject = {
    kind,
    id,
    whole: null,
    schema,
    object,
    part: isRoutine ? typeWord(row.part ?? '') : row.part,
    facts: view === undefined ? facts : { ...facts, definition: view.facts['definition'] ?? null },
    committed: instant(committed),
  };
  return [whole, ...made.filter((part) => part !== view)];
}

function partOf(row: Row, kind: SchemaKind, entry: unknown, digest: Digest): CatalogObject {
  if (!Array.isArray(entry)) throw malformed(kind);
  const [id, name, committed, ...values] = entry as readonly unknown[];
  if (typeof name !== 'string') throw malformed(kind);
  return {
    kind,
    id: String(id),
    whole: row.id,
    schema: row.schema,
    object: row.object,
    part: name,
    facts: factsFrom(kind, values, digest),
    committed: instant(committed),
  };
}

function factsFrom(
  kind: SchemaKind,
  values: readonly unknown[],
  digest: Digest,
): Readonly<Record<string, Fact>> {
  const withOptions = values.map((value) =>
    Array.isArray(value)
      ? value
          .map((option) => safeOption(String(option), digest))
          .sort()
          .join('\n')
      : value,
  );
  const facts: Record<string, Fact> = { ...factsOf(kind, withOptions) };
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value !== 'string') continue;
    if (DIGESTS.has(name)) facts[name] = digest(value);
    if (TYPES.has(name)) facts[name] = typeWord(value);
  }
  return facts;
}

function list(json: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    if (Array.isArray(value)) return value;
  } catch (error) {
    throw malformed('facts', error);
  }
  throw malformed('facts');
}

/** Seconds since the epoch at the server. */
function instant(value: unknown): string | null {
  return typeof value === 'number' ? new Date(Math.ceil(value * 1_000)).toISOString() : null;
}

function malformed(what: string, cause?: unknown): ConnectorError {
  return new ConnectorError('BAD_RESPONSE', `the rows of "schema" do not have the expected ${what}`, {
    hint: 'Look at what answers to the system catalogs of this database.',
    cause,
  });
}
