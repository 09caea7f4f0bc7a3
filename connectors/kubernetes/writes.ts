import { placeSteps } from './field-path.ts';
import { controllerOf, type KubeObject, timestamp } from './kube-object.ts';
import { lastWriteTime, ownedPaths, type Write, writeOf } from './managed-fields.ts';
import {
  candidate,
  type Digest,
  diff,
  type FieldChange,
  type Projection,
  projectionId,
} from './projection.ts';
import type { ResourceQuery } from './schema.ts';

/** More changed fields than this in one item are counted, not listed. */
export const MAX_CHANGES = 64;

/**
 * What identifies one state of an object's fields, the same however it was noticed: its generation; for objects that
 * have none a digest of the watched fields (their resourceVersion moves with every heartbeat); and for objects of
 * which only metadata is read the resourceVersion.
 */
export function changeKey(
  query: ResourceQuery,
  object: KubeObject,
  projection: Projection,
  digest: Digest,
): string {
  if (query.accept === 'metadata') return `resourceVersion/${object.resourceVersion}`;
  if (object.generation !== null) return `generation/${object.generation}`;
  return `fields/${projectionId(projection, digest)}`;
}

/** ConfigMaps that serve as locks are rewritten every few seconds. */
const LEADER_ELECTION = 'control-plane.alpha.kubernetes.io/leader';

/** The projection of an object of which only metadata is known: the names of its keys. */
export function metadataProjection(object: KubeObject): Projection {
  const projection: Record<string, boolean> = {};
  for (const entry of object.managedFields) {
    for (const root of ['data', 'binaryData']) {
      const fields = entry.fields[`f:${root}`];
      const keys = typeof fields === 'object' && fields !== null ? Object.keys(fields) : [];
      for (const key of keys) {
        if (key.startsWith('f:')) projection[keyPlace(root, key.slice(2))] = true;
      }
    }
  }
  return projection;
}

function keyPlace(root: string, key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? `${root}.${key}` : `${root}[${key}]`;
}

/** What a write to a metadata-only object may have changed; empty when it cannot have been its data. */
export function metadataChanges(
  before: Projection,
  object: KubeObject,
  after: Projection,
): readonly FieldChange[] {
  if (LEADER_ELECTION in object.annotations) return [];
  const exact = diff(before, after).map(({ path, aspect, certainty }) => ({ path, aspect, certainty }));
  const write = writeOf(object, ['data', 'binaryData']);
  if (write === null || write.time !== lastWriteTime(object)) return exact;
  const known = new Set(exact.map((change) => change.path));
  const owned = ownedPaths(object, write, MAX_CHANGES).filter((path) => placeSteps(path).length > 1);
  return [...exact, ...owned.filter((path) => !known.has(path)).map((path) => candidate(path))];
}

/** Leaves out what the query's noise rows name, when the latest writer of that field is the one they name. */
export function withoutNoise(
  query: ResourceQuery,
  object: KubeObject,
  changes: readonly FieldChange[],
): readonly FieldChange[] {
  return changes.filter((change) => {
    const rules = query.noise.filter((rule) => rule.path === change.path);
    if (rules.length === 0) return true;
    const write = writeOf(object, [change.path]);
    return !rules.some(
      (rule) =>
        write?.manager === rule.manager &&
        (rule.subresource === undefined || write.subresource === rule.subresource),
    );
  });
}

/** Made and written by the controller that owns it: its changes are consequences of a change elsewhere. */
export function isConsequence(query: ResourceQuery, object: KubeObject): boolean {
  return query.quietWhenOwned && controllerOf(object) !== null;
}

/** Made by the cluster itself when it or a namespace starts. */
export function isMadeByDefault(query: ResourceQuery, write: Write | null): boolean {
  return (
    write !== null && (write.manager === 'kube-apiserver' || query.madeByDefault.includes(write.manager))
  );
}

/** When deletion was asked for: the timestamp is that plus the grace that was given. */
export function deletedAt(object: KubeObject): string | null {
  const at = timestamp(object.deletionTimestamp);
  return at === null ? null : new Date(Date.parse(at) - object.deletionGraceSeconds * 1000).toISOString();
}
