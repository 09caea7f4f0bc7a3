import { Refusal, type SqlDenyCode } from './verdict.ts';

/**
 * The closed world of syntax: every node type and every field of it that a template may hold. A node, field or
 * enumeration value that is not here is refused, so that what a newer grammar adds is refused until someone has
 * thought about it. Names are those of PostgreSQL's parse tree (`parsenodes.h`, `primnodes.h`).
 */
type FieldRule =
  /** A node wrapped in its type name; a list of them; a list in which `{}` stands for "nothing". */
  | 'node'
  | 'nodes'
  | 'holes'
  /** A value that the walk interprets. */
  | 'text'
  | 'number'
  | 'flag'
  /** A place in the text. */
  | 'position'
  | { readonly is: string }
  | { readonly oneOf: readonly string[] }
  | { readonly refuse: SqlDenyCode };

type Shape = Readonly<Record<string, FieldRule>>;

const is = (type: string): FieldRule => ({ is: type });
const oneOf = (...values: string[]): FieldRule => ({ oneOf: values });
const refuse = (code: SqlDenyCode): FieldRule => ({ refuse: code });

const SORT_DIRECTIONS = oneOf('SORTBY_DEFAULT', 'SORTBY_ASC', 'SORTBY_DESC');
const SORT_NULLS = oneOf('SORTBY_NULLS_DEFAULT', 'SORTBY_NULLS_FIRST', 'SORTBY_NULLS_LAST');
const EXPRESSION_KINDS = oneOf(
  'AEXPR_OP',
  'AEXPR_OP_ANY',
  'AEXPR_OP_ALL',
  'AEXPR_DISTINCT',
  'AEXPR_NOT_DISTINCT',
  'AEXPR_NULLIF',
  'AEXPR_IN',
  'AEXPR_LIKE',
  'AEXPR_ILIKE',
  'AEXPR_BETWEEN',
  'AEXPR_NOT_BETWEEN',
  'AEXPR_BETWEEN_SYM',
  'AEXPR_NOT_BETWEEN_SYM',
);
const VALUE_FUNCTIONS = oneOf(
  'SVFOP_CURRENT_DATE',
  'SVFOP_CURRENT_TIME',
  'SVFOP_CURRENT_TIME_N',
  'SVFOP_CURRENT_TIMESTAMP',
  'SVFOP_CURRENT_TIMESTAMP_N',
  'SVFOP_LOCALTIME',
  'SVFOP_LOCALTIME_N',
  'SVFOP_LOCALTIMESTAMP',
  'SVFOP_LOCALTIMESTAMP_N',
  'SVFOP_CURRENT_ROLE',
  'SVFOP_CURRENT_USER',
  'SVFOP_USER',
  'SVFOP_SESSION_USER',
  'SVFOP_CURRENT_CATALOG',
  'SVFOP_CURRENT_SCHEMA',
);

export const SHAPES: Readonly<Record<string, Shape>> = {
  SelectStmt: {
    distinctClause: 'holes',
    intoClause: refuse('INTO'),
    targetList: 'nodes',
    fromClause: 'nodes',
    whereClause: 'node',
    groupClause: 'nodes',
    havingClause: 'node',
    windowClause: 'nodes',
    valuesLists: refuse('VALUES'),
    sortClause: 'nodes',
    limitOffset: 'node',
    limitCount: 'node',
    limitOption: oneOf('LIMIT_OPTION_DEFAULT', 'LIMIT_OPTION_COUNT', 'LIMIT_OPTION_WITH_TIES'),
    lockingClause: refuse('LOCKING'),
    withClause: is('WithClause'),
    op: oneOf('SETOP_NONE', 'SETOP_UNION', 'SETOP_INTERSECT', 'SETOP_EXCEPT'),
    all: 'flag',
    larg: is('SelectStmt'),
    rarg: is('SelectStmt'),
  },
  WithClause: { ctes: 'nodes', recursive: refuse('RECURSIVE'), location: 'position' },
  CommonTableExpr: {
    ctename: 'text',
    aliascolnames: 'nodes',
    ctematerialized: oneOf('CTEMaterializeDefault', 'CTEMaterializeAlways', 'CTEMaterializeNever'),
    ctequery: 'node',
    location: 'position',
  },
  RangeVar: {
    schemaname: 'text',
    relname: 'text',
    inh: 'flag',
    relpersistence: oneOf('p'),
    alias: is('Alias'),
    location: 'position',
  },
  RangeSubselect: { lateral: 'flag', subquery: 'node', alias: is('Alias') },
  RangeFunction: { lateral: 'flag', ordinality: 'flag', functions: 'nodes', alias: is('Alias') },
  JoinExpr: {
    jointype: oneOf('JOIN_INNER', 'JOIN_LEFT', 'JOIN_RIGHT', 'JOIN_FULL'),
    larg: 'node',
    rarg: 'node',
    usingClause: 'nodes',
    quals: 'node',
  },
  Alias: { aliasname: 'text', colnames: 'nodes' },
  ResTarget: { name: 'text', val: 'node', location: 'position' },
  SortBy: { node: 'node', sortby_dir: SORT_DIRECTIONS, sortby_nulls: SORT_NULLS, location: 'position' },
  WindowDef: {
    name: 'text',
    refname: 'text',
    partitionClause: 'nodes',
    orderClause: 'nodes',
    frameOptions: 'number',
    startOffset: 'node',
    endOffset: 'node',
    location: 'position',
  },
  ColumnRef: { fields: 'nodes', location: 'position' },
  A_Star: { '': refuse('STAR') },
  A_Const: {
    ival: is('Integer'),
    fval: is('Float'),
    boolval: is('Boolean'),
    sval: is('String'),
    isnull: 'flag',
    location: 'position',
  },
  Integer: { ival: 'number' },
  Float: { fval: 'text' },
  Boolean: { boolval: 'flag' },
  String: { sval: 'text' },
  ParamRef: { number: 'number', location: 'position' },
  A_Expr: {
    kind: EXPRESSION_KINDS,
    name: 'nodes',
    lexpr: 'node',
    rexpr: 'node',
    rexpr_list_start: 'position',
    rexpr_list_end: 'position',
    location: 'position',
  },
  List: { items: 'holes' },
  BoolExpr: { boolop: oneOf('AND_EXPR', 'OR_EXPR', 'NOT_EXPR'), args: 'nodes', location: 'position' },
  NullTest: { arg: 'node', nulltesttype: oneOf('IS_NULL', 'IS_NOT_NULL'), location: 'position' },
  BooleanTest: {
    arg: 'node',
    booltesttype: oneOf('IS_TRUE', 'IS_NOT_TRUE', 'IS_FALSE', 'IS_NOT_FALSE', 'IS_UNKNOWN', 'IS_NOT_UNKNOWN'),
    location: 'position',
  },
  CaseExpr: { arg: 'node', args: 'nodes', defresult: 'node', location: 'position' },
  CaseWhen: { expr: 'node', result: 'node', location: 'position' },
  CoalesceExpr: { args: 'nodes', location: 'position' },
  MinMaxExpr: { op: oneOf('IS_GREATEST', 'IS_LEAST'), args: 'nodes', location: 'position' },
  SQLValueFunction: { op: VALUE_FUNCTIONS, typmod: 'number', location: 'position' },
  FuncCall: {
    funcname: 'nodes',
    args: 'nodes',
    agg_order: 'nodes',
    agg_filter: 'node',
    over: is('WindowDef'),
    agg_within_group: 'flag',
    agg_star: 'flag',
    agg_distinct: 'flag',
    funcformat: oneOf('COERCE_EXPLICIT_CALL', 'COERCE_SQL_SYNTAX'),
    location: 'position',
  },
  NamedArgExpr: { arg: 'node', name: 'text', argnumber: 'number', location: 'position' },
  TypeCast: { arg: 'node', typeName: is('TypeName'), location: 'position' },
  TypeName: {
    names: 'nodes',
    typmods: 'nodes',
    typemod: 'number',
    arrayBounds: 'nodes',
    location: 'position',
  },
  CollateClause: { arg: 'node', collname: 'nodes', location: 'position' },
  SubLink: {
    subLinkType: oneOf('EXISTS_SUBLINK', 'ANY_SUBLINK', 'ALL_SUBLINK', 'EXPR_SUBLINK', 'ARRAY_SUBLINK'),
    testexpr: 'node',
    operName: 'nodes',
    subselect: 'node',
    location: 'position',
  },
  A_ArrayExpr: { elements: 'nodes', list_start: 'position', list_end: 'position', location: 'position' },
  RowExpr: {
    args: 'nodes',
    row_format: oneOf('COERCE_IMPLICIT_CAST', 'COERCE_EXPLICIT_CALL'),
    location: 'position',
  },
  A_Indirection: { arg: 'node', indirection: 'nodes' },
  A_Indices: { is_slice: 'flag', lidx: 'node', uidx: 'node' },
};

/** Node types that name nothing and read nothing: the walk need not account for them. */
const LEAVES = new Set(['Alias', 'A_Const', 'Integer', 'Float', 'Boolean', 'String', 'List', 'A_Indices']);

/** Deeper than any template, shallower than the stack. */
const MAX_DEPTH = 120;

/**
 * Checks a tree against {@link SHAPES}.
 *
 * @returns every node that the walk must come by, so that a part it forgets is a refusal and not a hole.
 */
export function checkShape(root: object): ReadonlySet<object> {
  const found = new Set<object>();
  checkWrapped(root, found, 0);
  return found;
}

function checkWrapped(value: unknown, found: Set<object>, depth: number): void {
  const [type, ...more] = Object.keys(asRecord(value));
  if (type === undefined || more.length > 0) throw new Refusal('SYNTAX');
  checkNode(type, asRecord(value)[type], found, depth);
}

function checkNode(type: string, value: unknown, found: Set<object>, depth: number): void {
  if (depth > MAX_DEPTH) throw new Refusal('TOO_DEEP');
  const shape = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  if (shape === undefined) throw new Refusal('SYNTAX', type);
  const always = shape[''];
  if (always !== undefined) checkField(type, '', undefined, always, found, depth);
  const record = asRecord(value);
  if (!LEAVES.has(type)) found.add(record);
  for (const [field, content] of Object.entries(record)) {
    const rule = Object.hasOwn(shape, field) ? shape[field] : undefined;
    if (rule === undefined) throw new Refusal('SYNTAX', `${type}.${field}`);
    checkField(type, field, content, rule, found, depth);
  }
}

function checkField(
  type: string,
  field: string,
  content: unknown,
  rule: FieldRule,
  found: Set<object>,
  depth: number,
): void {
  const wrong = () => new Refusal('SYNTAX', `${type}.${field}`);
  if (typeof rule === 'object') {
    if ('refuse' in rule) throw new Refusal(rule.refuse);
    if ('is' in rule) return checkNode(rule.is, content, found, depth + 1);
    if (typeof content !== 'string' || !rule.oneOf.includes(content)) throw wrong();
    return;
  }
  switch (rule) {
    case 'node':
      return checkWrapped(content, found, depth + 1);
    case 'nodes':
    case 'holes':
      if (!Array.isArray(content)) throw wrong();
      for (const item of content) {
        if (rule === 'holes' && Object.keys(asRecord(item)).length === 0) continue;
        checkWrapped(item, found, depth + 1);
      }
      return;
    case 'text':
      if (typeof content !== 'string') throw wrong();
      return;
    case 'flag':
      if (typeof content !== 'boolean') throw wrong();
      return;
    case 'number':
    case 'position':
      if (typeof content !== 'number') throw wrong();
      return;
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('SYNTAX');
  return value as Record<string, unknown>;
}
