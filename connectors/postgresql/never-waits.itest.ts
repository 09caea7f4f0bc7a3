import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../test/helpers/pg-incident.ts';
import { type LockSight, prepareWatch, watchLocks } from '../../test/helpers/pg-lock-watch.ts';
import { freezingProxy } from '../../test/helpers/pg-proxy.ts';
import { type PostgresServer, postgresVersion, startPostgres } from '../../test/helpers/postgres.ts';
import { type Connector, ConnectorError, type Gap, type Observed, Secret } from '../sdk/index.ts';
import { admitted, fakeDeps, loadManifest, loadReads, recordingRun } from '../sdk/testing/index.ts';
import { connector } from './index.ts';

/** Every read of the manifest, in every situation in which a careless one would wait, while a second session watches. */

/** What the server of this run can not answer: it collects no log, and may be too old. */
const UNANSWERED: readonly string[] = ['server_log', ...(postgresVersion() >= 16 ? [] : ['io'])];
const reads = loadReads(import.meta.dirname);
const PLAIN = connector.config.parse({ dsn: new Secret(['postgresql', '//u:p@127.0.0.1/d'].join(':')) });
/** Those that a config with nothing but a DSN serves, and the server of this run. */
const SERVER_READS = loadManifest(import.meta.dirname).reads.filter(
  ({ id }) => connector.serves?.(PLAIN, id) !== false && !UNANSWERED.includes(id),
);
/** Far above lock_timeout, for a machine that is busy; a read that waits to statement_timeout is above it, too. */
const WAITED_MS = 1_000;
const STATEMENT_TIMEOUT = '5s';

const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal });
  },
};

let server: PostgresServer;
let shop: Shop;
let watcher: pg.Client;
let holder: pg.Client;
let other: pg.Client;
let source: Connector;
/** The session that is held when the trouble begins, and still after all of it. */
let heldPid: number | undefined;

beforeAll(async () => {
  server = await startPostgres({
    settings: { max_connections: '16', max_prepared_transactions: '5', autovacuum: 'off' },
  });
  shop = await openShop(server);
  watcher = await server.superuser(shop.database);
  holder = await server.superuser(shop.database);
  other = await server.superuser(shop.database);
  await other.query(`
    CREATE TABLE events (id int, day int) PARTITION BY RANGE (day);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (2);
    CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (2) TO (3) PARTITION BY RANGE (day);
    CREATE TABLE events_2a PARTITION OF events_2 FOR VALUES FROM (2) TO (3)`);
  // Without the walls of the server: what is shown here is what the connector does by itself.
  await other.query(`ALTER ROLE ${shop.agentRole} RESET ALL`);
  await prepareWatch(watcher);
  source = open(shop.dsn);
  const { sight } = await watched(() => pass());
  [heldPid] = sight.agents;
});

afterAll(async () => {
  await source.close();
  await server.stop();
});

afterEach(async () => {
  await holder.query('ROLLBACK');
  await other.query('ROLLBACK');
});

function open(dsn: string, overrides: Readonly<Record<string, unknown>> = {}): Connector {
  const settings = { statementTimeout: STATEMENT_TIMEOUT, ...overrides };
  const config = connector.config.parse({ dsn: new Secret(dsn), ...settings });
  return connector.create(config, fakeDeps({ connection: 'orders-db', reads, clock }));
}

interface Outcome {
  readonly read: string;
  /** `complete`, the code of the first gap, or that of the error that ended it. */
  readonly end: string;
  readonly records: readonly Observed[];
  readonly gaps: readonly Gap[];
  /** What it was told when it was refused. */
  readonly refused?: ConnectorError;
}

/** One read under its own budget. Only that may end it: nobody aborts it from outside, and the test would run out. */
async function outcomeOf(from: Connector, id: string, budget: object): Promise<Outcome> {
  const run = recordingRun({ clock, budget });
  try {
    await from.read(run, admitted({ read: id, streams: [id] }), new AbortController().signal);
  } catch (error) {
    const refused = ConnectorError.from(error);
    return { read: id, end: refused.code, records: [], gaps: [], refused };
  }
  return { read: id, end: run.gaps[0]?.gap ?? 'complete', records: run.observations, gaps: run.gaps };
}

async function pass(from = source): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { id, budget } of SERVER_READS) {
    const { duration, ...rest } = budget;
    outcomes.push(await outcomeOf(from, id, { durationMs: duration, ...rest }));
  }
  return outcomes;
}

async function watched<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly sight: LockSight }> {
  const stop = watchLocks(watcher);
  const result = await work();
  const sight = await stop();
  expect(sight.samples).toBeGreaterThan(2);
  expect(sight.blockedByAgent).toEqual([]);
  return { result, sight };
}

function unfinished(outcomes: readonly Outcome[]): readonly unknown[] {
  return outcomes.filter(({ end }) => end !== 'complete').map(({ read, end, gaps }) => ({ read, end, gaps }));
}

/** Some reads find out without asking the server that there is nothing to ask. */
function asked(outcomes: readonly Outcome[]): readonly Outcome[] {
  const found = outcomes.filter(({ end, records }) => end !== 'complete' || records.length > 0);
  expect(found.length).toBeGreaterThan(SERVER_READS.length - 5);
  return found;
}

function bodiesOf(outcomes: readonly Outcome[], read: string): readonly Readonly<Record<string, unknown>>[] {
  return outcomes
    .filter((outcome) => outcome.read === read)
    .flatMap(({ records }) => records.map(({ body }) => body));
}

async function pidOf(session: pg.Client): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

async function untilWaiting(count: number): Promise<void> {
  const text = 'SELECT 1 FROM pg_lock_status() WHERE NOT granted AND waitstart IS NOT NULL';
  while (((await watcher.query(text)).rowCount ?? 0) < count) await sleep(10);
}

describe('a lock on user relations', () => {
  /** Everything is read in full, and no read so much as asks for a lock that it can not have. */
  async function untouched(): Promise<readonly Outcome[]> {
    const { result, sight } = await watched(() => pass());
    expect(unfinished(result)).toEqual([]);
    expect(sight.longestWaitMs).toBeNull();
    return result;
  }

  it('that is held costs nothing, and is named with its holder', async () => {
    await holder.query('BEGIN; LOCK TABLE customers, odd_customers IN ACCESS EXCLUSIVE MODE');
    const locked = bodiesOf(await untouched(), 'locked_relations');
    expect(locked).toContainEqual(
      expect.objectContaining({
        relation: 'customers',
        lock_mode: 'AccessExclusiveLock',
        granted: true,
        holder: 'backend',
        holder_pid: await pidOf(holder),
        holder_user: 'postgres',
        holder_state: 'idle_in_transaction',
        holder_ms: expect.any(Number),
        holder_since: expect.any(String),
      }),
    );
  });

  it('that is queued behind a long SELECT costs nothing, and is named with who queues', async () => {
    await holder.query('BEGIN; SELECT count(*) FROM invoices');
    const queued = await pidOf(other);
    const migration = other.query('ALTER TABLE invoices ADD COLUMN due_on date');
    await untilWaiting(1);
    const locked = bodiesOf(await untouched(), 'locked_relations');
    await holder.query('ROLLBACK');
    await migration;
    expect(locked).toEqual([
      expect.objectContaining({
        relation: 'invoices',
        lock_mode: 'AccessExclusiveLock',
        granted: false,
        waiting: 1,
        wait_ms: expect.any(Number),
        holder: 'queued_backend',
        holder_pid: queued,
      }),
    ]);
  });

  it('of partitions, on their parent, reaches them through it', async () => {
    await holder.query('BEGIN; LOCK TABLE ONLY events IN ACCESS EXCLUSIVE MODE');
    const locked = bodiesOf(await untouched(), 'locked_relations');
    const through = Object.fromEntries(locked.map((body) => [body['relation'], body['through_relation']]));
    expect(through).toEqual({
      events: undefined,
      events_1: 'events',
      events_2: 'events',
      events_2a: 'events',
    });
  });

  it('of partitions, on one of them, is on that one', async () => {
    await holder.query('BEGIN; LOCK TABLE events_2a IN ACCESS EXCLUSIVE MODE');
    const locked = bodiesOf(await untouched(), 'locked_relations');
    expect(locked.map((body) => body['relation'])).toEqual(['events_2a']);
  });

  it('of a prepared transaction costs nothing, and its owner is named', async () => {
    await other.query("BEGIN; LOCK TABLE payments IN ACCESS EXCLUSIVE MODE; PREPARE TRANSACTION 'gid-Q4x'");
    const outcomes = await untouched();
    await other.query("ROLLBACK PREPARED 'gid-Q4x'");
    expect(bodiesOf(outcomes, 'locked_relations')).toEqual([
      expect.objectContaining({
        relation: 'payments',
        holder: 'prepared_transaction',
        holder_user: 'postgres',
        holder_xid: expect.any(Number),
      }),
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('gid-Q4x');
  });

  it('and on catalogs, by all kinds of DDL in an open transaction, costs nothing', async () => {
    await holder.query(`BEGIN;
      CREATE TABLE fresh (id int PRIMARY KEY);
      ALTER TABLE customers ADD COLUMN extra int;
      CREATE INDEX customers_phone ON customers (phone);
      CREATE FUNCTION fresh_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
      DROP VIEW odd_customers;
      CREATE ROLE fresh_role; GRANT SELECT ON customers TO fresh_role`);
    const locked = bodiesOf(await untouched(), 'locked_relations');
    expect(locked.map((body) => body['relation'])).toEqual(
      expect.arrayContaining(['customers', 'odd_customers']),
    );
    // What nobody else can see yet has a number only.
    expect(locked.filter((body) => body['relation'] === undefined).length).toBeGreaterThan(0);
  });
});

describe('a lock on a system catalog', () => {
  /** Whoever needs it says so in a gap, whoever does not is read, and the session is not given up. */
  async function bounded(): Promise<readonly Outcome[]> {
    const { result, sight } = await watched(() => pass());
    for (const { read, end, gaps } of result) {
      expect({ read, end }).toEqual({ read, end: expect.stringMatching(/^(complete|TIMEOUT)$/) });
      for (const gap of gaps)
        expect(gap).toMatchObject({ gap: 'TIMEOUT', reason: expect.stringContaining('lock') });
    }
    expect(sight.agents).toEqual([heldPid]);
    expect(sight.longestWaitMs ?? 0).toBeLessThan(WAITED_MS);
    expect(result.find(({ read }) => read === 'catalog_locks')?.end).toBe('complete');
    return result;
  }

  it.each(['pg_class', 'pg_proc', 'pg_attribute', 'pg_namespace', 'pg_authid', 'pg_database', 'pg_index'])(
    'that is held, %s, ends the reads that need it',
    async (catalog) => {
      await holder.query(`BEGIN; LOCK TABLE pg_catalog.${catalog} IN ACCESS EXCLUSIVE MODE`);
      const outcomes = await bounded();
      expect(bodiesOf(outcomes, 'catalog_locks')).toEqual([
        expect.objectContaining({
          relation: catalog,
          granted: true,
          holder: 'backend',
          holder_pid: await pidOf(holder),
        }),
      ]);
      await holder.query('ROLLBACK');
      expect(unfinished(await pass())).toEqual([]);
    },
  );

  it('in which the session has to look itself up ends every read, and the session is kept', async () => {
    await other.query(`ALTER ROLE ${shop.agentRole} VALID UNTIL 'infinity'`);
    await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_authid IN ACCESS EXCLUSIVE MODE');
    const { result, sight } = await watched(() => pass());
    expect(new Set(asked(result).map(({ end }) => end))).toEqual(new Set(['TIMEOUT']));
    expect(sight.longestWaitMs ?? 0).toBeLessThan(WAITED_MS);
    await holder.query('ROLLBACK');
    const after = await watched(() => pass());
    expect(unfinished(after.result)).toEqual([]);
    expect(after.sight.agents).toEqual([heldPid]);
  });

  it('of VACUUM FULL that queues for it ends the reads that need it', async () => {
    await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE');
    const queued = await pidOf(other);
    const vacuum = other.query('VACUUM FULL pg_catalog.pg_class');
    await untilWaiting(1);
    const outcomes = await bounded();
    await holder.query('ROLLBACK');
    await vacuum;
    expect(outcomes.find(({ read }) => read === 'locked_relations')?.end).toBe('TIMEOUT');
    expect(bodiesOf(outcomes, 'catalog_locks')).toEqual([
      expect.objectContaining({
        relation: 'pg_class',
        granted: false,
        holder: 'queued_backend',
        holder_pid: queued,
      }),
    ]);
    expect(unfinished(await pass())).toEqual([]);
  });

  it('that every login needs hangs one login, and no second is tried', async () => {
    await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_authid IN ACCESS EXCLUSIVE MODE');
    const late = open(shop.dsn, { connectTimeout: '300ms' });
    const { result, sight } = await watched(() => pass(late));
    await holder.query('ROLLBACK');
    await late.close();
    expect(new Set(asked(result).map(({ end }) => end))).toEqual(new Set(['UNREACHABLE']));
    for (const { refused } of asked(result)) expect(refused?.hint).toMatch(/lock on (a catalog|pg_authid)/);
    expect(sight.hungLogins.length).toBeLessThanOrEqual(1);
  });
});

describe('a server without a seat left', () => {
  it('is read from the session that is held; without one, the error says why', async () => {
    const seats: pg.Client[] = [];
    try {
      for (;;) seats.push(await server.connect(shop.database, shop.appRole));
    } catch (error) {
      expect(error).toMatchObject({ code: '53300' });
    }
    await server.addRole('latecomer', 'IN ROLE pg_read_all_stats');
    const late = open(server.dsn(shop.database, 'latecomer'));
    const { result, sight } = await watched(async () => ({ held: await pass(), late: await pass(late) }));
    await Promise.all(seats.map((seat) => seat.end()));
    await late.close();
    expect(seats.length).toBeGreaterThan(5);
    expect(unfinished(result.held)).toEqual([]);
    expect(sight.longestWaitMs).toBeNull();
    for (const { refused } of asked(result.late)) {
      expect(refused).toMatchObject({
        code: 'UNREACHABLE',
        message: 'the server has no connection left for us',
        hint: expect.stringContaining('pg_use_reserved_connections'),
      });
    }
  });
});

describe('a connection that lost its way back', () => {
  it('ends every read by a deadline of ours, and one login is tried', async () => {
    const proxy = await freezingProxy(server.port);
    const frozen = open(shop.dsn.replace(String(server.port), String(proxy.port)), {
      statementTimeout: '200ms',
      responseGrace: '100ms',
      connectTimeout: '300ms',
    });
    await outcomeOf(frozen, 'wal', {});
    proxy.freeze();
    const { result, sight } = await watched(() => pass(frozen));
    proxy.close();
    await frozen.close();
    const [first, ...rest] = asked(result);
    expect(first?.gaps).toEqual([
      expect.objectContaining({ gap: 'TIMEOUT', reason: expect.stringContaining('stopped answering') }),
    ]);
    expect(new Set(rest.map(({ end }) => end))).toEqual(new Set(['UNREACHABLE']));
    expect(proxy.connections()).toBe(2);
    expect(sight.longestWaitMs).toBeNull();
  });
});
