import type { ConnectorManifest } from '../connectors/sdk/index.ts';
import { checkPolicies } from './check.ts';
import type { Checkable } from './load.ts';
import type { Problem } from './yaml.ts';

/**
 * What else is wrong with policies of which some have no good shape, in the parts that have: a slip in one place does not
 * hide those in others. Nothing is said of detectors where the patterns that they may be are not all known.
 */
export function checkRest(
  manifests: readonly ConnectorManifest[],
  checkable: Checkable,
  connections: readonly string[] | undefined,
): Problem[] {
  const lacksPatterns = checkable.some(
    (one) => one === undefined || ('lacksPatterns' in one && one.lacksPatterns),
  );
  const layers = checkable.flatMap((one) => {
    if (one === undefined) return [];
    const { source, policy } = one;
    return [{ source, policy: lacksPatterns ? { ...policy, detectors: [] } : policy }];
  });
  return checkPolicies(manifests, layers, connections);
}
