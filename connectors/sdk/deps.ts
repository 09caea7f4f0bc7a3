import type { JsonValue } from './json.ts';
import type { ViewGuard } from './views.ts';

/** Everything a connector may reach for, handed in. A connector imports no clock, logger, key or socket of ours. */
export interface ConnectorDeps {
  /** Id of the connection in the agent's config; the authority of every entity URI. */
  readonly connection: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Keyed digest (HMAC-SHA-256 under the tenant's key) of a value that must be comparable but not readable.
   * Use it before anything is put in a checkpoint: state never holds a raw value.
   */
  readonly digest: (value: JsonValue) => string;
  /** The named read files of the manifest, by read id: what is sent to the source, as text. */
  readonly reads: ReadonlyMap<string, string>;
  /** Proves what is sent for views that a policy names; absent where no such view can be read. */
  readonly views?: ViewGuard;
  /** fetch bound to the hosts that the manifest's `egress` resolves to; anything else is refused. */
  readonly fetch: typeof fetch;
}

export interface Clock {
  now(): Date;
  /** Milliseconds from an arbitrary origin that never goes back. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Structured logging. Messages are constants; values go into fields, which are scrubbed before they are written. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
