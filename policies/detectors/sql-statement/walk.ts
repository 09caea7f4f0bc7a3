import { isDigitAt } from '../letters.ts';

/** Where a reader knows that the statement is over although no semicolon said so. */
const NEXT_ENTRY =
  /(?:\n[ \t]{0,16})?(?:\n|(?:LOG|DETAIL|HINT|CONTEXT|ERROR|FATAL|WARNING|NOTICE|QUERY|STATEMENT|Process [0-9]{1,10}|\s{1,16}->):?\s)/y;
const LINE_END = /[ \t]{0,8}(?:["'\n\r]|$|\\[nr])/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_][A-Za-z0-9_]{0,62})?\$/y;

export const WALK_PATTERNS: readonly RegExp[] = [NEXT_ENTRY, LINE_END, DOLLAR_QUOTE];

const LINE_FEED = 0x0a;
const DOUBLE_QUOTE = 0x22;
const DOLLAR = 0x24;
const SINGLE_QUOTE = 0x27;
const STAR = 0x2a;
const MINUS = 0x2d;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;

/** All others are passed over. */
const STOPS = Uint8Array.from({ length: 128 }, (_, code) =>
  '\n"$\'-/;\\'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * The end of the SQL statement that starts here: its semicolon at the end of a line, the quote that closes the JSON
 * string it stands in, the next entry of a log, or the end of the text. Literals, quoted names, dollar quotes and
 * comments are read as PostgreSQL reads them (documentation, section 4.1), so nothing in them ends the statement;
 * what is not closed, as in a statement that was cut off, runs to the end.
 */
export function endOfStatement(text: string, start: number): number {
  const inString = isInJsonString(text, start);
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127 || STOPS[code] === 0) continue;
    if (code === SEMICOLON && isAt(LINE_END, text, at + 1)) return at + 1;
    if (code === DOUBLE_QUOTE && inString) return at;
    if (code === LINE_FEED && isAt(NEXT_ENTRY, text, at + 1)) return at;
    at = afterToken(text, at, code, inString) - 1;
  }
  return text.length;
}

/** `"query": "`, `["` */
function isInJsonString(text: string, start: number): boolean {
  if (text.charCodeAt(start - 1) !== DOUBLE_QUOTE) return false;
  let before = start - 2;
  while (before > start - 6 && text.charCodeAt(before) <= 0x20) before--;
  return ':,[{'.includes(text.charAt(before) || ' ');
}

function isAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function afterToken(text: string, at: number, code: number, inString: boolean): number {
  const next = text.charCodeAt(at + 1);
  if (code === SINGLE_QUOTE) return after(text, "'", at + 1);
  if (code === DOUBLE_QUOTE && !inString) return after(text, '"', at + 1);
  if (code === BACKSLASH && inString) return at + 2;
  if (code === DOLLAR) return isDigitAt(text, at + 1) ? at + 2 : afterDollarQuote(text, at);
  if (code === SLASH && next === STAR) return after(text, '*/', at + 2);
  if (code === MINUS && next === MINUS) return lineEnd(text, at);
  return at + 1;
}

function after(text: string, closing: string, from: number): number {
  const found = text.indexOf(closing, from);
  return found === -1 ? text.length : found + closing.length;
}

function lineEnd(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  return found === -1 ? text.length : found;
}

function afterDollarQuote(text: string, at: number): number {
  if (!isAt(DOLLAR_QUOTE, text, at)) return at + 1;
  const tag = text.slice(at, DOLLAR_QUOTE.lastIndex);
  return after(text, tag, at + tag.length);
}
