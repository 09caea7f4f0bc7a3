import { egressFetch } from '../../connectors/sdk/http.ts';
import {
  type AuthReport,
  type Clock,
  type Connector,
  type ConnectorDeps,
  ConnectorError,
  type JsonValue,
  type Logger,
  type ReadSpec,
} from '../../connectors/sdk/index.ts';
import { viewGuard } from '../../policies/guards/views.ts';
import type { ConfiguredConnection } from '../config/load.ts';
import type { ScheduledRead, Wakes } from '../scheduler/job.ts';
import { textsOf } from './load.ts';

export interface ConnectionsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly digest: (value: JsonValue) => string;
}

/** The open connections of an agent, by id. */
export interface Connections {
  readonly ids: readonly string[];
  /** Throws ConnectorError NOT_FOUND for an id that the config does not have. */
  get(id: string): Connector;
  /**
   * Works with an instance of its own, made for it and closed after it: methods of one instance are called one at a time,
   * and reads are under way. Throws like `get`.
   */
  aside<T>(id: string, work: (connector: Connector) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Nothing is contacted yet: `create` is without I/O. Throws ConnectorError CONFIG for a config the connector refuses. */
export function openConnections(
  configured: readonly ConfiguredConnection[],
  deps: ConnectionsDeps,
): Connections {
  const byId = new Map(configured.map((connection) => [connection.id, openConnection(connection, deps)]));
  return {
    ids: [...byId.keys()],
    get(id) {
      const connector = byId.get(id);
      if (connector !== undefined) return connector;
      throw new ConnectorError('NOT_FOUND', 'the config has no such connection');
    },
    async aside(id, work) {
      const connection = configured.find((one) => one.id === id);
      if (connection === undefined)
        throw new ConnectorError('NOT_FOUND', 'the config has no such connection');
      const connector = openConnection(connection, deps);
      try {
        return await work(connector);
      } finally {
        await connector.close();
      }
    },
    close: async () => {
      await Promise.all([...byId.values()].map((connector) => connector.close()));
    },
  };
}

/** The reads that the scheduler is to run: those of the manifest, as the config overrides them. */
export function scheduledReads(configured: readonly ConfiguredConnection[]): readonly ScheduledRead[] {
  return configured.flatMap(({ id, connector, config, reads }) =>
    connector.manifest.reads
      .filter((read) => reads[read.id]?.enabled !== false)
      .filter((read) => connector.module.serves?.(config, read.id) ?? true)
      .map((read) => ({
        connection: id,
        connector: connector.id,
        read: read.id,
        mode: read.mode,
        intervalMs: reads[read.id]?.interval ?? read.interval,
        ...(read.wakes === undefined ? {} : { wakes: inMilliseconds(read.wakes) }),
      })),
  );
}

function inMilliseconds({ reads, interval, duration, rest }: NonNullable<ReadSpec['wakes']>): Wakes {
  return { reads, intervalMs: interval, durationMs: duration, restMs: rest };
}

/**
 * A connector's methods are called one at a time, and a streaming read never ends; so each streaming read gets an
 * instance of its own, made when it first runs.
 */
function openConnection(connection: ConfiguredConnection, deps: ConnectionsDeps): Connector {
  const { connector, config } = connection;
  const make = (): Connector => connector.module.create(config, connectorDeps(connection, deps));
  const streaming = new Set(
    connector.manifest.reads.filter(({ mode }) => mode === 'streaming').map(({ id }) => id),
  );
  const main = make();
  const own = new Map<string, Connector>();
  const forRead = (read: string): Connector => {
    if (!streaming.has(read)) return main;
    const instance = own.get(read) ?? make();
    own.set(read, instance);
    return instance;
  };
  return {
    authenticate: (signal): Promise<AuthReport> => main.authenticate(signal),
    discover: (signal) => main.discover(signal),
    read: (run, request, signal) => forRead(request.read).read(run, request, signal),
    retire: async (read, signal) => (await main.retire?.(read, signal)) ?? false,
    close: async () => {
      await Promise.all([main, ...own.values()].map((instance) => instance.close()));
    },
  };
}

function connectorDeps(
  { id, connector, config }: ConfiguredConnection,
  deps: ConnectionsDeps,
): ConnectorDeps {
  return {
    connection: id,
    clock: deps.clock,
    logger: deps.logger,
    digest: deps.digest,
    reads: textsOf(connector.reads),
    views: viewGuard(),
    fetch: egressFetch(connector.module.egress(config)),
  };
}
