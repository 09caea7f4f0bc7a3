import type { Span } from './detector.ts';

/** A line that names columns is not longer, in UTF-16 code units. */
const LONGEST_HEADER = 1024;
const LONGEST_CELL = 128;
const DELIMITERS = ',;\t|';
const QUOTES = /^["' ]{1,2}|["' ]{1,2}$/g;
const COLUMN = /^["']?[\p{L}][\p{L}\p{N}_ .-]{0,40}["']?$/u;
const JOINERS = /[ _.-]/g;

export const COLUMN_PATTERNS: readonly RegExp[] = [QUOTES, COLUMN, JOINERS];

/**
 * The cells (RFC 4180, also with other delimiters) below those columns of a header that are wanted by their name, in small
 * letters and without what joins words. A header is looked for in the lines in which something starts.
 */
export function* cellsOf(
  text: string,
  starts: readonly number[],
  isWanted: (column: string, columns: readonly string[]) => boolean,
): Generator<Span> {
  if (!text.includes('\n')) return;
  let covered = 0;
  for (const start of starts) {
    if (start < covered) continue;
    const end = text.indexOf('\n', start);
    if (end === -1) return;
    covered = end;
    const from = text.lastIndexOf('\n', start) + 1;
    const header = end - from > LONGEST_HEADER ? undefined : headerOf(text.slice(from, end), isWanted);
    if (header === undefined) continue;
    for (let row = end + 1; row < text.length; row = covered + 1) {
      const found = text.indexOf('\n', row);
      covered = found === -1 ? text.length : found;
      const cells = text.slice(row, covered).split(header.delimiter);
      if (cells.length !== header.width) {
        covered = row;
        break;
      }
      yield* wantedOf(cells, row, header.wanted);
    }
  }
}

interface Header {
  readonly delimiter: string;
  readonly width: number;
  readonly wanted: ReadonlySet<number>;
}

function headerOf(
  line: string,
  isWanted: (column: string, columns: readonly string[]) => boolean,
): Header | undefined {
  for (const delimiter of DELIMITERS) {
    if (!line.includes(delimiter)) continue;
    const columns = line.trim().split(delimiter);
    if (!columns.every((column) => COLUMN.test(column.trim()))) continue;
    const names = columns.map((column) =>
      column.trim().replaceAll(QUOTES, '').replaceAll(JOINERS, '').toLowerCase(),
    );
    const wanted = names.flatMap((name, at) => (isWanted(name, names) ? [at] : []));
    return wanted.length === 0 ? undefined : { delimiter, width: columns.length, wanted: new Set(wanted) };
  }
  return undefined;
}

function* wantedOf(cells: readonly string[], row: number, wanted: ReadonlySet<number>): Generator<Span> {
  let start = row;
  for (const [at, cell] of cells.entries()) {
    const value = cell.trim();
    if (wanted.has(at) && value !== '' && value.length <= LONGEST_CELL) {
      const from = start + cell.indexOf(value);
      yield { start: from, end: from + value.length };
    }
    start += cell.length + 1;
  }
}
