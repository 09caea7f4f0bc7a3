import type { ConnectorManifest, Timestamp } from '../connectors/sdk/index.ts';
import { placed } from './check.ts';
import { layersOf, opinions } from './decide.ts';
import { inOrder, type LoadedPolicy } from './load.ts';
import { canBeRight, EVERYTHING, isHeldUntold, knownRights } from './rights.ts';
import { inForce } from './validity.ts';
import { nearest, type Problem } from './yaml.ts';

/** What has no effect: it is no error, and hardly what somebody wanted. */
export function warnAboutPolicies(
  manifests: readonly ConnectorManifest[],
  layers: readonly LoadedPolicy[],
  now: Timestamp,
): readonly Problem[] {
  return inOrder([
    ...expired(layers, now),
    ...withoutEffect(manifests, layers, now),
    ...viewsWithoutTables(layers),
    ...refusedInVain(manifests, layers),
  ]);
}

/** A word that no connector says refuses nobody; a warning, since a source may know rights that we do not. */
function refusedInVain(manifests: readonly ConnectorManifest[], layers: readonly LoadedPolicy[]): Problem[] {
  const known = knownRights(manifests);
  const refused = layers.flatMap(({ policy }) => policy.privileges.refuse);
  return layers.flatMap((layer) =>
    layer.policy.privileges.refuse.flatMap((right, index) => {
      const path = ['privileges', 'refuse', index];
      if (!canBeRight(right, known)) {
        const meant = nearest(right, known);
        const hint = meant === undefined ? '`exhibit connector show` lists them' : `did you mean "${meant}"?`;
        return [
          placed(layer, { path, message: 'is no right that a connector tells of: it refuses nobody', hint }),
        ];
      }
      if (!isHeldUntold(right) || refused.some((one) => canBeRight(one, [EVERYTHING]))) return [];
      const message = 'does not refuse a superuser, who has it without being granted it';
      return [placed(layer, { path, message, hint: `refuse ${EVERYTHING} as well` })];
    }),
  );
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
