import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import { readKeyHistory } from '../../evidence/trust/follow-history.ts';
import { trustFrom } from '../../evidence/trust/trust.ts';
import { keyPathsIn } from '../config/key-places.ts';
import { loadKeys } from '../secrets/keys.ts';
import { cliIn } from './testing/cli.ts';

let folder = '';
const at = (time: string) => cliIn(() => folder, `2026-11-21T${time}:00.000Z`);
const places = () => keyPathsIn(path.join(folder, '.exhibit/keys'), 'acme');

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-rotate-'));
  // Unfinished, as `exhibit init` leaves it.
  await writeFile(path.join(folder, 'agent.yaml'), 'apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\n');
  await at('00:00')('keys', 'generate', '-c', 'agent.yaml');
});
afterEach(() => rm(folder, { recursive: true }));

interface Key {
  readonly keyId: string;
  readonly purpose: string;
  readonly publicKeyPem?: string;
}

/** The first command begins the history, as the first start of an agent does. */
async function firstKey(): Promise<Required<Key>> {
  const { history } = await loadKeys(places(), { env: {}, now: () => '2026-11-21T00:00:00.000Z' });
  const key = history.history.keys.find(({ purpose }) => purpose === 'evidence');
  if (key?.purpose !== 'evidence') throw new Error('no key');
  return key;
}

async function json<T>(work: Promise<{ readonly code: number; readonly stdout: string }>): Promise<T> {
  const { code, stdout } = await work;
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

describe('exhibit keys rotate', () => {
  it('signing: a new key signs, the old one is good for a day, and who pinned it can follow', async () => {
    const old = await firstKey();
    const { after } = await json<{ after: Key }>(at('01:00')('keys', 'rotate', 'signing', '--json'));
    const { stdout } = await at('02:00')('keys', 'list');
    expect(stdout).toContain(`${old.keyId}  good until 2026-11-22T01:00:00.000Z`);
    expect(stdout).toMatch(new RegExp(`evidence +${after.keyId} +current`));
    expect((await at('02:00')('keys', 'show', '-c', 'agent.yaml')).stdout).toBe(after.publicKeyPem);
    expect((await at('02:00')('keys', 'show')).stdout).toBe(after.publicKeyPem);
    expect((await at('02:00')('keys', 'history', '--out', 'history.json')).stdout).toContain('rotate');
    const text = await readFile(path.join(folder, 'history.json'), 'utf8');
    const { evidence } = trustFrom({ publicKeyPem: [old.publicKeyPem], keyHistory: text });
    expect([...evidence.keys()]).toEqual([old.keyId, after.keyId]);
  });

  it('checkpoint: leaves the signing key alone', async () => {
    const old = await firstKey();
    expect((await at('01:00')('keys', 'rotate', 'checkpoint', '--overlap', '2h')).code).toBe(0);
    const { keys } = await json<{ keys: Key[] }>(at('02:00')('keys', 'list', '--json'));
    expect(keys.map(({ purpose }) => purpose)).toEqual(['evidence', 'checkpoint', 'checkpoint']);
    expect((await at('02:00')('keys', 'show')).stdout).toBe(old.publicKeyPem);
  });

  it('is in the audit trail, or leaves that to the agent that runs', async () => {
    await firstKey();
    const store = await openSqliteStore({ path: path.join(folder, '.exhibit/evidence.db') });
    const held = await json<{ audited: boolean }>(at('01:00')('keys', 'rotate', 'signing', '--json'));
    expect(held.audited).toBe(false);
    await store.close();
    const { after, audited } = await json<{ after: Key; audited: boolean }>(
      at('01:00')('keys', 'rotate', 'signing', '--json'),
    );
    expect(audited).toBe(true);
    const again = await openSqliteStore({ path: path.join(folder, '.exhibit/evidence.db') });
    const { items } = await again.governance.audit({ limit: 9 });
    await again.close();
    expect(items.map(({ action, target }) => [action, target])).toEqual([['keys.rotate', after.keyId]]);
  });

  it.each<[string, string[], string]>([
    [
      'no name',
      ['rotate'],
      'Say one of: exhibit keys rotate signing, exhibit keys rotate checkpoint, exhibit keys rotate pseudonyms',
    ],
    ['another name', ['rotate', 'all'], 'there are no keys "all"'],
    ['a short overlap', ['rotate', 'signing', '--overlap', '59s'], 'at least 1m'],
    ['no overlap', ['rotate', 'signing', '--overlap', 'soon'], 'must be a duration'],
    ['a file that is not there', ['rotate', 'signing', '--to', 'gone.pem'], 'can not be opened'],
    ['no reason', ['revoke', 'sha256:00000000'], '--reason'],
    ['no such key', ['revoke', 'sha256:00000000', '--reason', 'x'], 'no such key'],
    [
      'a time that is none',
      ['revoke', 'sha256:00000000', '--reason', 'x', '--since', 'yesterday'],
      'must be a time',
    ],
  ])('says what is wrong: %s', async (_what, args, message) => {
    await firstKey();
    const { code, stdout, stderr } = await at('01:00')('keys', ...args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('has no history to show before anything has signed', async () => {
    expect((await at('00:00')('keys', 'history')).stderr).toContain('there is no key history yet');
    expect((await at('00:00')('keys', 'list')).stdout).toContain('no key has signed yet');
  });
});

describe('exhibit keys revoke', () => {
  it('ends trust in an old key from an instant on', async () => {
    const old = await firstKey();
    await at('01:00')('keys', 'rotate', 'signing');
    const args = ['--reason', 'laptop lost', '--since', '2026-11-21T00:30:00+00:00'];
    const { stdout } = await at('02:00')('keys', 'revoke', old.keyId.slice(0, 17), ...args);
    expect(stdout).toContain(`revoked: ${old.keyId} as of 2026-11-21T00:30:00.000Z`);
    const { history } = readKeyHistory(await readFile(places().keyHistory));
    expect(history.keys[0]).toMatchObject({ keyId: old.keyId, revocationReason: 'laptop lost' });
    expect((await at('03:00')('keys', 'list')).stdout).toContain(
      'revoked as of 2026-11-21T00:30:00.000Z: laptop lost',
    );
  });

  it('the current key only with a new one', async () => {
    const old = await firstKey();
    const refused = await at('01:00')('keys', 'revoke', old.keyId, '--reason', 'stolen');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--rotate')]);
    const { key, rotated } = await json<{ key: Key; rotated: Key }>(
      at('01:00')('keys', 'revoke', old.keyId, '--reason', 'stolen', '--rotate', '--json'),
    );
    expect(key.keyId).toBe(old.keyId);
    expect((await at('02:00')('keys', 'show')).stdout).toBe(rotated.publicKeyPem);
  });
});
