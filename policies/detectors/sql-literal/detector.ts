import { type Detector, type Span, spansOfAll } from '../detector.ts';

const STRING = String.raw`(?:[EeBbXxNn]|[Uu]&)?'(?:[^']|''){0,8192}'`;
const OPERATOR = String.raw`(?:=|<>|!=|<|>|~~?\*?|\b(?:LIKE|ILIKE|IN|ANY|BETWEEN|AND|THEN|ELSE|DEFAULT|SET|TO))`;
const LITERALS = [
  new RegExp(String.raw`${OPERATOR}\s{0,8}\(?\s{0,8}(?<secret>${STRING})`, 'dgi'),
  // cut off
  /(?:=|<>|!=|\bLIKE|\bIN\s{0,8}\()\s{0,8}(?<secret>'[^'\n]{1,8192})$/dgi,
  // lists
  /\b(?:IN|ANY|ARRAY|VALUES)\s{0,8}(?<secret>[([][^()[\]]{1,8192}[)\]]?)/dg,
  /\b(?:in|any|array|values)\s{0,8}(?<secret>[([]\s{0,8}['0-9][^()[\]]{0,8192}[)\]]?)/dg,
  // numbers where a condition compares them
  /\b(?:WHERE|AND|OR|ON|HAVING|SET)\s{1,8}\(?[\w".]{1,128}\s{0,8}(?:=|<>|!=|<=|>=|<|>)\s{0,8}(?<secret>-?[0-9][0-9.eE+-]{0,64})/dgi,
  // lines of a plan that repeat what the statement compares, in text and in JSON
  /(?:^|[\n\s"])(?:Filter|Index Cond|Recheck Cond|Hash Cond|Merge Cond|Join Filter|One-Time Filter|TID Cond|Order By|Output|Sort Key|Group Key|Presorted Key|Cache Key|Run Condition|Conflict Filter|Function Call|Remote SQL)"?: (?<secret>"(?:[^"\\\n]|\\.){0,16384}|[^\n"]{1,16384})/dg,
  // what was bound to the parameters, to the end: values may hold line breaks
  /(?:parameters|Query Parameters|Parameters)["']?:\s{0,8}["']?(?<secret>\$[0-9]{1,5} = [^]{0,65536})/dg,
];
const CAST = /'::["a-z]/gi;
const LONGEST = 8192;

/** `'literal'::type`, as plans print it: from the cast back to the quote that opens the literal. */
function* casts(text: string): Generator<Span> {
  for (const { index } of text.matchAll(CAST)) {
    const start = openingQuote(text, index);
    if (start !== -1) yield { start, end: index + 1 };
  }
}

function openingQuote(text: string, closing: number): number {
  for (let at = closing - 1; at >= Math.max(0, closing - LONGEST); at--) {
    if (text[at] !== "'") continue;
    if (text[at - 1] !== "'") return at;
    at--;
  }
  return -1;
}

export const detector: Detector = {
  id: 'sql-literal',
  title: 'Literal or parameter of a SQL statement',
  docs: 'https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS; log_parameter_max_length; auto_explain',
  net: 'text',
  keywords: [
    'where',
    'values',
    'filter',
    ' cond',
    'output',
    'parameters',
    ' key',
    'order by',
    'function call',
    'remote sql',
  ],
  shapes: ['quote'],
  patterns: [...LITERALS, CAST],
  *find(text) {
    yield* spansOfAll(text, LITERALS);
    yield* casts(text);
  },
};
