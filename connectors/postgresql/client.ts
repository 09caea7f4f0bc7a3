import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import pg from 'pg';
import { type Clock, ConnectorError, textFor } from '../sdk/index.ts';
import type { Answer, CatalogClient, QueryLimits, Row } from './catalog.ts';
import type { PostgresqlConfig } from './config.ts';
import { parseDsn, type Target } from './dsn.ts';
import { toConnectorError } from './errors.ts';
import {
  OLDEST_VERSION,
  type Pin,
  pinsFor,
  readBack,
  type Statement,
  setPins,
  trustedFacts,
  VERSION,
} from './session.ts';

export const APPLICATION_NAME = 'exhibit';

/** How often the bytes received are looked at while a query runs. */
const WATCH_MS = 20;
/** How long `close()` waits for the server to take leave. */
const GOODBYE_MS = 500;
/**
 * After a login that hung, none is tried for this long: the server's process for it may still be waiting for a lock,
 * for up to its authentication_timeout (one minute by default), and each try would add one more.
 */
const HUNG_LOGIN_PAUSE_MS = 60_000;

export interface PinnedClientDeps {
  readonly clock: Clock;
  /** Query files by id, and their variants for newer servers by `<id>@<major version>`. */
  readonly reads: ReadonlyMap<string, string>;
}

/** `host:port` for the egress list; the directory for a Unix socket. */
export function egressOf(config: PostgresqlConfig): readonly string[] {
  const { host, port } = parseDsn(config.dsn.open());
  return [host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`];
}

/** The one session of this connector: opened by the first query, kept while it answers, never more than one. */
export function openCatalog(config: PostgresqlConfig, deps: PinnedClientDeps): CatalogClient {
  return new PinnedClient(config, deps);
}

interface Session {
  readonly client: pg.Client;
  readonly socket: Socket;
  readonly pins: readonly Pin[];
  /** `server_version_num`. */
  readonly version: number;
}

class PinnedClient implements CatalogClient {
  readonly #config: PostgresqlConfig;
  readonly #deps: PinnedClientDeps;
  #session: Session | undefined;
  #socket: Socket | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #noLoginBefore = 0;
  #closed = false;

  constructor(config: PostgresqlConfig, deps: PinnedClientDeps) {
    this.#config = config;
    this.#deps = deps;
  }

  async query(id: string, limits: QueryLimits, signal: AbortSignal): Promise<Answer> {
    if (!this.#deps.reads.has(id))
      throw new ConnectorError('INTERNAL', `there is no query file for the read "${id}"`);
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(limits.timeoutMs)));
    const stop = AbortSignal.any([signal, deadline]);
    // Whoever gave up on the query before may have left it running: it ends by its own deadlines and keeps the session.
    const work = this.#work.then(() => {
      stop.throwIfAborted();
      return this.#run(id, limits);
    });
    this.#work = work.catch(() => undefined);
    return abortable(work, stop);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined)
      await Promise.race([session.client.end().catch(() => undefined), pause(GOODBYE_MS)]);
    this.#socket?.destroy();
    await this.#work;
  }

  async #run(id: string, limits: QueryLimits): Promise<Answer> {
    if (this.#closed) throw new ConnectorError('UNREACHABLE', 'the connector was closed');
    const session = this.#session ?? (await this.#login());
    const text = textFor(this.#deps.reads, id, Math.floor(session.version / 10_000)) ?? '';
    const watch = guard(session.socket, {
      deadlineMs: this.#config.statementTimeout + this.#config.responseGrace,
      bytes: limits.bytes,
    });
    let trusted = false;
    try {
      return await inReadOnlyTransaction(session, async (facts) => {
        trusted = true;
        const rows = await send(session.client, { text, values: [] });
        return { rows, facts, bytes: watch.received() };
      });
    } catch (error) {
      const reason = watch.reason() ?? toConnectorError(error);
      if (!trusted || watch.reason() !== undefined || isLost(reason)) this.#drop(session);
      throw reason;
    } finally {
      watch.release();
    }
  }

  #drop(session: Session): void {
    session.socket.destroy();
    if (this.#session === session) this.#session = undefined;
  }

  async #login(): Promise<Session> {
    if (this.#deps.clock.monotonic() < this.#noLoginBefore) {
      throw new ConnectorError('UNREACHABLE', 'the last login hung; the next is tried a minute after it', {
        hint: 'Look for a lock on pg_authid, pg_database or pg_class, and for a name server or firewall that is silent.',
      });
    }
    const target = parseDsn(this.#config.dsn.open());
    const socket = new Socket();
    this.#socket = socket;
    const watch = guard(socket, { deadlineMs: this.#config.connectTimeout, bytes: Number.POSITIVE_INFINITY });
    try {
      const client = await connect(target, this.#config, socket);
      const session = await pinned(client, socket, this.#config);
      if (this.#closed) throw new ConnectorError('UNREACHABLE', 'the connector was closed');
      client.once('end', () => this.#drop(session));
      this.#session = session;
      return session;
    } catch (error) {
      socket.destroy();
      if (watch.reason() === undefined) throw toConnectorError(error);
      this.#noLoginBefore = this.#deps.clock.monotonic() + HUNG_LOGIN_PAUSE_MS;
      throw new ConnectorError('UNREACHABLE', 'the server did not complete a login within connectTimeout', {
        hint: 'Look for a firewall that swallows packets, or a lock on a catalog that every login reads.',
        cause: error,
      });
    } finally {
      watch.release();
    }
  }
}

async function connect(target: Target, config: PostgresqlConfig, socket: Socket): Promise<pg.Client> {
  const ssl = await tlsOptions(config.ssl ?? target.ssl, config.caFile);
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    // A function, so that neither PGPASSWORD nor a password file is ever looked at.
    password: () => target.password,
    application_name: APPLICATION_NAME,
    stream: () => socket,
    keepAlive: true,
    ssl,
    enableChannelBinding: ssl !== false,
    types: { getTypeParser: () => String },
  });
  // Without a listener a lost connection would end the process; the query that notices reports it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function tlsOptions(mode: Target['ssl'], caFile: string | undefined): Promise<false | TlsOptions> {
  if (mode === 'disable') return false;
  if (caFile === undefined) return { rejectUnauthorized: mode === 'verify-full' };
  try {
    return { rejectUnauthorized: mode === 'verify-full', ca: await readFile(caFile, 'utf8') };
  } catch (error) {
    throw new ConnectorError('CONFIG', 'caFile can not be read', {
      hint: 'Check path and permissions.',
      cause: error,
    });
  }
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
}

async function pinned(client: pg.Client, socket: Socket, config: PostgresqlConfig): Promise<Session> {
  const [row] = await send(client, VERSION);
  const version = Number(row?.['version']);
  if (!(version >= OLDEST_VERSION)) {
    throw new ConnectorError('UNSUPPORTED', 'the server is older than PostgreSQL 14', {
      hint: 'Upgrade it: such versions no longer get security fixes.',
    });
  }
  const pins = pinsFor(config, version);
  await send(client, setPins(pins));
  const session = { client, socket, pins, version };
  await inReadOnlyTransaction(session, async () => undefined);
  return session;
}

async function inReadOnlyTransaction<T>(
  session: Session,
  work: (facts: Answer['facts']) => Promise<T>,
): Promise<T> {
  await send(session.client, { text: 'BEGIN READ ONLY', values: [] });
  try {
    const [row = {}] = await send(session.client, readBack(session.pins));
    return await work(trustedFacts(row, session.pins));
  } finally {
    if (!session.socket.destroyed) await send(session.client, { text: 'ROLLBACK', values: [] });
  }
}

interface ExtendedQuery extends pg.QueryConfig<string[]> {
  /** Known to pg 8.x and not to its types: parse, bind and execute even without parameters. */
  readonly queryMode: 'extended';
}

async function send(client: pg.Client, statement: Statement): Promise<readonly Row[]> {
  const query: ExtendedQuery = { text: statement.text, values: [...statement.values], queryMode: 'extended' };
  const result = await client.query<Row>(query);
  return result.rows;
}

interface Watch {
  /** Why the socket was closed, if it was. */
  reason(): ConnectorError | undefined;
  received(): number;
  release(): void;
}

/** Closes the socket under a server that says nothing for too long, or too much. Nothing else ends a half-open TCP connection. */
function guard(socket: Socket, limits: { readonly deadlineMs: number; readonly bytes: number }): Watch {
  const start = socket.bytesRead;
  let reason: ConnectorError | undefined;
  const received = (): number => socket.bytesRead - start;
  const cut = (error: ConnectorError): void => {
    reason ??= error;
    socket.destroy();
  };
  const timer = setTimeout(() => {
    cut(
      new ConnectorError('TIMEOUT', 'the server stopped answering and the connection was closed', {
        hint: 'Look for a lost network path, a frozen host, or a lock on a system catalog.',
      }),
    );
  }, limits.deadlineMs);
  const sampler = setInterval(() => {
    if (received() <= limits.bytes) return;
    cut(
      new ConnectorError('BUDGET', 'the answer was larger than the budget and the connection was closed', {
        hint: 'Raise budget.bytes of this read in the policy.',
      }),
    );
  }, WATCH_MS);
  return {
    reason: () => reason,
    received,
    release: () => {
      clearTimeout(timer);
      clearInterval(sampler);
    },
  };
}

/** The session is of no more use; the next query opens another. */
function isLost(error: ConnectorError): boolean {
  return ['UNREACHABLE', 'AUTH', 'CONFIG', 'INTERNAL'].includes(error.code);
}

/** Lets the caller go when the signal aborts; the work goes on to its own end. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(
      new ConnectorError('TIMEOUT', 'the read was given up before the server answered', {
        hint: 'Raise budget.duration of this read, or look at what slows the server down.',
        cause: signal.reason,
      }),
    );
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms);
  return promise;
}
