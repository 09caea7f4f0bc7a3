import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import { type Connector, Secret } from '../sdk/index.ts';
import { admitted, fakeDeps, loadManifest, loadReads, recordingRun } from '../sdk/testing/index.ts';
import { grants } from './grants.ts';
import { connector } from './index.ts';

const FOLDER = import.meta.dirname;
const manifest = loadManifest(FOLDER);
const texts = loadReads(FOLDER);
/** What is on without a flag, and does not ask another server. */
const ORDINARY = manifest.reads.filter(
  ({ capability, language, mode }) =>
    capability === undefined && language === 'sql/postgresql' && mode === 'full',
);

const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }),
};

let server: PostgresServer;
let source: Connector;

beforeAll(async () => {
  server = await startPostgres();
  const admin = await server.superuser();
  await admin.query('CREATE DATABASE orders');
  const owner = await server.superuser('orders');
  await owner.query(`
    CREATE TABLE customers (id int PRIMARY KEY, email text);
    INSERT INTO customers VALUES (1, 'canary-grants-Lk2p9Q');
    ANALYZE customers;
    CREATE VIEW everyone AS SELECT email FROM customers;
    CREATE SEQUENCE numbers;
    CREATE FUNCTION touch() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM public.customers';
    REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC;`);
  const all = await readFile(`${FOLDER}/${manifest.privileges}`, 'utf8');
  await owner.query(grants({ all, reads: ORDINARY.map((spec) => ({ spec, views: [] })), texts }));
  await owner.query(`ALTER ROLE exhibit PASSWORD '${server.password}'`);
  const config = connector.config.parse({ dsn: new Secret(server.dsn('orders', 'exhibit')) });
  source = connector.create(config, fakeDeps({ connection: 'orders-db', reads: texts, clock }));
});

afterAll(async () => {
  await source?.close();
  await server?.stop();
});

const never = (): AbortSignal => new AbortController().signal;

describe('a fresh role with what `exhibit rbac` prints', () => {
  it('misses nothing, and has nothing that no read needs', async () => {
    const { identity, missing, excess } = await source.authenticate(never());
    expect({ identity, missing }).toEqual({ identity: 'exhibit', missing: [] });
    // Until PostgreSQL 15 everybody may create objects in the schema public: not ours to revoke, but told.
    expect(excess).toEqual(server.version < 15 ? ['CREATE on 1 schemas'] : []);
  });

  it.each(ORDINARY.map(({ id, emits }) => [id, emits] as const))('reads %s', async (id, streams) => {
    const run = recordingRun({ state: new Map(), clock });
    await source.read(run, admitted({ read: id, streams }), never());
    expect(run.gaps.filter(({ gap }) => gap === 'PRIVILEGE')).toEqual([]);
  });

  it.each([
    ['a row of a user table', 'SELECT email FROM customers'],
    ['a row through a view', 'SELECT email FROM everyone'],
    ['a new row', "INSERT INTO customers VALUES (2, 'x')"],
    ['the end of all rows', 'TRUNCATE customers'],
    ['a lock on a table', 'BEGIN; LOCK TABLE customers IN ACCESS SHARE MODE'],
    ['a number of a sequence', "SELECT nextval('numbers')"],
    ["a function with its owner's rights", 'SELECT touch()'],
    ['a file of the server', "SELECT pg_read_file('postgresql.conf')"],
    ['a folder of the server', "SELECT pg_ls_dir('.')"],
    ['a program on the server', "COPY (SELECT 1) TO PROGRAM 'true'"],
    ['passwords', 'SELECT rolpassword FROM pg_authid'],
    ['a large object from a file', "SELECT lo_import('/etc/hostname')"],
    ['a setting of the server', "ALTER SYSTEM SET work_mem = '1GB'"],
    ['a reload', 'SELECT pg_reload_conf()'],
    ['another log file', 'SELECT pg_switch_wal()'],
    ['zeroed statistics', 'SELECT pg_stat_reset()'],
    ['a replication slot', "SELECT pg_create_physical_replication_slot('nosy')"],
    ['a role', 'CREATE ROLE friend'],
    ['to be somebody else', 'SET ROLE postgres'],
    ['a database', 'CREATE DATABASE more'],
    ['a schema', 'CREATE SCHEMA more'],
    ['an extension', 'CREATE EXTENSION plpython3u'],
    ['a change of its own rights', 'ALTER ROLE exhibit SUPERUSER'],
    ['a grant to itself', 'GRANT pg_read_all_data TO exhibit'],
  ])('gets it refused to have %s', async (_what, statement) => {
    const client = await server.connect('orders', 'exhibit');
    try {
      // The role's own defaults are no wall: whoever holds its password can turn them off.
      await client.query('SET default_transaction_read_only = off');
      await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  });

  it('sees no statistics of columns that it may not read', async () => {
    const client = await server.connect('orders', 'exhibit');
    const { rows } = await client.query("SELECT attname FROM pg_stats WHERE schemaname = 'public'");
    await client.end();
    expect(rows).toEqual([]);
  });

  it("can not end another role's session", async () => {
    const victim = await server.superuser('orders');
    const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const client = await server.connect('orders', 'exhibit');
    await expect(client.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])).rejects.toMatchObject({
      code: '42501',
    });
    await client.end();
    expect((await victim.query('SELECT 1 AS alive')).rows).toEqual([{ alive: 1 }]);
    await victim.end();
  });
});

describe('a role that may too much', () => {
  it.each([
    ['GRANT SELECT (id) ON customers TO nosy', 'SELECT on 1 user tables'],
    ['GRANT SELECT ON everyone TO nosy', 'SELECT on public.everyone'],
    ['GRANT UPDATE (email) ON customers TO nosy', 'write privileges on 1 user tables'],
    ['GRANT CREATE ON DATABASE orders TO nosy', 'CREATE on the database'],
    ['GRANT EXECUTE ON FUNCTION touch() TO nosy', 'EXECUTE on 1 SECURITY DEFINER functions'],
    ['GRANT EXECUTE ON FUNCTION pg_read_file(text) TO nosy', 'EXECUTE on pg_read_file'],
    ['GRANT pg_write_all_data TO nosy', 'pg_write_all_data'],
    ['GRANT pg_execute_server_program TO nosy', 'pg_execute_server_program'],
    ['GRANT owner_of_all TO nosy', 'membership in 1 other roles'],
    ['ALTER ROLE nosy BYPASSRLS', 'BYPASSRLS'],
    ['ALTER ROLE nosy REPLICATION', 'REPLICATION'],
    ['ALTER FUNCTION touch() OWNER TO nosy', 'ownership of 1 objects'],
  ])('is told so: %s', async (statement, told) => {
    const admin = await server.superuser('orders');
    await server.addRole('nosy', 'IN ROLE pg_read_all_stats');
    await admin.query('CREATE ROLE owner_of_all');
    const config = connector.config.parse({ dsn: new Secret(server.dsn('orders', 'nosy')) });
    const nosy = connector.create(config, fakeDeps({ connection: 'orders-db', reads: texts, clock }));
    try {
      const before = (await nosy.authenticate(never())).excess;
      await admin.query(statement);
      const { excess } = await nosy.authenticate(never());
      expect(excess.filter((right) => !before.includes(right))).toContain(told);
    } finally {
      await nosy.close();
      await admin.query('ALTER FUNCTION touch() OWNER TO postgres; DROP OWNED BY nosy, owner_of_all');
      await admin.query('DROP ROLE nosy; DROP ROLE owner_of_all');
      await admin.end();
    }
  });
});
