import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GITHUB_TOKEN, type GitHubApi, startGitHubApi } from '../../test/helpers/github-api.ts';
import { type Budget, BudgetMeter, ConnectorError, egressFetch, Secret } from '../sdk/index.ts';
import { AMPLE_BUDGET, fakeClock, fakeDeps, fakeFetch, recordingLogger } from '../sdk/testing/index.ts';
import { type CallContext, openClient } from './client.ts';

const CALL = {
  path: '/repos/{owner}/{repo}/releases',
  parameters: { owner: 'acme', repo: 'shop', per_page: 1 },
};
const CONTEXT: CallContext = { subject: 'releases of acme/shop', permission: 'contents:read' };

let api: GitHubApi;
beforeEach(async () => {
  api = await startGitHubApi();
});
afterEach(async () => {
  await api.close();
});

interface Options {
  readonly budget?: Partial<Budget>;
  readonly signal?: AbortSignal;
  readonly callTimeoutMs?: number;
  readonly token?: string;
  readonly baseUrl?: string;
}

function open(options: Options = {}) {
  const clock = fakeClock();
  const logger = recordingLogger();
  const meter = new BudgetMeter({ ...AMPLE_BUDGET, ...options.budget }, clock.monotonic);
  const client = openClient(
    {
      token: new Secret(options.token ?? GITHUB_TOKEN),
      repositories: ['acme/shop'],
      baseUrl: options.baseUrl ?? api.url,
    },
    fakeDeps({ connection: 'code', clock, logger, fetch: egressFetch([new URL(api.url).host]) }),
    { meter, signal: options.signal ?? new AbortController().signal },
    { retryBaseMs: 1, callTimeoutMs: options.callTimeoutMs ?? 10_000 },
  );
  return { client, clock, meter, logger };
}

async function failing(promise: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof ConnectorError) return error;
  throw new Error('a ConnectorError was expected', { cause: error });
}

function statuses(): readonly number[] {
  return api.requests.map(({ status }) => status);
}

describe('what is sent', () => {
  it('is a GET with the token, the version of the API and no more', async () => {
    const { client } = open();
    await client.get(CALL, CONTEXT);
    const [request] = api.requests;
    expect(request).toMatchObject({
      method: 'GET',
      path: '/repos/acme/shop/releases?per_page=1',
      status: 200,
    });
    expect(request?.headers.authorization).toBe(`token ${GITHUB_TOKEN}`);
    expect(request?.headers['x-github-api-version']).toBe('2022-11-28');
    expect(request?.headers['if-none-match']).toBe(undefined);
  });

  it('cannot leave the path through a parameter', async () => {
    const { client } = open();
    const call = { ...CALL, parameters: { ...CALL.parameters, repo: '../../user?x=' } };
    expect((await failing(client.get(call, CONTEXT))).code).toBe('NOT_FOUND');
    expect(api.requests[0]?.path).toBe('/repos/acme/..%2F..%2Fuser%3Fx%3D/releases?per_page=1');
  });
});

describe('pages', () => {
  it('takes only the position from the link to the next page', async () => {
    const { client } = open();
    expect((await client.get(CALL, CONTEXT)).next).toEqual({ page: '2' });
    const second = { ...CALL, parameters: { ...CALL.parameters, page: 2 } };
    expect((await client.get(second, CONTEXT)).next).toBe(undefined);
  });

  it.each(['https://evil.example.org', 'http://127.0.0.1:1'])('refuses a link to %s', async (origin) => {
    const { client } = open();
    api.behaviour.linkOrigin = origin;
    const error = await failing(client.get(CALL, CONTEXT));
    expect(error.code).toBe('BAD_RESPONSE');
    expect(error.message).toContain('another origin');
    expect(api.requests).toHaveLength(1);
  });
});

describe('GitHub Enterprise Server', () => {
  it('is asked under the path of its API, and may link to itself under another', async () => {
    const next = 'https://git.example.com:8443/api/v3/repositories/7/releases?per_page=1&page=2';
    const { fetch, assertAllUsed } = fakeFetch([
      {
        url: 'https://git.example.com:8443/api/v3/repos/acme/shop/releases?per_page=1',
        headers: { accept: 'application/vnd.github.v3+json' },
        answer: { json: [], headers: { link: `<${next}>; rel="next"` } },
      },
    ]);
    const client = openClient(
      {
        token: new Secret('ghes-token'),
        repositories: ['acme/shop'],
        baseUrl: 'https://git.example.com:8443/api/v3',
      },
      fakeDeps({ fetch: egressFetch(['git.example.com:8443'], fetch) }),
      { meter: new BudgetMeter(AMPLE_BUDGET, () => 0), signal: new AbortController().signal },
    );
    expect(await client.get(CALL, CONTEXT)).toMatchObject({ kind: 'data', data: [], next: { page: '2' } });
    assertAllUsed();
  });
});

describe('conditional requests', () => {
  it('answers unchanged, at no cost of the rate limit', async () => {
    const { client, meter } = open();
    const { etag } = await client.get(CALL, CONTEXT);
    const { remaining } = api.behaviour;
    const bytes = meter.cost().bytes;
    const answer = await client.get(CALL, { ...CONTEXT, etag });
    expect(answer).toMatchObject({ kind: 'unchanged', data: undefined });
    expect(api.behaviour.remaining).toBe(remaining);
    expect(meter.cost()).toMatchObject({ calls: 2, bytes });
  });

  it('does not believe a 304 that nobody asked for', async () => {
    const { client } = open();
    api.inject({ path: /releases/, fault: { kind: 'status', status: 304 } });
    expect((await failing(client.get(CALL, CONTEXT))).code).toBe('BAD_RESPONSE');
  });
});

describe('limits', () => {
  it('waits as long as a 429 says, and tries again', async () => {
    const { client, clock } = open();
    api.inject({ path: /releases/, times: 1, fault: { kind: 'too-many-requests', retryAfter: 7 } });
    expect((await client.get(CALL, CONTEXT)).kind).toBe('data');
    expect(clock.sleeps).toEqual([7_000]);
    expect(statuses()).toEqual([429, 200]);
  });

  it('waits a minute after a secondary limit that does not say how long', async () => {
    const { client, clock } = open({ budget: { durationMs: 90_000 } });
    api.inject({ path: /releases/, times: 1, fault: { kind: 'secondary-limit' } });
    expect((await client.get(CALL, CONTEXT)).kind).toBe('data');
    expect(clock.sleeps).toEqual([60_000]);
    expect(statuses()).toEqual([403, 200]);
  });

  it('does not wait longer than the budget lasts, and says until when', async () => {
    const { client, clock } = open({ budget: { durationMs: 20_000 } });
    api.inject({ path: /releases/, fault: { kind: 'secondary-limit', retryAfter: 21 } });
    const error = await failing(client.get(CALL, CONTEXT));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', recovery: 'wait' });
    expect(error.retryAt?.getTime()).toBe(clock.now().getTime() + 21_000);
    expect(clock.sleeps).toEqual([]);
    expect(statuses()).toEqual([403]);
  });

  it('asks nothing more until then', async () => {
    const { client } = open({ budget: { durationMs: 20_000 } });
    api.behaviour.remaining = 1;
    await client.get(CALL, CONTEXT);
    expect((await failing(client.get(CALL, CONTEXT))).code).toBe('RATE_LIMITED');
    expect(statuses()).toEqual([200]);
  });

  it('reads the reset of a primary limit against the clock of the server', async () => {
    const { client, clock } = open({ budget: { durationMs: 20_000 } });
    api.inject({ path: /releases/, fault: { kind: 'primary-limit', resetInSeconds: 600 } });
    const error = await failing(client.get(CALL, CONTEXT));
    const wait = (error.retryAt?.getTime() ?? 0) - clock.now().getTime();
    expect(error.code).toBe('RATE_LIMITED');
    expect(wait).toBeGreaterThanOrEqual(599_000);
    expect(wait).toBeLessThanOrEqual(602_000);
  });

  it('gives up after three tries', async () => {
    const { client, clock } = open();
    api.inject({ path: /releases/, fault: { kind: 'too-many-requests', retryAfter: 2 } });
    expect((await failing(client.get(CALL, CONTEXT))).code).toBe('RATE_LIMITED');
    expect(clock.sleeps).toEqual([2_000, 2_000]);
    expect(statuses()).toEqual([429, 429, 429]);
  });

  it('works without any limit, as on GitHub Enterprise Server', async () => {
    const { client, clock } = open();
    api.behaviour.rateLimit = false;
    api.behaviour.remaining = 0;
    expect((await client.get(CALL, CONTEXT)).kind).toBe('data');
    expect(clock.sleeps).toEqual([]);
  });
});

describe('failures', () => {
  it('tries again after a 5xx, and counts each try', async () => {
    const { client, meter } = open();
    api.inject({ path: /releases/, times: 1, fault: { kind: 'status', status: 502 } });
    expect((await client.get(CALL, CONTEXT)).kind).toBe('data');
    expect(statuses()).toEqual([502, 200]);
    expect(meter.cost().calls).toBe(2);
  });

  it.each([
    [401, 'AUTH', 1],
    [403, 'PRIVILEGE', 1],
    [404, 'NOT_FOUND', 1],
    [410, 'NOT_FOUND', 1],
    [422, 'BAD_RESPONSE', 1],
    [503, 'UNREACHABLE', 3],
  ])('turns %i into %s after %i tries', async (status, code, tries) => {
    const { client } = open();
    api.inject({ path: /releases/, fault: { kind: 'status', status } });
    const error = await failing(client.get(CALL, CONTEXT));
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('Resource not accessible');
    expect(api.requests).toHaveLength(tries);
  });

  it('does not follow a repository that moved, even within the origin', async () => {
    const { client } = open();
    api.inject({ path: /releases/, fault: { kind: 'redirect', location: '/repos/bank/shop/releases' } });
    const error = await failing(client.get(CALL, CONTEXT));
    expect(error).toMatchObject({ code: 'NOT_FOUND', hint: expect.stringContaining('new name') });
    expect(api.requests).toHaveLength(1);
  });

  it('says that nobody is there', async () => {
    await api.close();
    const { client } = open();
    expect((await failing(client.get(CALL, CONTEXT))).code).toBe('UNREACHABLE');
    api = await startGitHubApi();
  });

  it('reaches no other host', async () => {
    const { client } = open({ baseUrl: 'http://127.0.0.1:9' });
    expect((await failing(client.get(CALL, CONTEXT))).code).toBe('CONFIG');
  });

  it('gives up on a server that hangs', async () => {
    const { client } = open({ callTimeoutMs: 30 });
    api.inject({ path: /releases/, fault: { kind: 'hang' } });
    expect((await failing(client.get(CALL, CONTEXT))).code).toBe('TIMEOUT');
  });

  it('ends when aborted, and starts nothing after that', async () => {
    const controller = new AbortController();
    const { client } = open({ signal: controller.signal });
    api.inject({ path: /releases/, fault: { kind: 'hang' } });
    const getting = failing(client.get(CALL, CONTEXT));
    controller.abort();
    expect((await getting).code).toBe('TIMEOUT');
    expect((await failing(client.get(CALL, CONTEXT))).code).toBe('TIMEOUT');
  });

  it.each([
    ['calls', { calls: 1 }],
    ['bytes', { bytes: 3_000 }],
  ])('stops at the budget of %s without trying again', async (_, budget) => {
    const { client } = open({ budget });
    const outcome = failing(client.get(CALL, CONTEXT).then(() => client.get(CALL, CONTEXT)));
    expect((await outcome).code).toBe('BUDGET');
    expect(api.requests.length).toBeLessThanOrEqual(2);
  });

  it('keeps the token out of errors, causes and logs', async () => {
    const { client, logger } = open({ token: 'github_pat_that_is_wrong' });
    const error = await failing(client.get(CALL, CONTEXT));
    expect(error.code).toBe('AUTH');
    expect(inspect({ error, lines: logger.lines }, { depth: 10 })).not.toContain('github_pat_that_is_wrong');
  });
});
