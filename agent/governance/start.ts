import type { Timestamp } from '../../connectors/sdk/index.ts';
import { accept, type Before, type Candidate, compileLayers, type Rules } from './candidate.ts';
import { standsFor } from './judge.ts';
import { fingerprintOf, mustBeReadable, type ReadLayers } from './layers.ts';
import type { SupervisorDeps, SupervisorOptions } from './ports.ts';
import type { KeptVersion, PolicyRecords } from './records.ts';
import { PolicyRefusal } from './refusal.ts';
import {
  detailOf,
  failureOf,
  keptOf,
  type PolicyEvent,
  type PolicyFailure,
  type PolicyVersion,
  refusalDetail,
  versionOf,
} from './version.ts';

export interface Start {
  readonly version: PolicyVersion;
  readonly event: PolicyEvent;
  /** What is wrong with the files, when the last good version stands in for them. */
  readonly failure: PolicyFailure | null;
}

/**
 * The version to start with: what the API applied last, as long as the files have not been edited since, and otherwise
 * the files. Throws PolicyRefusal when that can not be used.
 */
export async function startVersion(
  kept: KeptVersion | null,
  read: ReadLayers,
  { startWithLastGood }: SupervisorOptions,
  deps: SupervisorDeps,
  records: PolicyRecords,
): Promise<Start> {
  const { clock, logger } = deps;
  const now = clock.now().toISOString();
  const ofApi = kept !== null && standsFor(kept, read.fingerprint);
  const candidate: Candidate = ofApi
    ? kept
    : { layers: read.layers, source: 'start', by: 'agent', reason: null, files: read.fingerprint };
  try {
    if (!ofApi) mustBeReadable(read);
    return { ...(await begin(candidate, kept, deps, records)), failure: null };
  } catch (error) {
    if (!(error instanceof PolicyRefusal) || error.refusal === 'NOT_KEPT') throw error;
    const failure = failureOf(error, 'start', now);
    await records.audit(
      now,
      'policy.start',
      'agent',
      'refused',
      'policy',
      refusalDetail(failure, candidate.layers),
    );
    if (!startWithLastGood || kept === null || ofApi) throw error;
    logger.error('the policy files are refused; the agent starts with the version that was last in force', {
      code: failure.code,
      reason: failure.message,
    });
    return { ...(await begin(kept, kept, deps, records)), failure };
  }
}

/** Takes the candidate of a start; what is in force already is not kept again. */
async function begin(
  candidate: Candidate,
  kept: KeptVersion | null,
  { rules, clock }: SupervisorDeps,
  records: PolicyRecords,
): Promise<Omit<Start, 'failure'>> {
  const now = clock.now().toISOString();
  const before = kept === null ? null : beforeOf(kept, rules, now);
  const accepted = accept({ ...candidate, source: 'start' }, before, await records.floors(), rules, now);
  const isSame = kept !== null && fingerprintOf(candidate.layers) === fingerprintOf(kept.layers);
  const version = isSame
    ? { ...versionOf({ ...kept, files: candidate.files }, accepted, kept.appliedAt) }
    : versionOf(candidate, accepted, now);
  if (!isSame || candidate.files !== kept.files) {
    await records.keep(keptOf(version), version.policy, version.signers, accepted.delta);
  }
  const detail = detailOf(before?.policy ?? null, kept?.digest ?? null, accepted);
  await records.audit(now, 'policy.start', 'agent', 'done', 'policy', detail);
  const from = kept === null || kept.digest === version.policy.digest ? null : kept.digest;
  return { version, event: { event: 'applied', from, source: 'start', delta: accepted.delta } };
}

/** What was in force when the agent ended, to compare with. */
export function beforeOf(kept: KeptVersion, rules: Rules, now: Timestamp): Before {
  try {
    return { layers: kept.layers, policy: compileLayers(kept.layers, rules, now).policy };
  } catch {
    // Another version of the agent, with other manifests.
    return { layers: kept.layers, policy: null };
  }
}
