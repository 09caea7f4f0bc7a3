import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../connectors/sdk/index.ts';
import { readPublicKey } from '../../evidence/sign/key.ts';
import { keyPathsIn } from '../config/key-places.ts';
import { publicKeyPath } from './key-swap.ts';
import { loadKeys, loadToken, makeMissingKeys } from './keys.ts';
import { isSecretRef, resolveSecret, resolveSecrets } from './resolve.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('resolveSecret', () => {
  it('reads a variable as it is, and a file without its last line end', async () => {
    const source = { env: { TOKEN: ' spaces stay ' }, base: folder };
    await writeFile(path.join(folder, 'token'), 'two\nlines\r\n');
    expect(resolveSecret({ env: 'TOKEN' }, source).open()).toBe(' spaces stay ');
    expect(resolveSecret({ file: 'token' }, source).open()).toBe('two\nlines');
  });

  it('looks at a file again each time, and keeps what it had while the file is away or empty', async () => {
    const file = path.join(folder, 'token');
    await writeFile(file, 'first-token');
    const secret = resolveSecret({ file: 'token' }, { env: {}, base: folder });
    await writeFile(file, 'second-token\n');
    expect(secret.open()).toBe('second-token');
    await writeFile(file, '');
    expect(secret.open()).toBe('second-token');
    await rm(file);
    expect(secret.open()).toBe('second-token');
    await writeFile(file, 'third-token');
    expect([secret.open(), String(secret)]).toEqual(['third-token', '[REDACTED]']);
  });

  it.each([
    ['a variable that is not set', { env: 'GONE' }, 'the environment variable GONE is not set'],
    ['an empty variable', { env: 'EMPTY' }, 'the environment variable EMPTY is empty'],
    ['a file that is not there', { file: 'gone' }, '(ENOENT)'],
    ['a folder', { file: '.' }, '(EISDIR)'],
    ['an empty file', { file: 'empty' }, 'is empty'],
    ['a large file', { file: 'large' }, 'is larger than 64 KiB'],
    [
      'a token where a name belongs',
      { env: 'ghp_canary7' },
      'the environment variable named here is not set',
    ],
    ['a key where a path belongs', { file: '-----BEGIN\ncanary7' }, 'the secret file named here'],
  ])('says what is wrong with %s', async (_case, ref, message) => {
    await writeFile(path.join(folder, 'empty'), '\n');
    await writeFile(path.join(folder, 'large'), 'x'.repeat(65_537));
    const resolve = () => resolveSecret(ref, { env: { EMPTY: '' }, base: folder });
    expect(resolve).toThrow(
      expect.objectContaining({ code: 'SECRET', message: expect.stringContaining(message) }),
    );
    expect(resolve).toThrow(expect.objectContaining({ message: expect.not.stringContaining('canary') }));
  });
});

describe('resolveSecrets', () => {
  it('replaces references wherever they are, and nothing else', () => {
    const data = {
      host: 'h',
      tls: { key: { env: 'K' }, env: 'prod', file: 'x' },
      list: [{ env: 'K' }, 7, null],
    };
    const failed: unknown[] = [];
    const result = resolveSecrets(data, { env: { K: 'v' }, base: folder }, (at) => failed.push(at));
    expect(result).toEqual({
      host: 'h',
      tls: { key: expect.any(Secret), env: 'prod', file: 'x' },
      list: [expect.any(Secret), 7, null],
    });
    expect(failed).toEqual([]);
  });

  it('reports each that fails with its place', () => {
    const failed: unknown[] = [];
    resolveSecrets({ a: [{ env: 'X' }], b: { env: 'Y' } }, { env: {}, base: folder }, (at) =>
      failed.push(at),
    );
    expect(failed).toEqual([['a', 0], ['b']]);
  });

  it('knows what a reference is', () => {
    expect([{ env: 'A' }, { file: 'a' }].map(isSecretRef)).toEqual([true, true]);
    expect([{ env: 1 }, { env: 'A', file: 'a' }, {}, [], null, 'env', { dsn: 'x' }].some(isSecretRef)).toBe(
      false,
    );
  });
});

describe('keys', () => {
  const paths = () => keyPathsIn(path.join(folder, 'keys'), 'acme');

  it('makes what is missing, for this user only, and overwrites nothing', async () => {
    const first = await makeMissingKeys(paths());
    expect(first.map((file) => path.basename(file))).toEqual([
      'signing.pem',
      'signing.pub.pem',
      'checkpoint.pem',
      'pseudonym.key',
      'api-token',
    ]);
    const { signingKey, checkpointKey, pseudonymKey, apiToken } = paths();
    for (const file of [signingKey, checkpointKey, pseudonymKey, apiToken]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
    const before = await readFile(paths().signingKey, 'utf8');
    await rm(paths().apiToken);
    expect((await makeMissingKeys(paths())).map((file) => path.basename(file))).toEqual(['api-token']);
    expect(await readFile(paths().signingKey, 'utf8')).toBe(before);
  });

  it('loads what it made', async () => {
    await makeMissingKeys(paths());
    const keys = await loadKeys(paths());
    const publicKey = await readFile(publicKeyPath(paths().signingKey), 'utf8');
    expect(keys.signer.publicKeyPem).toBe(publicKey);
    expect(readPublicKey(publicKey).asymmetricKeyType).toBe('ec');
    const { epochs, saltKey } = keys.keyring.current();
    expect(epochs.map(({ key }) => key?.length)).toEqual([32]);
    expect(keys.saltKey).toEqual(saltKey);
    expect(keys.saltKey).not.toEqual(epochs[0]?.key);
    expect((await loadToken(paths())).open()).toMatch(/^[\w-]{43}$/);
  });

  it.each([
    ['open to others', async (file: string) => chmod(file, 0o644)],
    ['damaged', async (file: string) => writeFile(file, 'canary-900')],
    ['gone', async (file: string) => rm(file)],
  ])('refuses a pseudonym key that is %s', async (_case, spoil) => {
    await makeMissingKeys(paths());
    await spoil(paths().pseudonymKey);
    await expect(loadKeys(paths())).rejects.toMatchObject({
      code: 'KEY',
      message: expect.not.stringContaining('canary'),
    });
  });
});
