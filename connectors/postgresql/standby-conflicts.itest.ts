import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PgReads, pgReads, untilTrue } from '../../test/helpers/pg-reads.ts';
import { startStandby } from '../../test/helpers/pg-standby.ts';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';

let primary: PostgresServer;
let standby: PostgresServer;
let onPrimary: pg.Client;
let onStandby: pg.Client;
let reads: PgReads;

beforeAll(async () => {
  primary = await startPostgres({ settings: { wal_level: 'replica', max_wal_senders: '4' } });
  onPrimary = await primary.superuser();
  await onPrimary.query('CREATE TABLE orders AS SELECT 1 AS id');
  await primary.addRole('exhibit', 'IN ROLE pg_read_all_stats');
  standby = await startStandby(primary, 'standby_a');
  onStandby = await standby.superuser();
  for (const setting of ["max_standby_streaming_delay = '0'", "hot_standby_feedback = 'off'"])
    await onStandby.query(`ALTER SYSTEM SET ${setting}`);
  await onStandby.query('SELECT pg_reload_conf()');
  reads = pgReads(standby.dsn('postgres', 'exhibit'));
});

afterAll(async () => {
  await reads.close();
  await standby.stop();
  await primary.stop();
});

it('says that replay has cancelled queries on the standby, and because of what', async () => {
  const [quiet] = await reads.read('recovery_conflicts');
  expect(quiet).toMatchObject({ class: 'state', body: { database: 'postgres', lock: 0, reasons: [] } });
  const report = await standby.superuser();
  await report.query('BEGIN');
  await report.query('SELECT count(*) FROM orders');
  await onPrimary.query('TRUNCATE orders');
  await untilTrue(
    onStandby,
    "(SELECT confl_lock > 0 FROM pg_stat_database_conflicts WHERE datname = 'postgres')",
  );
  const records = await reads.read('recovery_conflicts');
  expect(records.find(({ body }) => body['database'] === 'postgres')).toMatchObject({
    class: 'symptom',
    entity: 'postgresql://orders-db/postgres',
    body: { lock: 1, lock_step: 1, snapshot_step: 0, reasons: ['lock'] },
  });
});
