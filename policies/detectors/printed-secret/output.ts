import type { Span } from '../detector.ts';
import { isOfProse } from '../key-value-secret/states.ts';
import { isReference } from '../key-value-secret/value.ts';
import { ELSEWHERE, type PRINTERS, READS } from './commands.ts';

const LONGEST_LINE = 768;
const MOST_CONTINUED = 8;
/** Alone in its line: what a command printed. */
const ALONE =
  /^[ \t]{0,8}["'\x60]?(?<secret>[^\s"'\x60]{6,2048})["'\x60]?[ \t\r]{0,8}(?:[#$%>][ ]?\S{0,64}[ \t\r]{0,4})?$/d;
/** The next prompt, a path, a message, or the marks of another format. */
const NO_OUTPUT =
  /^(?:[$#>%][^\s]{0,1}$|\/[\w./-]{1,256}$|https?:\/\/|[-=*#~_.]{3,64}$|[{}[\]()]|\w{1,32}:$|-----|```|[A-Za-z]{1,16}:$|[\w.-]{1,32}:[^:]{0,128}:[0-9]{0,10}:|[\w.-]{1,64}@[\w.-]{1,64}[:~$#])/;
/** In a file of accounts, who it is of. */
const USER = /^[A-Za-z][\w.-]{0,31}:(?=[^\s/])/;
const FAILURE = /^(?:error|usage|fatal|warning|unable|cannot|permission|no such)/i;

export const OUTPUT_PATTERNS: readonly RegExp[] = [ALONE, NO_OUTPUT, FAILURE, USER];

/** What stands below the line of the command. */
export function* outputBelow(
  text: string,
  at: number,
  printer: (typeof PRINTERS)[number] | undefined,
): Generator<Span> {
  const before = text.slice(Math.max(0, at - LONGEST_LINE), at);
  const from = at - before.length + before.lastIndexOf('\n') + 1;
  const end = endOfCommand(text, at);
  if (end === undefined) return;
  const line = text.slice(from, Math.min(end, from + 2 * LONGEST_LINE)).replace(/\r$/, '');
  if (printer === undefined ? !READS.test(line) : printer.needs?.test(line) === false) return;
  if (ELSEWHERE.test(printer === undefined ? line.slice(-64) : line)) return;
  const span = valueAt(text, end + 1);
  if (span === undefined) return;
  const user =
    printer === undefined ? (USER.exec(text.slice(span.start, span.start + 34))?.[0].length ?? 0) : 0;
  yield { start: span.start + user, end: span.end };
}

/** Over lines that end in a backslash. */
function endOfCommand(text: string, at: number): number | undefined {
  let from = at;
  for (let count = 0; count < MOST_CONTINUED; count++) {
    const ahead = text.slice(from, from + LONGEST_LINE);
    const found = ahead.indexOf('\n');
    if (found === -1) return undefined;
    const last = ahead.charAt(found - 1) === '\r' ? found - 2 : found - 1;
    if (ahead.charAt(last) !== '\\') return from + found;
    from += found + 1;
  }
  return undefined;
}

function valueAt(text: string, from: number): Span | undefined {
  const at = from + (/^(?:[ \t]{0,8}\r?\n){0,2}/.exec(text.slice(from, from + 24))?.[0].length ?? 0);
  const ahead = text.slice(at, at + LONGEST_VALUE);
  const found = ahead.indexOf('\n');
  const match = ALONE.exec(found === -1 ? ahead : ahead.slice(0, found));
  const [start, end] = match?.indices?.groups?.['secret'] ?? [0, 0];
  const value = ahead.slice(start, end);
  if (value === '' || isReference(value) || NO_OUTPUT.test(value) || FAILURE.test(value)) return undefined;
  if (isOfProse(value) || value.startsWith('[REDACTED')) return undefined;
  return { start: at + start, end: at + end };
}

const LONGEST_VALUE = 2100;
