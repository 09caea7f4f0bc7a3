/** Where a reader knows that the statement is over although no semicolon said so. */
const NEXT_ENTRY =
  /^(?:\n[ \t]{0,16})?(?:\n|(?:LOG|DETAIL|HINT|CONTEXT|ERROR|FATAL|WARNING|NOTICE|QUERY|STATEMENT|Process [0-9]{1,10}|\s{1,16}->):?\s)/;

export const WALK_PATTERNS: readonly RegExp[] = [NEXT_ENTRY];

/**
 * The end of the SQL statement that starts here: its semicolon at the end of a line, the quote that closes the JSON
 * string it stands in, the next entry of a log, or the end of the text. Literals, quoted names, dollar quotes and
 * comments are read as PostgreSQL reads them (documentation, section 4.1), so nothing in them ends the statement;
 * what is not closed, as in a statement that was cut off, runs to the end.
 */
export function endOfStatement(text: string, start: number): number {
  const inString = isInJsonString(text, start);
  for (let at = start; at < text.length; ) {
    const character = text.charAt(at);
    if (character === ';' && isLineEnd(text, at + 1)) return at + 1;
    if (character === '"' && inString) return at;
    if (character === '\n' && NEXT_ENTRY.test(text.slice(at + 1, at + 64))) return at;
    at = afterToken(text, at, character, inString);
  }
  return text.length;
}

function isInJsonString(text: string, start: number): boolean {
  return /[:,[{]\s{0,4}"$/.test(text.slice(Math.max(0, start - 8), start));
}

function isLineEnd(text: string, at: number): boolean {
  return at >= text.length || /^[ \t]{0,8}(?:["'\n\r]|$|\\[nr])/.test(text.slice(at, at + 12));
}

function afterToken(text: string, at: number, character: string, inString: boolean): number {
  if (character === "'") return after(text, "'", at + 1);
  if (character === '"' && !inString) return after(text, '"', at + 1);
  if (character === '\\' && inString) return at + 2;
  if (character === '$') return afterDollarQuote(text, at);
  if (text.startsWith('/*', at)) return after(text, '*/', at + 2);
  if (text.startsWith('--', at)) return lineEnd(text, at);
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
  const tag = /^\$(?:[A-Za-z_][A-Za-z0-9_]{0,62})?\$/.exec(text.slice(at, at + 66))?.[0];
  return tag === undefined ? at + 1 : after(text, tag, at + tag.length);
}
