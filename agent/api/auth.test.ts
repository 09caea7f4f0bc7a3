import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiFixture, TOKEN } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';
import { operations } from './testing/operations.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
});
afterEach(() => api.close());

describe('the token', () => {
  it('is asked for by every route but the health checks, before its handler runs', async () => {
    const guarded = (await operations(api)).filter(({ path }) => !['/healthz', '/readyz'].includes(path));
    expect(guarded).toHaveLength(35);
    for (const { method, path } of guarded) {
      const body = JSON.stringify({ title: 'x' });
      const post = method === 'POST' ? { body, headers: { 'Content-Type': 'application/json' } } : {};
      const response = await api.app.request(path, { method, ...post });
      await expectProblem(response, 401);
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer realm="exhibit"');
    }
    expect(api.incidents.opened).toEqual([]);
    expect(api.incidents.bundled).toBe(0);
  });

  it.each(['/healthz', '/readyz'])('is not asked for by %s', async (path) => {
    const response = await api.app.request(path);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it.each([
    '/v1',
    '/v1/nothing',
    '/',
    '/healthz/',
    '/healthz/x',
    '//healthz',
    '/HEALTHZ',
    '/v1/evidence?x=/healthz',
  ])('is asked for before anything is said about %s', async (path) => {
    await expectProblem(await api.app.request(`http://localhost${path}`), 401);
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
