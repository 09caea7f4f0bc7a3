import { inflateRawSync } from 'node:zlib';
import { expect } from 'vitest';
import { seal } from '../../seal.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleEnvelopes,
  sampleKeys,
  sampleProofs,
} from '../../testing/samples.ts';
import { bundleOf } from '../assemble.ts';
import { gzip } from '../gzip.ts';
import { openBundle } from '../open.ts';
import { UnreadableBundle } from '../refuse.ts';
import { writableOf } from '../writable.ts';
import { writeBundle } from '../write.ts';
import { collect, readAll } from './random-bundle.ts';

/** A bundle of three items in every form, and what the tests of the readers do with it. */

const GZIP_HEADER = 10;
const GZIP_TRAILER = 8;

const keys = sampleKeys();
const envelopes = sampleEnvelopes(3);
const sealed = await seal(envelopes, sampleBundleContext(envelopes, keys));
const sample = writableOf(bundleOf(sealed, SAMPLE_PARTS, sampleProofs(sealed)));

export const SAMPLE_FORMS = {
  json: await collect(writeBundle(sample, 'json')),
  ndjson: await collect(writeBundle(sample, 'ndjson')),
  tar: await collect(writeBundle(sample, 'tar')),
};

/** The archive as our gzip holds it. */
export function unpacked(bytes: Buffer): Buffer {
  return inflateRawSync(bytes.subarray(GZIP_HEADER, -GZIP_TRAILER));
}

export async function packed(bytes: Uint8Array): Promise<Buffer> {
  return collect(gzip(one(bytes)));
}

/** Why the bytes are refused; null when they are read to the end. */
export async function refusal(bytes: Uint8Array): Promise<UnreadableBundle | null> {
  try {
    await readAll(await openBundle(one(bytes)));
    return null;
  } catch (error) {
    if (error instanceof UnreadableBundle) return error;
    throw error;
  }
}

export async function expectRefused(bytes: Uint8Array, reason: string, where: RegExp): Promise<void> {
  const refused = await refusal(bytes);
  expect(refused).toMatchObject({ code: 'BUNDLE', reason });
  expect(refused?.where).toMatch(where);
  expect(refused?.message).not.toContain('undefined');
}

/** Fails when there is nothing to replace. */
export function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const text = bytes.toString('latin1');
  if (!text.includes(from)) throw new Error(`the sample has no ${from}`);
  return Buffer.from(
    text.replace(from, () => to),
    'latin1',
  );
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
