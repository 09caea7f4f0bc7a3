import { entityUri } from '../sdk/index.ts';
import { fieldPattern, find, first } from './field-path.ts';
import { controllerOf, get, type KubeObject, list, record, technicalName, text } from './kube-object.ts';
import type { ResourceQuery } from './schema.ts';

/** Where an object is: `kubernetes://<connection>/<namespace or _cluster>/<Kind>/<name>`. */
export function objectUri(connection: string, namespace: string | null, kind: string, name: string): string {
  return entityUri('kubernetes', connection, namespace ?? '_cluster', kind, name);
}

/** Other objects that this one touches: owner, node, what its pod template refers to, what the query's rows name. */
export function relatedOf(connection: string, query: ResourceQuery, object: KubeObject): readonly string[] {
  const uris = new Set<string>();
  for (const uri of ownersOf(connection, object)) uris.add(uri);
  if (query.podTemplate !== undefined) {
    const template =
      query.podTemplate === '' ? object.raw : first(object.raw, fieldPattern(query.podTemplate));
    for (const uri of podReferences(connection, object.namespace, get(template, 'spec'))) uris.add(uri);
  }
  for (const uri of ruleReferences(connection, query, object)) uris.add(uri);
  uris.delete(objectUri(connection, object.namespace, query.kind, object.name));
  return [...uris].slice(0, 64);
}

/** The controller, and above a ReplicaSet the Deployment that its name says. */
function ownersOf(connection: string, object: KubeObject): readonly string[] {
  const owner = controllerOf(object);
  if (owner === null) return [];
  const uris = [
    objectUri(connection, owner.kind === 'Node' ? null : object.namespace, owner.kind, owner.name),
  ];
  const deployment = owner.kind === 'ReplicaSet' ? deploymentName(owner.name) : null;
  if (deployment !== null) uris.unshift(objectUri(connection, object.namespace, 'Deployment', deployment));
  return uris;
}

/** The alphabet of generated suffixes (k8s.io/apimachinery rand.SafeEncodeString): no vowels, no 0, 1, 3. */
const TEMPLATE_HASH = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;
const POD_OF_REPLICA_SET = /^(.+-[bcdfghjklmnpqrstvwxz2456789]{6,10})-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

export function deploymentName(replicaSet: string): string | null {
  return TEMPLATE_HASH.exec(replicaSet)?.[1] ?? null;
}

/** The likely owners of an object of which only kind and name are known (in an Event), by naming convention. */
export function ownersByName(
  connection: string,
  namespace: string | null,
  kind: string,
  name: string,
): readonly string[] {
  const replicaSet =
    kind === 'ReplicaSet' ? name : kind === 'Pod' ? POD_OF_REPLICA_SET.exec(name)?.[1] : undefined;
  if (replicaSet === undefined) return [];
  const deployment = deploymentName(replicaSet);
  const owners = deployment === null ? [] : [objectUri(connection, namespace, 'Deployment', deployment)];
  if (kind === 'Pod') owners.push(objectUri(connection, namespace, 'ReplicaSet', replicaSet));
  return owners;
}

/** Names only: what is in a Secret or ConfigMap is never asked for. */
const POD_REFERENCES: readonly (readonly [path: string, kind: string, cluster: boolean])[] = [
  ['nodeName', 'Node', true],
  ['serviceAccountName', 'ServiceAccount', false],
  ['priorityClassName', 'PriorityClass', true],
  ['imagePullSecrets[*].name', 'Secret', false],
  ['volumes[*].configMap.name', 'ConfigMap', false],
  ['volumes[*].secret.secretName', 'Secret', false],
  ['volumes[*].persistentVolumeClaim.claimName', 'PersistentVolumeClaim', false],
  ['volumes[*].projected.sources[*].configMap.name', 'ConfigMap', false],
  ['volumes[*].projected.sources[*].secret.name', 'Secret', false],
];
const CONTAINER_REFERENCES: readonly (readonly [path: string, kind: string])[] = [
  ['envFrom[*].configMapRef.name', 'ConfigMap'],
  ['envFrom[*].secretRef.name', 'Secret'],
  ['env[*].valueFrom.configMapKeyRef.name', 'ConfigMap'],
  ['env[*].valueFrom.secretKeyRef.name', 'Secret'],
];

function* podReferences(connection: string, namespace: string | null, spec: unknown): Generator<string> {
  for (const [path, kind, cluster] of POD_REFERENCES) {
    yield* named(connection, cluster ? null : namespace, kind, spec, path);
  }
  for (const containers of ['containers', 'initContainers']) {
    for (const container of list(record(spec)[containers])) {
      for (const [path, kind] of CONTAINER_REFERENCES)
        yield* named(connection, namespace, kind, container, path);
    }
  }
}

function* ruleReferences(connection: string, query: ResourceQuery, object: KubeObject): Generator<string> {
  for (const rule of query.references) {
    const kind =
      typeof rule.kind === 'string' ? rule.kind : text(first(object.raw, fieldPattern(rule.kind.path)));
    if (kind === null) continue;
    yield* named(connection, rule.cluster ? null : object.namespace, kind, object.raw, rule.path);
  }
}

/** Added to every pod by the control plane: a reference that says nothing. */
const EVERYWHERE = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);

function* named(
  connection: string,
  namespace: string | null,
  kind: string,
  value: unknown,
  path: string,
): Generator<string> {
  for (const found of find(value, fieldPattern(path))) {
    const name = technicalName(found.value);
    if (name !== null && !EVERYWHERE.has(name)) yield objectUri(connection, namespace, kind, name);
  }
}
