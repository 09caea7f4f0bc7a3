import { isLetter, isLetterOrDigit } from '../ascii.ts';

/** The longest name that a keyword may begin. */
const NAME_MAX = 64;
const GAP_MAX = 72;
/** The words that may stand between a name and its value: `is`, `was`, `to`, `by`, `string`, `value`. */
const LINKS = new Set(['is', 'was', 'to', 'by', 'string', 'value']);
const LINK_MAX = 6;

/**
 * Whether a value may be assigned to one of the names that a keyword stands in: false only where the names are words of
 * prose and nothing else, which is most of the times that `key` or `token` occurs. Looks at a bounded stretch behind
 * each keyword. True when nobody looked for the keywords.
 */
export function isAssigned(text: string, starts: readonly number[] | undefined): boolean {
  return starts === undefined || starts.some((start) => mayAssign(text, start));
}

function mayAssign(text: string, start: number): boolean {
  let end = start + 1;
  while (end < start + NAME_MAX && isNameCharacter(text.charCodeAt(end))) end++;
  const after = text.charCodeAt(end);
  if (ASSIGNS[after] === 1) return true;
  if (after === DOT || after === PLUS || after === QUESTION) return text.charCodeAt(end + 1) === EQUALS;
  if (after !== COMMA && !isSpace(after)) return false;
  const gap = end;
  while (end < gap + GAP_MAX && (isSpace(text.charCodeAt(end)) || text.charCodeAt(end) === COMMA)) end++;
  const next = text.charCodeAt(end);
  return (
    ASSIGNS[next] === 1 || next === QUESTION || next === PLUS || isLink(text, end) || isFlag(text, start)
  );
}

function isLink(text: string, start: number): boolean {
  let end = start;
  while (end <= start + LINK_MAX && isLetter(text.charCodeAt(end))) end++;
  return end > start + 1 && end <= start + LINK_MAX && LINKS.has(text.slice(start, end).toLowerCase());
}

/** `--password hunter2`, `-pass x`. */
function isFlag(text: string, keyword: number): boolean {
  let start = keyword;
  while (start > keyword - 2 * NAME_MAX && isFlagCharacter(text.charCodeAt(start - 1))) start--;
  return text.charCodeAt(start) === DASH;
}

const DOT = 0x2e;
const PLUS = 0x2b;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const COMMA = 0x2c;
const DASH = 0x2d;

const ASSIGNS = Uint8Array.from({ length: 128 }, (_, code) =>
  ':=>"\'`\\]'.includes(String.fromCharCode(code)) ? 1 : 0,
);

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code > 0x1fff;
}

function isNameCharacter(code: number): boolean {
  return isLetterOrDigit(code) || code === 0x5f || code === DASH;
}

function isFlagCharacter(code: number): boolean {
  return isNameCharacter(code) || code === DOT;
}
