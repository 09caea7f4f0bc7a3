import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** What a control plane said during one incident: see test/recordings/kubernetes/README.md. */
export interface KubeRecording {
  readonly baseline: Readonly<Record<string, KubeList>>;
  readonly events: readonly RecordedEvent[];
  readonly truth: GroundTruth;
}

export interface KubeList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly KubeItem[] | null;
}

export interface KubeItem {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeItem;
}

export interface RecordedEvent {
  readonly at: string;
  /** List path: `/apis/apps/v1/deployments`. */
  readonly resource: string;
  readonly event: WatchEvent;
}

export interface GroundTruth {
  readonly scenario: string;
  readonly cause: {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly field?: string;
    readonly change: string;
  };
  readonly symptoms: readonly string[];
  readonly window: { readonly from: string; readonly to: string };
  readonly canaries: readonly string[];
}

export const SCENARIOS = [
  'bad-image-tag',
  'config-change-breaks-readiness',
  'node-lost',
  'oom-after-limit-cut',
  'pvc-never-binds',
  'quota-exhausted',
  'scaled-to-zero',
  'unschedulable-request',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

const ROOT = fileURLToPath(new URL('../recordings/kubernetes/', import.meta.url));

/**
 * Reads a recording. With `rebaseTo` every RFC 3339 timestamp in it is shifted by the same amount, so that the
 * incident's window (`truth.window.from`) begins at that moment: a demo gets an incident that happens now.
 */
export function loadRecording(scenario: Scenario, rebaseTo?: Date): KubeRecording {
  const truthText = readFileSync(`${ROOT}${scenario}/ground-truth.json`, 'utf8');
  const began = Date.parse(parse<GroundTruth>(truthText).window.from);
  const shift = rebaseTo === undefined ? 0 : rebaseTo.getTime() - began;
  const lines = rebased(gunzipped(`${scenario}/watch.ndjson.gz`), shift)
    .trim()
    .split('\n');
  return {
    baseline: parse(rebased(gunzipped(`${scenario}/baseline.json.gz`), shift)),
    events: lines.map((line) => parse<RecordedEvent>(line)),
    truth: parse(rebased(truthText, shift)),
  };
}

/** The body of one recorded exchange under `_api/`, e.g. `version`. */
export function recordedBody(name: string): unknown {
  return parse<{ readonly response: { readonly body: unknown } }>(
    readFileSync(`${ROOT}_api/${name}.json`, 'utf8'),
  ).response.body;
}

function gunzipped(file: string): string {
  return gunzipSync(readFileSync(ROOT + file)).toString('utf8');
}

function parse<T>(source: string): T {
  return JSON.parse(source) as T;
}

const TIMESTAMP = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z"/g;

/** Whole strings only, so that a name with a date in it stays; fractions of a second keep their digits. */
function rebased(source: string, shiftMs: number): string {
  if (shiftMs === 0) return source;
  const wholeSeconds = Math.round(shiftMs / 1000) * 1000;
  return source.replace(TIMESTAMP, (_, seconds: string, fraction = '') => {
    const shifted = new Date(Date.parse(`${seconds}Z`) + wholeSeconds).toISOString().slice(0, 19);
    return `"${shifted}${fraction}Z"`;
  });
}
