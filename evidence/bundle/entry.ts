import type { ContentsEntry } from '../manifest.ts';

/** The entries of the two lists of a bundle, as bytes. */

const ID_CHARS = 43;
const LEAF_CHARS = 'sha256:'.length + 64;
const SALT_CHARS = 32;

const ID_START = '{"id":"'.length;
const LEAF_START = ID_START + ID_CHARS + '","leaf":"'.length;
/** Every entry of `contents` has this many bytes. */
export const ENTRY_BYTES = LEAF_START + LEAF_CHARS + '"}'.length;
const ENTRY = /^\{"id":"[A-Za-z0-9_-]{43}","leaf":"sha256:[0-9a-f]{64}"\}$/;

const ITEM_HEAD = Buffer.from('{"item":{');
const SALT_HEAD = Buffer.from('},"salt":"');
/** `,"salt":"<32 digits>"}` */
const ITEM_TAIL_CHARS = SALT_HEAD.length - 1 + SALT_CHARS + '"}'.length;
const SALT_END = /^[0-9a-f]{32}"\}$/;

/** Null for what is no entry of `contents`, byte for byte. */
export function contentsEntry(bytes: Uint8Array): ContentsEntry | null {
  if (bytes.length !== ENTRY_BYTES) return null;
  const text = latin1(bytes);
  if (!ENTRY.test(text)) return null;
  return {
    id: text.slice(ID_START, ID_START + ID_CHARS),
    leaf: text.slice(LEAF_START, LEAF_START + LEAF_CHARS),
  };
}

export function itemEntryText(canonical: string, salt: string): string {
  return `{"item":${canonical},"salt":"${salt}"}`;
}

export interface ItemEntry {
  /** The bytes from which the leaf is made. Not parsed: they are JSON when the leaf is a signed one. */
  readonly item: Uint8Array;
  /** 32 hexadecimal digits. */
  readonly salt: string;
}

/** Null for what does not begin and end like an entry of `items`. */
export function splitItem(bytes: Uint8Array): ItemEntry | null {
  const end = bytes.length - ITEM_TAIL_CHARS;
  if (end <= ITEM_HEAD.length || !startsWith(bytes, ITEM_HEAD, 0)) return null;
  if (!startsWith(bytes, SALT_HEAD, end - 1)) return null;
  const tail = latin1(bytes.subarray(end - 1 + SALT_HEAD.length));
  if (!SALT_END.test(tail)) return null;
  return { item: bytes.subarray(ITEM_HEAD.length - 1, end), salt: tail.slice(0, SALT_CHARS) };
}

export function isItemEntry(bytes: Uint8Array): boolean {
  return splitItem(bytes) !== null;
}

/** Whether a line is meant to be one of `items`. */
export function looksLikeItem(bytes: Uint8Array): boolean {
  return startsWith(bytes, ITEM_HEAD, 0);
}

export function startsWith(bytes: Uint8Array, start: Uint8Array, offset: number): boolean {
  if (bytes.length < offset + start.length) return false;
  for (let index = 0; index < start.length; index += 1) {
    if (bytes[offset + index] !== start[index]) return false;
  }
  return true;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
