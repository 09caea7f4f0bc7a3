import { stringify } from 'yaml';
import { apiGroup, type ResourceQuery } from './schema.ts';

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** The RBAC rules that these reads need and no more: generated, so that what is granted is what is asked. */
export function policyRules(queries: Iterable<ResourceQuery>): readonly PolicyRule[] {
  const watched = new Map<string, Set<string>>();
  const listed = new Map<string, Set<string>>();
  for (const query of queries) {
    add(watched, apiGroup(query), query.resource);
    const [, , group = '', , resource = ''] = query.history?.list.split('/') ?? [];
    if (resource !== '') add(listed, group, resource);
  }
  return [...rules(watched, ['list', 'watch']), ...rules(without(listed, watched), ['list'])];
}

/** The same as a manifest for `kubectl apply`. */
export function clusterRole(queries: Iterable<ResourceQuery>): string {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'exhibit-kubernetes' },
    rules: policyRules(queries),
  };
  return stringify(role, { aliasDuplicateObjects: false });
}

type Groups = Map<string, Set<string>>;

function add(groups: Groups, group: string, resource: string): void {
  groups.set(group, (groups.get(group) ?? new Set()).add(resource));
}

function without(groups: Groups, others: Groups): Groups {
  return new Map(
    [...groups].map(([group, names]) => [group, names.difference(others.get(group) ?? new Set())]),
  );
}

function rules(groups: Groups, verbs: readonly string[]): readonly PolicyRule[] {
  const filled = [...groups]
    .filter(([, resources]) => resources.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return filled.map(([group, resources]) => ({
    apiGroups: [group],
    resources: [...resources].sort(),
    verbs,
  }));
}
