import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../recordings/github/shop');
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** The last moment of the recorded story, about a minute after the first symptom. */
export const STORY_END = new Date('2026-11-21T00:15:00Z');

/**
 * Planted in messages, titles, bodies, names, addresses, payloads, paths and URLs of the recording. None may appear in
 * evidence, logs, metrics, errors or files. Some are beginnings of longer values: look for them as substrings.
 */
export const GITHUB_CANARIES: readonly string[] = [
  'canary-msg-',
  'hunter2-canary',
  'ghp_canaryCanary',
  'canary-signature-',
  'canary-patch-',
  'canary-path-',
  'canary-title-',
  'canary-body-',
  'canary-label-desc',
  'canary-repo-desc-',
  'canary-deploy-desc-',
  'canary-payload-',
  'canary-status-desc-',
  'canary-target-url',
  'canary-env-url',
  'canary-log-url',
  'canary-run-name-',
  'canary-display-title',
  'canary-head-message',
  'canary-release-name-',
  'canary-release-notes-',
  'canary-account-name',
  'jane-canary-login',
  'Canary-Fullname',
  'Canary-Omarname',
  'Canary-Lenaname',
  'jane.canary@example.com',
  'omar.canary@example.org',
  'lena.canary@example.net',
  'reader.canary@example.com',
];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A repository as the REST API shows it; every list newest first, pull requests by their last update. */
export interface Recording {
  readonly repository: JsonObject;
  readonly user: JsonObject;
  readonly commits: JsonObject[];
  readonly pulls: JsonObject[];
  readonly deployments: JsonObject[];
  /** By deployment id. */
  readonly statuses: Record<string, JsonObject[]>;
  readonly runs: JsonObject[];
  /** By run id, then by attempt: attempts before the last one. */
  readonly attempts: Record<string, Record<string, JsonObject>>;
  readonly releases: JsonObject[];
}

/** @param endsAt moves every time of the story so that its last moment is then. */
export function loadRecording(endsAt: Date = STORY_END): Recording {
  const shiftMs = Math.floor((endsAt.getTime() - STORY_END.getTime()) / 1_000) * 1_000;
  function load(name: string): Json {
    return shifted(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Json, shiftMs);
  }
  return {
    repository: load('repository') as JsonObject,
    user: load('user') as JsonObject,
    commits: load('commits') as JsonObject[],
    pulls: load('pulls') as JsonObject[],
    deployments: load('deployments') as JsonObject[],
    statuses: load('deployment_statuses') as Record<string, JsonObject[]>,
    runs: load('workflow_runs') as JsonObject[],
    attempts: load('workflow_run_attempts') as Record<string, Record<string, JsonObject>>,
    releases: load('releases') as JsonObject[],
  };
}

function shifted(value: Json, shiftMs: number): Json {
  if (typeof value === 'string') return TIMESTAMP.test(value) ? moved(value, shiftMs) : value;
  if (Array.isArray(value)) return value.map((item) => shifted(item, shiftMs));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shifted(inner, shiftMs)]));
}

function moved(time: string, shiftMs: number): string {
  return `${new Date(Date.parse(time) + shiftMs).toISOString().slice(0, 19)}Z`;
}
