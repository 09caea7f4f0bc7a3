import { z } from 'zod';

/**
 * The shape of every row that a query file may return. Exact: a column too many or too few means that something else
 * than the catalog answered, and the whole read is refused.
 */
export interface Query<R> {
  /** Read id and name of the file in queries/. */
  readonly id: string;
  /** Rows that are used; the file's LIMIT is one more, so that a cut can be seen. */
  readonly maxRows: number;
  readonly row: z.ZodType<R>;
}

export const text = z.string().max(4_096);
export const textOrNull = text.nullable();

const digits = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)]).transform(Number);
/** Counters wider than a JSON integer stop at the widest. */
export const integer = digits.transform((value) => Math.min(Math.round(value), Number.MAX_SAFE_INTEGER));
export const integerOrNull = integer.nullable();
export const decimal = digits.transform((value) => Math.round(value * 1_000) / 1_000);
/** Milliseconds since the epoch at the server, as RFC 3339. `infinity` is not a time. */
export const instantOrNull = z.preprocess(
  (value) => (typeof value === 'string' && /infinity/i.test(value) ? null : value),
  digits.transform((value) => new Date(value).toISOString()).nullable(),
);
export const bool = z.union([z.boolean(), z.enum(['t', 'f']).transform((value) => value === 't')]);
export const boolOrNull = bool.nullable();
/** `idle in transaction (aborted)` → `idle_in_transaction_aborted`: states are tokens in evidence. */
export const token = text.transform((value) => value.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, ''));
export const tokenOrNull = token.nullable();

export function query<R extends z.ZodRawShape>(
  id: string,
  maxRows: number,
  columns: R,
): Query<z.infer<z.ZodObject<R>>> {
  return { id, maxRows, row: z.strictObject(columns) as unknown as z.ZodType<z.infer<z.ZodObject<R>>> };
}

export type RowOf<Q> = Q extends Query<infer R> ? R : never;
