import { isCapital, isDigit } from '../../ascii.ts';
import type { Detector, Span } from '../detector.ts';
import { isGenerated, isMixed, isReference, isSecretLooking } from '../key-value-secret/value.ts';
import { keywordStarts } from '../keyword-starts.ts';
import { isLetterAt } from '../letters.ts';
import { COMPONENTS, VENDORS } from './vendors.ts';

const BY_START = Map.groupBy(VENDORS, (name) => name.slice(0, 3));
const LONGEST = Math.max(...VENDORS.map((name) => name.length));
const startsIn = keywordStarts(VENDORS);

/** A value starts at most this far from the start of the name. */
const REACH = 88;
/** How many values one name may have: a key and its secret, an id. */
const MAX_VALUES = 3;
const WORD = /[A-Za-z0-9_+/.~%-]{12,512}={0,2}/g;
const SECRET_WORD =
  /key|token|login|(?<![A-Za-z])pat(?![A-Za-z])|secret|passw|pwd|cred|auth|apikey|access|bearer|jwt/gi;
/** Names of ids and digests: what follows is no secret unless a secret word comes in between. */
const PUBLIC_WORD =
  /trace|span|request|req|commit|sha(?:1|256|512)?|md5|crc(?:32)?|pgp|gpg|recv|fingerprint|digest|image|etag|uid|version|release|revision|event|ray|host|node|pod|build|job|run|instance|account|project|org|workspace|tenant|session|user|device|team|id|ids|url|uri|name|public|checksum|hash|tag|branch|ref/gi;
const BEFORE =
  /(?<![A-Za-z0-9_+/~%-])(?<secret>[A-Za-z0-9_+/~%-]{12,128}={0,2}) (?:as|is|for) (?:(?:the|my|your|our|a|an) )?$/d;
const ASSIGNED = /^[\w .-]{0,24}["'\])}]{0,3}\s{0,4}(?::{1,2}=|=>|[=:,>])\s{0,8}["'`]{0,3}$/;
/** The name is given the value, with at most `api`, `app` or `client` between: `acme: …`, `acme-api = …`. */
const DIRECT =
  /^[ _.-]{0,2}(?:api|app|rest|pat|client)?["'\])}]{0,3}\s{0,4}(?::{1,2}=|=>|[=:])\s{0,8}["'`]{0,3}$/i;
/** `new AcmeClient("…")`, `acme.New("…")` */
const CONSTRUCTED =
  /^(?:[\w.]{0,32}(?:client|api|sdk|new|init|configure|connect|auth)[\w.]{0,16})?\(\s{0,8}["'`]$/i;
/** What may follow the name on its line where the value stands on one of the next. */
const LABEL = /^[\w .-]{0,24}["'\])}]{0,3}[\s:=>{([,-]{0,6}["'`]?$/;
/** Keys of rows, of objects and of requests. */
const ORDINARY_KEY =
  /(?:recv|idempotency|partition|primary|foreign|sort|routing|cache|row|object|unique|shard|group)[ _.-]?keys?(?![a-z])/gi;
const TURN = /(?<=[0-9])[A-Za-z]|(?<=[A-Za-z])[0-9]/g;
const OTHER_LETTER = /[g-zG-Z]/;

function* secretsOf(text: string, starts: readonly number[] = startsIn(text)): Generator<Span> {
  let covered = 0;
  for (const start of starts.toSorted((a, b) => a - b)) {
    if (!isWordStart(text, start)) continue;
    const named = valueBefore(text, start, covered);
    if (named !== undefined) yield named;
    for (const span of valuesAfter(text, start, covered)) {
      covered = span.end;
      yield span;
    }
  }
}

function isWordStart(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (!isLetterAt(text, start - 1)) return true;
  return before >= 0x61 && text.charCodeAt(start) <= 0x5a && isLetterAt(text, start);
}

function* valuesAfter(text: string, start: number, covered: number): Generator<Span> {
  const window = text.slice(start, start + REACH + 514);
  const name = nameAt(window);
  let found = 0;
  for (const match of window.matchAll(WORD)) {
    if (match.index > REACH || found === MAX_VALUES) return;
    if (start + match.index < covered || match.index === 0) continue;
    if (window.charAt(match.index + match[0].length) === '(') continue;
    const value = match[0].replace(/[.]{1,3}$/, '');
    if (
      !isValue(value) ||
      !isMeant(text.slice(Math.max(0, start - 24), start), window.slice(0, match.index), name, value)
    )
      continue;
    found++;
    yield { start: start + match.index, end: start + match.index + value.length };
  }
}

/** `use <value> as datadog key` */
function valueBefore(text: string, start: number, covered: number): Span | undefined {
  const from = Math.max(covered, start - 160);
  const match = BEFORE.exec(text.slice(from, start));
  const [valueStart, valueEnd] = match?.indices?.groups?.['secret'] ?? [0, 0];
  const value = text.slice(from + valueStart, from + valueEnd);
  if (value === '' || !isValue(value) || lastOf(text.slice(start, start + 40), SECRET_WORD) === -1)
    return undefined;
  return { start: from + valueStart, end: from + valueEnd };
}

/** How long the name is that starts the text. */
function nameAt(text: string): number {
  const head = text.slice(0, LONGEST).toLowerCase();
  const names = BY_START.get(head.slice(0, 3)) ?? [];
  return Math.max(0, ...names.filter((name) => head.startsWith(name)).map((name) => name.length));
}

/** Whether what stands before the value says that it is one: a secret word, or the name itself with a sign of assignment. */
function isMeant(before: string, head: string, name: number, value: string): boolean {
  const between = withoutOrdinary(head.slice(name));
  const line = between.slice(between.lastIndexOf('\n') + 1);
  if (line.length < between.length) {
    if (lastOf(line, SECRET_WORD) > lastOf(line, PUBLIC_WORD)) return true;
    // Nothing else than a label reaches over the end of its line.
    if (!isAlone(before) || !LABEL.test(between.slice(0, between.indexOf('\n')))) return false;
  }
  const near = between.slice(-40);
  const secret = lastOf(near, SECRET_WORD);
  const other = lastOf(near, PUBLIC_WORD);
  if (secret > other) return true;
  if (other === -1 && lastOf(before + between, SECRET_WORD) !== -1) return true;
  if (CONSTRUCTED.test(between)) return true;
  if (DIRECT.test(between) && isAlone(before) && !COMPONENTS.has(head.slice(0, name).toLowerCase()))
    return true;
  // Within a name, that of a service is a word: `irregular2Linear`.
  if (other !== -1 || /[A-Za-z0-9]$/.test(before) || !ASSIGNED.test(between)) return false;
  return isMixed(value) || (value.length >= 20 && OTHER_LETTER.test(value)) || value.length === 32;
}

/** The name is no part of a longer one. */
function isAlone(before: string): boolean {
  return !/[A-Za-z0-9_.@/-]$/.test(before);
}

function withoutOrdinary(text: string): string {
  return text.replaceAll(ORDINARY_KEY, ' ');
}

function lastOf(text: string, words: RegExp): number {
  let last = -1;
  for (const { index } of text.matchAll(words)) last = index;
  return last;
}

function isValue(value: string): boolean {
  if (isReference(value) || value.includes('//')) return false;
  return isGenerated(value) || isGroups(value);
}

/** `wdvn-usa87a-fxp9ioas`: groups too short to tell by themselves, with four turns from letters to digits or back. */
function isGroups(value: string): boolean {
  if (!isSecretLooking(value, 16) || !/^[A-Za-z0-9-]{16,64}$/.test(value)) return false;
  return [...value.matchAll(TURN)].length >= 4;
}

const SHORTEST_VALUE = 12;
const IN_VALUE = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9_+/.~%-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
/** ` for the `, ` is your ` */
const LONGEST_JOINT = 12;
const JOINTS = [' as ', ' is ', ' for '];

/** A name of its own, and near it a word that is long enough and not all in small letters. */
function mayHaveValue(text: string, start: number): boolean {
  if (!isWordStart(text, start)) return false;
  if (isBehindValue(text, start)) return true;
  let at = start;
  while (at <= start + REACH && isInValue(text, at)) at++;
  while (at <= start + REACH && at < text.length) {
    if (!isInValue(text, at)) {
      at++;
      continue;
    }
    const from = at;
    let turns = 0;
    let letters = 0;
    let before = 0;
    for (; isInValue(text, at) && at < from + LONGEST_VALUE; at++) {
      const kind = kindOf(text.charCodeAt(at));
      if (kind === DIGIT_KIND) turns = LONGEST_VALUE;
      if (kind === CAPITAL_KIND && before === SMALL_KIND) turns++;
      if (kind !== 0) letters++;
      before = kind;
    }
    if (at - from >= SHORTEST_VALUE && turns >= letters / LETTERS_A_TURN) return true;
  }
  return false;
}

/** `<value> is the …`: what the expression needs at least. */
function isBehindValue(text: string, start: number): boolean {
  if (text.charAt(start - 1) !== ' ') return false;
  const from = Math.max(0, start - LONGEST_JOINT);
  const before = text.slice(from, start);
  return JOINTS.some((joint) => {
    const at = before.lastIndexOf(joint);
    return at !== -1 && isWordBefore(text, from + at);
  });
}

function isWordBefore(text: string, end: number): boolean {
  for (let at = end - 1; at >= end - SHORTEST_VALUE; at--) {
    if (!isInValue(text, at) && text.charAt(at) !== '=') return false;
  }
  return true;
}

/** What `valuesAfter` looks at. */
const LONGEST_VALUE = 514;
/** From small letters to capitals, where no digit tells: see `isGenerated`. */
const LETTERS_A_TURN = 4;
const SMALL_KIND = 1;
const CAPITAL_KIND = 2;
const DIGIT_KIND = 4;

function kindOf(code: number): number {
  if (isDigit(code)) return DIGIT_KIND;
  if (code >= 0x61) return SMALL_KIND;
  return isCapital(code) ? CAPITAL_KIND : 0;
}

function isInValue(text: string, at: number): boolean {
  return IN_VALUE[text.charCodeAt(at)] === 1;
}

export const detector: Detector = {
  id: 'vendor-secret',
  title: 'Generated value beside the name of a service and a word for a secret',
  docs: 'The services’ own documentation: their keys are hexadecimal, letters and digits, or UUIDs; see vendors.ts.',
  net: 'all',
  keywords: VENDORS,
  accepts: mayHaveValue,
  shapes: [],
  patterns: [
    WORD,
    SECRET_WORD,
    PUBLIC_WORD,
    BEFORE,
    ASSIGNED,
    DIRECT,
    CONSTRUCTED,
    LABEL,
    ORDINARY_KEY,
    TURN,
    OTHER_LETTER,
  ],
  find: secretsOf,
};
