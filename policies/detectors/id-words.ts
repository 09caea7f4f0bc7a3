import { mayEndWord, mustEndWord, REACH_AFTER, REACH_BEFORE } from './id-context.ts';
import {
  BEYOND_HEX,
  CAPITAL,
  CODE,
  CODE_BITS,
  DIGIT,
  DIGIT_CODE,
  LETTER,
  RUN,
  type Runs,
  SMALL,
  signOf,
} from './runs.ts';

/**
 * Several lists of words, to be looked for in one reading of a text: each word by the longest part of it in ASCII, which
 * is enough to say that a list is not meant.
 */
export interface Vocabulary {
  /** By the first three characters, where in `buckets` those parts stand that begin so. */
  readonly firsts: Uint16Array;
  readonly buckets: readonly (readonly Entry[])[];
  /** The lists with words that have no such part. */
  readonly foreign: readonly number[];
  readonly size: number;
}

interface Entry {
  readonly part: string;
  /** Whether a word ends with the part wherever it is meant. */
  readonly isWhole: boolean;
  /** Of a part that is a single letter, the code of the letter behind it; else 0. */
  readonly behind: number;
  readonly lists: number[];
}

/** Where a word may stand, and in which lists. */
interface Hit {
  readonly at: number;
  readonly lists: readonly number[];
}

/** Words start behind anything but a letter, and at the humps of camel case. */
function startsWord(before: number, sign: number): boolean {
  if ((sign & LETTER) === 0) return false;
  return (before & LETTER) === 0 || ((before & SMALL) !== 0 && (sign & CAPITAL) !== 0);
}

/** Parts begin with letters. */
const WORD_PART = /[^a-z0-9]{1,64}[0-9]{0,64}|^[0-9]{1,64}/;
/** With letters outside ASCII, too little of a word to look for. */
const SHORT_PART = 3;
const NOT_ASCII = /[^\x20-\x7e’]/;

export function vocabularyOf(lists: readonly (readonly string[])[]): Vocabulary {
  const entries = new Map<string, Entry>();
  const foreign = new Set<number>();
  for (const [index, words] of lists.entries()) {
    for (const word of words) {
      const part = longestPart(word);
      if (part === '' || (part.length < SHORT_PART && NOT_ASCII.test(word))) {
        foreign.add(index);
        continue;
      }
      const isWhole = mustEndWord(word) || !word.endsWith(part);
      const behind = part.length === 1 ? letterAfter(word, part) : 0;
      const key = `${part} ${isWhole} ${behind}`;
      const entry = entries.get(key) ?? { part, isWhole, behind, lists: [] };
      entries.set(key, entry);
      if (entry.lists.at(-1) !== index) entry.lists.push(index);
    }
  }
  return { ...tablesOf([...entries.values()]), foreign: [...foreign], size: lists.length };
}

/** Parts of names that are everywhere in logs. */
const COMMON = new Set(['id', 'no', 'number', 'code', 'card', 'service', 'file', 'reference']);

function longestPart(word: string): string {
  const parts = word.split(WORD_PART);
  const rare = parts.filter((part) => part.length > 1 && !COMMON.has(part));
  return (rare.length > 0 ? rare : parts).reduce(
    (longest, part) => (part.length > longest.length ? part : longest),
    '',
  );
}

/** In `c.f.`, the `f`; 0 where none follows. */
function letterAfter(word: string, part: string): number {
  const [letter = ''] = word.slice(word.indexOf(part) + 1).match(/[a-z]/) ?? [];
  return letter === '' ? 0 : letter.charCodeAt(0);
}

function tablesOf(entries: readonly Entry[]): Pick<Vocabulary, 'firsts' | 'buckets'> {
  const firsts = new Uint16Array(1 << (3 * CODE_BITS));
  const buckets: Entry[][] = [[]];
  for (const entry of entries) {
    for (const head of headsOf(entry)) {
      if (firsts[head] === 0) firsts[head] = buckets.push([]) - 1;
      buckets[firsts[head] as number]?.push(entry);
    }
  }
  return { firsts, buckets };
}

const ANY_CODE: readonly number[] = Array.from({ length: DIGIT_CODE + 1 }, (_, code) => code);
/** Nothing, or the first letter of an ending. */
const BEHIND_WORD: readonly number[] = [0, ...[...'sne'].map((letter) => letter.charCodeAt(0) & CODE)];

/** The first three codes; behind a shorter part anything may stand, or what may stand behind a word. */
function headsOf({ part, isWhole }: Entry): number[] {
  let heads = [0];
  for (let at = 0; at < 3; at++) {
    let own = at < part.length ? [signOf(part.charCodeAt(at)) & CODE] : ANY_CODE;
    if (at === part.length && isWhole) own = BEHIND_WORD;
    heads = heads.flatMap((head) => own.map((code) => (head << CODE_BITS) | code));
  }
  return heads;
}

/** Adds the words that may stand where one starts. */
function addWordsOf(
  hits: Hit[] | undefined,
  text: string,
  at: number,
  bucket: readonly Entry[],
): Hit[] | undefined {
  let all = hits;
  for (const { part, isWhole, behind, lists } of bucket) {
    if (!standsAt(text, at, part)) continue;
    const end = at + part.length;
    if ((!isWhole || mayEndWord(text, end)) && (behind === 0 || isSoon(text, end, behind)))
      (all ??= []).push({ at, lists });
  }
  return all;
}

/** Behind two signs at most. */
function isSoon(text: string, at: number, letter: number): boolean {
  for (let i = at; i <= at + 2; i++) if ((text.charCodeAt(i) | 32) === letter) return true;
  return false;
}

/** Where another word starts, nothing follows. */
function headAt(text: string, at: number): number {
  const first = signOf(text.charCodeAt(at));
  if (at + 2 >= text.length)
    return headOf(first, at + 1 < text.length ? signOf(text.charCodeAt(at + 1)) : 0, 0);
  return headOf(first, signOf(text.charCodeAt(at + 1)), signOf(text.charCodeAt(at + 2)));
}

/** The same where nothing but letters follows. */
function headOfWord(text: string, start: number, end: number): number {
  const first = (text.charCodeAt(start) & CODE) << (2 * CODE_BITS);
  if (end - start < 2) return first;
  const pair = first | ((text.charCodeAt(start + 1) & CODE) << CODE_BITS);
  return end - start < 3 ? pair : pair | (text.charCodeAt(start + 2) & CODE);
}

function headOf(first: number, second: number, third: number): number {
  const head = (first & CODE) << (2 * CODE_BITS);
  if (startsWord(first, second)) return head | (third & CODE);
  const pair = head | ((second & CODE) << CODE_BITS);
  return startsWord(second, third) ? pair : pair | (third & CODE);
}

/** In any case. */
function standsAt(text: string, at: number, part: string): boolean {
  for (let i = 0; i < part.length; i++) {
    if ((text.charCodeAt(at + i) | 32) !== part.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * Which lists may have a word beside a number that stands there (1); undefined when none has. To be asked in the order
 * of the numbers; the array is used again for the next question.
 */
export type Beside = (start: number, end: number) => Uint8Array | undefined;

/** Reads on as far as the numbers reach: hardly any text has a word, and many have a number only at the end. */
export function besideIn(text: string, runs: Runs, vocabulary: Vocabulary): Beside {
  const { table, length, firstForeign, lastForeign } = runs;
  const isMixed = lastForeign !== -1 && vocabulary.foreign.length > 0;
  let hits: Hit[] | undefined;
  let found: Uint8Array | undefined;
  let run = 0;
  let first = 0;
  return (start, end) => {
    const from = start - REACH_BEFORE;
    const to = end + REACH_AFTER;
    while (run < length && (table[run + 1] as number) <= from) run += RUN;
    for (; run < length && (table[run] as number) < to; run += RUN)
      hits = addRun(hits, text, table, run, vocabulary);
    const isForeign = isMixed && firstForeign < to && lastForeign >= from;
    if (hits === undefined && !isForeign) return undefined;
    const all = hits ?? NO_HITS;
    while (first < all.length && (all[first] as Hit).at < from) first++;
    const isNear = first < all.length && (all[first] as Hit).at < to;
    if (!isNear && !isForeign) return undefined;
    found = found?.fill(0) ?? new Uint8Array(vocabulary.size);
    if (isForeign) for (const index of vocabulary.foreign) found[index] = 1;
    mark(found, all, first, to);
    return found;
  };
}

const NO_HITS: readonly Hit[] = [];

/** Most runs are one word. */
function addRun(
  hits: Hit[] | undefined,
  text: string,
  table: Int32Array,
  run: number,
  vocabulary: Vocabulary,
): Hit[] | undefined {
  const signs = table[run + 2] as number;
  const kinds = signs & (DIGIT | LETTER);
  // Digests have no words.
  if ((kinds & LETTER) === 0 || ((kinds & DIGIT) !== 0 && (signs & BEYOND_HEX) === 0)) return hits;
  const start = table[run] as number;
  const end = table[run + 1] as number;
  if (kinds !== SMALL && kinds !== CAPITAL) return addHumps(hits, text, start, end, vocabulary);
  const bucket = vocabulary.firsts[headOfWord(text, start, end)] as number;
  return bucket === 0 ? hits : addWordsOf(hits, text, start, vocabulary.buckets[bucket] as readonly Entry[]);
}

/** A word may start at each hump, and behind digits. */
function addHumps(
  hits: Hit[] | undefined,
  text: string,
  start: number,
  end: number,
  { firsts, buckets }: Vocabulary,
): Hit[] | undefined {
  let all = hits;
  let before = 0;
  for (let at = start; at < end; at++) {
    const sign = signOf(text.charCodeAt(at));
    if (startsWord(before, sign)) {
      const bucket = firsts[headAt(text, at)] as number;
      if (bucket !== 0) all = addWordsOf(all, text, at, buckets[bucket] as readonly Entry[]);
    }
    before = sign;
  }
  return all;
}

/** The lists of what starts before the end. */
function mark(found: Uint8Array, hits: readonly Hit[], first: number, end: number): void {
  for (let hit = first; hit < hits.length; hit++) {
    const { at, lists } = hits[hit] as Hit;
    if (at >= end) return;
    for (const index of lists) found[index] = 1;
  }
}
