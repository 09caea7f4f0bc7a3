import { detailOf } from '../details.ts';
import { get, type KubeObject, number, technicalName, text, timestamp, token } from '../kube-object.ts';
import type { ResourceQuery } from '../schema.ts';
import type { Symptom } from './symptom.ts';

/**
 * An Event (core/v1, also as written through events.k8s.io) as reason, object and count. Its message is turned into
 * one word of ours or nothing. Reasons that are no single word are left out: they could carry anything.
 */
export function* eventSymptoms(
  query: ResourceQuery,
  object: KubeObject,
  threshold: string,
): Generator<Symptom> {
  const raw = object.raw;
  const reason = token(raw['reason']);
  const kind = token(get(raw, 'involvedObject', 'kind'));
  const name = technicalName(get(raw, 'involvedObject', 'name'));
  if (reason === null || kind === null || name === null) return;
  if (raw['type'] !== 'Warning' && !query.normalReasons.includes(reason)) return;
  const seen = seenAt(object);
  if (seen.last !== null && seen.last < threshold) return;
  const detail = detailOf(raw['message'], query.details);
  if (detail === 'ScaledUp') return;
  const count = number(get(raw, 'series', 'count')) ?? number(raw['count']) ?? 1;
  yield {
    key: `event/${technicalName(object.name) ?? object.uid}/${magnitude(count)}`,
    reason,
    detail,
    at: seen.last,
    source: 'event',
    container: containerOf(get(raw, 'involvedObject', 'fieldPath')),
    count,
    firstSeen: seen.first,
    lastSeen: seen.last,
    component: technicalName(raw['reportingComponent']) ?? technicalName(get(raw, 'source', 'component')),
    about: { kind, namespace: text(get(raw, 'involvedObject', 'namespace')), name },
    ...scaling(raw['message']),
  };
}

function seenAt(object: KubeObject): { readonly first: string | null; readonly last: string | null } {
  const raw = object.raw;
  const created = timestamp(object.createdAt);
  const at = timestamp(raw['eventTime']);
  const first = timestamp(raw['firstTimestamp']) ?? at ?? created;
  const last =
    timestamp(get(raw, 'series', 'lastObservedTime')) ?? timestamp(raw['lastTimestamp']) ?? at ?? created;
  return { first, last };
}

/** A repeating Event is told again each time its count has doubled. */
function magnitude(count: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, count)));
}

const CONTAINER = /^spec\.(?:initContainers|containers|ephemeralContainers)\{([a-z0-9-]{1,63})\}$/;

function containerOf(fieldPath: unknown): string | null {
  return CONTAINER.exec(text(fieldPath) ?? '')?.[1] ?? null;
}

const SCALED = /^Scaled (?:up|down) replica set [a-z0-9.-]+ from (\d{1,6}) to (\d{1,6})$/;

/** The deployment controller says in its message how many replicas it went from and to: two numbers. */
function scaling(message: unknown): Pick<Symptom, 'desired' | 'actual'> {
  const [, from, to] = SCALED.exec(text(message) ?? '') ?? [];
  return from === undefined || to === undefined ? {} : { actual: Number(from), desired: Number(to) };
}
