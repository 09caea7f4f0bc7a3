import { hkdfSync } from 'node:crypto';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKeyed } from '../../policies/keyed.ts';
import { erased, formatKeyring, liveEpoch, newKeyring, rotated } from '../../policies/keyring.ts';
import { KeyringFile } from './keyring-file.ts';

const T1 = '2026-01-01T00:00:00.000Z';
const T2 = '2026-04-01T00:00:00.000Z';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-keyring-'));
  file = path.join(folder, 'pseudonym.key');
  await writeFile(file, formatKeyring(newKeyring(T1)), { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true }));

describe('a change of the keyring', () => {
  it('is in the file, for this user only, and nothing else is left in the folder', async () => {
    const keyring = await KeyringFile.open(file);
    const changed = await keyring.change((before) => rotated(before, T2));
    expect(keyring.current()).toEqual(changed);
    expect((await KeyringFile.open(file)).current()).toEqual(changed);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['pseudonym.key']);
  });

  it('starts from what the file holds, not from what was read before', async () => {
    const [one, two] = [await KeyringFile.open(file), await KeyringFile.open(file)];
    const first = liveEpoch(one.current()).id;
    await one.change((before) => rotated(before, T2));
    await two.change((before) => erased(before, first, T2));
    expect(two.current().epochs.map(({ key }) => key === null)).toEqual([true, false]);
  });

  it('overwrites the old bytes where they lay', async () => {
    // Another name for the same bytes on the disk, and a process that has them open.
    const other = path.join(folder, 'other-name');
    await link(file, other);
    const handle = await open(file, 'r');
    const keyring = await KeyringFile.open(file);
    const { id } = liveEpoch(keyring.current());
    const before = await readFile(file);
    await keyring.change((current) => erased(current, id, T2, { rotate: true }));
    expect(await readFile(other)).toEqual(Buffer.alloc(before.length));
    expect(await handle.readFile()).toEqual(Buffer.alloc(before.length));
    await handle.close();
  });

  it('replaces what a link leads to, and leaves the link', async () => {
    const linked = path.join(folder, 'linked.key');
    await symlink(file, linked);
    const keyring = await KeyringFile.open(linked);
    await keyring.change((before) => rotated(before, T2));
    expect((await KeyringFile.open(file)).current()).toEqual(keyring.current());
  });

  it('removes what a process left behind that died in the middle', async () => {
    await writeFile(`${file}.new`, 'half a keyring', { mode: 0o600 });
    const handle = await open(`${file}.new`, 'r');
    const keyring = await KeyringFile.open(file);
    await keyring.change((before) => rotated(before, T2));
    expect(await readdir(folder)).toEqual(['pseudonym.key']);
    expect(await handle.readFile()).toEqual(Buffer.alloc(14));
    await handle.close();
  });

  it('waits for nobody: a second process at the same time is refused, an old lock is not one', async () => {
    const keyring = await KeyringFile.open(file);
    const before = keyring.current();
    await writeFile(`${file}.lock`, '');
    await expect(keyring.change((now) => rotated(now, T2))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await KeyringFile.open(file)).current()).toEqual(before);
    const old = new Date(Date.now() - 31_000);
    await utimes(`${file}.lock`, old, old);
    await keyring.change((now) => rotated(now, T2));
    expect(keyring.current().epochs).toHaveLength(2);
  });

  it.each([
    ['NOT_FOUND', 'nobody00'],
    ['CONFLICT', 'live'],
  ])('that makes no sense is %s, and changes nothing', async (code, target) => {
    const keyring = await KeyringFile.open(file);
    const before = await readFile(file, 'utf8');
    const id = target === 'live' ? liveEpoch(keyring.current()).id : target;
    await expect(keyring.change((now) => erased(now, id, T2))).rejects.toMatchObject({
      code,
      hint: expect.any(String),
    });
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['pseudonym.key']);
  });

  it('that can not be written is a KEY error, and the old keyring is still there', async () => {
    const keyring = await KeyringFile.open(file);
    const before = await readFile(file, 'utf8');
    // A folder in the place of the new file: fails for every user, also for root.
    await mkdir(`${file}.new`);
    await expect(keyring.change((now) => rotated(now, T2))).rejects.toMatchObject({ code: 'KEY' });
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(keyring.current().epochs).toHaveLength(1);
  });
});

describe('reload', () => {
  it('takes over what another process changed, and says whether anything was', async () => {
    const keyring = await KeyringFile.open(file);
    expect(await keyring.reload()).toBe(false);
    await (await KeyringFile.open(file)).change((now) => rotated(now, T2));
    expect(keyring.current().epochs).toHaveLength(1);
    expect(await keyring.reload()).toBe(true);
    expect(keyring.current().epochs).toHaveLength(2);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['that is damaged', () => writeFile(file, '{')],
    ['that is open to others', () => chmod(file, 0o640)],
    ['that is gone', () => rm(file)],
    ['of somebody else', () => writeFile(file, formatKeyring(newKeyring(T1)))],
  ])('goes on with the old one before a file %s', async (_what, spoil) => {
    const keyring = await KeyringFile.open(file);
    const before = keyring.current();
    await spoil();
    await expect(keyring.reload()).rejects.toMatchObject({ code: 'KEY' });
    expect(keyring.current()).toBe(before);
  });
});

describe('a file with one bare key', () => {
  const key = Buffer.alloc(32, 0x21);
  const salt = Buffer.from(hkdfSync('sha256', key, '', 'exhibit/v1/leaf-salt', 32));

  it('is read without being touched', async () => {
    await writeFile(file, `${key.toString('base64url')}\n`);
    const keyring = await KeyringFile.open(file);
    expect(Buffer.from(keyring.current().saltKey)).toEqual(salt);
    expect(keyring.current().epochs).toMatchObject([{ shared: true }]);
    expect(await readFile(file, 'utf8')).toBe(`${key.toString('base64url')}\n`);
  });

  it('becomes a keyring with the first rotation, and loses neither salts nor names', async () => {
    await writeFile(file, `${key.toString('base64url')}\n`);
    const keyring = await KeyringFile.open(file);
    const old = makeKeyed(liveEpoch(keyring.current()), 'acme', JSON.stringify);
    await keyring.change((before) => rotated(before, T2));
    const after = (await KeyringFile.open(file)).current();
    expect(Buffer.from(after.saltKey)).toEqual(salt);
    const [first] = after.epochs;
    if (first === undefined || first.key === null) throw new Error('the old epoch has no key');
    const again = makeKeyed({ ...first, key: first.key }, 'acme', JSON.stringify);
    expect(again.pseudonym('ada')).toBe(old.pseudonym('ada'));
    expect(liveEpoch(after).id).not.toBe(old.keyId);
  });

  it('can be erased, and its salts still fit', async () => {
    await writeFile(file, key.toString('base64url'));
    const keyring = await KeyringFile.open(file);
    const { id } = liveEpoch(keyring.current());
    await keyring.change((before) => erased(before, id, T2, { rotate: true }));
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(key.toString('base64url'));
    expect(Buffer.from((await KeyringFile.open(file)).current().saltKey)).toEqual(salt);
  });
});
