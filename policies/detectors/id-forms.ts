import type { Detector } from './detector.ts';
import { contextOf, eitherOf, labelOf } from './id-context.ts';
import {
  DIGITS,
  keyOf,
  LETTERS,
  type Leaf,
  lengthOf,
  MIXED,
  type Node,
  NUMBER_PATTERNS,
  numbersIn,
  PLACES,
  type Row,
  wayOf,
} from './id-numbers.ts';
import { vocabularyOf } from './id-words.ts';

/**
 * A number that an authority gives to a person, a company or a thing, as a row of a table.
 *
 * Masks: `9` a digit, `A` a letter, `X` a digit or a letter, `~` a space or a dash, `|` between alternatives; `-`, `.`,
 * `/`, `(`, `+` and the space stand for themselves. Letters of any other kind are not masks, `fixed` holds those.
 */
export interface IdForm extends Row {
  /** ISO 3166-1 alpha-2, or `*`. */
  readonly country: string;
  readonly name: string;
  readonly docs: string;
  /** Told by their form and checksum alone; letters must be upper case. */
  readonly alone?: string;
  /** Only beside one of the words. */
  readonly named?: string;
  /** Holds at least one digit: words are no numbers. */
  readonly digits?: true;
  /** Lower case, in the languages of the country. Short ones must stand for themselves, longer ones may go on. */
  readonly words: readonly string[];
  /**
   * Those of the words after which a number of the right form is taken although its check digits are wrong: with one
   * digit mistyped it still tells who is meant, and messages about such numbers are where they are logged.
   */
  readonly names?: readonly string[];
  /** Names so short or common that they count only right before the number. */
  readonly labels?: readonly string[];
}

/** Words as they stand in names of fields: joined by a sign or by nothing. What looks for them ignores case. */
export function asFields(words: readonly string[]): string[] {
  return words.flatMap((word) =>
    word.includes(' ') ? ['_', '-', ''].map((joiner) => word.replaceAll(' ', joiner)) : [],
  );
}

type Forms = Pick<Detector, 'patterns' | 'find'>;

/** What a detector for such numbers is made of. The tables take a while, so they are made when they are first needed. */
export function idForms(rows: readonly IdForm[]): Forms & { readonly words: readonly string[] } {
  let made: Forms | undefined;
  const forms = () => (made ??= formsOf(rows));
  return {
    words: [...new Set(rows.flatMap(({ words, labels = [] }) => [...words, ...labels]))].filter((word) =>
      /^[\x20-\x7e]{2,64}$/.test(word),
    ),
    get patterns() {
      return forms().patterns;
    },
    find: (text, starts, runs) => forms().find(text, starts, runs),
  };
}

function formsOf(rows: readonly IdForm[]): Forms {
  const root = emptyNode();
  const patterns: RegExp[] = [...NUMBER_PATTERNS, ...rows.flatMap(({ form }) => form ?? [])];
  for (const [index, row] of rows.entries()) {
    const context = eitherOf(contextOf(row.words), labelOf(row.labels ?? []));
    const label = labelOf(row.names ?? []);
    patterns.push(...context.patterns, ...label.patterns);
    for (const mask of masksOf(row.alone)) plant(root, mask, { index, row, context, label, alone: true });
    for (const mask of masksOf(row.named)) plant(root, mask, { index, row, context, label, alone: false });
  }
  return {
    patterns,
    find: numbersIn(root, vocabularyOf(rows.map(({ words, labels = [] }) => [...words, ...labels]))),
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
function plant(
  root: Node,
  mask: string,
  leaf: Omit<Leaf, 'isColumns' | 'letters' | 'digits'> & { readonly row: IdForm },
): void {
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
  const own = { ...leaf, letters: placesOf(mask, 'A'), digits: placesOf(mask, '9'), isColumns };
  for (const { leaves, alone } of nodes) {
    leaves.push(own);
    if (leaf.alone) alone.push(own);
  }
}

/** Bits for the places of a kind in a mask. */
function placesOf(mask: string, kind: string): number {
  const places = [...mask.replaceAll(/[^9AX]/g, '')].slice(0, PLACES);
  return places.reduce((bits, own, place) => (own === kind ? bits | (1 << place) : bits), 0);
}

function step(node: Node, key: number): Node {
  const known = node.next.get(key);
  if (known !== undefined) return known;
  const fresh = emptyNode();
  node.next.set(key, fresh);
  node.ways |= wayOf(key);
  node.lengths |= lengthOf(key);
  return fresh;
}

function emptyNode(): Node {
  return { next: new Map(), ways: 0, lengths: 0, leaves: [], alone: [] };
}

function kindsOf(group: string, hasDigits: boolean): number[] {
  const kinds: number[] = [];
  if (!group.includes('A')) kinds.push(DIGITS);
  if (!group.includes('9') && !hasDigits) kinds.push(LETTERS);
  if (group.length > 1 && /X|9A|A9/.test(group)) kinds.push(MIXED);
  return kinds;
}
