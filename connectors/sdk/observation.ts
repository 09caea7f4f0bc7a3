import type { ConnectorError, ErrorCode } from './errors.ts';
import type { At } from './stages.ts';

/** What a record says: something changed, something hurts, or how things stand. Gaps and refusals are ours. */
export type EvidenceClass = 'change' | 'symptom' | 'state' | 'gap' | 'refusal';
export type ObservationClass = Extract<EvidenceClass, 'change' | 'symptom' | 'state'>;

/** RFC 3339 in UTC with milliseconds, e.g. `2026-11-21T00:14:02.000Z`. */
export type Timestamp = string;

export interface Window {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** One record as it came from the source: untrusted, may hold anything. */
export interface Observation {
  /** Id of a stream of the connector's manifest. */
  readonly stream: string;
  readonly class: ObservationClass;
  /** Who it is about, as a URI made with `entityUri()`. */
  readonly entity: string;
  /** Other entities it touches: owner, node, referenced ConfigMap, commit. */
  readonly related?: readonly string[];
  /** What makes it unique within stream, entity and time, e.g. `generation/5` or a queryid. */
  readonly key: string;
  /** When it happened at the source. */
  readonly occurredAt: Timestamp;
  /** Set when only a span is known (a difference between two reads). */
  readonly window?: Window;
  /** Where it belongs, checked against the policy's scope: `{ namespace: 'shop' }`. */
  readonly scope?: Readonly<Record<string, string>>;
  /** Raw fields. Only what the manifest declares and the policy allows goes on. */
  readonly body: Readonly<Record<string, unknown>>;
}

export type Observed = At<'observed', Observation>;

/** Marks a record as raw: the only thing a connector can emit besides a gap. */
export function observe(observation: Observation): Observed {
  return observation as Observed;
}

/** Something that was not collected. Emitted in place of silence; becomes signed evidence of class `gap`. */
export interface Gap {
  readonly gap: ErrorCode;
  /** What is missing, in names of ours: a stream, a resource kind, a privilege. */
  readonly missing: string;
  /** Why, one sentence of ours, quoting nothing from the source. */
  readonly reason: string;
  /** How to close it: a grant, a setting, a larger budget. */
  readonly hint?: string;
  readonly stream?: string;
  readonly entity?: string;
  readonly window?: Window;
  /**
   * Set when it was there and was not read because no policy names it: a decision, not a failure. Becomes evidence of
   * class `refusal` with this code, and does not make the run partial.
   */
  readonly refused?: 'NOT_ALLOWLISTED' | 'VIEW_REFUSED' | 'VIEW_CHANGED';
}

/** A failure as a gap: what is missing because of it, in the error's own words. */
export function gapOf(error: ConnectorError, missing: string): Gap {
  const { code, message, hint } = error;
  return { gap: code, missing, reason: message, ...(hint === undefined ? {} : { hint }) };
}

export function isGap(record: Observed | Gap): record is Gap {
  return 'gap' in record;
}

/** How much of what was asked for is in the answer. */
export interface Completeness {
  readonly state: 'complete' | 'partial' | 'unknown';
  /** Records read. */
  readonly read: number;
  /** Records the source says there are; null where it does not say. */
  readonly expected: number | null;
  readonly reason: string | null;
}
