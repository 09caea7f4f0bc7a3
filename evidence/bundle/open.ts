import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { ByteReader } from './byte-reader.ts';
import { startsWith } from './entry.ts';
import { gunzip } from './gzip.ts';
import { jsonSource, readJsonForm } from './json-read.ts';
import { MAX_JSON_BYTES } from './limits.ts';
import { NDJSON_START, readNdjsonForm } from './ndjson-read.ts';
import { UnreadableBundle } from './refuse.ts';
import type { BundleSource } from './source.ts';
import { readTarForm } from './tar-read.ts';

/** A path, a whole file, or what comes out of a pipe. */
export type BundleInput = string | Uint8Array | AsyncIterable<Uint8Array>;

const READ_BYTES = 256 * 1024;

const NDJSON = Buffer.from(`${NDJSON_START}\n`);
const JSON_START = Buffer.from('{"attestation":');
const GZIP = Buffer.of(0x1f, 0x8b);
const AGE = [Buffer.from('age-encryption.org/'), Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----')];

/**
 * Opens a bundle in any of its forms, which the first bytes tell. Throws UnreadableBundle, or the error of the file
 * system for a path that can not be read. Close it.
 */
export async function openBundle(input: BundleInput): Promise<BundleSource> {
  const whole = input instanceof Uint8Array ? input : await wholeJson(input);
  if (whole !== null && startsWith(whole, JSON_START, 0)) return jsonSource(whole);
  const reader = new ByteReader(chunksOf(input));
  try {
    return await openReader(reader);
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** A JSON form in a regular file, read in one go: putting it together from pieces would take longer than looking at it. */
async function wholeJson(input: BundleInput): Promise<Uint8Array | null> {
  if (typeof input !== 'string') return null;
  const stats = await stat(input);
  // A folder opens without complaint and fails at the first read; say it before.
  if (stats.isDirectory()) throw new UnreadableBundle('SHAPE', 'file', 'is a folder');
  // A pipe can be opened only once.
  if (!stats.isFile() || stats.size > MAX_JSON_BYTES) return null;
  const file = await open(input);
  try {
    const { buffer } = await file.read(Buffer.alloc(JSON_START.length), 0, JSON_START.length, 0);
    return JSON_START.equals(buffer) ? await file.readFile() : null;
  } finally {
    await file.close();
  }
}

async function openReader(reader: ByteReader): Promise<BundleSource> {
  const start = await reader.peek(64);
  if (startsWith(start, NDJSON, 0)) return readNdjsonForm(reader);
  if (startsWith(start, JSON_START, 0)) {
    const source = await readJsonForm(reader);
    await reader.close();
    return source;
  }
  if (startsWith(start, GZIP, 0)) return readArchive(reader);
  if (AGE.some((each) => startsWith(start, each, 0))) {
    throw new UnreadableBundle('SHAPE', 'file', 'is encrypted: use "exhibit bundle decrypt" first');
  }
  const what = 'does not begin like a bundle (JSON, NDJSON or tar.gz)';
  throw new UnreadableBundle(start.length === 0 ? 'TRUNCATED' : 'SHAPE', 'file', what);
}

async function readArchive(reader: ByteReader): Promise<BundleSource> {
  const unpacked = new ByteReader(gunzip(reader));
  const close = async (): Promise<void> => {
    await unpacked.close();
    await reader.close();
  };
  try {
    return await readTarForm(unpacked, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function chunksOf(input: BundleInput): AsyncIterable<Uint8Array> {
  if (input instanceof Uint8Array) return one(input);
  return typeof input === 'string' ? createReadStream(input, { highWaterMark: READ_BYTES }) : input;
}

// Async because a stream is.
async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
