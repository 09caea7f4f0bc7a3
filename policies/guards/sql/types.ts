/**
 * Types of pg_catalog that a template may cast to. `xml`, `refcursor`, `tsquery`, composite and user types are not
 * here: their input functions do more than read a value.
 */
const TYPES: ReadonlySet<string> = new Set(
  `bool int2 int4 int8 float4 float8 numeric text varchar bpchar char name oid xid xid8 cid tid pg_lsn date time
  timetz timestamp timestamptz interval uuid json jsonb inet cidr bytea int2vector oidvector aclitem
  pg_snapshot txid_snapshot`.split(/\s+/),
);

/** Types whose input looks a name up in the catalogs (without waiting for a lock: `regclassin` takes none). */
const NAMES: ReadonlySet<string> = new Set(
  `regclass regtype regproc regprocedure regrole regnamespace regoper regoperator regcollation regconfig
  regdictionary`.split(/\s+/),
);

export type TypeKind = 'value' | 'name';

export function typeKind(name: string): TypeKind | undefined {
  if (TYPES.has(name)) return 'value';
  return NAMES.has(name) ? 'name' : undefined;
}

/** A cast to these fails or keeps different values different. */
const LOSSLESS: ReadonlySet<string> = new Set(['text', 'oid', 'int4', 'int8', 'xid', ...NAMES]);

export function isLossless(name: string): boolean {
  return LOSSLESS.has(name);
}

/** The largest length or precision that a cast may ask for; `char(10000000)` is ten megabytes of blanks. */
export const MAX_TYPE_MODIFIER = 1_000;

/** The longest text of a numeric (`numeric.c`: 131072 digits before the point, 16383 behind it). */
export const MAX_NUMERIC_BYTES = 150_000;

const COLLATIONS: ReadonlySet<string> = new Set(['C', 'POSIX', 'default', 'ucs_basic']);

export function isListedCollation(path: readonly string[]): boolean {
  const [first, second, ...rest] = path;
  if (first === undefined || rest.length > 0) return false;
  return second === undefined ? COLLATIONS.has(first) : first === 'pg_catalog' && COLLATIONS.has(second);
}
