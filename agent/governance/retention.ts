import type { ConnectorManifest } from '../../connectors/sdk/index.ts';
import type { ExpiryRule } from '../../evidence/store/governance.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import { matchesAny, type RetentionRule } from '../../policies/policy.ts';

/** What the policy's retention means for the store at this time. */
export function expiryRules(
  { retention }: Pick<CompiledPolicy, 'retention'>,
  manifests: readonly ConnectorManifest[],
  now: Date,
): readonly ExpiryRule[] {
  return retention.map((rule) => ({
    olderThan: new Date(now.getTime() - rule.keep).toISOString(),
    ...(rule.classes === undefined ? {} : { classes: rule.classes }),
    ...(rule.streams.includes('*') ? {} : { streams: streamsOf(rule, manifests) }),
  }));
}

function streamsOf({ streams }: RetentionRule, manifests: readonly ConnectorManifest[]): readonly string[] {
  return manifests.flatMap((manifest) =>
    manifest.streams
      .filter((stream) => matchesAny(streams, manifest.id, stream.id))
      .map((stream) => `${manifest.id}/${stream.id}`),
  );
}
