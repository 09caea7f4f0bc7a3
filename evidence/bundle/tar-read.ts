import { type ByteReader, lineBatches } from './byte-reader.ts';
import { derivedFiles } from './derived.ts';
import { readDocument } from './document.ts';
import {
  ARCHIVE_FILES,
  CONTENTS_FILE,
  DOCUMENT_FILES,
  DOCUMENT_NAMES,
  type DocumentName,
  ITEMS_FILE,
} from './documents.ts';
import { contentsEntry, isItemEntry } from './entry.ts';
import { MAX_DOCUMENT_BYTES, MAX_ITEM_BYTES } from './limits.ts';
import { UnreadableBundle } from './refuse.ts';
import type { BundleSource } from './source.ts';
import { readTarHeader, TAR_BLOCK, TAR_END_BYTES, tarPadding } from './tar-header.ts';

/** Reads the archive, unpacked: exactly the files of `ARCHIVE_FILES`, in their order, and nothing behind them. */
export async function readTarForm(reader: ByteReader, close: () => Promise<void>): Promise<BundleSource> {
  const files = new Map<string, Uint8Array>();
  let held = 0;
  let next = await nextFile(reader, -1);
  while (next.name !== CONTENTS_FILE) {
    if (next.name === ITEMS_FILE) throw new UnreadableBundle('SHAPE', CONTENTS_FILE, 'is missing');
    held += next.size;
    if (next.size > MAX_DOCUMENT_BYTES || held > 2 * MAX_DOCUMENT_BYTES) {
      throw new UnreadableBundle('TOO_LARGE', next.name, 'the documents are too large');
    }
    files.set(next.name, await reader.exactly(next.size, next.name));
    await skipPadding(reader, next);
    next = await nextFile(reader, next.position);
  }
  const documents = documentsOf(files);
  const lists = new Lists(reader, next);
  return { form: 'tar', documents, contents: () => lists.contents(), items: () => lists.items(), close };
}

interface TarFile {
  readonly name: string;
  readonly size: number;
  /** In `ARCHIVE_FILES`. */
  readonly position: number;
}

async function nextFile(reader: ByteReader, after: number): Promise<TarFile> {
  const where = `archive, after ${after === -1 ? 'its beginning' : ARCHIVE_FILES[after]}`;
  const header = readTarHeader(await reader.exactly(TAR_BLOCK, where));
  if (header === null) throw new UnreadableBundle('ARCHIVE', where, 'a header that no agent writes');
  const position = ARCHIVE_FILES.findIndex((name) => name === header.name);
  if (position > after) return { ...header, position };
  const what = position === -1 ? 'an unknown file' : 'a file that is there twice or in the wrong place';
  throw new UnreadableBundle('SHAPE', where, what);
}

async function skipPadding(reader: ByteReader, { name, size }: TarFile): Promise<void> {
  await zeros(reader, tarPadding(size), name);
}

async function zeros(reader: ByteReader, count: number, where: string): Promise<void> {
  const bytes = await reader.exactly(count, where);
  if (bytes.some((byte) => byte !== 0)) {
    throw new UnreadableBundle('ARCHIVE', where, 'something is hidden between the files');
  }
}

/** Every document is there and in canonical form, and the other files are exactly what can be made from them. */
function documentsOf(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<DocumentName, Uint8Array> {
  const documents = new Map<DocumentName, Uint8Array>();
  const values = new Map<DocumentName, unknown>();
  for (const name of DOCUMENT_NAMES) {
    const bytes = files.get(DOCUMENT_FILES[name]);
    if (bytes === undefined) throw new UnreadableBundle('SHAPE', DOCUMENT_FILES[name], 'is missing');
    documents.set(name, bytes);
    values.set(name, readDocument(bytes, DOCUMENT_FILES[name]));
  }
  const derived = derivedFiles(values);
  for (const [name, bytes] of derived) {
    const found = files.get(name);
    if (found === undefined) throw new UnreadableBundle('SHAPE', name, 'is missing');
    if (!bytes.equals(found)) throw new UnreadableBundle('SHAPE', name, 'is not what the documents say');
  }
  if (files.size === documents.size + derived.size) return documents;
  throw new UnreadableBundle('SHAPE', 'archive', 'a file for which the documents have no reason');
}

/** `contents.ndjson`, then `items.ndjson`, then the end. */
class Lists {
  readonly #reader: ByteReader;
  readonly #first: TarFile;
  #state: 'contents' | 'items' | 'over' = 'contents';

  constructor(reader: ByteReader, first: TarFile) {
    this.#reader = reader;
    this.#first = first;
  }

  async *contents(): AsyncGenerator<readonly Uint8Array[], void> {
    if (this.#state !== 'contents') return;
    this.#state = 'items';
    yield* this.#lines(this.#first, (line) => contentsEntry(line) !== null);
  }

  async *items(): AsyncGenerator<readonly Uint8Array[], void> {
    for await (const _ of this.contents());
    if (this.#state !== 'items') return;
    this.#state = 'over';
    const file = await nextFile(this.#reader, this.#first.position);
    if (file.name !== ITEMS_FILE) throw new UnreadableBundle('SHAPE', ITEMS_FILE, 'is missing');
    yield* this.#lines(file, isItemEntry);
    await zeros(this.#reader, TAR_END_BYTES, 'the end of the archive');
    if (await this.#reader.isAtEnd()) return;
    throw new UnreadableBundle('ARCHIVE', 'archive', 'something follows its end');
  }

  async *#lines(
    file: TarFile,
    isEntry: (line: Uint8Array) => boolean,
  ): AsyncGenerator<readonly Uint8Array[], void> {
    let count = 0;
    const bytes = this.#reader.upTo(file.size, file.name);
    for await (const lines of lineBatches(bytes, MAX_ITEM_BYTES, file.name)) {
      for (const line of lines) {
        count += 1;
        if (isEntry(line)) continue;
        throw new UnreadableBundle('SHAPE', `${file.name}, line ${count}`, 'is not as an agent writes it');
      }
      yield lines;
    }
    await skipPadding(this.#reader, file);
  }
}
