import type { Detector, Span } from './detector.ts';
import { type Context, type Said, saidOf } from './id-context.ts';
import { isCounter, isNamedBySign } from './id-nearby.ts';
import { type Beside, besideIn, type Vocabulary } from './id-words.ts';
import { DIGIT, LETTER, makeRunReader, RUN, SMALL, signOf } from './runs.ts';

/** What the characters of a number must be, separators left out. */
export interface Row {
  /** Letters must be upper case beside a word as well. */
  readonly upper?: boolean;
  /** What the characters must be, without separators, in upper case. */
  readonly form?: RegExp;
  /** Check digits and plausible dates, on the characters without separators, in upper case. */
  readonly check?: (characters: string) => boolean;
}

/** A way to write the numbers of a row. */
export interface Leaf {
  /** Place in the list of rows. */
  readonly index: number;
  readonly row: Row;
  /** Bits for the places where the number must have a letter, and a digit; groups of one kind say so themselves. */
  readonly letters: number;
  readonly digits: number;
  readonly context: Context;
  /** Names that tell a number of the right form whatever its check digits are. */
  readonly label: Context;
  readonly alone: boolean;
  /** Groups of digits with spaces between, as the columns of a table have them. */
  readonly isColumns: boolean;
}

/** What was read of a number, and what may follow. */
export interface Node {
  readonly next: Map<number, Node>;
  /** Bits for the separators and kinds of the groups that may follow, and for their lengths. */
  ways: number;
  lengths: number;
  readonly leaves: Leaf[];
  /** Those of them that need no word. */
  readonly alone: Leaf[];
}

/** More places than a number of both letters and digits has. */
export const PLACES = 31;
export const DIGITS = 1;
export const LETTERS = 2;
export const MIXED = 3;
const MAX_GROUP = 24;
/** A key is a separator, the kind of a group and its length. */
const KIND_SHIFT = 6;
const LENGTH = (1 << KIND_SHIFT) - 1;
const SEPARATOR_SHIFT = 8;
const SEPARATORS = ' -./(+';
const BEFORE = /[\p{L}\p{N}_+@$%&.\\-]$/u;
const AFTER = /^(?:[\p{L}\p{N}_]|[-+@.:][\p{L}\p{N}]|%[0-9])/u;
const NOT_ALNUM = /[^A-Za-z0-9]/g;
/** Red, green and blue. */
const COLOUR = /^(?:[01][0-9]{2}|2[0-4][0-9]|25[0-5])(?: (?:[01][0-9]{2}|2[0-4][0-9]|25[0-5])){2}$/;
const COLUMN_BEFORE = /[0-9][0-9A-F]{0,3}[ ]{1,8}$/;
const COLUMN_AFTER = /^[ ]{1,8}[A-F]{0,3}[0-9]/;

const UNITS = 'KMGTB';
const SIZE = /^[0-9]{7,12}[KMGTB]$/;
const SIZES = /(?<![A-Za-z0-9])[0-9]{1,12}(?:\.[0-9]{1,3})?[KMGTB]i?B?(?![A-Za-z0-9])/;
const SIZED =
  /(?<![a-z])(?:heap|total|used|free|committed|reserved|capacity|size|mem|memory|space|rss|vsz|virt|swap|cached?|buffers?|max|min|limit|bytes|avail|available|allocated|disk|usage|resident|peak|written|transferred|downloaded|uploaded|flushed|freed|reclaimed|gc)(?![a-z])[^\n]{0,12}$|[-=]>[ ]?$/i;
const SIZES_REACH = 40;

/** For the test that checks that expressions are bounded. */
export const NUMBER_PATTERNS: readonly RegExp[] = [
  NOT_ALNUM,
  BEFORE,
  AFTER,
  COLOUR,
  COLUMN_BEFORE,
  COLUMN_AFTER,
  SIZE,
  SIZES,
  SIZED,
];

/** Of a group behind a separator; the first group has none. */
export function keyOf(separator: string, kind: number, length: number): number {
  const place = separator === '' ? 0 : SEPARATORS.indexOf(separator) + 1;
  return (place << SEPARATOR_SHIFT) | (kind << KIND_SHIFT) | length;
}

/** The bit of a key in `ways`. */
export function wayOf(key: number): number {
  return 1 << (key >> KIND_SHIFT);
}

/** The bit of a key in `lengths`. */
export function lengthOf(key: number): number {
  return 1 << (key & LENGTH);
}

/** Looks in a text for the numbers to which the groups lead. */
export function numbersIn(root: Node, vocabulary: Vocabulary): Detector['find'] {
  const roots = Array.from({ length: 1 << SEPARATOR_SHIFT }, (_, key) => root.next.get(key));
  const states = Uint8Array.from(roots, stateOf);
  const ways = Int32Array.from(roots, (node) => node?.ways ?? 0);
  const read = makeRunReader();
  return (text, _starts, runs = read(text)) => {
    const { table, length } = runs;
    let beside: Beside | undefined;
    let found: Span[] | undefined;
    for (let group = 0; group < length; group += RUN) {
      const root = groupAt(table, group);
      const state = states[root] as number;
      if (state === NOWHERE) continue;
      const start = table[group] as number;
      let end = table[group + 1] as number;
      let next = group + RUN;
      if (state === BEFORE_DIGITS && ((table[next + 2] as number) & DIGIT) === 0) continue;
      let key = next < length && table[next] === end + 1 ? keyAt(text, end, table, next) : 0;
      // Words of a few letters are everywhere.
      if (state !== AT_LEAVES && ((ways[root] as number) & wayOf(key)) === 0) continue;
      if (start > 0 && GOES_ON[text.charCodeAt(start - 1)] === 1) continue;
      let node = roots[root];
      let signs = table[group + 2] as number;
      // Along the groups that follow with one separator between: a bounded number of steps.
      while (node !== undefined) {
        if (node.leaves.length > 0 && !isPartOfMore(text, start, end)) {
          beside ??= besideIn(text, runs, vocabulary);
          if (isNumber(text, start, end, signs, node, beside)) (found ??= []).push({ start, end });
        }
        if (key === 0 || (node.ways & wayOf(key)) === 0 || (node.lengths & lengthOf(key)) === 0) break;
        node = node.next.get(key);
        end = table[next + 1] as number;
        signs |= table[next + 2] as number;
        next += RUN;
        key = next < length && table[next] === end + 1 ? keyAt(text, end, table, next) : 0;
      }
    }
    return found ?? NOTHING;
  };
}

const NOTHING: readonly Span[] = [];

const NOWHERE = 0;
const ON_THE_WAY = 1;
const BEFORE_DIGITS = 2;
const AT_LEAVES = 3;
/** Bits of the keys of groups of letters only, in `ways`. */
const LETTER_WAYS = Array.from(SEPARATORS, (separator) => wayOf(keyOf(separator, LETTERS, 1))).reduce(
  (bits, bit) => bits | bit,
  0,
);

/** Whether a first group is a number, or may be the start of one. */
function stateOf(node: Node | undefined): number {
  if (node === undefined) return NOWHERE;
  if (node.leaves.length > 0) return AT_LEAVES;
  return (node.ways & LETTER_WAYS) === 0 ? BEFORE_DIGITS : ON_THE_WAY;
}

/** Of a group and the separator before it. */
function keyAt(text: string, separator: number, table: Int32Array, group: number): number {
  return (separatorAt(text, separator) << SEPARATOR_SHIFT) | groupAt(table, group);
}

/** In the place of a key without separator. */
function groupAt(table: Int32Array, group: number): number {
  const length = (table[group + 1] as number) - (table[group] as number);
  if (length > MAX_GROUP) return 0;
  const signs = table[group + 2] as number;
  const kind = ((signs & DIGIT) !== 0 ? DIGITS : 0) | ((signs & LETTER) !== 0 ? LETTERS : 0);
  return (kind << KIND_SHIFT) | length;
}

/** The place of the separator, from 1; 0 when there is none. */
function separatorAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 128) return SEPARATOR[code] as number;
  if (code === 0x2010 || code === 0x2011 || code === 0x2013) return SEPARATOR[0x2d] as number;
  return code === 0xa0 ? (SEPARATOR[0x20] as number) : 0;
}

/** What tells alone is looked at first; words are looked for only where a number may be one of those they name. */
function isNumber(
  text: string,
  start: number,
  end: number,
  signs: number,
  { leaves, alone }: Node,
  beside: Beside,
): boolean {
  const letters = (signs & LETTER) === 0 ? 0 : lettersIn(text, start, end);
  let upper = '';
  if ((signs & SMALL) === 0 && !isOnlyCounted(text, start)) {
    for (const leaf of alone) {
      if (!hasShape(leaf, letters) || isAmongOthers(text, start, end, leaf)) continue;
      upper ||= compact(text, start, end);
      if (isRight(leaf.row, upper))
        return letters !== 0 || upper.length < end - start || !isCounter(text, start);
    }
  }
  if (letters !== 0 && !leaves.some((leaf) => hasShape(leaf, letters))) return false;
  const spoken = beside(start, end);
  if (spoken === undefined) return false;
  let said: Said | undefined;
  for (const leaf of leaves) {
    if (spoken[leaf.index] !== 1 || !hasShape(leaf, letters)) continue;
    if (leaf.row.upper === true && (signs & SMALL) !== 0) continue;
    upper ||= compact(text, start, end);
    if (leaf.row.form?.test(upper) === false) continue;
    const by = leaf.row.check?.(upper) === false ? leaf.label : leaf.context;
    said ??= saidOf(text, start, end);
    if (by.isBeside(said)) return true;
  }
  return false;
}

const NUMBER_SIGN = 0x23;

function isOnlyCounted(text: string, start: number): boolean {
  return text.charCodeAt(start - 1) === NUMBER_SIGN && !isNamedBySign(text, start);
}

/** Bits for the places of letters, separators left out. */
function lettersIn(text: string, start: number, end: number): number {
  let letters = 0;
  let place = 0;
  for (let at = start; at < end && place < PLACES; at++) {
    const sign = signOf(text.charCodeAt(at));
    if (sign === 0) continue;
    if ((sign & LETTER) !== 0) letters |= 1 << place;
    place++;
  }
  return letters;
}

function hasShape({ letters, digits }: Leaf, own: number): boolean {
  return (own & letters) === letters && (own & digits) === 0;
}

function compact(text: string, start: number, end: number): string {
  return text.slice(start, end).replaceAll(NOT_ALNUM, '').toUpperCase();
}

function isRight({ form, check }: Row, characters: string): boolean {
  return form?.test(characters) !== false && check?.(characters) !== false;
}

/** Most numbers stand between signs of ASCII, for which no expression is needed. */
function isPartOfMore(text: string, start: number, end: number): boolean {
  if (start > 0) {
    const code = text.charCodeAt(start - 1);
    if (code < 128 ? GOES_ON[code] === 1 : BEFORE.test(text.slice(Math.max(0, start - 2), start)))
      return true;
  }
  const after = text.charCodeAt(end);
  if (end === text.length || (after < 128 && ENDS[after] === 1)) return false;
  return AFTER.test(text.slice(end, end + 2));
}

/** Parts of paths, columns of tables and colours are told by nothing but a word. */
function isAmongOthers(text: string, start: number, end: number, { isColumns }: Leaf): boolean {
  if (text.charAt(start - 1) === '/' || isSize(text, start, end)) return true;
  if (!isColumns) return false;
  return (
    COLOUR.test(text.slice(start, end)) ||
    COLUMN_BEFORE.test(text.slice(Math.max(0, start - 9), start)) ||
    COLUMN_AFTER.test(text.slice(end, end + 9))
  );
}

/** Digits and the letter of a unit, where sizes are spoken of: check letters are the same. */
function isSize(text: string, start: number, end: number): boolean {
  if (!UNITS.includes(text.charAt(end - 1)) || !SIZE.test(text.slice(start, end))) return false;
  const before = text.slice(Math.max(0, start - SIZES_REACH), start);
  return SIZED.test(before) || SIZES.test(before) || SIZES.test(text.slice(end, end + SIZES_REACH));
}

function tableOf(valueOf: (character: string) => number): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => valueOf(String.fromCharCode(code)));
}

const SEPARATOR = tableOf((character) => SEPARATORS.indexOf(character) + 1);
/** In front of a number, what makes it the end of something longer. */
const GOES_ON = tableOf((character) => (BEFORE.test(character) ? 1 : 0));
/** Behind a number, what ends it whatever follows. */
const ENDS = tableOf((character) => (/[A-Za-z0-9_+@.:%-]/.test(character) ? 0 : 1));
