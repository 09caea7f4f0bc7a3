import type { Alias, JoinExpr, Node, RangeFunction, RangeSubselect, RangeVar } from 'libpg-query';
import { NEVER_READ } from './catalog/index.ts';
import { SMALL } from './catalog/rows.ts';
import { callValue, findFunction } from './expression.ts';
import { type FunctionRule, rowsOf } from './functions.ts';
import { namePath } from './nodes.ts';
import { readOptions } from './options.ts';
import {
  COLUMN_BYTES,
  type Context,
  type Derived,
  type Frame,
  type Item,
  type ItemColumn,
  relationItem,
  resolveColumn,
  type Scope,
} from './scope.ts';
import { Refusal } from './verdict.ts';

/** The ON condition of a join, with the items that it can see and those that it restricts. */
export interface JoinCondition {
  readonly quals: Node;
  readonly scope: Scope;
  readonly restricted: readonly Item[];
}

export interface From {
  readonly items: readonly Item[];
  readonly conditions: readonly JoinCondition[];
}

/** Reads one element of FROM. `left` is what stands before it, for LATERAL. */
export function readFrom(node: Node, left: readonly Item[], scope: Scope, context: Context): From {
  for (const content of Object.values(node)) context.visited.add(content as object);
  if ('RangeVar' in node) return single(readRelation(node.RangeVar, scope, context));
  if ('RangeSubselect' in node) return single(readSubselect(node.RangeSubselect, left, scope, context));
  if ('RangeFunction' in node) return single(readFunction(node.RangeFunction, left, scope, context));
  if ('JoinExpr' in node) return readJoin(node.JoinExpr, left, scope, context);
  throw new Refusal('SYNTAX', Object.keys(node)[0]);
}

function single(item: Item): From {
  return { items: [item], conditions: [] };
}

function readRelation(range: RangeVar, scope: Scope, context: Context): Item {
  const { schemaname: schema, relname: name = '', alias } = range;
  const cte = schema === undefined ? scope.ctes.get(name) : undefined;
  if (cte !== undefined) return derivedItem(cte, alias?.aliasname ?? name, alias, null);
  const relation = context.catalog.find(schema, name);
  const written = schema === undefined ? name : `${schema}.${name}`;
  if (relation === undefined) {
    throw new Refusal('RELATION', written, Object.hasOwn(NEVER_READ, name) ? NEVER_READ[name] : undefined);
  }
  if (schema === undefined && context.options.requireQualified) {
    throw new Refusal('UNQUALIFIED', name, `write ${relation.schema}.${name}`);
  }
  // The order of a relation's columns differs between versions.
  if (alias?.colnames !== undefined) throw new Refusal('SYNTAX', `column aliases for ${written}`);
  context.relations.add(`${relation.schema}.${relation.name}`);
  return relationItem(relation, alias?.aliasname);
}

function readSubselect(range: RangeSubselect, left: readonly Item[], scope: Scope, context: Context): Item {
  if (range.subquery === undefined || !('SelectStmt' in range.subquery)) throw new Refusal('NOT_SELECT');
  const outer = range.lateral === true ? { ...scope, items: left } : scope.outer;
  const derived = context.select(range.subquery.SelectStmt, outer, scope.ctes, context, false);
  chargeOnce(derived, scope.frame, range.lateral === true);
  const dependsOn = range.lateral === true && derived.correlated ? new Set(left) : null;
  return derivedItem(derived, range.alias?.aliasname ?? '', range.alias, dependsOn);
}

/** A query that stands in FROM or WITH is computed once for its query, unless LATERAL makes it once per row. */
export function chargeOnce(derived: Derived, frame: Frame, isLateral: boolean): void {
  if (derived.correlated && !isLateral) frame.correlated = true;
  frame.subqueries.push({ ...derived, correlated: derived.correlated && isLateral });
}

export function derivedItem(
  derived: Derived,
  aliasname: string,
  alias: Alias | undefined,
  dependsOn: ReadonlySet<Item> | null,
): Item {
  const names = namePath(alias?.colnames);
  if (names.length > derived.columns.length) throw new Refusal('SYNTAX', 'too many column aliases');
  const columns = derived.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
  return makeItem('derived', aliasname, columns, derived.rows, dependsOn);
}

function makeItem(
  kind: Item['kind'],
  alias: string,
  columns: readonly { name: string | null; fanOut: number; bytes: number }[],
  rows: number,
  dependsOn: ReadonlySet<Item> | null,
): Item {
  const named = new Map<string, ItemColumn>();
  for (const { name, fanOut, bytes } of columns) {
    if (name !== null) named.set(name, { name, access: 'read', fanOut, bytes });
  }
  // PostgreSQL refuses a name that stands for two columns; so does a name that is not there.
  for (const [index, { name }] of columns.entries()) {
    if (name !== null && columns.findIndex((column) => column.name === name) !== index) named.delete(name);
  }
  return { alias, kind, columns: named, rows, dependsOn };
}

function readFunction(range: RangeFunction, left: readonly Item[], scope: Scope, context: Context): Item {
  const [entry, ...more] = range.functions ?? [];
  if (entry === undefined || more.length > 0 || !('List' in entry)) throw new Refusal('SYNTAX', 'ROWS FROM');
  const [call, ...definitions] = entry.List.items ?? [];
  if (call === undefined || !('FuncCall' in call)) throw new Refusal('SYNTAX', 'RangeFunction');
  if (definitions.some((definition) => Object.keys(definition).length > 0)) {
    throw new Refusal('SYNTAX', 'column definitions');
  }
  context.visited.add(call.FuncCall);
  const extension = readExtensionFunction(call.FuncCall, range, context);
  if (extension !== undefined) return extension;
  const options = readOptions(call.FuncCall, range.alias?.aliasname, left, scope, context);
  if (options !== undefined) return withoutAliases(options, range);
  const [name, rule] = findFunction(call.FuncCall, context);
  if (rule.kind === 'aggregate' || rule.kind === 'window') throw new Refusal('FUNCTION', `${name} in FROM`);
  const { costly } = scope.frame;
  scope.frame.costly = rule.costly === true ? name : null;
  const value = callValue(call.FuncCall, name, rule, { ...scope, items: left }, context, 'plain');
  // It runs for each row of what stands before it, not for each row of the whole query.
  if (scope.frame.costly !== null) checkCostly(scope.frame.costly, left);
  scope.frame.costly = costly;
  return functionItem(name, rule, range, value.bytes, new Set(left));
}

function withoutAliases(item: Item, range: RangeFunction): Item {
  if (range.alias?.colnames !== undefined || range.ordinality === true) {
    throw new Refusal('SYNTAX', `column aliases for ${item.alias}`);
  }
  return item;
}

function checkCostly(name: string, left: readonly Item[]): void {
  const rows = left.reduce((product, item) => product * item.rows, 1);
  if (rows > SMALL) throw new Refusal('TOO_COSTLY', `${name} for more than ${SMALL} rows`);
}

function functionItem(
  name: string,
  rule: FunctionRule,
  range: RangeFunction,
  bytes: number,
  dependsOn: ReadonlySet<Item>,
): Item {
  const alias = range.alias?.aliasname;
  const own = rule.columns ?? [name];
  // The one column of a function takes the alias of the table as its name.
  const fallback = own.length === 1 && (rule.rows === undefined || own[0] === name) ? [alias ?? name] : own;
  const given = namePath(range.alias?.colnames);
  const names = [...fallback, ...(range.ordinality === true ? ['ordinality'] : [])];
  if (given.length > names.length) throw new Refusal('SYNTAX', 'too many column aliases');
  const rows = rowsOf(rule, bytes);
  const columns = names.map((column, index) => ({
    name: given[index] ?? column,
    fanOut: rows,
    bytes: Math.max(bytes, COLUMN_BYTES),
  }));
  return makeItem('function', alias ?? name, columns, rows, dependsOn);
}

/** `pg_stat_statements(false)` has the columns of the view and does not even open the file of the texts. */
function readExtensionFunction(
  call: { funcname?: Node[]; args?: Node[] },
  range: RangeFunction,
  context: Context,
): Item | undefined {
  const [name = '', schema, ...rest] = [...namePath(call.funcname)].reverse();
  if (name !== 'pg_stat_statements' || schema === undefined || rest.length > 0) return undefined;
  const relation = context.extensionSchemas.has(schema) ? context.catalog.find(schema, name) : undefined;
  if (relation === undefined) return undefined;
  if (!hasOnlyFalse(call.args, context)) {
    throw new Refusal('ARGUMENT', 'pg_stat_statements', 'call it with the literal false: no query texts');
  }
  if (range.alias?.colnames !== undefined || range.ordinality === true) {
    throw new Refusal('SYNTAX', 'column aliases for pg_stat_statements');
  }
  context.functions.add(`${schema}.${name}`);
  return relationItem(relation, range.alias?.aliasname ?? name);
}

function hasOnlyFalse(args: readonly Node[] | undefined, context: Context): boolean {
  const [only, ...more] = args ?? [];
  if (only === undefined || more.length > 0) return false;
  const named = 'NamedArgExpr' in only ? only.NamedArgExpr : undefined;
  if (named !== undefined) context.visited.add(named);
  const value = named === undefined ? only : named.arg;
  if (named !== undefined && named.name !== 'showtext') return false;
  if (value === undefined || !('A_Const' in value)) return false;
  // The parser leaves out what is false.
  return value.A_Const.boolval !== undefined && value.A_Const.boolval.boolval !== true;
}

function readJoin(join: JoinExpr, left: readonly Item[], scope: Scope, context: Context): From {
  if (join.larg === undefined || join.rarg === undefined) throw new Refusal('SYNTAX', 'JoinExpr');
  const first = readFrom(join.larg, left, scope, context);
  const second = readFrom(join.rarg, [...left, ...first.items], scope, context);
  const items = [...first.items, ...second.items];
  const conditions = [...first.conditions, ...second.conditions];
  for (const name of namePath(join.usingClause)) mergeColumn(name, first.items, second.items, scope, context);
  if (join.quals !== undefined) {
    const restricted = restrictedBy(join.jointype, first.items, second.items);
    conditions.push({ quals: join.quals, scope: { ...scope, items }, restricted });
  }
  return { items, conditions };
}

/** The side whose rows show only where the condition holds. */
function restrictedBy(
  type: string | undefined,
  left: readonly Item[],
  right: readonly Item[],
): readonly Item[] {
  switch (type) {
    case 'JOIN_INNER':
      return [...left, ...right];
    case 'JOIN_LEFT':
      return right;
    case 'JOIN_RIGHT':
      return left;
    default:
      return [];
  }
}

function mergeColumn(
  name: string,
  left: readonly Item[],
  right: readonly Item[],
  scope: Scope,
  context: Context,
): void {
  const [a, b] = [left, right].map((items) => resolveColumn([name], { ...scope, items }, 'plain'));
  if (a === undefined || b === undefined) throw new Refusal('INTERNAL');
  for (const { column } of [a, b]) if (column.source !== undefined) context.columns.add(column.source);
  scope.frame.merged.add(name);
  scope.frame.edges.push(
    { item: a.item, fanOut: a.column.fanOut, needs: new Set([b.item]) },
    { item: b.item, fanOut: b.column.fanOut, needs: new Set([a.item]) },
  );
}
