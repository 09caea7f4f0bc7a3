import type { JsonObject } from '../../connectors/sdk/index.ts';
import { isStale } from '../../policies/compile.ts';
import { errorFields } from '../telemetry/logger.ts';
import { accept, type Candidate, compileLayers } from './candidate.ts';
import type { InForce } from './in-force.ts';
import { type JudgedSource, type Judgement, judge, standsFor } from './judge.ts';
import {
  fingerprintOf,
  mustBeReadable,
  type PolicyLayer,
  type ReadLayers,
  readLayers,
  readSettled,
} from './layers.ts';
import type { SupervisorDeps, SupervisorOptions } from './ports.ts';
import { PolicyRecords, type PolicySource } from './records.ts';
import { PolicyRefusal } from './refusal.ts';
import { type Start, startVersion } from './start.ts';
import {
  deltaDetail,
  detailOf,
  failureOf,
  keptOf,
  MAX_TOLD,
  type PolicyEvent,
  type PolicyFailure,
  type PolicyVersion,
  refusalDetail,
  versionOf,
} from './version.ts';
import type { Delta } from './widening.ts';

/** Hears of every change; the part before its first `await` runs in the same turn as the swap. */
export type PolicyListener = (event: PolicyEvent, inForce: InForce) => void | Promise<void>;

export type ReloadResult = 'applied' | 'unchanged';

/**
 * Holds the policy in force and replaces it as a whole, or not at all: load, compile, check signatures, compare, keep,
 * swap. Whatever goes wrong, the last good one stays and it is said wherever somebody looks: log, metric, API, audit
 * trail and evidence. Only `open()` may fail the agent.
 *
 * Changes come one after the other. `watch()` once, `stop()` at any moment and twice.
 */
export class PolicySupervisor {
  readonly #options: SupervisorOptions;
  readonly #deps: SupervisorDeps;
  readonly #records: PolicyRecords;
  readonly #listeners: PolicyListener[] = [];
  #version: PolicyVersion;
  #inForce: InForce;
  #lastFailure: PolicyFailure | null = null;
  /** Fingerprint of the files that were looked at last; null when they are to be looked at again. */
  #handled: string | null;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #stopped = new AbortController();
  #changed = new AbortController();
  #startEvent: PolicyEvent | null;

  private constructor(options: SupervisorOptions, deps: SupervisorDeps, start: Start, handled: string) {
    this.#options = options;
    this.#deps = deps;
    this.#records = new PolicyRecords(deps.store, options);
    this.#version = start.version;
    this.#startEvent = options.rehearsal === true ? null : start.event;
    this.#lastFailure = start.failure;
    this.#handled = handled;
    this.#inForce = this.#deps.putInForce(start.version.policy);
  }

  /**
   * The policy to start with: what the API applied last, as long as the files have not been edited since, and otherwise
   * the files. Throws PolicyRefusal when that can not be used.
   */
  static async open(options: SupervisorOptions, deps: SupervisorDeps): Promise<PolicySupervisor> {
    const records = new PolicyRecords(deps.store, options);
    const kept = await records.active();
    const read = await readSettled(options.names, deps.clock);
    const start = await startVersion(kept, read, options, deps, records);
    const supervisor = new PolicySupervisor(options, deps, start, read.fingerprint);
    deps.metrics.policyReload('applied');
    supervisor.#tellMetrics();
    for (const { file, line, message } of start.version.warnings)
      deps.logger.warn('a part of the policy has no effect', { file, line, reason: message });
    return supervisor;
  }

  current(): InForce {
    return this.#inForce;
  }

  version(): PolicyVersion {
    return this.#version;
  }

  /** Why what was to come into force last did not; null when it did. */
  lastFailure(): PolicyFailure | null {
    return this.#lastFailure;
  }

  subscribe(listener: PolicyListener): void {
    this.#listeners.push(listener);
  }

  /** Tells those who subscribed what changed while the agent was not running. Once. */
  async begin(): Promise<void> {
    const start = this.#startEvent;
    this.#startEvent = null;
    if (start !== null) await Promise.all(this.#emit(start));
  }

  /** Looks at the files until `stop()`, and lets flags begin and end when their time comes. */
  watch(): void {
    void this.#watchFiles();
    void this.#watchTime();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#turn;
  }

  /** Reads the files now. Never throws for what is wrong with them. */
  reload(): Promise<ReloadResult | 'refused'> {
    return this.#inTurn(async () => this.#tryFiles(await readSettled(this.#options.names, this.#deps.clock)));
  }

  /**
   * Puts a policy of the API's in force. Throws PolicyRefusal: CHANGED_MEANWHILE when `expected` is not the digest in
   * force, and otherwise what is wrong with it.
   */
  apply(
    candidate: Pick<Candidate, 'layers' | 'by'> & { readonly reason: string },
    expected: string,
  ): Promise<ReloadResult> {
    return this.#inTurn(async () => {
      const { digest } = this.#version.policy;
      try {
        if (digest !== expected) {
          throw new PolicyRefusal('CHANGED_MEANWHILE', 'another policy has come into force meanwhile', {
            hint: 'Read GET /v1/policy, compare again, and send its ETag as If-Match.',
          });
        }
        const files = this.#handled ?? this.#version.files;
        return await this.#put({ ...candidate, source: 'api', files });
      } catch (error) {
        await this.#refuse(error, { ...candidate, source: 'api' });
        throw error;
      }
    });
  }

  /** What would become of a candidate, by what decides about every other. Nothing is changed or told. */
  async judge(layers: readonly PolicyLayer[], source: JudgedSource): Promise<Judgement> {
    const now = this.#deps.clock.now().toISOString();
    return judge({ layers, source }, this.#version, await this.#records.floors(), this.#deps.rules, now);
  }

  async #watchFiles(): Promise<void> {
    const { reloadMs, names } = this.#options;
    let seen: string | null = null;
    while (reloadMs > 0 && (await this.#slept(reloadMs))) {
      const read = await readLayers(names);
      // Editors and mounts replace one file after the other: what is the same twice is whole.
      const isSettled = read.fingerprint === seen;
      seen = read.fingerprint;
      if (isSettled && read.fingerprint !== this.#handled) await this.#inTurn(() => this.#tryFiles(read));
    }
  }

  async #watchTime(): Promise<void> {
    for (;;) {
      const { validUntil } = this.#version.policy;
      const left =
        validUntil === null ? LONGEST_WAIT_MS : Date.parse(validUntil) - this.#deps.clock.now().getTime();
      if (!(await this.#slept(Math.min(Math.max(left, 1), LONGEST_WAIT_MS), this.#changed.signal))) return;
      if (!this.#isStale()) continue;
      await this.#inTurn(async () => this.#isStale() && this.#recompile());
      // Only when compiling threw, which it does not: without a pause that would spin.
      if (this.#isStale() && !(await this.#slept(1_000))) return;
    }
  }

  /** Whether the agent goes on; comes back early when the version changes. */
  async #slept(ms: number, wake?: AbortSignal): Promise<boolean> {
    const { signal } = this.#stopped;
    const either = wake === undefined ? signal : AbortSignal.any([signal, wake]);
    await this.#deps.clock.sleep(ms, either).catch(() => undefined);
    return !signal.aborted;
  }

  #isStale(): boolean {
    return isStale(this.#version.policy, this.#deps.clock.now().toISOString());
  }

  async #tryFiles(read: ReadLayers): Promise<ReloadResult | 'refused'> {
    this.#handled = read.fingerprint;
    if (standsFor(this.#version, read.fingerprint)) {
      this.#deps.metrics.policyReload('unchanged');
      return 'unchanged';
    }
    const candidate = { layers: read.layers, source: 'reload', by: 'agent', reason: null } as const;
    try {
      mustBeReadable(read);
      const result = await this.#put({ ...candidate, files: read.fingerprint });
      this.#lastFailure = null;
      this.#deps.metrics.policyUsable(true);
      return result;
    } catch (error) {
      await this.#refuse(error, candidate);
      return 'refused';
    }
  }

  async #put(candidate: Candidate): Promise<ReloadResult> {
    const { rules, clock, metrics } = this.#deps;
    const now = clock.now().toISOString();
    const before = this.#version;
    const isSame = fingerprintOf(candidate.layers) === fingerprintOf(before.layers);
    if (isSame && candidate.files === before.files) {
      metrics.policyReload('unchanged');
      return 'unchanged';
    }
    const accepted = accept(candidate, before, await this.#records.floors(), rules, now);
    const version = versionOf(candidate, accepted, now);
    await this.#records.keep(keptOf(version), version.policy, version.signers, accepted.delta);
    await this.#auditOf(version, 'done', detailOf(before.policy, before.policy.digest, accepted));
    await this.#swap(version, accepted.delta);
    metrics.policyReload('applied');
    return 'applied';
  }

  /** A flag or an emergency rule has begun or ended: the same files mean something else now. */
  async #recompile(): Promise<void> {
    const { rules, clock, logger, metrics } = this.#deps;
    const now = clock.now().toISOString();
    try {
      const before = this.#version;
      const { policy, warnings } = compileLayers(before.layers, rules, now);
      const version = { ...before, policy, warnings };
      const delta = rules.diff(before.policy, policy);
      // Before it is kept: until then nothing is let out at all.
      await this.#swap(version, delta, 'expiry');
      metrics.policyReload('recompiled');
      await this.#auditOf(
        { ...version, source: 'expiry', by: 'agent', reason: null, appliedAt: now },
        'done',
        {
          digest: policy.digest,
          ...deltaDetail(delta),
        },
      );
    } catch (error) {
      logger.error('the policy could not be compiled for the present moment', errorFields(error));
    }
  }

  /** From one version to the next, in one turn: nobody sees half of it. */
  async #swap(version: PolicyVersion, delta: Delta, source: PolicySource = version.source): Promise<void> {
    const { logger } = this.#deps;
    const from = this.#version.policy;
    // Another text that means the same (a comment, a signature) interrupts nothing.
    const means = from.digest !== version.policy.digest || source === 'expiry';
    this.#version = version;
    if (means) this.#inForce = this.#deps.putInForce(version.policy);
    this.#tellMetrics();
    this.#changed.abort();
    this.#changed = new AbortController();
    const heard = means ? this.#emit({ event: 'applied', from: from.digest, source, delta }) : [];
    logger.info('a policy has come into force', {
      version: version.policy.version,
      digest: version.policy.digest,
      source,
      by: version.by,
      opened: delta.opened.length,
      closed: delta.closed.length,
      risk: delta.risk,
    });
    await Promise.all(heard);
  }

  async #refuse(
    error: unknown,
    candidate: Pick<Candidate, 'layers' | 'source' | 'by' | 'reason'>,
  ): Promise<void> {
    const { clock, logger, metrics } = this.#deps;
    const failure = failureOf(error, candidate.source, clock.now().toISOString());
    metrics.policyReload('refused');
    if (candidate.source !== 'api') {
      this.#lastFailure = failure;
      metrics.policyUsable(false);
      if (failure.code === 'NOT_KEPT') this.#handled = null;
    }
    logger.warn('a policy was refused; the one in force stays', {
      code: failure.code,
      reason: failure.message,
      hint: failure.hint ?? undefined,
      source: candidate.source,
      by: candidate.by,
      inForce: this.#version.policy.version,
    });
    for (const { file, line, column, path, message, hint } of failure.problems.slice(0, MAX_TOLD)) {
      logger.warn('a problem of a policy', { at: `${file}:${line}:${column}`, path, reason: message, hint });
    }
    await this.#auditOf(
      { ...candidate, appliedAt: failure.at },
      'refused',
      refusalDetail(failure, candidate.layers),
    );
    if (failure.code !== 'CHANGED_MEANWHILE') await Promise.all(this.#emit({ event: 'refused', failure }));
  }

  async #auditOf(
    { source, by, reason, appliedAt }: Pick<PolicyVersion, 'source' | 'by' | 'reason' | 'appliedAt'>,
    outcome: 'done' | 'refused',
    detail: JsonObject,
  ): Promise<void> {
    const told = reason === null ? detail : { ...detail, reason };
    try {
      await this.#records.audit(appliedAt, `policy.${source}`, by, outcome, 'policy', told);
    } catch (error) {
      this.#deps.logger.error('the audit trail could not be written', errorFields(error));
    }
  }

  #emit(event: PolicyEvent): readonly Promise<void>[] {
    return this.#listeners.map(async (listener) => {
      try {
        await listener(event, this.#inForce);
      } catch (error) {
        this.#deps.logger.error('a part of the agent did not take a change of policy', errorFields(error));
      }
    });
  }

  #tellMetrics(): void {
    const { metrics } = this.#deps;
    const { policy, appliedAt } = this.#version;
    metrics.policy(policy.digest, policy.version);
    metrics.policyAppliedAt(new Date(appliedAt));
    metrics.policyUsable(this.#lastFailure === null);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** Timers of the platform overflow after 24 days. */
const LONGEST_WAIT_MS = 3_600_000;
