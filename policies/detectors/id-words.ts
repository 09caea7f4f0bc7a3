import { mayEndWord, mustEndWord, REACH_AFTER, REACH_BEFORE } from './id-context.ts';

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
  readonly lists: number[];
}

/** Where a word may stand, and in which lists. */
interface Hit {
  readonly at: number;
  readonly lists: readonly number[];
}

/** A sign is the kind of a character, and its code, which is the same for small letters and capitals. */
export const DIGIT = 32;
const SMALL = 64;
const CAPITAL = 128;
export const LETTER = SMALL | CAPITAL;
const CODE = 31;
const CODE_BITS = 5;
const DIGIT_CODE = 27;

const SIGNS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return SMALL | (code & CODE);
  if (/[A-Z]/.test(character)) return CAPITAL | (code & CODE);
  return /[0-9]/.test(character) ? DIGIT | DIGIT_CODE : 0;
});

/** Of an ASCII letter or digit; 0 for anything else. */
export function signOf(code: number): number {
  return code < 128 ? (SIGNS[code] as number) : 0;
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
      const key = `${part} ${isWhole}`;
      const entry = entries.get(key) ?? { part, isWhole, lists: [] };
      entries.set(key, entry);
      if (entry.lists.at(-1) !== index) entry.lists.push(index);
    }
  }
  return { ...tablesOf([...entries.values()]), foreign: [...foreign], size: lists.length };
}

function longestPart(word: string): string {
  return word.split(WORD_PART).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
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
function addWords(hits: Hit[], text: string, at: number, { firsts, buckets }: Vocabulary): void {
  const bucket = firsts[headAt(text, at)] as number;
  if (bucket === 0) return;
  for (const { part, isWhole, lists } of buckets[bucket] as readonly Entry[]) {
    if (standsAt(text, at, part) && (!isWhole || mayEndWord(text, at + part.length)))
      hits.push({ at, lists });
  }
}

/** Where another word starts, nothing follows. */
function headAt(text: string, at: number): number {
  const first = signOf(text.charCodeAt(at));
  if (at + 2 >= text.length)
    return headOf(first, at + 1 < text.length ? signOf(text.charCodeAt(at + 1)) : 0, 0);
  return headOf(first, signOf(text.charCodeAt(at + 1)), signOf(text.charCodeAt(at + 2)));
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

/** What was read of a text: its groups of ASCII letters and digits, and where characters outside ASCII begin and end. */
export interface Groups {
  /** For each, in order, its start, its end, and the signs in it, one over the other. */
  readonly table: Int32Array;
  /** Used of the table. */
  readonly length: number;
  readonly firstForeign: number;
  readonly lastForeign: number;
}

/**
 * Which lists may have a word beside a number that stands there (1); undefined when none has. To be asked in the order
 * of the numbers; the array is used again for the next question.
 */
export type Beside = (start: number, end: number) => Uint8Array | undefined;

export function besideIn(text: string, groups: Groups, vocabulary: Vocabulary): Beside {
  const { table, length, firstForeign, lastForeign } = groups;
  // Of the groups that were looked at, in order.
  const hits: Hit[] = [];
  let group = 0;
  let first = 0;
  let found: Uint8Array | undefined;
  return (start, end) => {
    const from = Math.max(0, start - REACH_BEFORE);
    const to = end + REACH_AFTER;
    while (group < length && (table[group] as number) < from) group += 3;
    for (; group < length && (table[group] as number) < to; group += 3) {
      const signs = table[group + 2] as number;
      if ((signs & LETTER) !== 0)
        addGroup(hits, text, table[group] as number, table[group + 1] as number, signs, vocabulary);
    }
    while (first < hits.length && (hits[first] as Hit).at < from) first++;
    // A group that the reach cuts in two counts from there.
    const cut: Hit[] = [];
    if (from > 0 && signOf(text.charCodeAt(from - 1)) !== 0) addCut(cut, text, from, vocabulary);
    const isNear = first < hits.length && (hits[first] as Hit).at < to;
    const isForeign = firstForeign < to && lastForeign >= from && vocabulary.foreign.length > 0;
    if (!isNear && !isForeign && cut.length === 0) return undefined;
    found = found === undefined ? new Uint8Array(vocabulary.size) : found.fill(0);
    if (isForeign) for (const index of vocabulary.foreign) found[index] = 1;
    mark(found, cut, 0, Number.POSITIVE_INFINITY);
    mark(found, hits, first, to);
    return found;
  };
}

/** Most groups are one word. */
function addGroup(
  hits: Hit[],
  text: string,
  start: number,
  end: number,
  signs: number,
  vocabulary: Vocabulary,
): void {
  const kinds = signs & (DIGIT | LETTER);
  if (kinds === SMALL || kinds === CAPITAL) {
    addWords(hits, text, start, vocabulary);
    return;
  }
  let before = 0;
  for (let at = start; at < end; at++) {
    const sign = signOf(text.charCodeAt(at));
    if (startsWord(before, sign)) addWords(hits, text, at, vocabulary);
    before = sign;
  }
}

/** From the middle of a group to its end: at most as much of it as the reach goes. */
function addCut(hits: Hit[], text: string, from: number, vocabulary: Vocabulary): void {
  let before = 0;
  for (let at = from; at < from + REACH_BEFORE + REACH_AFTER && at < text.length; at++) {
    const sign = signOf(text.charCodeAt(at));
    if (sign === 0) return;
    if (startsWord(before, sign)) addWords(hits, text, at, vocabulary);
    before = sign;
  }
}

/** The lists of what starts before the end. */
function mark(found: Uint8Array, hits: readonly Hit[], first: number, end: number): void {
  for (let hit = first; hit < hits.length; hit++) {
    const { at, lists } = hits[hit] as Hit;
    if (at >= end) return;
    for (const index of lists) found[index] = 1;
  }
}
