import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Envelope } from './item.ts';
import { Ledger, type SealWith } from './ledger.ts';
import { openSqliteStore, type SqliteStore } from './store/sqlite-store.ts';
import { at, fakeItem, fakeSealed, itemId } from './store/testing/store-fixtures.ts';

let folder: string;
let store: SqliteStore;
let ledger: Ledger;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-ledger-'));
  store = await openSqliteStore({ path: join(folder, 'exhibit.db') });
  ledger = new Ledger({ store });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function envelope(seed: string): Envelope {
  const item = fakeItem(seed);
  return { item, canonical: JSON.stringify(item) } as Envelope;
}

/** Takes a turn of the event loop, so that commits which do not queue would interleave. */
const sealSlowly: SealWith = async (fresh, head) => {
  await new Promise((resolve) => setImmediate(resolve));
  return fakeSealed(
    fresh.map(({ item }) => item),
    head,
  );
};

const neverSeal: SealWith = () => Promise.reject(new Error('must not seal'));

const STATE = { connection: 'c', read: 'r', patch: { set: { cursor: 'b' } } };

describe('Ledger', () => {
  it('seals what is new, once', async () => {
    const first = await ledger.commit([envelope('a'), envelope('b'), envelope('a')], undefined, sealSlowly);
    expect(first).toEqual({ stored: 2, duplicates: 1, manifest: (await store.head()).manifest?.digest });
    const second = await ledger.commit([envelope('b'), envelope('c')], STATE, sealSlowly);
    expect(second).toMatchObject({ stored: 1, duplicates: 1 });
    expect((await store.item(itemId('c')))?.manifest).toBe(second.manifest);
    expect((await store.item(itemId('b')))?.manifest).toBe(first.manifest);
    expect(await store.state('c', 'r')).toEqual(new Map([['cursor', 'b']]));
  });

  it('saves the state alone when nothing is new', async () => {
    await ledger.commit([envelope('a')], undefined, sealSlowly);
    const head = await store.head();
    const outcome = await ledger.commit([envelope('a')], STATE, neverSeal);
    expect(outcome).toEqual({ stored: 0, duplicates: 1, manifest: null });
    expect(await ledger.commit([], undefined, neverSeal)).toEqual({
      stored: 0,
      duplicates: 0,
      manifest: null,
    });
    expect(await store.head()).toEqual(head);
    expect(await store.state('c', 'r')).toEqual(new Map([['cursor', 'b']]));
  });

  it('keeps commits that come at once in order, on one chain', async () => {
    const seeds = Array.from({ length: 12 }, (_, index) => `item-${index}`);
    await Promise.all(
      seeds.map((seed) => ledger.commit([envelope(seed), envelope('shared')], undefined, sealSlowly)),
    );
    expect((await store.head()).manifest?.sequence).toBe(12);
    const manifests = (await store.manifests({ limit: 100 })).items.toReversed();
    const stored = await Promise.all(seeds.map((seed) => store.item(itemId(seed))));
    expect(stored.map((item) => item?.manifest)).toEqual(manifests.map(({ digest }) => digest));
    expect((await store.query({ limit: 100 })).items).toHaveLength(13);
  });

  it('goes on after a commit that failed, which left nothing', async () => {
    const failing = ledger.commit([envelope('a')], STATE, neverSeal);
    const next = ledger.commit([envelope('b')], undefined, sealSlowly);
    await expect(failing).rejects.toThrow('must not seal');
    expect((await next).stored).toBe(1);
    expect(await store.item(itemId('a'))).toBeNull();
    expect(await store.state('c', 'r')).toEqual(new Map());
  });

  it('puts bundles on the same chain', async () => {
    await store.createIncident({
      id: 'inc-1',
      title: 'checkout is slow',
      window: { from: at(0), to: at(1) },
      scope: {},
      trigger: 'cli',
      status: 'open',
      openedAt: at(2),
      closedAt: null,
    });
    const commit = ledger.commit([envelope('a')], undefined, sealSlowly);
    const saved = ledger.saveBundle(async (head) => {
      const sealed = fakeSealed([fakeItem('a')], head, 'bundle');
      const finish = async () => ({
        incident: 'inc-1',
        manifest: sealed.digest,
        createdAt: at(3),
        bytes: new Uint8Array([(await store.log.size()) + 5]),
      });
      return { sealed, finish };
    });
    await ledger.settled();
    expect((await commit).stored).toBe(1);
    expect((await store.head()).manifest).toEqual({ sequence: 2, digest: (await saved).manifest });
    // Put together when its manifest was in the log already.
    expect([...(await saved).bytes]).toEqual([7]);
    expect((await store.latestBundle('inc-1'))?.manifest).toBe((await saved).manifest);
  });
});
