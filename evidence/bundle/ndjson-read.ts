import { type ByteReader, lineBatches } from './byte-reader.ts';
import { readDocument } from './document.ts';
import { BUNDLE_SCHEMA, DOCUMENT_NAMES, type DocumentName } from './documents.ts';
import { contentsEntry, isItemEntry, looksLikeItem, startsWith } from './entry.ts';
import { MAX_DOCUMENT_BYTES, MAX_ITEM_BYTES, MAX_STREAM_BYTES } from './limits.ts';
import { UnreadableBundle } from './refuse.ts';
import type { BundleSource } from './source.ts';

/**
 * Reads the NDJSON form: `{"schema":"exhibit.bundle/v1"}`, one line `{"<name>":…}` for every document in the order of
 * `DOCUMENT_NAMES`, one line for every entry of `contents`, one line for every item.
 */

export const NDJSON_START = `{"schema":"${BUNDLE_SCHEMA}"}`;

export async function readNdjsonForm(reader: ByteReader): Promise<BundleSource> {
  await reader.exactly(NDJSON_START.length + 1, 'schema');
  const documents = new Map<DocumentName, Uint8Array>();
  let held = 0;
  for (const name of DOCUMENT_NAMES) {
    const document = documentOf(await reader.line(MAX_DOCUMENT_BYTES, name), name);
    held += document.length;
    if (held > 2 * MAX_DOCUMENT_BYTES) {
      throw new UnreadableBundle('TOO_LARGE', name, 'the documents together are too large');
    }
    readDocument(document, name);
    documents.set(name, document);
  }
  const lists = new Lists(lineBatches(capped(reader), MAX_ITEM_BYTES, 'lists'));
  return {
    form: 'ndjson',
    documents,
    contents: () => lists.contents(),
    items: () => lists.items(),
    close: () => reader.close(),
  };
}

function documentOf(line: Uint8Array, name: DocumentName): Uint8Array {
  const start = Buffer.from(`{"${name}":`);
  if (startsWith(line, start, 0) && line.at(-1) === 0x7d) return line.subarray(start.length, -1);
  throw new UnreadableBundle('SHAPE', name, 'is missing, or another line is in its place');
}

async function* capped(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  for await (const piece of reader.rest()) {
    length += piece.length;
    if (length > MAX_STREAM_BYTES) {
      throw new UnreadableBundle('TOO_LARGE', 'file', `larger than ${MAX_STREAM_BYTES} bytes`);
    }
    yield piece;
  }
}

/** The entries of `contents` and then the items, which are told apart by how a line begins. */
class Lists {
  readonly #lines: AsyncIterator<readonly Uint8Array[], void>;
  /** The first items, which came in one batch with the last entries of `contents`. */
  #first: readonly Uint8Array[] | null = null;
  #entries = 0;
  #items = 0;

  constructor(lines: AsyncIterator<readonly Uint8Array[], void>) {
    this.#lines = lines;
  }

  async *contents(): AsyncGenerator<readonly Uint8Array[], void> {
    while (this.#first === null) {
      const lines = (await this.#lines.next()).value ?? [];
      const border = lines.findIndex(looksLikeItem);
      const entries = border === -1 ? lines : lines.slice(0, border);
      if (border !== -1 || lines.length === 0) this.#first = lines.slice(entries.length);
      for (const entry of entries) {
        if (contentsEntry(entry) === null) throw noEntry(`contents[${this.#entries}]`);
        this.#entries += 1;
      }
      if (entries.length > 0) yield entries;
    }
  }

  async *items(): AsyncGenerator<readonly Uint8Array[], void> {
    for await (const _ of this.contents());
    let lines: readonly Uint8Array[] | undefined = this.#first ?? [];
    this.#first = [];
    for (; lines !== undefined; lines = (await this.#lines.next()).value ?? undefined) {
      for (const line of lines) {
        if (!isItemEntry(line)) throw noEntry(`items[${this.#items}]`);
        this.#items += 1;
      }
      if (lines.length > 0) yield lines;
    }
  }
}

function noEntry(where: string): UnreadableBundle {
  return new UnreadableBundle('SHAPE', where, 'is not an entry as an agent writes it');
}
