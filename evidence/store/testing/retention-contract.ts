import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '../../item.ts';
import type { Sealed } from '../../seal.ts';
import { EMPTY_HEAD } from '../../testing/samples.ts';
import type { ExpiryRule } from '../governance.ts';
import type { Incident, Store } from '../store.ts';
import type { StoreUnderTest } from './store-contract.ts';
import { at, fakeItem, fakeLogged, fakeSealed, itemId } from './store-fixtures.ts';

const INCIDENT: Incident = {
  id: 'inc-1',
  title: 'checkout is slow',
  window: { from: at(0), to: at(1_000) },
  scope: {},
  trigger: 'cli',
  status: 'closed',
  openedAt: at(10),
  closedAt: at(20),
};

const ITEMS = {
  state: fakeItem('state', { class: 'state', occurredAt: at(100), stream: 'settings' }),
  change: fakeItem('change', {
    class: 'change',
    occurredAt: at(200),
    entity: 'kubernetes://prod/shop/Pod/a',
  }),
  symptom: fakeItem('symptom', { occurredAt: at(300), related: ['kubernetes://prod/shop/Pod/a'] }),
  late: fakeItem('late', { class: 'state', occurredAt: at(400), stream: 'settings' }),
};

/** How every store lets evidence expire. */
export function describeRetention(name: string, { open, reopen }: StoreUnderTest): void {
  describe(`${name} as a store from which evidence expires`, () => {
    let store: Store;
    let sealed: Sealed;
    beforeEach(async () => {
      store = await open();
      sealed = fakeSealed(Object.values(ITEMS), EMPTY_HEAD);
      await store.append(sealed);
    });
    afterEach(() => store.close());

    const seeds = new Map(Object.keys(ITEMS).map((seed) => [itemId(seed), seed]));
    async function left(query: object = {}): Promise<readonly (string | undefined)[]> {
      return (await store.query({ limit: 1_000, ...query })).items.map(({ id }) => seeds.get(id));
    }

    it.each<[string, ExpiryRule[], string[]]>([
      ['nothing without a rule', [], ['state', 'change', 'symptom', 'late']],
      ['what is older, not what is as old', [{ olderThan: at(300) }], ['symptom', 'late']],
      ['classes', [{ classes: ['state', 'gap'], olderThan: at(1_000) }], ['change', 'symptom']],
      ['a class that is older', [{ classes: ['state'], olderThan: at(400) }], ['change', 'symptom', 'late']],
      ['a stream', [{ streams: ['settings'], olderThan: at(1_000) }], ['change', 'symptom']],
      [
        'a stream of a connector',
        [{ streams: ['postgresql/settings'], olderThan: at(400) }],
        ['change', 'symptom', 'late'],
      ],
      [
        'no stream of another connector',
        [{ streams: ['github/settings'], olderThan: at(900) }],
        ['state', 'change', 'symptom', 'late'],
      ],
      [
        'a class and a stream, both of which must match',
        [{ classes: ['symptom'], streams: ['settings'], olderThan: at(900) }],
        ['state', 'change', 'symptom', 'late'],
      ],
      [
        'what any of several rules names',
        [
          { classes: ['change'], olderThan: at(900) },
          { streams: ['settings'], olderThan: at(150) },
        ],
        ['symptom', 'late'],
      ],
    ])('removes %s', async (_what, rules, expected) => {
      await store.retention.expire(rules, at(5_000));
      expect(await left()).toEqual(expected);
      const gone = Object.keys(ITEMS).filter((seed) => !expected.includes(seed));
      for (const seed of gone) expect(await store.item(itemId(seed)), seed).toBeNull();
      const sum = await store.retention.expiryToReceipt();
      expect(sum?.items ?? 0).toBe(gone.length);
    });

    it('keeps id, leaf and manifest, and the manifest as it was signed', async () => {
      await store.retention.expire([{ classes: ['change'], olderThan: at(900) }], at(5_000));
      expect(await store.retention.expiredItem(itemId('change'))).toEqual({
        id: itemId('change'),
        leaf: sealed.items.find(({ item }) => item.id === itemId('change'))?.leaf,
        manifest: sealed.digest,
        expiredAt: at(5_000),
        receipt: null,
      });
      expect((await store.manifest(sealed.digest))?.canonical).toBe(sealed.canonical);
      expect(await store.retention.expiredItem(itemId('late'))).toBeNull();
      expect(await store.retention.expiredItem('nothing')).toBeNull();
    });

    it('is not found by class, kind, connection, entity or prefix, and is not counted', async () => {
      await store.retention.expire([{ classes: ['change'], olderThan: at(900) }], at(5_000));
      for (const query of [
        { class: ['change'] },
        { kind: 'postgresql.blocking_tree/v1', to: at(250) },
        { connection: 'orders-db', to: at(250) },
      ]) {
        expect(await left(query)).not.toContain('change');
      }
      expect(await left({ entity: 'kubernetes://prod/shop/Pod/a' })).toEqual(['symptom']);
      expect(await left({ entity: 'kubernetes://prod/' })).toEqual(['symptom']);
      expect((await store.countByClass()).change).toBe(0);
    });

    it('does not come back, neither collected again nor in a bundle', async () => {
      await store.retention.expire([{ classes: ['change'], olderThan: at(900) }], at(5_000));
      expect(await store.known([itemId('change'), itemId('late'), itemId('new')])).toEqual(
        new Set([itemId('change'), itemId('late')]),
      );
      await store.append(
        fakeSealed([ITEMS.change, fakeItem('new', { occurredAt: at(50) })], await store.head()),
      );
      expect(await store.item(itemId('change'))).toBeNull();
      expect(await store.item(itemId('new'))).not.toBeNull();
      expect(await left({ entity: 'kubernetes://prod/shop/Pod/a' })).toEqual(['symptom']);
    });

    it('leaves entities that come back findable', async () => {
      const pod = (seed: string, time: number): Item =>
        fakeItem(seed, { occurredAt: at(time), entity: 'kubernetes://prod/shop/Pod/once' });
      await store.append(fakeSealed([pod('one', 10)], await store.head()));
      await store.retention.expire([{ olderThan: at(50) }], at(5_000));
      await store.append(fakeSealed([pod('two', 600)], await store.head()));
      store = await reopen(store);
      const found = await store.query({ limit: 9, entity: 'kubernetes://prod/shop/Pod/once' });
      expect(found.items.map(({ id }) => id)).toEqual([itemId('two')]);
    });

    it('sums up what no receipt accounts for yet, also over a crash, and only once', async () => {
      await store.retention.expire([{ olderThan: at(250) }], at(5_000));
      store = await reopen(store);
      await store.retention.expire([{ olderThan: at(350) }], at(6_000));
      const sum = await store.retention.expiryToReceipt();
      expect(sum).toMatchObject({
        items: 3,
        byClass: { change: 1, state: 1, symptom: 1 },
        bundles: 0,
        occurred: { from: at(100), to: at(300) },
      });
      const receipt = {
        id: 'sha256:r',
        kind: 'expiry' as const,
        createdAt: at(7),
        canonical: '{}',
        attestation: '{}',
        logged: fakeLogged('sha256:r', await store.head()),
      };
      await store.governance.saveReceipt(receipt, { expiredThrough: sum?.through ?? 0 });
      expect(await store.retention.expiryToReceipt()).toBeNull();
      expect((await store.retention.expiredItem(itemId('state')))?.receipt).toBe('sha256:r');
      await store.retention.expire([{ olderThan: at(900) }], at(8_000));
      expect(await store.retention.expiryToReceipt()).toMatchObject({ items: 1, byClass: { state: 1 } });
    });

    it('takes bundles along under a rule for everything, and leaves them under any other', async () => {
      await store.createIncident(INCIDENT);
      const bundle = fakeSealed([ITEMS.state], await store.head(), 'bundle');
      const bytes = new Uint8Array([1, 2, 3]);
      await store.append(bundle);
      await store.saveBundle({ incident: 'inc-1', manifest: bundle.digest, createdAt: at(700), bytes });
      await store.retention.expire([{ classes: ['state'], olderThan: at(900) }], at(5_000));
      await store.retention.expire([{ olderThan: at(700) }], at(5_000));
      expect(await store.latestBundle('inc-1')).not.toBeNull();
      await store.retention.expire([{ olderThan: at(701) }], at(5_000));
      expect(await store.latestBundle('inc-1')).toBeNull();
      expect(await store.retention.expiryToReceipt()).toMatchObject({ items: 4, bundles: 1 });
      expect(await store.manifest(bundle.digest)).not.toBeNull();
      expect(await store.incident('inc-1')).toEqual(INCIDENT);
    });

    it('goes through many items in many batches', async () => {
      const many = Array.from({ length: 1_300 }, (_, index) =>
        fakeItem(`many-${index}`, {
          class: index % 2 === 0 ? 'gap' : 'refusal',
          // Many at the same time: the place to go on at is not a time alone.
          occurredAt: at(1_000 + Math.floor(index / 600)),
        }),
      );
      await store.append(fakeSealed(many, await store.head()));
      await store.retention.expire([{ classes: ['gap'], olderThan: at(9_000) }], at(9_000));
      expect(await store.countByClass()).toMatchObject({ gap: 0, refusal: 650, state: 2 });
      expect(await store.retention.expiryToReceipt()).toMatchObject({ items: 650 });
    });

    it('refuses a rule whose time is none', async () => {
      await expect(store.retention.expire([{ olderThan: 'soon' }], at(0))).rejects.toMatchObject({
        code: 'QUERY',
      });
    });

    it('counts the items that carry names of an epoch, in whatever form', async () => {
      const named = [
        { body: { who: 'pseudonym:EPOCH_-1:abc' } },
        { body: { what: ['hmac-sha256:EPOCH_-1:abc', 'pseudonym:EPOCH_-1:abc'] } },
        { entity: 'exhibit://orders-db/redacted/hmac-sha256%3AEPOCH_-1%3Aabc' },
        { body: { who: 'pseudonym:EPOCHX-1:abc' } },
        { body: { who: 'EPOCH_-1' } },
      ].map((fields, index) => fakeItem(`named-${index}`, fields));
      await store.append(fakeSealed(named, await store.head()));
      expect(await store.retention.itemsNamedUnder('EPOCH_-1')).toBe(3);
      expect(await store.retention.itemsNamedUnder('EPOCHX-1')).toBe(1);
      expect(await store.retention.itemsNamedUnder('nothing0')).toBe(0);
      const many = Array.from({ length: 2_500 }, (_, index) =>
        fakeItem(`more-${index}`, { body: { who: 'pseudonym:manymany:abc' } }),
      );
      await store.append(fakeSealed(many, await store.head()));
      expect(await store.retention.itemsNamedUnder('manymany')).toBe(2_500);
    });
  });
}
