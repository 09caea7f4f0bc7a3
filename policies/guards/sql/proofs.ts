import type { Node } from 'libpg-query';
import { conjuncts } from './joins.ts';
import { namePath } from './nodes.ts';
import { OPTION_NAME, OPTION_VALUE } from './options.ts';
import type { Item, Scope } from './scope.ts';
import { SAFE_SETTINGS, SAFE_VARTYPES } from './settings.ts';

/**
 * The items of `pg_settings`, or of settings taken apart, whose rows a condition confines to the settings of a list, by
 * default the safe one: a term of its conjunction compares `name` with literals that are all on it, or `vartype` with
 * types that can not carry text.
 */
export function provedSettings(
  condition: Node | undefined,
  scope: Scope,
  names: ReadonlySet<string> = SAFE_SETTINGS,
): readonly Item[] {
  return conjuncts(condition).flatMap((term) => {
    const comparison = literalComparison(term);
    if (comparison === undefined) return [];
    const item = findSettings(comparison.path.slice(0, -1), scope);
    const safe = safeValues(comparison.path.at(-1), names);
    return item !== undefined && comparison.literals.every((literal) => safe.has(literal)) ? [item] : [];
  });
}

function safeValues(column: string | undefined, names: ReadonlySet<string>): ReadonlySet<string> {
  if (column === 'name' || column === OPTION_NAME) return names;
  return column === 'vartype' ? SAFE_VARTYPES : new Set();
}

function findSettings(qualifier: readonly string[], scope: Scope): Item | undefined {
  const settings = scope.items.filter((item) => isProvable(item));
  if (qualifier.length === 0) return scope.items.length === 1 ? settings[0] : undefined;
  return settings.find((item) => qualifier.length === 1 && item.alias === qualifier[0]);
}

/** `pg_settings`, or what pg_options_to_table() makes of the settings of a role or database. */
function isProvable({ columns }: Item): boolean {
  return [columns.get('setting'), columns.get(OPTION_VALUE)].some((column) => column?.access === 'proved');
}

interface LiteralComparison {
  readonly path: readonly string[];
  readonly literals: readonly string[];
}

/** `column = 'a'`, `column IN ('a', 'b')`, `column = ANY (ARRAY['a', 'b'])`, `column = ANY ('{a,b}'::text[])`. */
function literalComparison(term: Node): LiteralComparison | undefined {
  if (!('A_Expr' in term)) return undefined;
  const { kind, name, lexpr, rexpr } = term.A_Expr;
  if (namePath(name).at(-1) !== '=' || lexpr === undefined || rexpr === undefined) return undefined;
  if (!('ColumnRef' in lexpr)) return undefined;
  const literals = literalsOf(kind, rexpr);
  return literals === undefined ? undefined : { path: namePath(lexpr.ColumnRef.fields), literals };
}

function literalsOf(kind: string | undefined, node: Node): readonly string[] | undefined {
  if (kind === 'AEXPR_OP') return allLiterals([node]);
  if (kind === 'AEXPR_IN' && 'List' in node) return allLiterals(node.List.items ?? []);
  if (kind !== 'AEXPR_OP_ANY') return undefined;
  const array = 'TypeCast' in node ? node.TypeCast.arg : node;
  if (array !== undefined && 'A_ArrayExpr' in array) return allLiterals(array.A_ArrayExpr.elements ?? []);
  const text = array === undefined ? undefined : literalOf(array);
  const inside = text === undefined ? undefined : /^\{([A-Za-z0-9_.,]*)\}$/.exec(text)?.[1];
  return inside?.split(',');
}

function allLiterals(nodes: readonly Node[]): readonly string[] | undefined {
  const literals = nodes.map((node) => literalOf(node));
  return literals.includes(undefined) ? undefined : literals.filter((literal) => literal !== undefined);
}

function literalOf(node: Node): string | undefined {
  return 'A_Const' in node ? node.A_Const.sval?.sval : undefined;
}
