import {
  ANY_DIGIT,
  CLASS_BITS,
  classInLiteral,
  classOf,
  filingOf,
  GRAM,
  GRAM_BITS,
  GRAM_MASK,
  gramFrequencies,
} from './redact-gate-grams.ts';
import { GRAM_PAIR, type GramPass } from './redact-gate-pass.ts';

/**
 * Where keywords end in a text, and which, in the order of their ends; of those that end together the shortest first.
 * Used again for the next text.
 */
export interface KeywordHits {
  /** Pairs. */
  readonly table: Int32Array;
  readonly length: number;
}

/** In the table, from one hit to the next. */
export const HIT = 2;

export interface Keyword {
  readonly length: number;
  /** Those that it is in, by their place. */
  readonly sets: readonly number[];
}

export interface KeywordIndex {
  /** Each once. */
  readonly keywords: readonly Keyword[];
  /** For each gram a bit: whether a pass is to mark where it ends. */
  readonly filed: Int32Array;
  find(pass: GramPass): KeywordHits;
}

/** For each byte of a pass its class. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, code) => classOf(code));

/** In the codes of literals, stands for the wildcard. */
const DIGIT_CODE = 1;
/** For each byte of a pass: ASCII in lower case; 0 for what is in no literal. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, code) =>
  code < 128 && code !== DIGIT_CODE ? String.fromCharCode(code).toLowerCase().charCodeAt(0) : 0,
);

/**
 * Looks for many literals at once (after Wu and Manber, 1994): each is filed under the rarest gram in it, and compared
 * where that gram stands. Literals are lower-case ASCII, in which `#` stands for any digit, and found in any case. The
 * tables are small enough to stay near the processor beside everything else that reads a text, which an automaton over
 * all literals is not. Throws when a literal is anything else.
 */
export function indexKeywords(sets: readonly (readonly string[])[]): KeywordIndex {
  const members = membersOf(sets);
  const literals = [...members.keys()];
  const lengths = Int32Array.from(literals, ({ length }) => length);
  const codes = Uint8Array.from(literals.join(''), (character) =>
    character === ANY_DIGIT ? DIGIT_CODE : character.charCodeAt(0),
  );
  const { filed, bucketOf, around, firsts, entries } = fileByGram(literals);
  const hits = { table: new Int32Array(512), length: 0 };

  /** Whether the codes from one place to another stand in the text. */
  function isAt({ bytes, length }: GramPass, start: number, place: number, end: number): boolean {
    if (start < 0 || start + end - place > length) return false;
    for (let code = place, at = start; code < end; code++, at++) {
      if (!isCode(codes[code] as number, bytes[at] as number)) return false;
    }
    return true;
  }

  /** In their order: a literal that ends later may have been found first. */
  function insert(end: number, literal: number): void {
    if (hits.length + HIT > hits.table.length) hits.table = grown(hits.table);
    const { table } = hits;
    let at = hits.length;
    while (at > 0 && isBehind(table, at - HIT, end, literal)) {
      table[at] = table[at - HIT] as number;
      table[at + 1] = table[at - 1] as number;
      at -= HIT;
    }
    table[at] = end;
    table[at + 1] = literal;
    hits.length += HIT;
  }

  function isBehind(table: Int32Array, at: number, end: number, literal: number): boolean {
    const other = table[at] as number;
    if (other !== end) return other > end;
    return (lengths[table[at + 1] as number] as number) > (lengths[literal] as number);
  }

  /**
   * Moves those grams to the front around which the characters may be a keyword's, without a branch, since most are
   * not and which is not to be foretold. Behind the end of the text anything may be read: no keyword goes on there.
   */
  function sift({ bytes, grams, gramCount }: GramPass): number {
    let left = 0;
    for (let at = 0; at < gramCount; at += GRAM_PAIR) {
      const i = grams[at] as number;
      const ending = grams[at + 1] as number;
      const bucket = bucketOf[ending & GRAM_MASK] as number;
      const sieve = bucket * AROUND;
      const may =
        ((around[sieve] as number) >>> (ending >>> GRAM_BITS)) &
        ((around[sieve + 1] as number) >>> (ending >>> (GRAM_BITS + CLASS_BITS))) &
        ((around[sieve + 2] as number) >>> (CLASSES[bytes[i + 1] as number] as number)) &
        ((around[sieve + 3] as number) >>> (CLASSES[bytes[i + 2] as number] as number));
      grams[left] = i;
      grams[left + 1] = ending;
      left += (may & 1) << 1;
    }
    return left;
  }

  return {
    keywords: literals.map((literal) => ({ length: literal.length, sets: members.get(literal) ?? [] })),
    filed,
    find(pass) {
      const count = sift(pass);
      const { bytes, grams } = pass;
      hits.length = 0;
      for (let at = 0; at < count; at += GRAM_PAIR) {
        const i = grams[at] as number;
        const ending = grams[at + 1] as number;
        const bucket = bucketOf[ending & GRAM_MASK] as number;
        const last = firsts[bucket + 1] as number;
        for (let entry = firsts[bucket] as number; entry < last; entry += ENTRY) {
          // Most differ in the characters before the gram.
          if (((ending ^ (entries[entry] as number)) & (entries[entry + 1] as number)) !== 0) continue;
          const start = i - (entries[entry + 2] as number);
          const place = entries[entry + 3] as number;
          const end = entries[entry + 4] as number;
          // Or in the last one: numbers of several lengths begin alike.
          if (!isCode(codes[end - 1] as number, bytes[start + end - place - 1] as number)) continue;
          if (isAt(pass, start, place, end)) insert(start + end - place, entries[entry + 5] as number);
        }
      }
      return hits;
    },
  };
}

/** Each literal, with the sets that it is in. */
function membersOf(sets: readonly (readonly string[])[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const [set, literals] of sets.entries()) {
    for (const literal of new Set(literals)) {
      if (!LITERAL.test(literal)) throw new Error('literals must be lower-case ASCII');
      const known = members.get(literal);
      if (known === undefined) members.set(literal, [set]);
      else known.push(set);
    }
  }
  return members;
}

const LITERAL = /^[\t\n\r\x20-\x40\x5b-\x7e]+$/;

function isCode(wanted: number, code: number): boolean {
  return wanted === FOLDED[code] || (wanted === DIGIT_CODE && code >= 0x30 && code <= 0x39);
}

function grown(table: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * table.length);
  larger.set(table);
  return larger;
}

interface Files {
  /** For each gram a bit: whether something is filed under it. Small enough for the first cache. */
  readonly filed: Int32Array;
  /** For each gram, its bucket. */
  readonly bucketOf: Uint16Array;
  /** For each bucket, the classes of the two characters before the gram and of the two behind it, as bits, modulo 32. */
  readonly around: Int32Array;
  /** Where the entries of each bucket begin; those of the next one follow. */
  readonly firsts: Int32Array;
  /**
   * For each literal of a bucket six numbers: the classes up to the end of the gram and where they are known, how far
   * that end is from its first character, from where to where its codes stand among those of all literals, and its
   * place in the list.
   */
  readonly entries: Int32Array;
}

const ENTRY = 6;
const AROUND = 4;

function fileByGram(literals: readonly string[]): Files {
  const files = new Map<number, { around: number[]; entries: number[] }>();
  const frequencies = gramFrequencies();
  let place = 0;
  for (const [literal, text] of literals.entries()) {
    const { grams, reach, classes, mask } = filingOf(text, frequencies);
    for (const gram of grams) {
      const file = files.get(gram) ?? { around: [0, 0, 0, 0], entries: [] };
      files.set(gram, file);
      file.around = [reach - GRAM, reach - GRAM - 1, reach + 1, reach + 2].map(
        (at, place) => (file.around[place] ?? 0) | bitsAt(text, at),
      );
      file.entries.push(classes, mask, reach, place, place + text.length, literal);
    }
    place += text.length;
  }
  const filed = new Int32Array((GRAM_MASK + 1) >>> 5);
  const bucketOf = new Uint16Array(GRAM_MASK + 1);
  const entries: number[] = [];
  const firsts: number[] = [];
  for (const [gram, file] of files) {
    filed[gram >>> 5] = (filed[gram >>> 5] as number) | (1 << gram);
    bucketOf[gram] = firsts.push(entries.length) - 1;
    for (const number of file.entries) entries.push(number);
  }
  return {
    filed,
    bucketOf,
    around: Int32Array.from([...files.values()].flatMap(({ around }) => around)),
    firsts: Int32Array.from([...firsts, entries.length]),
    entries: Int32Array.from(entries),
  };
}

/** The class of a character of the literal; all of them beyond its ends. */
function bitsAt(literal: string, at: number): number {
  const character = literal[at];
  return character === undefined ? -1 : 1 << classInLiteral(character);
}
