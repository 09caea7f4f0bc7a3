import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { print } from '../measure.ts';
import type { OpensslSpeed } from './openssl.ts';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('bundle-process.ts', import.meta.url));

/** Set EXHIBIT_BENCH_ITEMS to other numbers, e.g. `100,10000`, for a shorter run. */
const SIZES = (process.env['EXHIBIT_BENCH_ITEMS'] ?? '100,10000,1000000').split(',').map(Number);

/** What a process that writes or verifies says when it is done. */
export interface BundleTimes {
  readonly form: string;
  /** Of the file. */
  readonly bytes: number;
  /** Of documents and lists, which is what is hashed: the file itself unless it is compressed. */
  readonly content: number;
  readonly seconds: number;
  /** The most memory that the process ever held, in bytes. */
  readonly peak: number;
}

/**
 * Writes and verifies bundles of all sizes in all forms. Each is written and verified by a process of its own, from and
 * to files, so that the peak of its memory says what it really needs.
 */
export async function benchBundles(items: readonly string[], speed: OpensslSpeed): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'exhibit-bench-bundle-'));
  try {
    await writeFile(join(folder, 'items.json'), JSON.stringify(items));
    for (const size of SIZES) {
      const written = await child('write', folder, size);
      for (const times of written) printTimes('bundle', size, times, speed);
      for (const { form } of written) {
        for (const times of await child('verify', folder, size, form))
          printTimes('verify', size, times, speed);
        await rm(join(folder, `${size}.${form}`));
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function child(
  what: 'write' | 'verify',
  folder: string,
  size: number,
  form = '',
): Promise<readonly BundleTimes[]> {
  const args = [CHILD, what, folder, String(size), form];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1e6 });
  return JSON.parse(stdout) as readonly BundleTimes[];
}

function printTimes(what: 'bundle' | 'verify', size: number, times: BundleTimes, speed: OpensslSpeed): void {
  const { form, bytes, content, seconds, peak } = times;
  const rate = content / seconds;
  const items = Math.round(size / seconds).toLocaleString('en');
  print({
    name: `evidence.${what}.${form}.${size}`,
    value: rate / 1e6,
    unit: 'MB/s',
    limit: 'one SHA-256 of all of it',
    ratio: rate / speed.sha256,
    note: `${items} items/s, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(3)} s, peak RSS ${Math.round(peak / 1e6)} MB`,
  });
}
