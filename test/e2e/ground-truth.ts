import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import type { Item } from '../../evidence/item.ts';
import type { KubeItem, KubeRecording } from '../helpers/kube-recording.ts';

/** What a recording itself says about its cause; nothing here knows how the connector finds it. */

export function causeEntity({ truth }: KubeRecording): string {
  const { kind, namespace = '_cluster', name } = truth.cause;
  return `kubernetes://prod/${namespace}/${kind}/${name}`;
}

/** The change items about the object that was changed, since the incident began. */
export function causeItems(items: readonly Item[], recording: KubeRecording): readonly Item[] {
  const entity = causeEntity(recording);
  const from = new Date(recording.truth.window.from).toISOString();
  return items.filter((item) => item.class === 'change' && item.entity === entity && item.occurredAt >= from);
}

export interface FieldChange {
  readonly path: string;
  readonly certainty: string;
  readonly from?: JsonValue;
  readonly to?: JsonValue;
}

/** The changed fields that items tell. */
export function fieldChanges(items: readonly Item[]): readonly FieldChange[] {
  return items.flatMap(({ body }) =>
    Array.isArray(body['changes']) ? (body['changes'] as unknown as FieldChange[]) : [],
  );
}

export function symptomReasons(items: readonly Item[]): ReadonlySet<unknown> {
  return new Set(items.filter((item) => item.class === 'symptom').map((item) => item.body['reason']));
}

/** The values before and after of the field that the ground truth names, as the recorded objects show them. Throws when none changed. */
export function recordedChange(recording: KubeRecording): {
  readonly from: JsonValue;
  readonly to: JsonValue;
} {
  const { field = '' } = recording.truth.cause;
  const before = flatten(baselineObject(recording));
  for (const { event } of recording.events) {
    if (!isCause(event.object, recording)) continue;
    for (const [path, to] of flatten(event.object)) {
      const from = before.get(path);
      if (
        path.startsWith('/spec') &&
        path.replaceAll('/', '.').endsWith(`.${field.replace(/^spec\./, '')}`) &&
        from !== undefined &&
        from !== to
      ) {
        return { from, to };
      }
    }
  }
  throw new Error(`no recorded object of ${recording.truth.scenario} shows a change of ${field}`);
}

function baselineObject({ baseline, ...recording }: KubeRecording): KubeItem | undefined {
  const { kind } = recording.truth.cause;
  const list = Object.values(baseline).find((one) => one.kind === `${kind}List`);
  return list?.items?.find((item) => isCause({ ...item, kind }, { baseline, ...recording }));
}

function isCause(object: KubeItem, { truth }: KubeRecording): boolean {
  const { kind, namespace, name } = truth.cause;
  return object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace;
}

/** Leaves of a JSON value by path: `/spec/template/spec/containers/0/image`. */
function flatten(value: unknown, path = ''): Map<string, JsonValue> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value as JsonValue]]);
  const entries = Object.entries(value as JsonObject);
  return new Map(entries.flatMap(([key, inner]) => [...flatten(inner, `${path}/${key}`)]));
}
