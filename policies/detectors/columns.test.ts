import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf } from './columns.ts';

const word = fc.stringMatching(/^[a-z]{2,8}$/).filter((found) => found !== 'wanted');

function cut(text: string, starts = [0]): readonly string[] {
  return [...cellsOf(text, starts, (column) => column === 'wanted')].map(({ start, end }) =>
    text.slice(start, end),
  );
}

describe('cellsOf', () => {
  it('finds every cell of the wanted column, whatever the delimiter and the other columns', () => {
    const row = fc.tuple(word, word, word);
    fc.assert(
      fc.property(
        fc.constantFrom(',', ';', '\t', '|'),
        fc.nat({ max: 2 }),
        row,
        fc.array(row, { minLength: 1, maxLength: 5 }),
        (delimiter, at, others, rows) => {
          const header = others.with(at, 'Wanted');
          const text = [header, ...rows].map((cells) => cells.join(delimiter)).join('\n');
          expect(cut(text)).toEqual(rows.map((cells) => cells[at]));
        },
      ),
    );
  });

  it('ends where a line has another number of cells, and looks for the next header behind it', () => {
    const text = 'id,wanted\n1,ada\n2,"bob"\nwanted;id;x\ncy;3;y\n';
    expect(cut(text, [0, text.indexOf('wanted;')])).toEqual(['ada', 'bob', 'cy']);
  });

  it('takes no line of values or prose for a header', () => {
    expect(cut('7,wanted\n8,ada\n')).toEqual([]);
    expect(cut('the wanted, (it) said\nnone, of that\n')).toEqual([]);
    expect(cut('id,wanted')).toEqual([]);
  });
});
