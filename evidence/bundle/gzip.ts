import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw, createInflateRaw, type InflateRaw } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { BLOCK_BYTES, MAX_RATIO, MAX_STREAM_BYTES, RATIO_FROM_BYTES } from './limits.ts';
import { UnreadableBundle } from './refuse.ts';

/**
 * gzip (RFC 1952) with one spelling of everything around the compressed data: no name, no time, no operating system.
 * The same input gives the same bytes with the same zlib; another zlib may compress differently, which changes
 * nothing that is inside.
 */

const HEADER = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
const TRAILER_BYTES = 8;
const LEVEL = 6;
const WHERE = 'compression';

export async function* gzip(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let [crc, size] = [0, 0];
  async function* counted(): AsyncGenerator<Uint8Array, void> {
    for await (const block of blocks) {
      crc = crc32(block, crc);
      size += block.length;
      yield block;
    }
  }
  yield HEADER;
  const deflate = createDeflateRaw({ level: LEVEL, chunkSize: BLOCK_BYTES });
  yield* through(counted(), deflate);
  yield trailer(crc, size);
}

/** Throws UnreadableBundle for what is no gzip, is cut off, unpacks to too much, or goes on behind its end. */
export async function* gunzip(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  if (!HEADER.equals(await reader.exactly(HEADER.length, WHERE))) {
    throw new UnreadableBundle('ARCHIVE', WHERE, 'the gzip header is not the one an agent writes');
  }
  const compressed = new Compressed(reader);
  const inflate = createInflateRaw({ chunkSize: BLOCK_BYTES });
  let [crc, size] = [0, 0];
  try {
    for await (const chunk of through(compressed.data(), inflate)) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      assertNoBomb(size, inflate.bytesWritten);
      yield chunk;
    }
  } catch (cause) {
    throw isZlibError(cause) ? damaged(cause) : cause;
  }
  if (!compressed.isOver || inflate.bytesWritten !== compressed.bytes) {
    throw new UnreadableBundle('ARCHIVE', WHERE, 'something follows the compressed data');
  }
  if (compressed.trailer.equals(trailer(crc, size))) return;
  throw new UnreadableBundle('ARCHIVE', WHERE, 'checksum or length do not fit the data');
}

/** What lies between header and trailer; the last bytes are held back until it is known that they are the last. */
class Compressed {
  readonly #reader: ByteReader;
  trailer: Buffer = Buffer.alloc(0);
  bytes = 0;
  isOver = false;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  async *data(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of this.#reader.rest()) {
      const held = Buffer.concat([this.trailer, piece]);
      const end = Math.max(0, held.length - TRAILER_BYTES);
      this.trailer = held.subarray(end);
      this.bytes += end;
      if (end > 0) yield held.subarray(0, end);
    }
    this.isOver = true;
  }
}

async function* through(
  input: AsyncIterable<Uint8Array>,
  transform: ReturnType<typeof createDeflateRaw> | InflateRaw,
): AsyncGenerator<Uint8Array, void> {
  // What goes wrong comes out of the loop below: `pipeline` hands errors on by destroying the transform.
  const fed = pipeline(Readable.from(input, { objectMode: false }), transform).catch(() => undefined);
  try {
    for await (const chunk of transform as AsyncIterable<Uint8Array>) yield chunk;
  } finally {
    transform.destroy();
    await fed;
  }
}

function assertNoBomb(size: number, packed: number): void {
  if (size > MAX_STREAM_BYTES) {
    throw new UnreadableBundle('TOO_LARGE', WHERE, `unpacks to more than ${MAX_STREAM_BYTES} bytes`);
  }
  if (size > RATIO_FROM_BYTES && size > packed * MAX_RATIO) {
    throw new UnreadableBundle('TOO_LARGE', WHERE, `unpacks to more than ${MAX_RATIO} times its size`);
  }
}

function trailer(crc: number, size: number): Buffer {
  const bytes = Buffer.alloc(TRAILER_BYTES);
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(size % 2 ** 32, 4);
  return bytes;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function damaged(cause: unknown): UnreadableBundle {
  const isShort = cause instanceof Error && 'code' in cause && cause.code === 'Z_BUF_ERROR';
  return isShort
    ? new UnreadableBundle('TRUNCATED', WHERE, 'the file ends too early', { cause })
    : new UnreadableBundle('ARCHIVE', WHERE, 'the compressed data is damaged', { cause });
}
