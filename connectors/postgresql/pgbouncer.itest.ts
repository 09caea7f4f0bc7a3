import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../test/helpers/pg-incident.ts';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import { type Clock, type Connector, type JsonValue, Secret } from '../sdk/index.ts';
import { admitted, fakeDeps, loadReads, type RecordingRun, recordingRun } from '../sdk/testing/index.ts';
import { connector } from './index.ts';

const BINARY = '/usr/sbin/pgbouncer';
const isMissing = !existsSync(BINARY);
if (isMissing) process.stderr.write(`skipped: pools of PgBouncer, because there is no ${BINARY}\n`);

const reads = loadReads(import.meta.dirname);
const never = new AbortController().signal;
const clock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};

interface Pooler {
  readonly port: number;
  readonly process: ChildProcess;
  readonly directory: string;
}

/** Two servers for all clients together, so that the third has to wait. */
async function startPooler(server: PostgresServer, shop: Shop, port: number): Promise<Pooler> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-pgbouncer-'));
  const account = await unprivilegedAccount();
  const users = [shop.appRole, 'stats', 'admin'].map((user) => `"${user}" "${server.password}"\n`);
  const settings = `[databases]
${shop.database} = host=127.0.0.1 port=${server.port} dbname=${shop.database} pool_size=2
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(directory, 'users')}
pool_mode = transaction
stats_users = stats
admin_users = admin
`;
  await writeFile(join(directory, 'users'), users.join(''), { mode: 0o600 });
  await writeFile(join(directory, 'pgbouncer.ini'), settings, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [directory, join(directory, 'users'), join(directory, 'pgbouncer.ini')])
      await chown(path, account.uid, account.gid);
  }
  const child = spawn(BINARY, [join(directory, 'pgbouncer.ini')], { ...account, cwd: '/', stdio: 'ignore' });
  const pooler = { port, process: child, directory };
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      const client = await login(pooler, server, 'stats', 'pgbouncer');
      await client.end();
      return pooler;
    } catch {
      await sleep(50);
    }
  }
  await stopPooler(pooler);
  throw new Error('PgBouncer did not start in time');
}

async function stopPooler({ process: child, directory }: Pooler): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = Promise.withResolvers<void>();
    child.once('exit', () => gone.resolve());
    child.kill('SIGKILL');
    await gone.promise;
  }
  await rm(directory, { recursive: true, force: true });
}

async function login(
  pooler: Pooler,
  server: PostgresServer,
  user: string,
  database: string,
): Promise<pg.Client> {
  const { password } = server;
  const client = new pg.Client({ host: '127.0.0.1', port: pooler.port, user, database, password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** PgBouncer refuses to run as root. */
async function unprivilegedAccount(): Promise<{ readonly uid?: number; readonly gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const nobody = lines.find(([name]) => name === 'nobody');
  return { uid: Number(nobody?.[2]), gid: Number(nobody?.[3]) };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const listening = Promise.withResolvers<void>();
  probe.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const address = probe.address();
  const closed = Promise.withResolvers<void>();
  probe.close(() => closed.resolve());
  await closed.promise;
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

describe.skipIf(isMissing)('a PgBouncer in front of the server', () => {
  let server: PostgresServer;
  let shop: Shop;
  let pooler: Pooler;
  const open: Connector[] = [];
  const clients: pg.Client[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    shop = await openShop(server);
    pooler = await startPooler(server, shop, await freePort());
  });

  afterAll(async () => {
    await stopPooler(pooler);
    await server.stop();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  const console_ = (database = 'pgbouncer', password = server.password): string =>
    ['postgresql', `stats:${password}@127.0.0.1:${pooler.port}/${database}`].join('://');

  function connect(dsn: string | undefined): Connector {
    const pgbouncer = dsn === undefined ? undefined : { dsn: new Secret(dsn) };
    const config = connector.config.parse({ dsn: new Secret(shop.dsn), pgbouncer });
    const created = connector.create(config, fakeDeps({ connection: 'orders-db', reads, clock }));
    open.push(created);
    return created;
  }

  async function read(
    source: Connector,
    id: string,
    state = new Map<string, JsonValue>(),
  ): Promise<RecordingRun> {
    const run = recordingRun({ state, clock });
    await source.read(run, admitted({ read: id, streams: [id] }), never);
    return run;
  }

  async function client(): Promise<pg.Client> {
    const opened = await login(pooler, server, shop.appRole, shop.database);
    clients.push(opened);
    return opened;
  }

  it('names both hosts as those it talks to', () => {
    const config = connector.config.parse({
      dsn: new Secret(shop.dsn),
      pgbouncer: { dsn: new Secret(console_()) },
    });
    expect(connector.egress(config)).toEqual([`127.0.0.1:${server.port}`, `127.0.0.1:${pooler.port}`]);
  });

  it('lets three clients wait for two servers, and is seen doing so', async () => {
    const source = connect(console_());
    for (let count = 0; count < 2; count += 1) await (await client()).query('BEGIN');
    for (let count = 0; count < 3; count += 1) void (await client()).query('SELECT 1').catch(() => undefined);
    await sleep(300);
    const { records } = await read(source, 'pgbouncer_pools');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      stream: 'pgbouncer_pools',
      class: 'symptom',
      entity: 'postgresql://orders-db/orders',
      body: {
        database: shop.database,
        user: shop.appRole,
        pool_mode: 'transaction',
        cl_active: 2,
        cl_waiting: 3,
        sv_active: 2,
        servers: 2,
      },
    });
    const [record] = records;
    expect(record !== undefined && 'body' in record && record.body['max_wait_ms']).toBeGreaterThanOrEqual(
      250,
    );
  });

  it('is seen calm, with what it lets through and what passed since', async () => {
    const source = connect(console_());
    const state = new Map<string, JsonValue>();
    const user = await client();
    await user.query('SELECT 1');
    await read(source, 'pgbouncer_stats', state);
    for (let count = 0; count < 5; count += 1) await user.query('SELECT 1');
    const { observations } = await read(source, 'pgbouncer_stats', state);
    expect(observations).toHaveLength(1);
    expect(observations[0]?.body).toMatchObject({
      database: shop.database,
      transactions_step: 5,
      queries_step: 5,
    });
    const pools = await read(source, 'pgbouncer_pools');
    expect(pools.observations).toEqual([expect.objectContaining({ class: 'state' })]);
    const databases = await read(source, 'pgbouncer_databases');
    expect(databases.observations.map(({ class: kind, body }) => ({ kind, body }))).toEqual([
      {
        kind: 'state',
        body: {
          name: shop.database,
          database: shop.database,
          pool_size: 2,
          max_connections: 0,
          current_connections: expect.any(Number),
          paused: false,
          disabled: false,
          reasons: [],
        },
      },
    ]);
    // The host of a database is an address.
    expect(JSON.stringify(databases.records)).not.toContain('127.0.0.1');
  });

  it('is seen refusing clients', async () => {
    const source = connect(console_());
    const admin = await login(pooler, server, 'admin', 'pgbouncer');
    clients.push(admin);
    await admin.query(`DISABLE ${shop.database}`);
    const { observations } = await read(source, 'pgbouncer_databases');
    await admin.query(`ENABLE ${shop.database}`);
    expect(observations).toEqual([
      expect.objectContaining({ class: 'symptom', body: expect.objectContaining({ reasons: ['disabled'] }) }),
    ]);
  });

  it('is a gap where it is not configured, and its reads are not to be scheduled', async () => {
    const { records } = await read(connect(undefined), 'pgbouncer_pools');
    expect(records).toEqual([expect.objectContaining({ gap: 'UNSUPPORTED', stream: 'pgbouncer_pools' })]);
    const config = connector.config.parse({ dsn: new Secret(shop.dsn) });
    expect(['pgbouncer_pools', 'wal'].map((id) => connector.serves?.(config, id))).toEqual([false, true]);
    const streams = await connect(undefined).discover(never);
    expect(streams.filter(({ available }) => !available).map(({ stream }) => stream)).toEqual(
      expect.arrayContaining(['pgbouncer_pools', 'pgbouncer_databases', 'pgbouncer_stats']),
    );
  });

  it.each([
    ['names another database than the console', () => console_(shop.database), 'CONFIG'],
    ['has the wrong password', () => console_('pgbouncer', 'wrong'), 'UNREACHABLE'],
    ['names a port where nobody listens', () => console_().replace(/:\d+\//, ':1/'), 'UNREACHABLE'],
  ])('is a gap when its DSN %s, and the server is read as before', async (_, dsn, gap) => {
    const source = connect(dsn());
    const { records } = await read(source, 'pgbouncer_pools');
    expect(records).toEqual([expect.objectContaining({ gap, stream: 'pgbouncer_pools' })]);
    expect(JSON.stringify(records)).not.toContain(server.password);
    expect((await read(source, 'slru')).gaps).toEqual([]);
  });

  it('is found again after it was away', async () => {
    const source = connect(console_());
    expect((await read(source, 'pgbouncer_stats')).gaps).toEqual([]);
    await stopPooler(pooler);
    expect((await read(source, 'pgbouncer_stats')).gaps).toEqual([
      expect.objectContaining({ gap: 'UNREACHABLE' }),
    ]);
    pooler = await startPooler(server, shop, pooler.port);
    expect((await read(source, 'pgbouncer_stats')).gaps).toEqual([]);
  });
});
