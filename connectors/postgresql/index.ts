import {
  type AdmittedRead,
  BudgetMeter,
  type Connector,
  type ConnectorDeps,
  type ConnectorModule,
  type RunContext,
} from '../sdk/index.ts';
import { authReport, describeStreams } from './access.ts';
import type { CatalogClient } from './catalog.ts';
import { egressOf, openCatalog } from './client.ts';
import { asker, collect, STREAMS } from './collect.ts';
import { config, type PostgresqlConfig } from './config.ts';

export const connector: ConnectorModule<PostgresqlConfig> = {
  config,
  egress: egressOf,
  create: (settings, deps) => new PostgresqlConnector(settings, deps),
};

/** Ceilings of authenticate() and discover(), which have no admitted read to take them from. */
const CHECK_BUDGET = { durationMs: 15_000, rows: 1_000, bytes: 1024 ** 2, calls: 10 };

class PostgresqlConnector implements Connector {
  readonly #config: PostgresqlConfig;
  readonly #deps: ConnectorDeps;
  readonly #client: CatalogClient;

  constructor(settings: PostgresqlConfig, deps: ConnectorDeps) {
    this.#config = settings;
    this.#deps = deps;
    this.#client = openCatalog(settings, deps);
  }

  authenticate(signal: AbortSignal) {
    return authReport({ ask: asker(this.#client, this.#meter(), signal) });
  }

  discover(signal: AbortSignal) {
    return describeStreams({ ask: asker(this.#client, this.#meter(), signal) }, STREAMS);
  }

  read(run: RunContext, request: AdmittedRead, signal: AbortSignal) {
    const { connection, digest } = this.#deps;
    return collect(
      { connection, digest, client: this.#client, thresholds: this.#config },
      run,
      request,
      signal,
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #meter(): BudgetMeter {
    return new BudgetMeter(CHECK_BUDGET, this.#deps.clock.monotonic);
  }
}
