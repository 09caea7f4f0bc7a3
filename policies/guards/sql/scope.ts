import type { SelectStmt } from 'libpg-query';
import type { Access, Catalog, CatalogRelation } from './catalog/index.ts';
import type { FunctionRule } from './functions.ts';
import { Refusal } from './verdict.ts';

/** A column as a FROM item offers it. */
export interface ItemColumn {
  readonly name: string;
  readonly access: Access;
  /** At most this many rows of the item share a value. */
  readonly fanOut: number;
  /** Longest value. */
  readonly bytes: number;
  /** `schema.relation.column`, for columns of catalog relations. */
  readonly source?: string;
}

/** One entry of the range table: a relation, a subquery, a CTE or a function. */
export interface Item {
  readonly alias: string;
  readonly kind: 'relation' | 'derived' | 'function';
  /** Only for a relation that was not given an alias: `schema.relation.column` is then a name for its column. */
  readonly schema?: string;
  readonly columns: ReadonlyMap<string, ItemColumn>;
  readonly rows: number;
  /** The columns are exactly those that the relation has, on whatever server. */
  readonly exact?: boolean;
  /** Items of the same FROM that this one is computed from; `null` when it stands alone. */
  readonly dependsOn: ReadonlySet<Item> | null;
}

/** `item` has at most `fanOut` rows for each row of `needs`. */
export interface Edge {
  readonly item: Item;
  readonly fanOut: number;
  readonly needs: ReadonlySet<Item>;
}

/** What a query puts out. */
export interface Derived {
  readonly columns: readonly {
    readonly name: string | null;
    readonly fanOut: number;
    readonly bytes: number;
  }[];
  readonly rows: number;
  /** Rows touched to compute it once. */
  readonly cost: number;
  /** Reads a row of a query around it, and so is computed once per row of that. */
  readonly correlated: boolean;
}

/** What is gathered about one SELECT while its parts are walked. */
export interface Frame {
  correlated: boolean;
  aggregated: boolean;
  /** By how much functions in the select list multiply the rows. */
  rowFactor: number;
  /** A function that must not run for many rows, if there is one. */
  costly: string | null;
  /** The subquery of an EXISTS, which the planner turns into a join. */
  readonly exists: boolean;
  readonly subqueries: Derived[];
  readonly edges: Edge[];
  /** Columns joined by USING: their unqualified name is not ambiguous. */
  readonly merged: Set<string>;
  /** Items whose rows are proved to be harmless settings. */
  readonly proved: Set<Item>;
  /** Those whose rows are proved to be settings whose value may be digested. */
  readonly digestible: Set<Item>;
}

export interface Scope {
  readonly items: readonly Item[];
  readonly outer: Scope | null;
  readonly ctes: ReadonlyMap<string, Derived>;
  readonly frame: Frame;
}

export interface TemplateOptions {
  /** Refuse relations and functions that are written without their schema. */
  readonly requireQualified: boolean;
  /** Refuse functions that change from call to call. */
  readonly refuseVolatile: boolean;
  /** Let values of settings of a list of their own be digested: what a view shows, nobody digests again under a key. */
  readonly digestSettings: boolean;
  /** Functions that this statement may call beyond the lists. */
  readonly functions: ReadonlyMap<string, FunctionRule>;
}

/** What one check shares between its parts. */
export interface Context {
  readonly options: TemplateOptions;
  readonly catalog: Catalog;
  /** `schema.name` of enumerations whose labels may be compared with, for definitions of views. */
  readonly enums: ReadonlySet<string>;
  readonly extensionSchemas: ReadonlySet<string>;
  readonly relations: Set<string>;
  readonly functions: Set<string>;
  readonly columns: Set<string>;
  /** Nodes that were walked; compared with what `checkShape` found. */
  readonly visited: Set<object>;
  readonly values: WeakMap<object, Value>;
  /** Handed in so that expressions and queries, which contain each other, need not import each other. */
  readonly select: (
    statement: SelectStmt,
    outer: Scope | null,
    ctes: ReadonlyMap<string, Derived>,
    context: Context,
    exists: boolean,
  ) => Derived;
}

/** What is known of an expression. */
export interface Value {
  readonly bytes: number;
  /** Items whose rows it depends on, those of outer queries included. */
  readonly items: ReadonlySet<Item>;
  /** When the value is that of a column, unchanged. */
  readonly column?: { readonly item: Item; readonly column: ItemColumn };
  readonly literal?: string | number | boolean | null;
  readonly parameter?: true;
  /** A literal, a parameter, or an array of them. */
  readonly constant?: true;
}

/** Longest value of a catalog column, but for rare arrays. */
export const COLUMN_BYTES = 256;

export function relationItem(relation: CatalogRelation, alias: string | undefined): Item {
  const columns = [...relation.columns.values()].map((column) => ({
    ...column,
    bytes: COLUMN_BYTES,
    source: `${relation.schema}.${relation.name}.${column.name}`,
  }));
  return {
    alias: alias ?? relation.name,
    kind: 'relation',
    ...(alias === undefined ? { schema: relation.schema } : {}),
    columns: new Map(columns.map((column) => [column.name, column])),
    rows: relation.rows,
    exact: relation.exact === true,
    dependsOn: null,
  };
}

export function newFrame(exists: boolean): Frame {
  return {
    correlated: false,
    aggregated: false,
    rowFactor: 1,
    costly: null,
    exists,
    subqueries: [],
    edges: [],
    merged: new Set(),
    proved: new Set(),
    digestible: new Set(),
  };
}

/**
 * Where an expression stands, as far as that opens anything: directly under IS [NOT] NULL, whole inside a digest, or
 * in the select list, where a function may return several rows; or as the argument of pg_options_to_table().
 */
export type Place = 'presence' | 'digest' | 'options' | 'output' | 'plain';

const HINTS: Readonly<Partial<Record<Access, string>>> = {
  presence: 'only IS [NOT] NULL may be asked of it',
  code: 'it may be read whole inside md5() or hashtextextended(), or asked whether it IS NULL',
  options: 'take it apart with pg_options_to_table()',
};

interface Found {
  readonly item: Item;
  readonly column: ItemColumn;
}

/** Finds what a column reference means, or refuses where that depends on anything that is not known here. */
export function resolveColumn(path: readonly string[], scope: Scope, place: Place): Found {
  const found = path.length === 1 ? resolveBare(path[0] ?? '', scope) : resolveQualified(path, scope);
  checkAccess(found, scope, place);
  return found;
}

function resolveQualified(path: readonly string[], scope: Scope): Found {
  if (path.length > 3) throw new Refusal('COLUMN', path.join('.'));
  const [name = '', alias = '', schema] = [...path].reverse();
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const named = at.items.filter(
      (item) => item.alias === alias && (schema === undefined || item.schema === schema),
    );
    if (named.length > 1) throw new Refusal('AMBIGUOUS', path.join('.'));
    const [item] = named;
    if (item === undefined) continue;
    const column = item.columns.get(name);
    if (column === undefined) throw new Refusal('COLUMN', path.join('.'));
    markCorrelated(scope, at);
    return { item, column };
  }
  throw new Refusal('COLUMN', path.join('.'));
}

/**
 * An unqualified name is looked for in the innermost query only. PostgreSQL looks further out when it finds nothing,
 * but whether it finds nothing depends on the columns that the server's version has.
 */
function resolveBare(name: string, scope: Scope): Found {
  const found = scope.items.flatMap((item) => {
    const column = item.columns.get(name);
    return column === undefined ? [] : [{ item, column }];
  });
  const [first] = found;
  if (first === undefined) {
    throw new Refusal(
      'COLUMN',
      name,
      'write alias.column for a column of an outer query; whole rows are never read',
    );
  }
  if (found.length > 1 && !(scope.frame.merged.has(name) && found.length === 2)) {
    throw new Refusal('AMBIGUOUS', name, 'write alias.column');
  }
  if (first.item.kind === 'relation' && first.item.exact !== true) checkOlderServers(name, scope);
  return first;
}

/** Where the column does not exist yet, the same name must not mean a whole row or a column further out. */
function checkOlderServers(name: string, scope: Scope): void {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    for (const item of at.items) {
      const hidden = at !== scope && (item.columns.get(name)?.access ?? 'read') !== 'read';
      if (hidden || item.alias === name) throw new Refusal('AMBIGUOUS', name, 'write alias.column');
    }
  }
}

function markCorrelated(from: Scope, to: Scope): void {
  for (let at: Scope | null = from; at !== null && at !== to; at = at.outer) at.frame.correlated = true;
}

function checkAccess({ item, column }: Found, scope: Scope, place: Place): void {
  if (column.access === 'read') return;
  if (column.access === 'code' && (place === 'digest' || place === 'presence')) return;
  if (column.access === 'presence' && place === 'presence') return;
  if (column.access === 'options' && (place === 'options' || place === 'digest')) return;
  if (column.access === 'proved' && isProved(item, scope, 'proved')) return;
  // Not those of roles and databases, where anybody stores what he likes under any name.
  const isDigested = place === 'digest' && item.kind === 'relation';
  if (column.access === 'proved' && isDigested && isProved(item, scope, 'digestible')) return;
  if (column.access === 'proved') {
    throw new Refusal(
      'SETTING',
      column.name,
      "restrict the same query with WHERE name IN ('…') to settings of the safe list",
    );
  }
  const hint = HINTS[column.access];
  throw new Refusal('SENSITIVE_COLUMN', column.source ?? column.name, hint);
}

function isProved(item: Item, scope: Scope, as: 'proved' | 'digestible'): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.outer) if (at.frame[as].has(item)) return true;
  return false;
}
