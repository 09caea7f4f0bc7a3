import { type Detector, type Rule, type Span, spansOfRules } from '../detector.ts';

const STRING = String.raw`(?:[EeBbXxNn]|[Uu]&)?'(?:[^']|''){0,8192}'`;
const OPERATOR = String.raw`(?:(?<![=!])=|<>|!=|<|>|~~?\*?|\b(?:LIKE|ILIKE|IN|ANY|BETWEEN|AND|THEN|ELSE|DEFAULT|SET|TO))`;
const LITERALS: readonly Rule[] = [
  {
    pattern: new RegExp(String.raw`${OPERATOR}\s{0,8}\(?\s{0,8}(?<secret>${STRING})`, 'dgi'),
    needs: ["'"],
  },
  // cut off
  { pattern: /(?:=|<>|!=|\bLIKE|\bIN\s{0,8}\()\s{0,8}(?<secret>'[^'\n]{1,8192})$/dgi, needs: ["'"] },
  // lists
  {
    pattern: /\b(?:IN|ANY|ARRAY|VALUES)\s{0,8}(?<secret>[([][^()[\]]{1,8192}[)\]]?)/dg,
    needs: ['IN', 'ANY', 'ARRAY', 'VALUES'],
  },
  {
    pattern: /\b(?:in|any|array|values)\s{0,8}(?<secret>[([]\s{0,8}['0-9][^()[\]]{0,8192}[)\]]?)/dg,
    needs: ["('", '[', '(0', '(1', '(2', '(3', '(4', '(5', '(6', '(7', '(8', '(9', '( ', '(\n', '(\t', '(\r'],
  },
  // numbers where a condition compares them
  {
    pattern:
      /\b(?:WHERE|AND|OR|ON|HAVING|SET)\s{1,8}\(?[\w".]{1,128}\s{0,8}(?:=|<>|!=|<=|>=|<|>)\s{0,8}(?<secret>-?[0-9][0-9.eE+-]{0,64})/dgi,
    needs: ['=', '<', '>'],
  },
  // lines of a plan that repeat what the statement compares, in text and in JSON
  {
    pattern:
      /(?:^|[\n\s"])(?:Filter|Index Cond|Recheck Cond|Hash Cond|Merge Cond|Join Filter|One-Time Filter|TID Cond|Order By|Output|Sort Key|Group Key|Presorted Key|Cache Key|Run Condition|Conflict Filter|Function Call|Remote SQL)"?: (?<secret>"(?:[^"\\\n]|\\.){0,16384}|[^\n"]{1,16384})/dg,
    needs: ['Filter', 'Cond', 'Order By', 'Output', ' Key', 'Function Call', 'Remote SQL'],
  },
  // what was bound to the parameters, to the end: values may hold line breaks
  {
    pattern:
      /(?:parameters|Query Parameters|Parameters)["']?:\s{0,8}["']?(?<secret>\$[0-9]{1,5} = [^]{0,65536})/dg,
    needs: ['arameters'],
  },
];
/** What tells a statement, a plan or a server's message from program text, which has operators and quotes too. */
const SQL_CONTEXT =
  /\b(?:select\s|insert\s{1,8}into|update\s{1,8}\S{1,128}\s{1,8}set\b|delete\s{1,8}from|merge\s{1,8}into|where\s{1,8}[\w(."]|values\s{0,8}\(|having\s|returning\s|ilike\s|between\s|is not null|(?:alter|create|drop)\s{1,8}(?:role|user|table|index|system|database|function|view)|copy\s|parameters|filter"?:|cond"?:|execute\s|set\s{1,8}(?:local\s{1,8}|session\s{1,8})?[\w.]{1,128}\s{0,8}(?:=|to\s))/i;
const PROGRAM = /[=!]==|=>|\b(?:const|let|function|import|return|readonly|export|def|elif)\b/;
const UPPER_ONLY = /(?:LOG|STATEMENT|DETAIL|ERROR|QUERY|CONTEXT|FATAL):|\b(?:AND|OR|LIKE|IN)\b/;
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

/** Of a line of a plan: `Sort Key: `, `"Sort Key": `. */
function isNamed(text: string, end: number): boolean {
  return text.charAt(end) === ':' || text.charAt(end) === '"';
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
  accepts: (text, start, end) =>
    !text.startsWith(' key', start) && !(text.startsWith(' Key', start) && !isNamed(text, end)),
  shapes: ['quote'],
  patterns: [...LITERALS.map(({ pattern }) => pattern), CAST, SQL_CONTEXT, PROGRAM, UPPER_ONLY],
  *find(text) {
    const isSql =
      !PROGRAM.test(text) || SQL_CONTEXT.test(text) || UPPER_ONLY.test(text) || text.includes("'::");
    yield* spansOfRules(text, isSql ? LITERALS : LITERALS.filter(({ needs }) => needs[0] !== "'"));
    if (text.includes("'::")) yield* casts(text);
  },
};
