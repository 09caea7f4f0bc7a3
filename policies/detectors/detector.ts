import type { Runs } from './runs.ts';

/**
 * Cheap signs, seen while a text is read once, that a detector must look closer. Counting them costs a few
 * instructions per character, so a detector whose secret has no fixed words still never runs on ordinary text.
 */
export type Shape =
  | 'at-then-dot' // an `@` and somewhere after it a dot
  | 'user-in-url' // `//` and somewhere after it an `@`
  | 'quote' // a single quote that is no apostrophe: at most two letters or digits before it
  | 'hex-groups' // five colons three characters apart, or two dots five characters apart
  | 'colons' // two colons with none, three or four characters between, or six with at most four
  | 'foreign' // a character outside ASCII
  | 'any-digits' // 7 digits, between two of them at most three of ` .-/()+`
  | 'phone-digits' // such digits that are no time, and no part of a digest, a UUID or a decimal fraction
  | 'card-digits' // 12 digits, between two of them at most one of these
  | 'cut-number' // at the end of what was written, digits behind two groups: `203.0.1`, `123-45-6`
  | 'any-long-word' // 20 letters and digits in a row that are not all lower-case hexadecimal
  | 'long-word'; // such a word that is no name in camel case

/** Offsets in UTF-16 code units, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a detector runs. `all`: precise enough to run over names and values that are kept as they are, where a false
 * alarm costs evidence. `text`: only over free text that a policy opened.
 */
export type Net = 'all' | 'text';

/**
 * Finds one kind of secret. A detector exists because its folder does, and its id is the folder's name; it appears in
 * evidence as the reason for a redaction.
 */
export interface Detector {
  readonly id: string;
  readonly title: string;
  /** Where the form of the secret is documented, or why the detector exists. */
  readonly docs: string;
  readonly net: Net;
  /**
   * Lower-case ASCII literals, in which `#` stands for any digit; the detector runs when one of them occurs in the text,
   * in any case. Hardly any cost for long and rare ones; each `in` or `key` in prose costs a look.
   */
  readonly keywords: readonly string[];
  /**
   * A first look at the place of a keyword, in constant time and without an expression: false when nothing that the
   * detector finds can have its keyword there. It sees the text as it is, so a line break must not decide where the
   * detector looks over line breaks. By default every place is accepted.
   */
  readonly accepts?: (text: string, start: number, end: number) => boolean;
  /** The detector also runs when one of these was seen. */
  readonly shapes: readonly Shape[];
  /**
   * The detector also runs when the shape `long-word` was seen, and a word of twenty letters and digits begins with one of
   * these or, where it ends with a sign, stands right behind it. In the case that is written here.
   */
  readonly longWords?: readonly string[];
  /** Also look for it where line breaks were put into the middle of it. For forms that ordinary lines do not add up to. */
  readonly wraps?: boolean;
  /**
   * Every expression that `find` runs. All quantifiers are bounded (a test checks it), so that time is linear in the
   * length of the text whatever the text is.
   */
  readonly patterns: readonly RegExp[];
  /**
   * Verified spans, in any order; they may overlap. Linear in the length of the text: work that is not bounded by a
   * constant is done only on characters that become part of a span. `starts` says where the accepted keywords start, all
   * of them and in the order of their ends; undefined when nobody looked for them. It says nothing about shapes. `runs`
   * is there when somebody has read them of this text.
   */
  find(text: string, starts?: readonly number[], runs?: Runs): Iterable<Span>;
}

/**
 * Spans of all matches; of the group `secret` where the pattern has one. Patterns need the flags `d` and `g`. All at
 * once, since the place where a search goes on is kept in the expression; `matchAll` would make a copy of it each time.
 */
export function spansOf(text: string, pattern: RegExp): readonly Span[] {
  pattern.lastIndex = 0;
  let match = pattern.exec(text);
  if (match === null) return NONE;
  const spans: Span[] = [];
  for (; match !== null; match = pattern.exec(text)) {
    const [start, end] = match.indices?.groups?.['secret'] ?? match.indices?.[0] ?? [0, 0];
    if (end > start) spans.push({ start, end });
    if (match[0] === '') pattern.lastIndex++;
  }
  return spans;
}

const NONE: readonly Span[] = [];

/** All matches of several patterns. */
export function spansOfAll(text: string, patterns: readonly RegExp[]): Iterable<Span> {
  return patterns.flatMap((pattern) => spansOf(text, pattern));
}

/** A pattern, and literals of which one stands in every text that it matches: looking for those costs next to nothing. */
export interface Rule {
  readonly pattern: RegExp;
  readonly needs: readonly string[];
}

/** All matches of those patterns that can match. */
export function* spansOfRules(text: string, rules: readonly Rule[]): Generator<Span> {
  for (const { pattern, needs } of rules) {
    if (needs.some((literal) => text.includes(literal))) yield* spansOf(text, pattern);
  }
}
