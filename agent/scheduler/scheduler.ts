import { randomUUID } from 'node:crypto';
import { ConnectorError, type Logger, type Window } from '../../connectors/sdk/index.ts';
import { errorFields } from '../telemetry/logger.ts';
import {
  type FinishedJob,
  type Job,
  type JobOutcome,
  type RunJob,
  type RunNow,
  type ScheduledRead,
  type Trigger,
} from './job.ts';
import { hull, type Slot } from './slot.ts';
import { Timetable, type TimetableDeps, type TimetableOptions } from './timetable.ts';

export interface SchedulerOptions extends TimetableOptions {
  /** Jobs at once over all connections; streaming reads do not count. */
  readonly concurrency: number;
}

export interface SchedulerDeps extends TimetableDeps {
  readonly logger: Logger;
  readonly runJob: RunJob;
  readonly newId?: () => string;
}

/**
 * Runs each read of each connection when its time has come.
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
  readonly #timetable: Timetable;
  readonly #abort = new AbortController();
  #running = 0;
  #phase: 'idle' | 'started' | 'stopping' = 'idle';
  #wake = new AbortController();

  constructor(reads: readonly ScheduledRead[], options: SchedulerOptions, deps: SchedulerDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#timetable = new Timetable(reads, options, deps);
  }

  /** Starts the timetable; the first runs are spread over a tenth of their intervals, at most five seconds. */
  start(): void {
    if (this.#phase !== 'idle') return;
    this.#phase = 'started';
    this.#timetable.begin();
    void this.#loop();
  }

  /**
   * Runs the selected reads as soon as limits allow and resolves when those runs are over. A read that is running is
   * run again afterwards, because what it is doing may have begun too early to see what is asked for; a streaming
   * read sees everything anyway, is started when it is not running, and is not waited for: it has no end.
   */
  async runNow(request: RunNow): Promise<readonly FinishedJob[]> {
    if (this.#phase === 'stopping') return [];
    const finished = this.#timetable.slots
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
    for (const slot of this.#timetable.slots) {
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
    if (this.#timetable.setCadence(divisor)) this.#poke();
  }

  /**
   * Starts nothing more, ends streaming reads, gives the others `deadlineMs` to finish and then aborts them; resolves
   * when all have returned, or a tenth of the deadline after the abort for those that ignore it.
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#phase = 'stopping';
    this.#poke();
    for (const slot of this.#timetable.slots) {
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
    return this.#timetable.slots.map((slot) => ({
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
    for (const slot of this.#timetable.due(now)) {
      if (this.#hasRoom(slot)) this.#launch(slot);
    }
    return now;
  }

  #hasRoom(slot: Slot): boolean {
    if (this.#isEndless(slot)) return true;
    if (this.#running >= this.#options.concurrency) return false;
    if (slot.read.mode === 'streaming') return true;
    return !this.#timetable.slots.some(
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
    const trigger = this.#timetable.triggerOf(slot, this.#deps.clock.monotonic());
    const pending = slot.pending.splice(0);
    const asked = hull(pending);
    const job = this.#job(slot, trigger, asked);
    const abort = new AbortController();
    const counts = !this.#isEndless(slot);
    slot.abort = abort;
    if (counts) this.#running += 1;
    slot.active = this.#run(job, AbortSignal.any([abort.signal, this.#abort.signal])).then((outcome) => {
      slot.active = null;
      slot.abort = null;
      if (counts) this.#running -= 1;
      this.#timetable.ended(slot, outcome);
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
        ...errorFields(error),
      });
      return { status: 'failed', items: 0, gaps: 0, error: ConnectorError.from(error).code };
    }
  }

  #job(slot: Slot, trigger: Trigger, window: Window | undefined): Job {
    const { connection, connector, read, mode } = slot.read;
    const id = (this.#deps.newId ?? randomUUID)();
    const request = {
      connection,
      connector,
      read,
      trigger,
      window: window ?? this.#timetable.windowOf(slot),
    };
    // A single pass has an end: a stream is asked for what there is now, not for what is to come.
    return { id, request: { ...request, mode: trigger === 'once' && mode === 'streaming' ? 'full' : mode } };
  }

  async #sleepUntilDue(lookedAt: number): Promise<void> {
    // What was due by then and had no room is started when a running job ends, which pokes. What fell due while the
    // others were started has not been looked at yet.
    const wait = Math.max(0, this.#timetable.nextAfter(lookedAt) - this.#deps.clock.monotonic());
    await this.#deps.clock.sleep(Math.min(wait, LONG_SLEEP_MS), this.#wake.signal).catch(() => undefined);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  #poke(): void {
    this.#wake.abort();
  }

  async #settledWithin(deadlineMs: number): Promise<boolean> {
    const timer = new AbortController();
    const settled = Promise.all(this.#timetable.slots.flatMap((slot) => slot.active ?? [])).then(() => true);
    const late = this.#deps.clock.sleep(deadlineMs, timer.signal).then(
      () => false,
      () => true,
    );
    const inTime = await Promise.race([settled, late]);
    timer.abort();
    return inTime;
  }
}

const LONG_SLEEP_MS = 3_600_000;

function selects(request: RunNow, read: ScheduledRead): boolean {
  if (request.connection !== undefined && request.connection !== read.connection) return false;
  return request.reads === undefined || request.reads.includes(read.read);
}

function isGood(outcome: JobOutcome): boolean {
  return outcome.status === 'ok' || outcome.status === 'partial';
}

function cancelled(job: Job): FinishedJob {
  return { job, outcome: { status: 'cancelled', items: 0, gaps: 0, error: null } };
}
