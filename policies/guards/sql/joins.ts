import type { Node } from 'libpg-query';
import { FEW } from './catalog/rows.ts';
import { namePath } from './nodes.ts';
import type { Context, Edge, Item, Scope, Value } from './scope.ts';
import { Refusal } from './verdict.ts';

/** More rows than a read may ever touch; the planner's cost ceiling at run time is far below it. */
export const MAX_ROWS = 20_000_000;

/** The terms of a conjunction. */
export function conjuncts(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR') {
    return (node.BoolExpr.args ?? []).flatMap((term) => conjuncts(term));
  }
  return [node];
}

/** What the equalities of a walked condition say about the rows of each item. */
export function edgesOf(node: Node, scope: Scope, context: Context): readonly Edge[] {
  if ('BoolExpr' in node) {
    const arms = (node.BoolExpr.args ?? []).map((term) => edgesOf(term, scope, context));
    if (node.BoolExpr.boolop === 'AND_EXPR') return arms.flat();
    return node.BoolExpr.boolop === 'OR_EXPR' ? alternatives(arms) : [];
  }
  if (!('A_Expr' in node)) return [];
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  if (namePath(name).at(-1) !== '=' || lexpr === undefined || rexpr === undefined) return [];
  const [left, right] = [context.values.get(lexpr), context.values.get(rexpr)];
  if (left === undefined || right === undefined) return [];
  switch (kind) {
    case 'AEXPR_OP':
    case 'AEXPR_NOT_DISTINCT':
      return [...edge(left, right, 1, scope), ...edge(right, left, 1, scope)];
    case 'AEXPR_IN':
    case 'AEXPR_OP_ANY':
      return edge(left, right, FEW, scope);
    default:
      return [];
  }
}

/** An item that every arm of an OR ties down has at most the rows of all arms together. */
function alternatives(arms: readonly (readonly Edge[])[]): readonly Edge[] {
  const [first = [], ...others] = arms;
  return first.flatMap(({ item, fanOut, needs }) => {
    const rest = others.map((arm) => arm.find((candidate) => candidate.item === item));
    if (rest.includes(undefined)) return [];
    const all = rest.filter((found) => found !== undefined);
    return [
      {
        item,
        fanOut: all.reduce((sum, found) => sum + found.fanOut, fanOut),
        needs: new Set([needs, ...all.map((found) => found.needs)].flatMap((set) => [...set])),
      },
    ];
  });
}

function edge(own: Value, other: Value, times: number, scope: Scope): readonly Edge[] {
  const found = own.column;
  if (found === undefined || !scope.items.includes(found.item) || other.items.has(found.item)) return [];
  const needs = new Set([...other.items].filter((item) => scope.items.includes(item)));
  // Over all rows of the outer query, an EXISTS that compares with its key comes by each inner row once.
  const oncePerKey = scope.frame.exists && needs.size === 0 && other.column?.column.fanOut === 1;
  const fanOut = oncePerKey ? Math.min(found.column.fanOut, FEW) : found.column.fanOut;
  return [{ item: found.item, fanOut: Math.min(fanOut * times, found.item.rows), needs }];
}

/**
 * An upper bound of the rows that a FROM clause yields: the best of all orders that start with some item and then
 * take whichever multiplies least. An item that no equality ties to those before it may be joined only if it has one
 * row, or is computed from them.
 */
export function boundRows(items: readonly Item[], edges: readonly Edge[]): number {
  if (items.length === 0) return 1;
  let best = Number.POSITIVE_INFINITY;
  for (const root of items) best = Math.min(best, boundFrom(root, items, edges));
  if (best === Number.POSITIVE_INFINITY) {
    throw new Refusal('CROSS_JOIN', items.map((item) => item.alias).join(', '), 'join on columns with =');
  }
  return best;
}

function boundFrom(root: Item, items: readonly Item[], edges: readonly Edge[]): number {
  const joined = new Set<Item>();
  const left = new Set(items);
  let rows = 1;
  for (let next: Item | undefined = root; next !== undefined; next = cheapest(left, joined, edges)) {
    rows *= multiplier(next, joined, edges, joined.size === 0);
    joined.add(next);
    left.delete(next);
  }
  return rows;
}

function cheapest(
  left: ReadonlySet<Item>,
  joined: ReadonlySet<Item>,
  edges: readonly Edge[],
): Item | undefined {
  let best: Item | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const item of left) {
    const times = multiplier(item, joined, edges, false);
    if (best !== undefined && times >= least) continue;
    best = item;
    least = times;
  }
  return best;
}

function multiplier(item: Item, joined: ReadonlySet<Item>, edges: readonly Edge[], isRoot: boolean): number {
  if (item.dependsOn !== null) return item.rows;
  let least = isRoot || item.rows <= 1 ? item.rows : Number.POSITIVE_INFINITY;
  for (const { item: tied, fanOut, needs } of edges) {
    if (tied === item && isSubset(needs, joined)) least = Math.min(least, fanOut);
  }
  return least;
}

function isSubset(some: ReadonlySet<Item>, all: ReadonlySet<Item>): boolean {
  for (const item of some) if (!all.has(item)) return false;
  return true;
}
