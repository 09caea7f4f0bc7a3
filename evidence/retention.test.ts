import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hexOf } from './digest.ts';
import { Ledger } from './ledger.ts';
import { merkleRoot } from './merkle.ts';
import { expireEvidence, type RetentionDeps } from './retention.ts';
import { seal } from './seal.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import type { Store } from './store/store.ts';
import { sampleContext, sampleEnvelopes, sampleKeys } from './testing/samples.ts';
import { verifyChain, verifyReceipt } from './verify.ts';

const keys = sampleKeys();
const trust = { publicKeyPem: [keys.signer.publicKeyPem] };
const NOW = '2026-11-21T01:00:00.000Z';
const SAID = { by: 'agent', reason: 'retention' };

let folder = '';
let store: Store;
let deps: RetentionDeps;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-retention-'));
  store = await openSqliteStore({ path: path.join(folder, 'evidence.db') });
  deps = {
    store,
    ledger: new Ledger({ store }),
    keys,
    tenant: 'acme',
    agent: { name: 'exhibit', version: '0.1.0' },
    now: () => NOW,
  };
  const envelopes = sampleEnvelopes(30);
  await store.append(await seal(envelopes, sampleContext(envelopes, keys)));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

describe('expireEvidence', () => {
  it('signs what went, and what is left still verifies', async () => {
    const before = await store.query({ limit: 100 });
    const rules = [{ classes: ['symptom' as const], streams: ['sample/blocking'], olderThan: NOW }];
    const receipt = await expireEvidence(deps, rules, SAID);
    if (receipt === null) throw new Error('nothing expired');
    expect(verifyReceipt(receipt.canonical, receipt.attestation, trust).good).toBe(true);
    expect(JSON.parse(receipt.canonical)).toEqual({
      schema: 'exhibit.receipt/v1',
      kind: 'expiry',
      tenant: 'acme',
      agent: { name: 'exhibit', version: '0.1.0' },
      createdAt: NOW,
      ...SAID,
      rules,
      items: 27,
      byClass: { symptom: 27 },
      bundles: 0,
      occurred: { from: '2026-11-21T00:09:51.000Z', to: '2026-11-21T00:10:00.000Z' },
    });
    expect(await store.countByClass()).toMatchObject({ symptom: 0, gap: 3 });

    const { items: manifests } = await store.manifests({ limit: 10 });
    expect(verifyChain(manifests, trust).good).toBe(true);
    const listed = await store.contents(manifests[0]?.digest ?? '');
    const leaves = listed.map(({ leaf }) => Buffer.from(hexOf(leaf), 'hex'));
    expect(JSON.parse(manifests[0]?.canonical ?? '')).toMatchObject({
      itemsRoot: `sha256:${Buffer.from(merkleRoot(leaves)).toString('hex')}`,
    });
    for (const { id, leaf, manifest } of before.items) {
      expect(listed).toContainEqual({ id, leaf });
      const expired = await store.retention.expiredItem(id);
      const expected = { id, leaf, manifest, expiredAt: NOW, receipt: receipt.id };
      expect(expired).toEqual((await store.item(id)) === null ? expected : null);
    }
  });

  it('has nothing to sign when nothing is old enough', async () => {
    expect(await expireEvidence(deps, [{ olderThan: '2026-01-01T00:00:00.000Z' }], SAID)).toBeNull();
    expect(await expireEvidence(deps, [], SAID)).toBeNull();
    expect((await store.governance.receipts({ limit: 9 })).items).toEqual([]);
  });

  it('accounts once for everything, also for what a failed pass removed', async () => {
    const signer = { ...keys.signer, sign: () => Promise.reject(new Error('killed')) };
    const failing = { ...deps, keys: { ...keys, signer } };
    await expect(expireEvidence(failing, [{ classes: ['gap'], olderThan: NOW }], SAID)).rejects.toThrow();
    const receipt = await expireEvidence(deps, [{ classes: ['symptom'], olderThan: NOW }], SAID);
    expect(JSON.parse(receipt?.canonical ?? '')).toMatchObject({
      items: 30,
      byClass: { gap: 3, symptom: 27 },
    });
    expect(await expireEvidence(deps, [{ olderThan: NOW }], SAID)).toBeNull();
  });
});
