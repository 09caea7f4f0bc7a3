import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Incident, openShop, type Shop, stageIncident } from '../../test/helpers/pg-incident.ts';
import { amnesiacProxy, forwarding, freezingProxy, silentServer } from '../../test/helpers/pg-proxy.ts';
import { type PostgresServer, postgresVersion, startPostgres } from '../../test/helpers/postgres.ts';
import { type Connector, type JsonValue, Secret } from '../sdk/index.ts';
import { admitted, fakeDeps, loadReads, type RecordingRun, recordingRun } from '../sdk/testing/index.ts';
import { READERS, STREAMS } from './collect.ts';
import { connector } from './index.ts';
import { READS } from './reads/index.ts';

const FOLDER = import.meta.dirname;
const reads = loadReads(FOLDER);

/** reserved_connections and the role that may use them came with PostgreSQL 16. */
const RESERVES = postgresVersion() >= 16;
/** What the server of this run can not answer, being too old. */
const TOO_NEW: readonly string[] = postgresVersion() >= 16 ? [] : ['io'];
/** The same, and what it can not because it collects no log. */
const UNANSWERED: readonly string[] = ['server_log', ...TOO_NEW];
/** Twenty seats for ordinary roles on every version: three are for superusers, two reserved where that exists. */
const SEATS: Readonly<Record<string, string>> = RESERVES
  ? { max_connections: '25', reserved_connections: '2' }
  : { max_connections: '23' };

const PLAIN = connector.config.parse({ dsn: new Secret(['postgresql', '//u:p@127.0.0.1/d'].join(':')) });
/** Those that a config with nothing but a DSN serves, and the server of this run. */
const SERVER_READS = [...READERS.keys()].filter((id) => served(id) && !UNANSWERED.includes(id));

function servedReads(stream: string): boolean {
  return READS.some(({ query, also = [] }) => served(query.id) && [query.id, ...also].includes(stream));
}

function served(read: string): boolean {
  return connector.serves?.(PLAIN, read) !== false;
}

let server: PostgresServer;
let shop: Shop;
const open: Connector[] = [];

beforeAll(async () => {
  server = await startPostgres({ settings: SEATS });
  shop = await openShop(server);
});

afterAll(async () => {
  await server.stop();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** Wide enough that only a read that is really stuck is cut off. */
const never = (): AbortSignal => new AbortController().signal;

function connect(dsn: string, overrides: Readonly<Record<string, unknown>> = {}): Connector {
  const config = connector.config.parse({ dsn: new Secret(dsn), ...overrides });
  const created = connector.create(config, fakeDeps({ connection: 'orders-db', reads, clock: realClock }));
  open.push(created);
  return created;
}

const realClock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal });
  },
};

async function read(
  source: Connector,
  id: string,
  state: Map<string, JsonValue> = new Map(),
): Promise<RecordingRun & { readonly completeness: string }> {
  const run = recordingRun({ state, clock: realClock });
  const { completeness } = await source.read(run, admitted({ read: id, streams: [id] }), never());
  return Object.assign(run, { completeness: completeness.state });
}

function bodies(run: RecordingRun, stream: string): readonly Readonly<Record<string, unknown>>[] {
  return run.observations.filter((record) => record.stream === stream).map((record) => record.body);
}

/** The manifest drops this one field; all the rest must be clean before any gate has looked at it. */
function withoutDropped(key: string, value: unknown): unknown {
  return /^(root_)?application_name$/.test(key) ? undefined : value;
}

describe('on a quiet day', () => {
  it('says who it is, what it may and that nothing is missing', async () => {
    const report = await connect(shop.dsn).authenticate(never());
    expect(report).toEqual({
      identity: 'exhibit',
      granted: ['pg_read_all_stats', 'pg_stat_statements'],
      missing: [],
      excess: [],
    });
  });

  it('serves every stream', async () => {
    const streams = await connect(shop.dsn).discover(never());
    expect(streams.filter((stream) => !stream.available).map(({ stream }) => stream)).toEqual(
      STREAMS.filter((stream) => !servedReads(stream) || TOO_NEW.includes(stream)),
    );
    expect(streams.map(({ stream }) => stream)).toEqual(STREAMS);
  });

  it.runIf(TOO_NEW.length > 0)('says of a read that the server is too old for it', async () => {
    for (const id of TOO_NEW) {
      const { gaps } = await read(connect(shop.dsn), id);
      expect(gaps).toEqual([
        expect.objectContaining({
          gap: 'UNSUPPORTED',
          stream: id,
          reason: expect.stringContaining('older than'),
        }),
      ]);
    }
  });

  it.each(SERVER_READS)('reads %s completely', async (id) => {
    const run = await read(connect(shop.dsn), id);
    expect({ completeness: run.completeness, gaps: run.gaps }).toEqual({
      completeness: 'complete',
      gaps: [],
    });
  });

  it('says what its own reads have cost the server, by their names', async () => {
    const source = connect(shop.dsn);
    const state = new Map<string, JsonValue>();
    await read(source, 'own_cost', state);
    for (const id of ['settings', 'settings', 'wal']) await read(source, id);
    const [body] = bodies(await read(source, 'own_cost', state), 'own_cost');
    expect(body?.['reads']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ read: 'settings', calls: 2 }),
        expect.objectContaining({ read: 'wal', calls: 1 }),
      ]),
    );
    expect(body?.['server_ms']).toBeGreaterThan(0);
  });

  it('names a superuser for what it is', async () => {
    const report = await connect(server.dsn(shop.database)).authenticate(never());
    expect(report.excess).toEqual([
      'SUPERUSER',
      'CREATEDB',
      'CREATEROLE',
      'REPLICATION',
      'BYPASSRLS',
      expect.stringMatching(/^ownership of \d+ objects$/),
      'write privileges on 3 user tables',
      'SELECT on 3 user tables',
    ]);
  });

  it('names write privileges and predefined roles that no read needs', async () => {
    await server.addRole('nosy', 'IN ROLE pg_read_all_data, pg_signal_backend');
    const report = await connect(server.dsn(shop.database, 'nosy')).authenticate(never());
    expect(report.excess).toEqual([
      'pg_read_all_data',
      'pg_signal_backend',
      'SELECT on 3 user tables',
      'SELECT on public.odd_customers',
    ]);
    expect(report.missing.map((missing) => missing.privilege)).toEqual(['pg_read_all_stats']);
  });
});

describe('an incident', () => {
  const state = new Map<string, Map<string, JsonValue>>();
  let source: Connector;
  let incident: Incident;

  const stateOf = (id: string): Map<string, JsonValue> => {
    const known = state.get(id) ?? new Map<string, JsonValue>();
    state.set(id, known);
    return known;
  };

  beforeAll(async () => {
    source = connect(shop.dsn);
    open.pop(); // lives as long as the incident, not as long as one test
    for (const id of SERVER_READS) await read(source, id, stateOf(id));
    incident = await stageIncident(server, shop, { freeConnections: 1 });
  });

  afterAll(async () => {
    await source.close();
    await incident.release();
  });

  it('shows the blocking tree with its root', async () => {
    const run = await read(source, 'blocking_tree');
    const { root, migration, reader, writer } = incident.pids;
    const tree = bodies(run, 'blocking_tree').map((body) => ({
      pid: body['pid'],
      mode: body['lock_mode'],
      relation: body['relation'],
      by: body['blocked_by'],
      root: body['root_pid'],
      depth: body['depth'],
      state: body['root_state'],
    }));
    const state = 'idle_in_transaction';
    expect(tree).toEqual([
      {
        pid: migration,
        mode: 'AccessExclusiveLock',
        relation: 'invoices',
        by: [root],
        root,
        depth: 1,
        state,
      },
      { pid: reader, mode: 'AccessShareLock', relation: 'invoices', by: [migration], root, depth: 2, state },
      { pid: writer, mode: 'ShareLock', relation: 'payments', by: [root], root, depth: 1, state },
    ]);
    expect(new Set(run.observations.map((record) => record.class))).toEqual(new Set(['symptom']));
    expect(run.observations[0]?.related).toEqual([
      `postgresql://orders-db/orders/pg_backend/${root}`,
      'postgresql://orders-db/orders/public/invoices',
      'postgresql://orders-db/orders',
    ]);
    for (const body of bodies(run, 'blocking_tree')) {
      expect(body['wait_ms']).toBeGreaterThanOrEqual(0);
      expect(body['root_transaction_ms']).toBeGreaterThanOrEqual(Number(body['wait_ms']));
    }
  });

  it('shows saturation as a symptom', async () => {
    const run = await read(source, 'connections');
    const [body] = bodies(run, 'connections');
    expect(run.observations[0]?.class).toBe('symptom');
    expect(body).toMatchObject({
      max_connections: Number(SEATS['max_connections']),
      usable: 20,
      used: 19,
      used_percent: 95,
      waiting_on_lock: 3,
    });
    expect(body?.['idle_in_transaction']).toBe(1);
  });

  it('shows the relation under the lock without touching it', async () => {
    const run = await read(source, 'locked_relations');
    expect(
      run.observations.filter((record) => record.class === 'symptom').map((record) => record.body),
    ).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          relation: 'invoices',
          lock_mode: 'AccessExclusiveLock',
          granted: false,
          count: 1,
        }),
        expect.objectContaining({
          relation: 'invoices',
          lock_mode: 'AccessShareLock',
          granted: false,
          count: 1,
        }),
      ]),
    );
  });

  it('tells exactly what changed in the schema', async () => {
    const run = await read(source, 'schema', stateOf('schema'));
    const changes = bodies(run, 'schema_changes').map(({ change, object, part, from, to }) => ({
      change,
      object,
      part,
      from,
      to,
    }));
    const object = 'customers';
    expect(changes).toEqual([
      { change: 'column_added', object, part: 'loyalty', from: undefined, to: 'text' },
      { change: 'type_changed', object, part: 'phone', from: 'varchar:20', to: 'text' },
      { change: 'nullability_changed', object, part: 'phone', from: 'nullable', to: 'not_null' },
      { change: 'index_removed', object, part: 'customers_email_idx', from: undefined, to: undefined },
    ]);
    expect(bodies(await read(source, 'schema', stateOf('schema')), 'schema_changes')).toEqual([]);
  });

  it('tells exactly which settings changed', async () => {
    const run = await read(source, 'settings', stateOf('settings'));
    expect(bodies(run, 'setting_changes')).toEqual([
      // To what is not known before the restart.
      {
        change: 'pending_restart_set',
        name: 'max_worker_processes',
        from: 8,
        pending_restart: true,
        context: 'postmaster',
        source: 'default',
        previous_source: 'default',
      },
      expect.objectContaining({
        name: 'work_mem',
        from: 4096,
        to: 65536,
        unit: 'kB',
        source: 'configuration_file',
        pending_restart: false,
      }),
    ]);
    expect(
      run.observations.find((record) => record.stream === 'setting_changes')?.window?.from,
    ).toBeDefined();
    expect(bodies(await read(source, 'settings', stateOf('settings')), 'setting_changes')).toEqual([]);
  });

  async function versionNumber(): Promise<number> {
    const admin = await server.superuser();
    const { rows } = await admin.query<{ server_version_num: string }>('SHOW server_version_num');
    await admin.end();
    return Number(rows[0]?.server_version_num);
  }

  it('tells that the configuration was reloaded', async () => {
    const run = await read(source, 'server', stateOf('server'));
    expect(bodies(run, 'server_changes')).toEqual([
      { change: 'reloaded', version_num: await versionNumber(), in_recovery: false },
    ]);
  });

  it('lets no planted value out, and keeps none in its state', async () => {
    const emitted: string[] = [];
    for (const id of SERVER_READS) {
      const run = await read(source, id, stateOf(id));
      expect(run.gaps).toEqual([]);
      emitted.push(JSON.stringify(run.observations, withoutDropped));
    }
    const kept = JSON.stringify([...state].map(([id, map]) => [id, [...map]]));
    expect(emitted.join('\n').length).toBeGreaterThan(10_000);
    for (const canary of incident.canaries) {
      expect(emitted.some((text) => text.includes(canary))).toBe(false);
      expect(kept).not.toContain(canary);
    }
  });

  it('still reports from the session it holds when no connection is left', async () => {
    const client = await server.connect(shop.database, shop.appRole);
    const lockedOut = server.connect(shop.database, shop.appRole);
    await expect(lockedOut).rejects.toMatchObject({ code: '53300' });
    const run = await read(source, 'connections');
    expect(bodies(run, 'connections')[0]).toMatchObject({ used: 20, used_percent: 100 });
    await client.end();
  });

  it('gets in on a reserved connection where there is one, and says why where it can not', async () => {
    const client = await server.connect(shop.database, shop.appRole);
    const latecomer = connect(shop.dsn);
    if (RESERVES) {
      const run = await read(latecomer, 'connections');
      expect(bodies(run, 'connections')[0]).toMatchObject({ used: 21, usable: 20 });
    }
    await server.addRole('unreserved');
    await expect(
      connect(server.dsn(shop.database, 'unreserved')).authenticate(never()),
    ).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: 'the server has no connection left for us',
      hint: expect.stringContaining('pg_use_reserved_connections'),
    });
    await client.end();
  });
});

describe('a role without privileges', () => {
  beforeAll(async () => {
    await server.addRole('blind');
  });

  it('is told what it lacks, and which reads that starves', async () => {
    const report = await connect(server.dsn(shop.database, 'blind')).authenticate(never());
    expect(report.missing).toEqual([
      {
        privilege: 'pg_read_all_stats',
        reads: expect.arrayContaining(['blocking_tree', 'connections', 'statements']),
        hint: 'GRANT pg_read_all_stats TO the role of this connection.',
      },
    ]);
  });

  it.each([
    'connections',
    'blocking_tree',
    'transactions',
    'statements',
    'replication',
    'wait_events',
    'wraparound',
  ])('reports %s with a gap that names the grant', async (id) => {
    const run = await read(connect(server.dsn(shop.database, 'blind')), id);
    expect(run.completeness).toBe('partial');
    expect(run.gaps).toEqual([
      expect.objectContaining({
        gap: 'PRIVILEGE',
        missing: 'pg_read_all_stats',
        hint: expect.stringMatching(/^GRANT/),
      }),
    ]);
  });

  it('still counts the connections', async () => {
    const run = await read(connect(server.dsn(shop.database, 'blind')), 'connections');
    expect(bodies(run, 'connections')[0]?.['used']).toBeGreaterThanOrEqual(1);
  });

  it('fails to log in with AUTH and never quotes the password', async () => {
    const dsn = server.dsn(shop.database, 'blind').replace(server.password, 'wrong-S3cretive');
    const failure = await connect(dsn)
      .authenticate(never())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'AUTH' });
    expect(String(failure)).not.toContain('S3cretive');
  });
});

describe('statement counters', () => {
  it('are a gap where the extension is absent', async () => {
    const run = await read(connect(server.dsn('postgres', 'exhibit')), 'statements');
    expect(run.gaps).toEqual([
      expect.objectContaining({ gap: 'UNSUPPORTED', missing: 'pg_stat_statements', stream: 'statements' }),
    ]);
  });

  it('are a gap where it is in another schema, and a function of that name in public is not called', async () => {
    const admin = await server.superuser('template1');
    await admin.query('CREATE DATABASE elsewhere');
    await admin.end();
    const owner = await server.superuser('elsewhere');
    await owner.query(`
      CREATE SCHEMA tools; CREATE EXTENSION pg_stat_statements SCHEMA tools;
      CREATE TABLE trap (hit int); GRANT INSERT ON trap TO PUBLIC;
      CREATE FUNCTION public.pg_stat_statements(boolean) RETURNS TABLE (queryid bigint) LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$`);
    const run = await read(connect(server.dsn('elsewhere', 'exhibit')), 'statements');
    expect(run.gaps).toEqual([
      expect.objectContaining({ gap: 'UNSUPPORTED', hint: expect.stringContaining('SET SCHEMA') }),
    ]);
    await owner.end();
  });

  it('count by id and between two reads', async () => {
    const source = connect(shop.dsn);
    const state = new Map<string, JsonValue>();
    const app = await server.connect(shop.database, shop.appRole);
    // Only so many statements are read, those that took longest first: this one must be among them.
    const admin = await server.superuser(shop.database);
    await admin.query('SELECT public.pg_stat_statements_reset()');
    await admin.end();
    await app.query('SELECT id FROM payments WHERE id = 41');
    await read(source, 'statements', state);
    await app.query('SELECT id FROM payments WHERE id = 42');
    const run = await read(source, 'statements', state);
    await app.end();
    const stepped = bodies(run, 'statements').filter(
      (body) => body['user'] === shop.appRole && body['calls_step'] === 1,
    );
    expect(stepped).toHaveLength(1);
    expect(stepped[0]).toMatchObject({ database: 'orders', toplevel: true, rows_step: 0 });
    expect(stepped[0]?.['query_id']).toMatch(/^-?\d+$/);
  });
});

describe('session pins', () => {
  it('hold against what the role brings along', async () => {
    await server.addRole('stubborn');
    const admin = await server.superuser(shop.database);
    await admin.query(`
      GRANT pg_read_all_stats TO stubborn;
      ALTER ROLE stubborn SET lock_timeout = 0;
      ALTER ROLE stubborn SET search_path = 'trap, public';
      ALTER ROLE stubborn SET default_transaction_read_only = off;
      ALTER ROLE stubborn SET client_encoding = 'LATIN1'`);
    const source = connect(server.dsn(shop.database, 'stubborn'));
    expect((await read(source, 'schema')).gaps).toEqual([]);
    // With the role's own lock_timeout it would wait here until statement_timeout.
    await admin.query('BEGIN; LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE');
    const { gaps } = await read(source, 'schema');
    await admin.end();
    expect(gaps).toEqual([
      expect.objectContaining({ gap: 'TIMEOUT', reason: 'A lock was not to be had within lock_timeout.' }),
    ]);
  });

  it('refuses a session that will not keep them', async () => {
    // A pooler in transaction mode, as a proxy sees it: every transaction lands on another server session.
    const proxy = await amnesiacProxy(server.port);
    const dsn = shop.dsn.replace(String(server.port), String(proxy.port));
    await expect(connect(dsn).authenticate(never())).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('idle_session_timeout'),
    });
    proxy.close();
  });
});

describe('what is sent', () => {
  it('is never a simple query, and always ends its transaction', async () => {
    const sent: Buffer[] = [];
    const proxy = await forwarding(server.port, (chunk) => sent.push(chunk));
    const source = connect(shop.dsn.replace(String(server.port), String(proxy.port)));
    for (const id of SERVER_READS) await read(source, id);
    await source.close();
    const types = messageTypes(Buffer.concat(sent));
    // Parse, Bind, Describe, Execute, Sync, the password exchange, and the goodbye.
    expect([...new Set(types)].sort()).toEqual(['B', 'D', 'E', 'P', 'S', 'X', 'p']);
    const text = Buffer.concat(sent).toString('latin1');
    expect(text.split('BEGIN READ ONLY').length).toBe(text.split('ROLLBACK').length);
    expect(text.split('BEGIN READ ONLY').length).toBeGreaterThan(SERVER_READS.length);
    proxy.close();
  });
});

/** Types of the client's messages after the startup packet (PostgreSQL manual, 54.7). */
function messageTypes(stream: Buffer): readonly string[] {
  const types: string[] = [];
  for (let at = stream.readInt32BE(0); at < stream.length; at += 1 + stream.readInt32BE(at + 1)) {
    types.push(String.fromCharCode(stream[at] ?? 0));
  }
  return types;
}

describe('a lock on a user table', () => {
  it('holds up no read', async () => {
    const holder = await server.superuser(shop.database);
    await holder.query(
      'BEGIN; LOCK TABLE customers, invoices, payments, odd_customers IN ACCESS EXCLUSIVE MODE',
    );
    const source = connect(shop.dsn);
    for (const id of SERVER_READS) {
      const run = await read(source, id);
      expect({ id, gaps: run.gaps }).toEqual({ id, gaps: [] });
    }
    await holder.end();
  });
});

describe('a lock on a system catalog', () => {
  it('costs the reads that need it a gap each, and the session survives', async () => {
    const source = connect(shop.dsn);
    for (const id of SERVER_READS) await read(source, id);
    const holder = await server.superuser(shop.database);
    await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE');
    const outcomes: Record<string, string> = {};
    for (const id of SERVER_READS) outcomes[id] = (await read(source, id)).gaps[0]?.gap ?? 'read';
    await holder.query('ROLLBACK');
    expect(outcomes['schema']).toBe('TIMEOUT');
    expect(outcomes['locked_relations']).toBe('TIMEOUT');
    // What does not need names keeps working: this is when it is wanted most.
    expect(outcomes['connections']).toBe('read');
    expect(outcomes['lock_inventory']).toBe('read');
    expect(outcomes['blocking_tree']).toBe('read');
    expect((await read(source, 'schema')).gaps).toEqual([]);
    await holder.end();
  });

  it('keeps the tree and loses only the names', async () => {
    const source = connect(shop.dsn);
    await read(source, 'blocking_tree');
    const holder = await server.superuser(shop.database);
    const waiter = await server.superuser(shop.database);
    await holder.query('BEGIN; LOCK TABLE payments IN ACCESS EXCLUSIVE MODE');
    const waiting = waiter.query('SELECT count(*) FROM payments');
    while (((await holder.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rowCount ?? 0) === 0)
      await sleep(10);
    await holder.query('LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE');
    const run = await read(source, 'blocking_tree');
    await holder.query('ROLLBACK');
    await waiting;
    expect(bodies(run, 'blocking_tree')).toEqual([
      expect.objectContaining({ lock_type: 'relation', root_state: 'idle_in_transaction' }),
    ]);
    expect(bodies(run, 'blocking_tree')[0]).not.toHaveProperty('relation');
    expect(run.gaps).toEqual([
      expect.objectContaining({ gap: 'TIMEOUT', missing: 'names of locked relations' }),
    ]);
    await Promise.all([holder.end(), waiter.end()]);
  });
});

describe('a server that does not answer', () => {
  it('is given up on at the connect timeout, and not tried again at once', async () => {
    const silent = await silentServer();
    const source = connect(`postgresql://exhibit:x@127.0.0.1:${silent.port}/orders`, {
      connectTimeout: '150ms',
    });
    await expect(source.authenticate(never())).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(source.authenticate(never())).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: /hung/,
    });
    expect(silent.connections()).toBe(1);
    silent.close();
  });

  it('is given up on in the middle of a session, and the next read opens another', async () => {
    const proxy = await freezingProxy(server.port);
    const dsn = shop.dsn.replace(String(server.port), String(proxy.port));
    const source = connect(dsn, { statementTimeout: '200ms', responseGrace: '100ms' });
    await read(source, 'wal');
    proxy.freeze();
    const run = await read(source, 'wal');
    expect(run.gaps).toEqual([expect.objectContaining({ gap: 'TIMEOUT', stream: 'wal' })]);
    expect(run.completeness).toBe('unknown');
    proxy.thaw();
    expect((await read(source, 'wal')).gaps).toEqual([]);
    proxy.close();
  });

  it('is given up on when every login waits for a catalog', async () => {
    const source = connect(shop.dsn, { connectTimeout: '300ms' });
    const holder = await server.superuser(shop.database);
    await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_authid IN ACCESS EXCLUSIVE MODE');
    await expect(source.authenticate(never())).rejects.toMatchObject({
      code: 'UNREACHABLE',
      hint: expect.stringContaining('catalog'),
    });
    await holder.query('ROLLBACK');
    await holder.end();
  });

  it('is UNREACHABLE when nothing listens', async () => {
    const silent = await silentServer();
    silent.close();
    await expect(
      connect(`postgresql://exhibit:x@127.0.0.1:${silent.port}/orders`).authenticate(never()),
    ).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
});

describe('aborting and closing', () => {
  it('lets go at once, and keeps the session for the next read', async () => {
    const proxy = await freezingProxy(server.port);
    const source = connect(shop.dsn.replace(String(server.port), String(proxy.port)));
    await read(source, 'wal');
    proxy.freeze();
    const controller = new AbortController();
    const reading = source.read(
      recordingRun({ clock: realClock }),
      admitted({ read: 'wal' }),
      controller.signal,
    );
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'TIMEOUT' });
    proxy.thaw();
    expect((await read(source, 'wal')).gaps).toEqual([]);
    expect(proxy.connections()).toBe(1);
    proxy.close();
  });

  it('refuses to begin when already aborted', async () => {
    await expect(connect(shop.dsn).authenticate(AbortSignal.abort())).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('closes before anything, twice, and during a read', async () => {
    const unused = connect(shop.dsn);
    await unused.close();
    await unused.close();
    await expect(unused.authenticate(never())).rejects.toMatchObject({ code: 'UNREACHABLE' });

    const busy = connect(shop.dsn);
    const reading = read(busy, 'schema').catch((error: unknown) => error);
    await busy.close();
    await busy.close();
    await reading;
    const admin = await server.superuser();
    const left = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'exhibit'";
    const deadline = performance.now() + 60_000;
    while (((await admin.query(left)).rowCount ?? 0) > 0 && performance.now() < deadline) await sleep(20);
    expect((await admin.query(left)).rowCount).toBe(0);
    await admin.end();
  });

  it('comes back after an administrator has ended its session', async () => {
    const source = connect(shop.dsn);
    await read(source, 'wal');
    const admin = await server.superuser();
    await admin.query(
      "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE application_name = 'exhibit'",
    );
    await admin.end();
    await sleep(50);
    expect((await read(source, 'wal')).gaps).toEqual([]);
  });

  it('ends a read whose answer is larger than its budget', async () => {
    const run = recordingRun({ clock: realClock, budget: { bytes: 2_000 } });
    const { completeness } = await connect(shop.dsn).read(run, admitted({ read: 'settings' }), never());
    expect(run.gaps).toEqual([expect.objectContaining({ gap: 'BUDGET' })]);
    expect(completeness.state).toBe('unknown');
  });

  it('keeps what fits where there are more rows than the budget', async () => {
    const run = recordingRun({ clock: realClock, budget: { rows: 2 } });
    const { completeness } = await connect(shop.dsn).read(
      run,
      admitted({ read: 'database_counters' }),
      never(),
    );
    expect(run.observations).toHaveLength(2);
    expect(run.gaps).toEqual([expect.objectContaining({ gap: 'BUDGET', stream: 'database_counters' })]);
    expect(completeness.state).toBe('partial');
  });
});
