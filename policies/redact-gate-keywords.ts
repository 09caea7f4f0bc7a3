import { ANY_DIGIT } from './detectors/automaton.ts';
import { ORDINARY } from './redact-gate-ordinary.ts';
import { KINDS } from './redact-gate-signs.ts';

/**
 * Where keywords end in a text, and which, in the order of their ends; of those that end together the shortest first.
 * Used again for the next text.
 */
export interface KeywordHits {
  /** Pairs. */
  readonly table: Int32Array;
  readonly length: number;
  /** The kinds of characters that the text holds, one over the other: see `KINDS`. */
  readonly kinds: number;
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
  find(text: string): KeywordHits;
}

/**
 * Three characters in a row, each of one of 64 classes: letters in any case, digits, each sign of ASCII by itself, and
 * the rest.
 */
const CLASS_BITS = 6;
const GRAM = 3;
const GRAM_BITS = GRAM * CLASS_BITS;
const GRAM_MASK = (1 << GRAM_BITS) - 1;
const ANY_CLASS: readonly number[] = [...Array(1 << CLASS_BITS).keys()];
const DIGIT_CLASS = 27;
const SIGNS = ' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r';

/** For each UTF-16 code unit; everything outside ASCII is class 0. */
const CLASSES = Uint8Array.from({ length: 0x1_0000 }, (_, code) =>
  code < 128 ? classOf(String.fromCharCode(code).toLowerCase()) : 0,
);

function classOf(character: string): number {
  if (character >= 'a' && character <= 'z') return character.charCodeAt(0) & 31;
  if (character >= '0' && character <= '9') return DIGIT_CLASS;
  const sign = SIGNS.indexOf(character);
  return sign === -1 ? 0 : DIGIT_CLASS + 1 + sign;
}

function classInLiteral(character: string): number {
  return character === ANY_DIGIT ? DIGIT_CLASS : classOf(character);
}

/**
 * How often each gram stands in ordinary text: as counted in the sample, and beside that as its classes would meet by
 * chance, since the sample is short.
 */
function gramFrequencies(): Float64Array {
  const counts = new Float64Array(GRAM_MASK + 1);
  const single = new Float64Array(1 << CLASS_BITS);
  let total = 0;
  for (const text of ORDINARY) {
    let gram = 0;
    for (const character of text) {
      const symbol = classOf(character.toLowerCase());
      gram = ((gram << CLASS_BITS) | symbol) & GRAM_MASK;
      counts[gram] = (counts[gram] ?? 0) + 1;
      single[symbol] = (single[symbol] ?? 0) + 1;
      total++;
    }
  }
  const share = (symbol: number) => ((single[symbol & ((1 << CLASS_BITS) - 1)] ?? 0) + 1) / total;
  return counts.map(
    (count, gram) =>
      count + total * share(gram) * share(gram >> CLASS_BITS) * share(gram >> (2 * CLASS_BITS)),
  );
}

/** In the codes of literals, stands for the wildcard. */
const DIGIT_CODE = 1;
/** For each UTF-16 code unit: ASCII in lower case; 0 for what is in no literal. */
const FOLDED = Uint8Array.from({ length: 0x1_0000 }, (_, code) =>
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
  const { filed, bucketOf, befores, afters, firsts, entries } = fileByGram(literals);
  const hits = { table: new Int32Array(512), length: 0, kinds: 0 };
  let grams = new Int32Array(2048);

  /** Whether the codes from one place to another stand in the text. */
  function isAt(text: string, start: number, place: number, end: number): boolean {
    if (start + end - place > text.length) return false;
    for (let code = place, at = start; code < end; code++, at++) {
      if (!isCode(codes[code] as number, text.charCodeAt(at))) return false;
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

  /** The tight loop, without a branch: where grams end that something is filed under, and the classes up to there. */
  function mark(text: string): number {
    if (grams.length < 2 * text.length + 2) grams = new Int32Array(4 * text.length);
    const marked = grams;
    let last = 0;
    let count = 0;
    let kinds = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      kinds |= KINDS[code] as number;
      last = (last << CLASS_BITS) | (CLASSES[code] as number);
      marked[count] = i;
      marked[count + 1] = last;
      // Of a shift only the lowest five bits count.
      count += (((filed[(last & GRAM_MASK) >>> 5] as number) >>> last) & 1) << 1;
    }
    hits.kinds = kinds;
    return count;
  }

  return {
    keywords: literals.map((literal) => ({ length: literal.length, sets: members.get(literal) ?? [] })),
    find(text) {
      const count = mark(text);
      hits.length = 0;
      for (let at = 0; at < count; at += 2) {
        const i = grams[at] as number;
        const ending = grams[at + 1] as number;
        const bucket = bucketOf[ending & GRAM_MASK] as number;
        if ((((befores[bucket] as number) >>> (ending >>> GRAM_BITS)) & 1) === 0) continue;
        const after = i + 1 < text.length ? (CLASSES[text.charCodeAt(i + 1)] as number) : 0;
        if ((((afters[bucket] as number) >>> after) & 1) === 0) continue;
        const last = firsts[bucket + 1] as number;
        for (let entry = firsts[bucket] as number; entry < last; entry += ENTRY) {
          const start = i - (entries[entry] as number);
          const place = entries[entry + 1] as number;
          // Most differ in the first character.
          if (start < 0 || !isCode(codes[place] as number, text.charCodeAt(start))) continue;
          const end = entries[entry + 2] as number;
          if (isAt(text, start, place, end)) insert(start + end - place, entries[entry + 3] as number);
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
  /** For each bucket, the classes of what may stand right before and right behind the gram, as bits, modulo 32. */
  readonly befores: Int32Array;
  readonly afters: Int32Array;
  /** Where the entries of each bucket begin; those of the next one follow. */
  readonly firsts: Int32Array;
  /**
   * For each literal of a bucket four numbers: how far the last character of the gram is from its first one, from where
   * to where its codes stand among those of all literals, and its place in the list.
   */
  readonly entries: Int32Array;
}

const ENTRY = 4;

function fileByGram(literals: readonly string[]): Files {
  const files = new Map<number, { before: number; after: number; entries: number[] }>();
  const frequencies = gramFrequencies();
  let place = 0;
  for (const [literal, text] of literals.entries()) {
    const { grams, reach } = rarestGram(text, frequencies);
    for (const gram of grams) {
      const file = files.get(gram) ?? { before: 0, after: 0, entries: [] };
      files.set(gram, file);
      file.before |= bitsAt(text, reach - GRAM);
      file.after |= bitsAt(text, reach + 1);
      file.entries.push(reach, place, place + text.length, literal);
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
    befores: Int32Array.from(files.values(), ({ before }) => before),
    afters: Int32Array.from(files.values(), ({ after }) => after),
    firsts: Int32Array.from([...firsts, entries.length]),
    entries: Int32Array.from(entries),
  };
}

/** The class of a character of the literal; all of them beyond its ends. */
function bitsAt(literal: string, at: number): number {
  const character = literal[at];
  return character === undefined ? -1 : 1 << classInLiteral(character);
}

/** In a literal that is shorter than a gram, anything may stand in front. */
function rarestGram(literal: string, frequencies: Float64Array): { grams: readonly number[]; reach: number } {
  const classes = [...literal].map(classInLiteral);
  if (classes.length < GRAM) {
    const before = Array.from({ length: GRAM - classes.length }, () => ANY_CLASS);
    return { grams: gramsOf([...before, ...classes.map((one) => [one])]), reach: classes.length - 1 };
  }
  let least = Number.POSITIVE_INFINITY;
  let best: readonly number[] = [];
  let reach = 0;
  for (let at = GRAM; at <= classes.length; at++) {
    const grams = gramsOf(classes.slice(at - GRAM, at).map((one) => [one]));
    const frequency = frequencies[grams[0] ?? 0] ?? 0;
    if (frequency >= least) continue;
    least = frequency;
    best = grams;
    reach = at - 1;
  }
  return { grams: best, reach };
}

function gramsOf(choices: readonly (readonly number[])[]): number[] {
  return choices.reduce<number[]>(
    (grams, classes) => grams.flatMap((gram) => classes.map((one) => (gram << CLASS_BITS) | one)),
    [0],
  );
}
