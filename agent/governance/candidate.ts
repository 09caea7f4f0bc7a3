import type { ConnectorManifest, Timestamp } from '../../connectors/sdk/index.ts';
import { checkRest } from '../../policies/check-rest.ts';
import { type CompiledPolicy, compilePolicy } from '../../policies/compile.ts';
import type { LoadedPolicy } from '../../policies/load.ts';
import type { Problem } from '../../policies/yaml.ts';
import { mustNotGoBack } from './downgrade.ts';
import { type PolicyLayer, parseLayers, withProblems } from './layers.ts';
import type { PolicySource, VersionFloor } from './records.ts';
import { PolicyRefusal } from './refusal.ts';
import {
  checkSignatures,
  mustBeSigned,
  type PolicySigner,
  type PolicyTrust,
  type SignatureReport,
} from './signatures.ts';
import { type Delta, type DiffOf, mustBeApproved, NO_DELTA, widensEver } from './widening.ts';

/** What a policy is judged by. */
export interface Rules {
  readonly manifests: readonly ConnectorManifest[];
  readonly connections: readonly string[];
  readonly trust: PolicyTrust;
  readonly diff: DiffOf;
}

/** A policy that somebody wants to be in force. */
export interface Candidate {
  readonly layers: readonly PolicyLayer[];
  readonly source: PolicySource;
  readonly by: string;
  readonly reason: string | null;
  /** Fingerprint of the configured files. */
  readonly files: string;
}

/** Who signed which layer. */
export interface LayerSigner extends PolicySigner {
  readonly layer: string;
}

/** A candidate that may come into force. */
export interface Accepted {
  readonly policy: CompiledPolicy;
  readonly warnings: readonly Problem[];
  readonly signers: readonly LayerSigner[];
  readonly delta: Delta;
}

export interface Before {
  readonly layers: readonly PolicyLayer[];
  /** Null when what was in force can not be compiled any more: then nobody can tell what is wider. */
  readonly policy: CompiledPolicy | null;
}

/** Compiles layers for this moment. Throws PolicyRefusal PROBLEMS with everything that is wrong. */
export function compileLayers(
  layers: readonly PolicyLayer[],
  { manifests, connections }: Pick<Rules, 'manifests' | 'connections'>,
  now: Timestamp,
): { readonly policy: CompiledPolicy; readonly warnings: readonly Problem[] } {
  const loaded = parseLayers(layers, (parts) => checkRest(manifests, parts, connections));
  const { policy, problems, warnings } = compilePolicy(manifests, loaded, { now, connections });
  if (problems.length > 0) throw withProblems(problems);
  return { policy, warnings };
}

/**
 * Whether a candidate may take over: it compiles, it is signed as often as it must be, it does not go back, and where it
 * lets out more it is signed as often as that takes. Throws PolicyRefusal.
 */
export function accept(
  { layers, source }: Candidate,
  before: Before | null,
  floors: ReadonlyMap<string, VersionFloor>,
  rules: Rules,
  now: Timestamp,
): Accepted {
  const { trust, diff } = rules;
  const { policy, warnings } = compileLayers(layers, rules, now);
  const isSigned = trust.required > 0 || trust.widening > 0;
  const reports = layers.map((layer, index) =>
    checkSignatures(layer, metadataOf(policy.layers, index), trust.keys),
  );
  for (const [index, layer] of layers.entries()) {
    const report = reports[index];
    if (report !== undefined) mustBeSigned(layer, report, trust.required, 'signed');
  }
  if (isSigned) mustNotGoBack(layers, policy.layers, floors);
  if (isSigned && source === 'api') mustBeTheSameLayers(policy.layers, before?.policy?.layers ?? []);
  if (trust.widening > 0 && before !== null && isWider(before, policy, rules, now)) {
    mustBeApproved(layers, reports, before.layers, trust);
  }
  const delta = before?.policy === null || before === null ? NO_DELTA : diff(before.policy, policy);
  return { policy, warnings, signers: signersOf(layers, reports), delta };
}

function signersOf(
  layers: readonly PolicyLayer[],
  reports: readonly SignatureReport[],
): readonly LayerSigner[] {
  return layers.flatMap(({ name }, index) =>
    (reports[index]?.signers ?? []).map((signer) => ({ ...signer, layer: name })),
  );
}

function isWider(before: Before, { layers }: CompiledPolicy, rules: Rules, now: Timestamp): boolean {
  return before.policy === null || widensEver(before.policy.layers, layers, now, rules);
}

/** What is signed are files, not which of them are layered: that the API can not change where signatures count. */
function mustBeTheSameLayers(after: readonly LoadedPolicy[], before: readonly LoadedPolicy[]): void {
  const names = (layers: readonly LoadedPolicy[]) =>
    layers.map(({ policy }) => policy.metadata.name).join(' ');
  if (names(after) === names(before)) return;
  throw new PolicyRefusal(
    'LAYERS_CHANGED',
    'where policies are signed, the API can not change which are layered',
    {
      hint: `Send the policies in force, in their order: ${names(before)}. Others are added in agent.yaml.`,
    },
  );
}

function metadataOf(loaded: readonly LoadedPolicy[], index: number): { name: string; version: string } {
  const metadata = loaded[index]?.policy.metadata;
  return { name: metadata?.name ?? '', version: metadata?.version ?? '' };
}
