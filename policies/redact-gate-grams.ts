import { ORDINARY } from './redact-gate-ordinary.ts';

/** In a keyword, stands for any digit. */
export const ANY_DIGIT = '#';

/**
 * Three characters in a row, each of one of 64 classes: letters in any case, digits, each sign of ASCII by itself, and
 * the rest.
 */
export const CLASS_BITS = 6;
export const GRAM = 3;
export const GRAM_BITS = GRAM * CLASS_BITS;
export const GRAM_MASK = (1 << GRAM_BITS) - 1;
const CLASSES = 1 << CLASS_BITS;
const PAIR_MASK = (1 << (2 * CLASS_BITS)) - 1;
const DIGIT_CLASS = 27;
const SIGNS = ' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r';

/** Of a UTF-16 code unit; everything outside ASCII is class 0. */
export function classOf(code: number): number {
  const character = String.fromCharCode(code).toLowerCase();
  if (code > 127) return 0;
  if (character >= 'a' && character <= 'z') return character.charCodeAt(0) & 31;
  if (character >= '0' && character <= '9') return DIGIT_CLASS;
  const sign = SIGNS.indexOf(character);
  return sign === -1 ? 0 : DIGIT_CLASS + 1 + sign;
}

/** Of a character of a literal, in which `#` stands for any digit. */
export function classInLiteral(character: string): number {
  return character === ANY_DIGIT ? DIGIT_CLASS : classOf(character.charCodeAt(0));
}

/** How often something stands in ordinary text. */
export interface Frequencies {
  readonly grams: Float64Array;
  /** Of each class before each other, as a part of one: see `pair`. */
  readonly before: Float64Array;
}

/**
 * Of each gram: as counted in the sample, and beside that as its classes would meet by chance, since the sample is
 * short.
 */
function counted(): Frequencies {
  const counts = new Float64Array(GRAM_MASK + 1);
  const single = new Float64Array(CLASSES).fill(1);
  const pairs = new Float64Array(CLASSES * CLASSES);
  let total = 0;
  for (const text of ORDINARY) {
    let gram = 0;
    for (const character of text) {
      const symbol = classOf(character.charCodeAt(0));
      gram = ((gram << CLASS_BITS) | symbol) & GRAM_MASK;
      counts[gram] = (counts[gram] ?? 0) + 1;
      single[symbol] = (single[symbol] ?? 0) + 1;
      pairs[gram & PAIR_MASK] = (pairs[gram & PAIR_MASK] ?? 0) + 1;
      total++;
    }
  }
  const share = (symbol: number) => (single[symbol & (CLASSES - 1)] ?? 0) / total;
  const grams = counts.map(
    (count, gram) =>
      count + total * share(gram) * share(gram >> CLASS_BITS) * share(gram >> (2 * CLASS_BITS)),
  );
  const before = pairs.map((count, pair) => (count + share(pair >> CLASS_BITS)) / (share(pair) * total + 1));
  return { grams, before };
}

let frequencies: Frequencies | undefined;

/** Counted when it is first needed: that takes some milliseconds. */
export function gramFrequencies(): Frequencies {
  return (frequencies ??= counted());
}

/** Where in a literal it is looked for. */
export interface Filing {
  /** Each that ends there; in a literal that is shorter than a gram, anything may stand in front. */
  readonly grams: readonly number[];
  /** How far the last character of the gram is from the first of the literal. */
  readonly reach: number;
  /** The last classes up to there, at most five, as a pass puts them together; and where there are so many, ones. */
  readonly classes: number;
  readonly mask: number;
}

/** Classes that fit in 32 bits: the gram, and those before it. */
const KNOWN = 5;
/** To compare the classes up to a gram costs so many times what it costs to come by the gram. */
const COMPARING = 1;

/** By the rarest gram in it, where that and the classes before it are together the rarest. */
export function filingOf(literal: string, { grams, before }: Frequencies): Filing {
  const classes = [...literal].map(classInLiteral);
  let least = Number.POSITIVE_INFINITY;
  let reach = classes.length - 1;
  for (let at = GRAM - 1; at < classes.length; at++) {
    const frequency = grams[packed(classes.slice(at + 1 - GRAM, at + 1))] ?? 0;
    let asKnown = 1;
    for (let place = at - GRAM; place >= Math.max(0, at + 1 - KNOWN); place--) {
      asKnown *= before[packed(classes.slice(place, place + 2))] ?? 0;
    }
    const score = frequency * (1 + COMPARING * asKnown);
    if (score >= least) continue;
    least = score;
    reach = at;
  }
  const known = classes.slice(Math.max(0, reach + 1 - KNOWN), reach + 1);
  return {
    grams: gramsEndingWith(known.slice(-GRAM)),
    reach,
    classes: packed(known),
    mask: 2 ** (known.length * CLASS_BITS) - 1,
  };
}

/** As a pass puts them together. */
export function packed(classes: readonly number[]): number {
  return classes.reduce((gram, one) => (gram << CLASS_BITS) | one, 0);
}

/** All in a literal that is long enough. */
export function gramsOf(classes: readonly number[]): number[] {
  return classes.slice(GRAM - 1).map((_, at) => packed(classes.slice(at, at + GRAM)));
}

/** Those of a shorter literal and of anything in front of it, or behind it. */
export function gramsAround(classes: readonly number[]): number[] {
  const behind = CLASS_BITS * (GRAM - classes.length);
  const all = Array.from({ length: 1 << behind }, (_, any) => (packed(classes) << behind) | any);
  return [...all, ...gramsEndingWith(classes)];
}

function gramsEndingWith(classes: readonly number[]): number[] {
  const gram = packed(classes);
  if (classes.length >= GRAM) return [gram];
  const before = Array.from({ length: CLASSES ** (GRAM - classes.length) }, (_, any) => any);
  return before.map((any) => (any << (classes.length * CLASS_BITS)) | gram);
}
