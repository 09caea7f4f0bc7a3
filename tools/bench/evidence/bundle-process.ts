import { createWriteStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BUNDLE_FORMS, type BundleForm } from '../../../evidence/bundle/documents.ts';
import { MAX_JSON_BYTES } from '../../../evidence/bundle/limits.ts';
import { openBundle } from '../../../evidence/bundle/open.ts';
import { writableOf } from '../../../evidence/bundle/writable.ts';
import { writeBundle } from '../../../evidence/bundle/write.ts';
import { type Trust, verifyBundle } from '../../../evidence/verify.ts';
import type { BundleTimes } from './bundles.ts';
import { largeBundle } from './large-bundle.ts';

/** One measurement in a process of its own: `write <folder> <items>` or `verify <folder> <items> <form>`. */
const [what = '', folder = '', size = '', form = ''] = process.argv.slice(2);
const times = what === 'write' ? await writeAll() : [await verifyOne(form)];
process.stdout.write(JSON.stringify(times));

async function writeAll(): Promise<readonly BundleTimes[]> {
  const items = JSON.parse(await readFile(join(folder, 'items.json'), 'utf8')) as string[];
  const { bundle, trust, content } = await largeBundle(items, Number(size));
  await writeFile(join(folder, `${size}.trust.json`), JSON.stringify(trust));
  const written: BundleTimes[] = [];
  for (const each of BUNDLE_FORMS) {
    // The JSON form is one text in memory, and has a cap.
    if (each === 'json' && content > MAX_JSON_BYTES) continue;
    written.push(await writeOne(each, content, bundle));
  }
  return written;
}

async function writeOne(
  each: BundleForm,
  content: number,
  bundle: Parameters<typeof writableOf>[0],
): Promise<BundleTimes> {
  const file = join(folder, `${size}.${each}`);
  const startedAt = performance.now();
  await pipeline(writeBundle(writableOf(bundle), each), createWriteStream(file));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { form: each, bytes: (await stat(file)).size, content, seconds, peak: peak() };
}

async function verifyOne(each: string): Promise<BundleTimes> {
  const file = join(folder, `${size}.${each}`);
  const trust = JSON.parse(await readFile(join(folder, `${size}.trust.json`), 'utf8')) as Trust;
  // Small bundles are over before the code is compiled: the best of several says what a service sees.
  const rounds = Number(size) <= 10_000 ? 20 : 2;
  let seconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    const report = await verifyBundle(file, trust);
    seconds = Math.min(seconds, (performance.now() - startedAt) / 1_000);
    if (!report.good)
      throw new Error(`the bundle of the benchmark is not good: ${problemsOf(report.checks)}`);
  }
  const peakOfVerify = peak();
  return {
    form: each,
    bytes: (await stat(file)).size,
    content: await contentBytes(file),
    seconds,
    peak: peakOfVerify,
  };
}

function problemsOf(checks: readonly { result: string; problem?: { code: string } }[]): string {
  return checks.flatMap(({ result, problem }) => (result === 'failed' ? problem?.code : [])).join(', ');
}

async function contentBytes(file: string): Promise<number> {
  const source = await openBundle(file);
  let bytes = 0;
  for (const document of source.documents.values()) bytes += document.length;
  for await (const batch of source.contents()) for (const entry of batch) bytes += entry.length;
  for await (const batch of source.items()) for (const entry of batch) bytes += entry.length;
  await source.close();
  return bytes;
}

function peak(): number {
  return process.resourceUsage().maxRSS * 1_024;
}
