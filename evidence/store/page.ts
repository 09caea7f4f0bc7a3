import { EvidenceError } from '../errors.ts';
import { decodeCursor, encodeCursor, type Position } from './cursor.ts';
import type { Page, PageRequest } from './store.ts';

const MAX_PAGE = 1_000;

/** Throws EvidenceError QUERY unless 1 to 1000. */
export function pageLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE) return limit;
  throw new EvidenceError('QUERY', `"limit" must be a whole number from 1 to ${MAX_PAGE}`);
}

/** For lists that are served newest first by one number: rows before this one come next. */
export function before(list: string, request: PageRequest): number {
  if (request.cursor === undefined) return Number.MAX_SAFE_INTEGER;
  return decodeCursor(list, 1, request.cursor)[0] ?? 0;
}

/** Cuts off the extra row that was read to see whether there is more. */
export function pageOf<Row, T>(
  list: string,
  limit: number,
  rows: readonly Row[],
  position: (row: Row) => Position,
  item: (row: Row) => T,
): Page<T> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: page.map(item), next: last === undefined ? null : encodeCursor(list, position(last)) };
}
