import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type PgReads, pgReads } from '../../test/helpers/pg-reads.ts';
import { startStandby } from '../../test/helpers/pg-standby.ts';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import type { Observation } from '../sdk/index.ts';

const SETTINGS = {
  wal_level: 'logical',
  max_wal_senders: '8',
  max_replication_slots: '8',
  max_wal_size: '32MB',
  min_wal_size: '32MB',
  max_slot_wal_keep_size: '128MB',
  wal_sender_timeout: '10s',
  wal_retrieve_retry_interval: '500ms',
};
const PATIENCE = { timeout: 60_000, interval: 200 };

let primary: PostgresServer;
let standby: PostgresServer;
let admin: pg.Client;
let onPrimary: PgReads;
let onStandby: PgReads;

/** `extensions` must be there before the copy is made, and so must the role. */
beforeAll(async () => {
  primary = await startPostgres({ settings: SETTINGS });
  admin = await primary.superuser();
  await admin.query('CREATE TABLE orders (id int PRIMARY KEY, note text)');
  await primary.addRole('exhibit', 'IN ROLE pg_read_all_stats');
  standby = await startStandby(primary, 'standby_a');
  onPrimary = pgReads(primary.dsn('postgres', 'exhibit'));
  onStandby = pgReads(standby.dsn('postgres', 'exhibit'));
});

afterAll(async () => {
  await onPrimary.close();
  await onStandby.close();
  await standby.stop();
  await primary.stop();
});

/** Reads until the record that is asked for says what is expected of it. */
async function until(
  reads: PgReads,
  id: string,
  which: (body: Readonly<Record<string, unknown>>) => boolean,
  expected: object,
): Promise<Observation> {
  return vi.waitFor(async () => {
    const found = (await reads.read(id)).find((record) => which(record.body));
    expect(found).toMatchObject(expected);
    if (found === undefined) throw new Error('not there');
    return found;
  }, PATIENCE);
}

const any = (): boolean => true;

describe('a standby', () => {
  it('is seen by its primary with its lag by stage', async () => {
    const { body } = await until(onPrimary, 'replication', (one) => one['state'] === 'streaming', {
      class: 'state',
      body: { sync_state: 'async', reply_ms: expect.any(Number), replay_lag_bytes: expect.any(Number) },
    });
    expect(JSON.stringify(body)).not.toContain('127.0.0.1');
  });

  it('says what it receives, and never from where', async () => {
    const { body } = await until(onStandby, 'recovery', any, {
      class: 'state',
      body: {
        in_recovery: true,
        receivers: 1,
        receiver_status: 'streaming',
        receiver_slot: 'standby_a',
        pause_state: 'not_paused',
      },
    });
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${primary.password}|${primary.port}|127\\.0`));
  });

  it('shows as a symptom that its replay is paused, with what piles up', async () => {
    const control = await standby.superuser();
    await control.query('SELECT pg_wal_replay_pause()');
    await admin.query("INSERT INTO orders SELECT g, repeat('x', 100) FROM generate_series(1, 5000) AS g");
    await until(onStandby, 'recovery', any, {
      class: 'symptom',
      body: { pause_state: 'paused', reason: 'replay_paused', replay_lag_bytes: expect.any(Number) },
    });
    // Taken, and not replayed: the stages come apart.
    await until(
      onPrimary,
      'replication',
      ({ flush_lag_bytes: flushed, replay_lag_bytes: replayed }) =>
        Number(replayed) > 100_000 && Number(flushed) < Number(replayed),
      {},
    );
    await control.query('SELECT pg_wal_replay_resume()');
    await until(onStandby, 'recovery', any, { class: 'state', body: { pause_state: 'not_paused' } });
    await control.end();
  });

  it('holds the horizon back through its feedback, and that is named', async () => {
    const reader = await standby.superuser();
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query('SELECT count(*) FROM orders');
    // A standby with a slot hands its feedback to the slot, not to the walsender.
    const { body } = await until(onPrimary, 'horizon', (one) => one['slot_name'] === 'standby_a', {});
    expect(body).toMatchObject({ holder: 'replication_slot', active: true, xmin_age: expect.any(Number) });
    await reader.query('ROLLBACK');
    await reader.end();
  });
});

describe('a slot that nobody uses', () => {
  it('retains log, then loses it, and each is told', async () => {
    await admin.query("SELECT pg_create_physical_replication_slot('forgotten', true)");
    const mine = (body: Readonly<Record<string, unknown>>): boolean => body['slot_name'] === 'forgotten';
    await until(onPrimary, 'replication_slots', mine, { class: 'state', body: { active: false } });
    for (let segment = 0; segment < 5; segment += 1) await burnSegment();
    await admin.query('CHECKPOINT');
    const growing = (await onPrimary.read('replication_slots')).find((record) => mine(record.body));
    expect(growing).toMatchObject({
      class: 'symptom',
      body: { wal_status: 'extended', reason: 'retains_for_nobody' },
    });
    expect(Number(growing?.body['retained_wal_bytes_step'])).toBeGreaterThan(32 * 1024 * 1024);
    for (let segment = 0; segment < 9; segment += 1) await burnSegment();
    await admin.query('CHECKPOINT');
    await until(onPrimary, 'replication_slots', mine, { class: 'symptom', body: { reason: 'lost' } });
    if (primary.version >= 17) {
      const [lost] = (await onPrimary.read('replication_slots')).filter((record) => mine(record.body));
      expect(lost?.body).toMatchObject({
        invalidation_reason: 'wal_removed',
        inactive_ms: expect.any(Number),
      });
    }
    await admin.query("SELECT pg_drop_replication_slot('forgotten')");
  });
});

async function burnSegment(): Promise<void> {
  await admin.query("SELECT pg_logical_emit_message(false, 'test', 'x')");
  await admin.query('SELECT pg_switch_wal()');
}

describe('synchronous commit without anybody to wait for', () => {
  it('is a symptom of the primary', async () => {
    await admin.query("ALTER SYSTEM SET synchronous_standby_names = 'nobody_of_that_name'");
    await admin.query("ALTER SYSTEM SET synchronous_commit = 'on'");
    await admin.query('SELECT pg_reload_conf()');
    await until(onPrimary, 'recovery', any, {
      class: 'symptom',
      body: { synchronous_wanted: true, synchronous_senders: 0, reason: 'no_synchronous_standby' },
    });
    await admin.query('ALTER SYSTEM RESET synchronous_standby_names');
    await admin.query('ALTER SYSTEM RESET synchronous_commit');
    await admin.query('SELECT pg_reload_conf()');
    await until(onPrimary, 'recovery', any, { class: 'state' });
  });
});

describe('a logical subscription', () => {
  let subscriber: PostgresServer;
  let there: pg.Client;
  let onSubscriber: PgReads;

  beforeAll(async () => {
    subscriber = await startPostgres({ settings: { wal_retrieve_retry_interval: '500ms' } });
    there = await subscriber.superuser();
    await there.query('CREATE TABLE accounts (id int PRIMARY KEY, note text)');
    await subscriber.addRole('exhibit', 'IN ROLE pg_read_all_stats');
    await admin.query('CREATE TABLE accounts (id int PRIMARY KEY, note text)');
    await admin.query('CREATE PUBLICATION accounts FOR TABLE accounts');
    const conninfo = `host=127.0.0.1 port=${primary.port} user=postgres password=${primary.password} dbname=postgres`;
    await there.query(`CREATE SUBSCRIPTION from_shop CONNECTION '${conninfo}' PUBLICATION accounts`);
    onSubscriber = pgReads(subscriber.dsn('postgres', 'exhibit'));
  });

  afterAll(async () => {
    await there.query('ALTER SUBSCRIPTION from_shop DISABLE');
    await there.query('ALTER SUBSCRIPTION from_shop SET (slot_name = NONE)');
    await there.query('DROP SUBSCRIPTION from_shop');
    await onSubscriber.close();
    await subscriber.stop();
    await admin.query("SELECT pg_drop_replication_slot('from_shop')");
  });

  it('runs, with all its tables ready', async () => {
    const { body } = await until(onSubscriber, 'subscriptions', any, {
      class: 'state',
      body: { subscription: 'from_shop', enabled: true, apply_workers: 1, tables: 1, tables_not_ready: 0 },
    });
    expect(JSON.stringify(body)).not.toContain(primary.password);
    await until(onPrimary, 'replication_slots', (one) => one['slot_name'] === 'from_shop', {
      class: 'state',
      body: { active: true, plugin: 'pgoutput', database: 'postgres' },
    });
  });

  it('stops at a row that is there already, and says so without the row', async () => {
    await there.query("INSERT INTO accounts VALUES (7, 'canary-local-row')");
    await admin.query("INSERT INTO accounts VALUES (7, 'canary-remote-row')");
    // PostgreSQL 14 counts no errors: that its worker comes and goes is what shows.
    const reasons = primary.version >= 15 ? ['errors'] : ['not_running'];
    const { body } = await until(
      onSubscriber,
      'subscriptions',
      (one) => reasons.includes(String(one['reason'])),
      {
        class: 'symptom',
      },
    );
    if (primary.version >= 15) expect(Number(body['apply_errors_step'])).toBeGreaterThan(0);
    if (primary.version >= 18) expect(Number(body['insert_exists'])).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it('shows when somebody has disabled it', async () => {
    await there.query('ALTER SUBSCRIPTION from_shop DISABLE');
    await until(onSubscriber, 'subscriptions', any, {
      class: 'symptom',
      body: { enabled: false, reason: 'disabled' },
    });
  });
});

describe('a primary that is gone', () => {
  it('is missed by its standby', async () => {
    await until(onStandby, 'recovery', any, { class: 'state', body: { receivers: 1 } });
    await onPrimary.close();
    await primary.stop();
    await until(onStandby, 'recovery', any, {
      class: 'symptom',
      body: { receivers: 0, reason: 'receiver_lost' },
    });
  });
});
