import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { configLines } from './postgres-process.ts';

/**
 * A real PostgreSQL from an image, for versions and flavours that npm has no server of. Needs Docker, or what speaks
 * its API, and an image that keeps to the rules of the official one: POSTGRES_PASSWORD, and scripts in
 * /docker-entrypoint-initdb.d. https://hub.docker.com/_/postgres
 */
export interface ContainerOptions {
  /** As `docker run` takes it, e.g. `postgres:17-alpine`. */
  readonly image: string;
  /** Server settings by name. What `shared_preload_libraries` names is loaded beside what the image loads. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of the superuser `postgres`. */
  readonly password: string;
}

export interface RunningContainer {
  /** Major version. */
  readonly version: number;
  /** On the loopback address. */
  readonly port: number;
  /** Stops and removes the container and its volumes. */
  stop(): Promise<void>;
}

/** What is used of https://node.testcontainers.org, which test/postgres-matrix installs and the root does not. */
interface Testcontainers {
  readonly GenericContainer: new (image: string) => Container;
  readonly Wait: { forLogMessage(message: RegExp, times: number): object };
  getContainerRuntimeClient(): Promise<object>;
}

interface Container {
  withEnvironment(environment: Record<string, string>): Container;
  withExposedPorts(port: number): Container;
  withCopyContentToContainer(files: { content: string; target: string }[]): Container;
  withWaitStrategy(strategy: object): Container;
  withStartupTimeout(ms: number): Container;
  start(): Promise<StartedContainer>;
}

interface StartedContainer {
  getHost(): string;
  getMappedPort(port: number): number;
  stop(): Promise<unknown>;
}

const PORT = 5432;
const START_DEADLINE_MS = 120_000;
const LOGIN_TRIES = 50;
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** Sorts behind the scripts of flavours, so that it has the last word. */
const SCRIPT = '/docker-entrypoint-initdb.d/zz-exhibit.sh';

/** The image's entrypoint runs the server twice: for the scripts, and for good. A log in files says no more than that. */
const READY = /database system is ready to accept connections|redirecting log output/;

/** Whether there is a container engine to start images with. Throws where testcontainers is not installed. */
export async function containersRun(): Promise<boolean> {
  const { getContainerRuntimeClient } = await testcontainers();
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}

/** Pulls the image where it is not there yet. Throws when it does not come up as asked, and leaves no container. */
export async function startContainer({
  image,
  settings,
  password,
}: ContainerOptions): Promise<RunningContainer> {
  const { GenericContainer, Wait } = await testcontainers();
  const started = await new GenericContainer(image)
    .withEnvironment({
      POSTGRES_PASSWORD: password,
      POSTGRES_INITDB_ARGS: '--auth-host=scram-sha-256 --locale=C --encoding=UTF8 --no-sync',
    })
    .withCopyContentToContainer([{ content: initScript(settings), target: SCRIPT }])
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forLogMessage(READY, 2))
    .withStartupTimeout(START_DEADLINE_MS)
    .start();
  try {
    const port = loopbackPort(started);
    const version = await inspected({ image, port, password });
    return { version, port, stop: async () => void (await started.stop()) };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** Sourced by the entrypoint, as the server's account, while PGDATA is served for scripts alone. */
function initScript({
  shared_preload_libraries: preload = '',
  ...settings
}: Readonly<Record<string, string>>): string {
  return [
    '# What the image itself preloads is what makes its flavour, so it stays.',
    'exhibit_own=$(postgres -D "$PGDATA" -C shared_preload_libraries)',
    `exhibit_all="\${exhibit_own:+$exhibit_own,}${preload}"`,
    `cat >> "$PGDATA/postgresql.conf" <<'EXHIBIT'`,
    `${configLines(settings)}EXHIBIT`,
    `printf "shared_preload_libraries = '%s'\\n" "\${exhibit_all%,}" >> "$PGDATA/postgresql.conf"`,
    '',
  ].join('\n');
}

/** The tests reach servers, and put proxies before them, on the loopback address. */
function loopbackPort(started: StartedContainer): number {
  const host = started.getHost();
  if (LOOPBACK.includes(host)) return started.getMappedPort(PORT);
  throw new Error(
    `containers are reached at ${host} and the tests need a loopback address: run them where the engine runs, ` +
      'or forward its ports and set TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1',
  );
}

/** Its major version; throws unless the settings are in force. */
async function inspected({
  image,
  port,
  password,
}: {
  readonly image: string;
  readonly port: number;
  readonly password: string;
}): Promise<number> {
  const client = await login(port, password);
  try {
    const { rows } = await client.query<{ version: number; fsync: string }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync`,
    );
    const [row] = rows;
    // Every caller turns it off, and no image does.
    if (row?.fsync === 'off') return row.version;
    throw new Error(
      `${image} does not run what lies in /docker-entrypoint-initdb.d, so it can not be set up`,
    );
  } finally {
    await client.end();
  }
}

/** A server that logs into files says that it is ready a moment before it is. */
async function login(port: number, password: string): Promise<pg.Client> {
  for (let tries = 1; ; tries += 1) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, ssl: false });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (tries === LOGIN_TRIES) throw error;
      await sleep(100);
    }
  }
}

/** Whether the package is installed; `npm ci` in the root leaves it out. */
export function hasTestcontainers(): boolean {
  try {
    return entry() !== '';
  } catch {
    return false;
  }
}

function entry(): string {
  return createRequire(new URL('../postgres-matrix/package.json', import.meta.url)).resolve('testcontainers');
}

async function testcontainers(): Promise<Testcontainers> {
  if (!hasTestcontainers())
    throw new Error('testcontainers is not installed: run npm ci --prefix test/postgres-matrix');
  return (await import(pathToFileURL(entry()).href)) as Testcontainers;
}
