import { isUtf8 } from 'node:buffer';

/**
 * Reading JSON that may have been made to hurt. JSON.parse needs gigabytes for a few megabytes of brackets, so nesting
 * and the number of objects and arrays are counted in the bytes before it is called.
 */

export const MAX_NESTING = 128;
/** An item has about ten; the largest bundle stays below a quarter of this. */
const MAX_CONTAINERS = 5_000_000;

export type Unreadable =
  | { readonly unreadable: 'TOO_LARGE' }
  | { readonly unreadable: 'NOT_UTF8' | 'TOO_DEEP'; readonly byte: number }
  | { readonly unreadable: 'NOT_JSON'; readonly text: string };

export interface ReadJson {
  readonly text: string;
  readonly value: unknown;
}

export function readJson(bytes: Uint8Array, maxBytes: number): ReadJson | Unreadable {
  if (bytes.length > maxBytes) return { unreadable: 'TOO_LARGE' };
  if (!isUtf8(bytes)) return { unreadable: 'NOT_UTF8', byte: firstNotUtf8(bytes) };
  const tooDeep = firstTooDeep(bytes);
  if (tooDeep !== null) return { unreadable: 'TOO_DEEP', byte: tooDeep };
  // Not TextDecoder: it would swallow a byte order mark, which is a change like any other.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    return { unreadable: 'NOT_JSON', text };
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Differs between `[` and `{`, and between `]` and `}`. */
const BRACKET_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

function firstTooDeep(bytes: Uint8Array): number | null {
  let depth = 0;
  let containers = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) inString = !inString;
    else if (inString) index += byte === BACKSLASH ? 1 : 0;
    else if ((byte | BRACKET_BIT) === CLOSING) depth -= 1;
    else if ((byte | BRACKET_BIT) === OPENING) {
      depth += 1;
      containers += 1;
      if (depth > MAX_NESTING || containers > MAX_CONTAINERS) return index;
    }
  }
  return null;
}

function firstNotUtf8(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isPrefixOfUtf8(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** A cut may go through a character, which has at most four bytes. */
function isPrefixOfUtf8(bytes: Uint8Array): boolean {
  return [0, 1, 2, 3].some((cut) => cut <= bytes.length && isUtf8(bytes.subarray(0, bytes.length - cut)));
}
