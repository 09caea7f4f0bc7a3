import { type Detector, spansOfRules } from '../detector.ts';
import { isMarkerAt } from '../markers.ts';
import { BIND_KEYWORDS, BINDS } from './binds.ts';
import { MACHINE_PATTERNS } from './machine.ts';
import { PLAN_PATTERNS } from './plan.ts';
import { literalsOf, type Values } from './walk.ts';

/** What tells a statement, a plan or a server's message from program text, which has operators and quotes too. */
const SQL_CONTEXT =
  /\b(?:select\s|insert\s{1,8}into|update\s{1,8}\S{1,128}\s{1,8}set\b|delete\s{1,8}from|merge\s{1,8}into|where\s{1,8}[\w(."]|values\s{0,8}\(|having\s|returning\s|ilike\s|is not null|(?:alter|create|drop)\s{1,8}(?:role|user|table|index|system|database|function|view)|copy\s{1,8}[\w."(]{1,256}\s{0,8}(?:\(|from\s|to\s)|parameters["']?[:=]|duplicate\s(?:entry|key)|change\s{1,8}(?:master|replication)\s|filter"?:|cond"?:|execute\s|(?<!-)set\s{1,8}(?:local\s{1,8}|session\s{1,8})?[\w.]{1,128}\s{0,8}(?:=|to\s))/i;
const PROGRAM = /[=!]==|=>|\b(?:const|let|function|import|return|readonly|export|def|elif)\b/;
const UPPER_ONLY = /(?:LOG|STATEMENT|DETAIL|ERROR|QUERY|CONTEXT|FATAL):|\b(?:AND|OR|LIKE|IN|BETWEEN)\b/;

/** What goes on over lines, so that it counts for literals some lines below. */
const STATEMENT =
  /\b(?:select\s{1,8}[^;]{1,400}?\sfrom\s|insert\s{1,8}into\s|update\s{1,8}\S{1,128}\s{1,8}set\s|delete\s{1,8}from\s|merge\s{1,8}into\s|(?:where|having)\s{1,8}[\w."]{1,128}\s{0,8}(?:[=<>]|in\b|like\b|is\b|between\b)|values\s{0,8}\(|(?:alter|create|drop)\s{1,8}(?:role|user|table|database|function|view)\s)/i;

/** One setting and nothing else, as in a file of them, remarked out or not. */
const ASSIGNMENT =
  /^[ \t]{0,64}(?:[#;][ \t]{0,8})?[A-Za-z_][\w.-]{0,127}[ \t]{0,64}=[ \t]{0,64}'(?![^'\n]{0,496}[A-Za-z0-9]{16})[^'\n]{0,512}'[ \t]{0,64},?[ \t]{0,64}(?:#[^\n]{0,512})?\r?$/;

/** What shows SQL is mostly among the first words of the line, or some lines above. */
function valuesOf(line: string, lines: string): Values {
  if (ASSIGNMENT.test(line) && !STATEMENT.test(lines)) return 'none';
  if (SQL_CONTEXT.test(line) || line.includes("'::") || UPPER_ONLY.test(line)) return 'all';
  if (line !== lines && STATEMENT.test(lines)) return 'all';
  return PROGRAM.test(lines) ? 'none' : 'strings';
}

/** As they end in front of a value. */
const LABELS = [
  'filter',
  'cond',
  'condition',
  'output',
  'parameters',
  'sort key',
  'group key',
  'presorted key',
  'cache key',
  'order by',
  'function call',
  'remote sql',
].flatMap((label) => [`${label}:`, `${label}":`, `${label}':`]);

export const detector: Detector = {
  id: 'sql-literal',
  title: 'Literal or parameter of a SQL statement',
  docs: 'https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS; log_parameter_max_length; auto_explain',
  net: 'text',
  keywords: ['where', 'values', 'duplicate key value is', ...LABELS, ...BIND_KEYWORDS],
  // Not when the value has been redacted.
  accepts: (text, _, end) => text.charAt(end) !== ' ' || !isMarkerAt(text, end + 1),
  shapes: ['quote'],
  patterns: [
    ...MACHINE_PATTERNS,
    ...PLAN_PATTERNS,
    ASSIGNMENT,
    SQL_CONTEXT,
    STATEMENT,
    PROGRAM,
    UPPER_ONLY,
    ...BINDS.map(({ pattern }) => pattern),
  ],
  find: (text) => [...literalsOf(text, valuesOf), ...spansOfRules(text, BINDS)],
};
