/** Why a statement is refused. The set is closed; `exhibit guard` prints these. */
export const SQL_DENY_CODES = {
  FREEFORM: 'text that is not a shipped template is never run, whatever it says',
  BAD_INPUT: 'the input line is not what the protocol asks for',
  UNSUPPORTED_DIALECT: 'no guard exists for this dialect',
  TOO_LONG: 'the text is longer than a template may be',
  BAD_TEXT: 'the text holds characters that the server reads differently from the parser',
  PARSE_ERROR: 'the text is not one PostgreSQL statement',
  MULTIPLE_STATEMENTS: 'there is more than one statement',
  NOT_SELECT: 'the statement is not a SELECT',
  INTO: 'SELECT INTO creates a table',
  LOCKING: 'FOR UPDATE and FOR SHARE lock rows',
  VALUES: 'VALUES lists are not used in templates',
  RECURSIVE: 'nothing proves that a recursive query ends',
  STAR: 'a star reads columns that nobody listed',
  SYNTAX: 'this construct is on no list',
  TOO_DEEP: 'the statement is nested too deeply',
  RELATION: 'the relation is on no list',
  UNQUALIFIED: 'the name must be written with its schema',
  COLUMN: 'the column is on no list',
  SENSITIVE_COLUMN: 'the column holds user data, code, comments or credentials',
  SETTING: 'nothing proves that only harmless settings are read',
  AMBIGUOUS: 'the name could mean something else on another server version',
  FUNCTION: 'the function is on no list',
  ARGUMENT: 'this argument is not allowed for this function',
  OPERATOR: 'the operator is on no list',
  TYPE: 'the type is on no list',
  COLLATION: 'the collation is on no list',
  CROSS_JOIN: 'a relation is joined without an equality',
  TOO_COSTLY: 'the joins and subqueries multiply to too many rows',
  TOO_LARGE: 'a value could grow too large',
  VOLATILE: 'a view may not call what changes from call to call',
  DISAGREEMENT: 'two independent walks do not agree on what the statement touches',
  INTERNAL: 'the guard could not account for every part of the statement',
} as const;

export type SqlDenyCode = keyof typeof SQL_DENY_CODES;

export interface SqlVerdict {
  readonly verdict: 'allow' | 'deny';
  /** `null` when allowed. */
  readonly code: SqlDenyCode | null;
  readonly reason: string | null;
  readonly hint?: string;
  /** Sorted. Resolved to `schema.name` when allowed, else as written in the text. */
  readonly relations: readonly string[];
  readonly functions: readonly string[];
  readonly statements: number;
  /** `schema.relation.column` of every column read, sorted; only when allowed. */
  readonly columns?: readonly string[];
  /** Names of the output columns in order, `null` where the statement gives none; only when allowed. */
  readonly outputs?: readonly (string | null)[];
}

/** Thrown inside the guard, turned into a verdict at its edge. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: SqlDenyCode;
  readonly hint: string | undefined;

  constructor(code: SqlDenyCode, detail?: string, hint?: string) {
    super(detail === undefined ? SQL_DENY_CODES[code] : `${SQL_DENY_CODES[code]}: ${detail}`);
    this.code = code;
    this.hint = hint;
  }
}
