import type { Span } from '../detector.ts';
import { type Certainty, OPERATORS, type Operator, SQL_PASSWORD, SQL_WORD } from './operators.ts';

/** The span is the first word or quoted string of the value, at most a few hundred characters of it: enough to judge it by. */
export interface Assignment extends Span {
  readonly certainty: Certainty;
  readonly isQuoted: boolean;
  /** Where the whole value ends. Costs time in its length, so it is asked only for a value that is a secret. */
  extent(): number;
}

const SQL_USER = /\b(?:user|role|login|grant|alter|mapping|options)\b/i;
const LINE_START = /^[ \t]{0,64}(?:- |export )?["']?$/;
/** Ends an unquoted value always; a comma, semicolon or ampersand only where the next thing starts. */
const END = /[\s"'`<>]/;
const NEXT_THING =
  /^(?:[,;&]{1,4}(?:\s|$|["'`]|\\|[A-Za-z_][\w.-]{0,63}[ ]{0,2}=)|,[A-Za-z_][\w.-]{0,63}[ ]{0,2}:)/;
/** `admin / hunter2` */
const SECOND_HALF = /^ \/ \S{1,128}/;
/** What languages write before the opening quote of a string: a prefix, or a constructor around it. */
const STRING_PREFIX =
  /^(?:(?:@|\$|[bnruf]{1,2}|r#|_T\(|TEXT\(|(?:new )?(?:String(?:::(?:from|new))?|Some|Secret(?:Str(?:ing)?)?(?:::(?:from|new))?|SecureString|str|bytes|strdup|atob|Buffer\.from|(?:base64\.)?b64decode)\(\s{0,8})(?=["'])|(?=@")|string\([0-9]{1,5}\)[ ](?=")|(?:\(char \*\)[ ])?0x[0-9a-f]{1,16}[ ](?=["']))/i;
/** A shell goes on in the next line. */
const CONTINUED = /^\\\r?\n[ \t]{0,32}(?=\S)/;
/** Where the value is looked up, and another stands behind it for when there is none. */
const LOOKED_UP =
  /^(?:[A-Za-z_][\w.]{0,40}[([]["'][\w.-]{1,64}["'](?:[)\]]{1,2}\s{0,4}(?:\|\||\?\?|\?:|or)|,)|process\.env\.\w{1,64}\s{0,4}(?:\|\||\?\?))\s{0,8}(?=["'])/;
const CDATA = '<![CDATA[';
/** `-e TOKEN=<TOKEN> image` */
const PLACEHOLDER_BEFORE = /(?:=|\s-{1,2}\w{1,16}[ =])<[^<>\n]{1,48}>\s{1,8}$/;
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** What may stand between a name and its value, at most. */
const AHEAD = 768;
const LONGEST_NAME = 64;
const NAME = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9_.-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** What any of the operators begins with. */
const MAY_FOLLOW = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\s\\"'`[\](){},:?.+=!<>~|*-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** For the test that checks that expressions are bounded. */
export const READERS: readonly RegExp[] = [
  ...OPERATORS.flatMap(({ pattern, before }) => (before === undefined ? [pattern] : [pattern, before])),
  SQL_PASSWORD,
  SQL_WORD,
  SQL_USER,
  LINE_START,
  END,
  NEXT_THING,
  SECOND_HALF,
  STRING_PREFIX,
  LOOKED_UP,
  CONTINUED,
  PLACEHOLDER_BEFORE,
];

/** The value given to the key at `keyStart`, without its quotes; undefined where nothing is assigned. */
export function assignmentAfter(text: string, keyStart: number, keyEnd: number): Assignment | undefined {
  if (keyEnd < text.length && MAY_FOLLOW[text.charCodeAt(keyEnd)] === 0) return undefined;
  const after = text.slice(keyEnd, keyEnd + AHEAD);
  const name = text.slice(startOfName(text, keyStart), keyStart);
  const before = text.slice(Math.max(0, keyStart - name.length - 96), keyStart - name.length);
  if (SQL_WORD.test(text.slice(keyStart, keyEnd)) && SQL_PASSWORD.test(after))
    return valueAt(text, keyEnd + after.search(/['"]/), {
      certainty: SQL_USER.test(before) ? 'sure' : 'vague',
      bare: false,
    });
  // The dashes of a command-line flag belong to its surroundings, not to its name.
  const surroundings = before + (/^-{0,2}/.exec(name)?.[0] ?? '');
  for (const operator of OPERATORS) {
    const match = operator.pattern.exec(after);
    if (match === null || operator.before?.test(surroundings) === false) continue;
    const value = valueAt(text, keyEnd + match[0].length, operator);
    if (value === undefined) continue;
    return isRestOfLine(text, value, surroundings, match[0])
      ? { ...value, extent: () => endOfLine(text, value.start) }
      : value;
  }
  return undefined;
}

/** Where the identifier starts that the key is the end of. */
function startOfName(text: string, keyStart: number): number {
  let start = keyStart;
  while (keyStart - start < LONGEST_NAME && NAME[text.charCodeAt(start - 1)] === 1) start--;
  return start;
}

/** `password: two words` in YAML and INI: at the start of a line the value is the rest of the line. */
function isRestOfLine(text: string, value: Assignment, before: string, operator: string): boolean {
  if (value.isQuoted || !/[:=][ \t]{1,16}$/.test(operator)) return false;
  if (/[;{(]$/.test(text.slice(value.end, value.end + 1))) return false;
  return LINE_START.test(before.slice(before.lastIndexOf('\n') + 1));
}

function endOfLine(text: string, from: number): number {
  const lineBreak = text.indexOf('\n', from);
  return lineBreak === -1 ? text.length : lineBreak;
}

/** What is read of a value before it is known to be a secret. */
const JUDGED = 256;

type Kind = Pick<Operator, 'certainty' | 'bare' | 'until'>;

function valueAt(text: string, from: number, kind: Kind): Assignment | undefined {
  if (kind.until === 'tag') return contentAt(text, from, kind.certainty);
  const goesOn = text.charAt(from) === '\\' ? CONTINUED.exec(text.slice(from, from + 40)) : null;
  if (goesOn !== null) return valueAt(text, from + goesOn[0].length, kind);
  const at = behindPrefix(text, from + (LOOKED_UP.exec(text.slice(from, from + 128))?.[0].length ?? 0));
  const isEscaped = text.charAt(at) === '\\';
  const quote = text.charAt(isEscaped ? at + 1 : at);
  if (quote === '"' || quote === "'" || quote === '`') {
    const certainty = kind.certainty === 'likely' ? 'sure' : kind.certainty;
    if (text.startsWith(quote.repeat(3), at)) return tripleQuoted(text, at + 3, quote.repeat(3), certainty);
    if (!isEscaped && isDoubled(text, at, quote))
      return assignment(
        at + 2,
        (limit) => endBefore(text, at + 2, quote + quote, Math.min(limit, endOfLine(text, at))),
        certainty,
        true,
        text.length,
      );
    const inner = isEscaped ? at + 2 : at + 1;
    // Gradle: '"…"'
    if (quote === "'" && text.charAt(inner) === '"' && !isEscaped)
      return assignment(
        inner + 1,
        (limit) => endOfQuoted(text, inner + 1, '"', false, limit),
        certainty,
        true,
        text.length,
      );
    const start = inner;
    const until = (limit: number) => endOfQuoted(text, start, quote, isEscaped, limit);
    return assignment(start, until, certainty, true, text.length);
  }
  if (!kind.bare) return undefined;
  if (kind.until === 'block')
    return assignment(
      from,
      (limit) => Math.min(limit, endOfLine(text, from)),
      kind.certainty,
      true,
      text.length,
    );
  return assignment(from, (limit) => endOfBare(text, from, limit), kind.certainty, false, text.length);
}

/** `""x""`: a quoted string in a quoted field of CSV. */
function isDoubled(text: string, at: number, quote: string): boolean {
  return quote === '"' && text.charAt(at + 1) === '"' && /[^\s,;:{}()[\]"'<>/\\]/.test(text.charAt(at + 2));
}

function behindPrefix(text: string, from: number): number {
  return from + (STRING_PREFIX.exec(text.slice(from, from + 40))?.[0].length ?? 0);
}

/** Up to the closing tag; without one (cut off) only a word that ends the text. */
function contentAt(text: string, start: number, certainty: Certainty): Assignment | undefined {
  const isLiteral = text.startsWith(CDATA, start - CDATA.length);
  const until = (limit: number) => endBefore(text, start, isLiteral ? ']]>' : '<', limit);
  const end = until(Math.min(text.length, start + JUDGED));
  // `<user>:<password>@host`
  if (!/[A-Za-z0-9]/.test(text.slice(start, end)) || '@:/'.includes(text.charAt(start))) return undefined;
  const isClosed = isLiteral || /^\s{0,64}<\//.test(text.slice(end, end + 66));
  if (!isClosed && (end < text.trimEnd().length || /\s/.test(text.slice(start, end)))) return undefined;
  if (!isClosed && PLACEHOLDER_BEFORE.test(text.slice(Math.max(0, start - LONGEST_NAME), start)))
    return undefined;
  return assignment(start, until, certainty, true, text.length);
}

function tripleQuoted(
  text: string,
  start: number,
  quotes: string,
  certainty: Certainty,
): Assignment | undefined {
  return assignment(start, (limit) => endBefore(text, start, quotes, limit), certainty, true, text.length);
}

function endBefore(text: string, start: number, sign: string, limit: number): number {
  const found = text.slice(start, limit).indexOf(sign);
  let end = found === -1 ? limit : start + found;
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  return end;
}

function assignment(
  start: number,
  until: (limit: number) => number,
  certainty: Certainty,
  isQuoted: boolean,
  length: number,
): Assignment | undefined {
  const end = until(Math.min(length, start + JUDGED));
  return end === start ? undefined : { start, end, certainty, isQuoted, extent: () => until(length) };
}

function endOfBare(text: string, start: number, limit: number): number {
  let end = start;
  while (end < limit && !END.test(text.charAt(end)) && !startsNext(text, end)) end++;
  const second = SECOND_HALF.exec(text.slice(end, Math.min(limit, end + 132)));
  if (second !== null) return end + second[0].length;
  return withoutClosing(text, start, end);
}

function startsNext(text: string, at: number): boolean {
  return ',;&'.includes(text.charAt(at)) && NEXT_THING.test(text.slice(at, at + 80));
}

/** Brackets that close something around the value are not a part of it: `(password=x)`. */
function withoutClosing(text: string, start: number, end: number): number {
  for (let last = end; last > start; last--) {
    const opening = BRACKETS[text.charAt(last - 1)];
    if (opening === undefined || text.slice(start, Math.min(last, start + JUDGED)).includes(opening))
      return last;
  }
  return start;
}

/** The closing quote; without one, the end of the line. */
function endOfQuoted(text: string, start: number, quote: string, isEscaped: boolean, limit: number): number {
  for (let at = start; at < limit; at++) {
    const character = text.charAt(at);
    if (character === '\n') return at;
    if (isEscaped) {
      if (character === '\\' && text.charAt(at + 1) === quote) return at;
    } else if (character === '\\') at++;
    else if (character === quote) {
      if (quote !== "'" || text.charAt(at + 1) !== quote) return at;
      at++;
    }
  }
  return limit;
}
