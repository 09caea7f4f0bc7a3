import type { ConnectorManifest, JsonValue } from '../../connectors/sdk/index.ts';
import { type Connected, diffPolicies, type PolicyChange } from '../../policies/diff.ts';
import type { Delta, DiffOf } from './widening.ts';

/** What one policy lets out of these connections and another does not, as records and the API tell it. */
export function deltaBetween(
  manifests: readonly ConnectorManifest[],
  connections: readonly Connected[],
): DiffOf {
  return (before, after): Delta => {
    const { changes, widens, risk } = diffPolicies(before, after, manifests, connections);
    const named = (effect: PolicyChange['effect']) =>
      changes.filter((change) => change.effect === effect).flatMap(nameOf);
    return { widens, risk, opened: named('opens'), closed: named('closes'), changes: changes.map(asJson) };
  };
}

/** A stream that opens or closes is told by its fields. */
function nameOf({ kind, connection, where, from, to }: PolicyChange): string[] {
  const about = connection === null ? '' : `${connection}: `;
  switch (kind) {
    case 'stream':
      return [];
    case 'field':
      return [`${about}${where.replace(' ', ' body.')}`];
    case 'capability':
    case 'flag-end':
    case 'budget':
    case 'retention':
      return [`${about}${kind} ${where}, ${from} → ${to}`];
    default:
      return [`${about}${kind} ${where}`];
  }
}

function asJson({ before, after, ...change }: PolicyChange): JsonValue {
  return {
    ...change,
    before: before === null ? null : { ...before },
    after: after === null ? null : { ...after },
  };
}
