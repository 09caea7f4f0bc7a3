import type { Logger } from '../connectors/sdk/index.ts';
import { errorFields } from './telemetry/logger.ts';

/** Something that runs until it is stopped. `stop()` may be called twice and returns the same promise. */
export interface Running {
  readonly stop: () => Promise<void>;
}

export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

/**
 * A Ctrl-C reaches every process of the terminal's group, and a parent that passes signals on delivers it again: two
 * within this time are one.
 */
const SAME_SIGNAL_MS = 250;

export interface LifecycleDeps {
  readonly signals: SignalSource;
  readonly monotonic: () => number;
  readonly logger: Logger;
  /** For a second signal: somebody does not want to wait. */
  readonly exitNow: (code: number) => void;
  /**
   * What SIGHUP does to a daemon: read the configuration again. Without it the signal stops, as it must where a
   * terminal was closed.
   */
  readonly reload?: () => void;
}

/**
 * Resolves after a signal came and everything has stopped. Stopping drains: what runs may finish within its deadline,
 * what was acknowledged is durable already. A second signal ends the process at once, which loses nothing that was
 * acknowledged either.
 */
export async function runUntilSignal(running: Running, deps: LifecycleDeps): Promise<void> {
  let since: number | null = null;
  let first: () => void = () => undefined;
  const signalled = new Promise<void>((resolve) => {
    first = resolve;
  });
  const onSignal = (): void => {
    const now = deps.monotonic();
    if (since === null) {
      since = now;
      first();
    } else if (now - since > SAME_SIGNAL_MS) deps.exitNow(FORCED);
  };
  const { reload } = deps;
  const onHangup = reload ?? onSignal;
  const listeners = SIGNALS.map((signal) => [signal, signal === 'SIGHUP' ? onHangup : onSignal] as const);
  for (const [signal, listener] of listeners) deps.signals.on(signal, listener);
  try {
    await signalled;
    deps.logger.info('stopping; a second signal ends at once');
    await running.stop();
  } finally {
    for (const [signal, listener] of listeners) deps.signals.off(signal, listener);
  }
}

/** 128 + SIGINT, as shells report it. */
const FORCED = 130;

/** Runs `work` the first time and hands out its promise ever after. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

/** Stops one thing after the other; one that fails is logged and does not keep the rest from stopping. */
export async function stopInOrder(
  steps: readonly (readonly [name: string, stop: () => Promise<void>])[],
  logger: Logger,
): Promise<void> {
  for (const [step, stop] of steps) {
    try {
      await stop();
    } catch (error) {
      logger.error('a part of the agent did not stop in good order', { step, ...errorFields(error) });
    }
  }
}
