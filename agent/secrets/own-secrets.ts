import { Secret } from '../../connectors/sdk/index.ts';
import { type CanaryMarker, type CanarySet, makeCanaries } from '../../policies/canaries/canaries.ts';
import { secretCanaries } from '../../policies/canaries/secret-canaries.ts';
import type { LoadedConfig } from '../config/load.ts';

/** Deeper than any config is. */
const MAX_DEPTH = 16;

export interface OwnCanaries {
  readonly canaries: CanarySet;
  /** Credentials that are too short or too ordinary to be looked for: `orders-db.dsn`. */
  readonly leftOut: readonly string[];
}

/**
 * What must never leave this agent: the markers of its config, and every credential that it holds itself. The second
 * kind costs nothing to plant and shows the worst leak there is.
 */
export function ownCanaries(
  loaded: LoadedConfig,
  token: Secret,
  keys: readonly { readonly id: string; readonly value: Secret }[],
): OwnCanaries {
  const markers = loaded.canaries.map(({ id, value }) => ({ id, value: value.open() }));
  const held = [
    ...loaded.connections.flatMap(({ id, config }) => secretsIn(config, id)),
    { id: 'api-token', value: token.open() },
    ...keys.map(({ id, value }) => ({ id, value: value.open() })),
  ];
  const { markers: own, leftOut } = secretCanaries(held);
  return {
    canaries: makeCanaries([...markers, ...own]),
    leftOut: [...new Set(leftOut.map(({ id }) => id))],
  };
}

/** Every Secret in a parsed config, named by its path. */
function secretsIn(value: unknown, path: string, depth = 0): CanaryMarker[] {
  if (value instanceof Secret) return [{ id: path, value: value.open() }];
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) return [];
  return Object.entries(value).flatMap(([key, entry]) => secretsIn(entry, `${path}.${key}`, depth + 1));
}
