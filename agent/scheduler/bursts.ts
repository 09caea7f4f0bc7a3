import { readKey, type ScheduledRead } from './job.ts';

interface Burst {
  readonly intervalMs: number;
  /** On the monotonic clock. */
  readonly until: number;
}

/**
 * Which reads run more often for a while, because a cheap read of their connection has seen signs of trouble. A burst
 * is as long as the manifest says however long the trouble lasts, and the next one waits: what a source is asked for
 * on its worst day stays within `duration / rest` of the time.
 */
export class Bursts {
  /** By the key of the read that was woken. */
  readonly #bursts = new Map<string, Burst>();
  /** By the key of the read that wakes others: not before this time again. */
  readonly #restUntil = new Map<string, number>();

  /** Begins a burst, unless the last one is too young; the keys of the reads that it wakes. */
  begin(watch: ScheduledRead, now: number): ReadonlySet<string> {
    const { wakes, connection } = watch;
    if (wakes === undefined || now < (this.#restUntil.get(readKey(watch)) ?? now)) return new Set();
    this.#restUntil.set(readKey(watch), now + Math.max(wakes.restMs, wakes.durationMs));
    const keys = wakes.reads.map((read) => readKey({ connection, read }));
    const burst = { intervalMs: wakes.intervalMs, until: now + wakes.durationMs };
    for (const key of keys) this.#bursts.set(key, burst);
    return new Set(keys);
  }

  /** How often the read runs while its burst lasts; undefined without one. */
  intervalOf(read: ScheduledRead, now: number): number | undefined {
    const burst = this.#bursts.get(readKey(read));
    return burst !== undefined && now < burst.until ? burst.intervalMs : undefined;
  }
}
