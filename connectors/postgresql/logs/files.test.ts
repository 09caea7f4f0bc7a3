import { describe, expect, it } from 'vitest';
import { type ListedFile, LOOK_BACK, type LogState, type Mark, ofFormat, plan, readMark } from './files.ts';

const HOUR = (hour: number): string => `2026-11-21T0${hour}:00:00.000Z`;
const file = (name: string, size: number, hour: number): ListedFile => ({
  file: name,
  size,
  modified: HOUR(hour),
});
const since = (hour: number | null, marks: Readonly<Record<string, Mark>> = {}): LogState => ({
  before: hour === null ? null : HOUR(hour),
  marks: new Map(Object.entries(marks)),
});
const at = (offset: number, size = offset): Mark => ({ offset, inside: 'nothing', size });
const planned = (files: readonly ListedFile[], state: LogState, current = 'b.log') =>
  plan(files, state, current, (name) => name).map(({ file: name, offset, skipped }) => [
    name,
    offset,
    skipped,
  ]);

describe('what there is to read', () => {
  it('is the end of the current file at first', () => {
    const files = [file('a.log', 500, 1), file('b.log', LOOK_BACK + 70, 2)];
    expect(planned(files, since(null))).toEqual([['b.log', 70, 0]]);
  });

  it('is what was added, the older file first, and a new file as a whole', () => {
    const files = [file('c.log', 40, 5), file('b.log', 900, 4), file('a.log', 500, 1)];
    const state = since(3, { 'a.log': at(500), 'b.log': at(800) });
    expect(planned(files, state, 'c.log')).toEqual([
      ['b.log', 800, 0],
      ['c.log', 0, 0],
    ]);
  });

  it('is all of a file that was begun anew, and nothing of one that is older than the last read', () => {
    const files = [file('mon.log', 40, 5), file('found.log', 900, 2)];
    expect(planned(files, since(3, { 'mon.log': at(800) }))).toEqual([['mon.log', 0, 0]]);
  });

  it('is nothing where only a line without its end is left', () => {
    expect(planned([file('b.log', 900, 4)], since(3, { 'b.log': at(850, 900) }))).toEqual([]);
    expect(planned([file('b.log', 950, 4)], since(3, { 'b.log': at(850, 900) }))).toEqual([
      ['b.log', 850, 0],
    ]);
  });

  it('leaves out what is too far behind, and says how much', () => {
    const size = 2 ** 30;
    expect(planned([file('b.log', size, 4)], since(3, { 'b.log': at(1_000) }))).toEqual([
      ['b.log', size - LOOK_BACK, size - LOOK_BACK - 1_000],
    ]);
  });

  it('is of one format', () => {
    const files = [file('b.log', 1, 1), file('b.csv', 1, 1), file('b.json', 1, 1), file('postgresql', 1, 1)];
    expect(ofFormat(files, 'stderr').map((one) => one.file)).toEqual(['b.log', 'postgresql']);
    expect(ofFormat(files, 'csvlog').map((one) => one.file)).toEqual(['b.csv']);
    expect(ofFormat(files, 'jsonlog').map((one) => one.file)).toEqual(['b.json']);
  });
});

describe('what an earlier read left', () => {
  it('is taken only as it was written', () => {
    expect(readMark([7, 'quotes', 9])).toEqual({ offset: 7, inside: 'quotes', size: 9 });
    for (const other of [null, 7, {}, [], ['7', 'line', 9], [7, 'elsewhere', 9], [7, 'line']])
      expect(readMark(other)).toBeUndefined();
  });
});
