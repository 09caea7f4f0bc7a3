import { createHmac, hkdfSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { Ledger } from '../../evidence/ledger.ts';
import { generateNoteKey, localNoteSigner } from '../../evidence/log/note.ts';
import { generateKeyPair, localSigner } from '../../evidence/sign/local.ts';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import type { Store } from '../../evidence/store/store.ts';
import { fakeItem, fakeSealed } from '../../evidence/store/testing/store-fixtures.ts';
import { EMPTY_HEAD } from '../../evidence/testing/samples.ts';
import { verifyReceipt } from '../../evidence/verify.ts';
import { switchableKeyed } from '../../policies/keyed.ts';
import { formatKeyring, keyringOfOneKey, liveEpoch, newKeyring, rotated } from '../../policies/keyring.ts';
import { eraseEpoch, type KeyActionDeps, reloadKeyring, rotateEpoch, rotateWhenDue } from './key-actions.ts';
import { KeyringFile } from './keyring-file.ts';

const { privateKeyPem } = generateKeyPair();
const signer = localSigner(privateKeyPem);
const checkpointSigner = localNoteSigner('acme.exhibit.internal', generateNoteKey());
const trust = { publicKeyPem: [signer.publicKeyPem] };

let folder = '';
let file = '';
let store: Store;
let now = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-keys-'));
  file = path.join(folder, 'pseudonym.key');
  await writeFile(file, formatKeyring(newKeyring('2026-01-01T00:00:00.000Z')), { mode: 0o600 });
  store = await openSqliteStore({ path: path.join(folder, 'evidence.db') });
  now = '2026-04-01T00:00:00.000Z';
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function actions(): Promise<{ deps: KeyActionDeps; keyed: ReturnType<typeof switchableKeyed> }> {
  const keyring = await KeyringFile.open(file);
  const keyed = switchableKeyed(keyring.current(), 'acme', canonicalize);
  const deps = {
    keyring,
    store,
    ledger: new Ledger({ store }),
    keys: { signer, checkpointSigner },
    tenant: 'acme',
    version: '0.1.0',
    clock: { now: () => new Date(now) },
    onChange: keyed.use,
  };
  return { deps, keyed };
}

async function trail(): Promise<readonly (readonly [string, string, string, string])[]> {
  const { items } = await store.governance.audit({ limit: 100 });
  return items.toReversed().map(({ action, actor, outcome, target }) => [action, actor, outcome, target]);
}

const erasure = (epoch: string) => ({ epoch, by: 'os:ops', reason: 'request 12' });

describe('rotation', () => {
  it('begins an epoch, names with it from then on, and is in the audit trail', async () => {
    const { deps, keyed } = await actions();
    const before = keyed.pseudonym('ada');
    const epoch = await rotateEpoch(deps, 'os:ops');
    expect(epoch.createdAt).toBe(now);
    expect(keyed.keyId).toBe(epoch.id);
    expect(keyed.pseudonym('ada')).not.toBe(before);
    expect(await trail()).toEqual([['keys.rotate', 'os:ops', 'done', epoch.id]]);
  });

  it('comes by age, and not before', async () => {
    const { deps } = await actions();
    const day = 86_400_000;
    expect(await rotateWhenDue(deps, 91 * day, 'agent')).toBeNull();
    expect((await rotateWhenDue(deps, 90 * day, 'agent'))?.createdAt).toBe(now);
    expect(await rotateWhenDue(deps, 90 * day, 'agent')).toBeNull();
    expect(await trail()).toHaveLength(1);
  });

  it('from outside is taken over while the agent runs', async () => {
    const { deps, keyed } = await actions();
    const first = keyed.keyId;
    expect(await reloadKeyring(deps)).toBe(false);
    const changed = await (await KeyringFile.open(file)).change((ring) => rotated(ring, now));
    expect(await reloadKeyring(deps)).toBe(true);
    expect(keyed.keyId).toBe(liveEpoch(changed).id);
    expect(keyed.keyId).not.toBe(first);
    expect(await trail()).toEqual([['keys.reload', 'agent', 'done', keyed.keyId]]);
  });
});

describe('an erasure', () => {
  it('has a signed receipt with times, count and reason, and no key in it', async () => {
    const { deps, keyed } = await actions();
    const id = keyed.keyId;
    const key = Buffer.from(liveEpoch(deps.keyring.current()).key).toString('base64url');
    const items = [
      fakeItem('a', { body: { who: keyed.pseudonym('ada') } }),
      fakeItem('b', { body: { what: keyed.digest({ sql: 'select 1' }) } }),
      fakeItem('c'),
    ];
    await store.append(fakeSealed(items, EMPTY_HEAD));
    await rotateEpoch(deps, 'os:ops');
    now = '2026-05-01T00:00:00.000Z';
    const signed = await eraseEpoch(deps, erasure(id));
    expect(JSON.parse(signed.canonical)).toEqual({
      schema: 'exhibit.receipt/v1',
      kind: 'epoch-erasure',
      tenant: 'acme',
      agent: { name: 'exhibit', version: '0.1.0' },
      createdAt: now,
      by: 'os:ops',
      reason: 'request 12',
      epoch: {
        id,
        createdAt: '2026-01-01T00:00:00.000Z',
        retiredAt: '2026-04-01T00:00:00.000Z',
        erasedAt: now,
      },
      items: 2,
    });
    expect(verifyReceipt(signed.canonical, signed.attestation, trust).good).toBe(true);
    expect(signed.canonical + signed.attestation).not.toContain(key);
    const { id: digest, kind, createdAt, canonical, attestation } = signed;
    const stored = { id: digest, kind, createdAt, canonical, attestation };
    expect(await store.governance.receipt(digest)).toEqual(stored);
    expect((await trail()).at(-1)).toEqual(['keys.erase', 'os:ops', 'done', id]);
  });

  it('of the live epoch is refused, and the refusal is in the audit trail', async () => {
    const { deps, keyed } = await actions();
    await expect(eraseEpoch(deps, erasure(keyed.keyId))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(deps.keyring.current().epochs).toHaveLength(1);
    expect((await store.governance.receipts({ limit: 9 })).items).toEqual([]);
    expect(await trail()).toEqual([['keys.erase', 'os:ops', 'refused', keyed.keyId]]);
  });

  it('of the live epoch hands over to a new one first', async () => {
    const { deps, keyed } = await actions();
    const seen: string[] = [];
    const id = keyed.keyId;
    const onChange: KeyActionDeps['onChange'] = (ring) => {
      keyed.use(ring);
      seen.push(`${ring.epochs.length} ${ring.epochs[0]?.key === null ? 'erased' : 'there'}`);
    };
    await eraseEpoch({ ...deps, onChange }, { ...erasure(id), rotate: true });
    expect(seen).toEqual(['2 there', '2 erased']);
    expect(keyed.keyId).not.toBe(id);
  });

  it('happens once; one without its receipt, after a crash, gets it when asked for again', async () => {
    const { deps, keyed } = await actions();
    const id = keyed.keyId;
    await rotateEpoch(deps, 'os:ops');
    const failing = { ...signer, sign: () => Promise.reject(new Error('killed')) };
    const crashing = { ...deps, keys: { ...deps.keys, signer: failing } };
    await expect(eraseEpoch(crashing, erasure(id))).rejects.toThrow();
    const { deps: next } = await actions();
    expect(next.keyring.current().epochs[0]?.key).toBeNull();
    now = '2026-06-01T00:00:00.000Z';
    const receipt = await eraseEpoch(next, erasure(id));
    expect(JSON.parse(receipt.canonical)).toMatchObject({
      createdAt: now,
      epoch: { erasedAt: '2026-04-01T00:00:00.000Z' },
    });
    await expect(eraseEpoch(next, erasure(id))).rejects.toMatchObject({
      code: 'CONFLICT',
      hint: expect.stringContaining(receipt.id),
    });
  });

  it('sees what another process did to the keyring before', async () => {
    const { deps, keyed } = await actions();
    const id = keyed.keyId;
    await (await KeyringFile.open(file)).change((ring) => rotated(ring, now));
    await eraseEpoch(deps, erasure(id));
    expect(keyed.keyId).not.toBe(id);
  });
});

describe('names of an erased epoch', () => {
  const CANDIDATES = Array.from({ length: 25 }, (_, index) => `user-${index}@example.org`);
  const TENANTS = ['acme', 'default', ''];

  /** Everything in the folder that could be a key in base64url: keyring, store and the store's log. */
  async function keysOnDisk(): Promise<readonly Buffer[]> {
    const keys = new Set<string>();
    for (const name of await readdir(folder)) {
      const bytes = await readFile(path.join(folder, name));
      for (const [text] of bytes.toString('latin1').matchAll(/(?<![\w-])[\w-]{43}(?![\w-])/g)) keys.add(text);
    }
    return [...keys].map((text) => Buffer.from(text, 'base64url'));
  }

  /** All that anybody can compute from a key and the candidates, under every scheme that we have or had. */
  function namesFrom(key: Buffer, values: readonly string[]): readonly string[] {
    const hmac = (secret: Buffer, text: string) =>
      createHmac('sha256', secret).update(text).digest().subarray(0, 16).toString('base64url');
    const derived = TENANTS.flatMap((tenant) =>
      ['pseudonym', 'digest'].map((purpose) =>
        Buffer.from(hkdfSync('sha256', key, '', `exhibit/v1/${purpose}/${tenant}`, 32)),
      ),
    );
    return values.flatMap((value) => {
      const texts = [value, canonicalize(value)];
      const plain = texts.flatMap((text) =>
        ['', 'exhibit/v1/pseudonym\0', 'exhibit/v1/digest\0'].map((prefix) => hmac(key, prefix + text)),
      );
      return [...plain, ...derived.flatMap((secret) => texts.map((text) => hmac(secret, text)))];
    });
  }

  async function linked(macs: ReadonlySet<string>): Promise<number> {
    const keys = await keysOnDisk();
    const names = new Set(keys.flatMap((key) => namesFrom(key, CANDIDATES)));
    return [...macs].filter((mac) => names.has(mac)).length;
  }

  it.each([
    ['a keyring', () => newKeyring('2026-01-01T00:00:00.000Z')],
    ['a bare key', () => keyringOfOneKey(Buffer.alloc(32, 0x33), '2026-01-01T00:00:00.000Z')],
  ])(
    'can not be linked by anybody with everything that is left: %s',
    async (_what, keyring) => {
      const secret = keyring();
      const { key, id } = liveEpoch(secret);
      await writeFile(file, formatKeyring(secret));
      const { deps, keyed } = await actions();
      const record = async (seed: string) => {
        const items = CANDIDATES.map((value, index) =>
          fakeItem(`${seed}/${index}`, {
            body: { who: keyed.pseudonym(value), mark: keyed.digest(value) },
          }),
        );
        const state = { connection: 'c', read: 'r', patch: { set: { mark: keyed.digest('state') } } };
        await store.append(fakeSealed(items, await store.head()), state);
        return items.flatMap(({ body }) =>
          Object.values(body).map((name) => String(name).split(':')[2] ?? ''),
        );
      };
      const old = new Set(await record('old'));
      await rotateEpoch(deps, 'os:ops');
      const live = new Set(await record('live'));
      // The attack works as long as the keys are there.
      expect(await linked(old)).toBe(50);
      expect(await linked(live)).toBe(50);

      await eraseEpoch(deps, erasure(id));
      expect(await linked(old)).toBe(0);
      expect(await linked(live)).toBe(50);
      for (const name of await readdir(folder)) {
        const bytes = await readFile(path.join(folder, name));
        const forms = (['base64url', 'base64', 'hex'] as const).map((form) =>
          Buffer.from(key).toString(form),
        );
        expect(bytes.includes(Buffer.from(key)), name).toBe(false);
        for (const form of forms) expect(bytes.includes(form), name).toBe(false);
      }
      expect((await store.query({ limit: 1 })).items).toHaveLength(1);
    },
    120_000,
  );
});
