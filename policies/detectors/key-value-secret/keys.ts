import { makeAutomaton } from '../automaton.ts';
import type { Span } from '../detector.ts';
import { isAfterAccount, isWordStart } from './first-look.ts';
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
const { classes, next, shift, longest } = makeAutomaton(WORDS);
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
    const word = longest[state] as string;
    if (word === '') continue;
    const key = keyAt(text, at + 1 - word.length, at + 1, word);
    if (key !== undefined) yield key;
  }
}

function keyAt(text: string, start: number, end: number, word: string): Key | undefined {
  if (
    WHOLE_WORDS.has(word) &&
    !isWordStart(text, start) &&
    !(word.startsWith('p') && isAfterAccount(text, start))
  )
    return undefined;
  const after = text.slice(end, end + 64);
  const tail = word === 'contrase' ? (LETTERS.exec(after)?.[0] ?? '') : '';
  const suffix = SUFFIX.exec(after.slice(tail.length));
  const strength = word === BARE_KEY ? 'bare' : STRONG_WORDS.has(word) ? 'strong' : 'weak';
  if (suffix !== null)
    return { start, end: end + tail.length + suffix[0].length, word, strength, isLonger: false };
  const rest = strength === 'bare' ? null : LONGER.exec(after);
  return rest === null ? undefined : { start, end: end + rest[0].length, word, strength, isLonger: true };
}
