import type { Shape } from '../detectors/detector.ts';
import { literalsOf, membersOf } from './parts.ts';
import type { PatternPart, PatternSpec } from './pattern.ts';

/** By what the gate knows that a text may hold a match. */
export interface Wake {
  readonly keywords: readonly string[];
  readonly shapes: readonly Shape[];
}

/** A keyword of one character would wake a pattern on nearly every text. */
const MIN_KEYWORD = 2;
/** What the gate counts; see `Shape`. */
const CARD_DIGITS = 12;
const CARD_GAP = 1;
const PHONE_DIGITS = 7;
const PHONE_GAP = 3;
const LONG_WORD = 20;

/** The rarest sign that every match has; undefined when there is none that the gate knows. */
export function wakeOf(spec: PatternSpec): Wake | undefined {
  if (spec.keywords !== undefined) return byKeywords(spec.keywords);
  const fixed = fixedText(spec.shape) ?? asKeywords(spec.context?.words ?? []);
  if (fixed !== undefined) return byKeywords(fixed);
  const shape = shapeOf(spec.shape);
  return shape === undefined ? undefined : { keywords: [], shapes: [shape] };
}

function byKeywords(words: readonly string[]): Wake {
  return { keywords: [...new Set(words.map((word) => word.toLowerCase()))], shapes: [] };
}

/** Of the parts that can not be absent, the one whose shortest text is longest. */
function fixedText(shape: PatternSpec['shape']): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  for (const part of shape) {
    const words = part.optional === true ? undefined : asKeywords(literalsOf(part));
    if (words !== undefined && shortest(words) > shortest(best ?? [])) best = words;
  }
  return best;
}

function shortest(words: readonly string[]): number {
  return words.length === 0 ? 0 : Math.min(...words.map((word) => word.length));
}

/** The longest stretch of ASCII in each, without `#`, which is any digit to the gate; undefined when one of them has none. */
function asKeywords(literals: readonly string[]): readonly string[] | undefined {
  const words = literals.map(
    (literal) =>
      literal
        .split(/[^\x20-\x7e]|#/)
        .toSorted((a, b) => b.length - a.length)[0]
        ?.toLowerCase() ?? '',
  );
  return words.length > 0 && words.every((word) => word.length >= MIN_KEYWORD) ? words : undefined;
}

/** The most special of the shapes that every match has. */
function shapeOf(shape: PatternSpec['shape']): Shape | undefined {
  if (guaranteed(shape, isDigits, CARD_GAP) >= CARD_DIGITS) return 'card-digits';
  if (guaranteed(shape, isAlphanumeric, 0) >= LONG_WORD && !shape.every(isHex)) return 'any-long-word';
  return guaranteed(shape, isDigits, PHONE_GAP) >= PHONE_DIGITS ? 'any-digits' : undefined;
}

/** The longest run of such characters that every match has, with at most so many separators between two. */
function guaranteed(shape: PatternSpec['shape'], counts: (text: string) => boolean, gap: number): number {
  let longest = 0;
  let run = 0;
  let between = 0;
  for (const part of shape) {
    const texts = textsOf(part);
    if (texts.every(counts)) {
      const least = leastOf(part);
      run += least;
      if (least > 0) between = 0;
    } else if (texts.every(isSeparator)) between += mostOf(part);
    else run = 0;
    if (between > gap) run = between = 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function textsOf(part: PatternPart): readonly string[] {
  const members = membersOf(part);
  return members === undefined ? literalsOf(part) : [members];
}

function leastOf(part: PatternPart): number {
  if (part.optional === true) return 0;
  if (part.length === undefined) return shortest(literalsOf(part));
  return typeof part.length === 'number' ? part.length : part.length.min;
}

function mostOf(part: PatternPart): number {
  if (part.length === undefined) return Math.max(...literalsOf(part).map((literal) => literal.length));
  return typeof part.length === 'number' ? part.length : part.length.max;
}

function isDigits(text: string): boolean {
  return /^[0-9]*$/.test(text);
}

function isAlphanumeric(text: string): boolean {
  return /^[0-9A-Za-z]*$/.test(text);
}

function isSeparator(text: string): boolean {
  return /^[ ./()+-]*$/.test(text);
}

/** The gate leaves lower-case hexadecimal to digests. */
function isHex(part: PatternPart): boolean {
  return textsOf(part).every((text) => /^[0-9a-fA-F]*$/.test(text));
}
