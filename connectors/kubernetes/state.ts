import type { JsonObject, JsonValue } from '../sdk/index.ts';
import { isRecord, type KubeObject, number, text } from './kube-object.ts';
import type { Projected, Projection } from './projection.ts';

/**
 * What is remembered of one object between two looks at it: allowlisted values and keyed digests, never a raw value.
 * Kept under `object/<namespace or _cluster>/<name>` so that a re-created object meets its former self.
 */
export interface ObjectState {
  readonly uid: string;
  readonly generation: number | null;
  /** Only for objects of which nothing but metadata is known: every write of theirs may be a change. */
  readonly resourceVersion: string | null;
  readonly projection: Projection;
  /** Keys of the symptoms that last. */
  readonly active: readonly string[];
  /** Status of the conditions whose transitions are told. */
  readonly conditions: Readonly<Record<string, string>>;
  readonly restarts: Readonly<Record<string, number>>;
  /** Deletion has been told; what remains is waiting for finalizers. */
  readonly deleting: boolean;
  /** A controller owns it. */
  readonly owned: boolean;
}

export function stateKey(namespace: string | null, name: string): string {
  return `object/${namespace ?? '_cluster'}/${name}`;
}

/** Short keys: there is one of these per object. */
export function encodeState(state: ObjectState): JsonObject {
  return {
    u: state.uid,
    g: state.generation,
    ...(state.resourceVersion === null ? {} : { v: state.resourceVersion }),
    ...(Object.keys(state.projection).length === 0 ? {} : { p: state.projection }),
    ...(state.active.length === 0 ? {} : { a: state.active }),
    ...(Object.keys(state.conditions).length === 0 ? {} : { c: state.conditions }),
    ...(Object.keys(state.restarts).length === 0 ? {} : { r: state.restarts }),
    ...(state.deleting ? { d: true } : {}),
    ...(state.owned ? { o: true } : {}),
  };
}

/** Null for what an earlier version wrote differently: it is then read anew. */
export function decodeState(value: JsonValue | undefined): ObjectState | null {
  if (!isRecord(value)) return null;
  const uid = text(value['u']);
  if (uid === null) return null;
  return {
    uid,
    generation: number(value['g']),
    resourceVersion: text(value['v']),
    projection: entriesOf(value['p'], isProjected),
    active: Array.isArray(value['a']) ? value['a'].filter((key) => typeof key === 'string') : [],
    conditions: entriesOf(value['c'], (entry) => typeof entry === 'string'),
    restarts: entriesOf(value['r'], (entry) => typeof entry === 'number'),
    deleting: value['d'] === true,
    owned: value['o'] === true,
  };
}

function entriesOf<T>(value: unknown, accepts: (entry: unknown) => entry is T): Readonly<Record<string, T>> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, T] => accepts(entry[1]));
  return Object.fromEntries(entries);
}

function isProjected(value: unknown): value is Projected {
  return isRecord(value)
    ? typeof value['d'] === 'string'
    : ['string', 'number', 'boolean'].includes(typeof value);
}

/** What is left of an object that a list does not have any more. */
export function vanished(key: string, state: ObjectState): KubeObject {
  const [, namespace = '_cluster', ...name] = key.split('/');
  return {
    name: name.join('/'),
    namespace: namespace === '_cluster' ? null : namespace,
    uid: state.uid,
    resourceVersion: '',
    generation: state.generation,
    createdAt: null,
    deletionTimestamp: null,
    deletionGraceSeconds: 0,
    labels: {},
    annotations: {},
    owners: state.owned ? [{ kind: '', name: '', uid: '', controller: true }] : [],
    managedFields: [],
    raw: {},
  };
}

/** What one step changes in the state; emitted records ask for a checkpoint too. */
export class Patch {
  readonly set: Record<string, JsonValue> = {};
  readonly remove: string[] = [];
  emitted = 0;

  isEmpty(): boolean {
    return this.emitted === 0 && this.remove.length === 0 && Object.keys(this.set).length === 0;
  }
}
