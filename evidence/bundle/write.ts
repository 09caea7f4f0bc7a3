import { EvidenceError } from '../errors.ts';
import { documentOf } from './document.ts';
import {
  ARCHIVE_FILES,
  BUNDLE_SCHEMA,
  type BundleForm,
  CONTENTS_FILE,
  DOCUMENT_NAMES,
  ITEMS_FILE,
  MEMBER_NAMES,
  type MemberName,
} from './documents.ts';
import { documentFiles } from './extract.ts';
import { gzip } from './gzip.ts';
import { BLOCK_BYTES, MAX_JSON_BYTES } from './limits.ts';
import { NDJSON_START } from './ndjson-read.ts';
import type { BundleDocuments } from './source.ts';
import { TAR_END_BYTES, tarHeader, tarPadding } from './tar-header.ts';
import { type Writable, writableOf } from './writable.ts';

/**
 * Writes a bundle in one of its forms, in blocks of 64 KiB, without holding the lists. The same bundle gives the same
 * bytes. Throws BUNDLE for one that is too long for JSON.
 */
export async function* writeBundle(bundle: Writable, form: BundleForm): AsyncGenerator<Uint8Array, void> {
  switch (form) {
    case 'json':
      return yield* inBlocks(await withinCap(bundle));
    case 'ndjson':
      return yield* inBlocks(ndjson(bundle));
    case 'tar':
      return yield* gzip(inBlocks(tar(bundle)));
  }
}

/** The JSON form as a whole. Throws BUNDLE when it would be too long. */
export async function jsonBundle(bundle: BundleDocuments): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for await (const block of writeBundle(writableOf(bundle), 'json')) blocks.push(block);
  return Buffer.concat(blocks);
}

type Pieces = AsyncIterable<readonly Uint8Array[]>;

/** `{"a":…,"b":…}` with the schema and the brackets of two lists. */
const JSON_FRAME_BYTES =
  MEMBER_NAMES.join('').length + 4 * MEMBER_NAMES.length + 1 + BUNDLE_SCHEMA.length + 2 + 4;
const NEWLINE = Buffer.from('\n');
const COMMA = Buffer.from(',');

async function withinCap(bundle: Writable): Promise<Pieces> {
  let bytes = JSON_FRAME_BYTES;
  for (const text of bundle.documents.values()) bytes += text.length;
  for (const list of [bundle.contents, bundle.items]) bytes += Math.max(0, (await list.size()) - 1);
  if (bytes <= MAX_JSON_BYTES) return json(bundle);
  throw new EvidenceError('BUNDLE', `the bundle would be larger than ${MAX_JSON_BYTES} bytes`, {
    hint: "Take it as NDJSON or tar.gz, or narrow the incident's window or scope.",
  });
}

async function* json(bundle: Writable): AsyncGenerator<readonly Uint8Array[], void> {
  for (const [index, name] of MEMBER_NAMES.entries()) {
    yield [Buffer.from(`${index === 0 ? '{' : ','}"${name}":`)];
    yield* member(bundle, name);
  }
  yield [Buffer.from('}')];
}

async function* member(bundle: Writable, name: MemberName): AsyncGenerator<readonly Uint8Array[], void> {
  if (name === 'schema') return yield [Buffer.from(`"${BUNDLE_SCHEMA}"`)];
  if (name !== 'contents' && name !== 'items') return yield [documentOf(bundle.documents, name)];
  yield [Buffer.from('[')];
  let isFirst = true;
  for await (const lines of bundle[name].batches()) {
    const pieces = lines.flatMap((line) => [COMMA, line]);
    yield isFirst ? pieces.slice(1) : pieces;
    if (lines.length > 0) isFirst = false;
  }
  yield [Buffer.from(']')];
}

async function* ndjson(bundle: Writable): AsyncGenerator<readonly Uint8Array[], void> {
  yield [Buffer.from(`${NDJSON_START}\n`)];
  for (const name of DOCUMENT_NAMES) {
    yield [Buffer.from(`{"${name}":`), documentOf(bundle.documents, name), Buffer.from('}\n')];
  }
  yield* withNewlines(bundle.contents.batches());
  yield* withNewlines(bundle.items.batches());
}

async function* tar(bundle: Writable): AsyncGenerator<readonly Uint8Array[], void> {
  const files = documentFiles(bundle.documents);
  for (const name of ARCHIVE_FILES) {
    const bytes = files.get(name);
    if (bytes !== undefined) yield [tarHeader(name, bytes.length), bytes, padding(bytes.length)];
  }
  for (const [name, lines] of [
    [CONTENTS_FILE, bundle.contents],
    [ITEMS_FILE, bundle.items],
  ] as const) {
    const size = await lines.size();
    yield [tarHeader(name, size)];
    yield* withNewlines(lines.batches());
    yield [padding(size)];
  }
  yield [Buffer.alloc(TAR_END_BYTES)];
}

function padding(size: number): Uint8Array {
  return Buffer.alloc(tarPadding(size));
}

async function* withNewlines(batches: Pieces): AsyncGenerator<readonly Uint8Array[], void> {
  for await (const lines of batches) yield lines.flatMap((line) => [line, NEWLINE]);
}

/** Blocks of one size, so that what is compressed does not depend on how it was handed in. */
async function* inBlocks(pieces: Pieces): AsyncGenerator<Uint8Array, void> {
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let used = 0;
  for await (const batch of pieces) {
    for (const piece of batch) {
      for (let start = 0; start < piece.length; ) {
        const part = piece.subarray(start, start + BLOCK_BYTES - used);
        block.set(part, used);
        used += part.length;
        start += part.length;
        if (used < BLOCK_BYTES) continue;
        yield block;
        block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
        used = 0;
      }
    }
  }
  if (used > 0) yield block.subarray(0, used);
}
