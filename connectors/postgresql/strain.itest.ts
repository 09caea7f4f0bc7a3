import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../../test/helpers/pg-stage.ts';
import type { Observation } from '../sdk/index.ts';

const SETTINGS = { max_connections: '40', deadlock_timeout: '100ms' };

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(SETTINGS);
});

afterAll(() => stage.close(), 30_000);

afterEach(() => stage.endSessions());

async function counter(name: string): Promise<string> {
  const { rows } = await stage.admin.query<{ readonly value: string }>(
    `SELECT ${name} AS value FROM pg_stat_database WHERE datname = current_database()`,
  );
  return rows[0]?.value ?? '0';
}

async function counterGrows(name: string, by: number): Promise<() => Promise<void>> {
  const before = Number(await counter(name));
  return () =>
    stage.until(
      `(SELECT ${name} >= ${before + by} FROM pg_stat_database WHERE datname = current_database())`,
    );
}

const ofOrders = (record: Observation): boolean => record.body['database'] === stage.shop.database;

describe('saturation', () => {
  afterEach(async () => {
    await stage.admin.query(`ALTER ROLE ${stage.shop.appRole} CONNECTION LIMIT -1`);
    await stage.admin.query(`ALTER DATABASE ${stage.shop.database} CONNECTION LIMIT -1`);
  });

  it('says that a role has used up its own limit while the server has room', async () => {
    await stage.admin.query(`ALTER ROLE ${stage.shop.appRole} CONNECTION LIMIT 3`);
    for (let count = 0; count < 3; count += 1) await stage.session();
    await expect(stage.session()).rejects.toMatchObject({ code: '53300' });

    const { class: kind, body } = await stage.reads.one(
      'connection_limits',
      (record) => record.body['user'] === stage.shop.appRole,
    );
    expect({ kind, body }).toEqual({
      kind: 'symptom',
      body: {
        kind: 'role',
        user: stage.shop.appRole,
        connection_limit: 3,
        used: 3,
        used_percent: 100,
        is_open: true,
        reasons: ['limit_reached'],
      },
    });
    const connections = await stage.reads.one('connections');
    expect(connections.class).toBe('state');
    expect(connections.body['applications']).toContainEqual({ application_name: 'checkout', backends: 3 });
    expect(connections.body['groups']).toContainEqual({
      database: stage.shop.database,
      backend_type: 'client_backend',
      state: 'idle',
      wait_event_type: 'Client',
      backends: expect.any(Number),
    });
  });

  it('says that a database is near its limit, and which one can not be entered any more', async () => {
    await stage.admin.query(`ALTER DATABASE ${stage.shop.database} CONNECTION LIMIT 5`);
    await stage.admin.query('CREATE DATABASE half_dropped');
    await stage.admin.query(`UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'half_dropped'`);
    for (let count = 0; count < 2; count += 1) await stage.session();
    // They, the administrator and the agent.
    const { class: kind, body } = await stage.reads.one('connection_limits', ofOrders);
    expect({ kind, body }).toMatchObject({
      kind: 'symptom',
      body: { kind: 'database', connection_limit: 5, used: 4, used_percent: 80, reasons: ['limit_near'] },
    });
    const invalid = await stage.reads.one(
      'connection_limits',
      (record) => record.body['database'] === 'half_dropped',
    );
    expect(invalid).toMatchObject({
      class: 'symptom',
      body: { is_open: false, reasons: ['database_invalid'] },
    });
    await stage.admin.query('DROP DATABASE half_dropped');
  });

  it('says whose password has just run out, and leaves alone those of long ago', async () => {
    const valid = async (name: string, until_: string): Promise<void> => {
      await stage.server.addRole(name);
      const { rows } = await stage.admin.query<{ readonly at: string }>(
        `SELECT (now() + '${until_}'::interval)::text AS at`,
      );
      await stage.admin.query(`ALTER ROLE ${name} VALID UNTIL '${rows[0]?.at ?? ''}'`);
    };
    await valid('app_expired', '-1 hour');
    await valid('app_old', '-1 year');
    await valid('app_later', '1 year');
    const observations = await stage.reads.read('connection_limits');
    const expired = observations.filter((record) => record.body['password_valid_until'] !== undefined);
    expect(expired).toEqual([
      expect.objectContaining({
        class: 'symptom',
        body: expect.objectContaining({ user: 'app_expired', reasons: ['password_expired'] }),
      }),
    ]);
    // The key must not say who it is.
    expect(expired[0]?.key).not.toContain('app_expired');
  });
});

describe('counters of a database', () => {
  it('tell of a deadlock and of a session that was killed', async () => {
    const [deadlocked, killed] = [
      await counterGrows('deadlocks', 1),
      await counterGrows('sessions_killed', 1),
    ];
    await stage.reads.read('database_counters');
    const [first, second] = [await stage.session(), await stage.session()];
    await first.query('BEGIN');
    await second.query('BEGIN');
    await first.query('UPDATE payments SET invoice = 1 WHERE id = 1');
    await second.query('UPDATE payments SET invoice = 1 WHERE id = 2');
    const both = await Promise.allSettled([
      first.query('UPDATE payments SET invoice = 2 WHERE id = 2'),
      second.query('UPDATE payments SET invoice = 2 WHERE id = 1'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await stage.admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
      stage.shop.appRole,
    ]);
    await deadlocked();
    await killed();
    const { class: kind, body } = await stage.reads.one('database_counters', ofOrders);
    expect(kind).toBe('symptom');
    expect(body).toMatchObject({ deadlocks_step: 1, sessions_killed_step: 2 });
    expect(body['reasons']).toEqual(expect.arrayContaining(['deadlocks', 'sessions_killed']));

    const after = await stage.reads.one('database_counters', ofOrders);
    expect(after.body).toMatchObject({ deadlocks_step: 0, sessions_killed_step: 0 });
  });

  it('tell a storm of rollbacks from what the agent itself rolls back', async () => {
    await stage.reads.read('database_counters');
    const enough = await counterGrows('xact_rollback', 300);
    const client = await stage.session();
    for (let count = 0; count < 300; count += 1) await client.query('SELECT 1/0').catch(() => undefined);
    await client.end();
    await enough();
    const storm = await stage.reads.one('database_counters', ofOrders);
    expect(storm.class).toBe('symptom');
    expect(storm.body['reasons']).toContain('rollbacks');
    expect(storm.body['rollback_percent']).toBeGreaterThan(50);

    const own = await counterGrows('xact_rollback', 40);
    for (let count = 0; count < 60; count += 1) await stage.reads.read('connection_limits');
    // A session hands its counters in at most once a second.
    await sleep(1_100);
    await stage.reads.read('connection_limits');
    await own();
    const quiet = await stage.reads.one('database_counters', ofOrders);
    expect(quiet.body['xact_rollback_step']).toBeGreaterThanOrEqual(30);
    expect(quiet.body['reasons']).toEqual([]);
  });

  it('tell of sorts that spill to disk', async () => {
    await stage.reads.read('database_counters');
    const spilled = await counterGrows('temp_bytes', 64 * 1024 ** 2);
    const client = await stage.session();
    await client.query(`SET work_mem = '64kB'`);
    await client.query(
      `SELECT count(*) FROM (SELECT md5(g::text) || md5(g::text) || md5(g::text) || md5(g::text) AS line
                             FROM generate_series(1, 500000) AS g ORDER BY 1 OFFSET 0) AS sorted`,
    );
    await client.end();
    await spilled();
    const { class: kind, body } = await stage.reads.one('database_counters', ofOrders);
    expect(kind).toBe('symptom');
    expect(body['reasons']).toEqual(['temp_files']);
    expect(body['temp_files_step']).toBeGreaterThan(0);
    expect(body['temp_bytes_step']).toBeGreaterThan(64 * 1024 ** 2);
  });
});

describe('contention', () => {
  async function queue(holder: string, waiter: string, count: number): Promise<number> {
    const root = await stage.session();
    await root.query('BEGIN');
    await root.query(holder);
    for (let waiting = 0; waiting < count; waiting += 1) {
      // Ended with its session; whatever becomes of it then is no concern of the test.
      void (await stage.session()).query(waiter).catch(() => undefined);
    }
    await stage.until(`(SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock') = ${count}`);
    const { rows } = await root.query<{ readonly pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]?.pid ?? 0;
  }

  it('shows a queue behind one advisory lock, who holds it, and not its key', async () => {
    const KEY = '734619285511';
    const holder = await queue(
      `SELECT pg_advisory_xact_lock(${KEY})`,
      `SELECT pg_advisory_xact_lock(${KEY})`,
      3,
    );
    const other = await stage.session();
    await other.query('SELECT pg_advisory_lock_shared(11, 22)');
    const records = await stage.reads.read('advisory_locks');
    expect(records[0]).toMatchObject({
      class: 'symptom',
      body: {
        held: 2,
        waiting: 3,
        keys: 2,
        queues: [
          {
            database: stage.shop.database,
            waiting: 3,
            holders: 1,
            holder_pid: holder,
            holder_mode: 'ExclusiveLock',
          },
        ],
      },
    });
    expect(records[0]?.body['locks']).toContainEqual({
      database: stage.shop.database,
      key_kind: 'two_integers',
      mode: 'ShareLock',
      granted: true,
      keys: 1,
      backends: 1,
    });
    const halves = [KEY, String(Number(BigInt(KEY) >> 32n)), String(Number(BigInt(KEY) & 0xffffffffn))];
    const text = JSON.stringify(records);
    for (const half of halves.filter((part) => part.length > 3)) expect(text).not.toContain(half);
  });

  it('sees a storm of row locks in the histogram, over several looks, and not itself', async () => {
    await queue(
      'SELECT 1 FROM payments WHERE id = 1 FOR UPDATE',
      'UPDATE payments SET invoice = 3 WHERE id = 1',
      6,
    );
    const { class: kind, body } = await stage.reads.one('wait_events');
    expect(kind).toBe('symptom');
    expect(body).toMatchObject({ samples: 10, waiting_on_lock: 6, busy_peak: expect.any(Number) });
    expect(body['reasons']).toEqual(['Lock']);
    expect(body['window_ms']).toBeGreaterThanOrEqual(1_500);
    const waits = body['waits'] as readonly Readonly<Record<string, unknown>>[];
    const locks = waits.filter((wait) => wait['wait_event_type'] === 'Lock');
    expect(locks.reduce((sum, wait) => sum + Number(wait['sightings']), 0)).toBe(60);
    expect(new Set(locks.map((wait) => wait['wait_event']))).toEqual(new Set(['transactionid', 'tuple']));
    // Nobody works but those who wait: a sighting of a running backend would be our own.
    expect(
      waits.filter(
        (wait) => wait['backend_type'] === 'client_backend' && wait['wait_event_type'] === undefined,
      ),
    ).toEqual([]);
  });
});
