import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntries, encodeEntries, parseTilePath, tilePath, tilesOf, tileWidth } from './tiles.ts';

describe('paths of tiles', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 2, index: 273, width: 17 }, 'tile/2/273.p/17'],
    [{ level: 1, index: 1000, width: 1 }, 'tile/1/x001/000.p/1'],
    [{ level: 'entries' as const, index: 999, width: 255 }, 'tile/entries/999.p/255'],
  ])('are those of the specification: %j', (address, path) => {
    expect(tilePath(address)).toBe(path);
    expect(parseTilePath(path)).toEqual(address);
  });

  it('are read as they are written', () => {
    const address = fc.record({
      level: fc.oneof(fc.nat(6), fc.constant('entries' as const)),
      index: fc.oneof(fc.nat(5000), fc.integer({ min: 0, max: 2 ** 45 - 1 })),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(address, (given) => {
        expect(parseTilePath(tilePath(given))).toEqual(given);
      }),
    );
  });

  it.each([
    '',
    'tile/0',
    'tile/0/',
    'tile//000',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/001/x234/067',
    'tile/0/x001/x234/x067',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000.p/1/2',
    'tile/00/000',
    'tile/-1/000',
    'tile/7/000',
    'tile/64/000',
    'tile/entries',
    'tile/data/000',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/٠٠٠',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    'tile/0/../000',
  ])('are refused otherwise: %j', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });
});

describe('widths of tiles', () => {
  it('are those of the example of the specification, a tree of 70,000', () => {
    expect([tileWidth(0, 272, 70_000), tileWidth(0, 273, 70_000), tileWidth(0, 274, 70_000)]).toEqual([
      256, 112, 0,
    ]);
    expect([tileWidth(1, 0, 70_000), tileWidth(1, 1, 70_000), tileWidth(2, 0, 70_000)]).toEqual([256, 17, 1]);
    expect([tileWidth(0, 0, 256), tileWidth(1, 0, 256), tileWidth(1, 0, 255)]).toEqual([256, 1, 0]);
    const tiles = [...tilesOf(70_000)];
    expect(tiles).toHaveLength(274 + 2 + 1);
    expect(tiles.filter(({ width }) => width < 256)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect([...tilesOf(0)]).toEqual([]);
  });
});

describe('bundles of entries', () => {
  it('hold each entry behind its length', () => {
    const bundle = encodeEntries([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258, 'x')]);
    expect(Buffer.from(bundle.subarray(0, 8)).toString('hex')).toBe('0002616200000102');
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 }), (entries) => {
        const read = decodeEntries(encodeEntries(entries), entries.length);
        expect(read.map((entry) => [...entry])).toEqual(entries.map((entry) => [...entry]));
      }),
    );
    expect(decodeEntries(encodeEntries([Buffer.alloc(65_535)]), 1)[0]).toHaveLength(65_535);
    expect(() => encodeEntries([Buffer.alloc(65_536)])).toThrow(/65535 bytes/);
  });

  it('are refused when anything is missing or left over', () => {
    const entries = [Buffer.from('abc'), Buffer.from('defg')];
    const bundle = encodeEntries(entries);
    for (let length = 0; length < bundle.length; length += 1) {
      expect(() => decodeEntries(bundle.subarray(0, length), 2)).toThrow(
        expect.objectContaining({ code: 'LOG' }),
      );
    }
    for (const [bytes, width] of [
      [bundle, 1],
      [bundle, 3],
      [Buffer.concat([bundle, Uint8Array.of(0)]), 2],
      [Buffer.concat([bundle, Uint8Array.of(0, 0)]), 2],
    ] as const) {
      expect(() => decodeEntries(bytes, width)).toThrow(expect.objectContaining({ code: 'LOG' }));
    }
  });
});
