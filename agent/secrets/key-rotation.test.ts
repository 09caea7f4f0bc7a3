import { chmod, link, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seal } from '../../evidence/seal.ts';
import { keyId, readPublicKey } from '../../evidence/sign/key.ts';
import { generateKeyPair } from '../../evidence/sign/local.ts';
import { serve } from '../../evidence/sign/testing/service.ts';
import { vaultAnswer, vaultState } from '../../evidence/sign/testing/vault-server.ts';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import { sampleContext, sampleEnvelopes, sampleKeys } from '../../evidence/testing/samples.ts';
import { currentKey } from '../../evidence/trust/key-changes.ts';
import { judgeWindow, trustFrom } from '../../evidence/trust/trust.ts';
import { type KeyPlaces, keyPathsIn } from '../config/key-places.ts';
import { formatError } from '../errors.ts';
import { mayBeReported } from '../telemetry/reported.ts';
import { type KeyChangeDeps, revokeKey, rotateKey } from './key-rotation.ts';
import { publicKeyPath } from './key-swap.ts';
import { loadKeys, makeMissingKeys } from './keys.ts';

const HOUR_MS = 3_600_000;

let folder = '';
let places: KeyPlaces;
let clock = Date.parse('2026-11-21T00:00:00.000Z');
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'exhibit-rotation-')), 'keys');
  places = keyPathsIn(folder, 'acme');
  clock = Date.parse('2026-11-21T00:00:00.000Z');
  await makeMissingKeys(places);
});
afterEach(() => rm(path.dirname(folder), { recursive: true }));

const now = () => new Date(clock).toISOString();
const load = (given: KeyPlaces = places) => loadKeys(given, { env: {}, now });
const deps = (given: KeyPlaces = places): KeyChangeDeps => ({ places: given, env: {}, now, by: 'os:ana' });
const after = (hours: number) => {
  clock += hours * HOUR_MS;
};
const publicPem = () => readFile(publicKeyPath(places.signingKey), 'utf8');
const filesLeft = async () => (await readdir(folder)).toSorted();
const FILES = [
  'api-token',
  'checkpoint.pem',
  'key-history.json',
  'pseudonym.key',
  'signing.pem',
  'signing.pub.pem',
];

describe('rotating the signing key in its file', () => {
  it('gives a new key, which the history names, and destroys the old one', async () => {
    const before = await load();
    const oldPrivate = await readFile(places.signingKey, 'utf8');
    after(1);
    const { after: entry, inPlace } = await rotateKey(deps(), {
      purpose: 'evidence',
      overlapMs: 24 * HOUR_MS,
    });
    expect(inPlace).toBe(true);
    const keys = await load();
    expect(keys.signer.keyId).toBe(entry.keyId);
    expect(keys.signer.keyId).not.toBe(before.signer.keyId);
    expect(keyId(readPublicKey(await publicPem()))).toBe(entry.keyId);
    expect((await stat(places.signingKey)).mode & 0o777).toBe(0o600);
    expect(await filesLeft()).toEqual(FILES);
    const contents = await Promise.all(FILES.map((file) => readFile(path.join(folder, file), 'utf8')));
    expect(contents.some((text) => text.includes(oldPrivate.split('\n')[1] ?? ''))).toBe(false);
    const trust = trustFrom({ publicKeyPem: [before.signer.publicKeyPem], keyHistory: keys.history.text });
    expect(trust.evidence.get(before.signer.keyId)).toMatchObject({ validUntil: '2026-11-22T01:00:00.000Z' });
    expect(trust.evidence.get(entry.keyId)).toMatchObject({
      validFrom: '2026-11-21T01:00:00.000Z',
      validUntil: null,
    });
  });

  it('is followed by an agent that runs, at a moment when nothing is being signed', async () => {
    const running = await load();
    const [old, secret] = [running.signer, running.secrets.find(({ id }) => id === 'signing-key')?.value];
    expect(await running.reload()).toBe(false);
    after(1);
    await rotateKey(deps(), { purpose: 'evidence', overlapMs: HOUR_MS });
    expect(running.signer).toBe(old);
    let swaps = 0;
    const changed = await running.reload(async (swap) => {
      expect(running.signer).toBe(old);
      swap();
      swaps += 1;
    });
    expect([changed, swaps]).toEqual([true, 1]);
    expect(running.signer.keyId).toBe(currentKey(running.history.history, 'evidence').keyId);
    expect(running.signer.keyId).not.toBe(old.keyId);
    expect(secret?.open()).toBe(await readFile(places.signingKey, 'utf8'));
    expect(await running.reload()).toBe(false);
  });

  it('overwrites the old key where it lay', async () => {
    await load();
    const other = path.join(folder, 'other-name');
    await link(places.signingKey, other);
    const { length } = await readFile(other);
    await rotateKey(deps(), { purpose: 'evidence', overlapMs: HOUR_MS });
    expect(await readFile(other)).toEqual(Buffer.alloc(length));
  });

  it('can be done again and again, and every key stays known', async () => {
    const ids = [(await load()).signer.keyId];
    for (let count = 0; count < 4; count += 1) {
      after(1);
      ids.push((await rotateKey(deps(), { purpose: 'evidence', overlapMs: HOUR_MS })).after.keyId);
    }
    const { history } = await load();
    expect(
      history.history.keys.filter(({ purpose }) => purpose === 'evidence').map((key) => key.keyId),
    ).toEqual(ids);
  });

  it('takes a key from another file, and says that the config must follow', async () => {
    const old = await load();
    const to = path.join(folder, 'other.pem');
    const pair = generateKeyPair();
    await writeFile(to, pair.privateKeyPem, { mode: 0o600 });
    const rotated = await rotateKey(deps(), { purpose: 'evidence', overlapMs: HOUR_MS, to });
    expect(rotated.inPlace).toBe(false);
    expect((await load()).signer.keyId).toBe(old.signer.keyId);
    const moved: KeyPlaces = { ...places, signing: { kind: 'file', path: to }, signingKey: to };
    expect((await load(moved)).signer.publicKeyPem).toBe(pair.publicKeyPem);
    after(2);
    await expect(load()).rejects.toMatchObject({
      code: 'KEY',
      message: expect.stringContaining('is good only until'),
    });
    await load(moved);
  });

  it('keeps the history in dataDir, wherever the keys are', async () => {
    const keyHistory = path.join(path.dirname(folder), 'elsewhere/keys/key-history.json');
    const first = await load({ ...places, keyHistory });
    expect(await readFile(keyHistory, 'utf8')).toBe(first.history.text);
    expect((await load({ ...places, keyHistory })).history.text).toBe(first.history.text);
  });

  it('refuses to sign with a key that the history does not know', async () => {
    await load();
    await writeFile(places.signingKey, generateKeyPair().privateKeyPem);
    const refused: unknown = await load().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'KEY',
      message: expect.stringContaining('is not in the key history'),
    });
    // A message in which the net found a key would not be shown.
    expect(mayBeReported(formatError(refused, false))).toBe(true);
  });

  it('begins no second history where evidence was signed: what was revoked would be forgotten', async () => {
    const keys = await load();
    const file = path.join(places.dataDir, 'evidence.db');
    const store = await openSqliteStore({ path: file });
    const items = sampleEnvelopes(2);
    await rm(places.keyHistory);
    // A store without a manifest is none that could be forgotten.
    await store.close();
    const { history } = await load();
    const again = await openSqliteStore({ path: file });
    const salted = { ...sampleKeys(), signer: keys.signer, checkpointSigner: keys.checkpointSigner };
    await again.append(await seal(items, sampleContext(items, salted)));
    await rm(places.keyHistory);
    const missing = { code: 'KEY', message: expect.stringContaining('key-history.json is missing') };
    await expect(load()).rejects.toMatchObject(missing);
    await again.close();
    await expect(load()).rejects.toMatchObject(missing);
    await writeFile(places.keyHistory, history.text);
    expect((await load()).history.text).toBe(history.text);
  });

  it('refuses a history that was changed, of another tenant, or with another origin', async () => {
    const { history } = await load();
    await expect(load({ ...places, tenant: 'umbra' })).rejects.toMatchObject({
      code: 'KEY',
      message: /another tenant/,
    });
    await expect(load({ ...places, origin: 'other.example' })).rejects.toMatchObject({
      code: 'KEY',
      message: /another origin/,
    });
    await writeFile(places.keyHistory, history.text.replace('"sequence"', '"Sequence"').replace('A', 'B'));
    await expect(load()).rejects.toMatchObject({ code: 'KEY', message: /does not hold together/ });
  });

  it('changes nothing where the key is mounted read-only', async () => {
    const { history } = await load();
    await chmod(folder, 0o500);
    try {
      // For root nothing is read-only.
      if (process.geteuid?.() === 0) return;
      await expect(rotateKey(deps(), { purpose: 'evidence', overlapMs: HOUR_MS })).rejects.toMatchObject({
        code: 'KEY',
      });
    } finally {
      await chmod(folder, 0o700);
    }
    expect((await load()).history.text).toBe(history.text);
  });

  it('is done by one process at a time', async () => {
    await load();
    const lock = `${places.keyHistory}.lock`;
    await writeFile(lock, '');
    const rotation = () => rotateKey(deps(), { purpose: 'evidence', overlapMs: HOUR_MS });
    await expect(rotation()).rejects.toMatchObject({ code: 'CONFLICT' });
    await load();
    await utimes(lock, 1, 1);
    await rotation();
  });
});

describe('the key of the log', () => {
  it('is replaced under the same origin, signed for by the signing key', async () => {
    const before = await load();
    after(1);
    const { after: entry } = await rotateKey(deps(), { purpose: 'checkpoint', overlapMs: HOUR_MS });
    const keys = await load();
    expect(keys.signer.keyId).toBe(before.signer.keyId);
    expect(keys.checkpointSigner.vkey).not.toBe(before.checkpointSigner.vkey);
    expect(entry).toMatchObject({ purpose: 'checkpoint', vkey: keys.checkpointSigner.vkey });
    expect(keys.checkpointSigner.name).toBe('acme.exhibit.internal');
    expect(await before.reload()).toBe(true);
    expect(before.checkpointSigner.vkey).toBe(keys.checkpointSigner.vkey);
  });
});

describe('revoking', () => {
  it('ends trust in an old key, and is signed by its successor', async () => {
    const old = await load();
    after(1);
    await rotateKey(deps(), { purpose: 'evidence', overlapMs: 24 * HOUR_MS });
    after(1);
    const since = new Date(clock - HOUR_MS).toISOString();
    await revokeKey(deps(), { keyId: old.signer.keyId.slice(0, 20), reason: 'laptop lost', since });
    const keys = await load();
    const trust = trustFrom({ publicKeyPem: [old.signer.publicKeyPem], keyHistory: keys.history.text });
    const key = trust.evidence.get(old.signer.keyId);
    if (key === undefined) throw new Error('the key is gone');
    const verdicts = ['2026-11-21T00:30:00.000Z', since, null].map((time) => judgeWindow(key, time));
    expect(verdicts).toEqual(['good', 'revoked', 'revoked']);
    await expect(revokeKey(deps(), { keyId: old.signer.keyId, reason: 'again' })).rejects.toMatchObject({
      code: 'KEY',
    });
  });

  it.each(['evidence', 'checkpoint'] as const)(
    'the current key for %s goes only with a new one',
    async (purpose) => {
      const { history } = await load();
      const { keyId: id } =
        purpose === 'evidence' ? currentKey(history.history, purpose) : currentKey(history.history, purpose);
      after(1);
      await expect(revokeKey(deps(), { keyId: id, reason: 'stolen' })).rejects.toMatchObject({
        code: 'KEY',
        hint: expect.stringContaining('--rotate'),
      });
      const { key, rotated } = await revokeKey(deps(), {
        keyId: id,
        reason: 'stolen',
        rotate: { overlapMs: HOUR_MS },
      });
      expect(key).toMatchObject({ keyId: id, revocationReason: 'stolen', revokedAt: now() });
      const keys = await load();
      expect([keys.signer.keyId, keys.history.history.keys.at(-1)?.keyId]).toContain(rotated?.after.keyId);
    },
  );

  it.each(['sha256:0123', 'sha256:00000000', 'nonsense', ''])('knows no key %j', async (id) => {
    await load();
    await expect(revokeKey(deps(), { keyId: id, reason: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a key in Vault', () => {
  it('is rotated there first; then the history moves to the new version, and a running agent with it', async () => {
    const files = [path.join(folder, 'v1.pem'), path.join(folder, 'v2.pem')] as const;
    for (const file of files) await writeFile(file, generateKeyPair().privateKeyPem);
    const state = vaultState({ 1: files[0] }, ['token-1']);
    const vault = await serve((asked) => vaultAnswer(state, asked));
    const tokenFile = path.join(folder, 'token');
    await writeFile(tokenFile, 'token-1');
    const at: KeyPlaces = {
      ...places,
      signing: { kind: 'vaultTransit', address: vault.address, key: 'evidence', auth: { tokenFile } },
    };
    const running = await load(at);
    expect(running.secrets.map(({ id }) => id)).toEqual(['checkpoint-key']);
    const rotation = () => rotateKey(deps(at), { purpose: 'evidence', overlapMs: HOUR_MS });
    await expect(rotation()).rejects.toMatchObject({ hint: expect.stringContaining('vault write -f') });
    state.versions[2] = files[1];
    expect((await load(at)).signer.keyId).toBe(running.signer.keyId);
    after(1);
    const { after: entry, inPlace } = await rotation();
    expect(inPlace).toBe(true);
    expect(await running.reload()).toBe(true);
    expect(running.signer.keyId).toBe(entry.keyId);
    await vault.close();
  });
});
