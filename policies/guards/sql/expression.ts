import type { A_Const, FuncCall, Node, SubLink, TypeName, WindowDef } from 'libpg-query';
import { checkArguments, checkPattern } from './arguments.ts';
import { FUNCTIONS, type FunctionRule, REFUSED_FUNCTIONS, rowsOf, VOLATILE_FUNCTIONS } from './functions.ts';
import { namePath } from './nodes.ts';
import { isListedOperator, PATTERN_OPERATORS } from './operators.ts';
import { type Context, type Item, type Place, resolveColumn, type Scope, type Value } from './scope.ts';
import { isListedCollation, isLossless, MAX_NUMERIC_BYTES, MAX_TYPE_MODIFIER, typeKind } from './types.ts';
import { Refusal } from './verdict.ts';

/** The longest value that a template may build; longer ones are memory taken from the server. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024;

const SCALAR_BYTES = 64;

/** Functions that leave nothing of a text but a number that differs when it does. */
const DIGESTS: ReadonlySet<string> = new Set(['md5', 'hashtextextended']);

/** Functions that hand their text arguments on whole, so that md5() around them still digests whole values. */
const PASSES_WHOLE: ReadonlySet<string> = new Set(['concat', 'concat_ws', 'string_agg']);

/** Walks an expression, refuses what is on no list, and says what is known of its value. */
export function walk(node: Node, scope: Scope, context: Context, place: Place = 'plain'): Value {
  const value = walkNode(node, scope, context, place);
  if (value.bytes > MAX_VALUE_BYTES) throw new Refusal('TOO_LARGE', `more than ${MAX_VALUE_BYTES} bytes`);
  context.values.set(node, value);
  return value;
}

export function walkAll(
  nodes: readonly Node[] | undefined,
  scope: Scope,
  context: Context,
  place?: Place,
): Value[] {
  return (nodes ?? []).map((node) => walk(node, scope, context, place));
}

function walkOptional(node: Node | undefined, scope: Scope, context: Context, place?: Place): Value[] {
  return node === undefined ? [] : [walk(node, scope, context, place)];
}

function walkNode(node: Node, scope: Scope, context: Context, place: Place): Value {
  for (const content of Object.values(node)) context.visited.add(content as object);
  if ('ColumnRef' in node) return columnValue(namePath(node.ColumnRef.fields), scope, context, place);
  if ('A_Const' in node) return constantValue(node.A_Const);
  if ('ParamRef' in node) return { bytes: 1_024, items: new Set(), parameter: true, constant: true };
  if ('SQLValueFunction' in node) return { bytes: SCALAR_BYTES, items: new Set() };
  if ('FuncCall' in node) return functionValue(node.FuncCall, scope, context, place);
  if ('TypeCast' in node) return castValue(node.TypeCast.arg, node.TypeCast.typeName, scope, context, place);
  if ('A_Expr' in node) return operatorValue(node.A_Expr, scope, context);
  if ('SubLink' in node) return sublinkValue(node.SubLink, scope, context);
  if ('NullTest' in node) return truth(walkOptional(node.NullTest.arg, scope, context, 'presence'));
  if ('BoolExpr' in node) return truth(walkAll(node.BoolExpr.args, scope, context));
  if ('BooleanTest' in node) return truth(walkOptional(node.BooleanTest.arg, scope, context));
  if ('CoalesceExpr' in node) {
    return together(walkAll(node.CoalesceExpr.args, scope, context, place === 'digest' ? 'digest' : 'plain'));
  }
  return walkPlain(node, scope, context);
}

/** Nodes that only hold others. */
function walkPlain(node: Node, scope: Scope, context: Context): Value {
  const many = (nodes: readonly Node[] | undefined) => walkAll(nodes, scope, context);
  const one = (inner: Node | undefined) => walkOptional(inner, scope, context);
  if ('MinMaxExpr' in node) return together(many(node.MinMaxExpr.args));
  if ('List' in node) return together(many(node.List.items));
  if ('A_ArrayExpr' in node) return arrayValue(many(node.A_ArrayExpr.elements));
  if ('RowExpr' in node) return together(many(node.RowExpr.args));
  if ('NamedArgExpr' in node) return one(node.NamedArgExpr.arg)[0] ?? together([]);
  if ('CaseExpr' in node) {
    const { arg, args, defresult } = node.CaseExpr;
    return together([...one(arg), ...many(args), ...one(defresult)]);
  }
  if ('CaseWhen' in node) return together([...one(node.CaseWhen.expr), ...one(node.CaseWhen.result)]);
  if ('CollateClause' in node) {
    if (!isListedCollation(namePath(node.CollateClause.collname))) throw new Refusal('COLLATION');
    return together(one(node.CollateClause.arg));
  }
  if ('A_Indirection' in node) {
    const subscripts = (node.A_Indirection.indirection ?? []).flatMap((step) => {
      if (!('A_Indices' in step)) throw new Refusal('SYNTAX', 'field of a composite value');
      return [...one(step.A_Indices.lidx), ...one(step.A_Indices.uidx)];
    });
    return together([...one(node.A_Indirection.arg), ...subscripts]);
  }
  if ('SortBy' in node) return together(one(node.SortBy.node));
  throw new Refusal('SYNTAX', Object.keys(node)[0]);
}

function together(values: readonly Value[]): Value {
  const items = new Set(values.flatMap((value) => [...value.items]));
  return { bytes: values.reduce((sum, value) => sum + value.bytes, SCALAR_BYTES), items };
}

function arrayValue(elements: readonly Value[]): Value {
  const isConstant = elements.every((element) => element.constant === true);
  return { ...together(elements), ...(isConstant ? { constant: true } : {}) };
}

function truth(values: readonly Value[]): Value {
  return { ...together(values), bytes: 1 };
}

function columnValue(path: readonly string[], scope: Scope, context: Context, place: Place): Value {
  const { item, column } = resolveColumn(path, scope, place);
  if (column.source !== undefined) context.columns.add(column.source);
  return { bytes: column.bytes, items: new Set([item]), column: { item, column } };
}

function constantValue(constant: A_Const): Value {
  const items = new Set<Item>();
  if (constant.sval !== undefined) {
    const literal = constant.sval.sval ?? '';
    return { bytes: literal.length * 3, items, literal, constant: true };
  }
  if (constant.fval !== undefined) {
    const literal = constant.fval.fval ?? '';
    if (/[eE]\+?\d{3,}/.test(literal)) throw new Refusal('TOO_LARGE', 'a number with a huge exponent');
    return { bytes: literal.length + 100, items, constant: true };
  }
  if (constant.boolval !== undefined) {
    return { bytes: 1, items, literal: constant.boolval.boolval ?? false, constant: true };
  }
  if (constant.ival !== undefined) {
    return { bytes: 8, items, literal: constant.ival.ival ?? 0, constant: true };
  }
  return { bytes: 1, items, literal: null, constant: true };
}

function castValue(
  arg: Node | undefined,
  type: TypeName | undefined,
  scope: Scope,
  context: Context,
  place: Place,
): Value {
  if (arg === undefined || type === undefined) throw new Refusal('SYNTAX', 'TypeCast');
  context.visited.add(type);
  const [name, kind] = checkType(type, scope, context);
  const isWholeText = name === 'text' && type.typmods === undefined && type.arrayBounds === undefined;
  const value = walk(arg, scope, context, isWholeText && place === 'digest' ? 'digest' : 'plain');
  const isSimple = value.column !== undefined || value.constant === true;
  if (kind === 'name' && !isSimple) {
    throw new Refusal('ARGUMENT', `a cast to ${name} of something else than a literal, parameter or column`);
  }
  if (name === 'numeric' || name === 'jsonb') checkNumbers(name, value, isSimple);
  const widened = name === 'numeric' && !isSimple && type.typmods === undefined ? MAX_NUMERIC_BYTES : 0;
  const padded = type.typmods === undefined ? 0 : MAX_TYPE_MODIFIER;
  const bytes = Math.max(value.bytes, SCALAR_BYTES, padded, widened);
  // Only a cast that keeps different values different lets the column count as itself in a join.
  const keepsColumn = type.typmods === undefined && type.arrayBounds === undefined && isLossless(name);
  const { column, ...rest } = value;
  return { ...rest, bytes, ...(keepsColumn && column !== undefined ? { column } : {}) };
}

/** `1e131071` is eight characters that become a hundred thousand digits. */
function checkNumbers(name: string, value: Value, isSimple: boolean): void {
  if (typeof value.literal === 'string' && /[eE]\+?\d{3,}/.test(value.literal)) {
    throw new Refusal('TOO_LARGE', 'a number with a huge exponent');
  }
  if (name === 'jsonb' && !isSimple) throw new Refusal('ARGUMENT', 'a cast to jsonb of a computed value');
}

function checkType(type: TypeName, scope: Scope, context: Context): [string, 'value' | 'name'] {
  const path = namePath(type.names);
  const [name = '', schema, ...rest] = [...path].reverse();
  if (schema !== undefined && rest.length === 0 && context.enums.has(`${schema}.${name}`))
    return [name, 'value'];
  const kind = typeKind(name);
  if (kind === undefined || rest.length > 0 || (schema !== undefined && schema !== 'pg_catalog')) {
    throw new Refusal('TYPE', path.join('.'));
  }
  for (const modifier of walkAll(type.typmods, scope, context)) {
    // An interval's fields are a bit mask.
    const isSmall = typeof modifier.literal === 'number' && modifier.literal <= MAX_TYPE_MODIFIER;
    if (!isSmall && name !== 'interval') throw new Refusal('TYPE', `${name}: at most ${MAX_TYPE_MODIFIER}`);
  }
  return [name, kind];
}

function operatorValue(
  expression: { kind?: string; name?: Node[]; lexpr?: Node; rexpr?: Node },
  scope: Scope,
  context: Context,
): Value {
  const path = namePath(expression.name);
  if (!isListedOperator(path, (expression.kind ?? '').includes('BETWEEN'))) {
    throw new Refusal('OPERATOR', path.join('.'));
  }
  const left = walkOptional(expression.lexpr, scope, context);
  const right = walkOptional(expression.rexpr, scope, context);
  const symbol = path.at(-1) ?? '';
  if (PATTERN_OPERATORS.has(symbol)) checkPatterns(symbol, expression.rexpr, right[0], context);
  return together([...left, ...right]);
}

/** `name ~ ANY (ARRAY['a', 'b'])` has several. */
function checkPatterns(
  symbol: string,
  node: Node | undefined,
  value: Value | undefined,
  context: Context,
): void {
  if (node !== undefined && 'A_ArrayExpr' in node) {
    for (const element of node.A_ArrayExpr.elements ?? []) checkPattern(symbol, context.values.get(element));
    return;
  }
  checkPattern(symbol, value);
}

function sublinkValue(link: SubLink, scope: Scope, context: Context): Value {
  const operator = namePath(link.operName);
  if (operator.length > 0) {
    if (!isListedOperator(operator, false)) throw new Refusal('OPERATOR', operator.join('.'));
    if (PATTERN_OPERATORS.has(operator.at(-1) ?? ''))
      throw new Refusal('OPERATOR', 'a pattern from a subquery');
  }
  const tested = walkOptional(link.testexpr, scope, context);
  if (link.subselect === undefined || !('SelectStmt' in link.subselect)) throw new Refusal('NOT_SELECT');
  const exists = link.subLinkType === 'EXISTS_SUBLINK';
  const derived = context.select(link.subselect.SelectStmt, scope, scope.ctes, context, exists);
  scope.frame.subqueries.push(derived);
  const rows = link.subLinkType === 'ARRAY_SUBLINK' ? Math.min(derived.rows, 1_000) : 1;
  const bytes = derived.columns.reduce((sum, column) => sum + column.bytes, 0) * rows;
  // What a correlated subquery depends on is not followed; every item it could see counts.
  const items = derived.correlated ? new Set(scope.items) : new Set<Item>();
  const whole = together([...tested, { bytes, items }]);
  return link.subLinkType === 'EXPR_SUBLINK' || link.subLinkType === 'ARRAY_SUBLINK' ? whole : truth([whole]);
}

function functionValue(call: FuncCall, scope: Scope, context: Context, place: Place): Value {
  const [name, rule] = findFunction(call, context);
  if (rule.kind === 'set' && (place !== 'output' || rule.columns?.length !== 1)) {
    throw new Refusal('FUNCTION', `${name} returns rows`, 'call it in FROM');
  }
  if (rule.costly === true) scope.frame.costly = name;
  const value = callValue(call, name, rule, scope, context, place);
  if (rule.kind === 'set') scope.frame.rowFactor *= rowsOf(rule, value.bytes);
  return value;
}

/** The rule of a function that is on the list; also for functions in FROM. */
export function findFunction(call: FuncCall, context: Context): [string, FunctionRule] {
  const path = namePath(call.funcname);
  const [name = '', schema, ...rest] = [...path].reverse();
  const rule = context.options.functions.get(name) ?? FUNCTIONS.get(name);
  if (rule === undefined || rest.length > 0 || (schema !== undefined && schema !== 'pg_catalog')) {
    const known = Object.hasOwn(REFUSED_FUNCTIONS, name) ? REFUSED_FUNCTIONS[name] : undefined;
    throw new Refusal('FUNCTION', path.join('.'), known);
  }
  if (schema === undefined && context.options.requireQualified) {
    throw new Refusal('UNQUALIFIED', name, `write pg_catalog.${name}`);
  }
  if (context.options.refuseVolatile && VOLATILE_FUNCTIONS.has(name)) throw new Refusal('VOLATILE', name);
  context.functions.add(`pg_catalog.${name}`);
  return [name, rule];
}

/** Walks everything inside a call. */
export function callValue(
  call: FuncCall,
  name: string,
  rule: FunctionRule,
  scope: Scope,
  context: Context,
  place: Place,
): Value {
  const isWhole = DIGESTS.has(name) || (place === 'digest' && PASSES_WHOLE.has(name));
  const values = walkAll(call.args, scope, context, isWhole ? 'digest' : 'plain');
  const order = walkAll(call.agg_order, scope, context);
  const filter = walkOptional(call.agg_filter, scope, context);
  const window = call.over === undefined ? [] : walkWindow(call.over, scope, context);
  checkForm(call, name, rule);
  if (rule.kind === 'aggregate' && call.over === undefined) scope.frame.aggregated = true;
  const bytes = checkArguments(name, rule.argument, values) * rule.growth;
  return { ...together([...values, ...order, ...filter, ...window]), bytes: Math.max(bytes, SCALAR_BYTES) };
}

function checkForm(call: FuncCall, name: string, rule: FunctionRule): void {
  const isAggregate = rule.kind === 'aggregate';
  const asAggregate =
    call.agg_distinct === true || call.agg_filter !== undefined || call.agg_order !== undefined;
  if (asAggregate && !isAggregate) throw new Refusal('FUNCTION', `${name} is no aggregate`);
  if (call.over !== undefined && !isAggregate && rule.kind !== 'window') {
    throw new Refusal('FUNCTION', `${name} is no window function`);
  }
  if (rule.kind === 'window' && call.over === undefined) throw new Refusal('FUNCTION', `${name} needs OVER`);
  if (call.agg_star === true && name !== 'count') throw new Refusal('STAR', `${name}(*)`);
}

export function walkWindow(window: WindowDef, scope: Scope, context: Context): Value[] {
  context.visited.add(window);
  return [
    ...walkAll(window.partitionClause, scope, context),
    ...walkAll(window.orderClause, scope, context),
    ...walkOptional(window.startOffset, scope, context),
    ...walkOptional(window.endOffset, scope, context),
  ];
}
