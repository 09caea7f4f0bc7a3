import { digestOf } from '../../evidence/digest.ts';
import type { LoadedPolicy } from '../../policies/load.ts';
import type { PolicyLayer } from './layers.ts';
import type { VersionFloor } from './records.ts';
import { PolicyRefusal } from './refusal.ts';

/**
 * Where policies are signed, a signature must not bring back what was replaced: it is as good as on the day it was
 * made. So a policy's version number never falls, and one number never means two texts. Throws PolicyRefusal.
 */
export function mustNotGoBack(
  layers: readonly PolicyLayer[],
  loaded: readonly LoadedPolicy[],
  floors: ReadonlyMap<string, VersionFloor>,
): void {
  for (const [index, { policy }] of loaded.entries()) {
    const layer = layers[index];
    const floor = floors.get(policy.metadata.name);
    if (layer === undefined || layer.isPreset || floor === undefined) continue;
    const order = compareVersions(policy.metadata.version, floor.version);
    if (order < 0) {
      throw new PolicyRefusal(
        'VERSION_LOWER',
        `the policy ${layer.name} has a lower version than was in force before`,
        {
          hint: `Give it a version above ${floor.version} and have it signed again.`,
        },
      );
    }
    if (order === 0 && digestOf(layer.text) !== floor.digest) {
      throw new PolicyRefusal(
        'VERSION_REUSED',
        `the policy ${layer.name} was edited without a new version number`,
        {
          hint: `Version ${floor.version} was in force with another text; raise it and have it signed again.`,
        },
      );
    }
  }
}

/** `7`, `7.1` and `7.1.0`, number by number; what is not there counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(BigInt), b.split('.').map(BigInt)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [one, other] = [left[index] ?? 0n, right[index] ?? 0n];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
