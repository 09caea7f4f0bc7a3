import type { JsonObject, Timestamp } from '../../connectors/sdk/index.ts';
import { EvidenceError } from '../../evidence/errors.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import type { Problem } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';
import type { Accepted, Candidate, LayerSigner } from './candidate.ts';
import { fingerprintOf, type PolicyLayer } from './layers.ts';
import type { KeptVersion, PolicySource } from './records.ts';
import { PolicyRefusal, type RefusalCode } from './refusal.ts';
import type { Delta } from './widening.ts';

/** The version in force, and where it came from. */
export interface PolicyVersion {
  readonly layers: readonly PolicyLayer[];
  readonly policy: CompiledPolicy;
  readonly warnings: readonly Problem[];
  readonly signers: readonly LayerSigner[];
  readonly source: PolicySource;
  readonly by: string;
  readonly reason: string | null;
  readonly appliedAt: Timestamp;
  readonly files: string;
}

/** A policy that did not come into force. */
export interface PolicyFailure {
  readonly at: Timestamp;
  readonly source: PolicySource;
  readonly code: RefusalCode;
  readonly message: string;
  readonly hint: string | null;
  readonly problems: readonly Problem[];
}

export type PolicyEvent =
  | {
      readonly event: 'applied';
      readonly from: string | null;
      readonly source: PolicySource;
      readonly delta: Delta;
    }
  | { readonly event: 'refused'; readonly failure: PolicyFailure };

/** Problems that are repeated outside the API. */
export const MAX_TOLD = 20;

export function versionOf(candidate: Candidate, accepted: Accepted, appliedAt: Timestamp): PolicyVersion {
  const { layers, source, by, reason, files } = candidate;
  const { policy, warnings, signers } = accepted;
  return { layers, source, by, reason, files, policy, warnings, signers, appliedAt };
}

export function keptOf({ layers, policy, source, by, reason, appliedAt, files }: PolicyVersion): KeptVersion {
  return { digest: policy.digest, source, by, reason, appliedAt, files, layers };
}

export function failureOf(error: unknown, source: PolicySource, at: Timestamp): PolicyFailure {
  if (error instanceof PolicyRefusal) {
    const { refusal, message, hint, problems } = error;
    return { at, source, code: refusal, message, hint: hint ?? null, problems };
  }
  if (error instanceof EvidenceError && error.code === 'STORE') {
    const message = 'the store can not be read or written';
    return { at, source, code: 'NOT_KEPT', message, hint: error.hint ?? null, problems: [] };
  }
  const message = error instanceof AgentError ? error.message : 'the policy could not be put in force';
  return { at, source, code: 'INTERNAL', message, hint: null, problems: [] };
}

export function detailOf(
  before: CompiledPolicy | null,
  from: string | null,
  { policy, delta, signers }: Accepted,
): JsonObject {
  const who = [...new Set(signers.map(({ keyId }) => keyId))];
  const claimed = claims(before, policy);
  const told = { from, to: policy.digest, version: policy.version, signers: who, ...deltaDetail(delta) };
  return claimed.length === 0 ? told : { ...told, claimed };
}

/** What files say of who edited them. One that says what it said before was edited without saying so: nothing is told. */
function claims(before: CompiledPolicy | null, after: CompiledPolicy): JsonObject[] {
  const earlier = new Map(
    (before?.layers ?? []).map(({ policy: { metadata } }) => [
      metadata.name,
      JSON.stringify(metadata.change),
    ]),
  );
  return after.layers.flatMap(({ policy: { metadata } }) => {
    const { name, version, change } = metadata;
    if (change === undefined || earlier.get(name) === JSON.stringify(change)) return [];
    const ticket = change.ticket === undefined ? {} : { ticket: change.ticket };
    return [{ layer: `${name}@${version}`, by: change.by, reason: change.reason, ...ticket }];
  });
}

/** Names up to a number: an audit entry is small. */
export function deltaDetail({ opened, closed, risk }: Delta): JsonObject {
  const some = (names: readonly string[]) => names.slice(0, 40).map((name) => name.slice(0, 100));
  return { opened: some(opened), closed: some(closed), changed: opened.length + closed.length, risk };
}

export function refusalDetail(
  { code, message, problems }: PolicyFailure,
  layers: readonly PolicyLayer[],
): JsonObject {
  return {
    code,
    message: message.slice(0, 500),
    candidate: fingerprintOf(layers),
    problems: problems
      .slice(0, MAX_TOLD)
      .map(({ file, line, column, message: what }) => `${file}:${line}:${column} ${what}`.slice(0, 300)),
  };
}
