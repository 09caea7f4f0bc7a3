import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  GITHUB_CANARIES,
  GITHUB_TOKEN,
  type GitHubApi,
  startGitHubApi,
} from '../../test/helpers/github-api.ts';
import {
  type AdmittedRead,
  type Connector,
  ConnectorError,
  egressFetch,
  type JsonValue,
  Secret,
} from '../sdk/index.ts';
import {
  type AdmittedOptions,
  admitted,
  expectGolden,
  fakeClock,
  fakeDeps,
  type GoldenCase,
  goldenCases,
  loadManifest,
  loadReads,
  onlyScope,
  type RecordingRun,
  type RecordingRunOptions,
  recordingLogger,
  recordingRun,
} from '../sdk/testing/index.ts';
import { createGitHub } from './index.ts';

const FOLDER = import.meta.dirname;
const manifest = loadManifest(FOLDER);
const ALL = { from: '2026-11-19T00:00:00.000Z', to: '2026-11-21T00:15:00.000Z' };
const never = new AbortController().signal;

let api: GitHubApi;
beforeEach(async () => {
  api = await startGitHubApi();
});
afterEach(async () => {
  await api.close();
});

interface Setup {
  readonly repositories?: readonly string[];
  readonly branches?: readonly string[];
  readonly clockAt?: string;
  readonly callTimeoutMs?: number;
}

function setup(options: Setup = {}) {
  const clock = fakeClock({ at: options.clockAt ?? '2026-11-21T00:15:00.000Z' });
  const logger = recordingLogger();
  const deps = fakeDeps({
    connection: 'shop-code',
    clock,
    logger,
    reads: loadReads(FOLDER),
    fetch: egressFetch([new URL(api.url).host]),
  });
  const connector = createGitHub(
    {
      token: new Secret(GITHUB_TOKEN),
      repositories: options.repositories ?? ['acme/shop'],
      baseUrl: api.url,
      branches: options.branches,
    },
    deps,
    { retryBaseMs: 1, callTimeoutMs: options.callTimeoutMs ?? 10_000 },
  );
  return { clock, logger, connector };
}

function request(read: string, overrides: AdmittedOptions = {}): AdmittedRead {
  return admitted({ connector: 'github', mode: 'incremental', window: ALL, ...overrides, read });
}

async function collected(connector: Connector, asked: AdmittedRead, options: RecordingRunOptions = {}) {
  const run = recordingRun(options);
  const { completeness } = await connector.read(run, asked, never);
  return { run, completeness };
}

function codesOf(run: RecordingRun): readonly string[] {
  return run.gaps.map(({ gap }) => gap);
}

function calls(): readonly string[] {
  return api.requests.map(({ path, status }) => `${status} ${path}`);
}

interface CaseFile {
  readonly read: string;
  readonly window: { readonly from: string; readonly to: string };
  readonly repositories?: readonly string[];
  readonly faults?: readonly { path: string; after?: number; times?: number; fault: never }[];
  readonly behaviour?: object;
}

describe('golden cases', () => {
  it.each(goldenCases(FOLDER).map((entry): [string, GoldenCase] => [entry.name, entry]))(
    '%s',
    async (_, entry) => {
      const file = entry.json('case.json') as CaseFile;
      Object.assign(api.behaviour, file.behaviour);
      for (const rule of file.faults ?? []) api.inject({ ...rule, path: new RegExp(rule.path) });
      const { connector, clock } = setup(file.repositories && { repositories: file.repositories });
      const run = recordingRun({ clock });
      const asked = request(file.read, { window: file.window });
      const outcome = await connector.read(run, asked, never).catch((error: ConnectorError) => ({
        thrown: { code: error.code, message: error.message, hint: error.hint, retryAt: error.retryAt },
      }));
      expectGolden(join(entry.path, 'expected.json'), { records: run.records, outcome });
    },
  );
});

describe.each(manifest.reads.map((read) => read.id))('%s', (read) => {
  it('gives the same records when collected twice', async () => {
    const { connector } = setup();
    const first = await collected(connector, request(read));
    const second = await collected(connector, request(read));
    expect(first.run.observations.length).toBeGreaterThan(0);
    expect(second.run.records).toEqual(first.run.records);
    const identities = first.run.observations.map((one) =>
      [one.stream, one.entity, one.key, one.occurredAt].join(' '),
    );
    expect(new Set(identities).size).toBe(identities.length);
  });

  it('emits declared fields, classes and streams only, in scope, and no canary where a field is kept', async () => {
    const { connector, logger } = setup();
    const { run } = await collected(connector, request(read));
    for (const observation of run.observations) {
      const stream = manifest.streams.find(({ id }) => id === observation.stream);
      expect(stream?.classes).toContain(observation.class);
      expect(observation.scope).toEqual({ repository: 'acme/shop' });
      const flat = flatten(observation.body);
      expect(Object.keys(stream?.fields ?? {})).toEqual(expect.arrayContaining(flat.map(([path]) => path)));
      const kept = flat.filter(([path]) => stream?.fields[path]?.treatment === 'keep');
      const { body: _, ...outside } = observation;
      expect(canariesIn({ kept, outside })).toEqual([]);
    }
    expect(canariesIn(logger.lines)).toEqual([]);
    expect(canariesIn([...run.stored])).toEqual([]);
    expect(JSON.stringify([run.records, logger.lines, [...run.stored]])).not.toContain(GITHUB_TOKEN);
  });

  it('pages through the list', async () => {
    const { connector } = setup();
    const whole = await collected(connector, request(read));
    api.behaviour.maxPerPage = 1;
    const paged = await collected(connector, request(read));
    expect(new Set(paged.run.observations.map(identity))).toEqual(
      new Set(whole.run.observations.map(identity)),
    );
    expect(paged.completeness.read).toBe(whole.completeness.read);
  });

  it('asks conditionally the next time, and takes unchanged for an answer', async () => {
    const { connector } = setup();
    // Twice to get past the first window: from then on the address is the same for an hour.
    const first = await collected(connector, request(read, { trigger: 'incident' }));
    const before = api.behaviour.remaining;
    const again = await collected(connector, request(read, { trigger: 'incident' }), {
      state: first.run.stored,
    });
    expect(again.run.records).toEqual([]);
    expect(again.completeness).toEqual({
      ...first.completeness,
      reason: 'unchanged since the run before',
    });
    expect(api.behaviour.remaining).toBe(before);
  });

  it('ends with a gap when its budget does', async () => {
    const { connector } = setup();
    for (const budget of [{ calls: 1 }, { rows: 1 }, { bytes: 2_000 }]) {
      api.behaviour.maxPerPage = 1;
      const { run, completeness } = await collected(connector, request(read), { budget });
      expect(codesOf(run)).toEqual(['BUDGET']);
      expect(completeness.state).toBe('partial');
      expect(completeness.expected).toBe(null);
    }
  });

  it('returns when aborted while the server keeps it waiting, with a gap', async () => {
    const { connector } = setup();
    api.inject({ path: /repos/, fault: { kind: 'hang' } });
    const controller = new AbortController();
    const run = recordingRun();
    const reading = connector.read(run, request(read), controller.signal);
    controller.abort();
    expect((await reading).completeness.state).toBe('partial');
    expect(codesOf(run)).toEqual(['TIMEOUT']);
  });

  it('looks at no repository that the scope leaves out, and says so', async () => {
    const { connector } = setup();
    const scope = onlyScope({ repository: ['acme/other'] });
    const { run, completeness } = await collected(connector, request(read, { scope }));
    expect(api.requests).toEqual([]);
    expect(run.records).toEqual([
      expect.objectContaining({ gap: 'PRIVILEGE', missing: `${read} of acme/shop` }),
    ]);
    expect(completeness.state).toBe('partial');
  });

  it('goes on with the next repository when one is not there', async () => {
    const { connector } = setup({ repositories: ['acme/gone', 'acme/shop'] });
    const { run } = await collected(connector, request(read));
    expect(codesOf(run)).toEqual(['NOT_FOUND']);
    expect(run.observations.length).toBeGreaterThan(0);
  });

  it('is empty and complete for a window in which nothing happened', async () => {
    const { connector } = setup();
    const window = { from: '2026-11-18T00:00:00.000Z', to: '2026-11-18T01:00:00.000Z' };
    const { run, completeness } = await collected(connector, request(read, { window }));
    expect(run.records).toEqual([]);
    expect(completeness).toEqual({ state: 'complete', read: 0, expected: 0, reason: null });
  });

  it.each([
    ['AUTH', 401],
    ['UNREACHABLE', 502],
  ])('throws %s when the connection as a whole fails with %i', async (code, status) => {
    const { connector } = setup();
    api.inject({ path: /repos/, fault: { kind: 'status', status } });
    await expect(connector.read(recordingRun(), request(read), never)).rejects.toMatchObject({ code });
  });
});

describe('incremental reading', () => {
  it('goes on from the cursor, with overlap, on interval runs only', async () => {
    const { connector } = setup();
    const asked = request('pull_requests', { trigger: 'interval' });
    const first = await collected(connector, asked);
    expect(first.run.observations).toHaveLength(4);
    expect(first.run.stored.get('progress/acme/shop')).toEqual({
      readTo: Date.parse('2026-11-21T00:15:00Z'),
      cursor: Date.parse('2026-11-21T00:15:00Z'),
      plan: 'sha256:plan',
    });
    const state = new Map([...first.run.stored].filter(([key]) => key.startsWith('progress/')));
    const next = await collected(connector, asked, { state });
    expect(next.run.observations.map(({ entity }) => entity)).toEqual([
      'github://acme/shop/pull/482',
      'github://acme/shop/pull/481',
    ]);
    const byHand = await collected(connector, request('pull_requests', { trigger: 'once' }), { state });
    expect(byHand.run.observations).toHaveLength(4);
  });

  it('reads again what it read when the policy let out something else', async () => {
    const { connector } = setup();
    const asked = request('pull_requests', { trigger: 'interval' });
    const first = await collected(connector, asked);
    const again = await collected(connector, asked, { state: first.run.stored });
    expect(again.run.observations).toHaveLength(0);
    const opened = await collected(
      connector,
      request('pull_requests', { trigger: 'interval', plan: 'sha256:wider' }),
      { state: first.run.stored },
    );
    expect(opened.run.observations).toHaveLength(4);
  });

  it('lets an unfinished run hold the cursor back', async () => {
    const { connector } = setup();
    const { run } = await collected(connector, request('workflow_runs', { trigger: 'interval' }));
    expect(run.stored.get('progress/acme/shop')).toMatchObject({
      cursor: Date.parse('2026-11-21T00:12:44Z'),
    });
  });

  it('keeps the cursor when the read did not get to its end', async () => {
    const { connector } = setup();
    api.inject({ path: /pulls\/481/, fault: { kind: 'status', status: 403 } });
    const { run } = await collected(connector, request('pull_requests', { trigger: 'interval' }));
    expect(codesOf(run)).toEqual(['PRIVILEGE']);
    expect([...run.stored.keys()].filter((key) => key.startsWith('progress/'))).toEqual([]);
  });

  it('says which time no run covered', async () => {
    const { connector } = setup();
    const at = Date.parse('2026-11-17T08:00:00Z');
    const state = new Map<string, JsonValue>([['progress/acme/shop', { readTo: at, cursor: at }]]);
    const { run } = await collected(connector, request('releases', { trigger: 'interval' }), { state });
    expect(run.gaps).toEqual([
      expect.objectContaining({
        gap: 'TIMEOUT',
        window: { from: '2026-11-17T08:00:00.000Z', to: '2026-11-19T00:00:00.000Z' },
      }),
    ]);
  });

  it('reads again what was read for a narrower window', async () => {
    const { connector } = setup();
    const narrow = { from: '2026-11-21T00:05:00.000Z', to: '2026-11-21T00:15:00.000Z' };
    const first = await collected(
      connector,
      request('pull_requests', { window: narrow, trigger: 'incident' }),
    );
    expect(first.run.observations).toHaveLength(1);
    const wide = await collected(connector, request('pull_requests', { trigger: 'incident' }), {
      state: first.run.stored,
    });
    expect(wide.run.observations).toHaveLength(4);
  });

  it('does not take for handled what it could not emit', async () => {
    const { connector } = setup();
    const failed = await collected(connector, request('commits', { trigger: 'incident' }), {
      budget: { rows: 2 },
    });
    expect(failed.run.observations).toHaveLength(2);
    const next = await collected(connector, request('commits', { trigger: 'incident' }), {
      state: failed.run.stored,
    });
    const shas = [...failed.run.observations, ...next.run.observations].map(({ key }) => key);
    expect(new Set(shas).size).toBe(12);
  });

  it('forgets ETags that were not used for two days', async () => {
    const early = setup();
    const first = await collected(early.connector, request('commits', { trigger: 'incident' }));
    const kept = [...first.run.stored.keys()];
    expect(kept.filter((key) => key.startsWith('etag/acme/shop/'))).toHaveLength(13);
    const late = setup({ clockAt: '2026-11-24T00:00:00.000Z' });
    const window = { from: '2026-11-23T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' };
    await collected(late.connector, request('commits', { window, trigger: 'incident' }), {
      state: first.run.stored,
    });
    expect(first.run.stored.size).toBe(1);
    expect(kept).not.toContain([...first.run.stored.keys()][0]);
  });

  it('sees a workflow run again when it has finished', async () => {
    const { connector } = setup();
    const asked = request('workflow_runs', { trigger: 'interval' });
    const first = await collected(connector, asked);
    const running = api.recording.runs.find((run) => run['status'] === 'in_progress');
    Object.assign(running ?? {}, {
      status: 'completed',
      conclusion: 'failure',
      updated_at: '2026-11-21T00:14:50Z',
    });
    const second = await collected(connector, asked, { state: first.run.stored });
    expect(second.run.observations).toContainEqual(
      expect.objectContaining({
        class: 'symptom',
        key: 'attempt/1/completed',
        occurredAt: '2026-11-21T00:14:50.000Z',
        entity: 'github://acme/shop/run/17123450009',
      }),
    );
  });

  it('sees the statuses that an unfinished deployment gets later', async () => {
    const { connector } = setup();
    const [success, ...earlier] = api.recording.statuses['2184467303'] ?? [];
    api.recording.statuses['2184467303'] = earlier;
    const asked = request('deployments', { trigger: 'interval' });
    const first = await collected(connector, asked);
    expect(first.run.stored.get('progress/acme/shop')).toMatchObject({
      cursor: Date.parse('2026-11-21T00:10:50Z'),
    });
    api.recording.statuses['2184467303'] = success === undefined ? earlier : [success, ...earlier];
    const second = await collected(connector, asked, { state: first.run.stored });
    expect(second.run.observations.map(({ key }) => key)).toContain('status/3390112209');
  });
});

describe('what the API will not list', () => {
  it('cuts the window of workflow runs in halves until each holds few enough', async () => {
    api.behaviour.runCap = 3;
    api.behaviour.maxPerPage = 2;
    const { run, completeness } = await collected(withCap(3), request('workflow_runs'));
    expect(run.observations).toHaveLength(11);
    expect(completeness).toEqual({ state: 'complete', read: 10, expected: 10, reason: null });
    expect(calls().some((call) => call.includes('..'))).toBe(true);
  });

  it('never loses or doubles a run by halving', async () => {
    const [template] = api.recording.runs;
    // Dense, so that runs lie on the seconds at which the window is cut.
    const window = { from: '2026-11-20T12:00:00.000Z', to: '2026-11-20T12:00:15.000Z' };
    const offsets = fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 8, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(offsets, async (seconds) => {
        const runs = seconds.map((second, index) => ({
          ...template,
          id: index + 1,
          created_at: `2026-11-20T12:00:${String(second).padStart(2, '0')}Z`,
        }));
        api.recording.runs.splice(0, Number.POSITIVE_INFINITY, ...runs);
        api.behaviour.runCap = 2;
        const { run, completeness } = await collected(withCap(2), request('workflow_runs', { window }));
        expect(run.observations.map(({ entity }) => entity).sort()).toEqual(
          runs.map(({ id }) => `github://acme/shop/run/${id}`).sort(),
        );
        expect(completeness.state).toBe('complete');
      }),
      { numRuns: 8 },
    );
  });

  it('says how many are missing when a second holds more than the API lists', async () => {
    const [template] = api.recording.runs;
    const runs = [1, 2, 3, 4, 5].map((id) => ({ ...template, id, created_at: '2026-11-20T12:00:00Z' }));
    api.recording.runs.splice(0, Number.POSITIVE_INFINITY, ...runs);
    api.behaviour.runCap = 2;
    const { completeness } = await collected(withCap(2), request('workflow_runs'));
    expect(completeness).toEqual({
      state: 'partial',
      read: 2,
      expected: 5,
      reason:
        'more than 2 workflow_runs of acme/shop were created within a second, and the API lists no more',
    });
  });

  it('notices when `created` has no effect', async () => {
    const { connector } = setup();
    api.behaviour.ignoreWindow = true;
    const window = { from: '2026-11-21T00:05:00.000Z', to: '2026-11-21T00:15:00.000Z' };
    const { run, completeness } = await collected(connector, request('workflow_runs', { window }));
    expect(run.observations).toHaveLength(5);
    expect(completeness.state).toBe('unknown');
    expect(completeness.reason).toContain('`created`');
  });

  it('notices when pull requests do not come sorted, and then reads them all', async () => {
    const { connector } = setup();
    api.behaviour.pullOrder = 'none';
    api.behaviour.maxPerPage = 2;
    // The first page holds only older ones, and that must not be taken for the end.
    const window = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T00:15:00.000Z' };
    const { run, completeness } = await collected(connector, request('pull_requests', { window }));
    expect(run.observations.map(({ body }) => body['number'])).toEqual([481, 482]);
    expect(completeness).toMatchObject({ state: 'unknown', reason: expect.stringContaining('did not sort') });
  });

  it('stops at the ceiling of pages and says so', async () => {
    const { connector } = setup();
    api.behaviour.maxPerPage = 1;
    const [template] = api.recording.releases;
    for (let id = 1; id <= 9; id += 1) api.recording.releases.push({ ...template, id });
    const { completeness } = await collected(connector, request('releases'));
    expect(completeness).toEqual({
      state: 'partial',
      read: 5,
      expected: null,
      reason: 'releases of acme/shop: the ceiling of 5 pages was reached',
    });
  });

  it('counts items of an unexpected shape as missing', async () => {
    const { connector } = setup();
    Object.assign(api.recording.runs[2] ?? {}, { head_sha: 'canary-title-' });
    const { run, completeness } = await collected(connector, request('workflow_runs'));
    expect(run.observations).toHaveLength(10);
    expect(completeness).toMatchObject({ state: 'partial', read: 9, expected: 10 });
    expect(canariesIn(completeness)).toEqual([]);
  });

  it('takes a repository without a commit for complete', async () => {
    const { connector } = setup();
    api.inject({ path: /commits/, fault: { kind: 'status', status: 409 } });
    const { run, completeness } = await collected(connector, request('commits'));
    expect(run.records).toEqual([]);
    expect(completeness.state).toBe('complete');
  });

  it('reads the configured branches, and names one that is not there', async () => {
    const { connector } = setup({ branches: ['main', 'gone'] });
    const { run } = await collected(connector, request('commits'));
    expect(run.observations).toHaveLength(12);
    expect(run.observations[0]?.body).toMatchObject({ branch: 'main' });
    expect(codesOf(run)).toEqual(['NOT_FOUND']);
  });
});

/** A connector whose query file for workflow runs has another cap. */
function withCap(cap: number): Connector {
  const reads = new Map(loadReads(FOLDER));
  const text = reads.get('workflow_runs') ?? '';
  expect(text).toContain('cap: 1000');
  reads.set('workflow_runs', text.replace('cap: 1000', `cap: ${cap}`));
  return createGitHub(
    { token: new Secret(GITHUB_TOKEN), repositories: ['acme/shop'], baseUrl: api.url },
    fakeDeps({
      connection: 'shop-code',
      clock: fakeClock({ at: ALL.to }),
      reads,
      fetch: egressFetch([new URL(api.url).host]),
    }),
    { retryBaseMs: 1 },
  );
}

function identity(one: { entity: string; key: string; occurredAt: string }): string {
  return `${one.entity} ${one.key} ${one.occurredAt}`;
}

function canariesIn(value: unknown): readonly string[] {
  const text = JSON.stringify(value);
  return GITHUB_CANARIES.filter((canary) => text.includes(canary));
}

/** Leaves of a body with their manifest paths: `parents[]`, `categories.code`. */
function flatten(value: unknown, path = ''): readonly [string, unknown][] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item) => flatten(item, `${path}[]`));
  if (value === null || typeof value !== 'object') return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, path === '' ? key : `${path}.${key}`),
  );
}

describe('errors', () => {
  it('throws at a limit, with the time to come back, and names the repositories after it', async () => {
    const { connector, clock } = setup({ repositories: ['acme/shop', 'acme/gone'] });
    api.inject({ path: /releases/, fault: { kind: 'too-many-requests', retryAfter: 3_600 } });
    const run = recordingRun({ clock });
    await expect(connector.read(run, request('releases'), never)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAt: new Date('2026-11-21T01:15:00.000Z'),
    });
    expect(run.gaps).toEqual([
      expect.objectContaining({ gap: 'RATE_LIMITED', missing: 'releases of acme/gone' }),
    ]);
    expect(api.requests).toHaveLength(1);
  });

  it('never carry the token or what the server said in their message', async () => {
    const { connector } = setup();
    api.inject({ path: /repos/, fault: { kind: 'status', status: 401 } });
    const error: unknown = await connector
      .read(recordingRun(), request('commits'), never)
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(JSON.stringify(error)).not.toContain(GITHUB_TOKEN);
    expect(String(error)).not.toContain('Resource not accessible');
  });
});
