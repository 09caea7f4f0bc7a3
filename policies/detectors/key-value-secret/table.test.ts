import { describe, expect, it } from 'vitest';
import { detector } from './detector.ts';

const SECRETS = ['hunter22', 'blue, sky9', 'x|Q7#kd2', 'tr0ub4dor'];
const REST = 'no row';

function found(text: string): string[] {
  return [...detector.find(text)].map(({ start, end }) => text.slice(start, end));
}

describe('tables of passwords', () => {
  it('are read to their last row', () => {
    const rows = Array.from({ length: 500 }, (_, row) => ` user${row} | s3cret-${row} `);
    const text = [' name    | password ', '---------+----------', ...rows, '(500 rows)', REST].join('\n');
    expect(found(text)).toEqual(rows.map((_, row) => `s3cret-${row}`));
  });

  it('may have empty cells, also in the last column', () => {
    const text = ' name | password \n------+----------\n ada  |          \n bob  | hunter22 \n';
    expect(found(text)).toEqual(['hunter22']);
  });

  it('may have values in quotes, with separators in them', () => {
    const rows = SECRETS.map((secret, row) => `"${row}","Doe, ${row}","${secret}"`);
    const text = `"id","name","password"\r\n${rows.join('\r\n')}\r\n`;
    expect(found(text)).toEqual(SECRETS.filter((secret) => !secret.includes(' ')));
  });

  it('are none where a pipe stands between commands, or a comma in a sentence', () => {
    expect(found('cat password | sort\nhunter22 | uniq\n')).toEqual([]);
    expect(found('the name, the password\nhunter22, or other\n')).toEqual([]);
  });
});
