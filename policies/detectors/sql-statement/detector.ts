import { isSmall } from '../../ascii.ts';
import type { Detector, Span } from '../detector.ts';
import { isDigitAt, isLetterAt, isUpperAt } from '../letters.ts';
import { FIRST_WORDS, HEAD_PATTERNS, isHeadAt } from './heads.ts';
import { endOfStatement } from './walk.ts';

/** Words that are parts of others, as `update` of `updated_at`: only with what follows them. */
const COMMON: readonly string[] = ['update', 'set', 'with', 'call', 'lock', 'do', 'release', 'commit'];
/** In front of statements, whatever they are. */
const LABELS = ['statement', 'query', 'running', 'prepare'];
const NAMED_LABELS = ['execute ', 'parse ', 'bind '];
const KEYWORDS: readonly string[] = [
  ...FIRST_WORDS.filter((word) => !COMMON.includes(word)),
  ...COMMON.flatMap((word) => [' ', '\n', '\t', '\r'].map((space) => word + space)),
  ...LABELS.flatMap((label) => [`${label}:`, `${label}":`, `${label}':`]),
  'query text',
  ...NAMED_LABELS.filter((label) => !FIRST_WORDS.includes(label.trim())),
];
/** Where to look when nobody has. */
const PLACES = new RegExp(
  `(?<![A-Za-z0-9_])(?:${[...FIRST_WORDS, ...LABELS, 'parse', 'bind'].join('|')})`,
  'gi',
);
/** In small letters, statements are told from prose only where one can start. */
const CAN_START = /(?:^|[:;"'(>\]]|\*\/|\n)\s{0,16}$/;
const START_REACH = 20;
/** What prose has not: a comparison, list, literal, parameter, terminator, clause; and for SELECT, an expression. */
const SYNTAX =
  /=|\(|'|\$[0-9]|::|;\s{0,8}(?:$|\n|")|\bwhere\b|\b(?:add|drop|alter)\s{1,8}(?:column|constraint|primary)\b/i;
const SELECTION =
  /^select\s{1,16}(?:\*|distinct\b|all\b|case\b|[\w.":]{1,256}\s{0,8}(?:,|\(|::|;|$)|-?[0-9]|'|\$|\(|(?:[^.!?]|\.(?!\s)){1,400}?\bfrom\s{1,16}[\w."]{1,256}\s{0,8}(?:$|;|,|\(|\)|\b(?:where|join|inner|left|right|full|cross|limit|order|group|having|union|for)\b))|\s(?:=|<>|<|>|\|\||~)\s|[=(,|~\s]\s{0,4}[eEbBxX]?'|::/i;
const SYNTAX_REACH = 512;
/** What a server or tool writes in front of a statement: then anything that follows is one. */
const LABEL =
  /(?:(?<=^|[\s"'])(?:STATEMENT|statement|QUERY|query|Query Text|execute [^\s:]{1,128}|parse [^\s:]{1,128}|bind [^\s:]{1,128}|prepare(?=["']?:\s{1,8}["']?prepare\s|["']?:\s{1,8}["']?PREPARE\s))|(?<=was )running|(?<=Internal )Query)["']?:\s{1,8}["']?(?=[A-Za-z]{2,16}\s|\/\*)/y;
const LONGEST_LABEL = 132;

/** `call regfree(), fix leaks`: the sentence goes on. */
const CALL_IN_PROSE = /^call\s{1,16}[\w.$]{1,256}\s{0,8}\([^()'"]{0,80}\)(?:[,.:)]|\s{1,4}[a-z])/i;

function statements(text: string, starts = placesIn(text)): readonly Span[] {
  let covered = 0;
  const found: Span[] = [];
  for (const place of starts) {
    if (place < covered) continue;
    const start = startAt(text, place);
    if (start === -1) continue;
    // Before its end is looked for, which may be that of the text.
    if (start === place && isPlainDefinition(text, start)) continue;
    covered = endOfStatement(text, start);
    found.push({ start, end: covered });
  }
  return found;
}

/**
 * As manuals and change logs write them: names alone, which are metadata, or the marks of a page of a manual. Of a role
 * or a user the name is that of somebody.
 */
function isPlainDefinition(text: string, start: number): boolean {
  const statement = text.slice(start, start + SYNTAX_REACH);
  if (!DEFINITION.test(statement)) return false;
  if (TROFF.test(statement)) return true;
  const [own = ''] = FIRST_PART.exec(statement) ?? [];
  return own.endsWith(';') && !HOLDS_DATA.test(own);
}

const DEFINITION = /^(?:ALTER|CREATE|DROP|COMMENT|REFRESH|LOCK|TRUNCATE)\s/;
/** Changes of font and named characters, with the escape read or not. */
const TROFF = /^[^\n]{0,120}(?:(?:\\f|\f)[IBRP]|\\\*\()/;
const FIRST_PART = /^[^;]{1,512};/;
const HOLDS_DATA = /['"$0-9]|--|\/\*|\b(?:ROLE|USER|GROUP|OWNER)\b|[^\0-\x7f]/;

function placesIn(text: string): readonly number[] {
  return [...text.matchAll(PLACES)].map(({ index }) => index);
}

/** Where the statement starts that begins or is announced here; -1 if none is. */
function startAt(text: string, place: number): number {
  if (isStatement(text, place)) return place;
  LABEL.lastIndex = place;
  return LABEL.test(text) ? LABEL.lastIndex : -1;
}

function isStatement(text: string, start: number): boolean {
  const areCapitals = isUpperAt(text, start) && isUpperAt(text, start + 1);
  if (areCapitals && !isSmall(text.charCodeAt(start + 2))) return isHeadAt(text, start);
  return canStart(text, start) && isHeadAt(text, start) && isLikelyStatement(text, start);
}

/** The first look, before any expression runs: most `with` and `update` in prose follow a word. */
function canStart(text: string, at: number): boolean {
  let before = at - 1;
  let hasBreak = false;
  while (before >= at - 17 && before >= 0 && text.charCodeAt(before) <= 0x20) {
    hasBreak ||= text.charCodeAt(before) === LINE_FEED;
    before--;
  }
  return hasBreak || !(isLetterAt(text, before) || isDigitAt(text, before));
}

const LINE_FEED = 0x0a;

function isLikelyStatement(text: string, start: number): boolean {
  const statement = text.slice(start, start + SYNTAX_REACH);
  // `set replicas = 3` is prose as often as not; the literal of a real one is found by sql-literal.
  if (/^set/i.test(statement)) return false;
  if (!CAN_START.test(text.slice(Math.max(0, start - START_REACH), start))) return false;
  if (CALL_IN_PROSE.test(statement)) return false;
  return (/^select/i.test(statement) ? SELECTION : SYNTAX).test(statement);
}

/** The first word of a statement where one can stand, or a label. */
function mayBegin(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1);
  if (last === COLON) return mayFollow(text, end);
  if (isWordCharacter(text, start - 1) || (last > SPACE && isWordCharacter(text, end))) return false;
  return isUpperAt(text, start + 1) || canStart(text, start) || isLabelled(text, start, end);
}

const COLON = 0x3a;
const SPACE = 0x20;

/** `execute name: `, `Query Text: ` */
function isLabelled(text: string, start: number, end: number): boolean {
  if (!'epbQ'.includes(text.charAt(start))) return false;
  const colon = text.slice(end, end + LONGEST_LABEL).indexOf(': ');
  return colon !== -1 && mayFollow(text, end + colon + 1);
}

/** Not when the statement has been redacted. */
function mayFollow(text: string, label: number): boolean {
  let at = label;
  while (at - label < LONGEST_GAP && text.charCodeAt(at) <= SPACE) at++;
  return text.charAt(at) !== '[';
}

const LONGEST_GAP = 8;

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
  patterns: [
    ...HEAD_PATTERNS,
    PLACES,
    CAN_START,
    SYNTAX,
    SELECTION,
    LABEL,
    CALL_IN_PROSE,
    DEFINITION,
    TROFF,
    FIRST_PART,
    HOLDS_DATA,
  ],
  find: statements,
};
