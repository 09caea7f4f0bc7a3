import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReadSpec } from '../../connectors/sdk/index.ts';
import { proveReads } from './reads.ts';
import { loadSqlGuard, type SqlGuard } from './sql.ts';

let guard: SqlGuard;

beforeAll(async () => {
  guard = await loadSqlGuard();
});

function read(id: string, language: ReadSpec['language'], file: string): ReadSpec {
  return {
    id,
    title: id,
    file,
    language,
    mode: 'full',
    emits: ['s'],
    interval: 1_000,
    budget: { duration: 1_000, rows: 1, bytes: 1, calls: 1 },
    needs: [],
  };
}

const WAL = 'SELECT w.wal_bytes FROM pg_catalog.pg_stat_wal AS w';
const VARIANT = 'SELECT w.wal_records, pg_catalog.now() AS at FROM pg_catalog.pg_stat_wal AS w';
const PODS = 'resource: pods\nlist: /api/v1/pods\nverbs: [list, watch]';
const PULLS = `list: { method: GET, path: '/repos/{owner}/{repo}/pulls' }`;
const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('proveReads', () => {
  it('proves every file, variants of another server version included, each by its digest', () => {
    const reads = [
      read('wal', 'sql/postgresql', 'queries/wal.sql'),
      read('pods', 'kubernetes', 'queries/pods.yaml'),
      read('pulls', 'rest', 'queries/pulls.yaml'),
    ];
    const texts = new Map([
      ['queries/wal.sql', WAL],
      ['queries/wal.16.sql', VARIANT],
      ['queries/pods.yaml', PODS],
      ['queries/pulls.yaml', PULLS],
    ]);
    const none = { relations: [], functions: [], columns: [] };
    expect(proveReads({ reads }, texts, guard)).toEqual({
      problems: [],
      proofs: [
        {
          read: 'wal',
          file: 'queries/wal.sql',
          language: 'sql/postgresql',
          digest: digest(WAL),
          relations: ['pg_catalog.pg_stat_wal'],
          functions: [],
          columns: ['pg_catalog.pg_stat_wal.wal_bytes'],
        },
        {
          read: 'wal',
          file: 'queries/wal.16.sql',
          language: 'sql/postgresql',
          digest: digest(VARIANT),
          relations: ['pg_catalog.pg_stat_wal'],
          functions: ['pg_catalog.now'],
          columns: ['pg_catalog.pg_stat_wal.wal_records'],
        },
        { read: 'pods', file: 'queries/pods.yaml', language: 'kubernetes', digest: digest(PODS), ...none },
        { read: 'pulls', file: 'queries/pulls.yaml', language: 'rest', digest: digest(PULLS), ...none },
      ],
    });
  });

  it('names the file of everything that is not proved, and proves the rest', () => {
    const reads = [
      read('wal', 'sql/postgresql', 'queries/wal.sql'),
      read('orders', 'sql/postgresql', 'queries/orders.sql'),
      read('bare', 'sql/postgresql', 'queries/bare.sql'),
      read('gone', 'sql/postgresql', 'queries/gone.sql'),
      read('graph', 'graphql', 'queries/graph.graphql'),
      read('pods', 'kubernetes', 'queries/pods.yaml'),
    ];
    const texts = new Map([
      ['queries/wal.sql', WAL],
      ['queries/orders.sql', 'SELECT o.id FROM shop.orders AS o'],
      ['queries/bare.sql', 'SELECT now()'],
      ['queries/graph.graphql', '{ viewer { login } }'],
      ['queries/pods.yaml', PODS.replace('watch', 'delete')],
      ['queries/stray.sql', WAL],
    ]);
    const { proofs, problems } = proveReads({ reads }, texts, guard);
    expect(proofs.map((proof) => proof.read)).toEqual(['wal']);
    expect(problems.map(({ read: id, file, code }) => [id, file, code])).toEqual([
      ['orders', 'queries/orders.sql', 'RELATION'],
      ['bare', 'queries/bare.sql', 'UNQUALIFIED'],
      ['gone', 'queries/gone.sql', 'MISSING'],
      ['graph', 'queries/graph.graphql', 'NO_GUARD'],
      ['pods', 'queries/pods.yaml', 'VERB'],
      [null, 'queries/stray.sql', 'UNNAMED'],
    ]);
  });
});
