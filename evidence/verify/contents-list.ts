import { createHash } from 'node:crypto';
import { ENTRY_BYTES } from '../bundle/entry.ts';
import type { Digest } from '../digest.ts';
import { type RawHash, readHex, writeHex } from '../leaf-bytes.ts';

const ID_START = '{"id":"'.length;
const ID_CHARS = 43;
const LEAF_START = ID_START + ID_CHARS + '","leaf":"sha256:'.length;
const TEMPLATE = Buffer.from(`,{"id":"${' '.repeat(ID_CHARS)}","leaf":"sha256:${' '.repeat(64)}"}`);

/** Entries that are hashed at once. */
const ENTRIES = 512;

/** The digest of a list of contents (an RFC 8785 array) as its entries come, read or made again from items. */
export class ListDigest {
  readonly #hash = createHash('sha256');
  readonly #block = Buffer.alloc(ENTRIES * TEMPLATE.length);
  #used = 0;
  #first = true;

  constructor() {
    for (let entry = 0; entry < ENTRIES; entry += 1) this.#block.set(TEMPLATE, entry * TEMPLATE.length);
  }

  /** `entry` has exactly the form of one, which its reader has checked. */
  addEntry(entry: Uint8Array): void {
    const at = this.#next();
    this.#block.set(entry, at + 1);
  }

  addItem(id: string, leaf: RawHash): void {
    const at = this.#next();
    this.#block.write(id, at + 1 + ID_START, ID_CHARS, 'latin1');
    writeHex(leaf, this.#block, at + 1 + LEAF_START);
  }

  /** Once, at the end. */
  digest(): Digest {
    this.#flush();
    if (this.#first) this.#hash.update('[');
    return `sha256:${this.#hash.update(']').digest('hex')}`;
  }

  #next(): number {
    if (this.#used === this.#block.length) this.#flush();
    const at = this.#used;
    this.#used += TEMPLATE.length;
    return at;
  }

  #flush(): void {
    if (this.#used === 0) return;
    // Every entry has a comma before it; before the first one the array begins.
    const bytes = this.#block.subarray(this.#first ? 1 : 0, this.#used);
    if (this.#first) this.#hash.update('[');
    this.#hash.update(bytes);
    this.#first = false;
    this.#used = 0;
  }
}

const START_BYTES = 8;
const CHUNK = 65_536;

/**
 * The first eight bytes of every leaf of a list: enough to tell at once whether an item is the one that was signed for
 * its place, before its bytes are parsed. Whether all are exactly right, the root says.
 */
export class LeafStarts {
  readonly #chunks: Uint8Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  addEntry(entry: Uint8Array): void {
    const place = this.#count % CHUNK;
    if (place === 0) this.#chunks.push(new Uint8Array(CHUNK * START_BYTES));
    const chunk = this.#chunks.at(-1);
    if (chunk !== undefined) readHex(entry, LEAF_START, chunk, place * START_BYTES, START_BYTES);
    this.#count += 1;
  }

  /** Whether the leaf at that position begins like this one. */
  matches(position: number, leaf: RawHash): boolean {
    if (position >= this.#count) return false;
    const chunk = this.#chunks[Math.floor(position / CHUNK)];
    const start = (position % CHUNK) * START_BYTES;
    for (let index = 0; index < START_BYTES; index += 1) {
      if (chunk?.[start + index] !== leaf.charCodeAt(index)) return false;
    }
    return true;
  }
}

/** Id and leaf of an entry that its reader has checked. */
export function entryOf(entry: Uint8Array): { readonly id: string; readonly leaf: string } {
  const text = Buffer.from(entry.buffer, entry.byteOffset, ENTRY_BYTES).toString('latin1');
  return {
    id: text.slice(ID_START, ID_START + ID_CHARS),
    leaf: text.slice(LEAF_START, LEAF_START + 64),
  };
}
