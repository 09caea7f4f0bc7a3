import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyId, readPublicKey } from '../../evidence/sign/key.ts';
import { currentKey } from '../../evidence/trust/key-changes.ts';
import { type KeyPlaces, keyPathsIn } from '../config/key-places.ts';
import { rotateKey } from './key-rotation.ts';
import { publicKeyPath } from './key-swap.ts';
import { loadKeys, makeMissingKeys } from './keys.ts';

const CHILD = fileURLToPath(new URL('testing/rotate-and-die.ts', import.meta.url));
const FILES = [
  'api-token',
  'checkpoint.pem',
  'key-history.json',
  'pseudonym.key',
  'signing.pem',
  'signing.pub.pem',
];
const HOUR_MS = 3_600_000;

let folder = '';
let places: KeyPlaces;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'exhibit-killed-')), 'keys');
  places = keyPathsIn(folder, 'acme');
  await makeMissingKeys(places);
});
afterEach(() => rm(path.dirname(folder), { recursive: true }));

const now = () => new Date().toISOString();
const load = () => loadKeys(places, { env: {}, now });

describe('a process that is killed while it rotates', () => {
  it.each([
    ['evidence', 'next key written', 'old'],
    ['evidence', 'history written', 'new'],
    ['evidence', 'swapped', 'new'],
    ['evidence', 'done', 'new'],
    ['checkpoint', 'next key written', 'old'],
    ['checkpoint', 'history written', 'new'],
    ['checkpoint', 'swapped', 'new'],
  ] as const)('%s, %s: the %s key signs, and a rotation can be done again', async (purpose, step, which) => {
    const before = await load();
    const child = spawnSync(process.execPath, [CHILD, folder, purpose, step], { encoding: 'utf8' });
    expect([child.signal, child.stderr]).toEqual(['SIGKILL', expect.any(String)]);
    // The lock that it left is ignored when it is old.
    await utimes(`${places.keyHistory}.lock`, 1, 1);
    const keys = await load();
    const id = (of: typeof keys) => (purpose === 'evidence' ? of.signer.keyId : of.checkpointSigner.vkey);
    expect(id(keys) === id(before)).toBe(which === 'old');
    const current =
      purpose === 'evidence'
        ? currentKey(keys.history.history, purpose).keyId
        : currentKey(keys.history.history, purpose).vkey;
    expect(current).toBe(id(keys));
    expect(keyId(readPublicKey(await readFile(publicKeyPath(places.signingKey), 'utf8')))).toBe(
      keys.signer.keyId,
    );
    expect((await readdir(folder)).toSorted()).toEqual(FILES);
    const again = await rotateKey({ places, env: {}, now, by: 'os:ana' }, { purpose, overlapMs: HOUR_MS });
    expect((await load()).history.history.keys.at(-1)).toEqual(again.after);
  });
});
