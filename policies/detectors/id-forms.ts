import type { Detector, Span } from './detector.ts';
import { type Context, contextOf, makeWordFinder, type WordFinder } from './id-context.ts';

/**
 * A number that an authority gives to a person, a company or a thing, as a row of a table.
 *
 * Masks: `9` a digit, `A` a letter, `X` a digit or a letter, `~` a space or a dash, `|` between alternatives; `-`, `.`,
 * `/`, `(`, `+` and the space stand for themselves. Letters of any other kind are not masks, `fixed` holds those.
 */
export interface IdForm {
  /** ISO 3166-1 alpha-2, or `*`. */
  readonly country: string;
  readonly name: string;
  readonly docs: string;
  /** Told by their form and checksum alone; letters must be upper case. */
  readonly alone?: string;
  /** Only beside one of the words. */
  readonly named?: string;
  /** Letters must be upper case beside a word as well. */
  readonly upper?: boolean;
  /** What the characters must be, without separators, in upper case. */
  readonly form?: RegExp;
  /** Check digits and plausible dates, on the characters without separators, in upper case. */
  readonly check?: (characters: string) => boolean;
  /** Holds at least one digit: words are no numbers. */
  readonly digits?: true;
  /** Lower case, in the languages of the country. Short ones must stand for themselves, longer ones may go on. */
  readonly words: readonly string[];
}

interface Leaf {
  /** Place in the list of rows. */
  readonly index: number;
  readonly row: IdForm;
  readonly shape: RegExp;
  readonly context: Context;
  readonly alone: boolean;
  /** Groups of digits with spaces between, as the columns of a table have them. */
  readonly isColumns: boolean;
}

interface Node {
  readonly next: Map<number, Node>;
  readonly leaves: Leaf[];
}

const DIGITS = 1;
const LETTERS = 2;
const MIXED = 3;
const MAX_GROUPS = 8;
const MAX_GROUP = 24;
/** A key is a separator, the kind of a group and its length. */
const LENGTH = 63;
const KIND_SHIFT = 6;
const SEPARATOR_SHIFT = 8;
const SEPARATORS = ' -./(+';
const BEFORE = /[\p{L}\p{N}_+@#$%&.-]$/u;
const AFTER = /^(?:[\p{L}\p{N}_]|[-+@.:][\p{L}\p{N}]|%[0-9])/u;
const NOT_ALNUM = /[^A-Za-z0-9]/g;
const COLUMN_BEFORE = /[0-9][ ]{1,8}$/;
const COLUMN_AFTER = /^[ ]{1,8}[0-9]/;

/** What a detector for such numbers is made of. */
export function idForms(rows: readonly IdForm[]): Pick<Detector, 'patterns' | 'find'> & { words: string[] } {
  const root: Node = { next: new Map(), leaves: [] };
  const patterns: RegExp[] = [
    NOT_ALNUM,
    BEFORE,
    AFTER,
    COLUMN_BEFORE,
    COLUMN_AFTER,
    ...rows.flatMap(({ form }) => form ?? []),
  ];
  for (const [index, row] of rows.entries()) {
    const context = contextOf(row.words);
    patterns.push(...context.patterns);
    for (const mask of masksOf(row.alone))
      patterns.push(plant(root, mask, { index, row, context, alone: true }));
    for (const mask of masksOf(row.named))
      patterns.push(plant(root, mask, { index, row, context, alone: false }));
  }
  const wordsIn = makeWordFinder(rows.map(({ words }) => words));
  return {
    words: [...new Set(rows.flatMap(({ words }) => words))].filter((word) =>
      /^[\x20-\x7e]{2,64}$/.test(word),
    ),
    patterns,
    find: (text) => numbers(text, root, remembering(text, wordsIn)),
  };
}

function masksOf(masks: string | undefined): string[] {
  if (masks === undefined) return [];
  return masks
    .split('|')
    .flatMap((mask) =>
      mask.includes('~') ? [mask.replaceAll('~', ' '), mask.replaceAll('~', '-')] : [mask],
    );
}

/** One path for each way in which the groups of a mask can be made of digits and letters. */
function plant(root: Node, mask: string, leaf: Omit<Leaf, 'isColumns' | 'shape'>): RegExp {
  let nodes = [root];
  let separator = '';
  const isColumns = /^[9 ]+$/.test(mask) && mask.includes(' ');
  for (const part of mask.split(/([^9AX])/)) {
    if (part === '') continue;
    if (!/^[9AX]+$/.test(part)) {
      separator = part;
      continue;
    }
    nodes = nodes.flatMap((node) =>
      kindsOf(part, leaf.row.digits === true && part === mask).map((kind) =>
        step(node, keyOf(separator, kind, part.length)),
      ),
    );
  }
  const shape = shapeOf(mask);
  for (const node of nodes) node.leaves.push({ ...leaf, shape, isColumns });
  return shape;
}

function shapeOf(mask: string): RegExp {
  const classes = mask
    .replaceAll(/[^9AX]/g, '')
    .replaceAll(/9+|A+|X+/g, (run) => `${{ 9: '#', A: 'A-Z', X: 'A-Z#' }[run.charAt(0)]}:${run.length};`)
    .replaceAll(/([^:;]+):([0-9]+);/g, '[$1]{$2}');
  return new RegExp(`^${classes.replaceAll('#', '0-9')}$`);
}

function step(node: Node, key: number): Node {
  const known = node.next.get(key);
  if (known !== undefined) return known;
  const fresh: Node = { next: new Map(), leaves: [] };
  node.next.set(key, fresh);
  return fresh;
}

function kindsOf(group: string, hasDigits: boolean): number[] {
  const kinds: number[] = [];
  if (!group.includes('A')) kinds.push(DIGITS);
  if (!group.includes('9') && !hasDigits) kinds.push(LETTERS);
  if (group.length > 1 && /X|9A|A9/.test(group)) kinds.push(MIXED);
  return kinds;
}

function keyOf(separator: string, kind: number, length: number): number {
  const place = separator === '' ? 0 : SEPARATORS.indexOf(separator) + 1;
  return (place << SEPARATOR_SHIFT) | (kind << KIND_SHIFT) | length;
}

/** From each word, along the groups that follow it with one separator between: a bounded number of steps. */
function numbers(text: string, root: Node, wordsBeside: Beside): readonly Span[] {
  let found: Span[] | undefined;
  for (let at = 0; at < text.length; ) {
    const first = tokenAt(text, at);
    const start = at;
    at = first === 0 ? at + 1 : at + (first & LENGTH);
    if (first <= LENGTH) continue;
    let node = root.next.get(first);
    let end = at;
    for (let groups = 1; node !== undefined; groups++) {
      if (node.leaves.length > 0 && isNumber(text, start, end, node.leaves, wordsBeside))
        (found ??= []).push({ start, end });
      if (groups === MAX_GROUPS || node.next.size === 0) break;
      const separator = separatorAt(text, end);
      if (separator === 0) break;
      const token = tokenAt(text, end + 1);
      end += 1 + (token & LENGTH);
      node = node.next.get((separator << SEPARATOR_SHIFT) | token);
    }
  }
  return found ?? NOTHING;
}

const NOTHING: readonly Span[] = [];

/** For the first numbers what stands beside them is read; a list of them is read once, as a whole. */
function remembering(text: string, wordsIn: WordFinder): Beside {
  let looks = 0;
  let whole: Uint8Array | undefined;
  return (start, end) => {
    if (++looks <= LOOKS) return wordsIn(text, start, end);
    return (whole ??= wordsIn(text, 0, text.length));
  };
}

/** Which rows may have one of their words beside a number that stands there (1). */
type Beside = (start: number, end: number) => Uint8Array;
const LOOKS = 2;

/** Kind and length, as in a key, of the run of ASCII letters and digits that starts here; no kind when it is too long. */
function tokenAt(text: string, start: number): number {
  let kind = 0;
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const letter = code | 32;
    if (code >= 0x30 && code <= 0x39) kind |= DIGITS;
    else if (letter >= 0x61 && letter <= 0x7a && code < 0x80) kind |= LETTERS;
    else break;
  }
  return end - start > MAX_GROUP ? Math.min(end - start, LENGTH) : (kind << KIND_SHIFT) | (end - start);
}

/** The place of the separator, from 1; 0 when there is none. */
function separatorAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 0x2010 || code === 0x2011 || code === 0x2013) return SEPARATORS.indexOf('-') + 1;
  if (code === 0xa0) return SEPARATORS.indexOf(' ') + 1;
  return at < text.length ? SEPARATORS.indexOf(text.charAt(at)) + 1 : 0;
}

function isNumber(
  text: string,
  start: number,
  end: number,
  leaves: readonly Leaf[],
  wordsBeside: Beside,
): boolean {
  if (isPartOfMore(text, start, end)) return false;
  const spoken = wordsBeside(start, end);
  if (!leaves.some(({ alone, index }) => alone || spoken[index] === 1)) return false;
  const compact = text.slice(start, end).replaceAll(NOT_ALNUM, '');
  const upper = compact.toUpperCase();
  for (const leaf of leaves) {
    const isSpoken = spoken[leaf.index] === 1;
    const isTold = leaf.alone && compact === upper && !isAmongOthers(text, start, end, leaf);
    if (!isTold && !isSpoken) continue;
    const { row, shape, context } = leaf;
    if (row.upper === true && compact !== upper) continue;
    if (!shape.test(upper) || row.form?.test(upper) === false || row.check?.(upper) === false) continue;
    if (isTold || context.isBeside(text, start, end)) return true;
  }
  return false;
}

function isPartOfMore(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  const after = text.charCodeAt(end);
  // Most numbers stand between spaces, signs or quotes of which the expressions know nothing.
  const isFree = (start === 0 || PLAIN[before] === 1) && (end === text.length || PLAIN[after] === 1);
  if (isFree) return false;
  return BEFORE.test(text.slice(Math.max(0, start - 2), start)) || AFTER.test(text.slice(end, end + 2));
}

const PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  ' \t\n\r"\'()[]{}<>,;=/|'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** Parts of paths and columns of tables are told by nothing but a word. */
function isAmongOthers(text: string, start: number, end: number, { isColumns }: Leaf): boolean {
  if (text.charAt(start - 1) === '/') return true;
  if (!isColumns) return false;
  return (
    COLUMN_BEFORE.test(text.slice(Math.max(0, start - 9), start)) ||
    COLUMN_AFTER.test(text.slice(end, end + 9))
  );
}
