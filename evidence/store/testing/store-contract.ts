import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Head } from '../../chain.ts';
import type { Item } from '../../item.ts';
import { appendLeaf } from '../../log/frontier.ts';
import type { Sealed } from '../../seal.ts';
import { contentsOf } from '../../seal.ts';
import { EMPTY_HEAD } from '../../testing/samples.ts';
import type { EvidenceQuery, Incident, Store, StoredBundle } from '../store.ts';
import { at, fakeItem, fakeSealed, itemId } from './store-fixtures.ts';

/** What every store does. `reopen` closes the given store and opens what it left behind. */
export interface StoreUnderTest {
  open(): Promise<Store>;
  reopen(store: Store): Promise<Store>;
}

const INCIDENT: Incident = {
  id: 'inc-1',
  title: 'checkout is slow',
  window: { from: at(0), to: at(3_600_000) },
  scope: { namespace: ['shop'], connection: ['prod', 'orders-db'] },
  trigger: 'api',
  status: 'open',
  openedAt: at(3_600_001),
  closedAt: null,
};

export function describeStore(name: string, { open, reopen }: StoreUnderTest): void {
  describe(`${name} as a store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    async function append(...items: readonly Item[]): Promise<Sealed> {
      const sealed = fakeSealed(items, await store.head());
      await store.append(sealed);
      return sealed;
    }

    async function ids(query: Partial<EvidenceQuery>): Promise<readonly string[]> {
      const page = await store.query({ limit: 1_000, ...query });
      return page.items.map((item) => item.id);
    }

    describe('the chain', () => {
      it('starts empty and moves its head with every batch', async () => {
        expect(await store.head()).toEqual(EMPTY_HEAD);
        const first = await append(fakeItem('a'), fakeItem('a2'));
        expect(await store.head()).toEqual({
          manifest: { sequence: 1, digest: first.digest },
          lastItem: 2,
          log: { size: 1, hashes: [Uint8Array.from(first.logged.leaf)] },
        });
        const second = await append(fakeItem('b'));
        expect(await store.head()).toMatchObject({
          manifest: { sequence: 2, digest: second.digest },
          lastItem: 3,
          log: { size: 2 },
        });
      });

      it.each([
        ['a first manifest that names one before it', { sequence: 0, digest: `sha256:${'1'.repeat(64)}` }],
        ['a first manifest that is not number 1', { sequence: 4, digest: null as unknown as string }],
      ])('refuses %s', async (_what, head) => {
        const wrong = fakeSealed([fakeItem('a')], { ...EMPTY_HEAD, manifest: head });
        await expect(store.append(wrong)).rejects.toMatchObject({ code: 'CHAIN' });
        expect(await store.head()).toEqual(EMPTY_HEAD);
      });

      it('refuses a batch that does not follow the head, and keeps nothing of it', async () => {
        const sealed = await append(fakeItem('a'));
        const head = await store.head();
        const manifest = { sequence: 1, digest: sealed.digest };
        const wrong: readonly Head[] = [
          EMPTY_HEAD,
          { ...head, manifest: { ...manifest, sequence: 2 } },
          { ...head, manifest: { ...manifest, digest: `sha256:${'2'.repeat(64)}` } },
          { ...head, lastItem: 0 },
          { ...head, lastItem: 2 },
        ];
        for (const at of wrong) {
          const state = { connection: 'c', read: 'r', patch: { set: { cursor: 1 } } };
          await expect(store.append(fakeSealed([fakeItem('b')], at), state)).rejects.toMatchObject({
            code: 'CHAIN',
          });
        }
        const offLog = fakeSealed([fakeItem('b')], {
          ...head,
          log: appendLeaf(head.log, sealed.logged.leaf),
        });
        await expect(store.append(offLog)).rejects.toMatchObject({ code: 'LOG' });
        expect(await store.head()).toEqual(head);
        expect(await store.item(itemId('b'))).toBeNull();
        expect(await store.state('c', 'r')).toEqual(new Map());
      });

      it('tells what the items of a run became, and what a manifest commits to', async () => {
        const first = await append(
          fakeItem('a', { occurredAt: at(1) }),
          fakeItem('b', { occurredAt: at(90) }),
        );
        const second = await append(fakeItem('c', { occurredAt: at(2) }));
        const bundle = fakeSealed([fakeItem('a')], await store.head(), 'bundle');
        await store.append(bundle);
        const third = await append(fakeItem('d', { occurredAt: at(91) }));
        await store.retention.expire([{ olderThan: at(50) }], at(100));
        expect(await store.contents(first.digest)).toEqual(contentsOf(first.items));
        expect(await store.contents(bundle.digest)).toEqual([]);
        expect(await store.fates([third.digest, first.digest])).toEqual([
          { sequence: 1, digest: first.digest, first: 1, items: 2, kept: 1, expired: 1 },
          { sequence: 2, digest: second.digest, first: 3, items: 1, kept: 0, expired: 1 },
          { sequence: 4, digest: third.digest, first: 4, items: 1, kept: 1, expired: 0 },
        ]);
        expect(await store.fates([second.digest])).toHaveLength(1);
        expect(await store.fates([])).toEqual([]);
      });

      it('lists manifests newest first, in pages', async () => {
        const digests: string[] = [];
        for (const seed of ['a', 'b', 'c', 'd', 'e']) digests.unshift((await append(fakeItem(seed))).digest);
        const first = await store.manifests({ limit: 2 });
        const second = await store.manifests({ limit: 2, cursor: first.next ?? '' });
        const third = await store.manifests({ limit: 2, cursor: second.next ?? '' });
        const pages = [first, second, third];
        expect(pages.map((page) => page.items.map((manifest) => manifest.digest))).toEqual([
          digests.slice(0, 2),
          digests.slice(2, 4),
          digests.slice(4),
        ]);
        expect(third.next).toBeNull();
      });

      it('returns a manifest as it was sealed', async () => {
        const sealed = await append(fakeItem('a'), fakeItem('b'));
        expect(await store.manifest(sealed.digest)).toEqual({
          sequence: 1,
          digest: sealed.digest,
          purpose: 'run',
          createdAt: sealed.manifest.createdAt,
          items: 2,
          canonical: sealed.canonical,
          attestation: sealed.attestation,
        });
        expect(await store.manifest(`sha256:${'3'.repeat(64)}`)).toBeNull();
      });
    });

    describe('items', () => {
      it('returns an item as it was sealed', async () => {
        const sealed = await append(fakeItem('a'));
        const [item] = sealed.items;
        expect(await store.item(itemId('a'))).toEqual({
          id: itemId('a'),
          canonical: item?.canonical,
          position: 0,
          salt: item?.salt,
          leaf: item?.leaf,
          manifest: sealed.digest,
        });
        expect(await store.item('nothing')).toBeNull();
      });

      it('knows which ids it holds', async () => {
        await append(fakeItem('a'), fakeItem('b'));
        expect(await store.known([itemId('b'), itemId('c')])).toEqual(new Set([itemId('b')]));
        expect(await store.known([])).toEqual(new Set());
      });

      it('leaves an item with the manifest that first sealed it', async () => {
        const first = await append(fakeItem('a'));
        await append(fakeItem('a'), fakeItem('b'));
        expect((await store.item(itemId('a')))?.manifest).toBe(first.digest);
        expect(await ids({})).toHaveLength(2);
        expect(await ids({ entity: 'postgresql://orders-db/orders' })).toHaveLength(2);
      });

      it('counts by class, in a window', async () => {
        await append(
          fakeItem('a', { class: 'change', occurredAt: at(10) }),
          fakeItem('b', { class: 'change', occurredAt: at(20) }),
          fakeItem('c', { class: 'gap', occurredAt: at(30) }),
        );
        expect(await store.countByClass()).toEqual({ change: 2, symptom: 0, state: 0, gap: 1, refusal: 0 });
        const window = { from: at(20), to: at(30) };
        expect(await store.countByClass(window)).toEqual({
          change: 1,
          symptom: 0,
          state: 0,
          gap: 0,
          refusal: 0,
        });
      });
    });

    describe('queries', () => {
      const CHECKOUT = 'kubernetes://prod/shop/Deployment/checkout';
      const ITEMS = {
        early: fakeItem('early', { occurredAt: at(100), class: 'state', kind: 'postgresql.settings/v1' }),
        lock: fakeItem('lock', {
          occurredAt: at(300),
          related: ['postgresql://orders-db/orders/public/cart'],
        }),
        rollout: fakeItem('rollout', {
          occurredAt: at(200),
          class: 'change',
          kind: 'kubernetes.object_changes/v1',
          connection: 'prod',
          entity: CHECKOUT,
          related: ['kubernetes://prod/shop/ConfigMap/flags', 'github://acme/shop/commit/4f2c'],
        }),
        crash: fakeItem('crash', {
          occurredAt: at(400),
          kind: 'kubernetes.symptoms/v1',
          connection: 'prod',
          entity: 'kubernetes://prod/shop/Pod/checkout-1',
          related: [CHECKOUT],
        }),
        server: fakeItem('server', {
          occurredAt: at(500),
          class: 'state',
          kind: 'postgresql.server/v1',
          connection: 'replica',
          entity: 'postgresql://replica',
        }),
      };
      const seeds = new Map(Object.keys(ITEMS).map((seed) => [itemId(seed), seed]));

      beforeEach(() => append(...Object.values(ITEMS).toReversed()));

      it.each<[string, Partial<EvidenceQuery>, readonly string[]]>([
        ['everything, by time', {}, ['early', 'rollout', 'lock', 'crash', 'server']],
        ['from, inclusive', { from: at(200) }, ['rollout', 'lock', 'crash', 'server']],
        ['to, exclusive', { to: at(300) }, ['early', 'rollout']],
        ['one kind', { kind: 'kubernetes.symptoms/v1' }, ['crash']],
        ['one class', { class: ['symptom'] }, ['lock', 'crash']],
        ['two classes', { class: ['symptom', 'change'] }, ['rollout', 'lock', 'crash']],
        ['a class asked for twice', { class: ['change', 'change'] }, ['rollout']],
        ['a connection', { connection: 'prod' }, ['rollout', 'crash']],
        ['a class of a connection', { connection: 'orders-db', class: ['symptom'] }, ['lock']],
        ['a kind and another class', { kind: 'kubernetes.symptoms/v1', class: ['change'] }, []],
        ['an entity, also as related', { entity: CHECKOUT }, ['rollout', 'crash']],
        ['a related entity', { entity: 'github://acme/shop/commit/4f2c' }, ['rollout']],
        ['a prefix', { entity: 'kubernetes://prod/shop/' }, ['rollout', 'crash']],
        ['a prefix of related ones', { entity: 'github://acme/' }, ['rollout']],
        ['a prefix that is not an entity', { entity: 'postgresql://orders-db/' }, ['early', 'lock']],
        ['a longer prefix', { entity: 'kubernetes://prod/shop/Deployment/' }, ['rollout', 'crash']],
        ['a prefix that includes its own root', { entity: 'postgresql://replica/' }, ['server']],
        ['no prefix without the slash', { entity: 'kubernetes://prod/shop' }, []],
        [
          'a prefix, a class and a window',
          { entity: 'kubernetes://prod/', class: ['symptom'], to: at(400) },
          [],
        ],
        ['an unknown kind', { kind: 'nothing' }, []],
        ['an unknown entity', { entity: 'kubernetes://elsewhere/x' }, []],
      ])('finds %s', async (_what, query, expected) => {
        expect((await ids(query)).map((id) => seeds.get(id))).toEqual(expected);
      });

      it('returns every item once over all pages, whatever the query', async () => {
        const more = Array.from({ length: 20 }, (_, index) =>
          fakeItem(`more-${index}`, { occurredAt: at(250 + (index % 3)), related: [CHECKOUT] }),
        );
        await append(...more);
        for (const query of [
          {},
          { class: ['symptom' as const] },
          { entity: CHECKOUT },
          { entity: 'kubernetes://prod/' },
        ]) {
          const collected: string[] = [];
          let cursor: string | null = null;
          do {
            const page = await store.query({ ...query, limit: 3, ...(cursor === null ? {} : { cursor }) });
            collected.push(...page.items.map((item) => item.id));
            cursor = page.next;
          } while (cursor !== null);
          expect(collected).toEqual(await ids(query));
          expect(new Set(collected).size).toBe(collected.length);
        }
      });

      it.each([
        ['text', 'not a cursor'],
        ['nothing', ''],
        ['a cursor of another list', Buffer.from('1:manifests:5').toString('base64url')],
        ['another version', Buffer.from('2:evidence:5:5').toString('base64url')],
        ['too few numbers', Buffer.from('1:evidence:5').toString('base64url')],
        ['not a number', Buffer.from('1:evidence:5:x').toString('base64url')],
        ['another spelling of a number', Buffer.from('1:evidence:5:0x1').toString('base64url')],
      ])('refuses as cursor: %s', async (_what, cursor) => {
        await expect(store.query({ limit: 1, cursor })).rejects.toMatchObject({ code: 'QUERY' });
      });

      it.each([
        { limit: 0 },
        { limit: 1_001 },
        { limit: 1.5 },
        { limit: 1, from: 'yesterday' },
        { limit: 1, to: 'x' },
      ])('refuses %j', async (query) => {
        await expect(store.query(query)).rejects.toMatchObject({ code: 'QUERY' });
      });
    });

    describe('runs and their state', () => {
      it('patches state per connection and read', async () => {
        await store.saveState({
          connection: 'c',
          read: 'r',
          patch: { set: { a: 1, b: { deep: [null, 'x'] }, c: 'gone' } },
        });
        await store.saveState({ connection: 'c', read: 'other', patch: { set: { a: 99 } } });
        await store.saveState({
          connection: 'c',
          read: 'r',
          patch: { set: { a: 2 }, delete: ['c', 'never'] },
        });
        expect(await store.state('c', 'r')).toEqual(
          new Map<string, unknown>([
            ['a', 2],
            ['b', { deep: [null, 'x'] }],
          ]),
        );
        expect(await store.state('nobody', 'r')).toEqual(new Map());
      });

      it('saves state with the batch', async () => {
        const state = { connection: 'c', read: 'r', patch: { set: { cursor: 'after-a' } } };
        await store.append(fakeSealed([fakeItem('a')], EMPTY_HEAD), state);
        expect(await store.state('c', 'r')).toEqual(new Map([['cursor', 'after-a']]));
      });

      it('tells the newest run of every read', async () => {
        const run = { connection: 'c', read: 'r', trigger: 'interval' as const, startedAt: at(1) };
        await store.startRun({ ...run, id: 'run-1' });
        await store.startRun({ ...run, id: 'run-2', startedAt: at(2) });
        await store.startRun({ ...run, id: 'run-3', read: 'b', trigger: 'incident', startedAt: at(3) });
        const end = { endedAt: at(9), status: 'partial' as const, items: 7, gaps: 2, error: 'TIMEOUT' };
        await store.finishRun('run-2', end);
        expect(await store.latestRuns()).toEqual([
          { ...run, id: 'run-3', read: 'b', trigger: 'incident', startedAt: at(3) },
          { ...run, id: 'run-2', startedAt: at(2), ...end },
        ]);
      });
    });

    describe('incidents', () => {
      it('creates, updates and lists them, newest first', async () => {
        await store.createIncident(INCIDENT);
        await store.createIncident({ ...INCIDENT, id: 'inc-2', title: 'second', scope: {} });
        const closed: Incident = { ...INCIDENT, status: 'closed', closedAt: at(4_000_000) };
        await store.updateIncident(closed);
        expect(await store.incident('inc-1')).toEqual(closed);
        expect(await store.incident('inc-9')).toBeNull();
        const first = await store.incidents({ limit: 1 });
        expect(first.items.map((incident) => incident.title)).toEqual(['second']);
        const second = await store.incidents({ limit: 1, cursor: first.next ?? '' });
        expect(second).toEqual({ items: [closed], next: null });
      });

      it('finds an incident by its idempotency key, which can be used once', async () => {
        await store.createIncident(INCIDENT, { key: 'key-digest', request: 'request-digest' });
        expect(await store.incidentByKey('key-digest')).toEqual({
          incident: INCIDENT,
          request: 'request-digest',
        });
        expect(await store.incidentByKey('other')).toBeNull();
        const again = store.createIncident({ ...INCIDENT, id: 'inc-2' }, { key: 'key-digest', request: 'x' });
        await expect(again).rejects.toMatchObject({ code: 'STORE' });
        expect(await store.incident('inc-2')).toBeNull();
      });

      it('keeps the exact bytes of a bundle with its manifest, and returns the newest', async () => {
        await store.createIncident(INCIDENT);
        const run = await append(fakeItem('a'));
        expect(await store.latestBundle('inc-1')).toBeNull();
        const bundles: StoredBundle[] = [];
        for (const byte of [1, 2]) {
          const sealed = fakeSealed([fakeItem('a')], await store.head(), 'bundle');
          const bytes = new Uint8Array([0, 255, byte]);
          const bundle = { incident: 'inc-1', manifest: sealed.digest, createdAt: at(byte), bytes };
          await store.append(sealed);
          await store.saveBundle(bundle);
          bundles.push(bundle);
        }
        const newest = await store.latestBundle('inc-1');
        expect({ ...newest, bytes: [...(newest?.bytes ?? [])] }).toEqual({
          ...bundles[1],
          bytes: [0, 255, 2],
        });
        expect((await store.head()).manifest).toEqual({ sequence: 3, digest: bundles[1]?.manifest });
        expect((await store.manifest(bundles[0]?.manifest ?? ''))?.purpose).toBe('bundle');
        expect((await store.item(itemId('a')))?.manifest).toBe(run.digest);
      });

      it('refuses a bundle of no incident, or of no manifest', async () => {
        await store.createIncident(INCIDENT);
        const sealed = await append(fakeItem('a'));
        const bundle = {
          incident: 'nobody',
          manifest: sealed.digest,
          createdAt: at(1),
          bytes: new Uint8Array([1]),
        };
        await expect(store.saveBundle(bundle)).rejects.toMatchObject({ code: 'STORE' });
        const strange = { ...bundle, incident: INCIDENT.id, manifest: `sha256:${'3'.repeat(64)}` };
        await expect(store.saveBundle(strange)).rejects.toMatchObject({ code: 'STORE' });
        expect(await store.latestBundle(INCIDENT.id)).toBeNull();
      });
    });

    describe('durability', () => {
      it('has everything after it was opened again', async () => {
        const state = { connection: 'c', read: 'r', patch: { set: { cursor: 4 } } };
        const sealed = fakeSealed([fakeItem('a'), fakeItem('b', { occurredAt: at(1) })], EMPTY_HEAD);
        await store.append(sealed, state);
        await store.createIncident(INCIDENT);
        store = await reopen(store);
        expect((await store.head()).manifest).toEqual({ sequence: 1, digest: sealed.digest });
        expect(await ids({ entity: 'postgresql://' })).toEqual([itemId('a'), itemId('b')]);
        expect(await store.state('c', 'r')).toEqual(new Map([['cursor', 4]]));
        expect(await store.incident('inc-1')).toEqual(INCIDENT);
        await append(fakeItem('c'));
        expect(await ids({})).toHaveLength(3);
      });

      it('can be closed twice and says so when used afterwards', async () => {
        await store.close();
        await store.close();
        await expect(store.head()).rejects.toMatchObject({ code: 'STORE', message: 'the store is closed' });
      });
    });
  });
}
