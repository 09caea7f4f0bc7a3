import type { CanarySet } from '../../policies/canaries/canaries.ts';
import { type Gate, type GateDeps, makeGate } from '../../policies/clear.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import { type ByteNet, makeByteNet } from '../../policies/net/byte-net.ts';
import { type Scanners, scannersWith } from '../../policies/scanners.ts';

/** One version of the policy, what clears by it, and the last look. Versions are swapped as a whole, never in part. */
export interface InForce {
  readonly policy: CompiledPolicy;
  readonly gate: Gate;
  readonly net: ByteNet;
}

export interface InForceDeps extends Omit<GateDeps, 'scanners' | 'policy'> {
  readonly canaries: CanarySet;
}

/** What every version needs, kept from one to the next while it is the same. */
export type PutInForce = (policy: CompiledPolicy, deps: InForceDeps) => InForce;

interface Shared {
  readonly patterns: string;
  readonly canaries: CanarySet;
  readonly scanners: Scanners;
  readonly net: ByteNet;
}

/**
 * Making the automata takes a tenth of a second in which nothing else runs, so an edit that leaves the policy's own
 * patterns alone does not make them anew.
 */
export function putInForceWith(): PutInForce {
  let shared: Shared | undefined;
  return (policy, { canaries, ...deps }) => {
    const patterns = JSON.stringify(policy.layers.map((layer) => layer.policy.patterns));
    if (shared?.patterns !== patterns || shared.canaries !== canaries) {
      const scanners = scannersWith(policy.patterns);
      const net = makeByteNet({ net: scanners.net, canaries, detectors: scanners.detectors });
      shared = { patterns, canaries, scanners, net };
    }
    const { scanners, net } = shared;
    return { policy, gate: makeGate({ ...deps, policy, scanners }), net };
  };
}

/** A version by itself. */
export function putInForce({ policy, ...deps }: InForceDeps & Pick<GateDeps, 'policy'>): InForce {
  return putInForceWith()(policy, deps);
}
