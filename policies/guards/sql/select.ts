import type { CommonTableExpr, Node, SelectStmt } from 'libpg-query';
import { SMALL } from './catalog/rows.ts';
import { walk, walkAll, walkWindow } from './expression.ts';
import { chargeOnce, type From, readFrom } from './from.ts';
import { boundRows, edgesOf, MAX_ROWS } from './joins.ts';
import { namePath } from './nodes.ts';
import { provedSettings } from './proofs.ts';
import { type Context, type Derived, type Item, newFrame, type Scope, type Value } from './scope.ts';
import { DIGESTIBLE_SETTINGS } from './settings.ts';
import { Refusal } from './verdict.ts';

/** Checks a SELECT in the scope of those around it. */
export function checkSelect(
  statement: SelectStmt,
  outer: Scope | null,
  ctes: ReadonlyMap<string, Derived>,
  context: Context,
  exists: boolean,
): Derived {
  context.visited.add(statement);
  const frame = newFrame(exists);
  const withCtes = readCtes(statement, outer, ctes, context, (derived) => chargeOnce(derived, frame, false));
  const bare: Scope = { items: [], outer, ctes: withCtes, frame };
  const isSet = statement.larg !== undefined && statement.rarg !== undefined;
  return isSet ? checkSetOperation(statement, bare, context) : checkPlain(statement, bare, context);
}

function readCtes(
  statement: SelectStmt,
  outer: Scope | null,
  ctes: ReadonlyMap<string, Derived>,
  context: Context,
  charge: (derived: Derived) => void,
): ReadonlyMap<string, Derived> {
  const clause = statement.withClause;
  if (clause === undefined) return ctes;
  context.visited.add(clause);
  let known = ctes;
  for (const node of clause.ctes ?? []) {
    if (!('CommonTableExpr' in node)) throw new Refusal('SYNTAX', 'WITH');
    const derived = readCte(node.CommonTableExpr, outer, known, context);
    charge(derived);
    // Each sees those before it, never itself: without RECURSIVE its own name means what it meant outside.
    known = new Map([...known, [node.CommonTableExpr.ctename ?? '', derived]]);
  }
  return known;
}

function readCte(
  cte: CommonTableExpr,
  outer: Scope | null,
  ctes: ReadonlyMap<string, Derived>,
  context: Context,
): Derived {
  context.visited.add(cte);
  if (cte.ctequery === undefined || !('SelectStmt' in cte.ctequery))
    throw new Refusal('NOT_SELECT', 'in WITH');
  const derived = context.select(cte.ctequery.SelectStmt, outer, ctes, context, false);
  const names = namePath(cte.aliascolnames);
  if (names.length > derived.columns.length) throw new Refusal('SYNTAX', 'too many column aliases');
  const columns = derived.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
  return { ...derived, columns };
}

function checkSetOperation(statement: SelectStmt, scope: Scope, context: Context): Derived {
  const { larg, rarg } = statement;
  if (larg === undefined || rarg === undefined) throw new Refusal('INTERNAL');
  const left = context.select(larg, scope.outer, scope.ctes, context, scope.frame.exists);
  const right = context.select(rarg, scope.outer, scope.ctes, context, scope.frame.exists);
  if (left.columns.length !== right.columns.length) throw new Refusal('SYNTAX', 'UNION of different widths');
  const columns = left.columns.map((column, index) => ({
    name: column.name,
    fanOut: column.fanOut + (right.columns[index]?.fanOut ?? 0),
    bytes: Math.max(column.bytes, right.columns[index]?.bytes ?? 0),
  }));
  const outputs = new Set(columns.map((column) => column.name));
  for (const key of statement.sortClause ?? []) checkSortKey(key, outputs, scope, context, false);
  walkLimits(statement, scope, context);
  for (const arm of [left, right]) chargeOnce(arm, scope.frame, false);
  return finish(scope, columns, limited(statement, left.rows + right.rows), 1);
}

function checkPlain(statement: SelectStmt, bare: Scope, context: Context): Derived {
  const { frame } = bare;
  const from = readFromClause(statement, bare, context);
  const scope: Scope = { ...bare, items: from.items };
  checkAliases(from.items);
  proveSettings(statement.whereClause, scope, scope.items, context);
  for (const { quals, scope: inner, restricted } of from.conditions)
    proveSettings(quals, inner, restricted, context);
  for (const { quals, scope: inner } of from.conditions) checkCondition(quals, inner, context);
  if (statement.whereClause !== undefined) checkCondition(statement.whereClause, scope, context);
  const rows = boundRows(from.items, frame.edges);
  checkRows(rows);
  const outputs = readOutputs(statement, scope, context);
  const names = new Set(outputs.map((output) => output.name));
  const group = (statement.groupClause ?? []).map((key) => groupKey(key, names, scope, context));
  if (statement.havingClause !== undefined) walk(statement.havingClause, scope, context);
  for (const window of statement.windowClause ?? []) {
    if (!('WindowDef' in window)) throw new Refusal('SYNTAX', 'WINDOW');
    walkWindow(window.WindowDef, scope, context);
  }
  for (const key of statement.distinctClause ?? []) {
    if (Object.keys(key).length > 0) checkKey(key, names, scope, context, true);
  }
  for (const key of statement.sortClause ?? []) checkSortKey(key, names, scope, context, true);
  walkLimits(statement, scope, context);
  if (frame.costly !== null && rows > SMALL) {
    throw new Refusal(
      'TOO_COSTLY',
      `${frame.costly} for more than ${SMALL} rows`,
      'LIMIT the rows in a CTE first',
    );
  }
  const all = rows * frame.rowFactor;
  const isOneRow = group.length === 0 && (frame.aggregated || statement.havingClause !== undefined);
  // `DISTINCT` alone is a list of one empty node.
  const [distinct] = statement.distinctClause ?? [];
  const isDistinct = distinct !== undefined && Object.keys(distinct).length === 0 && outputs.length === 1;
  const columns = outputs.map(({ name, value }) => ({
    name,
    bytes: value.bytes,
    fanOut: isDistinct || isOnlyKey(group, value) ? 1 : fanOutOf(value, scope, all),
  }));
  return finish(scope, columns, isOneRow ? 1 : limited(statement, all), rows);
}

function readFromClause(statement: SelectStmt, scope: Scope, context: Context): From {
  const items: Item[] = [];
  const conditions = [];
  for (const node of statement.fromClause ?? []) {
    const part = readFrom(node, items, scope, context);
    items.push(...part.items);
    conditions.push(...part.conditions);
  }
  return { items, conditions };
}

/** Only items of `among`: an outer join does not confine the rows of its other side. */
function proveSettings(
  condition: Node | undefined,
  scope: Scope,
  among: readonly Item[],
  { options }: Context,
): void {
  const { proved, digestible } = scope.frame;
  const confined = (names?: ReadonlySet<string>) =>
    provedSettings(condition, scope, names).filter((item) => among.includes(item));
  for (const item of confined()) proved.add(item);
  if (options.digestSettings) for (const item of confined(DIGESTIBLE_SETTINGS)) digestible.add(item);
}

function checkAliases(items: readonly Item[]): void {
  const seen = new Set<string>();
  for (const { alias } of items) {
    if (alias !== '' && seen.has(alias))
      throw new Refusal('AMBIGUOUS', alias, 'give each FROM item its own alias');
    seen.add(alias);
  }
}

function checkCondition(condition: Node, scope: Scope, context: Context): void {
  walk(condition, scope, context);
  scope.frame.edges.push(...edgesOf(condition, scope, context));
}

interface Output {
  readonly name: string | null;
  readonly value: Value;
}

function readOutputs(statement: SelectStmt, scope: Scope, context: Context): readonly Output[] {
  return (statement.targetList ?? []).map((node) => {
    if (!('ResTarget' in node) || node.ResTarget.val === undefined)
      throw new Refusal('SYNTAX', 'select list');
    context.visited.add(node.ResTarget);
    const { name, val } = node.ResTarget;
    return { name: name ?? impliedName(val), value: walk(val, scope, context, 'output') };
  });
}

/** The name that PostgreSQL gives an output column without AS, where it is plain; `null` elsewhere. */
function impliedName(node: Node): string | null {
  if ('ColumnRef' in node) return namePath(node.ColumnRef.fields).at(-1) ?? null;
  if ('FuncCall' in node) return namePath(node.FuncCall.funcname).at(-1) ?? null;
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return impliedName(node.TypeCast.arg);
  return null;
}

function bareName(node: Node): string | undefined {
  if (!('ColumnRef' in node)) return undefined;
  const path = namePath(node.ColumnRef.fields);
  return path.length === 1 ? path[0] : undefined;
}

/** A bare name in GROUP BY means a column of FROM before it means an output column. */
function groupKey(
  node: Node,
  outputs: ReadonlySet<string | null>,
  scope: Scope,
  context: Context,
): Value | null {
  const name = bareName(node);
  const isInput = name !== undefined && scope.items.some((item) => item.columns.has(name));
  if (name === undefined || isInput || !outputs.has(name)) return walk(node, scope, context);
  for (const content of Object.values(node)) context.visited.add(content as object);
  return null;
}

/** A bare name in ORDER BY and DISTINCT ON means an output column before it means a column of FROM. */
function checkKey(
  node: Node,
  outputs: ReadonlySet<string | null>,
  scope: Scope,
  context: Context,
  seesInput: boolean,
): void {
  const name = bareName(node);
  if (name !== undefined && outputs.has(name)) {
    for (const content of Object.values(node)) context.visited.add(content as object);
    return;
  }
  if (!seesInput && !('A_Const' in node))
    throw new Refusal('COLUMN', 'ORDER BY of a UNION takes output names');
  walk(node, scope, context);
}

function checkSortKey(
  node: Node,
  outputs: ReadonlySet<string | null>,
  scope: Scope,
  context: Context,
  seesInput: boolean,
): void {
  if (!('SortBy' in node) || node.SortBy.node === undefined) throw new Refusal('SYNTAX', 'ORDER BY');
  context.visited.add(node.SortBy);
  checkKey(node.SortBy.node, outputs, scope, context, seesInput);
}

function walkLimits(statement: SelectStmt, scope: Scope, context: Context): void {
  const limits = [statement.limitCount, statement.limitOffset].filter((node) => node !== undefined);
  walkAll(limits, { ...scope, items: [] }, context);
}

function limited(statement: SelectStmt, rows: number): number {
  const count = statement.limitCount;
  if (count === undefined || !('A_Const' in count) || statement.limitOption !== 'LIMIT_OPTION_COUNT')
    return rows;
  return count.A_Const.ival === undefined ? rows : Math.min(rows, count.A_Const.ival.ival ?? 0);
}

function isOnlyKey(group: readonly (Value | null)[], value: Value): boolean {
  const [key, ...more] = group;
  return more.length === 0 && key?.column !== undefined && key.column.column === value.column?.column;
}

/** Each row of the item may have been multiplied by the joins. */
function fanOutOf(value: Value, scope: Scope, rows: number): number {
  const found = value.column;
  if (found === undefined || !scope.items.includes(found.item)) return rows;
  return Math.min(rows, found.column.fanOut * Math.max(1, Math.ceil(rows / Math.max(1, found.item.rows))));
}

function finish(scope: Scope, columns: Derived['columns'], rows: number, touched: number): Derived {
  let cost = touched;
  for (const subquery of scope.frame.subqueries) {
    cost += subquery.correlated ? touched * subquery.cost : subquery.cost;
  }
  checkRows(rows);
  checkRows(cost);
  return { columns, rows, cost, correlated: scope.frame.correlated };
}

function checkRows(rows: number): void {
  if (rows > MAX_ROWS)
    throw new Refusal('TOO_COSTLY', undefined, 'join on identifying columns, or aggregate first');
}
