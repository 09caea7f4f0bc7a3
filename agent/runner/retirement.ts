import { type Connector, ConnectorError, type Logger } from '../../connectors/sdk/index.ts';
import type { Store } from '../../evidence/store/store.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import type { ConfiguredConnection } from '../config/load.ts';
import type { Connections } from '../registry/connections.ts';
import type { Job, JobOutcome } from '../scheduler/job.ts';

export interface RetirementDeps {
  readonly connections: Pick<Connections, 'get' | 'aside'>;
  readonly configured: readonly ConfiguredConnection[];
  readonly policy: () => CompiledPolicy;
  /** What a read has never left state of, it keeps nothing of at its source either, and nobody is asked. */
  readonly store: Pick<Store, 'state'>;
  readonly logger: Logger;
}

/** A source that has not answered by then is asked again at the next start, or when the read is refused next. */
const PATIENCE_MS = 10_000;

/** Takes back what reads keep at their sources (replication slots) once they are not to run any more. */
export class Retirement {
  readonly #deps: RetirementDeps;
  /** `<connection>/<read>`: nothing is left of these. */
  readonly #done = new Set<string>();
  readonly #ended = new AbortController();

  constructor(deps: RetirementDeps) {
    this.#deps = deps;
  }

  /** After every job, while no other runs on its connection: what no flag or rule of the policy admits is taken back. */
  async follow({ request }: Job, outcome: JobOutcome): Promise<void> {
    const { connection, read } = request;
    if (outcome.status !== 'refused') {
      this.#done.delete(`${connection}/${read}`);
      return;
    }
    const plan = this.#deps.policy().of(connection).reads.get(`${request.connector}/${read}`);
    if (plan === undefined || (plan.lacks === null && plan.streams.length > 0)) return;
    await this.#retire(connection, read, (work) => work(this.#deps.connections.get(connection)));
  }

  /** At the start: what the config has turned off while the agent was stopped. */
  async begin(): Promise<void> {
    for (const { id, connector, reads } of this.#deps.configured) {
      for (const { id: read, mode } of connector.manifest.reads) {
        if (mode !== 'cdc' || reads[read]?.enabled !== false) continue;
        await this.#retire(id, read, (work) => this.#deps.connections.aside(id, work));
      }
    }
  }

  end(): void {
    this.#ended.abort(new Error('the agent is stopping'));
  }

  async #retire(
    connection: string,
    read: string,
    using: (work: (connector: Connector) => Promise<boolean>) => Promise<boolean>,
  ): Promise<void> {
    const key = `${connection}/${read}`;
    if (this.#done.has(key) || this.#ended.signal.aborted) return;
    const fields = { connection, read };
    try {
      if ([...(await this.#deps.store.state(connection, read))].length === 0) return;
      const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(PATIENCE_MS)]);
      const wasThere = await using(async (connector) => (await connector.retire?.(read, signal)) ?? false);
      this.#done.add(key);
      if (wasThere) this.#deps.logger.info('what a read kept at its source was taken back', fields);
    } catch (error) {
      const { code } = ConnectorError.from(error);
      this.#deps.logger.warn('what a read keeps at its source could not be taken back', { ...fields, code });
    }
  }
}
