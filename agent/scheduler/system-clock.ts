import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../connectors/sdk/index.ts';

/** The longest time a Node timer takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. A sleep of more than 24 days ends early. */
export function systemClock(): Clock {
  return {
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      try {
        await delay(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}
