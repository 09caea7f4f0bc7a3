import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ledger } from '../../evidence/ledger.ts';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import type { Store } from '../../evidence/store/store.ts';
import { type KeyPlaces, keyPathsIn } from '../config/key-places.ts';
import { followSigningKeys } from './follow-keys.ts';
import { type KeyChangeDeps, revokeKey, rotateKey } from './key-rotation.ts';
import { type AgentKeys, loadKeys, makeMissingKeys } from './keys.ts';

let folder = '';
let places: KeyPlaces;
let store: Store;
let keys: AgentKeys;
let minute = 0;
const now = () => new Date(Date.UTC(2026, 10, 21, 0, minute)).toISOString();
beforeEach(async () => {
  minute = 0;
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-follow-'));
  places = keyPathsIn(path.join(folder, 'keys'), 'acme');
  await makeMissingKeys(places);
  keys = await loadKeys(places, { env: {}, now });
  store = await openSqliteStore({ path: path.join(folder, 'evidence.db') });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const outside = (): KeyChangeDeps => ({ places, env: {}, now, by: 'os:ana' });
const follow = (ledger: Pick<Ledger, 'between'> = new Ledger({ store })) =>
  followSigningKeys({ keys, ledger, store, clock: { now: () => new Date(now()) } });
const trail = async () => {
  const { items } = await store.governance.audit({ limit: 9 });
  return items
    .toReversed()
    .map(({ at, actor, action, target, detail }) => [at, actor, action, target, detail]);
};

describe('an agent that runs', () => {
  it('follows what was done to its keys, and files it under who did it', async () => {
    expect(await follow()).toBe(false);
    const old = keys.signer.keyId;
    minute = 1;
    const { after } = await rotateKey(outside(), { purpose: 'evidence', overlapMs: 3_600_000 });
    minute = 2;
    await revokeKey(outside(), { keyId: old, reason: 'laptop lost' });
    minute = 3;
    expect(await follow()).toBe(true);
    expect(keys.signer.keyId).toBe(after.keyId);
    expect(await trail()).toEqual([
      [
        '2026-11-21T00:03:00.000Z',
        'os:ana',
        'keys.rotate',
        after.keyId,
        { signedAt: '2026-11-21T00:01:00.000Z', version: 2 },
      ],
      [
        '2026-11-21T00:03:00.000Z',
        'os:ana',
        'keys.revoke',
        old,
        { signedAt: '2026-11-21T00:02:00.000Z', version: 4 },
      ],
    ]);
    expect(await follow()).toBe(false);
    expect(await trail()).toHaveLength(2);
  });

  it('changes over only when the ledger says so', async () => {
    const old = keys.signer.keyId;
    await rotateKey(outside(), { purpose: 'evidence', overlapMs: 3_600_000 });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const following = follow({
      between: async (work) => {
        await held;
        return work();
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(keys.signer.keyId).toBe(old);
    release();
    expect(await following).toBe(true);
    expect(keys.signer.keyId).not.toBe(old);
  });
});
