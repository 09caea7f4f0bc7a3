import type { Detector, Span } from '../detector.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';
import { endOfStatement } from './walk.ts';

const OBJECT =
  '(?:OR REPLACE |TEMP(?:ORARY)? |UNLOGGED |UNIQUE |GLOBAL |LOCAL |MATERIALIZED |FOREIGN |EVENT |CONSTRAINT )?(?:TABLE|INDEX|VIEW|ROLE|USER|GROUP|DATABASE|SCHEMA|SEQUENCE|FUNCTION|PROCEDURE|ROUTINE|TRIGGER|TYPE|DOMAIN|EXTENSION|SERVER|SUBSCRIPTION|PUBLICATION|POLICY|RULE|CAST|COLLATION|CONVERSION|TEXT SEARCH|AGGREGATE|OPERATOR|SYSTEM|DEFAULT PRIVILEGES|TABLESPACE|LANGUAGE|STATISTICS)';
const NAME = String.raw`[\w".$]{1,256}`;
const HEADS = [
  'SELECT',
  'INSERT INTO',
  `UPDATE (?:ONLY )?${NAME}(?: (?:AS )?[A-Za-z_]{1,64})? SET`,
  'DELETE FROM',
  'MERGE INTO',
  `WITH (?:RECURSIVE )?${NAME}(?: ?\\([^()]{1,512}\\))? AS`,
  `COPY (?:\\(|${NAME} ?(?:\\([^()]{1,4096}\\))? ?(?:FROM|TO)\\b)`,
  `(?:CREATE|ALTER|DROP) ${OBJECT}`,
  `TRUNCATE (?:TABLE )?${NAME}`,
  'GRANT [A-Z, ]{1,256} (?:ON|TO)',
  'REVOKE [A-Z, ]{1,256} (?:ON|FROM)',
  `PREPARE ${NAME} ?(?:\\([^()]{0,1024}\\))? AS`,
  `EXECUTE ${NAME} ?\\(`,
  `EXECUTE ${NAME};?(?=\\s|$)`,
  "DO (?:LANGUAGE [a-z]{1,32} )?(?:\\$[A-Za-z_]{0,32}\\$|')",
  `CALL ${NAME} ?\\(`,
  'VALUES ?\\(',
  'EXPLAIN (?:\\(|ANALYZE|VERBOSE|SELECT)',
  `DECLARE ${NAME} [A-Z ]{0,64}CURSOR`,
  `(?:ROLLBACK|RELEASE)(?: TRANSACTION)? (?:TO|SAVEPOINT) ${NAME}`,
  `SAVEPOINT ${NAME}`,
  'LOCK TABLE',
  "(?:PREPARE TRANSACTION|(?:COMMIT|ROLLBACK) PREPARED) (?=')",
  'SET (?:LOCAL |SESSION )?(?:TIME ZONE|ROLE|SESSION AUTHORIZATION)',
  'REFRESH MATERIALIZED VIEW',
  '(?:COMMENT|SECURITY LABEL) ON',
  `SET (?:LOCAL |SESSION )?${NAME} ?(?:=|TO\\b)`,
  `NOTIFY ${NAME},`,
].map((head) =>
  head.replaceAll(' ', String.raw`\s{1,16}`).replaceAll(String.raw`\s{1,16}?`, String.raw`\s{0,16}`),
);

const HEAD = new RegExp(
  `(?<![A-Za-z0-9_])(?:${HEADS.join('|')})(?:(?![A-Za-z0-9_])|(?<![A-Za-z0-9_]))`,
  'iy',
);
const KEYWORDS: readonly string[] = [
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'with',
  'copy',
  'create',
  'alter',
  'drop',
  'truncate',
  'grant',
  'revoke',
  'prepare',
  'execute',
  'commit',
  'do $',
  "do '",
  'do\n',
  'do language',
  'call',
  'values',
  'explain',
  'declare',
  'rollback',
  'release',
  'savepoint',
  'lock',
  'refresh',
  'comment',
  'security',
  'set',
  'notify',
  'statement:',
  'query',
  'running:',
];
/** The first words of statements. */
const FIRST = new RegExp(
  `(?<![A-Za-z0-9_])(?:do|${KEYWORDS.filter((word) => /^[a-z]{1,16}$/.test(word)).join('|')})`,
  'gi',
);
/** In capitals, statements are written as such anywhere in a text; in small letters only where one can start. */
const CAPITALS = /^[A-Z]{2,16}(?![a-z])/;
const CAN_START = /(?:^|[:;"'(>\]]|\*\/|\n)\s{0,16}$/;
/** What prose has not: a comparison, list, literal, parameter, terminator, clause; and for SELECT, an expression. */
const SYNTAX =
  /=|\(|'|\$[0-9]|::|;\s{0,8}(?:$|\n|")|\bwhere\b|\b(?:add|drop|alter)\s{1,8}(?:column|constraint|primary)\b/i;
const SELECTION =
  /^select\s{1,16}(?:\*|distinct\b|all\b|case\b|[\w.":]{1,256}\s{0,8}(?:,|\(|::|;|$)|-?[0-9]|'|\$|\(|(?:[^.!?]|\.(?!\s)){1,400}?\bfrom\s{1,16}[\w."]{1,256}\s{0,8}(?:$|;|,|\(|\)|\b(?:where|join|inner|left|right|full|cross|limit|order|group|having|union|for)\b))|\s(?:=|<>|<|>|\|\||~)\s|[=(,|~\s]\s{0,4}[eEbBxX]?'|::/i;
const SYNTAX_REACH = 512;
/** What a server or tool writes in front of a statement: then anything that follows is one. */
const LABEL =
  /(?:(?:^|[\s"'])(?:STATEMENT|statement|QUERY|query|Query Text|execute [^\s:]{1,128}|parse [^\s:]{1,128}|bind [^\s:]{1,128}|was running|SQL statement|Internal Query|prepare)["']?:\s{1,8}["']?)(?=\S)/g;
/** One of these stands in every text with a label. */
const LABELS = [
  'TATEMENT',
  'tatement',
  'QUERY',
  'uery',
  'xecute ',
  'parse ',
  'bind ',
  'was running',
  'prepare',
];
const WORDS = /^[A-Za-z]{2,16}\s|^\/\*/;

function* statements(text: string, keywords?: readonly number[]): Generator<Span> {
  let covered = 0;
  const starts = [...starting(text, keywords ?? firstsIn(text))].sort((a, b) => a - b);
  for (const start of starts) {
    if (start < covered) continue;
    covered = endOfStatement(text, start);
    yield { start, end: covered };
  }
}

function firstsIn(text: string): number[] {
  return [...text.matchAll(FIRST)].map(({ index }) => index);
}

function* starting(text: string, keywords: readonly number[]): Generator<number> {
  for (const start of keywords) {
    if (!isCapital(text, start) && !canStart(text, start)) continue;
    HEAD.lastIndex = start;
    const head = HEAD.exec(text)?.[0];
    if (head !== undefined && (CAPITALS.test(head) || isLikelyStatement(text, start))) yield start;
  }
  if (!LABELS.some((label) => text.includes(label))) return;
  for (const match of text.matchAll(LABEL)) {
    const start = match.index + match[0].length;
    if (WORDS.test(text.slice(start, start + 32))) yield start;
  }
}

function isCapital(text: string, at: number): boolean {
  const code = text.charCodeAt(at + 1);
  return code >= 0x41 && code <= 0x5a;
}

/** The first look, before any expression runs: most `with` and `update` in prose follow a word. */
function canStart(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && before >= at - 17 && text.charCodeAt(before) <= 0x20) before--;
  const code = text.charCodeAt(before);
  const isWord = (code >= 0x30 && code <= 0x39) || ((code | 32) >= 0x61 && (code | 32) <= 0x7a);
  return !isWord || text.slice(before + 1, at).includes('\n');
}

function isLikelyStatement(text: string, start: number): boolean {
  // `set replicas = 3` is prose as often as not; the literal of a real one is found by sql-literal.
  if (/^set/i.test(text.slice(start, start + 3))) return false;
  if (!CAN_START.test(text.slice(Math.max(0, start - 20), start))) return false;
  const statement = text.slice(start, start + SYNTAX_REACH);
  return (/^select/i.test(statement) ? SELECTION : SYNTAX).test(statement);
}

/** The first word of a statement where one can stand, or a label. */
function mayBegin(text: string, start: number, end: number): boolean {
  const isQuery = (text.charCodeAt(start) | 32) === SMALL_Q;
  if (isQuery && isLabel(text, end)) return true;
  if (!isLetterAt(text, end - 1)) return true;
  if (isQuery || isWordCharacter(text, start - 1) || isWordCharacter(text, end)) return false;
  return isCapital(text, start) || canStart(text, start) || isLabelled(text, start, end);
}

const SMALL_Q = 0x71;

/** `query: `, `"query": `, `Query Text: ` */
function isLabel(text: string, end: number): boolean {
  const next = text.charAt(end);
  if (next === ':') return true;
  return next === ' ' ? text.charAt(end + 1) === 'T' : '"\''.includes(next) && text.charAt(end + 1) === ':';
}

/** `execute name: `, `prepare: ` */
function isLabelled(text: string, start: number, end: number): boolean {
  const first = text.charAt(start);
  return (first === 'e' || first === 'p') && text.slice(end, end + LONGEST_LABEL).includes(': ');
}

const LONGEST_LABEL = 132;

function isWordCharacter(text: string, at: number): boolean {
  return isLetterAt(text, at) || isDigitAt(text, at) || text.charAt(at) === '_';
}

export const detector: Detector = {
  id: 'sql-statement',
  title: 'SQL statement',
  docs: 'https://www.postgresql.org/docs/current/sql-commands.html; statements carry user data in literals, names and comments',
  net: 'text',
  keywords: KEYWORDS,
  accepts: mayBegin,
  shapes: [],
  patterns: [HEAD, FIRST, CAPITALS, CAN_START, SYNTAX, SELECTION, LABEL, WORDS],
  find: statements,
};
