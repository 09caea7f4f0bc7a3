import type { Clock, Window } from '../../connectors/sdk/index.ts';
import { type BackoffOptions, fullJitter, spread } from './backoff.ts';
import { Bursts } from './bursts.ts';
import { type JobOutcome, readKey, type ScheduledRead, type Trigger } from './job.ts';
import { mostUrgent, newSlot, type Slot, URGENCY } from './slot.ts';

export interface TimetableOptions {
  /** How far back the first run of a read looks, in milliseconds. */
  readonly lookbackMs: number;
  /** How much two windows in a row share: clocks differ, and sources publish late. */
  readonly overlapMs: number;
  /** No read runs more often than this, whatever the cadence. */
  readonly minimumIntervalMs: number;
  readonly backoff: BackoffOptions;
}

export interface TimetableDeps {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Which reads are due when, in which order, why, and over which window. Starts nothing itself. */
export class Timetable {
  readonly slots: readonly Slot[];
  readonly #options: TimetableOptions;
  readonly #deps: TimetableDeps;
  readonly #bursts = new Bursts();
  #cadence = 1;
  #hasBegun = false;

  constructor(reads: readonly ScheduledRead[], options: TimetableOptions, deps: TimetableDeps) {
    this.#options = options;
    this.#deps = deps;
    this.slots = reads.map((read) => newSlot(read));
  }

  /** From now on reads fall due; the first runs are spread over a tenth of their intervals, at most five seconds. */
  begin(): void {
    this.#hasBegun = true;
    const now = this.#deps.clock.monotonic();
    for (const slot of this.slots) {
      slot.dueAt =
        now + spread(readKey(slot.read)) * Math.min(slot.read.intervalMs / 10, FIRST_RUN_SPREAD_MS);
    }
  }

  /** What is asked for or due and not running: the most urgent first, and of those the one that has waited longest. */
  due(now: number): readonly Slot[] {
    return this.slots
      .filter((slot) => slot.active === null && this.#isDue(slot, now))
      .map((slot) => ({ slot, urgency: URGENCY[this.triggerOf(slot, now)] }))
      .sort((a, b) => a.urgency - b.urgency || a.slot.dueAt - b.slot.dueAt)
      .map(({ slot }) => slot);
  }

  #isDue(slot: Slot, now: number): boolean {
    return slot.pending.length > 0 || (this.#hasBegun && slot.dueAt <= now);
  }

  /** The earliest moment after that one at which a read falls due that is not running; Infinity when there is none. */
  nextAfter(moment: number): number {
    const idle = this.slots.filter((slot) => slot.active === null && slot.dueAt > moment);
    return Math.min(...idle.map((slot) => slot.dueAt));
  }

  /** Why it runs next: what somebody asks for, or else its own time. */
  triggerOf(slot: Slot, now: number): Trigger {
    const own = this.#bursts.intervalOf(slot.read, now) === undefined ? 'interval' : 'burst';
    return mostUrgent(slot.pending) ?? own;
  }

  /** From a little before the end of what the read has seen, or a while ago, until now. */
  windowOf(slot: Slot): Window {
    const now = this.#deps.clock.now().getTime();
    const from =
      slot.seenUntil === null ? now - this.#options.lookbackMs : slot.seenUntil - this.#options.overlapMs;
    return { from: new Date(from).toISOString(), to: new Date(now).toISOString() };
  }

  /** Divides every interval: 1 is normal, 4 is four times as often. Whether that is news. */
  setCadence(divisor: number): boolean {
    const cadence = Math.max(1, divisor);
    if (cadence === this.#cadence) return false;
    this.#cadence = cadence;
    const now = this.#deps.clock.monotonic();
    for (const slot of this.slots) {
      if (slot.read.mode === 'streaming' || slot.failures > 0) continue;
      slot.dueAt = Math.min(slot.dueAt, now + this.#interval(slot));
    }
    return true;
  }

  /** After a run: when the next one is, and which others are due because of what it saw. */
  ended(slot: Slot, outcome: JobOutcome): void {
    slot.runs += 1;
    slot.isRefused = outcome.status === 'refused';
    slot.failures = outcome.status === 'failed' ? slot.failures + 1 : 0;
    const wait = Math.max(this.#pause(slot), untilRetry(outcome, this.#deps.clock));
    slot.dueAt = this.#deps.clock.monotonic() + wait;
    if ((outcome.symptoms ?? 0) > 0) this.#wakeOthers(slot);
  }

  #pause(slot: Slot): number {
    const backoff = (failures: number) => fullJitter(failures, this.#options.backoff, this.#deps.random);
    if (slot.failures > 0) return backoff(slot.failures);
    // What was refused will be again until the policy is another one.
    if (slot.read.mode !== 'streaming' || slot.isRefused) return this.#interval(slot);
    // A stream that ends in good order is only restarted; the pause keeps one that ends at once from spinning.
    return Math.min(slot.read.intervalMs, backoff(1));
  }

  /** Trouble seen by this read: those that explain it run at once, and often for a while. */
  #wakeOthers(slot: Slot): void {
    const now = this.#deps.clock.monotonic();
    const woken = this.#bursts.begin(slot.read, now);
    for (const other of this.slots) {
      if (woken.has(readKey(other.read)) && other.failures === 0) other.dueAt = Math.min(other.dueAt, now);
    }
  }

  /** The read's interval, divided by the cadence, 5 % up or down by a draw that is the same at every start. */
  #interval(slot: Slot): number {
    const wobble = 0.95 + spread(`${readKey(slot.read)}#${slot.runs}`) / 10;
    const burst = this.#bursts.intervalOf(slot.read, this.#deps.clock.monotonic());
    const interval = Math.min(slot.read.intervalMs / this.#cadence, burst ?? Number.POSITIVE_INFINITY);
    return Math.max(this.#options.minimumIntervalMs, interval * wobble);
  }
}

const FIRST_RUN_SPREAD_MS = 5_000;

function untilRetry(outcome: JobOutcome, clock: Clock): number {
  return outcome.retryAt === undefined ? 0 : outcome.retryAt.getTime() - clock.now().getTime();
}
