import {
  type AdmittedRead,
  BudgetMeter,
  type Connector,
  type ConnectorDeps,
  type ConnectorModule,
  type RunContext,
} from '../sdk/index.ts';
import { authReport, describeStreams } from './access.ts';
import type { CatalogClient, TransactionClient } from './catalog.ts';
import { dropSlot } from './cdc/slot.ts';
import { egressOf, openCatalog } from './client.ts';
import { asker, collect, POOLER_READS, STREAMS } from './collect.ts';
import { config, type PostgresqlConfig } from './config.ts';
import { grants } from './grants.ts';
import { openPooler } from './pgbouncer-client.ts';

export const connector: ConnectorModule<PostgresqlConfig> = {
  config,
  egress: egressOf,
  serves: ({ pgbouncer, cdc }, read) =>
    POOLER_READS.has(read) ? pgbouncer !== undefined : read !== CHANGES || cdc !== undefined,
  grants,
  create: (settings, deps) => new PostgresqlConnector(settings, deps),
};

/** The read that keeps something at the server: its slot. */
const CHANGES = 'cdc';
const CHANGE_STREAMS = ['cdc', 'cdc_tables'];

const NO_PUBLICATION = 'The config of this connection names no publication.';
const NO_POOLER = 'The config of this connection names no connection pooler.';

/** Ceilings of authenticate() and discover(), which have no admitted read to take them from. */
const CHECK_BUDGET = { durationMs: 15_000, rows: 1_000, bytes: 1024 ** 2, calls: 10 };

class PostgresqlConnector implements Connector {
  readonly #config: PostgresqlConfig;
  readonly #deps: ConnectorDeps;
  readonly #client: CatalogClient & TransactionClient;
  readonly #pooler: CatalogClient | undefined;

  constructor(settings: PostgresqlConfig, deps: ConnectorDeps) {
    this.#config = settings;
    this.#deps = deps;
    this.#client = openCatalog(settings, deps);
    this.#pooler = settings.pgbouncer && openPooler(settings.pgbouncer, settings, deps);
  }

  authenticate(signal: AbortSignal) {
    return authReport({ ask: asker(this.#client, this.#meter(), signal) });
  }

  discover(signal: AbortSignal) {
    const unserved = new Map([
      ...(this.#pooler === undefined ? [...POOLER_READS].map((id) => [id, NO_POOLER] as const) : []),
      ...(this.#config.cdc === undefined ? CHANGE_STREAMS.map((id) => [id, NO_PUBLICATION] as const) : []),
    ]);
    return describeStreams({ ask: asker(this.#client, this.#meter(), signal) }, STREAMS, unserved);
  }

  read(run: RunContext, request: AdmittedRead, signal: AbortSignal) {
    const { connection, digest, clock, views: guard } = this.#deps;
    const views = guard === undefined ? undefined : { client: this.#client, guard };
    const sources = { client: this.#client, pooler: this.#pooler };
    return collect(
      { connection, digest, clock, ...sources, views, cdc: this.#config.cdc, thresholds: this.#config },
      run,
      request,
      signal,
    );
  }

  async retire(read: string, signal: AbortSignal): Promise<boolean> {
    const { cdc } = this.#config;
    if (read !== CHANGES || cdc === undefined) return false;
    return dropSlot({ ask: asker(this.#client, this.#meter(), signal) }, cdc);
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#pooler?.close()]);
  }

  #meter(): BudgetMeter {
    return new BudgetMeter(CHECK_BUDGET, this.#deps.clock.monotonic);
  }
}
