import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { prepareWatch, watchLocks } from '../../test/helpers/pg-lock-watch.ts';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import { type Connector, type Gap, type JsonValue, type Observed, Secret } from '../sdk/index.ts';
import { admitted, fakeDeps, loadManifest, loadReads, recordingRun } from '../sdk/testing/index.ts';
import { connector } from './index.ts';

/** In rows only: in none of what is emitted or remembered. */
const CANARY = ['cdc', 'canary', '7f3a'].join('-');
const LOCK_TIMEOUT_MS = 50;
const CONFIG = { publication: 'exhibit', slot: 'exhibit_cdc' };
const SETTINGS = {
  wal_level: 'logical',
  max_wal_size: '64MB',
  min_wal_size: '32MB',
  max_slot_wal_keep_size: '64MB',
  synchronous_commit: 'on',
  max_prepared_transactions: '2',
};

const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal });
  },
};
const reads = loadReads(import.meta.dirname);
const streams = loadManifest(import.meta.dirname).reads.find(({ id }) => id === 'cdc')?.emits ?? [];

let server: PostgresServer;
let admin: pg.Client;
let state = new Map<string, JsonValue>();
let source: Connector;

beforeAll(async () => {
  server = await startPostgres({ settings: SETTINGS });
  admin = await server.superuser();
  await server.addRole('exhibit', 'REPLICATION IN ROLE pg_read_all_stats');
  await admin.query(`
    CREATE TABLE orders (id int PRIMARY KEY, note text, amount numeric, "Grösse" int);
    ALTER TABLE orders REPLICA IDENTITY FULL;
    CREATE TABLE plain (id int PRIMARY KEY, note text);
    CREATE TABLE parts (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    CREATE TABLE parts_2026 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE TABLE unpublished (id int PRIMARY KEY, note text);
    CREATE PUBLICATION exhibit FOR TABLE orders, plain, parts`);
  source = open();
});

afterAll(async () => {
  await source.close();
  await server.stop();
});

afterEach(async () => {
  await source.close();
  source = open();
  state = new Map();
  await dropSlots();
  await admin.query('TRUNCATE orders, plain, parts, unpublished');
});

function open(overrides: Readonly<Record<string, unknown>> = {}): Connector {
  const config = {
    dsn: new Secret(server.dsn('postgres', 'exhibit')),
    cdc: CONFIG,
    lockTimeout: `${LOCK_TIMEOUT_MS}ms`,
    ...overrides,
  };
  return connector.create(
    connector.config.parse(config),
    fakeDeps({ connection: 'orders-db', reads, clock }),
  );
}

async function dropSlots(): Promise<void> {
  // The backend of a session that was just closed may hold it for a moment.
  await expect
    .poll(async () => {
      const { rows } = await admin.query('SELECT 1 FROM pg_replication_slots WHERE active');
      return rows.length;
    })
    .toBe(0);
  await admin.query('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots');
}

interface Read {
  readonly heartbeat: Readonly<Record<string, unknown>> | undefined;
  readonly heartbeatClass: string | undefined;
  /** By schema.table. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly keys: readonly string[];
  readonly gaps: readonly Gap[];
}

/** `forget` is the kill between emitting and keeping: what was checkpointed is lost. */
async function read({ forget = false } = {}): Promise<Read> {
  const before = new Map(state);
  const run = recordingRun({ state, clock });
  await source.read(run, admitted({ read: 'cdc', mode: 'cdc', streams }), new AbortController().signal);
  expect(JSON.stringify([run.records, [...state]])).not.toContain(CANARY);
  if (forget) state = before;
  const of = (stream: string): readonly Observed[] => run.observations.filter((one) => one.stream === stream);
  const [heartbeat] = of('cdc');
  return {
    heartbeat: heartbeat?.body,
    heartbeatClass: heartbeat?.class,
    tables: Object.fromEntries(
      of('cdc_tables').map(({ body }) => [`${String(body['schema'])}.${String(body['relation'])}`, body]),
    ),
    keys: of('cdc_tables').map(({ key }) => key),
    gaps: run.gaps,
  };
}

/** Of any session, by the server's clock. */
async function longestWaitMs(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ ms: number }>(
    `SELECT coalesce(max(date_part('epoch', clock_timestamp() - waitstart)), 0) * 1000 AS ms
     FROM pg_lock_status() WHERE NOT granted`,
  );
  return Number(rows[0]?.ms);
}

async function slots(): Promise<number> {
  const { rows } = await admin.query('SELECT 1 FROM pg_replication_slots');
  return rows.length;
}

describe('what is counted', () => {
  it('is rows by table and operation, transactions, and names of changed columns', async () => {
    expect(await read()).toMatchObject({
      heartbeat: { started: true },
      tables: {},
      gaps: [],
    });
    await admin.query(`INSERT INTO orders SELECT g, '${CANARY}', g, g FROM generate_series(1, 5) AS g`);
    await admin.query(`UPDATE orders SET amount = amount + 1, "Grösse" = 7 WHERE id <= 3`);
    await admin.query(`DELETE FROM orders WHERE id = 5`);
    await admin.query(`INSERT INTO unpublished VALUES (1, '${CANARY}')`);
    await admin.query('BEGIN');
    await admin.query(`INSERT INTO plain VALUES (1, '${CANARY}'), (2, '${CANARY}')`);
    await admin.query('ROLLBACK');
    const found = await read();
    expect(found.gaps).toEqual([]);
    expect(found.heartbeat).toMatchObject({
      transactions: 3,
      tables: 1,
      inserts: 5,
      updates: 3,
      deletes: 1,
      truncates: 0,
      slot_name: 'exhibit_cdc',
      publication: 'exhibit',
      started: false,
      wal_status: 'reserved',
    });
    expect(found.tables).toEqual({
      'public.orders': expect.objectContaining({
        inserts: 5,
        updates: 3,
        deletes: 1,
        truncates: 0,
        transactions: 3,
        columns: ['Grösse', 'amount'],
        columns_known: true,
      }),
    });
    const body = found.tables['public.orders'];
    expect(String(body?.['first_commit_at']) < String(body?.['last_commit_at'])).toBe(true);
    expect(body?.['first_lsn']).not.toBe(body?.['last_lsn']);
    expect(await read()).toMatchObject({
      heartbeat: { transactions: 0, behind_bytes: 0 },
      tables: {},
      gaps: [],
    });
  });

  it('knows of a table without its old rows only which columns of the key changed', async () => {
    await read();
    await admin.query(`INSERT INTO plain VALUES (1, '${CANARY}')`);
    await admin.query(`UPDATE plain SET note = note || '${CANARY}'`);
    expect((await read()).tables['public.plain']).toMatchObject({
      updates: 1,
      columns: [],
      columns_known: false,
    });
    await admin.query('UPDATE plain SET id = 9');
    expect((await read()).tables['public.plain']).toMatchObject({ columns: ['id'], columns_known: false });
  });

  it('does not take a large value that stayed for one that changed', async () => {
    await read();
    await admin.query('ALTER TABLE orders ALTER note SET STORAGE EXTERNAL');
    await admin.query(`INSERT INTO orders VALUES (1, repeat('${CANARY}', 1000), 1, 1)`);
    await admin.query('UPDATE orders SET amount = 2');
    expect((await read()).tables['public.orders']).toMatchObject({
      columns: ['amount'],
      columns_known: true,
    });
    await admin.query(`UPDATE orders SET note = repeat('${CANARY}', 1001)`);
    expect((await read()).tables['public.orders']).toMatchObject({ columns: ['note'], columns_known: true });
  });

  it('leaves the rows of inserts and deletes, and of updates without old rows, with the server', async () => {
    await read();
    await admin.query(`INSERT INTO orders VALUES (1, '${CANARY}', 1, 1)`);
    await admin.query('DELETE FROM orders');
    await admin.query(`INSERT INTO plain VALUES (1, '${CANARY}')`);
    await admin.query(`UPDATE plain SET note = '${CANARY}x'`);
    const peek = async (): Promise<string> => {
      const { rows } = await admin.query(reads.get('cdc') ?? '', [
        'exhibit_cdc',
        'FFFFFFFF/FFFFFFFF',
        'exhibit',
      ]);
      return JSON.stringify(rows);
    };
    const onTheWire = Buffer.from(CANARY).toString('hex');
    expect(await peek()).not.toContain(onTheWire);
    // It would be seen if it were there.
    await admin.query(`INSERT INTO orders VALUES (1, '${CANARY}', 1, 1)`);
    await admin.query('UPDATE orders SET amount = 2');
    expect(await peek()).toContain(onTheWire);
  });

  it('leaves rows with the server that are too large to be compared', async () => {
    await read();
    await admin.query(`INSERT INTO orders VALUES (1, repeat('${CANARY}', 10000), 1, 1)`);
    await admin.query('UPDATE orders SET amount = 2');
    const { tables } = await read();
    expect(tables['public.orders']).toMatchObject({
      inserts: 1,
      updates: 1,
      columns: [],
      columns_known: false,
    });
  });

  it('names the partition, and counts TRUNCATE of several tables', async () => {
    await read();
    await admin.query("INSERT INTO parts VALUES (1, '2025-06-01'), (2, '2026-06-01'), (3, '2026-06-02')");
    const { tables } = await read();
    expect(tables).toMatchObject({
      'public.parts_2025': { inserts: 1 },
      'public.parts_2026': { inserts: 2 },
    });
    await admin.query('TRUNCATE parts, plain');
    const { tables: emptied, heartbeat } = await read();
    expect(emptied).toMatchObject({
      'public.parts_2026': { truncates: 1 },
      'public.plain': { truncates: 1 },
    });
    expect(heartbeat).toMatchObject({ truncates: 3 });
  });

  it('follows a change of the schema within the interval', async () => {
    await read();
    await admin.query(`INSERT INTO orders VALUES (1, '${CANARY}', 1, 1)`);
    await admin.query('UPDATE orders SET amount = 5');
    await admin.query('ALTER TABLE orders RENAME amount TO total');
    await admin.query('ALTER TABLE orders ADD discount int');
    await admin.query('UPDATE orders SET total = 6, discount = 2');
    const { tables, gaps } = await read();
    await admin.query('ALTER TABLE orders DROP discount, DROP total');
    await admin.query('ALTER TABLE orders ADD amount numeric');
    expect(gaps).toEqual([]);
    expect(tables['public.orders']).toMatchObject({ updates: 2, columns: ['amount', 'discount', 'total'] });
  });

  it('takes a hundred thousand rows of one transaction as few', async () => {
    await read();
    await admin.query(`INSERT INTO plain SELECT g, '${CANARY}' FROM generate_series(1, 100000) AS g`);
    await admin.query(`INSERT INTO orders VALUES (1, '${CANARY}', 1, 1)`);
    expect(await read()).toMatchObject({
      tables: { 'public.plain': { inserts: 100_000, transactions: 1 } },
      gaps: [],
    });
    expect((await read()).tables).toMatchObject({ 'public.orders': { inserts: 1 } });
  });
});

describe('going on', () => {
  it('where it was, after a restart of the agent', async () => {
    await read();
    await admin.query(`INSERT INTO plain VALUES (1, '${CANARY}')`);
    expect((await read()).tables).toMatchObject({ 'public.plain': { inserts: 1 } });
    await source.close();
    await admin.query(`INSERT INTO plain VALUES (2, '${CANARY}'), (3, '${CANARY}')`);
    source = open();
    expect(await read()).toMatchObject({ tables: { 'public.plain': { inserts: 2 } }, gaps: [] });
  });

  it('reads again what was not kept, under the same keys', async () => {
    await read();
    await admin.query(`INSERT INTO plain VALUES (1, '${CANARY}')`);
    const lost = await read({ forget: true });
    const again = await read();
    expect(again.keys).toEqual(lost.keys);
    expect(again.tables).toEqual(lost.tables);
    expect((await read()).tables).toEqual({});
  });

  it('tells what another reader of the slot has taken', async () => {
    await read();
    await admin.query(`INSERT INTO plain VALUES (1, '${CANARY}')`);
    await admin.query("SELECT pg_replication_slot_advance('exhibit_cdc', pg_current_wal_flush_lsn())");
    const { gaps, tables } = await read();
    expect(tables).toEqual({});
    expect(gaps).toMatchObject([
      { gap: 'NOT_FOUND', reason: expect.stringMatching(/^Somebody else has moved the slot. \d+ bytes/) },
    ]);
    expect((await read()).gaps).toEqual([]);
  });

  it('does not wait for a lock on a table whose changes it counts', async () => {
    await read();
    await admin.query(`INSERT INTO orders VALUES (1, '${CANARY}', 1, 1)`);
    const locker = await server.superuser();
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE orders, plain, parts IN ACCESS EXCLUSIVE MODE');
    expect(await read()).toMatchObject({ tables: { 'public.orders': { inserts: 1 } }, gaps: [] });
    await locker.query('ROLLBACK');
    await locker.end();
  });

  it('counts a prepared transaction once it is committed', async () => {
    await read();
    await admin.query(`BEGIN; INSERT INTO plain VALUES (1, '${CANARY}'); PREPARE TRANSACTION 'two_phase'`);
    expect((await read()).tables).toEqual({});
    await admin.query("COMMIT PREPARED 'two_phase'");
    expect((await read()).tables).toMatchObject({ 'public.plain': { inserts: 1, transactions: 1 } });
  });

  it('lets the server go of its log', async () => {
    await read();
    const restart = async (): Promise<string> => {
      const { rows } = await admin.query<{ at: string }>(
        "SELECT confirmed_flush_lsn - '0/0'::pg_lsn AS at FROM pg_replication_slots",
      );
      return rows[0]?.at ?? '';
    };
    const first = await restart();
    await admin.query(`INSERT INTO unpublished SELECT g FROM generate_series(1, 1000) AS g`);
    await read();
    await read();
    expect(Number(await restart())).toBeGreaterThan(Number(first) + 50_000);
  });
});

describe('the slot', () => {
  it('is not made where nothing bounds what it retains', async () => {
    await admin.query('ALTER SYSTEM SET max_slot_wal_keep_size = -1');
    await admin.query('SELECT pg_reload_conf()');
    await expect
      .poll(async () => (await read()).gaps)
      .toMatchObject([{ gap: 'UNSUPPORTED', missing: 'max_slot_wal_keep_size' }]);
    await dropSlots();
    expect((await read()).gaps).toMatchObject([{ missing: 'max_slot_wal_keep_size' }]);
    expect(await slots()).toBe(0);
    await admin.query('ALTER SYSTEM RESET max_slot_wal_keep_size');
    await admin.query('SELECT pg_reload_conf()');
    await expect.poll(async () => (await read()).gaps).toEqual([]);
    expect(await slots()).toBe(1);
  });

  it('is not made without the right, nor without the publication', async () => {
    await admin.query('ALTER ROLE exhibit NOREPLICATION');
    expect((await read()).gaps).toMatchObject([{ gap: 'PRIVILEGE', missing: 'REPLICATION' }]);
    await admin.query('ALTER ROLE exhibit REPLICATION');
    await source.close();
    source = open({ cdc: { publication: 'nowhere' } });
    expect((await read()).gaps).toMatchObject([{ gap: 'NOT_FOUND', missing: 'publication' }]);
    expect(await slots()).toBe(0);
  });

  it('waits for short transactions when it is made, longer than for a lock, and nobody waits behind it', async () => {
    const [watcher, writer, other] = [
      await server.superuser(),
      await server.superuser(),
      await server.superuser(),
    ];
    await prepareWatch(watcher);
    await writer.query('BEGIN');
    await writer.query(`INSERT INTO plain VALUES (101, '${CANARY}')`);
    const stop = watchLocks(watcher);
    let isOver = false;
    const reading = read().finally(() => {
      isOver = true;
    });
    while (!isOver && (await longestWaitMs(other)) < 3 * LOCK_TIMEOUT_MS) await sleep(5);
    // What others do meanwhile, they do.
    await other.query(
      `INSERT INTO plain VALUES (102, '${CANARY}'); CREATE TABLE brief (id int); DROP TABLE brief`,
    );
    await writer.query('COMMIT');
    expect(await reading).toMatchObject({ heartbeat: { started: true }, gaps: [] });
    expect((await stop()).blockedByAgent).toEqual([]);
    expect(await slots()).toBe(1);
    await Promise.all([watcher, writer, other].map((client) => client.end()));
  });

  it('does not wait for a long transaction when it is made, and leaves nothing behind', async () => {
    const writer = await server.superuser();
    await writer.query('BEGIN');
    await writer.query(`INSERT INTO plain VALUES (100, '${CANARY}')`);
    const { gaps } = await read();
    expect(gaps).toMatchObject([{ gap: 'TIMEOUT', reason: expect.stringContaining('older transactions') }]);
    expect(await slots()).toBe(0);
    await writer.query('ROLLBACK');
    await writer.end();
    expect(await read()).toMatchObject({ heartbeat: { started: true }, gaps: [] });
  });

  it('is dropped when the read is retired, once and only ours', async () => {
    await read();
    const { signal } = new AbortController();
    expect(await source.retire?.('wal', signal)).toBe(false);
    expect(await slots()).toBe(1);
    expect(await source.retire?.('cdc', signal)).toBe(true);
    expect(await slots()).toBe(0);
    expect(await source.retire?.('cdc', signal)).toBe(false);
    await admin.query(`INSERT INTO plain VALUES (1, '${CANARY}')`);
    const { gaps, heartbeat } = await read();
    expect(heartbeat).toMatchObject({ started: true });
    expect(gaps).toMatchObject([
      { gap: 'NOT_FOUND', reason: expect.stringMatching(/\d+ bytes of log were not counted/) },
    ]);
    expect(gaps[0]?.window).toBeDefined();
  });

  it('is left alone where one of its name is for something else', async () => {
    await admin.query("SELECT pg_create_physical_replication_slot('exhibit_cdc')");
    expect((await read()).gaps).toMatchObject([{ gap: 'CONFIG', missing: 'replication slot' }]);
    expect(await source.retire?.('cdc', new AbortController().signal)).toBe(false);
    expect(await slots()).toBe(1);
  });

  it('alarms while it retains much, and is made anew once it loses its log', async () => {
    await read();
    const holder = await server.superuser();
    await holder.query('BEGIN');
    await holder.query(`INSERT INTO plain VALUES (100, '${CANARY}')`);
    for (let segment = 0; segment < 3; segment += 1) await burnSegment();
    await holder.query('COMMIT');
    await holder.end();
    expect(await read()).toMatchObject({ heartbeatClass: 'symptom', heartbeat: { reason: 'retains_wal' } });
    for (let segment = 0; segment < 6; segment += 1) await burnSegment();
    await admin.query('CHECKPOINT');
    const { gaps, heartbeat } = await read();
    expect(gaps).toMatchObject([
      { gap: 'BUDGET', reason: expect.stringMatching(/losing its log.*\d{8,} bytes/) },
    ]);
    expect(heartbeat).toMatchObject({ started: true });
    expect(await read()).toMatchObject({ heartbeatClass: 'state', gaps: [] });
  });

  it('is made anew after a transaction that is too large, which is a gap', async () => {
    await read();
    await admin.query(`INSERT INTO orders SELECT g, '${CANARY}', g, g FROM generate_series(1, 21000) AS g`);
    await admin.query('UPDATE orders SET amount = amount + 1');
    await read();
    const { gaps } = await read();
    expect(gaps).toMatchObject([{ gap: 'BUDGET', reason: expect.stringMatching(/is \d{6,} bytes behind/) }]);
    expect((await read()).gaps).toMatchObject([
      { gap: 'BUDGET', reason: expect.stringContaining('too large') },
    ]);
    await admin.query(`INSERT INTO plain VALUES (1, '${CANARY}')`);
    expect(await read()).toMatchObject({ tables: { 'public.plain': { inserts: 1 } }, gaps: [] });
  });
});

async function burnSegment(): Promise<void> {
  await admin.query("SELECT pg_logical_emit_message(false, 'test', 'x')");
  await admin.query('SELECT pg_switch_wal()');
}
