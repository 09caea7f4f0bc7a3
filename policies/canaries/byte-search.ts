/** A text that is looked for in bytes, ASCII letters in any case. */
export interface Needle {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface ByteHit {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** The first place where one of the needles stands. */
export type ByteSearch = (bytes: Uint8Array, from?: number, to?: number) => ByteHit | undefined;

/** Bytes that are looked at together; a table says how far the next needle can be from them. */
const BLOCK = 3;
const TABLE_BITS = 15;

/**
 * Many needles in one pass that leaps over most bytes: S. Wu, U. Manber, "A fast algorithm for multi-pattern
 * searching" (1994). Needles have at least `BLOCK` bytes; the longer the shortest of them, the wider the leaps.
 */
export function makeByteSearch(needles: readonly Needle[]): ByteSearch {
  if (needles.length === 0) return () => undefined;
  const fold = foldTable();
  const folded = needles.map(({ id, bytes }) => ({ id, bytes: bytes.map((byte) => fold[byte] ?? 0) }));
  const window = Math.min(255, ...folded.map(({ bytes }) => bytes.length));
  if (window < BLOCK) throw new Error(`a needle must have at least ${BLOCK} bytes`);
  const { leaps, buckets } = tablesOf(folded, window);

  const isAt = (needle: Uint8Array, bytes: Uint8Array, start: number, to: number): boolean => {
    if (start + needle.length > to) return false;
    for (let i = 0; i < needle.length; i++) {
      if (fold[bytes[start + i] as number] !== needle[i]) return false;
    }
    return true;
  };

  return (bytes, from = 0, to = bytes.length) => {
    for (let at = from + window - 1; at < to; ) {
      const block = blockOf(
        fold[bytes[at - 2] as number] as number,
        fold[bytes[at - 1] as number] as number,
        fold[bytes[at] as number] as number,
      );
      const leap = leaps[block] as number;
      if (leap !== 0) {
        at += leap;
        continue;
      }
      const start = at - window + 1;
      for (const { id, bytes: needle } of buckets.get(block) ?? []) {
        if (isAt(needle, bytes, start, to)) return { id, start, end: start + needle.length };
      }
      at++;
    }
    return undefined;
  };
}

function tablesOf(needles: readonly Needle[], window: number) {
  const leaps = new Uint8Array(1 << TABLE_BITS).fill(window - BLOCK + 1);
  const buckets = new Map<number, Needle[]>();
  for (const needle of needles) {
    for (let end = BLOCK - 1; end < window; end++) {
      const [a = 0, b = 0, c = 0] = needle.bytes.subarray(end - 2, end + 1);
      const block = blockOf(a, b, c);
      leaps[block] = Math.min(leaps[block] ?? 0, window - 1 - end);
      if (end === window - 1) buckets.set(block, [...(buckets.get(block) ?? []), needle]);
    }
  }
  return { leaps, buckets };
}

function blockOf(a: number, b: number, c: number): number {
  return (a ^ (b << 4) ^ (c << 8)) & ((1 << TABLE_BITS) - 1);
}

function foldTable(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}
