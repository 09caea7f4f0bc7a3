import { isDigitAt, isLetterAt } from '../letters.ts';

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
  return isLetterAt(text, at) || isDigitAt(text, at) || text.charCodeAt(at) === 0x5f;
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
