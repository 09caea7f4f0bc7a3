import type { Span } from '../detector.ts';
import { isLetterAt } from '../letters.ts';

/** Lines of a plan that repeat what the statement compares, in text and in JSON. */
const NAMES = [
  'Filter',
  'Index Cond',
  'Recheck Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'One-Time Filter',
  'TID Cond',
  'Order By',
  'Output',
  'Sort Key',
  'Group Key',
  'Presorted Key',
  'Cache Key',
  'Run Condition',
  'Conflict Filter',
  'Function Call',
  'Remote SQL',
];
const LAST_LETTERS: ReadonlySet<number> = new Set(NAMES.map((name) => name.charCodeAt(name.length - 1)));
const LONGEST_LINE = 16_384;

const SPACE = 0x20;
const LINE_FEED = 0x0a;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;

/** What was bound to the parameters, to the end of the text: values may hold line breaks. */
const PARAMETERS = /:\s{0,8}["']?(?=\$[0-9]{1,5} = )/y;

/** What a statement compares with; columns and parameters alone, as a join has them, are none. */
const LITERAL = /'|(?<![A-Za-z0-9_.$\u00a1-\uffff])[0-9]/;
const REMOVED = 'Rows Removed by ';
const LONGEST_NAME = 16;

/** For the test that checks that expressions are bounded. */
export const PLAN_PATTERNS: readonly RegExp[] = [PARAMETERS, LITERAL];

/** What the line says that is named before the colon; only its end where that holds no literal. */
export function planLineAt(text: string, colon: number): Span | undefined {
  const end = endOfPlanLine(text, colon);
  if (end === -1) return undefined;
  const start = text.charCodeAt(colon + 2) === DOUBLE_QUOTE ? colon + 3 : colon + 2;
  return { start: LITERAL.test(text.slice(start, end)) ? start : end, end };
}

/** Where the line ends that is named before the colon; -1 if none is. */
function endOfPlanLine(text: string, colon: number): number {
  if (text.charCodeAt(colon + 1) !== SPACE) return -1;
  const end = text.charCodeAt(colon - 1) === DOUBLE_QUOTE ? colon - 1 : colon;
  if (!LAST_LETTERS.has(text.charCodeAt(end - 1))) return -1;
  const isPlan = NAMES.some(
    (name) => text.startsWith(name, end - name.length) && isStart(text, end - name.length),
  );
  if (!isPlan || colon + 2 >= text.length || isCount(text, end)) return -1;
  return text.charCodeAt(colon + 2) === DOUBLE_QUOTE
    ? endOfString(text, colon + 3)
    : endOfLine(text, colon + 2);
}

/** `Rows Removed by Join Filter: 178804` */
function isCount(text: string, end: number): boolean {
  return text.slice(Math.max(0, end - REMOVED.length - LONGEST_NAME), end).includes(REMOVED);
}

function isStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at - 1);
  return at === 0 || code <= SPACE || code === DOUBLE_QUOTE;
}

/** In JSON, before the quote that closes the string. */
function endOfString(text: string, from: number): number {
  const last = Math.min(text.length, from + LONGEST_LINE);
  for (let at = from; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code === DOUBLE_QUOTE || code === LINE_FEED) return at;
    if (code === BACKSLASH) at++;
  }
  return last;
}

function endOfLine(text: string, from: number): number {
  const last = Math.min(text.length, from + LONGEST_LINE);
  for (let at = from; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === DOUBLE_QUOTE) return at === from ? -1 : at;
  }
  return last;
}

/** Where the first of the parameters starts that the colon announces; -1 if it announces none. */
export function startOfParameters(text: string, colon: number): number {
  const before = text.charCodeAt(colon - 1);
  const end = before === DOUBLE_QUOTE || before === SINGLE_QUOTE ? colon - 1 : colon;
  if (!text.startsWith('arameters', end - 9) || !isLetterAt(text, end - 10)) return -1;
  PARAMETERS.lastIndex = colon;
  return PARAMETERS.test(text) ? PARAMETERS.lastIndex : -1;
}
