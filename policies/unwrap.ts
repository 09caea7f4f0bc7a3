import { isDigit, isHexDigit } from './ascii.ts';
import { isOwnLine, OWN_LINE_PATTERNS } from './own-line.ts';
import { type Reading, rewriting } from './redact-reading.ts';

/** A word, name or path as people write them, the number of an item, or the date that a log line starts with. */
const ORDINARY =
  /^(?:[A-Z]?[a-z]{0,32}(?:[._/:-]{1,2}[a-z]{0,32}){0,8}|[A-Z_-]{1,7}|[0-9.:-]{1,32}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}[T0-9.:Z+-]{0,32})[.:]?$/;
const DATE = /^(?:19|20)[0-9]{2}[-/][0-9]{2}[-/][0-9]{2}/;
/** The two halves of an address of four numbers, broken at a dot. */
const QUAD_START = /(?<![A-Za-z0-9_.-])[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\.?$/;
const QUAD_END = /^\.?[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}(?![A-Za-z0-9_]|\.[0-9])/;
/** The two halves of an address of eight groups. */
const GROUPS_START = /(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{1,4}:){0,7}[0-9A-Fa-f]{0,4}$/;
const GROUPS_END = /^(?::?[0-9A-Fa-f]{1,4}){1,8}(?![A-Za-z0-9_:])/;
const HOST_START = /^[A-Za-z0-9.-]{0,64}$/;
const HOST_END = /^[A-Za-z0-9-]{1,40}\.[A-Za-z0-9]/;
const LETTERS = /^[A-Za-z]{2,24}$/;
/** A mailbox with the end of its host, and the name of a field: with what follows it, or alone. */
const MAILBOX = /@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}$/;
const KEY_NEXT = /^[A-Za-z][A-Za-z0-9_-]{2,40}(?:[:=]|$)/;
/** The two halves of a URL with a password, broken before its `@`. */
const LOGIN_START = /\/\/[^\s/@:]{0,40}:[^\s/@]{0,40}$/;
const LOGIN_END = /^[^\s@]{0,48}@[A-Za-z0-9]/;

export const WRAP_PATTERNS: readonly RegExp[] = [
  ORDINARY,
  DATE,
  QUAD_START,
  QUAD_END,
  GROUPS_START,
  GROUPS_END,
  HOST_START,
  HOST_END,
  LETTERS,
  MAILBOX,
  KEY_NEXT,
  LOGIN_START,
  LOGIN_END,
  ...OWN_LINE_PATTERNS,
];

/** What a terminal, a mail program or an encoder may break in two. */
const IN_TOKEN = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/_=.:@%-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const LONGEST_INDENT = 32;
const LONGEST_WORD = 48;
const LONGEST_ADDRESS = 64;
const MAX_BLANKS = 2;
/** In an address of four numbers, and in one of eight groups. */
const DOTS = 3;
const COLONS = 7;

const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const DASH = 0x2d;
const COLON = 0x3a;

/**
 * The text without the line breaks behind which a token may go on: not those that a word of prose or a line of its own
 * follows.
 */
export function unwrap(text: string): Reading | undefined {
  const reading = rewriting(text);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    const before = endOfLine(text, at);
    const end = startOfNext(text, at);
    if (!mayGoOn(text, before, end)) continue;
    const next = wordAt(text, end);
    if (next === '') continue;
    if (isJoined(text, before, end, next)) reading.replace(before, end, '');
  }
  return reading.finish();
}

function isJoined(text: string, before: number, end: number, next: string): boolean {
  if (isLogin(text, before, end) || isHost(text, before, next)) return true;
  return goesOn(text, before, next) && !isOwnLine(text, before, end);
}

/** Where the line ends, without a carriage return and the backslash of a line that goes on. */
export function endOfLine(text: string, lineFeed: number): number {
  const end = lineFeed - (text.charCodeAt(lineFeed - 1) === RETURN ? 1 : 0);
  return end - (text.charCodeAt(end - 1) === BACKSLASH ? 1 : 0);
}

/** Where the next line starts, without its indent. */
export function startOfNext(text: string, lineFeed: number): number {
  let at = lineFeed + 1;
  while (at <= lineFeed + LONGEST_INDENT && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** The first look, without an expression: false where nothing goes on over the break. */
export function mayGoOn(text: string, before: number, after: number): boolean {
  const last = text.charCodeAt(before - 1);
  const first = text.charCodeAt(after);
  if (IN_TOKEN[first] !== 1) return false;
  if (IN_TOKEN[last] === 1 || (isBlank(last) && isDigit(first))) return true;
  for (let at = after; at <= after + LONGEST_WORD && text.charCodeAt(at) > SPACE; at++) {
    if (text.charCodeAt(at) === AT) return true;
  }
  return false;
}

const AT = 0x40;

function wordAt(text: string, start: number): string {
  let end = start;
  while (end < start + LONGEST_WORD && IN_TOKEN[text.charCodeAt(end)] === 1) end++;
  return text.slice(start, end);
}

/** Whether what stands before the break and the word after it may be one. */
function goesOn(text: string, before: number, next: string): boolean {
  const last = text.charCodeAt(before - 1);
  if (isBlank(last)) return isDigit(next.charCodeAt(0)) && isGroupBefore(text, before) && !DATE.test(next);
  if (IN_TOKEN[last] !== 1) return false;
  if (!ORDINARY.test(next)) return !(KEY_NEXT.test(next) && isMailbox(text, before));
  return isNumber(text, before, next) || isAddress(text, before, next);
}

/** The groups of a number are mostly broken behind the blank that stands between them. */
function isGroupBefore(text: string, before: number): boolean {
  let at = before;
  while (at > before - MAX_BLANKS && isBlank(text.charCodeAt(at - 1))) at--;
  return isDigit(text.charCodeAt(at - 1));
}

/** Digits on both sides, or a dash between them. */
function isNumber(text: string, before: number, next: string): boolean {
  const isDashed = text.charCodeAt(before - 1) === DASH;
  const isFromDash = next.charCodeAt(0) === DASH;
  if (isDashed && isFromDash) return false;
  return (
    isDigit(text.charCodeAt(isDashed ? before - 2 : before - 1)) &&
    isDigit(next.charCodeAt(isFromDash ? 1 : 0)) &&
    !DATE.test(next)
  );
}

/** Two halves that make as many groups as an address of a network has. */
function isAddress(text: string, before: number, next: string): boolean {
  const first = next.charCodeAt(0);
  const last = text.charCodeAt(before - 1);
  if (!isHexDigit(first) && first !== DOT && first !== COLON) return false;
  if (!isHexDigit(last) && last !== DOT && last !== COLON) return false;
  const left = text.slice(Math.max(0, before - LONGEST_ADDRESS), before);
  return isQuad(left, next) || isGroups(left, next);
}

/** A number alone behind a dot is that of an item, or the first word of a sentence. */
function isQuad(left: string, next: string): boolean {
  const [start] = QUAD_START.exec(left) ?? [];
  const [end] = QUAD_END.exec(next) ?? [];
  if (start === undefined || end === undefined || (start.endsWith('.') && !end.includes('.'))) return false;
  return count(start, DOT) + count(end, DOT) === DOTS;
}

function isGroups(left: string, next: string): boolean {
  const [start = ''] = GROUPS_START.exec(left) ?? [];
  const [end = ''] = GROUPS_END.exec(next) ?? [];
  return start !== '' && end !== '' && count(start, COLON) + count(end, COLON) === COLONS;
}

/** The host of a mailbox, where it has no end yet. */
function isHost(text: string, before: number, next: string): boolean {
  const left = text.slice(Math.max(0, before - LONGEST_ADDRESS), before);
  const at = left.lastIndexOf('@');
  const host = left.slice(at + 1);
  if (at === -1 || !HOST_START.test(host)) return false;
  return HOST_END.test(next) || (host.endsWith('.') && count(host, DOT) === 1 && LETTERS.test(next));
}

/** `jane@example.org` in front of the next line of a calendar or a directory: `SUMMARY:…`, `telephoneNumber: …`. */
function isMailbox(text: string, before: number): boolean {
  return MAILBOX.test(text.slice(Math.max(0, before - LONGEST_ADDRESS), before));
}

function isLogin(text: string, before: number, end: number): boolean {
  return (
    LOGIN_START.test(text.slice(Math.max(0, before - LONGEST_ADDRESS), before)) &&
    LOGIN_END.test(text.slice(end, end + LONGEST_ADDRESS))
  );
}

function count(text: string, sign: number): number {
  let found = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) === sign) found++;
  return found;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
