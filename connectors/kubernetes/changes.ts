import type { Timestamp } from '../sdk/index.ts';
import { isWithin } from './field-path.ts';
import { type KubeObject, timestamp } from './kube-object.ts';
import { ownedPaths, type Write, writeOf } from './managed-fields.ts';
import type { ChangeSource, ObjectChange } from './observations.ts';
import {
  candidate,
  type Digest,
  diff,
  type FieldChange,
  initialChanges,
  type Projection,
  type Projector,
} from './projection.ts';
import type { ResourceQuery } from './schema.ts';
import type { ObjectState } from './state.ts';
import {
  changeKey,
  deletedAt,
  isConsequence,
  isMadeByDefault,
  MAX_CHANGES,
  metadataChanges,
  withoutNoise,
} from './writes.ts';

/** The template change that revision history shows for an object whose own past was not seen. */
export interface HistoricChange {
  readonly revision: string;
  readonly createdAt: Timestamp;
  /** The newest template had been used before: the time of its creation is not that of the change. */
  readonly isRollback: boolean;
  readonly changes: readonly FieldChange[];
}

export interface Look {
  /**
   * `first`: listed, and nothing is remembered of this kind. `list`: listed again, after a gap or a restart.
   * `watch`: told by the API server as it happened. `gone`: deleted.
   */
  readonly how: 'first' | 'list' | 'watch' | 'gone';
  readonly now: Date;
  /** On the first look, changes older than this are history. */
  readonly threshold: Timestamp;
  /** Tell every present symptom, told before or not (ids make it one). */
  readonly everything: boolean;
  readonly history: HistoricChange | null;
  /** Since when nothing was seen of this kind, for what went missing meanwhile. */
  readonly since: Timestamp | null;
}

export interface TransitionDeps {
  readonly connection: string;
  readonly query: ResourceQuery;
  readonly projector: Projector;
  readonly digest: Digest;
}

/** What was written to the object since the last look at it. */
export function* objectChanges(
  deps: TransitionDeps,
  before: ObjectState | null,
  object: KubeObject,
  projection: Projection,
  look: Look,
): Generator<ObjectChange> {
  if (look.how === 'gone' || object.deletionTimestamp !== null) {
    const deletion = before?.deleting === true ? null : deletionOf(deps, object, look);
    if (deletion !== null) yield deletion;
    return;
  }
  if (before !== null && before.uid === object.uid) {
    const update = updateOf(deps, before, object, projection, look);
    if (update !== null) yield update;
    return;
  }
  if (look.how === 'first') yield* recovered(deps, object, projection, look);
  else yield* createdOf(deps, before, object, projection, look);
}

function updateOf(
  deps: TransitionDeps,
  before: ObjectState,
  object: KubeObject,
  projection: Projection,
  look: Look,
): ObjectChange | null {
  const { query } = deps;
  if (before.resourceVersion === object.resourceVersion || isConsequence(query, object)) return null;
  if (object.generation !== null && object.generation === before.generation) return null;
  const all =
    query.accept === 'metadata'
      ? metadataChanges(before.projection, object, projection)
      : diff(before.projection, projection);
  const changes = withoutNoise(query, object, all);
  if (changes.length === 0) return null;
  const write = writeOf(
    object,
    changes.map((change) => change.path),
  );
  return {
    op: 'updated',
    key: changeKey(query, object, projection, deps.digest),
    at: write?.time ?? look.now.toISOString(),
    source: look.how === 'watch' ? 'watch' : 'list',
    write,
    changes,
    previousGeneration: before.generation,
  };
}

/** A new object, or one that was deleted and made again: then what differs is told too. */
function* createdOf(
  deps: TransitionDeps,
  before: ObjectState | null,
  object: KubeObject,
  projection: Projection,
  look: Look,
): Generator<ObjectChange> {
  const write = writeOf(object, ['spec', 'data']);
  if (isConsequence(deps.query, object) || isMadeByDefault(deps.query, write)) return;
  const source: ChangeSource = look.how === 'watch' ? 'watch' : 'list';
  const at = timestamp(object.createdAt) ?? look.now.toISOString();
  const common = { at, source, write, previousGeneration: null };
  if (before !== null && !before.deleting) {
    yield { ...common, op: 'deleted', key: `deletion/${before.uid}`, changes: [], write: null };
  }
  const again = before === null ? [] : diff(before.projection, projection);
  const changes = again.length > 0 ? again : contents(deps.query, projection);
  yield { ...common, op: 'created', key: `creation/${object.uid}`, changes };
}

/** Of an object known by metadata only, the names of its keys are all that can be said. */
function contents(query: ResourceQuery, projection: Projection): readonly FieldChange[] {
  return query.accept === 'metadata'
    ? Object.keys(projection).map((path) => candidate(path))
    : initialChanges(projection);
}

function deletionOf(deps: TransitionDeps, object: KubeObject, look: Look): ObjectChange | null {
  if (isConsequence(deps.query, object)) return null;
  const known = deletedAt(object);
  const now = look.now.toISOString();
  const window = known === null && look.since !== null ? { window: { from: look.since, to: now } } : {};
  return {
    op: 'deleted',
    key: `deletion/${object.uid}`,
    at: known ?? now,
    ...window,
    source: look.how === 'watch' || look.how === 'gone' ? 'watch' : 'list',
    write: null,
    changes: [],
    previousGeneration: null,
  };
}

/** Template changes this close to the last write of the object are that write. */
const SAME_WRITE_MS = 5_000;

/**
 * The first look at an object whose past was not seen. Revision history tells what its template was before; creation
 * and managed fields tell when it was made and last written, and by whom.
 */
function* recovered(
  deps: TransitionDeps,
  object: KubeObject,
  projection: Projection,
  look: Look,
): Generator<ObjectChange> {
  const { query } = deps;
  const created = timestamp(object.createdAt);
  const write = writeOf(object, ['spec.template', 'spec', 'data']);
  // Nobody is known to have written what carries no managed fields: the cluster's own service accounts, mostly.
  if (write === null || isConsequence(query, object) || isMadeByDefault(query, write)) return;
  if (created !== null && created >= look.threshold) {
    const changes = contents(query, projection);
    const key = `creation/${object.uid}`;
    yield {
      op: 'created',
      key,
      at: created,
      source: 'managed-fields',
      write,
      changes,
      previousGeneration: null,
    };
  }
  const key = changeKey(query, object, projection, deps.digest);
  const { history } = look;
  const isLast = history !== null && (history.isRollback || isSameWrite(history.createdAt, write.time));
  if (history !== null && history.changes.length > 0) {
    const at = isLast ? write.time : history.createdAt;
    const named = isLast ? key : `revision/${history.revision}`;
    const common = { source: 'history', write, changes: history.changes, previousGeneration: null } as const;
    if (at >= look.threshold) yield { ...common, op: 'updated', key: named, at };
    if (isLast) return;
  }
  if (write.time < look.threshold || write.time === created || object.generation === 1) return;
  const changes = candidatesOf(query, object, write, projection, history);
  if (withoutNoise(query, object, changes).length === 0) return;
  yield {
    op: 'updated',
    key,
    at: write.time,
    source: 'managed-fields',
    write,
    changes,
    previousGeneration: null,
  };
}

/** The fields that the latest writer owns; without the pod template's when history shows that it is older. */
function candidatesOf(
  query: ResourceQuery,
  object: KubeObject,
  write: Write,
  projection: Projection,
  history: HistoricChange | null,
): readonly FieldChange[] {
  const template = history === null ? undefined : query.podTemplate;
  const paths = ownedPaths(object, write, MAX_CHANGES).filter(
    (path) => template === undefined || !isWithin(path, template),
  );
  if (query.accept === 'metadata') return paths.map((path) => candidate(path));
  return paths
    .flatMap((path) => watchedWithin(projection, path))
    .map((path) => candidate(path, projection[path]));
}

/** A list or map that is owned as a whole stands for the watched fields in it. */
function watchedWithin(projection: Projection, path: string): readonly string[] {
  const within = Object.keys(projection).filter((place) => place !== path && isWithin(place, path));
  return path in projection || within.length === 0 ? [path] : within;
}

function isSameWrite(a: string, b: string): boolean {
  return Math.abs(Date.parse(a) - Date.parse(b)) <= SAME_WRITE_MS;
}
