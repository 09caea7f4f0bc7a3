import { isUtf8 } from 'node:buffer';
import type { ByteReader } from './byte-reader.ts';
import { readDocument } from './document.ts';
import { BUNDLE_SCHEMA, type DocumentName, MEMBER_NAMES, type MemberName } from './documents.ts';
import { contentsEntry, ENTRY_BYTES, isItemEntry, startsWith } from './entry.ts';
import { containerEnd } from './json-scan.ts';
import { MAX_ITEM_BYTES, MAX_JSON_BYTES } from './limits.ts';
import { UnreadableBundle } from './refuse.ts';
import type { BundleSource } from './source.ts';

/**
 * Reads the JSON form: one RFC 8785 text, held in memory. Its frame is known to the byte, so members and items are
 * found by stepping over them, and every byte belongs to one of them or to the frame.
 */

const COMMA = 0x2c;
const CLOSE_ARRAY = 0x5d;
const BATCH = 256;
const TOO_LARGE = `larger than ${MAX_JSON_BYTES} bytes`;

export async function readJsonForm(reader: ByteReader): Promise<BundleSource> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of reader.rest()) {
    length += piece.length;
    if (length > MAX_JSON_BYTES) throw new UnreadableBundle('TOO_LARGE', 'file', TOO_LARGE);
    pieces.push(piece);
  }
  const [only] = pieces;
  return jsonSource(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces));
}

/** The whole file at once. Throws UnreadableBundle. */
export function jsonSource(file: Uint8Array): BundleSource {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length > MAX_JSON_BYTES) throw new UnreadableBundle('TOO_LARGE', 'file', TOO_LARGE);
  if (!isUtf8(bytes)) throw new UnreadableBundle('NOT_UTF8', 'file', 'holds a byte that is not UTF-8');
  const members = new Frame(bytes);
  return {
    form: 'json',
    documents: members.documents,
    contents: () => batches(bytes, members.contents),
    items: () => batches(bytes, members.items),
    close: () => Promise.resolve(),
  };
}

/** Where an entry of a list begins and ends, one pair after the other. */
type Spans = number[];

/** Goes through the members once, in the one order that is possible. */
class Frame {
  readonly documents = new Map<DocumentName, Uint8Array>();
  readonly contents: Spans = [];
  readonly items: Spans = [];
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    for (const [index, name] of MEMBER_NAMES.entries()) {
      this.#expect(`${index === 0 ? '{' : ','}"${name}":`, name);
      this.#member(name);
    }
    this.#expect('}', 'file');
    if (this.#offset !== bytes.length) {
      throw new UnreadableBundle('SHAPE', `byte ${this.#offset}`, 'something follows the end of the bundle');
    }
  }

  #member(name: MemberName): void {
    switch (name) {
      case 'schema':
        return this.#expect(`"${BUNDLE_SCHEMA}"`, name);
      case 'contents':
        return this.#list(this.contents, name, () => this.#contentsEntry());
      case 'items':
        return this.#list(this.items, name, () => this.#itemEntry());
      default:
        return this.#document(name);
    }
  }

  #document(name: DocumentName): void {
    const start = this.#offset;
    this.#offset = containerEnd(this.#bytes, start, name);
    const bytes = this.#bytes.subarray(start, this.#offset);
    readDocument(bytes, name);
    this.documents.set(name, bytes);
  }

  #list(spans: Spans, name: MemberName, entry: () => number): void {
    this.#expect('[', name);
    if (this.#bytes[this.#offset] === CLOSE_ARRAY) {
      this.#offset += 1;
      return;
    }
    for (;;) {
      const end = entry();
      spans.push(this.#offset, end);
      this.#offset = end + 1;
      const byte = this.#bytes[end];
      if (byte === CLOSE_ARRAY) return;
      if (byte !== COMMA) throw noEntry(`${name}[${spans.length / 2 - 1}]`, this.#bytes, end);
    }
  }

  #contentsEntry(): number {
    const end = this.#offset + ENTRY_BYTES;
    if (contentsEntry(this.#bytes.subarray(this.#offset, end)) !== null) return end;
    throw noEntry(`contents[${this.contents.length / 2}]`, this.#bytes, end);
  }

  #itemEntry(): number {
    const where = `items[${this.items.length / 2}]`;
    const end = containerEnd(this.#bytes, this.#offset, where);
    if (end - this.#offset > MAX_ITEM_BYTES) {
      throw new UnreadableBundle('TOO_LARGE', where, `longer than ${MAX_ITEM_BYTES} bytes`);
    }
    if (isItemEntry(this.#bytes.subarray(this.#offset, end))) return end;
    throw noEntry(where, this.#bytes, end);
  }

  #expect(text: string, name: MemberName | 'file'): void {
    const expected = Buffer.from(text);
    if (!startsWith(this.#bytes, expected, this.#offset)) {
      if (this.#bytes.length < this.#offset + expected.length) {
        throw new UnreadableBundle('TRUNCATED', name, 'the file ends too early');
      }
      const what =
        'is missing, or something else is in its place (no white space, members in RFC 8785 order)';
      throw new UnreadableBundle('SHAPE', `${name}, byte ${this.#offset}`, what);
    }
    this.#offset += expected.length;
  }
}

function noEntry(where: string, bytes: Uint8Array, end: number): UnreadableBundle {
  if (end >= bytes.length) return new UnreadableBundle('TRUNCATED', where, 'the file ends too early');
  return new UnreadableBundle('SHAPE', where, 'is not an entry as an agent writes it');
}

// Async because the lists of the other forms are.
async function* batches(bytes: Buffer, spans: Spans): AsyncGenerator<readonly Uint8Array[], void> {
  for (let first = 0; first < spans.length; first += 2 * BATCH) {
    const batch: Uint8Array[] = [];
    for (let index = first; index < Math.min(first + 2 * BATCH, spans.length); index += 2) {
      batch.push(bytes.subarray(spans[index], spans[index + 1]));
    }
    yield batch;
  }
}
