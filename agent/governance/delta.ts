import type { ConnectorManifest } from '../../connectors/sdk/index.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import { layersOf, openness } from '../../policies/decide.ts';
import type { Delta, DiffOf } from './widening.ts';

/** How far something is open, by a name that people understand. */
type Openings = ReadonlyMap<string, number>;

/** What is not there; below it is what holds back, so that its coming closes and its going opens. */
const CLOSED = -1e9;
/** From what hides least to what hides most; `mask` where nothing is said. */
const ACTIONS = ['withhold', 'drop', 'mask', 'ignore'];

/**
 * What one policy lets out of these connections and another does not. Whatever is not plainly narrower counts as wider:
 * a scope, a refusal or a pattern that is gone, a budget that grew.
 */
export function deltaBetween(
  manifests: readonly ConnectorManifest[],
  connections: readonly { readonly id: string; readonly connector: string }[],
): DiffOf {
  const ids = new Map(manifests.map((manifest) => [manifest.id, manifest]));
  return (before, after): Delta => {
    const opened: string[] = [];
    const closed: string[] = [];
    for (const { id, connector } of connections.filter((connection) => ids.has(connection.connector))) {
      const [was, is] = [openingsOf(before, id, connector), openingsOf(after, id, connector)];
      for (const name of [...new Set([...was.keys(), ...is.keys()])].sort()) {
        const [old, now] = [was.get(name) ?? CLOSED, is.get(name) ?? CLOSED];
        if (now > old) opened.push(`${id}: ${name}`);
        if (now < old) closed.push(`${id}: ${name}`);
      }
    }
    const widens = opened.length > 0;
    const risk = widens ? 'medium' : closed.length > 0 ? 'low' : 'none';
    return { widens, risk, opened, closed, changes: { opened: [...opened], closed: [...closed] } };
  };
}

function openingsOf(policy: CompiledPolicy, id: string, connector: string): Openings {
  return new Map([
    ...fields(policy, id, connector),
    ...reads(policy, id, connector),
    ...views(policy, id),
    ...restraints(policy, id),
  ]);
}

function fields(
  policy: CompiledPolicy,
  id: string,
  connector: string,
): readonly (readonly [string, number])[] {
  const own = [...policy.of(id).streams].filter(([stream]) => stream.startsWith(`${connector}/`));
  return own.flatMap(([stream, plan]) => [
    ...plan.fields
      .filter(({ treatment }) => treatment !== 'drop')
      .map(({ path, treatment }) => [`${stream} ${path}`, -openness(treatment)] as const),
    // Streams that neither policy opens have no plan, and nothing to find anything in.
    ...[...plan.actions].map(
      ([detector, action]) =>
        [
          `${stream} findings of ${detector}`,
          CLOSED + ACTIONS.indexOf(action) - ACTIONS.indexOf('mask'),
        ] as const,
    ),
  ]);
}

function reads(
  policy: CompiledPolicy,
  id: string,
  connector: string,
): readonly (readonly [string, number])[] {
  const own = [...policy.of(id).reads].filter(([read]) => read.startsWith(`${connector}/`));
  return own.flatMap(([read, { lacks, budget }]) => [
    [`${read} may run`, lacks === null ? 1 : 0] as const,
    ...Object.entries(budget).map(([limit, value]) => [`${read} budget ${limit}`, Number(value)] as const),
  ]);
}

/** A view that is described differently is closed under the one name and open under the other. */
function views(policy: CompiledPolicy, id: string): readonly (readonly [string, number])[] {
  return [...policy.of(id).views].map(
    ([view, { columns, maxRows, groupSize }]) =>
      [`view ${view} ${JSON.stringify([columns, maxRows, groupSize ?? null])}`, 1] as const,
  );
}

/** What holds back: its absence is what opens. */
function restraints(policy: CompiledPolicy, id: string): readonly (readonly [string, number])[] {
  const layers = layersOf(id, policy.layers).map((layer) => layer.policy);
  const scopes = layers.flatMap(({ scope }) =>
    Object.entries(scope).map(
      ([dimension, rule]) => `without the scope ${dimension} ${JSON.stringify(rule)}`,
    ),
  );
  const refused = policy.of(id).refusedPrivileges.map((right) => `with the right ${right}`);
  const patterns = layers.flatMap((layer) =>
    layer.patterns.map((pattern) => `without the pattern ${pattern.id} ${JSON.stringify(pattern)}`),
  );
  return [...scopes, ...refused, ...patterns].map((name) => [name, CLOSED - 1] as const);
}
