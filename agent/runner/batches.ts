import type { Completeness, Cost, StatePatch } from '../../connectors/sdk/index.ts';
import { envelopes, type RunProvenance } from '../../evidence/envelope.ts';
import type { DecisionKind } from '../../evidence/store/governance.ts';
import type { Cleared } from '../../policies/cleared.ts';
import type { InForce } from '../governance/in-force.ts';
import type { Job } from '../scheduler/job.ts';
import type { RunDeps } from './deps.ts';
import { type HeldBack, lookAtOutgoing } from './outgoing.ts';
import { PendingState } from './pending-state.ts';

/** What a batch has to know of the run that it belongs to. */
export interface BatchOf {
  readonly job: Job;
  readonly inForce: InForce;
  /** Of the run so far. */
  readonly cost: () => Cost;
  readonly note: (decision: DecisionKind, code: string, reason: string) => void;
}

/** What a run has cleared and not yet sealed; each flush makes one batch of it, in one transaction. */
export class Batches {
  readonly #of: BatchOf;
  readonly #deps: RunDeps;
  #cleared: Cleared[] = [];
  readonly #state = new PendingState();
  /** Commits follow one another; a failed one fails the run. */
  #commits: Promise<void> = Promise.resolve();

  constructor(of: BatchOf, deps: RunDeps) {
    this.#of = of;
    this.#deps = deps;
  }

  /** Records that wait. */
  get size(): number {
    return this.#cleared.length;
  }

  add(record: Cleared): void {
    this.#cleared.push(record);
  }

  checkpoint(patch: StatePatch): void {
    this.#state.add(patch);
  }

  /** Queues everything taken so far, with the checkpoint that belongs to it, as one transaction. */
  flush(completeness: Completeness): Promise<void> {
    const records = this.#cleared;
    const patch = this.#state.take();
    this.#cleared = [];
    if (records.length > 0 || patch !== undefined) {
      this.#commits = this.#commits.then(() => this.#commit(records, patch, completeness));
    }
    return this.#commits;
  }

  async #commit(
    records: readonly Cleared[],
    patch: StatePatch | undefined,
    completeness: Completeness,
  ): Promise<void> {
    const { connection, read } = this.#of.job.request;
    const { clock, ledger, sealWith, meters } = this.#deps;
    const known = { observedAt: this.#now(), completeness, cost: this.#of.cost() };
    const provenance = this.#provenance();
    const { passed, held } = lookAtOutgoing(envelopes(records, provenance, known), this.#of.inForce.net);
    const refusals = held.map((one) => this.#holdBack(one));
    const batch = refusals.length === 0 ? passed : [...passed, ...envelopes(refusals, provenance, known)];
    const startedAt = clock.monotonic();
    const state = patch === undefined ? undefined : { connection, read, patch };
    const { stored } = await ledger.commit(batch, state, sealWith);
    meters.committed(stored, (clock.monotonic() - startedAt) / 1_000);
  }

  /** The item is given up; what is known about it is told. After a canary nothing of its stream passes any more. */
  #holdBack({ stream, item, hit }: HeldBack): Cleared {
    const { connection, read } = this.#of.job.request;
    const { meters, standing, logger } = this.#deps;
    const [code, reason] = hit.isCanary
      ? ['CANARY', `a canary has shown at ${hit.path}: the stream ${stream} is stopped`]
      : ['NET_HIT', `what ${hit.rule} looks for was at ${hit.path} of an item of ${stream}`];
    if (hit.isCanary) standing.stop(connection, stream, hit.rule);
    this.#of.note(hit.isCanary ? 'canary' : 'redact-hit', `${hit.rule}/${stream}`, reason);
    meters.netHit(hit);
    logger.error('an item was held back', { connection, read, stream, item, rule: hit.rule, path: hit.path });
    const hint =
      'A field of this stream is declared too freely: narrow the policy, and report the connector.';
    return this.#of.inForce.gate.refuse({ code, reason, hint, item }, this.#of.job.request, this.#now());
  }

  #provenance(): RunProvenance {
    const { connection, connector, read } = this.#of.job.request;
    const { tenant, proven } = this.#deps;
    const { policy } = this.#of.inForce;
    const manifest = policy.of(connection).reads.get(`${connector}/${read}`)?.connector;
    return {
      tenant,
      connection,
      connector: `${connector}@${manifest?.version ?? 'unknown'}`,
      read,
      readDigest: proven.get(`${connector}/${read}`) ?? 'unproven',
      run: this.#of.job.id,
      policy: { digest: policy.digest, version: policy.version },
    };
  }

  #now(): string {
    return this.#deps.clock.now().toISOString();
  }
}
