import { createSign, generateKeyPairSync, hash, randomBytes } from 'node:crypto';
import { print, rate } from './measure.ts';

/** What this machine's OpenSSL and V8 can do at most: nothing built on them is faster. */
export interface Limits {
  /** Signatures a second. */
  readonly sign: number;
  /** MB/s of SHA-256 over blocks of one item. */
  readonly sha256: number;
  /** MB/s. */
  readonly jsonParse: number;
  /** MB/s. */
  readonly jsonStringify: number;
}

const MB = 1e6;

export async function measureLimits(sampleItem: string): Promise<Limits> {
  const block = randomBytes(1_024 * 1_024);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const parsed: unknown = JSON.parse(sampleItem);
  const bytes = Buffer.byteLength(sampleItem);
  const sha256Block = await rate(block.length / MB, () => hash('sha256', block, 'hex'));
  const sha256 = await rate((1_000 * bytes) / MB, () =>
    repeat(1_000, () => hash('sha256', sampleItem, 'hex')),
  );
  const sign = await rate(100, () =>
    repeat(100, () => createSign('sha256').update('payload').sign(privateKey)),
  );
  const jsonParse = await rate((1_000 * bytes) / MB, () => repeat(1_000, () => JSON.parse(sampleItem)));
  const jsonStringify = await rate((1_000 * bytes) / MB, () => repeat(1_000, () => JSON.stringify(parsed)));
  print({ name: 'limit.sha256.1MiB', value: sha256Block, unit: 'MB/s' });
  print({ name: 'limit.sha256.item', value: sha256, unit: 'MB/s', note: `${bytes} bytes an item` });
  print({ name: 'limit.p256.sign', value: sign, unit: '1/s' });
  print({ name: 'limit.json.parse', value: jsonParse, unit: 'MB/s' });
  print({ name: 'limit.json.stringify', value: jsonStringify, unit: 'MB/s' });
  return { sign, sha256, jsonParse, jsonStringify };
}

function repeat(times: number, task: () => unknown): void {
  for (let index = 0; index < times; index += 1) task();
}
