import { parseEntity } from '../evidence/incident/entity-name.ts';
import type { Item } from '../evidence/item.ts';
import type { Incident } from '../evidence/store/store.ts';

/** Which scheme of entity URIs has which dimension as its first segment. */
const DIMENSION_OF: Readonly<Record<string, 'namespace' | 'database' | 'repository'>> = {
  kubernetes: 'namespace',
  postgresql: 'database',
  github: 'repository',
};

/** Stands where a namespace would for what belongs to none: nodes, cluster roles. */
const NO_NAMESPACE = '_cluster';

/**
 * Whether an item belongs to an incident's scope. A dimension narrows only what has it: a namespace says nothing about
 * databases, and what belongs to the whole server or cluster belongs to every incident on it. Gaps and refusals are
 * never left out: what is missing has to be seen.
 */
export function inScope(item: Item, scope: Incident['scope']): boolean {
  const connections = scope['connection'];
  if (connections !== undefined && !connections.includes(item.connection)) return false;
  if (item.class === 'gap' || item.class === 'refusal') return true;
  return [item.entity, ...item.related].some((entity) => entityInScope(entity, scope));
}

function entityInScope(uri: string, scope: Incident['scope']): boolean {
  const { scheme, authority, segments } = parseEntity(uri);
  const dimension = DIMENSION_OF[scheme];
  const wanted = dimension === undefined ? undefined : scope[dimension];
  const [first, second] = segments;
  if (wanted === undefined || first === undefined || first === NO_NAMESPACE) return true;
  // A repository is written owner/name; the owner is the URI's authority or its first segment.
  return wanted.some((value) => [first, `${authority}/${first}`, `${first}/${second ?? ''}`].includes(value));
}
