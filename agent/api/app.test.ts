import { Buffer } from 'node:buffer';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectGolden } from '../../connectors/sdk/testing/index.ts';
import { at, fakeItem, itemId } from '../../evidence/store/testing/store-fixtures.ts';
import { PROBLEM_STATUSES } from './problem.ts';
import { ApiFixture, NOW, PUBLIC_KEY, TOKEN } from './testing/api-fixture.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
});
afterEach(() => api.close());

interface Page<T = { readonly id: string }> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Fails unless the response is the problem, in every respect that all problems share. */
async function expectProblem(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  expect(body['type']).toMatch(/^https:\/\/exhibit\.dev\/problems\/[a-z-]+$/);
  expect(body['requestId']).toBe(response.headers.get('X-Request-Id'));
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.[jt]s:\d|node_modules/);
  return body as {
    readonly detail: string;
    readonly errors?: readonly { in: string; name: string; message: string }[];
  };
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly securitySchemes: unknown;
  };
  readonly security: unknown;
}

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: unknown;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: unknown }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** Every operation of the document, with a path that matches it. */
async function operations(): Promise<
  readonly { method: string; path: string; template: string; operation: Operation }[]
> {
  const document = await api.get<OpenApi>('/openapi.json');
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      template,
      path: template.replace('{digest}', `sha256:${'0'.repeat(64)}`).replace('{id}', 'some-id'),
      operation,
    })),
  );
}

describe('the token', () => {
  it('is asked for by every route but the health checks', async () => {
    const open = new Set(['/healthz', '/readyz']);
    for (const { method, path } of await operations()) {
      const bodies = method === 'POST' ? { body: '{}', headers: { 'Content-Type': 'application/json' } } : {};
      const response = await api.app.request(path, { method, ...bodies });
      if (open.has(path)) expect(response.status).toBe(200);
      else {
        await expectProblem(response, 401);
        expect(response.headers.get('WWW-Authenticate')).toBe('Bearer realm="exhibit"');
      }
    }
  });

  it.each([
    '/v1',
    '/v1/nothing',
    '/',
    '/healthz/',
    '/healthz/x',
    '/v1/../healthz',
    '//healthz',
    '/HEALTHZ',
    '/v1/evidence?x=/healthz',
  ])('is asked for before anything is said about %s', async (path) => {
    const response = await api.app.request(`http://localhost${path}`);
    expect([401, 200]).toContain(response.status);
    if (response.status === 200) expect(new URL(`http://localhost${path}`).pathname).toBe('/healthz');
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Basic ${TOKEN}`,
    TOKEN,
    `Bearer ${TOKEN.toUpperCase()}`,
  ])('is not %j', async (header) => {
    const response = await api.app.request('/v1/incidents', {
      method: 'POST',
      body: JSON.stringify({ title: 'x' }),
      headers: { 'Content-Type': 'application/json', Authorization: header },
    });
    const body = await expectProblem(response, 401);
    expect(JSON.stringify(body)).not.toContain(TOKEN.slice(0, 8));
    expect(api.incidents.opened).toEqual([]);
  });

  it('guards the metrics unless it is told not to', async () => {
    expect((await api.app.request('/metrics')).status).toBe(401);
    const public_ = await ApiFixture.open({ options: { protectMetrics: false } });
    const response = await public_.app.request('/metrics');
    expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toContain('up 1');
    expect((await public_.app.request('/v1/evidence')).status).toBe(401);
    await public_.close();
  });
});

describe('problems', () => {
  it.each([
    ['no such resource', '/v1/nothing', {}, 404],
    ['no such item', `/v1/evidence/${'a'.repeat(43)}`, {}, 404],
    ['no such incident', '/v1/incidents/inc-9', {}, 404],
    ['no bundle of no such incident', '/v1/incidents/inc-9/bundle', {}, 404],
    ['no such manifest', `/v1/manifests/sha256:${'0'.repeat(64)}`, {}, 404],
    ['no attestation', `/v1/manifests/sha256:${'0'.repeat(64)}/attestation`, {}, 404],
    ['a bad digest', '/v1/manifests/latest', {}, 400],
    ['a method it has not', '/v1/evidence', { method: 'DELETE' }, 405],
    ['a method nobody has', '/v1/incidents/x/close', { method: 'PATCH' }, 405],
    [
      'a body that is not JSON',
      '/v1/incidents',
      { method: 'POST', body: '{', headers: { 'Content-Type': 'application/json' } },
      400,
    ],
    [
      'a form',
      '/v1/incidents',
      { method: 'POST', body: 'title=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
    ],
    ['a body without a type', '/v1/incidents', { method: 'POST', body: new Uint8Array([1]) }, 415],
    [
      'an empty body',
      '/v1/incidents',
      { method: 'POST', headers: { 'Content-Type': 'application/json' } },
      400,
    ],
    [
      'a large body',
      '/v1/incidents',
      { method: 'POST', body: `"${'x'.repeat(65_536)}"`, headers: { 'Content-Type': 'application/json' } },
      413,
    ],
  ])('%s', async (_what, path, init, status) => {
    await expectProblem(await api.request(path, init), status);
    expect(api.incidents.opened).toEqual([]);
  });

  it('names the methods that a resource has', async () => {
    const response = await api.request('/v1/incidents', { method: 'PUT' });
    expect(response.headers.get('Allow')).toBe('GET, HEAD, POST');
  });

  it.each([
    ['/v1/evidence?limitt=5', 'limitt', 'it has from, to, kind, class, entity, connection, limit, cursor'],
    ['/v1/incidents?status=open', 'status', 'it has limit, cursor'],
    ['/v1/connections?x', 'x', 'it has none'],
    ['/healthz?verbose=1', 'verbose', 'it has none'],
    ['/v1/evidence?limit=5&limit=6', 'limit', 'must be given once'],
    ['/v1/evidence?limit=0', 'limit', 'from 1 to 1000'],
    ['/v1/evidence?limit=ten', 'limit', 'from 1 to 1000'],
    ['/v1/evidence?class=changes', 'class', 'must be one or more of change, symptom'],
    ['/v1/evidence?from=yesterday', 'from', 'must be an RFC 3339 time'],
    ['/v1/evidence?from=2026-11-21T23:59:60Z', 'from', 'must be an RFC 3339 time'],
    ['/v1/evidence?from=2026-11-21T01:00:00Z&to=2026-11-21T01:00:00Z', 'to', 'must be later than "from"'],
    ['/v1/evidence?kind=x', 'kind', 'must look like'],
    ['/v1/evidence?entity=checkout', 'entity', 'must be an entity URI'],
    ['/v1/evidence?connection=../x', 'connection', 'must be the id of a connection'],
  ])('%s names the parameter and what it may be', async (path, name, message) => {
    const { errors } = await expectProblem(await api.request(path), 400);
    expect(errors?.find((error) => error.name.startsWith(name))).toMatchObject({
      in: 'query',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a cursor that is none', async () => {
    const { detail } = await expectProblem(await api.request('/v1/evidence?cursor=abc'), 400);
    expect(detail).toContain('The cursor is not one of this list');
  });

  it('never quotes a value of the body', async () => {
    const secret = 'canary-b0d1';
    const bodies = [
      { title: secret.repeat(40) },
      { title: 'x', scope: { namespace: secret } },
      { title: 'x', scope: { namespace: [secret.repeat(40)] } },
      { title: 'x', lookback: secret },
      { title: 'x', window: { from: secret } },
      { title: 'x', window: secret },
      { title: { secret } },
      [secret],
      secret,
    ];
    for (const body of bodies) {
      const answer = await expectProblem(await api.post('/v1/incidents', body), 422);
      expect(JSON.stringify(answer)).not.toContain(secret);
    }
    expect(JSON.stringify(api.logged)).not.toContain(secret);
  });

  it('says nothing about a failure of ours but where to look', async () => {
    const failing = await ApiFixture.open({
      connections: () => Promise.reject(new Error('password=canary-5ec2')),
    });
    const body = await expectProblem(await failing.request('/v1/connections'), 500);
    expect(body.detail).toBe('The log of the agent says more, under this request id.');
    expect(failing.logged).toHaveLength(1);
    expect(failing.logged[0]?.fields).toMatchObject({ requestId: expect.any(String), method: 'GET' });
    expect(JSON.stringify([body, failing.logged])).not.toContain('canary-5ec2');
    await failing.close();
  });

  it('tells that the store is gone with 503', async () => {
    await api.store.close();
    const response = await api.request('/v1/evidence');
    expect(response.headers.get('Retry-After')).toBe('5');
    await expectProblem(response, 503);
    await expectProblem(await api.app.request('/readyz'), 503);
    expect((await api.app.request('/healthz')).status).toBe(200);
  });

  it('limits the rate of an address, guesses at the token included', async () => {
    const limited = await ApiFixture.open({ options: { rate: { perSecond: 2, burst: 3 } } });
    for (const _ of [1, 2, 3]) expect((await limited.app.request('/v1/evidence')).status).toBe(401);
    const response = await limited.app.request('/v1/evidence');
    expect(response.headers.get('Retry-After')).toBe('1');
    await expectProblem(response, 429);
    const other = { incoming: { socket: { remoteAddress: '10.0.0.9' } } };
    expect((await limited.app.request('/healthz', {}, other)).status).toBe(200);
    limited.clock.nowMs += 500;
    expect((await limited.request('/v1/evidence')).status).toBe(200);
    await expectProblem(await limited.request('/v1/evidence'), 429);
    await limited.close();
  });
});

describe('every response', () => {
  it('carries a request id, the one of the client when that is harmless', async () => {
    const id = async (header: string) =>
      (await api.request('/v1/evidence', { headers: { 'X-Request-Id': header } })).headers.get(
        'X-Request-Id',
      );
    expect(await id('abc-123')).toBe('abc-123');
    expect(await id('<script>')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await id('x'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['/v1/evidence', '/v1/nothing', '/healthz'])('has the security headers: %s', async (path) => {
    const { headers } = await api.request(path);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('Cache-Control')).toBe('private, no-cache');
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});

describe('/v1/evidence', () => {
  const CHECKOUT = 'kubernetes://prod/shop/Deployment/checkout';
  const items = Array.from({ length: 23 }, (_, index) =>
    fakeItem(`item-${index}`, {
      occurredAt: at(Math.floor(index / 3) * 1_000),
      class: index % 2 === 0 ? 'change' : 'symptom',
      ...(index % 5 === 0
        ? { entity: CHECKOUT, connection: 'prod', kind: 'kubernetes.object_changes/v1' }
        : {}),
    }),
  );

  async function allPages(query: string): Promise<readonly string[]> {
    const ids: string[] = [];
    let path: string | null = `/v1/evidence?${query}`;
    while (path !== null) {
      const response: Response = await api.request(path);
      const page = (await response.json()) as Page;
      ids.push(...page.items.map(({ id }) => id));
      const link: string | null = response.headers.get('Link');
      expect(link === null).toBe(page.next === null);
      path = /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1] ?? null;
    }
    return ids;
  }

  it('returns every item once over all pages, following the links', async () => {
    await api.append(items.slice(0, 10));
    await api.append(items.slice(10));
    expect((await allPages('limit=4')).toSorted()).toEqual(items.map(({ id }) => id).toSorted());
    const changes = items.filter((item) => item.class === 'change').map(({ id }) => id);
    expect((await allPages('limit=3&class=change')).toSorted()).toEqual(changes.toSorted());
  });

  it.each([
    ['', 23],
    ['class=change', 12],
    ['class=change,symptom', 23],
    ['class=change&class=symptom', 23],
    ['class=gap', 0],
    [`entity=${encodeURIComponent(CHECKOUT)}`, 5],
    ['entity=kubernetes://prod/', 5],
    ['connection=prod', 5],
    ['kind=kubernetes.object_changes/v1', 5],
    [`from=${at(2_000)}&to=${at(4_000)}`, 6],
    ['from=2026-11-21T01:00:02%2B01:00&to=2026-11-21T01:00:04%2B01:00', 6],
  ])('%s finds %d', async (query, count) => {
    await api.append(items);
    expect((await api.get<Page>(`/v1/evidence?${query}`)).items).toHaveLength(count);
  });

  it('serves items as they were sealed', async () => {
    const sealed = await api.append(items.slice(0, 1));
    const [item] = sealed.items;
    const page = await (await api.request('/v1/evidence')).text();
    expect(page).toBe(`{"items":[${item?.canonical}],"next":null}`);
    expect(await api.get(`/v1/evidence/${itemId('item-0')}`)).toEqual({
      item: item?.item,
      proof: { salt: item?.salt, leaf: item?.leaf, manifest: sealed.digest },
    });
  });

  it('answers 304 to who has it already', async () => {
    await api.append(items.slice(0, 2));
    const tag = (await api.request('/v1/evidence')).headers.get('ETag') ?? '';
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
    for (const held of [tag, `"other", ${tag}`, '*', tag.slice(2)]) {
      const response = await api.request('/v1/evidence', { headers: { 'If-None-Match': held } });
      expect([response.status, await response.text(), response.headers.get('ETag')]).toEqual([304, '', tag]);
    }
    await api.append(items.slice(2, 3));
    expect((await api.request('/v1/evidence', { headers: { 'If-None-Match': tag } })).status).toBe(200);
  });

  it('answers any query string without failing', async () => {
    await api.append(items);
    const name = fc.oneof(
      fc.constantFrom(
        'from',
        'to',
        'kind',
        'class',
        'entity',
        'connection',
        'limit',
        'cursor',
        '__proto__',
        'constructor',
      ),
      fc.string(),
    );
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        at(0),
        'change',
        'kubernetes://prod/',
        '5',
        '-1',
        '1e3',
        '%',
        '%00',
        '%ff',
        '\u0000',
        "' or 1=1 --",
      ),
      fc
        .constantFrom('1:evidence:1:2', '1:evidence:1e300:2', '1:evidence:-1:-1')
        .map((text) => Buffer.from(text).toString('base64url')),
    );
    const query = fc
      .array(fc.tuple(name, value, fc.boolean()), { maxLength: 5 })
      .map((pairs) =>
        pairs
          .map(([key, text, raw]) => (raw ? `${key}=${text}` : `${encode(key)}=${encode(text)}`))
          .join('&'),
      );
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        const response = await api.request(`/v1/evidence?${text}`);
        if (response.status !== 200) await expectProblem(response, 400);
      }),
      { numRuns: 500 },
    );
    expect(api.logged).toEqual([]);
  });
});

/** encodeURIComponent refuses lone surrogates; a client can send their bytes all the same. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

describe('/v1/incidents', () => {
  it('opens one over the last hour when nothing else is said', async () => {
    const response = await api.post('/v1/incidents', { title: ' checkout is slow ' });
    expect(response.status).toBe(201);
    expect(response.headers.get('Location')).toBe('/v1/incidents/inc-1');
    const window = { from: new Date(NOW - 3_600_000).toISOString(), to: new Date(NOW).toISOString() };
    expect(api.incidents.opened).toEqual([{ title: 'checkout is slow', window, scope: {}, trigger: 'api' }]);
    expect(await api.get('/v1/incidents/inc-1')).toEqual(await response.json());
  });

  it.each([
    [{ lookback: '15m' }, { from: NOW - 900_000, to: NOW }],
    [{ window: { from: '2026-11-21T01:30:00Z' } }, { from: NOW - 1_800_000, to: NOW }],
    [
      { window: { from: '2026-11-21T00:30:00+01:00', to: '2026-11-21T01:00:00Z' } },
      { from: NOW - 9_000_000, to: NOW - 3_600_000 },
    ],
  ])('takes %j', async (body, { from, to }) => {
    await api.post('/v1/incidents', { title: 'x', ...body });
    expect(api.incidents.opened[0]?.window).toEqual({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    });
  });

  it.each([
    [{}, 'title'],
    [{ title: '' }, 'title'],
    [{ title: 'a\u0007b' }, 'title'],
    [{ title: 'x', severity: 1 }, 'severity'],
    [{ title: 'x', lookback: '1h', window: { from: at(0) } }, 'lookback'],
    [{ title: 'x', lookback: '745h' }, 'lookback'],
    [{ title: 'x', lookback: '0s' }, 'lookback'],
    [{ title: 'x', window: { from: at(5), to: at(5) } }, 'window.to'],
    [{ title: 'x', window: { from: '2026-11-22T00:00:00Z' } }, 'window.from'],
    [{ title: 'x', window: { to: at(5) } }, 'window.from'],
    [{ title: 'x', scope: { cluster: ['a'] } }, 'scope.cluster'],
    [{ title: 'x', scope: { namespace: [] } }, 'scope.namespace'],
    [{ title: 'x', scope: { namespace: [''] } }, 'scope.namespace.0'],
  ])('refuses %j', async (body, name) => {
    const { errors } = await expectProblem(await api.post('/v1/incidents', body), 422);
    expect(errors?.map((error) => [error.in, error.name])).toEqual([['body', name]]);
    expect(api.incidents.opened).toEqual([]);
  });

  it('opens one for an idempotency key, however often it is sent', async () => {
    const key = { 'Idempotency-Key': 'page-4711' };
    const body = { title: 'x', scope: { namespace: ['shop'], connection: ['prod'] } };
    const first = await api.post('/v1/incidents', body, key);
    api.clock.nowMs += 60_000;
    const again = await api.post('/v1/incidents', body, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    expect([first, again].map(({ headers }) => headers.get('Idempotency-Replayed'))).toEqual([null, 'true']);
    await expectProblem(await api.post('/v1/incidents', { title: 'y' }, key), 422);
    await expectProblem(await api.post('/v1/incidents', body, { 'Idempotency-Key': 'a b' }), 400);
    expect(
      (await api.post('/v1/incidents', body, { 'Idempotency-Key': 'other' })).headers.get('Location'),
    ).toBe('/v1/incidents/inc-2');
    expect(api.incidents.opened).toHaveLength(2);
  });

  it('does not open two when the key comes twice at once', async () => {
    const send = () => api.post('/v1/incidents', { title: 'x' }, { 'Idempotency-Key': 'k' });
    const statuses = (await Promise.all([send(), send(), send()])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 409, 409]);
    expect(api.incidents.opened).toHaveLength(1);
  });

  it('lists them newest first, in pages, and closes them', async () => {
    for (const title of ['a', 'b', 'c']) await api.post('/v1/incidents', { title });
    const first = await api.get<Page>('/v1/incidents?limit=2');
    expect(first.items.map(({ id }) => id)).toEqual(['inc-3', 'inc-2']);
    const second = await api.get<Page>(`/v1/incidents?limit=2&cursor=${first.next}`);
    expect(second).toMatchObject({ items: [{ id: 'inc-1' }], next: null });
    const closed = await api.request('/v1/incidents/inc-1/close', { method: 'POST' });
    expect(await closed.json()).toMatchObject({
      id: 'inc-1',
      status: 'closed',
      closedAt: new Date(NOW).toISOString(),
    });
    await expectProblem(await api.request('/v1/incidents/inc-9/close', { method: 'POST' }), 404);
  });
});

describe('/v1/incidents/{id}/bundle', () => {
  beforeEach(async () => {
    await api.post('/v1/incidents', { title: 'x' });
  });

  it('serves the exact bytes', async () => {
    const response = await api.request('/v1/incidents/inc-1/bundle');
    const bytes = new Uint8Array(await response.arrayBuffer());
    const kept = await api.store.latestBundle('inc-1');
    expect(bytes).toEqual(new Uint8Array(kept?.bytes ?? []));
    expect(response.headers.get('Content-Type')).toBe('application/vnd.exhibit.bundle+json');
    expect(response.headers.get('Content-Disposition')).toBe(
      'attachment; filename="incident-inc-1.bundle.json"',
    );
    expect(response.headers.get('Exhibit-Manifest')).toBe(kept?.manifest);
    const tag = response.headers.get('ETag') ?? '';
    expect(tag).toMatch(/^"[0-9a-f]{64}"$/);
    const again = await api.request('/v1/incidents/inc-1/bundle', { headers: { 'If-None-Match': tag } });
    expect(again.status).toBe(304);
  });

  it('is made again after a minute while the incident is open, and once after it was closed', async () => {
    const fetch = () => api.request('/v1/incidents/inc-1/bundle');
    await fetch();
    api.clock.nowMs += 59_999;
    await fetch();
    expect(api.incidents.bundled).toBe(1);
    api.clock.nowMs += 1;
    await fetch();
    expect(api.incidents.bundled).toBe(2);
    api.clock.nowMs += 1_000;
    await api.request('/v1/incidents/inc-1/close', { method: 'POST' });
    await fetch();
    api.clock.nowMs += 86_400_000;
    await fetch();
    expect(api.incidents.bundled).toBe(3);
  });

  it('is made once for requests that come at once', async () => {
    await Promise.all([1, 2, 3].map(() => api.request('/v1/incidents/inc-1/bundle')));
    expect(api.incidents.bundled).toBe(1);
  });
});

describe('/v1/manifests', () => {
  it('serves the chain, its manifests as the bytes that were signed, and what signs them', async () => {
    const sealed = [
      await api.append([fakeItem('a')]),
      await api.append([fakeItem('b'), fakeItem('c')]),
    ] as const;
    const page = await api.get<Page<{ readonly digest: string }>>('/v1/manifests');
    expect(page.items).toMatchObject([
      { sequence: 2, digest: sealed[1].digest, items: 2, purpose: 'run' },
      { sequence: 1, digest: sealed[0].digest, items: 1 },
    ]);
    expect(page.items[0]).not.toHaveProperty('canonical');
    const manifest = await api.request(`/v1/manifests/${sealed[1].digest}`);
    expect(await manifest.text()).toBe(sealed[1].canonical);
    const attestation = await api.request(`/v1/manifests/${sealed[1].digest}/attestation`);
    expect(attestation.headers.get('Content-Type')).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    expect(await attestation.text()).toBe(sealed[1].attestation);
  });
});

describe('the rest', () => {
  it('serves connections, connector types and the public key', async () => {
    expect((await api.get<Page>('/v1/connections')).items).toMatchObject([{ id: 'orders-db', gaps: [] }]);
    expect(await api.get('/v1/connector-types')).toEqual({ items: [] });
    expect(await (await api.request('/v1/keys/evidence.pub')).text()).toBe(PUBLIC_KEY);
  });

  it('answers HEAD like GET, without a body', async () => {
    const response = await api.request('/v1/evidence', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('ETag')).not.toBeNull();
  });
});

describe('/openapi.json', () => {
  it('lists every route that is registered, and no other', async () => {
    const registered = api.app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const listed = (await operations()).map(({ method, template }) => `${method} ${template}`);
    expect(listed.toSorted()).toEqual([...new Set(registered)].toSorted());
    expect(listed).toHaveLength(17);
  });

  it('describes every operation: summary, tag, parameters, problems', async () => {
    for (const { operation, template, method } of await operations()) {
      const where = `${method} ${template}`;
      expect(operation.summary, where).toBeTruthy();
      expect(operation.tags, where).toHaveLength(1);
      const inPath = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(
        operation.parameters?.filter((each) => each.in === 'path').map(({ name }) => name) ?? [],
        where,
      ).toEqual(inPath);
      for (const status of [400, 401, 429, 500]) {
        expect(Object.keys(operation.responses[status]?.content ?? {}), where).toEqual([
          'application/problem+json',
        ]);
      }
      const successes = Object.keys(operation.responses).filter((status) => Number(status) < 300);
      expect(successes, where).toHaveLength(1);
    }
  });

  it('refers to nothing that is not there', async () => {
    const document = await api.get<OpenApi>('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(document.security).toEqual([{ token: [] }]);
    expect(document.components.securitySchemes).toEqual({ token: { type: 'http', scheme: 'bearer' } });
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('is what openapi.golden.json says', async () => {
    expectGolden(
      fileURLToPath(new URL('openapi.golden.json', import.meta.url)),
      await api.get('/openapi.json'),
    );
  });
});

it('uses every kind of problem', () => {
  expect([...PROBLEM_STATUSES].toSorted()).toEqual([400, 401, 404, 405, 409, 413, 415, 422, 429, 500, 503]);
});
