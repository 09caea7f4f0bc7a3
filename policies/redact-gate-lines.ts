import type { Detector } from './detectors/detector.ts';
import { CARD_DIGITS, isDigit, isLetterOrDigit, LONG_WORD } from './redact-gate-shapes.ts';
import { type GateTables, SHAPES, type Walk } from './redact-gate-tables.ts';

const INDENT = 32;
const LONGEST_KEYWORD = 32;

/**
 * Whether a keyword of a detector that looks over line breaks shows when the break at `at` is left out. The automaton
 * goes on from where it was before the break, beside one that starts anew, until the two agree; that is after as many
 * characters as the longest keyword has, at most.
 */
export function lineCrossing(
  detectors: readonly Detector[],
  { classes, words, numbers, shapes }: GateTables,
): (text: string, at: number, state: number) => boolean {
  const wraps = (index: number) => detectors[index]?.wraps === true;
  const hasLongWords = (shapes[SHAPES.indexOf('long-word')] ?? []).some(wraps);
  const hasCards = (shapes[SHAPES.indexOf('card-digits')] ?? []).some(wraps);
  const step = (walk: Walk, state: number, text: string, at: number) =>
    walk.next[(state << walk.shift) | (classes[text.charCodeAt(at)] as number)] as number;
  const wrapping = (walk: Walk) =>
    walk.endings.map((ending) => ending.some((one, at) => at % 2 === 0 && wraps(one)));
  const [wordWraps, numberWraps] = [wrapping(words), wrapping(numbers)];

  /** The same for keywords with wildcards, from the start of what may be one. */
  function isNumberOver(text: string, before: number, after: number): boolean {
    let over = 0;
    for (let i = Math.max(0, before - LONGEST_KEYWORD); i < before; i++) over = step(numbers, over, text, i);
    let anew = 0;
    for (let i = after; over !== anew && i < text.length; i++) {
      over = step(numbers, over, text, i);
      anew = step(numbers, anew, text, i);
      if (over >= numbers.hot && over !== anew && numberWraps[over - numbers.hot] === true) return true;
    }
    return false;
  }

  return (text, at, state) => {
    let before = at;
    while (before > 0 && isLineEnd(text.charCodeAt(before - 1))) before--;
    let after = at + 1;
    while (after <= at + INDENT && isBlank(text.charCodeAt(after))) after++;
    if (hasLongWords && isLongTogether(text, before, after, isLetterOrDigit, LONG_WORD)) return true;
    if (hasCards && isLongTogether(text, before, after, isDigit, CARD_DIGITS)) return true;
    if (
      isNumeric(text.charCodeAt(before - 1)) &&
      isNumeric(text.charCodeAt(after)) &&
      isNumberOver(text, before, after)
    )
      return true;
    let over = state;
    if (before !== at) {
      over = 0;
      for (let i = Math.max(0, before - LONGEST_KEYWORD); i < before; i++) over = step(words, over, text, i);
    }
    let anew = 0;
    for (let i = after; over !== anew && i < text.length; i++) {
      over = step(words, over, text, i);
      anew = step(words, anew, text, i);
      if (over >= words.hot && over !== anew && wordWraps[over - words.hot] === true) return true;
    }
    return false;
  };
}

/** What may stand between a word and the line feed: a carriage return, the backslash of a continued line. */
function isLineEnd(code: number): boolean {
  return code === 0x0d || code === 0x5c;
}

function isNumeric(code: number): boolean {
  return isDigit(code) || code === 0x2d || code === 0x2e;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Whether what ends before the break and what starts after it are together that long. */
function isLongTogether(
  text: string,
  before: number,
  after: number,
  isPart: (code: number) => boolean,
  length: number,
): boolean {
  let start = before;
  while (start > before - length && isPart(text.charCodeAt(start - 1))) start--;
  if (start === before) return false;
  let end = after;
  while (end < after + length && isPart(text.charCodeAt(end))) end++;
  return end > after && before - start + end - after >= length;
}
