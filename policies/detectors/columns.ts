import type { Span } from './detector.ts';
import { rowsOf, TABLE_PATTERNS, tableAt } from './tables.ts';

const LONGEST_CELL = 128;
const JOINERS = /[ _.-]/g;

export const COLUMN_PATTERNS: readonly RegExp[] = [JOINERS, ...TABLE_PATTERNS];

/**
 * The cells below those columns of a table that are wanted by their name, in small letters and without what joins words.
 * A table is looked for in the lines in which something starts.
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
    const table = tableAt(text, start);
    const lineEnd = text.indexOf('\n', start);
    if (lineEnd === -1) return;
    covered = lineEnd;
    if (table === undefined) continue;
    const names = table.columns.map(({ value }) => value.replaceAll(JOINERS, '').toLowerCase());
    const wanted = [...names.keys()].filter((index) => isWanted(names[index] ?? '', names));
    if (wanted.length === 0) continue;
    for (const { cells, end } of rowsOf(text, table)) {
      covered = end;
      for (const index of wanted) {
        const cell = cells[index];
        if (cell !== undefined && cell.value !== '' && cell.value.length <= LONGEST_CELL) yield cell;
      }
    }
  }
}
