import { type Detector, spansOf, spansOfAll } from '../detector.ts';

const STRING = String.raw`(?:[EeBbXxNn]|[Uu]&)?'(?:[^']|'')*?'`.replace('*?', '{0,8192}');
const PATTERNS = [
  // column = 'literal', also cut off; (col) IN ('a', 'b'); value::type of a plan
  new RegExp(`(?:=|<>|!=|<|>|~~?\\*?|\\b(?:LIKE|ILIKE|IN|ANY|VALUES|BETWEEN|AND|THEN|ELSE|DEFAULT|SET|TO))\\s{0,8}\\(?\\s{0,8}(?<secret>${STRING})`, 'dgi'),
  /(?:=|<>|!=|\bLIKE|\bIN\s{0,8}\()\s{0,8}(?<secret>'[^'\n]{1,8192})$/dgi,
  new RegExp(`(?<secret>${STRING})::[a-z]`, 'dgi'),
  // bare numbers where a condition compares them
  /\b(?:WHERE|AND|OR|ON|HAVING|SET)\s{1,8}\(?[\w".]{1,128}\s{0,8}(?:=|<>|!=|<=|>=|<|>)\s{0,8}(?<secret>-?[0-9][0-9.eE+-]{0,64})/dgi,
  /\bVALUES\s{0,8}(?<secret>\([^()]{1,8192}\)?)/dg,
];
// Lines of a plan that repeat literals of the statement, in text and in JSON form.
const PLAN =
  /(?:^|[\n\s"])(?:Filter|Index Cond|Recheck Cond|Hash Cond|Merge Cond|Join Filter|One-Time Filter|TID Cond|Order By|Output|Sort Key|Group Key|Presorted Key|Cache Key|Run Condition|Conflict Filter|Function Call|Remote SQL)"?: (?<secret>"(?:[^"\\\n]|\\.){0,16384}|[^\n"]{1,16384})/dg;
const PARAMETERS = /(?:parameters|Query Parameters|Parameters)["']?:\s{0,8}["']?(?<secret>\$[0-9]{1,5} = [^]{0,65536})/dg;

export const detector: Detector = {
  id: 'sql-literal',
  title: 'Literal or parameter of a SQL statement',
  docs: 'https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS; log_parameter_max_length; auto_explain',
  net: 'text',
  keywords: ['where', 'values', 'filter', ' cond', 'output', 'parameters', ' key', 'order by', 'function call', 'remote sql'],
  shapes: ['quote'],
  patterns: [...PATTERNS, PLAN, PARAMETERS],
  *find(text) {
    yield* spansOfAll(text, PATTERNS);
    yield* spansOf(text, PLAN);
    yield* spansOf(text, PARAMETERS);
  },
};
