import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_HEAD } from '../testing/samples.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { describeGovernance } from './testing/governance-contract.ts';
import { describeRetention } from './testing/retention-contract.ts';
import type { StoreUnderTest } from './testing/store-contract.ts';
import { at, fakeItem, fakeSealed, itemId } from './testing/store-fixtures.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-governance-'));
  path = join(folder, 'exhibit.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const sqlite: StoreUnderTest = {
  open: () => openSqliteStore({ path }),
  reopen: async (store) => {
    await store.close();
    return openSqliteStore({ path });
  },
};
describeGovernance('SqliteStore', sqlite);
describeRetention('SqliteStore', sqlite);

/** What somebody does who has the file and an SQLite shell. */
function edit(sql: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

const UNLOCK = 'drop trigger audit_keeps_entries; drop trigger audit_keeps_content;';

describe('the audit trail in the file', () => {
  beforeEach(async () => {
    const store = await openSqliteStore({ path });
    for (let index = 1; index <= 5; index += 1) {
      await store.governance.appendAudit({
        at: at(index),
        actor: 'os:ops',
        action: 'policy.apply',
        target: `policy-${index}`,
        outcome: 'done',
        detail: { index },
      });
    }
    await store.close();
  });

  async function verdict() {
    const store = await openSqliteStore({ path });
    try {
      return await store.governance.verifyAudit();
    } finally {
      await store.close();
    }
  }

  it.each([
    ['an update', "update audit set content = '{}' where sequence = 2"],
    ['a deletion', 'delete from audit where sequence = 5'],
  ])('does not take %s', async (_what, sql) => {
    expect(() => edit(sql)).toThrow('the audit trail is append-only');
    expect(await verdict()).toEqual({ ok: true, entries: 5 });
  });

  it.each<[string, string, number]>([
    [
      'an entry was edited',
      `update audit set content = replace(content, 'ops', 'eve') where sequence = 3`,
      3,
    ],
    ['a hash was edited', `update audit set hash = 'sha256:${'0'.repeat(64)}' where sequence = 4`, 4],
    ['an entry became no JSON', `update audit set content = 'x' where sequence = 2`, 2],
    ['the first entry was removed', 'delete from audit where sequence = 1', 1],
    ['an entry in the middle was removed', 'delete from audit where sequence = 3', 3],
    ['the last entry was removed', 'delete from audit where sequence = 5', 5],
    ['all entries were removed', 'delete from audit', 1],
    [
      'a gap was closed',
      'delete from audit where sequence = 3; update audit set sequence = sequence - 1 where sequence > 3',
      3,
    ],
    ['an entry has another number', 'update audit set sequence = 500 where sequence = 5', 5],
    [
      'two entries changed places',
      `update audit set sequence = 100 where sequence = 2;
       update audit set sequence = 2 where sequence = 3;
       update audit set sequence = 3 where sequence = 100`,
      2,
    ],
    [
      'two entries exchanged what they say',
      `create temp table old as select * from audit;
       update audit set content = (select content from old where old.sequence = 7 - audit.sequence)
       where sequence in (3, 4)`,
      3,
    ],
    ['an entry was added', `insert into audit select 6, content, hash from audit where sequence = 5`, 6],
    ['the number of entries was forgotten', 'delete from audit_head', 6],
    ['the number of entries was set back', 'update audit_head set sequence = 4', 6],
  ])('shows that %s', async (_what, sql, expected) => {
    edit(`${UNLOCK}${sql}`);
    expect(await verdict()).toEqual({ ok: false, at: expected });
  });

  it('is still read when it does not hold, as far as it is JSON', async () => {
    edit(`${UNLOCK}update audit set content = replace(content, 'ops', 'eve') where sequence = 3`);
    const store = await openSqliteStore({ path });
    expect((await store.governance.audit({ limit: 10 })).items.map(({ actor }) => actor)).toContain('os:eve');
    await store.close();
  });
});

describe('evidence that expired', () => {
  it('is nowhere in the file or its log any more', async () => {
    const store = await openSqliteStore({ path });
    const items = Array.from({ length: 600 }, (_, index) =>
      fakeItem(`item-${index}`, {
        occurredAt: at(index),
        entity: `kubernetes://prod/shop/Pod/secretpod-${index}`,
        body: { note: `needle-${index}`, padding: 'x'.repeat(index === 7 ? 40_000 : 300) },
      }),
    );
    await store.append(fakeSealed(items, EMPTY_HEAD));
    await store.retention.expire([{ olderThan: at(500) }], at(9_000));
    const bytes = () => [path, `${path}-wal`].map((file) => readFileSync(file).toString('latin1')).join('\n');
    const live = bytes();
    const found = (text: string, word: string) =>
      items.flatMap((_, index) => (new RegExp(`${word}-${index}(?!\\d)`).test(text) ? [index] : []));
    expect(found(live, 'needle')).toEqual(Array.from({ length: 100 }, (_, index) => 500 + index));
    expect(found(live, 'secretpod')).toEqual(Array.from({ length: 100 }, (_, index) => 500 + index));
    await store.close();
  });
});

describe('a store from before there was governance', () => {
  it('gets the new tables and keeps its evidence', async () => {
    const database = new DatabaseSync(path);
    migrate(database, MIGRATIONS.slice(0, 1));
    database.exec(`
      insert into names (id, name) values (1, 'state'), (2, 'sample.thing/v1'), (3, 'orders-db');
      insert into manifests values (1, 'sha256:1', 'run', '${at(1)}', 1, '{}', '{}');
      insert into evidence values (1, 5, 1, 2, 3, 1, '${itemId('a')}', 'salt', 'leaf', '{}')`);
    database.close();
    const after = await openSqliteStore({ path });
    expect(await after.item(itemId('a'))).not.toBeNull();
    expect(await after.governance.verifyAudit()).toEqual({ ok: true, entries: 0 });
    // What was sealed before there was a log has no number and no leaf; what comes next has.
    expect(await after.head()).toMatchObject({ manifest: { sequence: 1 }, lastItem: 0, log: { size: 0 } });
    await after.append(fakeSealed([fakeItem('b')], await after.head()));
    expect(await after.head()).toMatchObject({ manifest: { sequence: 2 }, lastItem: 1, log: { size: 1 } });
    await after.close();
  });

  it('goes through every migration', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, MIGRATIONS.slice(0, 1));
    migrate(database);
    const migrations = database.prepare('select version from schema_migrations').all();
    expect(migrations.map((row) => row['version'])).toEqual(MIGRATIONS.map((_, index) => index + 1));
    database.close();
  });
});
