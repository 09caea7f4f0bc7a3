import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSigner, writeKeyFiles } from './key-file.ts';
import { generateKeyPair } from './local.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exhibit-key-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const filesIn = (path: string) => ({
  privateKey: join(path, 'evidence.key'),
  publicKey: join(path, 'evidence.pub'),
});
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('key files', () => {
  it('hold the pair, the private half for its owner alone, and nothing else is left behind', async () => {
    const files = filesIn(directory);
    const pair = generateKeyPair();
    await writeKeyFiles(files, pair);
    expect(await modeOf(files.privateKey)).toBe(0o600);
    expect(await readFile(files.publicKey, 'utf8')).toBe(pair.publicKeyPem);
    expect((await loadSigner(files.privateKey)).publicKeyPem).toBe(pair.publicKeyPem);
    expect(await readdir(directory)).toEqual(['evidence.key', 'evidence.pub']);
  });

  it('are never overwritten', async () => {
    const files = filesIn(directory);
    await writeKeyFiles(files, generateKeyPair());
    const before = await readFile(files.privateKey, 'utf8');
    await expect(writeKeyFiles(files, generateKeyPair())).rejects.toMatchObject({
      code: 'KEY',
      message: /exists already/,
    });
    expect(await readFile(files.privateKey, 'utf8')).toBe(before);
    expect(await readdir(directory)).toEqual(['evidence.key', 'evidence.pub']);
  });

  it.each([0o640, 0o604, 0o620, 0o601, 0o644])('are refused when open to others: mode %o', async (mode) => {
    const files = filesIn(directory);
    await writeKeyFiles(files, generateKeyPair());
    await chmod(files.privateKey, mode);
    await expect(loadSigner(files.privateKey)).rejects.toMatchObject({
      code: 'KEY',
      message: expect.stringContaining(`mode 0${mode.toString(8)}`),
      hint: expect.stringContaining('chmod 600'),
    });
    await chmod(files.privateKey, 0o400);
    await loadSigner(files.privateKey);
  });

  it('are reported by name when absent, not writable, or far too large', async () => {
    const files = filesIn(join(directory, 'absent'));
    await expect(loadSigner(files.privateKey)).rejects.toMatchObject({
      code: 'KEY',
      message: /can not be opened/,
    });
    await expect(writeKeyFiles(files, generateKeyPair())).rejects.toMatchObject({
      code: 'KEY',
      message: /can not be written/,
    });
    const large = join(directory, 'large');
    await writeFile(large, Buffer.alloc(1024 ** 2), { mode: 0o600 });
    await expect(loadSigner(large)).rejects.toMatchObject({ code: 'KEY', message: /too large/ });
  });
});
