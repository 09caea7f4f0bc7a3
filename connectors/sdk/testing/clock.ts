import type { Clock } from '../deps.ts';

export interface FakeClock extends Clock {
  /** Every sleep asked for, in milliseconds, in order. */
  readonly sleeps: readonly number[];
  /** Moves time forward and wakes the sleepers that are due. */
  advance(ms: number): void;
}

export interface FakeClockOptions {
  /** Default 2026-11-21T00:30:00.000Z. */
  readonly at?: string | Date;
  /**
   * `auto` (the default): a sleep moves the clock forward and resolves at once. `manual`: a sleep stays pending until
   * `advance()` has moved past it.
   */
  readonly sleep?: 'auto' | 'manual';
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A clock that moves only when told, or when slept on. */
export function fakeClock(options: FakeClockOptions = {}): FakeClock {
  const startedAt = new Date(options.at ?? '2026-11-21T00:30:00.000Z').getTime();
  const sleeps: number[] = [];
  let elapsed = 0;
  let sleepers: Sleeper[] = [];

  function advance(ms: number): void {
    elapsed += ms;
    const due = sleepers.filter((sleeper) => sleeper.due <= elapsed);
    sleepers = sleepers.filter((sleeper) => sleeper.due > elapsed);
    for (const sleeper of due) sleeper.wake();
  }

  async function sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    sleeps.push(ms);
    if (options.sleep !== 'manual') {
      advance(ms);
      return;
    }
    await pending(ms, signal);
  }

  function pending(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      function abort(): void {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      }
      function wake(): void {
        signal.removeEventListener('abort', abort);
        resolve();
      }
      const sleeper: Sleeper = { due: elapsed + ms, wake };
      sleepers.push(sleeper);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  return {
    now: () => new Date(startedAt + elapsed),
    monotonic: () => elapsed,
    sleep,
    sleeps,
    advance,
  };
}
