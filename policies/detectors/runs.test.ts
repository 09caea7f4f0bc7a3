import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEYOND_HEX, CAPITAL, DIGIT, makeRunReader, RUN, SMALL } from './runs.ts';

const KINDS = DIGIT | SMALL | CAPITAL | BEYOND_HEX;

function kindsOf(run: string): number {
  return (
    (/[0-9]/.test(run) ? DIGIT : 0) |
    (/[a-z]/.test(run) ? SMALL : 0) |
    (/[A-Z]/.test(run) ? CAPITAL : 0) |
    (/[g-z]/i.test(run) ? BEYOND_HEX : 0)
  );
}

describe('runs of letters and digits', () => {
  it('are where an expression finds them, with the kinds of their characters', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        'a',
        'f',
        'g',
        'z',
        'A',
        'G',
        '0',
        '9',
        ' ',
        '-',
        '_',
        '\u00e9',
        '\u0660',
        '\ud83d\ude80',
      ),
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const read = makeRunReader();
        for (const one of texts) {
          const { table, length, firstForeign, lastForeign } = read(one);
          const runs = Array.from({ length: length / RUN }, (_, run) => [
            table[run * RUN],
            table[run * RUN + 1],
            (table[run * RUN + 2] ?? 0) & KINDS,
          ]);
          expect(runs).toEqual(
            [...one.matchAll(/[A-Za-z0-9]+/g)].map(({ 0: run, index }) => [
              index,
              index + run.length,
              kindsOf(run),
            ]),
          );
          const foreign = [...one.matchAll(/[^\0-\x7f]/g)].map(({ index }) => index);
          expect([firstForeign, lastForeign]).toEqual([
            foreign.at(0) ?? Number.POSITIVE_INFINITY,
            foreign.at(-1) ?? -1,
          ]);
        }
      }),
    );
  });

  it('has room for a text of nothing but short ones', () => {
    const read = makeRunReader();
    expect(read('a').length).toBe(RUN);
    expect(read('a '.repeat(5_000)).length).toBe(5_000 * RUN);
    expect(read('').length).toBe(0);
  });
});
