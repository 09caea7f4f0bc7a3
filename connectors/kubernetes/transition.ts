import type { Observed } from '../sdk/index.ts';
import { type Look, objectChanges, type TransitionDeps } from './changes.ts';
import { fieldPattern, first } from './field-path.ts';
import { type KubeObject, latest, number, timestamp, token } from './kube-object.ts';
import { statusWriteTime, writeOf } from './managed-fields.ts';
import {
  conditionChange,
  conditionStatus,
  inventory,
  objectChange,
  symptomObservation,
} from './observations.ts';
import { diff, type Projection } from './projection.ts';
import type { ResourceQuery } from './schema.ts';
import type { ObjectState } from './state.ts';
import { restartCounts, type Symptom, symptomsOf } from './symptoms/index.ts';
import { deletedAt, isConsequence, metadataProjection, withoutNoise } from './writes.ts';

export interface Transition {
  readonly observations: readonly Observed[];
  /** What to remember; null when there is nothing worth it, or the object is gone. */
  readonly state: ObjectState | null;
}

/** Compares an object with what is remembered of it and says what changed and what hurts. Pure. */
export function transition(
  deps: TransitionDeps,
  before: ObjectState | null,
  object: KubeObject,
  look: Look,
): Transition {
  const { query } = deps;
  const projection = projectionOf(deps, before, object);
  const changes = query.changed ? [...objectChanges(deps, before, object, projection, look)] : [];
  // How a pod ended is told by its last state; other objects hurt nobody once they are gone.
  const isHistory = look.how === 'gone' && query.special !== 'containers';
  const restarts = look.how === 'first' ? null : (before?.restarts ?? {});
  const isListed = look.how === 'first' || look.how === 'list';
  const symptoms = isHistory ? [] : symptomsOf(query, object, { ...look, isListed }, restarts);
  const lasting = new Set(look.everything ? [] : (before?.active ?? []));
  const present = oncePerKey([...decreases(deps, before, object, projection), ...symptoms]);
  const fresh = present.filter((symptom) => !lasting.has(symptom.key));
  const observedAt = look.now.toISOString();
  const standing = isListed ? inventory(deps.connection, query, object, observedAt) : null;
  return {
    observations: [
      ...changes.map((change) => objectChange(deps.connection, query, object, change)),
      ...conditionTransitions(deps, before, object, look, symptoms),
      ...fresh.map((symptom) => symptomObservation(deps.connection, query, object, symptom, observedAt)),
      ...(standing === null ? [] : [standing]),
    ],
    state: look.how === 'gone' || !query.remembered ? null : nextState(query, object, projection, symptoms),
  };
}

function oncePerKey(symptoms: readonly Symptom[]): readonly Symptom[] {
  return symptoms.filter(
    (symptom, index) => symptoms.findIndex((other) => other.key === symptom.key) === index,
  );
}

function projectionOf(deps: TransitionDeps, before: ObjectState | null, object: KubeObject): Projection {
  if (!deps.query.remembered || !deps.query.changed || isConsequence(deps.query, object)) return {};
  if (deps.query.accept === 'metadata') return metadataProjection(object);
  // The same generation has the same spec: most events of a workload are about its status.
  const isSame =
    object.generation !== null && before?.uid === object.uid && before.generation === object.generation;
  if (isSame) return before.projection;
  return deps.projector.project(object.raw);
}

function nextState(
  query: ResourceQuery,
  object: KubeObject,
  projection: Projection,
  symptoms: readonly Symptom[],
): ObjectState | null {
  const conditions: Record<string, string> = {};
  for (const type of query.transitions) {
    const now = conditionStatus(object, type);
    if (now !== null) conditions[type] = now.status;
  }
  const state: ObjectState = {
    uid: object.uid,
    generation: object.generation,
    // Elsewhere the resourceVersion moves with every heartbeat, and remembering it would be a write for each.
    resourceVersion: query.accept === 'metadata' ? object.resourceVersion : null,
    projection,
    active: symptoms.map((symptom) => symptom.key),
    conditions,
    restarts: query.special === 'containers' ? restartCounts(object) : {},
    deleting: object.deletionTimestamp !== null,
    owned: isConsequence(query, object),
  };
  return !query.changed || state.owned ? unlessEmpty(state) : state;
}

/** Of what is only looked at for symptoms, only those are worth remembering: clusters have many healthy pods. */
function unlessEmpty(state: ObjectState): ObjectState | null {
  const isEmpty = [state.active, Object.keys(state.restarts), Object.keys(state.conditions)].every(
    (part) => part.length === 0,
  );
  return isEmpty ? null : state;
}

/** A number that went down and is not noise: `spec.replicas` from 2 to 0 is capacity taken away. */
function* decreases(
  deps: TransitionDeps,
  before: ObjectState | null,
  object: KubeObject,
  projection: Projection,
): Generator<Symptom> {
  if (before === null || before.uid !== object.uid) return;
  if (object.generation !== null && before.generation === object.generation) return;
  const changes = withoutNoise(deps.query, object, diff(before.projection, projection));
  for (const rule of deps.query.decreases) {
    const change = changes.find((candidate) => candidate.path === rule.path);
    const actual = number(change?.from);
    const desired = number(first(object.raw, fieldPattern(rule.path)));
    if (actual === null || desired === null || desired >= actual) continue;
    const at = writeOf(object, [rule.path])?.time ?? null;
    yield { key: `flag/${rule.path}`, reason: rule.reason, at, source: 'spec', desired, actual };
  }
}

function* conditionTransitions(
  deps: TransitionDeps,
  before: ObjectState | null,
  object: KubeObject,
  look: Look,
  symptoms: readonly Symptom[],
): Generator<Observed> {
  if (look.how === 'gone') return;
  for (const type of deps.query.transitions) {
    const now = conditionStatus(object, type);
    const from = before?.uid === object.uid ? (before.conditions[type] ?? null) : null;
    if (now === null || token(now.status) === null || now.status === from) continue;
    const at = timestamp(now.at) ?? transitionTime(object) ?? look.now.toISOString();
    const hurts = symptoms.some(
      (symptom) => (symptom.condition ?? 'phase') === type && symptom.status === now.status,
    );
    if (from === null && (!hurts || (look.how === 'first' && at < look.threshold))) continue;
    const change = { condition: type, from, to: now.status, reason: token(now.reason), at };
    yield conditionChange(deps.connection, deps.query, object, change);
  }
}

function transitionTime(object: KubeObject): string | null {
  return latest(statusWriteTime(object), deletedAt(object)) ?? timestamp(object.createdAt);
}
