import { randomUUID } from 'node:crypto';
import { type Clock, ConnectorError, type Logger, type Window } from '../../connectors/sdk/index.ts';
import { type BackoffOptions, fullJitter, spread } from './backoff.ts';
import { Bursts } from './bursts.ts';
import {
  type FinishedJob,
  type Job,
  type JobOutcome,
  type RunJob,
  type RunNow,
  readKey,
  type ScheduledRead,
  type Trigger,
} from './job.ts';

export interface SchedulerOptions {
  /** Jobs at once over all connections; streaming reads do not count. */
  readonly concurrency: number;
  /** How far back the first run of a read looks, in milliseconds. */
  readonly lookbackMs: number;
  /** How much two windows in a row share: clocks differ, and sources publish late. */
  readonly overlapMs: number;
  /** No read runs more often than this, whatever the cadence. */
  readonly minimumIntervalMs: number;
  readonly backoff: BackoffOptions;
}

export interface SchedulerDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runJob: RunJob;
  /** In [0, 1). */
  readonly random: () => number;
  readonly newId?: () => string;
}

/**
 * Decides when each read of each connection runs.
 *
 * A read never runs twice at once, a connection runs one read at a time, and all connections together run at most
 * `concurrency`. Streaming reads run in slots of their own, always, and are started again after they end. A read that
 * fails waits for a full-jitter backoff instead of its interval.
 *
 * `start()` once; `stop()` may come at any moment and twice. `runNow()` works without `start()`: that is one pass.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #deps: SchedulerDeps;
  readonly #slots: readonly Slot[];
  readonly #abort = new AbortController();
  readonly #bursts = new Bursts();
  #cadence = 1;
  #running = 0;
  #phase: 'idle' | 'started' | 'stopping' = 'idle';
  #wake = new AbortController();

  constructor(reads: readonly ScheduledRead[], options: SchedulerOptions, deps: SchedulerDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#slots = reads.map((read) => newSlot(read));
  }

  /** Starts the timetable; the first runs are spread over a tenth of their intervals, at most five seconds. */
  start(): void {
    if (this.#phase !== 'idle') return;
    this.#phase = 'started';
    const now = this.#deps.clock.monotonic();
    for (const slot of this.#slots) {
      slot.dueAt =
        now + spread(readKey(slot.read)) * Math.min(slot.read.intervalMs / 10, FIRST_RUN_SPREAD_MS);
    }
    void this.#loop();
  }

  /**
   * Runs the selected reads as soon as limits allow and resolves when those runs are over. A read that is running is
   * run again afterwards, because what it is doing may have begun too early to see what is asked for; a streaming
   * read sees everything anyway, is started when it is not running, and is not waited for: it has no end.
   */
  async runNow(request: RunNow): Promise<readonly FinishedJob[]> {
    if (this.#phase === 'stopping') return [];
    const finished = this.#slots
      .filter((slot) => selects(request, slot.read))
      .flatMap((slot) => this.#request(slot, request));
    this.#startDue();
    this.#poke();
    return Promise.all(finished);
  }

  /**
   * Aborts every run that is under way, before this returns, and runs it again at once: the rules by which it was
   * admitted hold no more. Who waits for one of them is told of the run that follows. `only` picks connections.
   */
  restartAll(only: (connection: string) => boolean = () => true): void {
    if (this.#phase === 'stopping') return;
    const now = this.#deps.clock.monotonic();
    for (const slot of this.#slots) {
      if (!only(slot.read.connection)) continue;
      // Earlier runs passed over what the new rules may let out.
      slot.seenUntil = null;
      if (slot.abort === null) {
        // What was refused by the old rules need not wait its interval out to be asked for under the new ones.
        if (slot.isRefused) slot.dueAt = now;
        continue;
      }
      slot.isRestarting = true;
      slot.abort.abort(new Error('the policy was replaced'));
    }
    this.#poke();
  }

  /** Divides every interval: 1 is normal, 4 is four times as often. Takes effect at once. */
  setCadence(divisor: number): void {
    const cadence = Math.max(1, divisor);
    if (cadence === this.#cadence) return;
    this.#cadence = cadence;
    const now = this.#deps.clock.monotonic();
    for (const slot of this.#slots) {
      if (slot.read.mode === 'streaming' || slot.failures > 0) continue;
      slot.dueAt = Math.min(slot.dueAt, now + this.#interval(slot));
    }
    this.#poke();
  }

  /**
   * Starts nothing more, ends streaming reads, gives the others `deadlineMs` to finish and then aborts them; resolves
   * when all have returned, or a tenth of the deadline after the abort for those that ignore it.
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#phase = 'stopping';
    this.#poke();
    for (const slot of this.#slots) {
      for (const pending of slot.pending.splice(0)) pending.resolve(null);
      if (slot.read.mode === 'streaming') slot.abort?.abort(new Error('the agent is stopping'));
    }
    if (await this.#settledWithin(deadlineMs)) return;
    this.#abort.abort(new Error('the agent is stopping'));
    await this.#settledWithin(Math.max(deadlineMs / 10, 100));
  }

  /** When each read runs next, in milliseconds from now; for the status display. */
  timetable(): readonly {
    readonly read: ScheduledRead;
    readonly dueInMs: number;
    readonly running: boolean;
  }[] {
    const now = this.#deps.clock.monotonic();
    return this.#slots.map((slot) => ({
      read: slot.read,
      dueInMs: Math.max(0, slot.dueAt - now),
      running: slot.active !== null,
    }));
  }

  async #loop(): Promise<void> {
    while (this.#phase === 'started') {
      await this.#sleepUntilDue(this.#startDue());
    }
  }

  /** Starts what is due and has room; answers the moment up to which it looked. */
  #startDue(): number {
    const now = this.#deps.clock.monotonic();
    if (this.#phase === 'stopping') return now;
    const due = this.#slots.filter((slot) => slot.active === null && this.#isDue(slot, now));
    due.sort((a, b) => urgency(a) - urgency(b) || a.dueAt - b.dueAt);
    for (const slot of due) {
      if (this.#hasRoom(slot)) this.#launch(slot);
    }
    return now;
  }

  #isDue(slot: Slot, now: number): boolean {
    return slot.pending.length > 0 || (this.#phase === 'started' && slot.dueAt <= now);
  }

  #hasRoom(slot: Slot): boolean {
    if (this.#isEndless(slot)) return true;
    if (this.#running >= this.#options.concurrency) return false;
    if (slot.read.mode === 'streaming') return true;
    return !this.#slots.some(
      (other) =>
        other.active !== null &&
        other.read.mode !== 'streaming' &&
        other.read.connection === slot.read.connection,
    );
  }

  /** In a single pass a stream is read to its end like any other read, and takes one of the places. */
  #isEndless(slot: Slot): boolean {
    return slot.read.mode === 'streaming' && this.#phase === 'started';
  }

  #request(slot: Slot, request: RunNow): Promise<FinishedJob>[] {
    if (this.#isEndless(slot) || (slot.read.mode === 'streaming' && slot.active !== null)) {
      slot.dueAt = Math.min(slot.dueAt, this.#deps.clock.monotonic());
      return [];
    }
    const promise = new Promise<FinishedJob | null>((resolve) => {
      slot.pending.push({ request, resolve });
    });
    return [
      promise.then((finished) => finished ?? cancelled(this.#job(slot, request.trigger, request.window))),
    ];
  }

  #launch(slot: Slot): void {
    const pending = slot.pending.splice(0);
    const asked = hull(pending.map(({ request }) => request.window));
    const job = this.#job(slot, mostUrgent(pending) ?? this.#ownTrigger(slot), asked);
    const abort = new AbortController();
    const counts = !this.#isEndless(slot);
    slot.abort = abort;
    if (counts) this.#running += 1;
    slot.active = this.#run(job, AbortSignal.any([abort.signal, this.#abort.signal])).then((outcome) => {
      slot.active = null;
      slot.abort = null;
      if (counts) this.#running -= 1;
      this.#reschedule(slot, outcome);
      if ((outcome.symptoms ?? 0) > 0) this.#wakeOthers(slot);
      if (asked === undefined && isGood(outcome)) slot.seenUntil = Date.parse(job.request.window.to);
      if (slot.isRestarting && this.#phase !== 'stopping') {
        slot.pending.unshift(...pending);
        slot.dueAt = this.#deps.clock.monotonic();
      } else {
        for (const waiting of pending) waiting.resolve({ job, outcome });
      }
      slot.isRestarting = false;
      this.#startDue();
      this.#poke();
    });
  }

  async #run(job: Job, signal: AbortSignal): Promise<JobOutcome> {
    try {
      return await this.#deps.runJob(job, signal);
    } catch (error) {
      const { connection, read } = job.request;
      this.#deps.logger.error('a job threw instead of returning its outcome', {
        connection,
        read,
        run: job.id,
      });
      return { status: 'failed', items: 0, gaps: 0, error: ConnectorError.from(error).code };
    }
  }

  #reschedule(slot: Slot, outcome: JobOutcome): void {
    slot.runs += 1;
    slot.isRefused = outcome.status === 'refused';
    const now = this.#deps.clock.monotonic();
    if (outcome.status === 'failed') {
      slot.failures += 1;
      slot.dueAt = now + Math.max(this.#backoff(slot), untilRetry(outcome, this.#deps.clock));
      return;
    }
    slot.failures = 0;
    // What was refused will be again until the policy is another one.
    const isStream = slot.read.mode === 'streaming' && outcome.status !== 'refused';
    const wait = isStream ? this.#streamPause(slot) : this.#interval(slot);
    slot.dueAt = now + Math.max(wait, untilRetry(outcome, this.#deps.clock));
  }

  /** Trouble seen by this read: those that explain it run at once, and often for a while. */
  #wakeOthers(slot: Slot): void {
    const now = this.#deps.clock.monotonic();
    const woken = this.#bursts.begin(slot.read, now);
    for (const other of this.#slots) {
      if (woken.has(readKey(other.read)) && other.failures === 0) other.dueAt = Math.min(other.dueAt, now);
    }
  }

  #ownTrigger(slot: Slot): Trigger {
    const isBurst = this.#bursts.intervalOf(slot.read, this.#deps.clock.monotonic()) !== undefined;
    return isBurst ? 'burst' : 'interval';
  }

  #backoff(slot: Slot): number {
    return fullJitter(slot.failures, this.#options.backoff, this.#deps.random);
  }

  /** A stream that ends in good order is only restarted; the pause keeps one that ends at once from spinning. */
  #streamPause(slot: Slot): number {
    return Math.min(slot.read.intervalMs, fullJitter(1, this.#options.backoff, this.#deps.random));
  }

  /** The read's interval, divided by the cadence, 5 % up or down by a draw that is the same at every start. */
  #interval(slot: Slot): number {
    const wobble = 0.95 + spread(`${readKey(slot.read)}#${slot.runs}`) / 10;
    const burst = this.#bursts.intervalOf(slot.read, this.#deps.clock.monotonic());
    const interval = Math.min(slot.read.intervalMs / this.#cadence, burst ?? Number.POSITIVE_INFINITY);
    return Math.max(this.#options.minimumIntervalMs, interval * wobble);
  }

  #job(slot: Slot, trigger: Trigger, window: Window | undefined): Job {
    const { connection, connector, read, mode } = slot.read;
    const id = (this.#deps.newId ?? randomUUID)();
    const request = { connection, connector, read, trigger, window: window ?? this.#windowOf(slot) };
    // A single pass has an end: a stream is asked for what there is now, not for what is to come.
    return { id, request: { ...request, mode: trigger === 'once' && mode === 'streaming' ? 'full' : mode } };
  }

  #windowOf(slot: Slot): Window {
    const now = this.#deps.clock.now().getTime();
    const from =
      slot.seenUntil === null ? now - this.#options.lookbackMs : slot.seenUntil - this.#options.overlapMs;
    return { from: new Date(from).toISOString(), to: new Date(now).toISOString() };
  }

  async #sleepUntilDue(lookedAt: number): Promise<void> {
    // What was due by then and had no room is started when a running job ends, which pokes. What fell due while the
    // others were started has not been looked at yet.
    const idle = this.#slots.filter((slot) => slot.active === null && slot.dueAt > lookedAt);
    const next = Math.min(...idle.map((slot) => slot.dueAt));
    const wait = Math.max(0, next - this.#deps.clock.monotonic());
    await this.#deps.clock.sleep(Math.min(wait, LONG_SLEEP_MS), this.#wake.signal).catch(() => undefined);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  #poke(): void {
    this.#wake.abort();
  }

  async #settledWithin(deadlineMs: number): Promise<boolean> {
    const timer = new AbortController();
    const settled = Promise.all(this.#slots.flatMap((slot) => slot.active ?? [])).then(() => true);
    const late = this.#deps.clock.sleep(deadlineMs, timer.signal).then(
      () => false,
      () => true,
    );
    const inTime = await Promise.race([settled, late]);
    timer.abort();
    return inTime;
  }
}

const FIRST_RUN_SPREAD_MS = 5_000;
const LONG_SLEEP_MS = 3_600_000;

interface Pending {
  readonly request: RunNow;
  /** Hears the finished job, or null when the scheduler stopped first. */
  readonly resolve: (finished: FinishedJob | null) => void;
}

interface Slot {
  readonly read: ScheduledRead;
  readonly pending: Pending[];
  /** On the monotonic clock. */
  dueAt: number;
  active: Promise<void> | null;
  abort: AbortController | null;
  /** The run under way was aborted to be run again. */
  isRestarting: boolean;
  /** The latest run was refused. */
  isRefused: boolean;
  runs: number;
  failures: number;
  /**
   * End of the last good run's window, in epoch milliseconds. Runs over a window that somebody asked for do not move
   * it: there may be unread time before theirs.
   */
  seenUntil: number | null;
}

function newSlot(read: ScheduledRead): Slot {
  return {
    read,
    pending: [],
    dueAt: 0,
    active: null,
    abort: null,
    isRestarting: false,
    isRefused: false,
    runs: 0,
    failures: 0,
    seenUntil: null,
  };
}

function selects(request: RunNow, read: ScheduledRead): boolean {
  if (request.connection !== undefined && request.connection !== read.connection) return false;
  return request.reads === undefined || request.reads.includes(read.read);
}

const URGENCY: Readonly<Record<Trigger, number>> = { incident: 0, once: 1, burst: 2, interval: 2 };

function urgency(slot: Slot): number {
  return URGENCY[mostUrgent(slot.pending) ?? 'interval'];
}

/** Undefined when nobody asks. */
function mostUrgent(pending: readonly Pending[]): Trigger | undefined {
  const triggers = pending.map(({ request }) => request.trigger);
  return (['incident', 'once', 'interval'] as const).find((trigger) => triggers.includes(trigger));
}

/** The smallest window that covers all that are given. */
function hull(windows: readonly (Window | undefined)[]): Window | undefined {
  const given = windows.filter((window) => window !== undefined);
  const [first] = given;
  if (first === undefined) return undefined;
  let { from, to } = first;
  for (const window of given) {
    if (Date.parse(window.from) < Date.parse(from)) from = window.from;
    if (Date.parse(window.to) > Date.parse(to)) to = window.to;
  }
  return { from, to };
}

function isGood(outcome: JobOutcome): boolean {
  return outcome.status === 'ok' || outcome.status === 'partial';
}

function untilRetry(outcome: JobOutcome, clock: Clock): number {
  return outcome.retryAt === undefined ? 0 : outcome.retryAt.getTime() - clock.now().getTime();
}

function cancelled(job: Job): FinishedJob {
  return { job, outcome: { status: 'cancelled', items: 0, gaps: 0, error: null } };
}
