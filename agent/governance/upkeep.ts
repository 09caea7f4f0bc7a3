import type { Clock, Logger } from '../../connectors/sdk/index.ts';
import { errorFields } from '../telemetry/logger.ts';

/** Something that is due from time to time, whether or not anything happens. */
export interface Duty {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

/** Runs duties in their intervals, each at once at the start; one that fails is reported and tried again in time. */
export class Upkeep {
  readonly #duties: readonly Duty[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #ended = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    duties: readonly Duty[],
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.#duties = duties;
    this.#clock = clock;
    this.#logger = logger;
  }

  begin(): void {
    this.#running = Promise.all(this.#duties.map((duty) => this.#keepUp(duty)));
  }

  /** Resolves when what was running is over. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #keepUp({ name, everyMs, run }: Duty): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await run().catch((error: unknown) => {
        this.#logger.error('upkeep failed and is tried again', { duty: name, ...errorFields(error) });
      });
      await this.#clock.sleep(everyMs, signal).catch(() => undefined);
    }
  }
}
