/**
 * The second opinion on what a statement touches. It shares nothing with the walk that decides: it knows no node types
 * and no lists, and goes through the tree as plain JSON, looking only for the three members that name things
 * (`relname`, `funcname`, `ctename`) wherever they stand. What the deciding walk forgot to visit, or resolved another
 * way, shows as a difference, and a difference is a refusal.
 */
export interface Touched {
  /** `schema.name`; a name without a schema is looked for in pg_catalog, where the pinned path looks. */
  readonly relations: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

export function secondLook(root: unknown): Touched {
  const touched: Gathered = { relations: new Set(), functions: new Set() };
  // A list of places and no recursion: it looks at trees that are deeper than any stack, too.
  const places: Place[] = [{ value: root, hidden: NOTHING }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    places.push(...look(place, touched));
  }
  return touched;
}

/** Whether both found the same. */
export function agree(first: Touched, second: Touched): boolean {
  return same(first.relations, second.relations) && same(first.functions, second.functions);
}

/** Whether what the first had found when it stopped is part of what the second found. */
export function covers(second: Touched, first: Touched): boolean {
  return first.relations.isSubsetOf(second.relations) && first.functions.isSubsetOf(second.functions);
}

function same(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && a.isSubsetOf(b);
}

const NOTHING: ReadonlySet<string> = new Set();

interface Gathered {
  readonly relations: Set<string>;
  readonly functions: Set<string>;
}

interface Place {
  readonly value: unknown;
  /** Names of WITH queries that stand for a relation here. */
  readonly hidden: ReadonlySet<string>;
}

/** Takes down what the place itself names, and returns the places inside it. */
function look({ value, hidden }: Place, touched: Gathered): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.map((element: unknown) => ({ value: element, hidden }));
  const { withClause, ...rest } = value as Readonly<Record<string, unknown>>;
  const ctes = ctePlaces(withClause, hidden);
  const inside = ctes.known;
  const { relname, schemaname, funcname } = rest;
  if (typeof relname === 'string' && (schemaname !== undefined || !inside.has(relname))) {
    touched.relations.add(`${typeof schemaname === 'string' ? schemaname : 'pg_catalog'}.${relname}`);
  }
  if (Array.isArray(funcname)) touched.functions.add(dotted(funcname));
  return [...ctes.places, ...Object.values(rest).map((member) => ({ value: member, hidden: inside }))];
}

/** A WITH query sees those before it; what comes after the clause sees all of them. */
function ctePlaces(clause: unknown, hidden: ReadonlySet<string>) {
  let known = hidden;
  const places: Place[] = [];
  for (const cte of clause === undefined ? [] : ctesOf(clause)) {
    places.push({ value: cte, hidden: known });
    const name = cteName(cte);
    if (name !== undefined) known = new Set([...known, name]);
  }
  return { places, known };
}

function ctesOf(clause: unknown): readonly unknown[] {
  const list = (clause as { readonly ctes?: unknown }).ctes;
  return Array.isArray(list) ? list : [];
}

function cteName(wrapped: unknown): string | undefined {
  const [content] = Object.values(wrapped as object) as { readonly ctename?: unknown }[];
  return typeof content?.ctename === 'string' ? content.ctename : undefined;
}

function dotted(parts: readonly unknown[]): string {
  const names = parts.flatMap((part) => strings(part));
  return names.length === 1 ? `pg_catalog.${names[0]}` : names.join('.');
}

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((member) => strings(member));
}
