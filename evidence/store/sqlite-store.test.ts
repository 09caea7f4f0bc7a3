import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_HEAD } from '../testing/samples.ts';
import { migrate } from './migrations.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { describeStore } from './testing/store-contract.ts';
import { fakeItem, fakeSealed, itemId } from './testing/store-fixtures.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-store-'));
  path = join(folder, 'state', 'exhibit.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

describeStore('SqliteStore', {
  open: () => openSqliteStore({ path }),
  reopen: async (store) => {
    await store.close();
    return openSqliteStore({ path });
  },
});

describe('the store file', () => {
  it('is readable by its owner only, even when it was not before', async () => {
    const store = await openSqliteStore({ path });
    await store.append(fakeSealed([fakeItem('a')], EMPTY_HEAD));
    const modes = ['', '-wal'].map((suffix) => statSync(path + suffix).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
    await store.close();
    chmodSync(path, 0o644);
    await (await openSqliteStore({ path })).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('belongs to one process at a time', async () => {
    const store = await openSqliteStore({ path });
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      code: 'STORE',
      message: 'the store is in use by another process',
    });
    await store.append(fakeSealed([fakeItem('a')], EMPTY_HEAD));
    await store.close();
    await (await openSqliteStore({ path })).close();
  });

  it('keeps nothing of a batch that does not fit, and goes on with what does', async () => {
    const store = await openSqliteStore({ path, maxBytes: 2_000_000 });
    await store.append(fakeSealed([fakeItem('small')], EMPTY_HEAD));
    const head = await store.head();
    const large = Array.from({ length: 1_000 }, (_, index) =>
      fakeItem(`large-${index}`, {
        entity: `postgresql://orders-db/${index}`,
        body: { text: 'x'.repeat(4_000) },
      }),
    );
    const state = { connection: 'c', read: 'r', patch: { set: { cursor: 1 } } };
    await expect(store.append(fakeSealed(large, head), state)).rejects.toMatchObject({
      code: 'STORE',
      message: 'the store is full',
      hint: expect.stringContaining('Free space'),
    });
    expect(await store.head()).toEqual(head);
    expect((await store.query({ limit: 1_000 })).items).toHaveLength(1);
    expect(await store.state('c', 'r')).toEqual(new Map());
    await store.append(fakeSealed([fakeItem('after', { entity: 'postgresql://orders-db/3' })], head));
    expect((await store.query({ limit: 10, entity: 'postgresql://orders-db/3' })).items).toHaveLength(1);
    expect(await store.item(itemId('after'))).not.toBeNull();
    await store.close();
  });

  it('refuses a file that is not SQLite, and leaves it alone', async () => {
    const other = join(folder, 'notes.txt');
    writeFileSync(other, 'not a database, '.repeat(4_000));
    await expect(openSqliteStore({ path: other })).rejects.toMatchObject({ code: 'STORE' });
    expect(readFileSync(other, 'utf8')).toBe('not a database, '.repeat(4_000));
  });

  it('refuses an SQLite file that is not ours, and leaves it alone', async () => {
    const other = join(folder, 'other.db');
    const database = new DatabaseSync(other);
    database.exec('create table notes (text text)');
    database.close();
    await expect(openSqliteStore({ path: other })).rejects.toMatchObject({
      code: 'STORE',
      hint: expect.any(String),
    });
    const after = new DatabaseSync(other);
    expect(after.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'notes' }]);
    after.close();
  });

  it('refuses a file from a newer version', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, [
      { name: 'first', sql: 'create table a (x int)' },
      { name: 'second', sql: 'create table b (x int)' },
    ]);
    expect(() => migrate(database, [{ name: 'first', sql: '' }])).toThrow('the store has schema 2');
    database.close();
  });

  it('migrates all or nothing', () => {
    const database = new DatabaseSync(':memory:');
    const good = { name: 'good', sql: 'create table a (x int)' };
    migrate(database, [good]);
    const bad = [
      good,
      { name: 'next', sql: 'create table b (x int)' },
      { name: 'bad', sql: 'create nonsense' },
    ];
    expect(() => migrate(database, bad)).toThrow('syntax error');
    expect(database.prepare("select name from sqlite_schema where name = 'b'").all()).toEqual([]);
    migrate(database, bad.slice(0, 2));
    expect(database.prepare('select version, name from schema_migrations').all()).toEqual([
      { version: 1, name: 'good' },
      { version: 2, name: 'next' },
    ]);
    database.close();
  });

  it('reports damage instead of answering from it', async () => {
    const store = await openSqliteStore({ path });
    const items = Array.from({ length: 500 }, (_, index) => fakeItem(`item-${index}`));
    await store.append(fakeSealed(items, EMPTY_HEAD));
    await store.close();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 16_384, bytes.length);
    writeFileSync(path, bytes);
    await expect(readDamaged()).rejects.toMatchObject({ code: 'STORE', message: 'the store is damaged' });
  });

  /** Damage shows when the file is opened or when the damaged page is read. */
  async function readDamaged(): Promise<void> {
    const damaged = await openSqliteStore({ path });
    try {
      await damaged.query({ limit: 10 });
    } finally {
      await damaged.close();
    }
  }

  it.each([
    ['a folder', () => folder],
    ['below a file', () => join(folder, 'file', 'exhibit.db')],
  ])('names what is wrong with a path that is %s', async (_what, target) => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openSqliteStore({ path: target() })).rejects.toMatchObject({
      code: 'STORE',
      message: 'the store can not be opened',
    });
  });
});
