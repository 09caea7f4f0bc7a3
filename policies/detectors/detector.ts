/**
 * Cheap signs, seen while a text is read once, that a detector must look closer. Counting them costs a few
 * instructions per character, so a detector whose secret has no fixed words still never runs on ordinary text.
 */
export type Shape =
  | 'at-then-dot' // an `@` and somewhere after it a dot
  | 'user-in-url' // `//` and somewhere after it an `@`
  | 'quote' // a single quote that is no apostrophe: at most two letters or digits before it
  | 'dotted-digits' // a digit followed by a dot
  | 'colons' // two colons with at most four characters between
  | 'phone-digits' // 7 digits with at most three other characters between two of them
  | 'card-digits' // 12 such digits
  | 'long-word'; // 20 letters and digits in a row that are not all lower-case hexadecimal

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
  /** Lower-case ASCII literals; the detector runs when one of them occurs in the text, in any case. */
  readonly keywords: readonly string[];
  /** The detector also runs when one of these was seen. */
  readonly shapes: readonly Shape[];
  /** Also look for it where line breaks were put into the middle of it. For forms that ordinary lines do not add up to. */
  readonly wraps?: boolean;
  /**
   * Every expression that `find` runs. All quantifiers are bounded (a test checks it), so that time is linear in the
   * length of the text whatever the text is.
   */
  readonly patterns: readonly RegExp[];
  /**
   * Verified spans, in any order; they may overlap. Linear in the length of the text: work that is not bounded by a
   * constant is done only on characters that become part of a span.
   */
  find(text: string): Iterable<Span>;
}

/** Spans of all matches; of the group `secret` where the pattern has one. Patterns need the flags `d` and `g`. */
export function* spansOf(text: string, pattern: RegExp): Generator<Span> {
  for (const match of text.matchAll(pattern)) {
    const [start, end] = match.indices?.groups?.['secret'] ?? match.indices?.[0] ?? [0, 0];
    if (end > start) yield { start, end };
  }
}

/** All matches of several patterns. */
export function* spansOfAll(text: string, patterns: readonly RegExp[]): Generator<Span> {
  for (const pattern of patterns) yield* spansOf(text, pattern);
}

/** What stands in the text for a finding. */
export function marker(detector: string): string {
  return `[REDACTED:${detector}]`;
}
