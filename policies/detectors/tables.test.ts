import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBelowRow, rowsOf, tableAt } from './tables.ts';

/** The table around the first place of a word, with the texts of its cells. */
function read(text: string, word = 'name') {
  const table = tableAt(text, text.indexOf(word));
  if (table === undefined) return undefined;
  const rows = [...rowsOf(text, table)];
  for (const { start, end, value } of rows.flatMap(({ cells }) => cells)) {
    expect(text.slice(start, end)).toBe(value);
  }
  return {
    columns: table.columns.map(({ value }) => value),
    rows: rows.map(({ cells }) => cells.map(({ value }) => value)),
    rest: text.slice(rows.at(-1)?.end ?? table.body),
  };
}

const padded = (cells: readonly string[]) => cells.map((cell) => ` ${cell.padEnd(9)} `);
const FORMS: Readonly<Record<string, (lines: readonly (readonly string[])[]) => string>> = {
  CSV: (lines) => lines.map((cells) => cells.join(',')).join('\n'),
  'CSV with quotes': (lines) => lines.map((cells) => cells.map((cell) => `"${cell}"`).join(',')).join('\r\n'),
  TSV: (lines) => lines.map((cells) => cells.join('\t')).join('\n'),
  'psql, unaligned': (lines) => lines.map((cells) => cells.join('|')).join('\n'),
  psql: ([names = [], ...rows]) =>
    [padded(names).join('|'), names.map(() => '-'.repeat(11)).join('+')]
      .concat(rows.map((cells) => padded(cells).join('|')))
      .join('\n'),
  MySQL: ([names = [], ...rows]) => {
    const rule = `+${names.map(() => '-----------+').join('')}`;
    const lines = [names, ...rows].map((cells) => `|${padded(cells).join('|')}|`);
    return [rule, lines[0], rule, ...lines.slice(1), rule].join('\n');
  },
  Markdown: ([names = [], ...rows]) =>
    [`| ${names.join(' | ')} |`, `|${names.map(() => ':---:|').join('')}`]
      .concat(rows.map((cells) => `| ${cells.join(' | ')} |`))
      .join('\n'),
};

const value = fc.stringMatching(/^[a-z0-9]{0,8}$/);
const lines = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1 }))
  // A line without any value is no row of some forms.
  .map((rows) => rows.map((cells, row) => cells.with(0, `v${row}`)));

describe('rowsOf', () => {
  it.each(Object.entries(FORMS))('reads %s, empty cells included', (_, write) => {
    fc.assert(
      fc.property(lines, (rows) => {
        const columns = rows[0]?.map((_cell, index) => (index === 0 ? 'name' : `Größe ${index}`)) ?? [];
        expect(read(`Out:\n${write([columns, ...rows])}\n\nend`)).toMatchObject({ columns, rows });
      }),
    );
  });

  it('takes what stands in quotes for one cell, where they are closed', () => {
    expect(read('name,b\n"Doe, ""J""", 2\n "x,y" ,z\n')?.rows).toEqual([
      ['Doe, ""J', '2'],
      ['x,y', 'z'],
    ]);
    expect(read('name,b\n"5 ft,7"\n"7,8\n')?.rows).toEqual([]);
    expect(read('name,b\n"7,8\n9,"\n')?.rows).toEqual([
      ['7', '8'],
      ['9', ''],
    ]);
  });

  it('ends at the first line with another number of cells', () => {
    expect(read(' name | b\n------+---\n ada  | 1\n(1 row)\n ada | 2\n')).toEqual({
      columns: ['name', 'b'],
      rows: [['ada', '1']],
      rest: '(1 row)\n ada | 2\n',
    });
  });

  it('reads no further than a text goes, whatever it is', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '|', ',', '"', '\n', ' ', '-', '\t'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, fc.nat({ max: 60 }), (written, at) => {
        const table = tableAt(written, Math.min(at, written.length));
        const ends = table === undefined ? [] : [...rowsOf(written, table)].map(({ end }) => end);
        expect(ends.every((end, row) => end > (ends[row - 1] ?? 0) && end <= written.length)).toBe(true);
      }),
    );
  });
});

describe('tableAt', () => {
  it('takes a line of names only', () => {
    expect(read('name\nada\n')).toBeUndefined();
    expect(read('7,name\n8,ada\n')).toBeUndefined();
    expect(read('the name, (it) said\nnone, of that\n')).toBeUndefined();
    expect(read('name,b')).toBeUndefined();
  });

  it('looks no further than a line of names is long', () => {
    const wide = (columns: number) => `${'column,'.repeat(columns)}name\nx\n`;
    expect(read(wide(145))?.columns).toHaveLength(146);
    expect(read(wide(146))).toBeUndefined();
    expect(read(`name,${wide(145).slice(7)}`)?.columns).toHaveLength(146);
  });

  it('tells a line below the names and a row above them', () => {
    const seen = (text: string) => {
      const table = tableAt(text, text.indexOf('name'));
      return table && { isRuled: table.isRuled, isBelowRow: isBelowRow(text, table) };
    };
    expect(seen('name|b\n----+--\n')).toEqual({ isRuled: true, isBelowRow: false });
    expect(seen('---+---\nname|b\n1|2\n')).toEqual({ isRuled: false, isBelowRow: false });
    expect(seen('of:\nx,name\n2,3\n')).toEqual({ isRuled: false, isBelowRow: false });
    expect(seen('a,b\nx,name\n2,3\n')).toEqual({ isRuled: false, isBelowRow: true });
  });
});
