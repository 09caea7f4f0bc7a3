import { describe, expect, it } from 'vitest';
import { readFilesOf, stepOf, textFor } from './read-files.ts';

const WAL = { id: 'wal', file: 'queries/wal.sql' };

describe('the files of a read', () => {
  it('are the one of the manifest and its variants, in order of versions', () => {
    const files = ['queries/wal.18.sql', 'queries/wal.sql', 'queries/wal.9.sql', 'queries/walls.sql'];
    expect(readFilesOf(WAL, files)).toEqual([
      { key: 'wal', file: 'queries/wal.sql' },
      { key: 'wal@9', file: 'queries/wal.9.sql' },
      { key: 'wal@18', file: 'queries/wal.18.sql' },
    ]);
  });

  it('are no files with anything but a version before the ending', () => {
    const files = ['queries/wal.old.sql', 'queries/wal.018.sql', 'queries/wal.18.yaml', 'queries/wal..sql'];
    expect(readFilesOf(WAL, files)).toEqual([{ key: 'wal', file: 'queries/wal.sql' }]);
  });
});

describe('the steps of a read', () => {
  const read = { ...WAL, steps: ['drop', 'make'] };

  it('are files beside its own, also where they are missing', () => {
    expect(readFilesOf(read, ['queries/wal.sql', 'queries/wal.drop.sql', 'queries/wal.16.sql'])).toEqual([
      { key: 'wal', file: 'queries/wal.sql' },
      { key: 'wal@16', file: 'queries/wal.16.sql' },
      { key: 'wal/drop', file: 'queries/wal.drop.sql' },
      { key: 'wal/make', file: 'queries/wal.make.sql' },
    ]);
  });

  it.each([
    ['queries/wal.drop.sql', 'drop'],
    ['queries/wal.sql', undefined],
    ['queries/wal.16.sql', undefined],
    ['queries/walk.drop.sql', undefined],
  ])('%s is the step %s', (file, step) => {
    expect(stepOf(read, file)).toBe(step);
  });
});

describe('the text for a source', () => {
  const texts = new Map([
    ['wal', 'oldest'],
    ['wal@16', 'middle'],
    ['wal@18', 'newest'],
    ['walk@14', 'another read'],
  ]);

  it.each([
    [14, 'oldest'],
    [15, 'oldest'],
    [16, 'middle'],
    [17, 'middle'],
    [18, 'newest'],
    [19, 'newest'],
  ])('of version %i is %s', (version, text) => {
    expect(textFor(texts, 'wal', version)).toBe(text);
  });

  it('is none of a read that is not there', () => {
    expect(textFor(texts, 'wa', 18)).toBeUndefined();
  });
});
