import { type Observed, observe, type Timestamp } from '../sdk/index.ts';
import { fieldPattern, first } from './field-path.ts';
import { get, isRecord, type KubeObject, list, record, technicalName, text } from './kube-object.ts';
import type { Write } from './managed-fields.ts';
import type { FieldChange } from './projection.ts';
import { objectUri, ownersByName, relatedOf } from './related.ts';
import { INVENTORY_FIELDS, type ResourceQuery } from './schema.ts';
import type { Symptom } from './symptoms/index.ts';
import { MAX_CHANGES } from './writes.ts';

/** Turns what was noticed about an object into records of the streams in manifest.yaml. */

export type ChangeSource = 'watch' | 'list' | 'history' | 'managed-fields';

export interface ObjectChange {
  readonly op: 'created' | 'updated' | 'deleted';
  readonly key: string;
  readonly at: Timestamp;
  readonly window?: { readonly from: Timestamp; readonly to: Timestamp };
  readonly source: ChangeSource;
  readonly write: Write | null;
  readonly changes: readonly FieldChange[];
  readonly previousGeneration: number | null;
}

export function objectChange(
  connection: string,
  query: ResourceQuery,
  object: KubeObject,
  change: ObjectChange,
): Observed {
  const listed = change.changes.slice(0, MAX_CHANGES);
  return observe({
    stream: 'object_changes',
    class: 'change',
    ...subject(connection, query, object),
    key: change.key,
    occurredAt: change.at,
    ...(change.window === undefined ? {} : { window: change.window }),
    body: {
      ...identity(query.kind, object.namespace, object.name),
      ...application(object),
      op: change.op,
      source: change.source,
      ...present('generation', object.generation),
      ...present('previousGeneration', change.previousGeneration),
      ...(change.write === null
        ? {}
        : {
            ...present('manager', technicalName(change.write.manager)),
            operation: change.write.operation,
            ...present('subresource', change.write.subresource),
          }),
      changes: listed,
      changeCount: change.changes.length,
    },
  });
}

export interface ConditionChange {
  readonly condition: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason: string | null;
  readonly at: Timestamp;
}

export function conditionChange(
  connection: string,
  query: ResourceQuery,
  object: KubeObject,
  change: ConditionChange,
): Observed {
  return observe({
    stream: 'condition_changes',
    class: 'change',
    ...subject(connection, query, object),
    key: `condition/${change.condition}/${change.to}`,
    occurredAt: change.at,
    body: {
      ...identity(query.kind, object.namespace, object.name),
      condition: change.condition,
      ...present('from', change.from),
      to: change.to,
      ...present('reason', change.reason),
    },
  });
}

export function symptomObservation(
  connection: string,
  query: ResourceQuery,
  object: KubeObject,
  symptom: Symptom,
  observedAt: Timestamp,
): Observed {
  const about = symptom.about ?? { kind: query.kind, namespace: object.namespace, name: object.name };
  const own = relatedOf(connection, query, object);
  const related =
    symptom.about === undefined ? own : ownersByName(connection, about.namespace, about.kind, about.name);
  const node = technicalName(get(object.raw, 'spec', 'nodeName'));
  return observe({
    stream: 'symptoms',
    class: 'symptom',
    entity: objectUri(connection, about.namespace, about.kind, about.name),
    related,
    ...scopeOf(about.namespace),
    key: symptom.key,
    occurredAt: symptom.at ?? observedAt,
    body: {
      ...identity(about.kind, about.namespace, about.name),
      ...application(object),
      reason: symptom.reason,
      source: symptom.source,
      ...present('detail', symptom.detail),
      ...present('container', symptom.container),
      ...present('condition', symptom.condition),
      ...present('status', symptom.status),
      ...present('restarts', symptom.restarts),
      ...present('exitCode', symptom.exitCode),
      ...present('signal', symptom.signal),
      ...present('count', symptom.count),
      ...present('resource', symptom.resource),
      ...present('desired', symptom.desired),
      ...present('actual', symptom.actual),
      ...present('firstSeen', symptom.firstSeen),
      ...present('lastSeen', symptom.lastSeen),
      ...present('component', symptom.component),
      ...present('node', query.kind === 'Pod' ? node : null),
    },
  });
}

/** How one object stands at the moment it is listed. */
export function inventory(
  connection: string,
  query: ResourceQuery,
  object: KubeObject,
  at: Timestamp,
): Observed | null {
  if (query.inventory === undefined) return null;
  const fields: Record<string, unknown> = {};
  for (const field of INVENTORY_FIELDS) {
    const path = query.inventory[field];
    const value = path === undefined ? undefined : first(object.raw, fieldPattern(path));
    if (typeof value === 'number' || typeof value === 'boolean') fields[field] = value;
    else if (technicalName(value) !== null) fields[field] = value;
  }
  return observe({
    stream: 'inventory',
    class: 'state',
    ...subject(connection, query, object),
    key: 'inventory',
    occurredAt: at,
    body: {
      ...identity(query.kind, object.namespace, object.name),
      ...application(object),
      ...present('generation', object.generation),
      ...fields,
      ...arrayOf('images', images(query, object)),
      ...arrayOf('quotas', quotas(query, object)),
    },
  });
}

function images(query: ResourceQuery, object: KubeObject): readonly unknown[] {
  if (query.podTemplate === undefined) return [];
  const template = query.podTemplate === '' ? object.raw : first(object.raw, fieldPattern(query.podTemplate));
  return list(get(template, 'spec', 'containers')).map((container) => ({
    container: get(container, 'name'),
    image: get(container, 'image'),
  }));
}

function quotas(query: ResourceQuery, object: KubeObject): readonly unknown[] {
  if (query.special !== 'quota') return [];
  const used = record(get(object.raw, 'status', 'used'));
  const hard = Object.entries(record(get(object.raw, 'status', 'hard')));
  return hard.map(([resource, limit]) => ({ resource, hard: limit, used: used[resource] ?? '0' }));
}

function arrayOf(name: string, items: readonly unknown[]): Readonly<Record<string, unknown>> {
  return items.length === 0 ? {} : { [name]: items };
}

function subject(connection: string, query: ResourceQuery, object: KubeObject) {
  return {
    entity: objectUri(connection, object.namespace, query.kind, object.name),
    related: relatedOf(connection, query, object),
    ...scopeOf(query.kind === 'Namespace' ? object.name : object.namespace),
  };
}

function scopeOf(namespace: string | null): { readonly scope?: Readonly<Record<string, string>> } {
  return namespace === null ? {} : { scope: { namespace } };
}

function identity(kind: string, namespace: string | null, name: string): Readonly<Record<string, unknown>> {
  return { kind, ...present('namespace', namespace), name };
}

/** The labels by which people name an application; no others leave. */
const APPLICATION_LABELS: readonly (readonly [field: string, labels: readonly string[]])[] = [
  ['app', ['app.kubernetes.io/name', 'app']],
  ['appComponent', ['app.kubernetes.io/component']],
  ['partOf', ['app.kubernetes.io/part-of']],
  ['version', ['app.kubernetes.io/version', 'version']],
];

function application(object: KubeObject): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [field, labels] of APPLICATION_LABELS) {
    const value = labels.map((label) => technicalName(object.labels[label])).find((found) => found !== null);
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

function present(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === null || value === undefined ? {} : { [name]: value };
}

/** The status of a condition of this type, or of the phase; null when the object has none. */
export function conditionStatus(object: KubeObject, type: string): ConditionNow | null {
  if (type === 'phase') {
    const phase = text(get(object.raw, 'status', 'phase'));
    return phase === null ? null : { status: phase, reason: null, at: null };
  }
  const found = list(get(object.raw, 'status', 'conditions')).find(
    (condition) => isRecord(condition) && condition['type'] === type,
  );
  const condition = record(found);
  const status = text(condition['status']);
  if (status === null) return null;
  return { status, reason: text(condition['reason']), at: text(condition['lastTransitionTime']) };
}

export interface ConditionNow {
  readonly status: string;
  readonly reason: string | null;
  readonly at: string | null;
}
