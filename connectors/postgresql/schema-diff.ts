/** What is known of an object besides its names. Digests are keyed; nothing here is a definition. */
export type Fact = string | number | boolean | null;

/** A table, a function, a role, … or a part of one: a column, an index, a trigger. */
export interface CatalogObject {
  readonly kind: string;
  /** Its oid, or what else stays the same when it is renamed; unique within its kind and whole. */
  readonly id: string;
  /** Id of the object that it is a part of; null where it stands alone. */
  readonly whole: string | null;
  readonly schema: string;
  readonly object: string;
  /** Name within the object; for a function the types of its arguments, since one name may have many. */
  readonly part: string | null;
  readonly facts: Readonly<Record<string, Fact>>;
  /** When the newest row about it was committed, RFC 3339; null where the server does not keep that. */
  readonly committed: string | null;
}

export type CatalogChange =
  | { readonly op: 'added'; readonly after: CatalogObject }
  | { readonly op: 'removed'; readonly before: CatalogObject }
  /** `replaced`: another object of the same name. `renamed`, `moved`: the same object, of another name or schema. */
  | {
      readonly op: 'replaced' | 'renamed' | 'moved';
      readonly before: CatalogObject;
      readonly after: CatalogObject;
    }
  | {
      readonly op: 'changed';
      readonly fact: string;
      readonly before: CatalogObject;
      readonly after: CatalogObject;
    };

/**
 * `id`: objects are the same when their ids are. `name`: after an upgrade or a restore all ids may be new, and only
 * names are left to go by.
 */
export type Identity = 'id' | 'name';

/** Facts that every object has of its own: that those of a replacement differ is no news. */
const OWN: ReadonlySet<string> = new Set(['filenode', 'unanalyzed']);

/** Every difference, in the order of names. The order of the objects does not matter. */
export function diffCatalogs(
  before: Iterable<CatalogObject>,
  after: Iterable<CatalogObject>,
  identity: Identity = 'id',
): readonly CatalogChange[] {
  const [was, is] = [[...before], [...after]];
  const same = identity === 'id' ? pairs(was, is, idOf) : NOTHING;
  const taken = new Set(same.flat());
  const rest = (objects: readonly CatalogObject[]) => objects.filter((object) => !taken.has(object));
  const namesakes = pairs(rest(was), rest(is), nameOf);
  for (const object of namesakes.flat()) taken.add(object);
  return [
    ...same.flatMap(([a, b]) => [...moves(a, b), ...factChanges(a, b, NOT_OWN)]),
    ...namesakes.flatMap(([a, b]) =>
      identity === 'id'
        ? [{ op: 'replaced', before: a, after: b } as const, ...factChanges(a, b, OWN)]
        : factChanges(a, b, OWN),
    ),
    ...rest(was).map((object) => ({ op: 'removed', before: object }) as const),
    ...rest(is).map((object) => ({ op: 'added', after: object }) as const),
  ].sort(byName);
}

type Pair = readonly [CatalogObject, CatalogObject];
const NOTHING: readonly Pair[] = [];
const NOT_OWN: ReadonlySet<string> = new Set();

function pairs(
  before: readonly CatalogObject[],
  after: readonly CatalogObject[],
  keyOf: (object: CatalogObject) => string,
): readonly Pair[] {
  const known = new Map(before.map((object) => [keyOf(object), object]));
  return after.flatMap((object) => {
    const previous = known.get(keyOf(object));
    return previous === undefined ? [] : [[previous, object] as const];
  });
}

/** JSON keeps names apart that contain one another's separators. */
export function idOf({ kind, whole, id }: CatalogObject): string {
  return JSON.stringify([kind, whole, id]);
}

function nameOf({ kind, schema, object, part }: CatalogObject): string {
  return JSON.stringify([kind, schema, object, part]);
}

/** A part goes where its whole goes: only its own name counts. */
function moves(before: CatalogObject, after: CatalogObject): readonly CatalogChange[] {
  const isPart = after.whole !== null;
  const isRenamed = isPart
    ? before.part !== after.part
    : before.object !== after.object || before.part !== after.part;
  return [
    ...(!isPart && before.schema !== after.schema ? [{ op: 'moved', before, after } as const] : []),
    ...(isRenamed ? [{ op: 'renamed', before, after } as const] : []),
  ];
}

function factChanges(
  before: CatalogObject,
  after: CatalogObject,
  except: ReadonlySet<string>,
): readonly CatalogChange[] {
  const names = new Set([...Object.keys(before.facts), ...Object.keys(after.facts)]);
  return [...names]
    .filter((fact) => !except.has(fact) && (before.facts[fact] ?? null) !== (after.facts[fact] ?? null))
    .map((fact) => ({ op: 'changed', fact, before, after }));
}

/** What a change is about: as it is now, or as it was before it went. */
export function subjectOf(change: CatalogChange): CatalogObject {
  return change.op === 'removed' ? change.before : change.after;
}

/** Columns come before indexes, and what an object is called before what it is like. */
const PARTS: readonly string[] = ['column', 'index', 'constraint', 'trigger', 'policy', 'rule'];

function byName(a: CatalogChange, b: CatalogChange): number {
  const [one, other] = [sortKey(a), sortKey(b)];
  for (const [index, key] of one.entries()) {
    const against = other[index] ?? '';
    if (key !== against) return key < against ? -1 : 1;
  }
  return 0;
}

function sortKey(change: CatalogChange): readonly string[] {
  const { kind, schema, object, whole, part, id } = subjectOf(change);
  const rank = whole === null ? '' : String(PARTS.indexOf(kind));
  return [schema, object, rank, kind, part ?? '', id, change.op === 'changed' ? '~' : change.op];
}

/** A change with the number of parts that came or went with it. */
export interface FoldedChange {
  readonly change: CatalogChange;
  readonly parts: number;
}

/** A new table is one piece of news, not one for each of its columns; so is one whose storage was written anew. */
export function foldParts(changes: readonly CatalogChange[]): readonly FoldedChange[] {
  const counts = new Map<string, number>();
  for (const change of changes) {
    const { whole, id } = subjectOf(change);
    if (whole === null) counts.set(foldKey(change, id), 0);
  }
  const kept = changes.filter((change) => {
    const { whole } = subjectOf(change);
    const key = whole === null ? undefined : foldKey(change, whole);
    const count = key === undefined ? undefined : counts.get(key);
    if (key === undefined || count === undefined || !isFoldable(change)) return true;
    counts.set(key, count + 1);
    return false;
  });
  return kept.map((change) => {
    const { whole, id } = subjectOf(change);
    return { change, parts: whole === null ? (counts.get(foldKey(change, id)) ?? 0) : 0 };
  });
}

/** Other facts of a part are news of their own. */
function isFoldable(change: CatalogChange): boolean {
  return change.op !== 'changed' || OWN.has(change.fact);
}

function foldKey(change: CatalogChange, whole: string): string {
  return JSON.stringify([change.op, change.op === 'changed' ? change.fact : null, whole]);
}
