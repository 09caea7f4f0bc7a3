import { isLetterOrDigit } from '../../ascii.ts';
import type { Span } from '../detector.ts';
import { isLetterAt } from '../letters.ts';

const LONGEST_WORD = 8;
/** White space between two words. */
const GAP = 8;

/** Letters that nothing else of a name stands before; none if there are more than in any word that counts. */
export function wordBefore(text: string, end: number): string {
  let start = end;
  while (end - start < LONGEST_WORD && isLetterAt(text, start - 1)) start--;
  return isWordCharacterAt(text, start - 1) ? '' : text.slice(start, end);
}

export function isWordCharacterAt(text: string, at: number): boolean {
  return isLetterOrDigit(text.charCodeAt(at)) || text.charCodeAt(at) === 0x5f;
}

function isSpaceAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= 0x20 || code === 0xa0;
}

export function overSpace(text: string, from: number): number {
  let at = from;
  while (at - from < GAP && isSpaceAt(text, at)) at++;
  return at;
}

export function backOverSpace(text: string, from: number): number {
  let at = from;
  while (from - at < GAP && isSpaceAt(text, at - 1)) at--;
  return at;
}

/** How far a statement reaches to its values, in UTF-16 code units and lines. */
const LONGEST_LINE = 4096;
const LONGEST_BEFORE = 2048;
const MOST_LINES = 16;

/** Parts of very long lines are taken for lines. */
export function lineAround(text: string, at: number): Span {
  const end = text.slice(at, at + LONGEST_LINE).indexOf('\n');
  return {
    start: startOfLine(text, at),
    end: end === -1 ? Math.min(text.length, at + LONGEST_LINE) : at + end,
  };
}

/** An empty line ends what belongs together. */
export function linesBefore(text: string, from: number, at: number): number {
  let start = from;
  for (let lines = 0; lines < MOST_LINES && start > 0; lines++) {
    const before = startOfLine(text, start - 1);
    if (at - before > LONGEST_BEFORE || before === start - 1) break;
    start = before;
  }
  return start;
}

function startOfLine(text: string, at: number): number {
  const from = Math.max(0, at - LONGEST_LINE);
  return from + text.slice(from, at).lastIndexOf('\n') + 1;
}

/** Of program text, before its equals sign. */
const IN_OPERATOR = '*/%+-|&^?';
const LONGEST_OPERATOR = 3;

/** `'**='`, whose second quote closes. */
export function isQuotedOperator(text: string, equals: number): boolean {
  let at = equals - 1;
  while (equals - at <= LONGEST_OPERATOR && IN_OPERATOR.includes(text.charAt(at) || ' ')) at--;
  return at < equals - 1 && text.charCodeAt(at) === 0x27;
}
