import {
  type AdmittedRead,
  BudgetMeter,
  type Completeness,
  ConnectorError,
  type Cost,
  type ErrorCode,
  type Gap,
  gapOf,
  isGap,
  type JsonValue,
  type Observed,
  type RunContext,
  type StatePatch,
} from '../../connectors/sdk/index.ts';
import type { DecisionKind } from '../../evidence/store/governance.ts';
import type { RunEnd } from '../../evidence/store/store.ts';
import type { Denied } from '../../policies/admit.ts';
import { isWithheld, type Withheld } from '../../policies/clear.ts';
import type { Cleared } from '../../policies/cleared.ts';
import type { InForce } from '../governance/in-force.ts';
import type { Job, JobOutcome } from '../scheduler/job.ts';
import { Batches } from './batches.ts';
import type { RunDeps } from './deps.ts';

/** A read that ends is sealed as one batch, unless it is larger than this: a commit holds up the event loop. */
const BATCH_ITEMS = 1_000;
/** A streaming read is sealed this often: what is younger can be lost by a kill, and is then read again. */
const STREAM_FLUSH_MS = 250;
const STREAM_BATCH_ITEMS = 500;

const NOTHING_SPENT: Cost = { durationMs: 0, rows: 0, bytes: 0, calls: 0 };

const STILL_READING: Completeness = {
  state: 'unknown',
  read: 0,
  expected: null,
  reason: 'the read had not ended when this was sealed',
};

/** One run of one read: takes records from the connector to durable evidence. */
export class Run {
  readonly #job: Job;
  readonly #deps: RunDeps;
  readonly #startedAt: number;
  /** The policy that this run belongs to. */
  readonly inForce: InForce;
  #read: AdmittedRead | undefined;
  #meter: BudgetMeter | undefined;
  readonly #batches: Batches;
  #items = 0;
  #gaps = 0;
  #symptoms = 0;
  #firstGap: ErrorCode | null = null;
  readonly #withheld = new Map<string, { withheld: Withheld; count: number }>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(job: Job, deps: RunDeps) {
    this.#job = job;
    this.#deps = deps;
    this.#startedAt = deps.clock.monotonic();
    this.inForce = deps.inForce();
    this.#batches = new Batches(
      {
        job,
        inForce: this.inForce,
        cost: () => this.#meter?.cost() ?? NOTHING_SPENT,
        note: (decision, code, reason) => this.#note(decision, code, reason),
      },
      deps,
    );
  }

  /** Another policy has come into force: nothing more is cleared under this one, and no checkpoint moves. */
  get isSuperseded(): boolean {
    return this.#deps.inForce() !== this.inForce;
  }

  static async start(job: Job, deps: RunDeps): Promise<Run> {
    const { connection, read, trigger } = job.request;
    await deps.store.startRun({
      id: job.id,
      connection,
      read,
      trigger,
      startedAt: deps.clock.now().toISOString(),
    });
    return new Run(job, deps);
  }

  /** What the connector gets to work with. `stop` says that the agent is stopping. */
  async open(read: AdmittedRead, stop: AbortSignal): Promise<RunContext> {
    this.#read = read;
    this.#note('allow', 'ADMITTED', 'the policy admits this read');
    this.#meter = new BudgetMeter(read.budget, () => this.#deps.clock.monotonic());
    const state = new Map(await this.#deps.store.state(read.connection, read.read));
    return {
      id: this.#job.id,
      meter: this.#meter,
      state: { get: (key) => state.get(key), keys: () => state.keys() },
      emit: async (record) => {
        this.#mustBeInForce();
        // What is missing because we were told to stop is not missing at the source, and is read at the next start.
        if (!(stop.aborted && isGap(record))) await this.#emit(record, read);
      },
      checkpoint: (patch) => this.#checkpoint(patch, state),
      caughtUp: async () => {
        await this.#flush(STILL_READING);
        this.#deps.readiness.ready(this.#job.request);
      },
    };
  }

  async finish(completeness: Completeness): Promise<JobOutcome> {
    const isPartial = completeness.state === 'partial' || this.#gaps > 0;
    return this.#end(completeness, isPartial ? 'partial' : 'ok', this.#firstGap);
  }

  /** What was found before the failure is kept, and the failure itself is a gap. */
  async fail(error: ConnectorError): Promise<JobOutcome> {
    const { read } = this.#job.request;
    if (this.#read !== undefined) this.#take(gapOf(error, read), this.#read);
    this.#deps.logger.warn('a read failed', {
      connection: this.#job.request.connection,
      read,
      code: error.code,
    });
    const completeness: Completeness = {
      state: 'partial',
      read: this.#items,
      expected: null,
      reason: error.message,
    };
    const outcome = await this.#end(completeness, 'failed', error.code);
    return error.retryAt === undefined ? outcome : { ...outcome, retryAt: error.retryAt };
  }

  /** The agent is stopping: what was emitted is kept, and the next run goes on from the last checkpoint. */
  async cancel(): Promise<JobOutcome> {
    const completeness: Completeness = {
      state: 'partial',
      read: 0,
      expected: null,
      reason: this.isSuperseded ? 'the policy was replaced' : 'the agent was stopped',
    };
    return this.#end(completeness, 'cancelled', null);
  }

  async refuse(denied: Denied): Promise<JobOutcome> {
    const { request } = this.#job;
    this.#note('deny', denied.denied, denied.reason);
    // What is off unless a flag names it is off because nobody asked for it: that is no news in an incident.
    if (denied.denied !== 'CAPABILITY_DENIED') {
      const { denied: code, reason, hint } = denied;
      this.#keep(this.inForce.gate.refuse({ code, reason, hint }, request, this.#now()));
    }
    return this.#end({ state: 'unknown', read: 0, expected: null, reason: denied.reason }, 'refused', null);
  }

  async #emit(record: Observed | Gap, read: AdmittedRead): Promise<void> {
    this.#take(record, read);
    this.#flushSoon(read);
    if (this.#batches.size >= (read.mode === 'streaming' ? STREAM_BATCH_ITEMS : BATCH_ITEMS)) {
      await this.#flush(STILL_READING);
    }
  }

  #mustBeInForce(): void {
    if (this.isSuperseded) throw new ConnectorError('INTERNAL', 'the policy was replaced during this read');
  }

  async #checkpoint(patch: StatePatch, state: Map<string, JsonValue>): Promise<void> {
    this.#mustBeInForce();
    for (const [key, value] of Object.entries(patch.set ?? {})) state.set(key, value);
    for (const key of patch.delete ?? []) state.delete(key);
    this.#batches.checkpoint(patch);
    if (this.#read !== undefined) this.#flushSoon(this.#read);
  }

  /** A stream has no end at which to commit; a failed commit shows when the run next awaits one. */
  #flushSoon(read: AdmittedRead): void {
    if (read.mode !== 'streaming') return;
    this.#timer ??= setTimeout(() => {
      this.#flush(STILL_READING).catch(() => {});
    }, STREAM_FLUSH_MS);
  }

  #take(record: Observed | Gap, read: AdmittedRead): void {
    const result = this.inForce.gate.clear(record, read, this.#now());
    if (!isWithheld(result)) return this.#keep(result);
    this.#deps.meters.withheld(result.withheld);
    this.#note('withhold', `${result.withheld.toUpperCase()}/${result.stream}`, WITHHELD[result.withheld]);
    const key = `${result.withheld}/${result.stream}`;
    this.#withheld.set(key, { withheld: result, count: (this.#withheld.get(key)?.count ?? 0) + 1 });
  }

  #keep(record: Cleared): void {
    this.#batches.add(record);
    this.#items += 1;
    if (record.class === 'symptom') this.#symptoms += 1;
    if (record.class === 'gap') {
      this.#gaps += 1;
      this.#firstGap ??= record.body['code'] as ErrorCode;
    }
    this.#deps.meters.cleared(record);
  }

  #flush(completeness: Completeness): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#batches.flush(completeness);
  }

  async #end(
    completeness: Completeness,
    status: RunEnd['status'],
    error: ErrorCode | null,
  ): Promise<JobOutcome> {
    this.#reportWithheld();
    await this.#flush(completeness);
    if (status !== 'cancelled') this.#deps.readiness.ready(this.#job.request);
    const outcome: JobOutcome = {
      status,
      items: this.#items,
      gaps: this.#gaps,
      symptoms: this.#symptoms,
      error,
    };
    await this.#deps.store.finishRun(this.#job.id, { ...outcome, endedAt: this.#now() });
    this.#deps.meters.finished(outcome, (this.#deps.clock.monotonic() - this.#startedAt) / 1_000);
    return outcome;
  }

  #reportWithheld(): void {
    for (const { withheld, count } of this.#withheld.values()) {
      const refusal = {
        code: `WITHHELD_${withheld.withheld.toUpperCase()}`,
        reason: WITHHELD[withheld.withheld],
        count,
      };
      this.#keep(this.inForce.gate.refuse(refusal, this.#job.request, this.#now()));
    }
    this.#withheld.clear();
  }

  #note(decision: DecisionKind, code: string, reason: string): void {
    const { connection, read } = this.#job.request;
    const policy = this.inForce.policy.digest;
    this.#deps.decisions.note({ connection, read, policy, decision, code, reason, at: this.#now() });
  }

  #now(): string {
    return this.#deps.clock.now().toISOString();
  }
}

const WITHHELD: Readonly<Record<Withheld['withheld'], string>> = {
  stream: 'the policy does not let out the stream these records belong to',
  scope: "these records lie outside the policy's scope",
  shape: 'these records did not have the shape that the manifest declares',
  detector: 'in these records something was found with which the policy lets nothing out',
  stopped: 'a canary has shown in the stream these records belong to',
  stale: 'a flag or an emergency rule of the policy has begun or ended meanwhile',
};
