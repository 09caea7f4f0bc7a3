import { detailOf } from '../details.ts';
import {
  get,
  type Json,
  type KubeObject,
  latest,
  list,
  number,
  record,
  technicalName,
  text,
  timestamp,
  token,
} from '../kube-object.ts';
import { statusWriteTime } from '../managed-fields.ts';
import type { Symptom } from './symptom.ts';

/** Waiting states that every container passes through. */
const NORMAL_WAITING = new Set(['ContainerCreating', 'PodInitializing']);

/** Not ready or terminating for less than this is a start or a stop, not a symptom. */
const PATIENCE_MS = 60_000;

/**
 * What a pod's status says: container states (waiting, terminated, the state before), restarts, scheduling, eviction,
 * readiness lost, stuck termination. `restarts` is what was seen before, per
 * container; null when nothing was.
 */
export function* containerSymptoms(
  object: KubeObject,
  now: Date,
  threshold: string,
  restarts: Readonly<Record<string, number>> | null,
): Generator<Symptom> {
  const status = record(object.raw['status']);
  for (const container of containerStatuses(status))
    yield* stateSymptoms(container, object, threshold, restarts);
  yield* conditionSymptoms(object, status, now);
  yield* podSymptoms(object, status, now);
}

/** Restart counts per container: what must be remembered to see the next restart. */
export function restartCounts(object: KubeObject): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const container of containerStatuses(record(object.raw['status']))) {
    const count = number(container['restartCount']) ?? 0;
    if (count > 0) counts[text(container['name']) ?? ''] = count;
  }
  return counts;
}

function containerStatuses(status: Json): readonly Json[] {
  const lists = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'];
  return lists.flatMap((key) => list(status[key])).map(record);
}

function* stateSymptoms(
  container: Json,
  object: KubeObject,
  threshold: string,
  before: Readonly<Record<string, number>> | null,
): Generator<Symptom> {
  const name = technicalName(container['name']);
  const restarts = number(container['restartCount']) ?? 0;
  const common = { container: name, restarts, source: 'container' } as const;
  const waiting = record(get(container, 'state', 'waiting'));
  const reason = token(waiting['reason']);
  if (reason !== null && !NORMAL_WAITING.has(reason)) {
    const at = statusWriteTime(object);
    yield {
      ...common,
      key: `${name}/${reason}/${restarts}`,
      reason,
      detail: detailOf(waiting['message']),
      at,
    };
  }
  const ended = ['state', 'lastState'].flatMap((state) =>
    terminated(record(get(container, state, 'terminated'))),
  );
  for (const [index, end] of ended.entries()) {
    const isOld = end.at !== null && end.at < threshold && reason === null;
    const isRepeated =
      ended.findIndex((other) => other.at === end.at && other.reason === end.reason) !== index;
    if (!isOld && !isRepeated)
      yield { ...common, ...end, key: `${name}/${end.reason}/${end.at ?? restarts}` };
  }
  if (before !== null && restarts > (before[name ?? ''] ?? 0) && ended.length === 0) {
    const at = timestamp(get(container, 'state', 'running', 'startedAt'));
    yield { ...common, key: `${name}/Restarted/${restarts}`, reason: 'Restarted', at };
  }
}

type End = Pick<Symptom, 'reason' | 'detail' | 'at'> & {
  readonly exitCode?: number;
  readonly signal?: number;
};

function terminated(end: Json): readonly End[] {
  const exitCode = number(end['exitCode']);
  const signal = number(end['signal']);
  const reason = token(end['reason']) ?? 'Error';
  if (exitCode === null || (exitCode === 0 && reason !== 'OOMKilled')) return [];
  return [
    {
      reason,
      detail: detailOf(end['message']),
      at: timestamp(end['finishedAt']),
      exitCode,
      ...(signal === null || signal === 0 ? {} : { signal }),
    },
  ];
}

function* conditionSymptoms(object: KubeObject, status: Json, now: Date): Generator<Symptom> {
  for (const condition of list(status['conditions']).map(record)) {
    const at = timestamp(condition['lastTransitionTime']);
    const reason = token(condition['reason']);
    const type = text(condition['type']);
    const value = text(condition['status']);
    if (type === 'PodScheduled' && value === 'False' && reason !== null) {
      const detail = detailOf(condition['message']);
      yield {
        key: `condition/${type}/${reason}`,
        reason,
        detail,
        at,
        source: 'condition',
        condition: type,
        status: value,
      };
    }
    if (type === 'DisruptionTarget' && value === 'True' && reason !== null) {
      yield {
        key: `condition/${type}/${reason}`,
        reason,
        at,
        source: 'condition',
        condition: type,
        status: value,
      };
    }
    if (type === 'Ready' && value === 'False' && isReadinessLost(object, status, at, now)) {
      const detail = reason;
      yield {
        key: 'condition/Ready/False',
        reason: 'NotReady',
        detail,
        at,
        source: 'condition',
        condition: type,
        status: value,
      };
    }
  }
}

/**
 * A starting pod is not ready either. Readiness was lost when it went after the containers had started, or was never
 * reached for longer than a start takes.
 */
function isReadinessLost(object: KubeObject, status: Json, at: string | null, now: Date): boolean {
  if (object.deletionTimestamp !== null || at === null || status['phase'] === 'Succeeded') return false;
  const running = list(status['containerStatuses']).map((container) =>
    timestamp(get(container, 'state', 'running', 'startedAt')),
  );
  const startedAt = latest(...running);
  if (startedAt !== null && Date.parse(at) > Date.parse(startedAt) + 1_000) return true;
  return now.getTime() - Date.parse(at) > PATIENCE_MS;
}

function* podSymptoms(object: KubeObject, status: Json, now: Date): Generator<Symptom> {
  const at = statusWriteTime(object);
  const reason = token(status['reason']);
  if (status['phase'] === 'Failed' || reason === 'Evicted' || reason === 'NodeLost') {
    const detail = detailOf(status['message']);
    yield {
      key: `phase/Failed/${reason}`,
      reason: reason ?? 'PodFailed',
      detail,
      at,
      source: 'status',
      status: 'Failed',
    };
  }
  const deletion = timestamp(object.deletionTimestamp);
  if (deletion !== null && now.getTime() - Date.parse(deletion) > PATIENCE_MS) {
    yield { key: 'terminating', reason: 'StuckTerminating', at: deletion, source: 'status' };
  }
}
