import type { Span } from '../detector.ts';

/**
 * How sure the syntax is that a value follows: `sure` for an assignment in a programming or configuration language,
 * `likely` where prose could read the same (`password: expired`), `vague` where only the value can tell.
 */
export type Certainty = 'sure' | 'likely' | 'vague';

/** The span is the first word or quoted string of the value, at most a few hundred characters of it: enough to judge it by. */
export interface Assignment extends Span {
  readonly certainty: Certainty;
  /** Where the whole value ends. Costs time in its length, so it is asked only for a value that is a secret. */
  extent(): number;
}

interface Operator {
  readonly pattern: RegExp;
  readonly certainty: Certainty;
  /** Whether an unquoted value may follow. */
  readonly bare: boolean;
  /** What must stand directly before the key's identifier. */
  readonly before?: RegExp;
}

const CLOSE = String.raw`(?:\\?["'\x60]|\])?\]?`;

const OPERATORS: readonly Operator[] = [
  // Kubernetes and compose: {"name": "DB_PASSWORD", "value": "…"}, also over two lines of YAML
  {
    pattern: new RegExp(`^${CLOSE}[\\s,]{1,64}\\\\?["']?value\\\\?["']?[ ]{0,8}[:=][ ]{0,8}`),
    certainty: 'sure',
    bare: true,
  },
  {
    pattern: new RegExp(`^${CLOSE}\\s{0,8}(?::{1,3}=|\\?=|\\.=|\\+=|=>|==?)\\s{0,8}`),
    certainty: 'sure',
    bare: true,
  },
  { pattern: new RegExp(`^${CLOSE}[ ]{0,8}:[ ]{0,4}string[ ]{0,8}=[ ]{0,8}`), certainty: 'sure', bare: true },
  { pattern: /^[ ]string[ ]{0,8}=[ ]{0,8}/, certainty: 'sure', bare: true },
  { pattern: /^\\?["'`][ ]{0,8}:\s{0,8}/, certainty: 'sure', bare: true },
  { pattern: new RegExp(`^${CLOSE}[ ]{0,8}:[ \\t]{1,16}(?:\\n\\s{0,32})?`), certainty: 'likely', bare: true },
  { pattern: /^:(?=[^\s/:])/, certainty: 'vague', bare: true },
  { pattern: /^>\s{0,64}/, certainty: 'sure', bare: true, before: /<$/ },
  {
    pattern: /^\\?["'`],\s{0,8}(?=\\?["'`])(?!\\?["'`][\w.-]{0,128}\\?["'`]\s{0,4}:)/,
    certainty: 'vague',
    bare: false,
  },
  { pattern: /^[ \t]{1,8}(?=["'])/, certainty: 'vague', bare: false },
  { pattern: /^ (?:is|was|=|to) /, certainty: 'vague', bare: true },
  { pattern: /^[ ]{1,4}/, certainty: 'sure', bare: true, before: /--?$/ },
];

const SQL_PASSWORD = /^[ \t]{1,8}(?:by[ \t]{1,8})?(?=')/i;
const SQL_WORD = /(?:password|identified)$/i;
const IDENTIFIER = /[A-Za-z0-9_.-]{1,128}$/;
const LINE_START = /^[ \t]{0,64}(?:- |export )?["']?$/;
/** Ends an unquoted value always; a comma, semicolon or ampersand only where the next thing starts. */
const END = /[\s"'`<>]/;
const NEXT_THING = /^[,;&]{1,4}(?:\s|$|["'`]|\\|[A-Za-z_][\w.-]{0,63}[ ]{0,2}[=:])/;
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const VERSION = /^v?[0-9]{1,8}(?:\.[0-9]{1,8}){1,4}(?:[-+.][A-Za-z0-9.-]{0,64})?$/;
const QUANTITY = /^[0-9]{1,16}(?:ms|s|m|h|d|[KMGT]i?B?|%)?$/;

/** For the test that checks that expressions are bounded. */
export const READERS: readonly RegExp[] = [
  ...OPERATORS.map(({ pattern }) => pattern),
  SQL_PASSWORD,
  SQL_WORD,
  IDENTIFIER,
  LINE_START,
  END,
  NEXT_THING,
  VERSION,
  QUANTITY,
];

/** The value given to the key at `keyStart`, without its quotes; undefined where nothing is assigned. */
export function assignmentAfter(text: string, keyStart: number, keyEnd: number): Assignment | undefined {
  const after = text.slice(keyEnd, keyEnd + 256);
  const before = text
    .slice(Math.max(0, keyStart - 192), keyStart)
    .replace(IDENTIFIER, (name) => flagDashes(name));
  if (SQL_WORD.test(text.slice(keyStart, keyEnd)) && SQL_PASSWORD.test(after)) {
    return valueAt(text, keyEnd + after.indexOf("'"), 'sure', false);
  }
  for (const { pattern, certainty, bare, before: needed } of OPERATORS) {
    const match = pattern.exec(after);
    if (match === null || (needed !== undefined && !needed.test(before))) continue;
    const value = valueAt(text, keyEnd + match[0].length, certainty, bare);
    if (value === undefined) continue;
    return isRestOfLine(text, value, before, match[0])
      ? { ...value, extent: () => endOfLine(text, value.start) }
      : value;
  }
  return undefined;
}

/** The dashes of a command-line flag belong to its surroundings, not to its name. */
function flagDashes(name: string): string {
  return /^-{0,2}/.exec(name)?.[0] ?? '';
}

/** `password: two words` in YAML and INI: at the start of a line the value is the rest of the line. */
function isRestOfLine(text: string, value: Assignment, before: string, operator: string): boolean {
  if (!/[:=][ \t]{1,16}$/.test(operator) || /["'`]/.test(text.charAt(value.start - 1))) return false;
  return LINE_START.test(before.slice(before.lastIndexOf('\n') + 1));
}

function endOfLine(text: string, from: number): number {
  const lineBreak = text.indexOf('\n', from);
  return lineBreak === -1 ? text.length : lineBreak;
}

/** What is read of a value before it is known to be a secret. */
const JUDGED = 256;

function valueAt(text: string, at: number, certainty: Certainty, bare: boolean): Assignment | undefined {
  const isEscaped = text.charAt(at) === '\\';
  const quote = text.charAt(isEscaped ? at + 1 : at);
  if (quote === '"' || quote === "'" || quote === '`') {
    const start = isEscaped ? at + 2 : at + 1;
    const until = (limit: number) => endOfQuoted(text, start, quote, isEscaped, limit);
    return assignment(start, until, certainty === 'likely' ? 'sure' : certainty, text.length);
  }
  return bare ? assignment(at, (limit) => endOfBare(text, at, limit), certainty, text.length) : undefined;
}

function assignment(
  start: number,
  until: (limit: number) => number,
  certainty: Certainty,
  length: number,
): Assignment | undefined {
  const end = until(Math.min(length, start + JUDGED));
  return end === start ? undefined : { start, end, certainty, extent: () => until(length) };
}

function endOfBare(text: string, start: number, limit: number): number {
  let end = start;
  while (end < limit && !END.test(text.charAt(end)) && !startsNext(text, end)) end++;
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

/** Not a word of prose, a version or a quantity: eight characters or more that mix letters with something else. */
export function isSecretLooking(value: string): boolean {
  if (value.length < 8 || VERSION.test(value) || QUANTITY.test(value)) return false;
  return (
    /[0-9]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value.slice(1))) || /[!@#$%^*+=~]/.test(value)
  );
}
