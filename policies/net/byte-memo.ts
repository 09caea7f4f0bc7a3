/** A stretch of bytes that was looked at. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Remembers strings of one document, or pairs of them, by their bytes: the same names and values come again and again,
 * and need not be decoded to be known. A later one may take the place of an earlier one.
 */
export interface ByteMemo {
  has(first: Stretch, second?: Stretch): boolean;
  add(first: Stretch, second?: Stretch): void;
}

/** One for so many bytes of the document, within bounds. */
const BYTES_PER_SLOT = 64;
const MIN_SLOTS = 32;
const MAX_SLOTS = 8_192;
const FIELDS = 4;
const MAX_LENGTH = 256;
const NOTHING: Stretch = { from: 0, to: 0 };

export function makeByteMemo(bytes: Uint8Array): ByteMemo {
  /** For each slot the bounds of both strings, one more than they are, so that zero is nothing. */
  let slots: Int32Array | undefined;
  const wanted = Math.ceil(Math.log2(bytes.length / BYTES_PER_SLOT + 1));
  const count = Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, 2 ** wanted));

  const slotOf = (first: Stretch, second: Stretch): number => {
    const hash = hashOf(bytes, second, hashOf(bytes, first, 0));
    return (hash & (count - 1)) * FIELDS;
  };

  return {
    has(first, second = NOTHING) {
      if (slots === undefined || isLong(first) || isLong(second)) return false;
      const slot = slotOf(first, second);
      const end = slots[slot + 1] as number;
      if (end === 0 || !isSame(bytes, slots[slot] as number, end - 1, first)) return false;
      return isSame(bytes, slots[slot + 2] as number, (slots[slot + 3] as number) - 1, second);
    },
    add(first, second = NOTHING) {
      if (isLong(first) || isLong(second)) return;
      slots ??= new Int32Array(count * FIELDS);
      const slot = slotOf(first, second);
      slots[slot] = first.from;
      slots[slot + 1] = first.to + 1;
      slots[slot + 2] = second.from;
      slots[slot + 3] = second.to + 1;
    },
  };
}

function isLong({ from, to }: Stretch): boolean {
  return to - from > MAX_LENGTH;
}

/** FNV-1a, with the length mixed in. */
function hashOf(bytes: Uint8Array, { from, to }: Stretch, seed: number): number {
  let hash = 0x811c9dc5 ^ seed ^ (to - from);
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

function isSame(
  bytes: Uint8Array,
  from: number,
  to: number,
  { from: other, to: otherEnd }: Stretch,
): boolean {
  if (to - from !== otherEnd - other) return false;
  for (let i = 0; i < to - from; i++) if (bytes[from + i] !== bytes[other + i]) return false;
  return true;
}
