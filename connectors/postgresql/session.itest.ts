import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../test/helpers/pg-incident.ts';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import { type Authority, hasOpenssl, makeAuthority, tlsServerFiles } from '../../test/helpers/tls-files.ts';
import { type Connector, type JsonValue, Secret } from '../sdk/index.ts';
import { admitted, fakeDeps, loadReads, recordingLogger, recordingRun } from '../sdk/testing/index.ts';
import { config as schema } from './config.ts';
import { connector } from './index.ts';
import { READS } from './reads/index.ts';
import { pinsFor, setPins } from './session.ts';

/** How a session comes about, and what it may believe: certificates, passwords, and names that others have put up. */

const reads = loadReads(import.meta.dirname);
const never = new AbortController().signal;
const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal });
  },
};
/** The server's certificate is good for localhost and for nothing else. */
const HBA = `
hostssl all by_certificate 127.0.0.1/32 cert clientcert=verify-full
host    all in_clear_text  127.0.0.1/32 password
host    all all            127.0.0.1/32 scram-sha-256
`;

const OPENSSL = hasOpenssl();
if (!OPENSSL)
  process.stderr.write('TLS tests are left out: there is no openssl here to make certificates with\n');

let authority: Authority | undefined;
let server: PostgresServer;
let shop: Shop;
const opened: Connector[] = [];

beforeAll(async () => {
  if (OPENSSL) authority = await makeAuthority();
  const files =
    authority && (await tlsServerFiles(authority, await authority.issue('server', 'DNS:localhost')));
  server = await startPostgres({
    settings: files === undefined ? {} : { ssl: 'on', ssl_ca_file: 'ca.crt' },
    files: { ...files, 'pg_hba.conf': HBA },
  });
  shop = await openShop(server);
});

afterAll(async () => {
  await server.stop();
  await authority?.remove();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

function open(secret: Secret, overrides: Readonly<Record<string, unknown>> = {}) {
  const logger = recordingLogger();
  const settings = connector.config.parse({ dsn: secret, ...overrides });
  const source = connector.create(settings, fakeDeps({ connection: 'orders-db', reads, clock, logger }));
  opened.push(source);
  return { source, logger };
}

async function read(source: Connector, id: string) {
  const run = recordingRun({ clock, state: new Map<string, JsonValue>() });
  await source.read(run, admitted({ read: id, streams: [id] }), never);
  return run;
}

async function tlsOf(source: Connector): Promise<unknown> {
  return (await read(source, 'access')).observations[0]?.body['tls'];
}

const over = (host: string, mode: string, user = 'exhibit', password = server.password): Secret =>
  new Secret(
    `${['postgresql', `${user}:${password}`].join('://')}@${host}:${server.port}/${shop.database}${mode}`,
  );

describe.skipIf(!OPENSSL)('TLS', () => {
  const trusted = () => ({ caFile: authority?.caFile });

  it('is verified where nothing else is asked for, and the evidence says so', async () => {
    const { source, logger } = open(over('localhost', '?sslmode=verify-full'), trusted());
    expect(await tlsOf(source)).toBe('verified');
    expect(logger.lines).toEqual([]);
    const admin = await server.superuser();
    const { rows } = await admin.query(
      "SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'exhibit'",
    );
    await admin.end();
    expect(rows).toEqual([{ ssl: true }]);
  });

  it.each([
    ['an authority that nobody named', () => over('localhost', '?sslmode=verify-full'), () => ({})],
    ['a name that the certificate is not for', () => over('127.0.0.1', '?sslmode=verify-full'), trusted],
  ])('refuses %s', async (_case, secret, overrides) => {
    await expect(open(secret(), overrides()).source.authenticate(never)).rejects.toMatchObject({
      code: 'CONFIG',
      message: 'no TLS connection that can be trusted came about',
    });
  });

  it('that is not verified, or none at all, is used when asked for, and reported', async () => {
    const unverified = open(over('localhost', '?sslmode=require'));
    expect(await tlsOf(unverified.source)).toBe('unverified');
    const none = open(over('localhost', '?sslmode=disable'));
    expect(await tlsOf(none.source)).toBe('none');
    expect([unverified, none].map(({ logger }) => logger.lines.map(({ message }) => message))).toEqual([
      ['the connection to PostgreSQL is encrypted, but its server is not verified'],
      ['the connection to PostgreSQL is not encrypted'],
    ]);
  });

  it('logs in with a client certificate and no password, and not with one of another name', async () => {
    await server.addRole('by_certificate');
    const own = await authority?.issue('by_certificate');
    const secret = over('localhost', '?sslmode=verify-full', 'by_certificate', '');
    const report = await open(secret, { ...trusted(), ...own }).source.authenticate(never);
    expect(report.identity).toBe('by_certificate');
    for (const overrides of [trusted(), { ...trusted(), ...(await authority?.issue('somebody')) }]) {
      await expect(open(secret, overrides).source.authenticate(never)).rejects.toMatchObject({
        code: 'AUTH',
      });
    }
  });

  it('takes a password in clear text from a server that is verified only', async () => {
    await server.addRole('in_clear_text');
    const verified = open(over('localhost', '?sslmode=verify-full', 'in_clear_text'), trusted());
    expect((await verified.source.authenticate(never)).identity).toBe('in_clear_text');
    for (const mode of ['require', 'disable']) {
      const { source } = open(over('localhost', `?sslmode=${mode}`, 'in_clear_text'));
      await expect(source.authenticate(never)).rejects.toMatchObject({
        code: 'CONFIG',
        message: expect.stringContaining('clear text'),
      });
    }
  });
});

describe('a password that is rotated', () => {
  it('is taken by the next login without a restart, and the session that stands is kept until then', async () => {
    await server.addRole('rotating', 'IN ROLE pg_read_all_stats');
    let dsn = server.dsn(shop.database, 'rotating');
    const { source } = open(new Secret(() => dsn));
    await read(source, 'wal');
    const admin = await server.superuser();
    await admin.query("ALTER ROLE rotating PASSWORD 'second-Ty6'");
    expect((await read(source, 'wal')).gaps).toEqual([]);
    await admin.query(
      "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'rotating'",
    );
    await sleep(50);
    await expect(read(source, 'wal')).rejects.toMatchObject({ code: 'AUTH' });
    dsn = dsn.replace(server.password, 'second-Ty6');
    expect((await read(source, 'wal')).gaps).toEqual([]);
    await admin.end();
  });

  it('does not lead to another server', async () => {
    let dsn = shop.dsn;
    const { source } = open(new Secret(() => dsn));
    await read(source, 'wal');
    const admin = await server.superuser();
    await admin.query(
      "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'exhibit'",
    );
    await admin.end();
    await sleep(50);
    dsn = shop.dsn.replace('127.0.0.1', '127.0.0.2');
    await expect(read(source, 'wal')).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('another server'),
    });
  });
});

describe('names that somebody has put up beside those of the catalog', () => {
  const LIE = 'lie-Wq8z';

  it('answer to nobody once the pins are set: tables, functions and operators, temporary and lasting', async () => {
    const client = await server.superuser(shop.database);
    const { rows: versions } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    for (const place of ['pg_temp', 'trap']) {
      if (place === 'trap') await client.query('CREATE SCHEMA trap');
      for (const view of ['pg_class', 'pg_locks', 'pg_stat_activity', 'pg_namespace', 'pg_settings'])
        await client.query(`CREATE TABLE ${place}.${view} AS SELECT '${LIE}'::name AS relname`);
      await client.query(`
        CREATE FUNCTION ${place}.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE '${LIE}'; END $$;
        CREATE FUNCTION ${place}.date_part(text, interval) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN RAISE '${LIE}'; END $$;
        CREATE FUNCTION ${place}.lied(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE '${LIE}'; END $$;
        CREATE OPERATOR ${place}.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = ${place}.lied);
        CREATE FUNCTION ${place}.lied(name, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE '${LIE}'; END $$;
        CREATE OPERATOR ${place}.= (LEFTARG = name, RIGHTARG = text, FUNCTION = ${place}.lied);
        CREATE OPERATOR ${place}.<> (LEFTARG = name, RIGHTARG = text, FUNCTION = ${place}.lied)`);
    }
    await client.query('SET search_path = trap, pg_catalog');
    // The trap works: without the pins it is the lie that answers.
    expect((await client.query('SELECT relname FROM pg_class')).rows).toEqual([{ relname: LIE }]);
    await expect(client.query("SELECT 'a'::name = 'b'::text")).rejects.toThrow(LIE);

    const version = Number(versions[0]?.server_version_num);
    const { text, values } = setPins(pinsFor(schema.parse({ dsn: new Secret(shop.dsn) }), version));
    await client.query(text, [...values]);
    const { source } = open(new Secret(shop.dsn));
    const plain = connector.config.parse({ dsn: new Secret(shop.dsn) });
    const ids = READS.map(({ query }) => query.id).filter((id) => connector.serves?.(plain, id) !== false);
    for (const id of ids) {
      const sent = reads.get(id) ?? '';
      if (/\$\d/.test(sent) || id === 'statements') continue;
      const { rows } = await client.query(newest(id, version)).catch((error: unknown) => {
        throw new Error(`${id} fails`, { cause: error });
      });
      expect(JSON.stringify(rows)).not.toContain(LIE);
    }
    // And what an administrator has made the default of the role is no better.
    const admin = await server.superuser(shop.database);
    await admin.query("ALTER ROLE exhibit SET search_path = 'trap, public'");
    expect((await read(source, 'lock_inventory')).gaps).toEqual([]);
    await admin.query('ALTER ROLE exhibit RESET search_path; DROP SCHEMA trap CASCADE');
    await Promise.all([admin.end(), client.end()]);
  });

  function newest(id: string, version: number): string {
    const variants = [...reads.keys()]
      .filter((key) => key.startsWith(`${id}@`))
      .map((key) => Number(key.slice(id.length + 1)))
      .filter((major) => major <= Math.floor(version / 10_000));
    return reads.get(variants.length === 0 ? id : `${id}@${Math.max(...variants)}`) ?? '';
  }
});
