import { isLetterOrDigit } from '../ascii.ts';
/** A stretch of a long text, in UTF-16 code units. */
export type Stretch = readonly [from: number, to: number];

/** Below what a scanner takes at once. */
const SIZE = 60_000;
/** No secret that is told by its form is longer than this. */
const OVERLAP = 8_192;
const MAX_SHIFT = 4_096;

/**
 * A text in overlapping stretches, so that whatever is shorter than the overlap lies wholly within one. A stretch begins
 * after a blank where there is one near, and in a run of base64 or hexadecimal at a whole group of digits.
 */
export function* stretchesOf(text: string, size = SIZE, overlap = OVERLAP): Generator<Stretch> {
  let from = 0;
  while (from + size < text.length) {
    yield [from, from + size];
    from = beginning(text, from + size - overlap, from);
  }
  yield [from, text.length];
}

/** `before` is where the last stretch begins, itself at a whole group if it is within the same run. */
function beginning(text: string, wanted: number, before: number): number {
  const limit = Math.max(before, wanted - MAX_SHIFT);
  for (let at = wanted; at > limit; at--) {
    if (text.charCodeAt(at - 1) <= 0x20) return at;
  }
  let run = wanted;
  while (run > before && isBase64Digit(text.charCodeAt(run - 1))) run--;
  return wanted - ((wanted - run) % 4);
}

/** Of base64 or base64url. */
function isBase64Digit(code: number): boolean {
  return isLetterOrDigit(code) || code === 0x2b || code === 0x2d || code === 0x2f || code === 0x5f;
}

/** 1-based. */
export function lineOf(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
}
