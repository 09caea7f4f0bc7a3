import { entryText } from '../contents.ts';
import type { DocumentName } from './documents.ts';
import { itemEntryText } from './entry.ts';
import type { BundleDocuments, BundleSource } from './source.ts';

/** A bundle as the writers take it. */
export interface Writable {
  readonly documents: ReadonlyMap<DocumentName, Uint8Array>;
  readonly contents: Lines;
  readonly items: Lines;
}

/** A list that can be gone through more than once: an archive says how long a file is before the file. */
export interface Lines {
  /** Bytes of all lines, each with its newline. */
  size(): Promise<number>;
  batches(): AsyncIterable<readonly Uint8Array[]>;
}

const BATCH = 256;

/** What was just sealed. */
export function writableOf(bundle: BundleDocuments): Writable {
  return {
    documents: new Map([...bundle.documents].map(([name, text]) => [name, Buffer.from(text)])),
    contents: linesOf(() => map(bundle.contents, entryText)),
    items: linesOf(() => map(bundle.items, ({ canonical, salt }) => itemEntryText(canonical, salt))),
  };
}

/**
 * What is read, for converting it: opened anew for every walk, because most sources can be read only once. Throws
 * UnreadableBundle while it is written: keep nothing of a file before the end.
 */
export async function writableFrom(open: () => Promise<BundleSource>): Promise<Writable> {
  const source = await open();
  // This form is in memory, where finding the members again would be the longest part of the work.
  const again = source.form === 'json' ? () => Promise.resolve(source) : open;
  await source.close();
  return {
    documents: source.documents,
    contents: linesOver(() => walk(again, 'contents')),
    items: linesOver(() => walk(again, 'items')),
  };
}

async function* walk(
  open: () => Promise<BundleSource>,
  name: 'contents' | 'items',
): AsyncGenerator<readonly Uint8Array[], void> {
  const source = await open();
  try {
    yield* source[name]();
  } finally {
    await source.close();
  }
}

function linesOf(texts: () => Iterable<string>): Lines {
  return linesOver(async function* () {
    let batch: Uint8Array[] = [];
    for (const text of texts()) {
      batch.push(Buffer.from(text));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  });
}

function linesOver(batches: () => AsyncIterable<readonly Uint8Array[]>): Lines {
  return {
    batches,
    async size() {
      let bytes = 0;
      for await (const batch of batches()) for (const line of batch) bytes += line.length + 1;
      return bytes;
    },
  };
}

function* map<From, To>(list: Iterable<From>, made: (entry: From) => To): Generator<To, void> {
  for (const entry of list) yield made(entry);
}
