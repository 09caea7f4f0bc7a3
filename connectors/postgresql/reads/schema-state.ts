import type { JsonObject, JsonValue, StatePatch } from '../../sdk/index.ts';
import type { CatalogObject, Fact } from '../schema-diff.ts';
import { factsOf, isSchemaKind, valuesOf } from '../schema-model.ts';
import { asObject, type ReadContext } from './reader.ts';

/** What the read before left, beside the objects. */
export interface Memory {
  /** When it looked, RFC 3339: nothing that it did not see is older. */
  readonly at: string;
  /** Digest of the catalogs' row versions. */
  readonly versions: string;
  /** Stands for the key that digests are made with, and for the server's way of writing definitions down. */
  readonly digestedWith: string;
  /** Stands for the database and the major version: what ids may be compared within. */
  readonly numberedBy: string;
  /** Entries of the state, so that a lost one is noticed. */
  readonly entries: number;
  /** What the inventory said. */
  readonly inventory: JsonObject;
}

const MEMORY = 'memory';
const OBJECT = 'object/';

export function recallMemory(context: ReadContext): Memory | undefined {
  const { at, versions, digestedWith, numberedBy, entries, inventory } = asObject(context.state.get(MEMORY));
  const texts = [at, versions, digestedWith, numberedBy];
  if (!texts.every((value) => typeof value === 'string') || typeof entries !== 'number') return undefined;
  const [when, which, key, ids] = texts as [string, string, string, string];
  return {
    at: when,
    versions: which,
    digestedWith: key,
    numberedBy: ids,
    entries,
    inventory: asObject(inventory),
  };
}

/** The objects of the read before; undefined when any of them was lost, because then nothing can be said. */
export function recallObjects(context: ReadContext, memory: Memory): readonly CatalogObject[] | undefined {
  const objects: CatalogObject[] = [];
  let entries = 0;
  for (const key of context.state.keys()) {
    if (!key.startsWith(OBJECT)) continue;
    const found = unpack(key, context.state.get(key));
    if (found === undefined) return undefined;
    objects.push(...found);
    entries += 1;
  }
  return entries === memory.entries ? objects : undefined;
}

/** One key for each object with its parts, so that a change writes a line of state and not all of it. */
export function patchOf(
  context: ReadContext,
  objects: readonly CatalogObject[],
  memory: Omit<Memory, 'entries'>,
): StatePatch {
  const packed = pack(objects);
  const set: Record<string, JsonValue> = {};
  for (const [key, value] of packed) {
    if (JSON.stringify(context.state.get(key)) !== JSON.stringify(value)) set[key] = value;
  }
  const gone = [...context.state.keys()].filter((key) => key !== MEMORY && !packed.has(key));
  return { set: { ...set, [MEMORY]: { ...memory, entries: packed.size } }, delete: gone };
}

/** Nothing changed: only the time goes on. */
export function touched(memory: Memory, at: string): StatePatch {
  return { set: { [MEMORY]: { ...memory, at } } };
}

type PackedPart = readonly [kind: string, id: string, name: string | null, ...values: readonly Fact[]];
type Packed = readonly [
  schema: string,
  object: string,
  part: string | null,
  values: readonly Fact[],
  parts: readonly PackedPart[],
];

function pack(objects: readonly CatalogObject[]): ReadonlyMap<string, JsonValue> {
  const parts = Map.groupBy(
    objects.filter(({ whole }) => whole !== null),
    ({ whole }) => whole,
  );
  const wholes = objects.filter(({ whole }) => whole === null);
  return new Map(
    wholes.map((object): [string, JsonValue] => {
      const own = (parts.get(object.id) ?? []).filter(
        (part) => part.schema === object.schema && part.object === object.object,
      );
      const packed: Packed = [
        object.schema,
        object.object,
        object.part,
        valuesOf(object),
        own.map((part): PackedPart => [part.kind, part.id, part.part, ...valuesOf(part)]).sort(byKindAndId),
      ];
      return [`${OBJECT}${object.kind}/${object.id}`, packed as unknown as JsonValue];
    }),
  );
}

function byKindAndId(a: PackedPart, b: PackedPart): number {
  const [one, other] = [`${a[0]}/${a[1]}`, `${b[0]}/${b[1]}`];
  return one < other ? -1 : Number(one > other);
}

function unpack(key: string, value: JsonValue | undefined): readonly CatalogObject[] | undefined {
  const [kind = '', id = ''] = key.slice(OBJECT.length).split('/');
  if (!Array.isArray(value) || value.length !== 5 || !isSchemaKind(kind)) return undefined;
  const [schema, object, part, values, parts] = value as unknown as Packed;
  if (!Array.isArray(values) || !Array.isArray(parts)) return undefined;
  const names = { schema, object, committed: null };
  const whole = { ...names, kind, id, whole: null, part, facts: factsOf(kind, values) };
  const own = parts.flatMap(([partKind, partId, name, ...rest]: PackedPart) =>
    isSchemaKind(partKind)
      ? [{ ...names, kind: partKind, id: partId, whole: id, part: name, facts: factsOf(partKind, rest) }]
      : [],
  );
  return own.length === parts.length ? [whole, ...own] : undefined;
}
