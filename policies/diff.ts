import type { ConnectorManifest } from '../connectors/sdk/index.ts';
import type { CompiledPolicy } from './compile.ts';
import { fieldChanges } from './diff-fields.ts';
import {
  patternChanges,
  privilegeChanges,
  retentionChanges,
  scopeChanges,
  viewChanges,
} from './diff-limits.ts';
import { breakGlassChanges, budgetChanges, capabilityChanges, detectorChanges } from './diff-reads.ts';
import type { Comparison, Connected, PolicyChange } from './policy-change.ts';
import { highest, type Risk } from './risk.ts';

export type { Connected, PolicyChange } from './policy-change.ts';

export interface PolicyDiff {
  readonly changes: readonly PolicyChange[];
  /** Something opens: more leaves than before, or more may be looked at. */
  readonly widens: boolean;
  /** The highest of all changes. */
  readonly risk: Risk;
}

const PER_CONNECTION: readonly ((comparison: Comparison) => readonly PolicyChange[])[] = [
  fieldChanges,
  scopeChanges,
  budgetChanges,
  capabilityChanges,
  viewChanges,
  detectorChanges,
  privilegeChanges,
  breakGlassChanges,
];

/**
 * Everything that two policies decide differently, at the moments for which they were compiled. It is asked of every
 * field, name and number there is, so that what is not listed has not changed, however the files were rearranged.
 */
export function diffPolicies(
  before: CompiledPolicy,
  after: CompiledPolicy,
  manifests: readonly ConnectorManifest[],
  connections: readonly Connected[],
): PolicyDiff {
  const changes = [
    ...connections.flatMap((connection) => {
      const manifest = manifests.find(({ id }) => id === connection.connector);
      if (manifest === undefined) return [];
      return PER_CONNECTION.flatMap((compare) => compare({ before, after, connection, manifest }));
    }),
    ...patternChanges(before, after),
    ...retentionChanges(before, after, manifests),
  ];
  return {
    changes,
    widens: changes.some(({ effect }) => effect === 'opens'),
    risk: highest(changes.map(({ risk }) => risk)),
  };
}

/**
 * Stand-ins for the connections of a config that is not at hand: one that no file names, and each that some file names,
 * for every connector.
 */
export function anyConnections(
  policies: readonly CompiledPolicy[],
  manifests: readonly ConnectorManifest[],
): readonly Connected[] {
  const named = policies.flatMap(({ layers }) => layers.flatMap(({ policy }) => policy.connections ?? []));
  return ['', ...new Set(named)].flatMap((id) =>
    manifests.map((manifest) => ({ id, connector: manifest.id })),
  );
}
