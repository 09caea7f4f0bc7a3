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
const POOLS = 'SHOW POOLS\n';
const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('proveReads', () => {
  it('proves every file, variants of another server version included, each by its digest', () => {
    const reads = [
      read('wal', 'sql/postgresql', 'queries/wal.sql'),
      read('pods', 'kubernetes', 'queries/pods.yaml'),
      read('pulls', 'rest', 'queries/pulls.yaml'),
      read('pools', 'pgbouncer', 'queries/pools.sql'),
    ];
    const texts = new Map([
      ['queries/pools.sql', POOLS],
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
        { read: 'pools', file: 'queries/pools.sql', language: 'pgbouncer', digest: digest(POOLS), ...none },
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

  describe('a template that names the texts of statements', () => {
    const texts = new Map([
      ['queries/texts.sql', 'SELECT s.queryid, s.query FROM public.pg_stat_statements AS s'],
    ]);
    const template = read('texts', 'sql/postgresql', 'queries/texts.sql');

    it('is proved for a read that runs only with the capability for it', () => {
      const { proofs, problems } = proveReads(
        { reads: [{ ...template, capability: 'statement-texts' }] },
        texts,
        guard,
      );
      expect(problems).toEqual([]);
      expect(proofs.map(({ columns }) => columns)).toEqual([
        ['public.pg_stat_statements.query', 'public.pg_stat_statements.queryid'],
      ]);
    });

    it.each([{}, { capability: 'cdc' }, { capability: 'toString' }])('is refused for %o', (more) => {
      const { proofs, problems } = proveReads({ reads: [{ ...template, ...more }] }, texts, guard);
      expect(proofs).toEqual([]);
      expect(problems.map(({ code }) => code)).toEqual(['SENSITIVE_COLUMN']);
    });

    it.each([
      ['SELECT a.query FROM pg_catalog.pg_stat_activity AS a', 'SENSITIVE_COLUMN'],
      ['SELECT s.query FROM evil.pg_stat_statements AS s', 'RELATION'],
      ['SELECT s.query FROM public.pg_stat_statements(true) AS s', 'ARGUMENT'],
    ])('opens nothing else: %s', (text, code) => {
      const { problems } = proveReads(
        { reads: [{ ...template, capability: 'statement-texts' }] },
        new Map([['queries/texts.sql', text]]),
        guard,
      );
      expect(problems.map((problem) => problem.code)).toEqual([code]);
    });
  });

  describe('the files of a read of changes', () => {
    const peek = `SELECT c.data FROM pg_catalog.pg_logical_slot_peek_binary_changes($1, NULL, 9, 'a', 'b') AS c`;
    const drop = 'SELECT true AS dropped FROM pg_catalog.pg_drop_replication_slot($1) AS d';
    const spec = {
      ...read('cdc', 'sql/postgresql', 'queries/cdc.sql'),
      mode: 'cdc' as const,
      steps: ['drop', 'slot'],
    };
    const slot = 'SELECT s.wal_status FROM pg_catalog.pg_replication_slots AS s';
    const prove = (reads: readonly ReadSpec[], more: Readonly<Record<string, string>> = {}) => {
      const files = { 'cdc.sql': peek, 'cdc.drop.sql': drop, 'cdc.slot.sql': slot, ...more };
      const texts = new Map(Object.entries(files).map(([name, text]) => [`queries/${name}`, text]));
      const { proofs, problems } = proveReads({ reads: [...reads] }, texts, guard);
      return {
        proved: proofs.map(({ file }) => file),
        refused: problems.map(({ file, code }) => `${file} ${code}`),
      };
    };

    it('may each do the one thing to a slot that is their step', () => {
      const files = ['queries/cdc.sql', 'queries/cdc.drop.sql', 'queries/cdc.slot.sql'];
      expect(prove([spec])).toEqual({ proved: files, refused: [] });
    });

    it.each([
      ['drops in place of looking', { 'cdc.sql': drop }, 'queries/cdc.sql FUNCTION'],
      ['drops where it looks at the slot', { 'cdc.slot.sql': drop }, 'queries/cdc.slot.sql FUNCTION'],
      ['takes what it should leave', { 'cdc.sql': peek.replace('peek', 'get') }, 'queries/cdc.sql FUNCTION'],
      ['is no step of the manifest', { 'cdc.create.sql': drop }, 'queries/cdc.create.sql UNNAMED'],
    ])('are refused where one %s', (_, more, refused) => {
      expect(prove([spec], more).refused).toEqual([refused]);
    });

    it('are refused for a read of any other mode, whatever its capability', () => {
      const refused = ['queries/cdc.sql FUNCTION', 'queries/cdc.drop.sql FUNCTION'];
      expect(prove([{ ...spec, mode: 'full', capability: 'cdc' }]).refused).toEqual(refused);
    });
  });
});
