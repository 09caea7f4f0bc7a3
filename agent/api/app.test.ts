import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiFixture, PUBLIC_KEY } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
});
afterEach(() => api.close());

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

describe('the rest', () => {
  it('serves connections, connector types and the public key', async () => {
    expect((await api.get<{ readonly items: unknown }>('/v1/connections')).items).toMatchObject([
      { id: 'orders-db', gaps: [] },
    ]);
    expect(await api.get('/v1/connector-types')).toEqual({ items: [] });
    expect(await (await api.request('/v1/keys/evidence.pub')).text()).toBe(PUBLIC_KEY);
  });

  it('answers HEAD like GET, without a body', async () => {
    const response = await api.request('/v1/evidence', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('ETag')).not.toBeNull();
  });
});
