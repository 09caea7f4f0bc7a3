import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { findLeaks, storedPlaces, tablePlaces } from './leaks.ts';

const SECRET = 'planted-value-77Qz';

describe('findLeaks', () => {
  it.each([
    ['as it is', `before ${SECRET} after`],
    ['in another case', SECRET.toUpperCase()],
    ['in a URL', encodeURIComponent(`a b/${SECRET}?`)],
    ['in hexadecimal', Buffer.from(`x${SECRET}`).toString('hex')],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 behind one byte', Buffer.from(`a${SECRET}b`).toString('base64')],
    ['in base64 behind two bytes', Buffer.from(`ab${SECRET}cd`).toString('base64')],
  ])('finds a value %s', (_, text) => {
    expect(findLeaks([SECRET], new Map([['log', text]]))).toEqual([`${SECRET} in log`]);
  });

  it('finds it in bytes, and nothing where nothing is', () => {
    const places = new Map<string, string | Uint8Array>([
      ['bytes', Buffer.from([0, 255, ...Buffer.from(SECRET), 254])],
      ['text', 'planted-value-77Q'],
    ]);
    expect(findLeaks([SECRET], places)).toEqual([`${SECRET} in bytes`]);
  });

  it('finds it in a table although it spans pages of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'exhibit-leaks-'));
    const database = new DatabaseSync(join(folder, 'evidence.db'));
    database.exec('create table notes (text text not null, bytes blob not null)');
    const long = SECRET.repeat(1_000);
    database.prepare('insert into notes values (?, ?)').run(long, Buffer.from(SECRET));
    database.close();
    expect(findLeaks([long], await storedPlaces(folder))).toEqual([]);
    expect(findLeaks([long], tablePlaces(folder))).toEqual([`${long} in table notes`]);
    await rm(folder, { recursive: true });
  });
});
