import type { Span } from './detector.ts';

type Separator = '|' | '\t' | ',' | ';';

const SEPARATORS: readonly Separator[] = ['|', '\t', ',', ';'];
/** A line that names columns is not longer, in UTF-16 code units. */
const LONGEST_HEADER = 1024;
const NAME = /^\p{L}[\p{L}\p{N}_ .#()-]{0,40}$/u;
/** Below the names of psql, MySQL and Markdown, and around those of MySQL. */
const RULE = /^[\s|+:=-]{3,1024}$/;
/** Blanks, a byte order mark, quotes. */
const AROUND = ' \r\t\u00a0\ufeff"\'';

export const TABLE_PATTERNS: readonly RegExp[] = [NAME, RULE];

/** A cell without the blanks and quotes around it. */
export interface Cell extends Span {
  readonly value: string;
}

/** A line of names of columns, at least two, that may have rows below it. */
export interface Table {
  readonly columns: readonly Cell[];
  readonly separator: Separator;
  /** Where the line of the names starts, and where the one below it. */
  readonly start: number;
  readonly body: number;
  /** Whether nothing but signs stands in the line below. */
  readonly isRuled: boolean;
}

export interface Row {
  /** One for each column. */
  readonly cells: readonly Cell[];
  /** Where the next line starts, at most the length of the text. */
  readonly end: number;
}

/**
 * The table whose columns are named in the line of a place: as psql and MySQL print them, in Markdown (GFM 4.10), and
 * separated values, with quotes (RFC 4180) or without. Looks at one line and at what stands in front of its end.
 */
export function tableAt(text: string, at: number): Table | undefined {
  const from = Math.max(0, at - LONGEST_HEADER);
  const start = from + text.slice(from, at).lastIndexOf('\n') + 1;
  const end = text.slice(at, start + LONGEST_HEADER + 1).indexOf('\n') + at;
  if (end < at || (start === from && from > 0)) return undefined;
  const line = text.slice(start, end);
  for (const separator of SEPARATORS) {
    if (!line.includes(separator)) continue;
    const columns = cellsIn(line, start, separator, 0);
    if (columns.length < 2 || !columns.every(({ value }) => NAME.test(value))) continue;
    return {
      columns,
      separator,
      start,
      body: end + 1,
      isRuled: isRule(lineAt(text, end + 1, LONGEST_HEADER)),
    };
  }
  return undefined;
}

/** Up to a line with another number of cells. */
export function* rowsOf(text: string, { columns, separator, body }: Table): Generator<Row> {
  for (let at = body; at < text.length; ) {
    const line = lineAt(text, at);
    const end = Math.min(at + line.length + 1, text.length);
    if (!isRule(line)) {
      const cells = cellsIn(line, at, separator, columns.length);
      if (cells.length !== columns.length) return;
      yield { cells, end };
    }
    at = end;
  }
}

/** Whether the line in front has cells as well: then the names may be values. */
export function isBelowRow(text: string, { start, separator }: Table): boolean {
  const before = text.slice(Math.max(0, start - LONGEST_HEADER), Math.max(0, start - 1));
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return line.includes(separator) && !isRule(line);
}

function lineAt(text: string, at: number, longest = text.length): string {
  const ahead = text.slice(at, at + longest);
  const end = ahead.indexOf('\n');
  return end === -1 ? ahead : ahead.slice(0, end);
}

/** Of a longer line the head tells. */
function isRule(line: string): boolean {
  return RULE.test(line.slice(0, LONGEST_HEADER));
}

/** The cells of a line that starts at `offset`; of more than are wanted, without the empty ones outside the outer bars. */
function cellsIn(line: string, offset: number, separator: Separator, wanted: number): Cell[] {
  const isBarred = separator === '|';
  // Where a quote is not closed, quotes are characters as any other.
  const ends = (isBarred ? undefined : endsOf(line, separator, true)) ?? endsOf(line, separator, false) ?? [];
  const cells = ends.map((end, index) => trimmed(line, (ends[index - 1] ?? -1) + 1, end, offset));
  if (isBarred && cells.length > wanted && cells.at(-1)?.value === '') cells.pop();
  if (isBarred && cells.length > wanted && cells[0]?.value === '') cells.shift();
  return cells;
}

/** Where each cell ends; undefined when a quote is not closed. */
function endsOf(line: string, separator: Separator, hasQuotes: boolean): number[] | undefined {
  const ends: number[] = [];
  for (let at = 0; at <= line.length; ) {
    const from = hasQuotes ? overQuotes(line, at) : at;
    if (from === -1) return undefined;
    const found = line.indexOf(separator, from);
    const end = found === -1 ? line.length : found;
    ends.push(end);
    at = end + 1;
  }
  return ends;
}

/** Behind what stands in quotes, in which `""` is a quote; -1 when it does not end. */
function overQuotes(line: string, from: number): number {
  let at = from;
  while (line.charAt(at) === ' ') at++;
  if (line.charAt(at) !== '"') return from;
  for (at++; at < line.length; at += 2) {
    at = line.indexOf('"', at);
    if (at === -1) return -1;
    if (line.charAt(at + 1) !== '"') return at + 1;
  }
  return -1;
}

function trimmed(line: string, from: number, to: number, offset: number): Cell {
  let [start, end] = [from, to];
  while (start < end && AROUND.includes(line.charAt(start))) start++;
  while (end > start && AROUND.includes(line.charAt(end - 1))) end--;
  return { start: offset + start, end: offset + end, value: line.slice(start, end) };
}
