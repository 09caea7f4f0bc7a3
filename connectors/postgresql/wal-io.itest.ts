import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../../test/helpers/pg-stage.ts';

const SETTINGS = {
  archive_mode: 'on',
  archive_command: 'false',
  track_io_timing: 'on',
  // Checkpoints only when somebody asks.
  checkpoint_timeout: '1h',
};

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(SETTINGS);
});

afterAll(() => stage.close(), 30_000);

afterEach(() => stage.endSessions());

describe('log, checkpoints and I/O', () => {
  it('tell of an archiver that fails, how much waits for it, and that it works again', async () => {
    const { rows } = await stage.admin.query<{ readonly bytes: string }>(
      'SELECT wal_bytes AS bytes FROM pg_stat_wal',
    );
    await stage.reads.read('wal');
    for (let count = 0; count < 3; count += 1) {
      await stage.admin.query('CREATE TABLE burst AS SELECT g FROM generate_series(1, 1000) AS g');
      await stage.admin.query('DROP TABLE burst');
      await stage.admin.query('SELECT pg_switch_wal()');
    }
    await stage.until('(SELECT failed_count > 0 FROM pg_stat_archiver)');
    await stage.until(`(SELECT wal_bytes > ${Number(rows[0]?.bytes) + 100_000} FROM pg_stat_wal)`);
    const failing = await stage.reads.one('wal');
    expect(failing.class).toBe('symptom');
    expect(failing.body['reasons']).toEqual(['archiver_failed']);
    expect(failing.body['wal_bytes_step']).toBeGreaterThan(100_000);
    expect(failing.body['wal_bytes_per_second']).toBeGreaterThan(0);

    await stage.admin.query(`ALTER SYSTEM SET archive_command = 'true'`);
    await stage.admin.query('SELECT pg_reload_conf()');
    // It sleeps for a minute after three failures, unless another segment is finished.
    await stage.until(`(SELECT archived_count > 2 FROM pg_stat_archiver) OR pg_switch_wal() IS NULL`);
    await stage.reads.read('wal');
    const working = await stage.reads.one('wal');
    expect(working.class).toBe('state');
    expect(working.body).toMatchObject({ archiving: true, failed_count_step: 0, reasons: [] });
    expect(working.body['archive_pending']).toBeTypeOf('number');
  });

  it('tell of checkpoints that somebody asks for again and again', async () => {
    await stage.reads.read('checkpoints');
    const requested =
      stage.server.version >= 17
        ? 'SELECT num_requested FROM pg_stat_checkpointer'
        : 'SELECT checkpoints_req FROM pg_stat_bgwriter';
    const { rows } = await stage.admin.query<Record<string, string>>(requested);
    const before = Number(Object.values(rows[0] ?? {})[0]);
    await stage.admin.query('CREATE TABLE load (g int)');
    for (let count = 0; count < 4; count += 1) {
      await stage.admin.query('INSERT INTO load SELECT g FROM generate_series(1, 5000) AS g');
      await stage.admin.query('CHECKPOINT');
    }
    await stage.admin.query('DROP TABLE load');
    await stage.until(`(${requested}) >= ${before + 4}`);
    const { class: kind, body } = await stage.reads.one('checkpoints');
    expect(kind).toBe('symptom');
    expect(body).toMatchObject({ requested_step: 4, timed_step: 0, window_requested: 4, window_timed: 0 });
    expect(body['reasons']).toEqual(['requested_checkpoints']);
    expect(body['buffers_written_step']).toBeGreaterThan(20);
    expect(body['buffers_backend_step']).toBeTypeOf('number');
  });

  it('tell who reads and writes, or that the server is too old to know', async () => {
    if (stage.server.version < 16) {
      await expect(stage.reads.read('io')).rejects.toThrow('UNSUPPORTED');
      return;
    }
    await stage.reads.read('io');
    const client = await stage.session();
    await client.query('SELECT count(*) FROM invoices CROSS JOIN generate_series(1, 1000)');
    await client.end();
    const { body } = await stage.reads.one('io');
    expect(body['operations']).toContainEqual(
      expect.objectContaining({ backend_type: 'client_backend', object: 'relation', context: 'normal' }),
    );
    for (const operation of body['operations'] as readonly Readonly<Record<string, unknown>>[])
      expect(operation['since']).toMatch(/^\d{4}-/);
  });

  it('call the small caches by the same names on every version', async () => {
    const { rows } = await stage.admin.query<{ readonly at: string }>('SELECT clock_timestamp()::text AS at');
    await stage.admin.query('SELECT pg_stat_reset_slru(NULL)');
    await stage.admin.query('CREATE TABLE marked AS SELECT 1 AS id');
    for (let count = 0; count < 40; count += 1)
      await stage.admin.query(`SELECT count(*) FROM payments WHERE id = ${count}`);
    await stage.admin.query('DROP TABLE marked');
    await stage.admin.query('CHECKPOINT');
    await stage.until(
      `EXISTS (SELECT FROM pg_stat_slru WHERE lower(name) IN ('xact', 'transaction') AND blks_hit + blks_written > 0 AND stats_reset >= '${rows[0]?.at}')`,
    );
    const { class: kind, body } = await stage.reads.one('slru');
    const names = (body['caches'] as readonly Readonly<Record<string, unknown>>[]).map(
      (cache) => cache['name'],
    );
    expect(kind).toBe('state');
    expect(names).toContain('transaction');
    for (const name of names) expect(name).toMatch(/^(multixact_(member|offset)|[a-z]+|commit_timestamp)$/);
  });

  it('tell nothing of replay on a server that replays nothing', async () => {
    expect(await stage.reads.read('recovery_conflicts')).toEqual([]);
  });
});
