import { Socket } from 'node:net';
import type pg from 'pg';
import { type Clock, ConnectorError, type Logger, textFor } from '../sdk/index.ts';
import type {
  Answer,
  CatalogClient,
  QueryLimits,
  Row,
  TlsState,
  Transaction,
  TransactionClient,
} from './catalog.ts';
import { abortable, connect, guard, tlsStateOf } from './client-connection.ts';
import type { PostgresqlConfig } from './config.ts';
import { isLocal, parseDsn, type Target } from './dsn.ts';
import { toConnectorError } from './errors.ts';
import { allowLockWait } from './lock-wait.ts';
import { DEFAULT_COST, mustBeCheap } from './plan-cost.ts';
import {
  firstPins,
  OLDEST_VERSION,
  type Pin,
  pinsFor,
  readBack,
  type Statement,
  setPins,
  trustedFacts,
  VERSION,
} from './session.ts';

/** How long `close()` waits for the server to take leave. */
const GOODBYE_MS = 500;
/**
 * After a login that hung, none is tried for this long: the server's process for it may still be waiting for a lock,
 * for up to its authentication_timeout (one minute by default), and each try would add one more.
 */
const HUNG_LOGIN_PAUSE_MS = 60_000;

export interface PinnedClientDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Query files by id, and their variants for newer servers by `<id>@<major version>`. */
  readonly reads: ReadonlyMap<string, string>;
}

/** `host:port` for the egress list; the directory for a Unix socket. */
export function egressOf({ dsn, pgbouncer }: PostgresqlConfig): readonly string[] {
  return [dsn, ...(pgbouncer === undefined ? [] : [pgbouncer.dsn])].map((secret) => {
    const { host, port } = parseDsn(secret.open());
    return host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  });
}

/** The one session of this connector: opened by the first query, kept while it answers, never more than one. */
export function openCatalog(
  config: PostgresqlConfig,
  deps: PinnedClientDeps,
): CatalogClient & TransactionClient {
  return new PinnedClient(config, deps);
}

interface Session {
  readonly client: pg.Client;
  readonly socket: Socket;
  readonly pins: readonly Pin[];
  /** `server_version_num`. */
  readonly version: number;
  readonly tls: TlsState;
  /** Reads whose cost the planner has been asked for. */
  readonly planned: Set<string>;
  /** The same by the query ids under which the server counts them, where it computes any. */
  readonly readOf: Map<string, string>;
}

class PinnedClient implements CatalogClient, TransactionClient {
  readonly #config: PostgresqlConfig;
  readonly #deps: PinnedClientDeps;
  #session: Session | undefined;
  #socket: Socket | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #noLoginBefore = 0;
  /** Where the first login went: a secret that changes may bring another password, not another server. */
  #place: string | undefined;
  #transactions = 0;
  #closed = false;

  constructor(config: PostgresqlConfig, deps: PinnedClientDeps) {
    this.#config = config;
    this.#deps = deps;
  }

  async query(id: string, limits: QueryLimits, signal: AbortSignal): Promise<Answer> {
    if (!this.#deps.reads.has(id))
      throw new ConnectorError('INTERNAL', `there is no query file for the read "${id}"`);
    return this.#next(limits, signal, () =>
      this.#run(limits, this.#config.statementTimeout, async (transaction, session) => {
        const statement = { text: this.#textOf(id, session), values: limits.values ?? [] };
        await this.#mustBeCheap(id, statement, limits, session);
        await allowLockWait(limits, session.pins, (asked) => send(session.client, asked));
        const startedAt = this.#deps.clock.monotonic();
        const { rows, fields } = await ask(session.client, statement);
        const sourceMs = this.#deps.clock.monotonic() - startedAt;
        const columns = fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
        const facts = { ...transaction.facts, readOf: session.readOf };
        return { rows, columns, facts, bytes: transaction.bytes(), sourceMs };
      }),
    );
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    limits: QueryLimits,
    signal: AbortSignal,
  ): Promise<T> {
    return this.#next(limits, signal, () => this.#run(limits, 2 * this.#config.statementTimeout, work));
  }

  /** One after the other, and none for longer than its caller waits. */
  async #next<T>(limits: QueryLimits, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(limits.timeoutMs)));
    const stop = AbortSignal.any([signal, deadline]);
    // Whoever gave up on the query before may have left it running: it ends by its own deadlines and keeps the session.
    const work = this.#work.then(() => {
      stop.throwIfAborted();
      return run();
    });
    this.#work = work.catch(() => undefined);
    return abortable(work, stop);
  }

  #textOf(id: string, session: Session): string {
    return textFor(this.#deps.reads, id, Math.floor(session.version / 10_000)) ?? '';
  }

  /** The planner is asked once per session: what it says changes with the size of the catalogs, not from run to run. */
  async #mustBeCheap(id: string, statement: Statement, limits: QueryLimits, session: Session): Promise<void> {
    if (session.planned.has(id) && limits.lockWaitMs === undefined) return;
    const { queryId } = await mustBeCheap(statement, limits.cost ?? DEFAULT_COST, (asked) =>
      send(session.client, asked),
    );
    session.planned.add(id);
    if (queryId !== undefined) session.readOf.set(queryId, id);
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

  async #run<T>(
    limits: QueryLimits,
    patienceMs: number,
    work: (transaction: Transaction, session: Session) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw new ConnectorError('UNREACHABLE', 'the connector was closed');
    const session = this.#session ?? (await this.#login());
    const watch = guard(session.socket, {
      deadlineMs: patienceMs + this.#config.responseGrace,
      bytes: limits.bytes,
    });
    let trusted = false;
    try {
      return await inReadOnlyTransaction(session, async (facts) => {
        trusted = true;
        this.#transactions += 1;
        const transaction = {
          facts: { ...facts, ownTransactions: this.#transactions, tls: session.tls },
          send: (text: string, values: readonly string[]) => send(session.client, { text, values }),
          bytes: () => watch.received(),
        };
        return await work(transaction, session);
      });
    } catch (error) {
      const reason = watch.reason() ?? toConnectorError(error);
      // What the server has ended at a deadline of its own, it has ended: on such a day another login may not be had.
      const usable = trusted || reason.code === 'TIMEOUT';
      if (!usable || watch.reason() !== undefined || isLost(reason)) this.#drop(session);
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
    const target = this.#target();
    const socket = new Socket();
    this.#socket = socket;
    const watch = guard(socket, { deadlineMs: this.#config.connectTimeout, bytes: Number.POSITIVE_INFINITY });
    try {
      const client = await connect(target, this.#config, socket);
      const session = await pinned(client, socket, this.#config, tlsStateOf(target, this.#config));
      if (this.#closed) throw new ConnectorError('UNREACHABLE', 'the connector was closed');
      client.once('end', () => this.#drop(session));
      this.#session = session;
      this.#report(target, session.tls);
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

  /** Opened for each login: a password that was changed in its file is taken without a restart. */
  #target(): Target {
    const target = parseDsn(this.#config.dsn.open());
    const place = `${target.host} ${target.port}`;
    this.#place ??= place;
    if (place === this.#place) return target;
    throw new ConnectorError('CONFIG', 'the DSN has come to name another server', {
      hint: 'Restart the agent: which hosts it may contact is settled when it starts.',
    });
  }

  #report({ host }: Target, tls: TlsState): void {
    if (tls === 'verified') return;
    const message =
      tls === 'none'
        ? 'the connection to PostgreSQL is not encrypted'
        : 'the connection to PostgreSQL is encrypted, but its server is not verified';
    this.#deps.logger[isLocal(host) ? 'debug' : 'warn'](message, { tls });
  }
}

async function pinned(
  client: pg.Client,
  socket: Socket,
  config: PostgresqlConfig,
  tls: TlsState,
): Promise<Session> {
  for (const statement of firstPins(config)) await send(client, statement);
  const [row] = await send(client, VERSION);
  const version = Number(row?.['version']);
  if (!(version >= OLDEST_VERSION)) {
    throw new ConnectorError('UNSUPPORTED', 'the server is older than PostgreSQL 14', {
      hint: 'Upgrade it: such versions no longer get security fixes.',
    });
  }
  const pins = pinsFor(config, version);
  await send(client, setPins(pins));
  const session = {
    client,
    socket,
    pins,
    version,
    tls,
    planned: new Set<string>(),
    readOf: new Map<string, string>(),
  };
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
  const { rows } = await ask(client, statement);
  return rows;
}

function ask(client: pg.Client, { text, values }: Statement): Promise<pg.QueryResult<Row>> {
  const query: ExtendedQuery = { text, values: [...values], queryMode: 'extended' };
  return client.query<Row>(query);
}

/** The session is of no more use; the next query opens another. */
function isLost(error: ConnectorError): boolean {
  return ['UNREACHABLE', 'AUTH', 'CONFIG', 'INTERNAL'].includes(error.code);
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms);
  return promise;
}
