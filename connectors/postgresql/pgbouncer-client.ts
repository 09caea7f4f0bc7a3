import { Socket } from 'node:net';
import { type Clock, ConnectorError } from '../sdk/index.ts';
import type { Answer, CatalogClient, QueryLimits, Row } from './catalog.ts';
import { abortable, connect, guard } from './client-connection.ts';
import type { PoolerConfig, PostgresqlConfig } from './config.ts';
import { parseDsn } from './dsn.ts';
import { toConnectorError } from './errors.ts';

/** The virtual database under which PgBouncer answers to administrators (https://www.pgbouncer.org/usage.html). */
const CONSOLE = 'pgbouncer';
/** All that is ever said to it; the console also pauses, kills and shuts down. */
const STATEMENTS: readonly string[] = ['SHOW POOLS', 'SHOW DATABASES', 'SHOW STATS'];

export interface PoolerDeps {
  readonly clock: Clock;
  /** Query files by id. */
  readonly reads: ReadonlyMap<string, string>;
}

/**
 * The console of a PgBouncer, over one session that is kept: on the day when its clients wait, a new one may not get in.
 * The console knows the simple protocol only, and has no clock, so the agent's is taken.
 */
export function openPooler(
  config: PoolerConfig,
  patience: Pick<PostgresqlConfig, 'caFile' | 'connectTimeout' | 'responseGrace' | 'statementTimeout'>,
  deps: PoolerDeps,
): CatalogClient {
  return new ConsoleClient(config, patience, deps);
}

type Patience = Parameters<typeof openPooler>[1];

interface Session {
  readonly client: Awaited<ReturnType<typeof connect>>;
  readonly socket: Socket;
  readonly user: string;
}

class ConsoleClient implements CatalogClient {
  readonly #config: PoolerConfig;
  readonly #patience: Patience;
  readonly #deps: PoolerDeps;
  #session: Session | undefined;
  #socket: Socket | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(config: PoolerConfig, patience: Patience, deps: PoolerDeps) {
    this.#config = config;
    this.#patience = patience;
    this.#deps = deps;
  }

  async query(id: string, limits: QueryLimits, signal: AbortSignal): Promise<Answer> {
    const statement = this.#deps.reads.get(id)?.trim() ?? '';
    if (!STATEMENTS.includes(statement))
      throw new ConnectorError(
        'INTERNAL',
        `the read "${id}" is none that the console of a pooler may be asked`,
      );
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(limits.timeoutMs)));
    const stop = AbortSignal.any([signal, deadline]);
    const work = this.#work.then(() => {
      stop.throwIfAborted();
      return this.#run(statement, limits);
    });
    this.#work = work.catch(() => undefined);
    return abortable(work, stop);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#session = undefined;
    // The console has nothing to finish: closing the socket is how its own client leaves.
    this.#socket?.destroy();
    await this.#work;
  }

  async #run(statement: string, limits: QueryLimits): Promise<Answer> {
    const session = this.#session ?? (await this.#login());
    const { statementTimeout, responseGrace } = this.#patience;
    const watch = guard(session.socket, {
      deadlineMs: statementTimeout + responseGrace,
      bytes: limits.bytes,
    });
    try {
      // Without values, node-postgres sends a simple query.
      const { rows } = await session.client.query<Row>(statement);
      const facts = { now: this.#now(), role: session.user, database: CONSOLE, version: 0, readsStats: true };
      return { rows, facts, bytes: watch.received() };
    } catch (error) {
      session.socket.destroy();
      this.#session = undefined;
      throw watch.reason() ?? toConnectorError(error);
    } finally {
      watch.release();
    }
  }

  async #login(): Promise<Session> {
    if (this.#closed) throw new ConnectorError('UNREACHABLE', 'the connector was closed');
    const target = parseDsn(this.#config.dsn.open());
    if (target.database !== CONSOLE) {
      throw new ConnectorError('CONFIG', 'pgbouncer.dsn does not name the admin console', {
        hint: `Its database is called ${CONSOLE}: postgresql://user:password@host:port/${CONSOLE}`,
      });
    }
    const socket = new Socket();
    this.#socket = socket;
    const watch = guard(socket, {
      deadlineMs: this.#patience.connectTimeout,
      bytes: Number.POSITIVE_INFINITY,
    });
    try {
      const client = await connect(target, { caFile: this.#patience.caFile }, socket);
      const session = { client, socket, user: target.user };
      client.once('end', () => {
        if (this.#session === session) this.#session = undefined;
      });
      this.#session = session;
      return session;
    } catch (error) {
      socket.destroy();
      // What we refused ourselves, and files that can not be read, say better what to do.
      if (error instanceof ConnectorError) throw error;
      throw new ConnectorError('UNREACHABLE', 'the admin console of PgBouncer can not be reached', {
        hint: 'Check pgbouncer.dsn, and that its user is among stats_users or admin_users.',
        cause: watch.reason() ?? error,
      });
    } finally {
      watch.release();
    }
  }

  #now(): string {
    return this.#deps.clock.now().toISOString();
  }
}
