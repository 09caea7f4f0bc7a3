import { z } from 'zod';
import {
  type AuthReport,
  type Clock,
  ConnectorError,
  type Logger,
  type Timestamp,
} from '../../connectors/sdk/index.ts';
import type { PrivilegeAccount } from '../../evidence/account/schema.ts';
import type { Store } from '../../evidence/store/store.ts';
import { refusedPrivileges, type Standing } from '../../policies/admit.ts';
import type { Connections } from '../registry/connections.ts';
import { errorFields } from '../telemetry/logger.ts';
import { OWN_STATE } from './records.ts';

export interface StandingDeps {
  readonly connections: Pick<Connections, 'ids' | 'aside'>;
  readonly store: Pick<Store, 'state' | 'saveState'>;
  /** Rights that the policy in force refuses for a connection. */
  readonly refused: (connection: string) => readonly string[];
  /** Whether the policy lets anything be read there: nobody else is asked anything. */
  readonly isRead: (connection: string) => boolean;
  /** The connection holds a refused right since it was asked last: what runs on it must not go on. */
  readonly onRefused: (connection: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A stream in which a canary has shown. */
export interface StoppedStream {
  readonly connection: string;
  readonly stream: string;
  /** Id of the canary. */
  readonly canary: string;
  readonly since: Timestamp;
}

/** How long an answer about an account's rights is believed. */
const FRESH_MS = 600_000;
/** The first reads go first. */
const SETTLE_MS = 5_000;
/** An account that can not be asked within this time is not used. */
const ASK_MS = 30_000;
const STOPS = 'stops';

const stopped: z.ZodType<Omit<StoppedStream, 'connection' | 'stream'>> = z.object({
  canary: z.string(),
  since: z.string(),
});

/**
 * What is known of the connections while the agent runs: rights that nothing needs, and streams in which a canary has
 * shown. Rights are asked for only where the policy refuses some; stops survive a restart.
 */
export class LiveStanding implements Standing {
  readonly #deps: StandingDeps;
  readonly #stops: Map<string, StoppedStream>;
  readonly #known = new Map<string, { readonly report: AuthReport; readonly at: number }>();
  readonly #asking = new Map<string, Promise<void>>();
  readonly #ended = new AbortController();

  private constructor(deps: StandingDeps, stops: Map<string, StoppedStream>) {
    this.#deps = deps;
    this.#stops = stops;
  }

  static async open(deps: StandingDeps): Promise<LiveStanding> {
    const stops = new Map<string, StoppedStream>();
    for (const [key, value] of await deps.store.state(OWN_STATE, STOPS)) {
      const [connection = '', stream = ''] = key.split('/');
      const parsed = stopped.safeParse(value);
      // A record that can not be read still stops: somebody has to look.
      const { canary, since } = parsed.success ? parsed.data : { canary: 'unknown', since: '' };
      stops.set(key, { connection, stream, canary, since });
    }
    return new LiveStanding(deps, stops);
  }

  excess(connection: string): readonly string[] {
    return this.#known.get(connection)?.report.excess ?? [];
  }

  /** What is signed of an account's rights; null before anybody has asked. */
  privileges(connection: string): PrivilegeAccount | null {
    const report = this.#known.get(connection)?.report;
    if (report === undefined) return null;
    const { granted, missing, excess } = report;
    return {
      excess: excess.length,
      held: granted.toSorted(),
      missing: missing.map(({ privilege }) => privilege).toSorted(),
    };
  }

  isStopped(connection: string, stream: string): boolean {
    return this.#stops.size > 0 && this.#stops.has(keyOf(connection, stream));
  }

  stops(): readonly StoppedStream[] {
    return [...this.#stops.values()];
  }

  /** Nothing of the stream passes from here on, also after a restart; the first canary's id stays. */
  stop(connection: string, stream: string, canary: string): void {
    const key = keyOf(connection, stream);
    if (this.#stops.has(key)) return;
    const since = this.#deps.clock.now().toISOString();
    this.#stops.set(key, { connection, stream, canary, since });
    this.#deps.logger.error('a canary has shown: the stream is stopped', { connection, stream, canary });
    this.#save({ set: { [key]: { canary, since } } }).catch((error: unknown) => {
      this.#deps.logger.error('a stop could not be made durable', {
        connection,
        stream,
        ...errorFields(error),
      });
    });
  }

  /** False when it was not stopped. Durable when it resolves. */
  async release(connection: string, stream: string): Promise<boolean> {
    const key = keyOf(connection, stream);
    if (!this.#stops.has(key)) return false;
    await this.#save({ delete: [key] });
    this.#stops.delete(key);
    return true;
  }

  /**
   * Sees to it that the rights are known before a read, where the policy refuses any; says whether they were asked for.
   * Throws ConnectorError when they can not be.
   */
  async ask(connection: string, signal: AbortSignal): Promise<boolean> {
    return this.#deps.refused(connection).length > 0 && this.#askUnlessFresh(connection, signal);
  }

  async #askUnlessFresh(connection: string, signal: AbortSignal): Promise<boolean> {
    if (this.#isFresh(connection)) return false;
    const asking = this.#asking.get(connection) ?? this.#askNow(connection);
    this.#asking.set(connection, asking);
    await Promise.race([asking, failsWhenAborted(signal)]);
    return true;
  }

  /** Asks soon and from time to time: manifests say what is held, and a stream that never ends is never admitted anew. */
  async watch(): Promise<void> {
    const { clock, connections, isRead, logger } = this.#deps;
    const { signal } = this.#ended;
    await clock.sleep(SETTLE_MS, signal).catch(() => undefined);
    while (!signal.aborted) {
      for (const id of connections.ids.filter(isRead)) {
        if (signal.aborted) return;
        await this.#askUnlessFresh(id, signal).catch((error: unknown) => {
          if (!signal.aborted)
            logger.warn('the rights of an account could not be asked for', {
              connection: id,
              ...errorFields(error),
            });
        });
      }
      await clock.sleep(FRESH_MS, signal).catch(() => undefined);
    }
  }

  end(): void {
    this.#ended.abort();
  }

  #isFresh(connection: string): boolean {
    const known = this.#known.get(connection);
    return known !== undefined && this.#deps.clock.monotonic() - known.at < FRESH_MS;
  }

  async #askNow(connection: string): Promise<void> {
    const { connections, clock, refused, onRefused } = this.#deps;
    const over = new AbortController();
    const done = new AbortController();
    const late = clock.sleep(ASK_MS, done.signal).then(
      () => {
        const error = new ConnectorError(
          'TIMEOUT',
          'the rights of the account could not be asked for in time',
        );
        over.abort(error);
        throw error;
      },
      () => undefined as never,
    );
    late.catch(() => {});
    const end = () => over.abort(new ConnectorError('TIMEOUT', 'the agent is stopping'));
    this.#ended.signal.addEventListener('abort', end, { once: true });
    try {
      const asked = connections.aside(connection, (connector) => connector.authenticate(over.signal));
      const report = await Promise.race([asked, late]);
      const before = this.#known.get(connection);
      this.#known.set(connection, { report, at: clock.monotonic() });
      // Before the first answer nothing runs that would have to be ended.
      const isNew = (right: string) => before !== undefined && !before.report.excess.includes(right);
      if (refusedPrivileges(report.excess, refused(connection)).some(isNew)) onRefused(connection);
    } catch (error) {
      throw ConnectorError.from(error);
    } finally {
      done.abort();
      this.#ended.signal.removeEventListener('abort', end);
      this.#asking.delete(connection);
    }
  }

  #save(patch: {
    set?: Record<string, { canary: string; since: string }>;
    delete?: string[];
  }): Promise<void> {
    return this.#deps.store.saveState({ connection: OWN_STATE, read: STOPS, patch });
  }
}

function keyOf(connection: string, stream: string): string {
  return `${connection}/${stream}`;
}

function failsWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () =>
      reject(new ConnectorError('TIMEOUT', 'the read ended before the account could be asked'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
