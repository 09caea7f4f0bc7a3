/** Remembers SHA-256 digests by their first 16 bytes, in a bounded table: a later one may displace an earlier one. */
interface DigestMemo {
  /** A digest in hexadecimal. */
  has(digest: string): boolean;
  add(digest: string): void;
}

/** 2 MB, of which only what is used takes memory. */
const SETS = 32_768;
const WAYS = 4;
const WORDS = 4;

export function makeDigestMemo(): DigestMemo {
  let table: Int32Array | undefined;
  const setOf = (digest: string) => (wordAt(digest, WORDS) & (SETS - 1)) * WAYS * WORDS;
  const isAt = (slots: Int32Array, place: number, digest: string): boolean => {
    for (let i = 0; i < WORDS; i++) if (slots[place + i] !== wordAt(digest, i)) return false;
    return true;
  };
  return {
    has(digest) {
      if (table === undefined) return false;
      const set = setOf(digest);
      for (let way = 0; way < WAYS; way++) if (isAt(table, set + way * WORDS, digest)) return true;
      return false;
    },
    add(digest) {
      table ??= new Int32Array(SETS * WAYS * WORDS);
      const place = setOf(digest);
      // The newest stands first, the oldest is forgotten.
      table.copyWithin(place + WORDS, place, place + (WAYS - 1) * WORDS);
      for (let i = 0; i < WORDS; i++) table[place + i] = wordAt(digest, i);
    },
  };
}

function wordAt(digest: string, word: number): number {
  return Number.parseInt(digest.slice(8 * word, 8 * word + 8), 16) | 0;
}
