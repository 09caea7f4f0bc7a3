import { MAX_NESTING } from '../read-json.ts';
import { UnreadableBundle } from './refuse.ts';

/**
 * Finds where JSON values end without parsing them: by counting brackets outside strings. What lies between is looked
 * at by others, or hashed as it is.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Differs between `[` and `{`, and between `]` and `}`. */
const BRACKET_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** The offset behind the object or array that begins at `start`. Throws SHAPE, TOO_DEEP, TRUNCATED. */
export function containerEnd(bytes: Uint8Array, start: number, where: string): number {
  if (((bytes[start] ?? 0) | BRACKET_BIT) !== OPENING) {
    throw new UnreadableBundle('SHAPE', where, 'must be an object or an array');
  }
  const { length } = bytes;
  let depth = 0;
  for (let offset = start; offset < length; offset += 1) {
    const byte = bytes[offset] ?? 0;
    if (byte === QUOTE) {
      offset = stringEnd(bytes, offset + 1, length);
    } else if (byte >= 0x5b) {
      const bracket = byte | BRACKET_BIT;
      if (bracket === OPENING) {
        depth += 1;
        if (depth > MAX_NESTING) {
          throw new UnreadableBundle('TOO_DEEP', where, `nested deeper than ${MAX_NESTING} levels`);
        }
      } else if (bracket === CLOSING) {
        depth -= 1;
        if (depth === 0) return offset + 1;
      }
    }
  }
  throw new UnreadableBundle('TRUNCATED', where, 'the file ends too early');
}

/** The offset of the quote that ends the string whose text begins at `start`. */
function stringEnd(bytes: Uint8Array, start: number, length: number): number {
  let offset = start;
  while (offset < length) {
    const byte = bytes[offset];
    if (byte === QUOTE) return offset;
    offset += byte === BACKSLASH ? 2 : 1;
  }
  return offset;
}
