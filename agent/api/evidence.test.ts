import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, fakeItem, itemId } from '../../evidence/store/testing/store-fixtures.ts';
import { ApiFixture } from './testing/api-fixture.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
});
afterEach(() => api.close());

interface Page<T = { readonly id: string }> {
  readonly items: readonly T[];
  readonly next: string | null;
}

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

  it('names the stored items to the last look, which then reads the rest alone', async () => {
    const looks: { readonly text: string; readonly items: readonly string[] | undefined }[] = [];
    const listening = await ApiFixture.open({
      outgoing: {
        check(text, _where, items) {
          looks.push({ text: Buffer.from(text).toString('utf8'), items });
          return undefined;
        },
      },
    });
    try {
      const { items: stored } = await listening.append(items.slice(0, 3));
      await listening.get('/v1/evidence');
      await listening.get(`/v1/evidence/${items[1]?.id}`);
      await listening.get('/v1/connections');
      expect(looks.map(({ items: named }) => named?.length)).toEqual([3, 1, undefined]);
      expect(looks[0]?.items?.toSorted()).toEqual(stored.map(({ canonical }) => canonical).toSorted());
      for (const { text, items: named = [] } of looks) for (const item of named) expect(text).toContain(item);
    } finally {
      await listening.close();
    }
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
        expect([200, 400]).toContain(response.status);
        const type = response.status === 200 ? 'application/json' : 'application/problem+json';
        expect(response.headers.get('Content-Type')).toBe(type);
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
