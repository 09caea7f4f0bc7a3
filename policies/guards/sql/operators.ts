/**
 * Operators of pg_catalog that a template may use. `^` is left out: `numeric ^ numeric` costs what its arguments
 * say. So are geometric, text search and range operators, for which catalogs give no use.
 */
const OPERATORS: ReadonlySet<string> = new Set(
  `= <> < <= > >= + - * / % || ~ ~* !~ !~* ~~ ~~* !~~ !~~* @> <@ && -> ->> #> #>> ? ?| ?& & | # << >> <<= >>=
  ^@ @`.split(/\s+/),
);

/** The parser's names for constructs that are written as words. */
const KEYWORD_OPERATORS: ReadonlySet<string> = new Set([
  'BETWEEN',
  'NOT BETWEEN',
  'BETWEEN SYMMETRIC',
  'NOT BETWEEN SYMMETRIC',
]);

export const PATTERN_OPERATORS: ReadonlySet<string> = new Set(['~', '~*', '!~', '!~*']);

/** @param path the name as written: `['=']` or `['pg_catalog', '=']`. */
export function isListedOperator(path: readonly string[], isKeyword: boolean): boolean {
  const [first, second, ...rest] = path;
  if (first === undefined || rest.length > 0) return false;
  if (second !== undefined) return first === 'pg_catalog' && OPERATORS.has(second);
  return isKeyword ? KEYWORD_OPERATORS.has(first) : OPERATORS.has(first);
}
