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
  /** Numbers in pg_type that each column may have; absent where the source says none. */
  readonly types?: Readonly<Record<string, readonly number[]>>;
  /** How long it may wait for a lock where nobody queues behind that, in milliseconds; absent: `lockTimeout`. */
  readonly lockWaitMs?: number;
}

export const text = z.string().max(4_096);
export const textOrNull = text.nullable();

const digits = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)]).transform(Number);
/** Counters wider than a JSON integer stop at the widest. */
export const integer = digits.transform((value) => Math.min(Math.round(value), Number.MAX_SAFE_INTEGER));
export const integerOrNull = integer.nullable();
export const decimal = digits.transform((value) => Math.round(value * 1_000) / 1_000);
export const decimalOrNull = decimal.nullable();
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

/** Numbers of the built-in types (PostgreSQL sources, src/include/catalog/pg_type.dat). */
const TYPES = {
  bool: 16,
  char: 18,
  name: 19,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  xid: 28,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  numeric: 1700,
} as const;

const TRUTHS = [TYPES.bool];
/** Settings are text to the server, whatever they say; the digits are looked at with the row. */
const NUMBERS = [
  TYPES.text,
  TYPES.int8,
  TYPES.int2,
  TYPES.int4,
  TYPES.oid,
  TYPES.xid,
  TYPES.float4,
  TYPES.float8,
  TYPES.numeric,
];
/** Identifiers are names, also where they are numbers: a query id has more digits than a number of JavaScript. */
const TEXTS = [
  TYPES.char,
  TYPES.name,
  TYPES.text,
  TYPES.bpchar,
  TYPES.varchar,
  TYPES.int8,
  TYPES.oid,
  TYPES.xid,
];

/** What a column of a kind that is not among these may be at most: a plain value, never an array, a row or JSON. */
const PLAIN = [...new Set([...TRUTHS, ...NUMBERS, ...TEXTS])];

const TYPES_OF: ReadonlyMap<z.ZodType, readonly number[]> = new Map<z.ZodType, readonly number[]>([
  ...[text, textOrNull, token, tokenOrNull].map((kind) => [kind, TEXTS] as const),
  ...[integer, integerOrNull, decimal, decimalOrNull, instantOrNull].map((kind) => [kind, NUMBERS] as const),
  ...[bool, boolOrNull].map((kind) => [kind, TRUTHS] as const),
]);

export function query<R extends z.ZodRawShape>(
  id: string,
  maxRows: number,
  columns: R,
): Query<z.infer<z.ZodObject<R>>> {
  const types = Object.fromEntries(
    Object.entries(columns).map(([name, kind]) => [name, TYPES_OF.get(kind as z.ZodType) ?? PLAIN]),
  );
  return {
    id,
    maxRows,
    row: z.strictObject(columns) as unknown as z.ZodType<z.infer<z.ZodObject<R>>>,
    types,
  };
}

/** For a console whose columns grow with every version: those named here must be there, and no other is looked at. */
export function consoleQuery<R extends z.ZodRawShape>(
  id: string,
  maxRows: number,
  columns: R,
): Query<z.infer<z.ZodObject<R>>> {
  return { id, maxRows, row: z.object(columns) as unknown as z.ZodType<z.infer<z.ZodObject<R>>> };
}

export type RowOf<Q> = Q extends Query<infer R> ? R : never;
