import { isDigit } from './ascii.ts';
import { cutEnd } from './detectors/cut-off.ts';

/** In digits. */
const GROUP_MAX = 3;
const DOT = 0x2e;
const DASH = 0x2d;

/**
 * Whether what was written ends within an address or a number of which the rest was cut off: up to three digits behind
 * two groups with dots (`203.0.1`), or behind groups of three and two with dashes (`123-45-6`). In constant time.
 */
export function isCutNumber(text: string): boolean {
  let at = cutEnd(text);
  for (let digits = 0; digits < GROUP_MAX && isDigit(text.charCodeAt(at - 1)); digits++) at--;
  const separator = text.charCodeAt(at - 1);
  if (separator === DOT) return startOfGroup(text, at - 1, DOT) !== -1;
  if (separator !== DASH) return false;
  const start = startOfGroup(text, at - 1, DASH);
  if (start !== at - 3 || startOfDigits(text, start - 1) !== start - 4) return false;
  return !isDigit(text.charCodeAt(start - 5));
}

/** Of the digits that end there, behind the separator with a digit before it; -1 when there are none. */
function startOfGroup(text: string, end: number, separator: number): number {
  const start = startOfDigits(text, end);
  const isGroup =
    start < end && text.charCodeAt(start - 1) === separator && isDigit(text.charCodeAt(start - 2));
  return isGroup ? start : -1;
}

/** Of four digits the last three. */
function startOfDigits(text: string, end: number): number {
  let at = end;
  while (at > end - GROUP_MAX && isDigit(text.charCodeAt(at - 1))) at--;
  return at;
}
