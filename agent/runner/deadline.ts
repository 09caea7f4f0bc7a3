import { type Clock, ConnectorError } from '../../connectors/sdk/index.ts';

/** How long a connector may take to come back after its signal aborted, before it is left behind. */
const GRACE_MS = 2_000;

export interface Deadline {
  /** Runs `task` with a signal that aborts at the deadline; gives up waiting for it a little later. */
  race<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/**
 * A hang is a bug of the connector, but it may not become one of the agent: the signal asks it to stop, and when it
 * does not, the run ends without it.
 */
export function withDeadline(signal: AbortSignal, durationMs: number, clock: Clock): Deadline {
  return {
    async race(task) {
      const over = new AbortController();
      const limit = AbortSignal.any([signal, over.signal]);
      const done = new AbortController();
      const giveUp = async (): Promise<never> => {
        await Promise.race([clock.sleep(durationMs, done.signal), aborted(signal)]);
        over.abort(new ConnectorError('TIMEOUT', 'the read did not end within its budget'));
        await clock.sleep(GRACE_MS, done.signal);
        throw new ConnectorError('TIMEOUT', 'the read did not stop when it was asked to', {
          hint: 'Raise budget.duration for this read in the policy, or look at what the source is waiting for.',
        });
      };
      const deadline = giveUp();
      deadline.catch(() => {}); // settles after the race when the task wins
      try {
        return await Promise.race([task(limit), deadline]);
      } finally {
        done.abort();
      }
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
