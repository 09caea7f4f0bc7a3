import type { Span } from './detector.ts';
import type { Context } from './id-context.ts';
import { type Beside, besideIn, DIGIT, type Groups, LETTER, signOf, type Vocabulary } from './id-words.ts';

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
  readonly shape: RegExp;
  /** Whether the groups that lead here say as much as the shape. */
  readonly isSure: boolean;
  readonly context: Context;
  readonly alone: boolean;
  /** Groups of digits with spaces between, as the columns of a table have them. */
  readonly isColumns: boolean;
}

/** What was read of a number, and what may follow. */
export interface Node {
  readonly next: Map<number, Node>;
  readonly leaves: Leaf[];
  /** Those of them that need no word. */
  readonly alone: Leaf[];
}

export const DIGITS = 1;
export const LETTERS = 2;
export const MIXED = 3;
const MAX_GROUP = 24;
/** A key is a separator, the kind of a group and its length. */
const KIND_SHIFT = 6;
const SEPARATOR_SHIFT = 8;
const SEPARATORS = ' -./(+';
const BEFORE = /[\p{L}\p{N}_+@#$%&.-]$/u;
const AFTER = /^(?:[\p{L}\p{N}_]|[-+@.:][\p{L}\p{N}]|%[0-9])/u;
const NOT_ALNUM = /[^A-Za-z0-9]/g;
const COLUMN_BEFORE = /[0-9][ ]{1,8}$/;
const COLUMN_AFTER = /^[ ]{1,8}[0-9]/;

/** For the test that checks that expressions are bounded. */
export const NUMBER_PATTERNS: readonly RegExp[] = [NOT_ALNUM, BEFORE, AFTER, COLUMN_BEFORE, COLUMN_AFTER];

/** Of a group behind a separator; the first group has none. */
export function keyOf(separator: string, kind: number, length: number): number {
  const place = separator === '' ? 0 : SEPARATORS.indexOf(separator) + 1;
  return (place << SEPARATOR_SHIFT) | (kind << KIND_SHIFT) | length;
}

/** Looks in a text for the numbers to which the groups lead. */
export function numbersIn(root: Node, vocabulary: Vocabulary): (text: string) => readonly Span[] {
  const roots = Array.from({ length: 1 << SEPARATOR_SHIFT }, (_, key) => root.next.get(key));
  // Scratch, as `Groups` says.
  let table = new Int32Array(768);

  function read(text: string): Groups {
    if (table.length < 2 * text.length + 2) table = new Int32Array(3 * text.length);
    let length = 0;
    let firstForeign = Number.POSITIVE_INFINITY;
    let lastForeign = -1;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      let sign = signOf(code);
      if (sign === 0) {
        if (code < 128) continue;
        if (lastForeign === -1) firstForeign = at;
        lastForeign = at;
        continue;
      }
      table[length] = at;
      let signs = 0;
      while (sign !== 0) {
        signs |= sign;
        sign = ++at < text.length ? signOf(text.charCodeAt(at)) : 0;
      }
      table[length + 1] = at;
      table[length + 2] = signs;
      length += 3;
      at--;
    }
    return { table, length, firstForeign, lastForeign };
  }

  /** In the place of a key without separator. */
  function groupAt(group: number): number {
    const length = (table[group + 1] as number) - (table[group] as number);
    return length > MAX_GROUP ? 0 : (kindOf(table[group + 2] as number) << KIND_SHIFT) | length;
  }

  return (text) => {
    const groups = read(text);
    const { length } = groups;
    let beside: Beside | undefined;
    let found: Span[] | undefined;
    for (let group = 0; group < length; group += 3) {
      let node = roots[groupAt(group)];
      if (node === undefined) continue;
      const start = table[group] as number;
      let end = table[group + 1] as number;
      beside ??= besideIn(text, groups, vocabulary);
      // Along the groups that follow with one separator between: a bounded number of steps.
      for (let next = group + 3; node !== undefined; next += 3) {
        if (node.leaves.length > 0 && isNumber(text, start, end, node, beside))
          (found ??= []).push({ start, end });
        if (next >= length || table[next] !== end + 1 || node.next.size === 0) break;
        node = node.next.get((separatorAt(text, end) << SEPARATOR_SHIFT) | groupAt(next));
        end = table[next + 1] as number;
      }
    }
    return found ?? NOTHING;
  };
}

const NOTHING: readonly Span[] = [];

function kindOf(signs: number): number {
  return ((signs & DIGIT) !== 0 ? DIGITS : 0) | ((signs & LETTER) !== 0 ? LETTERS : 0);
}

/** The place of the separator, from 1; 0 when there is none. */
function separatorAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 128) return SEPARATOR[code] as number;
  if (code === 0x2010 || code === 0x2011 || code === 0x2013) return SEPARATOR[0x2d] as number;
  return code === 0xa0 ? (SEPARATOR[0x20] as number) : 0;
}

function isNumber(
  text: string,
  start: number,
  end: number,
  { leaves, alone }: Node,
  beside: Beside,
): boolean {
  if (isPartOfMore(text, start, end)) return false;
  const spoken = beside(start, end);
  const possible =
    spoken === undefined ? alone : leaves.filter((leaf) => leaf.alone || spoken[leaf.index] === 1);
  if (possible.length === 0) return false;
  const compact = text.slice(start, end).replaceAll(NOT_ALNUM, '');
  const upper = compact.toUpperCase();
  for (const leaf of possible) {
    const isTold = leaf.alone && compact === upper && !isAmongOthers(text, start, end, leaf);
    if (!isTold && spoken?.[leaf.index] !== 1) continue;
    const { row, shape, isSure, context } = leaf;
    if (row.upper === true && compact !== upper) continue;
    if (!isSure && !shape.test(upper)) continue;
    if (row.form?.test(upper) === false || row.check?.(upper) === false) continue;
    if (isTold || context.isBeside(text, start, end)) return true;
  }
  return false;
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

/** Parts of paths and columns of tables are told by nothing but a word. */
function isAmongOthers(text: string, start: number, end: number, { isColumns }: Leaf): boolean {
  if (text.charAt(start - 1) === '/') return true;
  if (!isColumns) return false;
  return (
    COLUMN_BEFORE.test(text.slice(Math.max(0, start - 9), start)) ||
    COLUMN_AFTER.test(text.slice(end, end + 9))
  );
}

function tableOf(valueOf: (character: string) => number): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => valueOf(String.fromCharCode(code)));
}

const SEPARATOR = tableOf((character) => SEPARATORS.indexOf(character) + 1);
/** In front of a number, what makes it the end of something longer. */
const GOES_ON = tableOf((character) => (BEFORE.test(character) ? 1 : 0));
/** Behind a number, what ends it whatever follows. */
const ENDS = tableOf((character) => (/[A-Za-z0-9_+@.:%-]/.test(character) ? 0 : 1));
