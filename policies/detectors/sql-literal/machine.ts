import { isDigitAt, isLetterAt } from '../letters.ts';

/** Of numbers, and of words with digits in them: `k8s`, `v14`, `2026`; longer ones may be somebody's. */
const LONGEST_MIXED = 3;
const LONGEST_NUMBER = 4;
const JOINERS = '._-:/,=%*';
const SPACE = 0x20;
/** The id of a request, a node, a build. */
const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const UUID_LENGTH = 36;

export const MACHINE_PATTERNS: readonly RegExp[] = [UUID];

/**
 * What programs call things by: a path, options, or words and short numbers that signs join, as in `eu-west-1`,
 * `v0.6.1` and `https://example.com/bar`; a UUID.
 */
export function isMachineName(text: string, start: number, end: number): boolean {
  const first = text.charAt(start);
  const isOption = first === '-' && isLetterAt(text, start + 1);
  if (isOption || text.charCodeAt(start) === SPACE || text.charCodeAt(end - 1) === SPACE) return true;
  const isPath = first === '/' || text.startsWith('./', start) || text.startsWith('~/', start);
  if (end - start === UUID_LENGTH && UUID.test(text.slice(start, end))) return true;
  return isPath ? !text.slice(start, end).includes(' ') : isOfWords(text, start, end);
}

function isOfWords(text: string, start: number, end: number): boolean {
  let hasWord = false;
  for (let at = start; at < end; ) {
    if (JOINERS.includes(text.charAt(at))) {
      at++;
      continue;
    }
    const next = endOfWord(text, at, end);
    if (next === -1) return false;
    hasWord ||= isLetterAt(text, at) || text.charAt(next) === '.';
    at = next;
  }
  return hasWord;
}

/** -1 where no word is, or one that may be more than a name. */
function endOfWord(text: string, start: number, last: number): number {
  let end = start;
  let digits = 0;
  for (; end < last && !JOINERS.includes(text.charAt(end)); end++) {
    if (isDigitAt(text, end)) digits++;
    else if (!isLetterAt(text, end)) return -1;
  }
  const longest = digits === 0 ? end - start : digits === end - start ? LONGEST_NUMBER : LONGEST_MIXED;
  return end - start <= longest ? end : -1;
}
