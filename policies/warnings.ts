import type { ConnectorManifest, Timestamp } from '../connectors/sdk/index.ts';
import { placed } from './check.ts';
import { layersOf, opinions } from './decide.ts';
import type { LoadedPolicy } from './load.ts';
import { inForce } from './validity.ts';
import type { Problem } from './yaml.ts';

/** What has no effect: it is no error, and hardly what somebody wanted. */
export function warnAboutPolicies(
  manifests: readonly ConnectorManifest[],
  layers: readonly LoadedPolicy[],
  now: Timestamp,
): Problem[] {
  return [...expired(layers, now), ...withoutEffect(manifests, layers, now), ...viewsWithoutTables(layers)];
}

function expired(layers: readonly LoadedPolicy[], now: Timestamp): Problem[] {
  return layers.flatMap((layer) =>
    (['capabilities', 'breakGlass'] as const).flatMap((list) =>
      layer.policy[list].flatMap((timed: { from?: string; expires: string }, index) =>
        inForce(timed, now)
          ? []
          : [
              placed(layer, {
                path: [list, index],
                message:
                  now < timed.expires ? `does not hold before ${timed.from}` : `expired at ${timed.expires}`,
                hint: 'it has no effect now',
              }),
            ],
      ),
    ),
  );
}

/** A forgotten `from` looks like a view that has no rows. */
function viewsWithoutTables(layers: readonly LoadedPolicy[]): Problem[] {
  return layers.flatMap((layer) =>
    layer.policy.views.flatMap(({ from }, index) => {
      if (from.length > 0) return [];
      const message = 'names no table under from: it is read only if its definition reads pg_catalog alone';
      const hint = 'name all tables that its definition reads: from: [<schema>.<table>]';
      return [placed(layer, { path: ['views', index], message, hint })];
    }),
  );
}

/** Rules that decide about no field, because later ones decide about all of theirs. */
function withoutEffect(
  manifests: readonly ConnectorManifest[],
  layers: readonly LoadedPolicy[],
  now: Timestamp,
): Problem[] {
  const deciding = new Set<string>();
  const spoke = new Map<string, { layer: LoadedPolicy; path: readonly PropertyKey[]; over: string }>();
  const connections = [undefined, ...new Set(layers.flatMap(({ policy }) => policy.connections ?? []))];
  for (const connection of connections) {
    const applying = layersOf(connection, layers);
    for (const manifest of manifests) {
      for (const stream of manifest.streams) {
        for (const [field, spec] of Object.entries(stream.fields)) {
          const all = opinions({ connector: manifest.id, stream: stream.id, field, spec }, applying, now);
          const last = all.at(-1);
          if (last === undefined) continue;
          deciding.add(last.rule);
          for (const { rule, layer, path } of all) spoke.set(rule, { layer, path, over: last.rule });
        }
      }
    }
  }
  return [...spoke].flatMap(([rule, { layer, path, over }]) =>
    deciding.has(rule)
      ? []
      : [
          placed(layer, {
            path,
            message: 'decides nothing: later rules decide about all its fields',
            hint: `such as ${over}`,
          }),
        ],
  );
}
