import { placeSteps } from './field-path.ts';
import {
  isRecord,
  type Json,
  type KubeObject,
  latest,
  type ManagedFieldsEntry,
  timestamp,
} from './kube-object.ts';

/**
 * Who wrote what, when: `metadata.managedFields` (Kubernetes "Server-Side Apply", FieldsV1). Keys are `f:<field>`,
 * `k:{<identity of a list element>}`, `v:<value>` (never read here) and `.` for the element itself.
 */
export interface Write {
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string | null;
  readonly time: string;
}

/** The latest write by somebody who owns one of these fields; else the latest that touched anything but status. */
export function writeOf(object: KubeObject, paths: readonly string[]): Write | null {
  const writes = object.managedFields.filter((entry) => entry.subresource !== 'status');
  const owners = writes.filter((entry) => paths.some((path) => owns(entry.fields, path)));
  return newest(owners) ?? newest(specEntries(object)) ?? newest(writes);
}

/** The latest write of any part, status included. */
export function lastWriteTime(object: KubeObject): string | null {
  return latest(...object.managedFields.map((entry) => timestamp(entry.time)));
}

/** The latest write of status. */
export function statusWriteTime(object: KubeObject): string | null {
  const entries = object.managedFields.filter((entry) => isRecord(entry.fields['f:status']));
  return latest(...entries.map((entry) => timestamp(entry.time)));
}

/** Entries that own something other than status and metadata that controllers keep for themselves. */
function specEntries(object: KubeObject): readonly ManagedFieldsEntry[] {
  return object.managedFields.filter(
    (entry) => entry.subresource !== 'status' && ownedRoots(entry).length > 0,
  );
}

function ownedRoots(entry: ManagedFieldsEntry): readonly string[] {
  return Object.keys(entry.fields).filter(
    (key) => key.startsWith('f:') && key !== 'f:status' && key !== 'f:metadata',
  );
}

/** Controllers that answer a write within the same second; times have no finer grain. */
const CONTROLLERS = /^(kube-controller-manager|kube-scheduler|kubelet|kube-apiserver)$/;

function newest(entries: readonly ManagedFieldsEntry[]): Write | null {
  const writes = entries.flatMap((entry) => {
    const time = timestamp(entry.time);
    return time === null
      ? []
      : [{ manager: entry.manager, operation: entry.operation, subresource: entry.subresource, time }];
  });
  const last = latest(...writes.map((write) => write.time));
  const newestWrites = writes.filter((write) => write.time === last);
  return newestWrites.findLast((write) => !CONTROLLERS.test(write.manager)) ?? newestWrites.at(-1) ?? null;
}

/** Does this field set contain the place, or stop above it (atomic lists and maps are owned as a whole)? */
function owns(fields: Json, path: string): boolean {
  let at: Json = fields;
  for (const step of placeSteps(path)) {
    const children = Object.keys(at).filter((key) => key !== '.');
    if (children.length === 0) return at !== fields;
    const next = at[matchingKey(children, step) ?? ''];
    if (!isRecord(next)) return false;
    at = next;
  }
  return at !== fields;
}

function matchingKey(keys: readonly string[], step: string): string | undefined {
  if (!step.startsWith('[')) return keys.find((key) => key === `f:${step}`);
  const inner = step.slice(1, -1);
  if (!inner.includes('=')) return keys.find((key) => key === `f:${inner}`);
  return keys.find((key) => key.startsWith('k:') && identifies(key.slice(2), inner));
}

/** Is `{"name":"app"}` the element `name=app`? Further identity fields (a port's protocol) do not matter. */
function identifies(identity: string, inner: string): boolean {
  const parsed = parseJson(identity);
  return inner.split(/:(?=[A-Za-z]+=)/).every((pair) => {
    const [field = '', ...value] = pair.split('=');
    return isRecord(parsed) && String(parsed[field]) === value.join('=');
  });
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}

/**
 * The places that the latest writer outside status owns, as change candidates: all that metadata says about a write
 * whose before and after were not seen. Lists stop at their elements; deep trees are cut at `limit`.
 */
export function ownedPaths(object: KubeObject, write: Write, limit: number): readonly string[] {
  const entry = specEntries(object).find(
    (candidate) =>
      candidate.manager === write.manager &&
      candidate.operation === write.operation &&
      candidate.subresource === write.subresource &&
      timestamp(candidate.time) === write.time,
  );
  if (entry === undefined) return [];
  const paths: string[] = [];
  for (const root of ownedRoots(entry)) collect(entry.fields[root], root.slice(2), paths, limit);
  return paths;
}

const WORD = /^[A-Za-z0-9_-]+$/;
const KEY = /^[A-Za-z0-9_./-]{1,120}$/;

function collect(node: unknown, at: string, paths: string[], limit: number): void {
  if (paths.length >= limit) return;
  const children = isRecord(node) ? Object.entries(node).filter(([key]) => key !== '.') : [];
  const named = children.flatMap(([key, child]) => {
    const place = childPlace(key, at);
    return place === null ? [] : [[place, child] as const];
  });
  if (named.length === 0) {
    paths.push(at);
    return;
  }
  for (const [place, child] of named) collect(child, place, paths, limit);
}

function childPlace(key: string, at: string): string | null {
  if (key.startsWith('f:')) {
    const field = key.slice(2);
    if (!KEY.test(field)) return null;
    return WORD.test(field) ? `${at}.${field}` : `${at}[${field}]`;
  }
  if (!key.startsWith('k:')) return null;
  const identity = parseJson(key.slice(2));
  if (!isRecord(identity)) return null;
  const [pair] = Object.entries(identity);
  return pair === undefined || !KEY.test(String(pair[1])) ? null : `${at}[${pair[0]}=${String(pair[1])}]`;
}
