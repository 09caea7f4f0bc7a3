/** Reading loosely typed API objects: everything comes from the network, so every step checks what it finds. */

export type Json = Readonly<Record<string, unknown>>;

export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string | null;
  /** RFC 3339, or null where the writer's time is unknown. */
  readonly time: string | null;
  readonly fields: Json;
}

export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

/** The identity of an object and the metadata that this connector looks at; `raw` is the whole object. */
export interface KubeObject {
  readonly name: string;
  readonly namespace: string | null;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number | null;
  readonly createdAt: string | null;
  readonly deletionTimestamp: string | null;
  readonly deletionGraceSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly OwnerReference[];
  readonly managedFields: readonly ManagedFieldsEntry[];
  readonly raw: Json;
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Follows plain keys: `get(object, 'status', 'phase')`. */
export function get(value: unknown, ...keys: readonly string[]): unknown {
  let at = value;
  for (const key of keys) at = record(at)[key];
  return at;
}

/** Null for what is not an API object: no metadata, no name. */
export function kubeObject(value: unknown): KubeObject | null {
  const raw = record(value);
  const metadata = record(raw['metadata']);
  const name = text(metadata['name']);
  if (name === null) return null;
  return {
    name,
    namespace: text(metadata['namespace']),
    uid: text(metadata['uid']) ?? '',
    resourceVersion: text(metadata['resourceVersion']) ?? '',
    generation: number(metadata['generation']),
    createdAt: text(metadata['creationTimestamp']),
    deletionTimestamp: text(metadata['deletionTimestamp']),
    deletionGraceSeconds: number(metadata['deletionGracePeriodSeconds']) ?? 0,
    labels: strings(metadata['labels']),
    annotations: strings(metadata['annotations']),
    owners: list(metadata['ownerReferences']).map(ownerReference),
    managedFields: list(metadata['managedFields']).map(managedFieldsEntry),
    raw,
  };
}

function strings(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(record(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

function ownerReference(value: unknown): OwnerReference {
  const reference = record(value);
  return {
    kind: text(reference['kind']) ?? '',
    name: text(reference['name']) ?? '',
    uid: text(reference['uid']) ?? '',
    controller: reference['controller'] === true,
  };
}

function managedFieldsEntry(value: unknown): ManagedFieldsEntry {
  const entry = record(value);
  return {
    manager: text(entry['manager']) ?? '',
    operation: text(entry['operation']) ?? '',
    subresource: text(entry['subresource']),
    time: text(entry['time']),
    fields: record(entry['fieldsV1']),
  };
}

export function controllerOf(object: KubeObject): OwnerReference | null {
  return object.owners.find((owner) => owner.controller) ?? null;
}

/** RFC 3339 in UTC with milliseconds, or null when the text is no time. */
export function timestamp(value: unknown): string | null {
  const raw = text(value);
  if (raw === null) return null;
  const at = Date.parse(raw);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** The latest of some timestamps; null when there is none. */
export function latest(...times: readonly (string | null)[]): string | null {
  let best: string | null = null;
  for (const time of times) {
    if (time !== null && (best === null || time > best)) best = time;
  }
  return best;
}

const TOKEN = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** One word of a vocabulary such as a reason; anything else becomes null, so that prose cannot travel in its place. */
export function token(value: unknown): string | null {
  const raw = text(value);
  return raw !== null && TOKEN.test(raw) ? raw : null;
}

const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.:/-]{0,251}[A-Za-z0-9])?$/;

/** A technical name (object, container, component, field manager); anything else becomes null. */
export function technicalName(value: unknown): string | null {
  const raw = text(value);
  return raw !== null && NAME.test(raw) ? raw : null;
}
