import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../evidence/store/testing/store-fixtures.ts';
import { ApiFixture, NOW } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
});
afterEach(() => api.close());

interface Page<T = { readonly id: string }> {
  readonly items: readonly T[];
  readonly next: string | null;
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
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
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
