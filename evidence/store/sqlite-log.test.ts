import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditLog, storedLog } from '../log/audit.ts';
import { openCheckpoint } from '../log/checkpoint.ts';
import { leafHashOfEntry } from '../log/entry.ts';
import { appendLeaf, emptyFrontier, frontierRoot } from '../log/frontier.ts';
import { LogFixture, ORIGIN } from '../log/testing/log-fixture.ts';
import { naiveTiles } from '../log/testing/naive.ts';
import { decodeEntries, tileWidth } from '../log/tiles.ts';
import type { LogAppend } from './sqlite-log.ts';

const counts = (fixture: LogFixture) =>
  ['log_entries', 'log_tiles', 'log_checkpoints'].map((table) =>
    Number(fixture.database.prepare(`select count(*) as count from ${table}`).get()?.['count']),
  );

const audit = (fixture: LogFixture) =>
  auditLog({ source: storedLog(fixture.log), vkey: fixture.signer.vkey, kept: null });

describe('the log in the store', () => {
  it('holds entries, tiles and a checkpoint of every size', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(600);
    const { log } = fixture;
    const leaves = Array.from({ length: 600 }, (_, index) =>
      leafHashOfEntry(JSON.stringify({ text: `entry ${index}` })),
    );
    expect(await log.size()).toBe(600);
    const tiles = naiveTiles(leaves);
    for (const size of [1, 255, 256, 257, 512, 600]) {
      const opened = openCheckpoint((await log.checkpoint(size)) ?? '', fixture.signer.vkey);
      const grown = leaves.slice(0, size).reduce(appendLeaf, emptyFrontier);
      expect(opened).toEqual({ origin: ORIGIN, size, root: Buffer.from(frontierRoot(grown)) });
      for (const [level, index] of [
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 0],
      ] as const) {
        const width = tileWidth(level, index, size);
        if (width === 0) continue;
        expect(Buffer.from(await log.tile(level, index, width))).toEqual(
          Buffer.from(await tiles.tile(level, index, width)),
        );
      }
    }
    expect(await log.checkpoint()).toBe(await log.checkpoint(600));
    expect(await log.checkpoint(601)).toBeNull();
    const bundle = decodeEntries(await log.entries(2, 88), 88);
    expect(bundle.map((entry) => Buffer.from(entry).toString())).toEqual(
      Array.from({ length: 88 }, (_, offset) => JSON.stringify({ text: `entry ${512 + offset}` })),
    );
  });

  it('finds what was logged by its digest and by its place', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(5);
    const { digest } = await fixture.next('entry 3');
    expect(await fixture.log.indexOf(digest)).toBe(3);
    expect(await fixture.log.entry(3)).toMatchObject({ index: 3, kind: 'receipt', digest });
    expect(await fixture.log.entry(4)).toMatchObject({ index: 4, kind: 'manifest' });
    expect(await fixture.log.indexOf('sha256:none')).toBeNull();
    expect(await fixture.log.entry(5)).toBeNull();
  });

  it('is empty at first', async () => {
    const { log } = new LogFixture();
    expect([await log.size(), await log.checkpoint(), log.frontier()]).toEqual([0, null, emptyFrontier]);
    await expect(log.tile(0, 0, 1)).rejects.toMatchObject({ code: 'LOG' });
    await expect(log.entries(0, 1)).rejects.toMatchObject({ code: 'LOG' });
  });

  it('has no tile wider than the tree, and none of no width', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(3);
    for (const [level, index, width] of [
      [0, 0, 4],
      [0, 0, 0],
      [0, 1, 1],
      [1, 0, 1],
    ] as const) {
      await expect(fixture.log.tile(level, index, width)).rejects.toMatchObject({ code: 'LOG' });
    }
    await expect(fixture.log.entries(0, 4)).rejects.toMatchObject({ code: 'LOG' });
  });
});

describe('append', () => {
  const WRONG: readonly [string, (next: LogAppend, fixture: LogFixture) => Promise<Partial<LogAppend>>][] = [
    ['a leaf further on', async ({ index }) => ({ index: index + 1 })],
    ['a leaf that is there', async ({ index }) => ({ index: index - 1 })],
    ['another size', async ({ size }) => ({ size: size + 1 })],
    ['the leaf hash of something else', async () => ({ leaf: leafHashOfEntry('{}') })],
    ['an entry that was changed', async ({ entry }) => ({ entry: `${entry} ` })],
    ['the checkpoint before', async (_next, { log }) => ({ note: (await log.checkpoint()) ?? '' })],
    ['the checkpoint of another leaf', async (_next, fixture) => ({ note: (await fixture.next('b')).note })],
    ['no checkpoint', async () => ({ note: 'none' })],
    ['a checkpoint of another size', async ({ note }) => ({ note: note.replace('\n5\n', '\n6\n') })],
    [
      'another size and a checkpoint of it',
      async ({ note, size }) => ({ size: size + 1, note: note.replace('\n5\n', '\n6\n') }),
    ],
  ];

  it.each(WRONG)('refuses %s, and nothing of it stays', async (_case, wrong) => {
    const fixture = new LogFixture();
    await fixture.growTo(4);
    const next = await fixture.next('a');
    const before = counts(fixture);
    const given = { ...next, ...(await wrong(next, fixture)) };
    expect(() => fixture.log.append(given)).toThrow(expect.objectContaining({ code: 'LOG' }));
    expect(counts(fixture)).toEqual(before);
    fixture.log.append(next);
    await audit(fixture);
  });

  it('leaves nothing when its transaction is rolled back, wherever that happens', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(250);
    const before = counts(fixture);
    const root = Buffer.from(frontierRoot(fixture.log.frontier()));
    fixture.database.exec('begin');
    for (let index = 250; index < 260; index += 1) fixture.log.append(await fixture.next(`gone ${index}`));
    expect(fixture.log.frontier().size).toBe(260);
    fixture.database.exec('rollback');
    expect(counts(fixture)).toEqual(before);
    expect(Buffer.from(frontierRoot(fixture.log.frontier()))).toEqual(root);
    await fixture.growTo(258, (index) => `other ${index}`);
    expect(await audit(fixture)).toMatchObject({ added: 258 });
  });

  it('fails as a whole when its last statement fails', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(2);
    const before = counts(fixture);
    const next = await fixture.next('a');
    fixture.database.exec(
      "create trigger full before insert on log_checkpoints begin select raise(abort, 'disk full'); end",
    );
    fixture.database.exec('begin');
    expect(() => fixture.log.append(next)).toThrow('disk full');
    fixture.database.exec('rollback');
    expect(counts(fixture)).toEqual(before);
    fixture.database.exec('drop trigger full');
    await fixture.growTo(3);
    await audit(fixture);
  });

  it('continues a file that another process wrote', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(300);
    const image = fixture.database.prepare('select * from log_tiles').all();
    expect(image).toHaveLength(3);
    const again = new LogFixture(':memory:', fixture.signer);
    for (const table of ['log_entries', 'log_tiles', 'log_checkpoints']) {
      for (const row of fixture.database.prepare(`select * from ${table}`).all()) {
        const marks = Object.keys(row).map(() => '?');
        again.database
          .prepare(`insert into ${table} values (${marks.join(', ')})`)
          .run(...Object.values(row));
      }
    }
    await again.growTo(301);
    expect(await audit(again)).toMatchObject({ added: 301 });
  });
});

describe('the tables of the log', () => {
  it.each([
    'delete from log_entries where idx = 1',
    "update log_entries set digest = 'x' where idx = 1",
    'delete from log_checkpoints where size = 1',
    "update log_checkpoints set note = '' where size = 1",
    'delete from log_tiles',
    "update log_tiles set hashes = x'00'",
    'update log_tiles set hashes = zeroblob(length(hashes) + 32)',
    'update log_tiles set hashes = substr(hashes, 1, 32)',
    'update log_tiles set n = 7, hashes = cast(hashes || zeroblob(32) as blob)',
    "insert into log_entries values (4, 'other', 'd', x'00')",
  ])('refuse: %s', async (sql) => {
    const fixture = new LogFixture();
    await fixture.growTo(3);
    expect(() => fixture.database.exec(sql)).toThrow(/append-only|CHECK constraint/);
    await audit(fixture);
  });
});

describe('tampering behind the back of the tables', () => {
  it('with any byte of any tile is found', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(600);
    fixture.dropTriggers();
    const tiles = fixture.database.prepare('select level, n, length(hashes) as length from log_tiles').all();
    const place = fc
      .constantFrom(...tiles)
      .chain((tile) => fc.record({ tile: fc.constant(tile), byte: fc.nat(Number(tile['length']) - 1) }));
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async ({ tile, byte }, change) => {
        const where = [Number(tile['level']), Number(tile['n'])] as const;
        const read = fixture.database.prepare('select hashes from log_tiles where level = ? and n = ?');
        const write = fixture.database.prepare('update log_tiles set hashes = ? where level = ? and n = ?');
        const hashes = Buffer.from(read.get(...where)?.['hashes'] as Uint8Array);
        const changed = Buffer.from(hashes);
        changed[byte] = (changed[byte] ?? 0) ^ change;
        write.run(changed, ...where);
        await expect(audit(fixture)).rejects.toMatchObject({ fault: expect.stringMatching(/^(tiles|gap)$/) });
        write.run(hashes, ...where);
      }),
      { numRuns: 25 },
    );
    await audit(fixture);
  });

  it('with an entry and all hashes of its tile is found', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(600);
    fixture.dropTriggers();
    const forged = Buffer.from('{"text":"forged"}');
    const tile = Buffer.from(await fixture.log.tile(0, 0, 256));
    tile.set(leafHashOfEntry(forged), 20 * 32);
    fixture.database.prepare('update log_entries set entry = ? where idx = 20').run(forged);
    fixture.database.prepare('update log_tiles set hashes = ? where level = 0 and n = 0').run(tile);
    await expect(audit(fixture)).rejects.toMatchObject({ fault: 'tiles' });
  });

  it('is found when nothing is new, too', async () => {
    const fixture = new LogFixture();
    await fixture.growTo(300);
    const kept = await fixture.log.checkpoint();
    fixture.dropTriggers();
    fixture.database.exec('update log_tiles set hashes = zeroblob(length(hashes)) where level = 1');
    const again = auditLog({ source: storedLog(fixture.log), vkey: fixture.signer.vkey, kept });
    await expect(again).rejects.toMatchObject({ fault: 'tiles' });
  });

  it.each([
    ['an entry that is deleted', 'delete from log_entries where idx = 260', 'gap'],
    ['an entry that is changed', "update log_entries set entry = x'7b7d' where idx = 5", 'gap'],
    ['the newest entries deleted', 'delete from log_entries where idx >= 290', 'gap'],
    [
      'entries that changed places',
      `update log_entries set entry = (select entry from log_entries where idx = 8) where idx = 7`,
      'gap',
    ],
    ['a tile that is deleted', 'delete from log_tiles where level = 0 and n = 0', 'tiles'],
    ['a tile that is cut', 'update log_tiles set hashes = substr(hashes, 1, 64) where level = 0', 'tiles'],
    [
      'a checkpoint that is changed',
      "update log_checkpoints set note = replace(note, '300', '299')",
      'signature',
    ],
  ])('is found: %s', async (_case, sql, fault) => {
    const fixture = new LogFixture();
    await fixture.growTo(300);
    fixture.dropTriggers();
    fixture.database.exec(sql);
    await expect(audit(fixture)).rejects.toMatchObject({ code: 'LOG', fault });
  });

  it.each([
    [
      'a hash that is changed',
      'update log_tiles set hashes = cast(substr(hashes, 1, 32) || zeroblob(32) || substr(hashes, 65) as blob) where level = 0 and n = 1',
    ],
    [
      'a hash of full tiles that is changed',
      'update log_tiles set hashes = zeroblob(length(hashes)) where level = 1',
    ],
    ['the newest entry deleted', 'delete from log_entries where idx = 299'],
    ['the newest checkpoint deleted', 'delete from log_checkpoints where size = 300'],
    ['all checkpoints deleted', 'delete from log_checkpoints'],
  ])('is not continued by a new signature: %s', async (_case, sql) => {
    const fixture = new LogFixture();
    await fixture.growTo(300);
    const next = await fixture.next('entry 300');
    fixture.dropTriggers();
    fixture.database.exec(sql);
    expect(() => fixture.log.frontier()).toThrow(/not the one whose checkpoint was signed last/);
    expect(() => fixture.log.append(next)).toThrow(/not the one whose checkpoint was signed last/);
  });
});
