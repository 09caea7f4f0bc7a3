import type { Span } from '../detector.ts';
import { DIGIT, LETTER, RUN, type Runs, signOf } from '../runs.ts';

/** Digits of one group. */
export interface Group extends Span {
  readonly digits: string;
}

/** Groups of digits with one space, dot or dash between, which together have as many digits as a card. */
export interface Digits extends Span {
  readonly groups: readonly Group[];
}

const GROUP = /[0-9]{1,4096}/g;
export const GROUP_PATTERNS: readonly RegExp[] = [GROUP];

const NOTHING: readonly Digits[] = [];

export function digitsIn(text: string, { table, length }: Runs, shortest: number): readonly Digits[] {
  let found: Digits[] | undefined;
  let start = 0;
  let end = -1;
  let digits = 0;
  for (let run = 0; run < length; run += RUN) {
    const signs = table[run + 2] as number;
    if ((signs & DIGIT) === 0) continue;
    const last = table[run + 1] as number;
    for (let from = table[run] as number; from < last; ) {
      const to = (signs & LETTER) === 0 ? last : digitsEnd(text, from, last);
      if (to > from && from === end + 1 && SEPARATES[text.charCodeAt(end)] === 1) {
        digits += to - from;
        end = to;
      } else if (to > from) {
        if (digits >= shortest) (found ??= []).push(groupsOf(text, start, end));
        start = from;
        end = to;
        digits = to - from;
      }
      from = to + 1;
    }
  }
  if (digits >= shortest) (found ??= []).push(groupsOf(text, start, end));
  return found ?? NOTHING;
}

function digitsEnd(text: string, from: number, last: number): number {
  let at = from;
  while (at < last && (signOf(text.charCodeAt(at)) & DIGIT) !== 0) at++;
  return at;
}

function groupsOf(text: string, start: number, end: number): Digits {
  const groups: Group[] = [];
  const first = digitsEnd(text, start, end);
  if (first === end) return { start, end, groups: [{ digits: text.slice(start, end), start, end }] };
  for (const match of text.slice(start, end).matchAll(GROUP)) {
    const at = start + match.index;
    groups.push({ digits: match[0], start: at, end: at + match[0].length });
  }
  return { start, end, groups };
}

const SEPARATES = Uint8Array.from({ length: 128 }, (_, code) =>
  ' .-'.includes(String.fromCharCode(code)) ? 1 : 0,
);
