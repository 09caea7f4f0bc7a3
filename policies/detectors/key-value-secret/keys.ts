import { makeAutomaton } from '../automaton.ts';
import type { Span } from '../detector.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';
import { BARE_KEY, FOREIGN, LONGER, STRONG, SUFFIX, WEAK, WHOLE_WORDS } from './words.ts';

/** A name that says its value is a secret; the span is that of the word in it, suffixes included. */
export interface Key extends Span {
  readonly word: string;
  readonly strength: 'strong' | 'weak' | 'bare';
  /** The name goes on after the word with something else. */
  readonly isLonger: boolean;
}

const WORDS: readonly string[] = [...new Set([...STRONG, ...FOREIGN, ...WEAK, BARE_KEY])];
const STRONG_WORDS = new Set([...STRONG, ...FOREIGN]);
const { classes, next, shift, outputs } = makeAutomaton(WORDS.map((word) => [word]));
/** For each state, the longest word that ends there. */
const LONGEST = outputs.map((ending) =>
  ending.reduce((longest, index) => {
    const word = WORDS[index] ?? '';
    return word.length > longest.length ? word : longest;
  }, ''),
);
const LETTERS = /^(?:ñas?|nas?)?/;

export const KEY_PATTERNS: readonly RegExp[] = [SUFFIX, LONGER, LETTERS];

/** The stems in `keywords` stand at most this far from both ends of a word. */
const REACH = 32;

/** Every such word, the longest where several end; `starts` says where their stems are, if that is known. */
export function* keysIn(text: string, starts?: readonly number[]): Generator<Key> {
  for (const { start, end } of starts === undefined ? [{ start: 0, end: text.length }] : around(starts)) {
    yield* keysBetween(text, start, Math.min(end, text.length));
  }
}

/** Stretches around the starts, without overlaps and in order; those of long keywords may come late. */
function around(starts: readonly number[]): Span[] {
  const stretches: { start: number; end: number }[] = [];
  for (const at of starts.toSorted((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last !== undefined && at - REACH <= last.end) last.end = at + REACH;
    else stretches.push({ start: Math.max(0, at - REACH), end: at + REACH });
  }
  return stretches;
}

function* keysBetween(text: string, start: number, end: number): Generator<Key> {
  let state = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    state = code > 127 ? 0 : (next[(state << shift) | (classes[code] ?? 0)] ?? 0);
    const word = LONGEST[state];
    if (word === undefined || word === '') continue;
    const key = keyAt(text, at + 1 - word.length, at + 1, word);
    if (key !== undefined) yield key;
  }
}

function keyAt(text: string, start: number, end: number, word: string): Key | undefined {
  if (WHOLE_WORDS.has(word) && !isWordStart(text, start)) return undefined;
  const after = text.slice(end, end + 64);
  const tail = word === 'contrase' ? (LETTERS.exec(after)?.[0] ?? '') : '';
  const suffix = SUFFIX.exec(after.slice(tail.length));
  const strength = word === BARE_KEY ? 'bare' : STRONG_WORDS.has(word) ? 'strong' : 'weak';
  if (suffix !== null)
    return { start, end: end + tail.length + suffix[0].length, word, strength, isLonger: false };
  const rest = strength === 'bare' ? null : LONGER.exec(after);
  return rest === null ? undefined : { start, end: end + rest[0].length, word, strength, isLonger: true };
}

/** At the start of a word or of a hump of camel case. */
function isWordStart(text: string, start: number): boolean {
  const isCapital = isLetterAt(text, start) && text.charCodeAt(start) <= CAPITAL_Z;
  if (isDigitAt(text, start - 1)) return isCapital;
  return !isLetterAt(text, start - 1) || (isCapital && text.charCodeAt(start - 1) > CAPITAL_Z);
}

const CAPITAL_Z = 0x5a;
/** Of the stems of words, those that only words hold which must stand for themselves. */
const WHOLE_STEMS: ReadonlySet<string> = new Set(['pin', 'otp', 'psw', 'psk', 'sig', 'sas', 'dsn']);
const LONGEST_WHOLE = 3;
/** What the endings of `SUFFIX` begin with. */
const SUFFIX_HEADS: ReadonlySet<string> = new Set(
  'ha va pl te ba b6 en ra st pr de li qa ua ol ne cu ad us db ro rw'.split(' '),
);

/** The first look at a stem: whether one of the words may stand there that hold it. */
export function mayHoldKey(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_WHOLE) return true;
  const stem = text.slice(start, end).toLowerCase();
  if (stem === BARE_KEY) return isCompound(text, start) || (isWordStart(text, start) && mayEnd(text, end));
  if (WHOLE_STEMS.has(stem)) return isWordStart(text, start);
  // In one word it does not stand for itself.
  return (
    stem !== 'pw' ||
    isWordStart(text, start) ||
    text.slice(Math.max(0, start - 4), start).toLowerCase() === 'root'
  );
}

/** `apikey`, `api_key`: a letter before it, or before the separator before it. */
function isCompound(text: string, start: number): boolean {
  if (isLetterAt(text, start - 1)) return true;
  return '_-. '.includes(text.charAt(start - 1)) && isLetterAt(text, start - 2);
}

/** The name ends here, or goes on as `SUFFIX` says. */
function mayEnd(text: string, end: number): boolean {
  if (end >= text.length) return true;
  const at = '_.-'.includes(text.charAt(end)) ? end + 1 : end;
  if (isDigitAt(text, at)) return true;
  if (at === end && !isLetterAt(text, at)) return true;
  if (text.charAt(end) === '-' || text.charAt(end) === '.') return true;
  return SUFFIX_HEADS.has(text.slice(at, at + 2).toLowerCase());
}
