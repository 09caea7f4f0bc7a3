import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HIT, indexKeywords, type KeywordIndex } from './redact-gate-keywords.ts';
import { passOver } from './redact-gate-pass.ts';

type Found = readonly [keyword: string, start: number, sets: readonly number[]];

function hitsOf(index: KeywordIndex, text: string): Found[] {
  const { table, length } = index.find(passOver(text, index.filed));
  const hits: Found[] = [];
  for (let at = 0; at < length; at += HIT) {
    const end = table[at] ?? 0;
    const { length: characters, sets } = index.keywords[table[at + 1] ?? -1] ?? { length: 0, sets: [] };
    hits.push([text.slice(end - characters, end).toLowerCase(), end - characters, sets]);
  }
  return hits;
}

/** The same by trying every literal at every place. */
function expected(sets: readonly (readonly string[])[], text: string): Found[] {
  const literals = [...new Set(sets.flat())];
  const hits = literals.flatMap((literal) =>
    [...text].flatMap((_, start): Found[] => {
      const stretch = text.slice(start, start + literal.length);
      if (!isWritten(literal, stretch)) return [];
      return [[stretch.toLowerCase(), start, sets.flatMap((set, at) => (set.includes(literal) ? [at] : []))]];
    }),
  );
  return hits.sort(([a, from], [b, at]) => from + a.length - at - b.length || a.length - b.length);
}

function isWritten(literal: string, stretch: string): boolean {
  if (stretch.length !== literal.length || /[^\0-\x7f]/.test(stretch)) return false;
  return [...stretch.toLowerCase()].every((one, at) =>
    literal[at] === '#' ? /[0-9]/.test(one) : one === literal[at],
  );
}

// Few characters, so that literals overlap, contain each other and nearly match; the last ones fold to ASCII elsewhere.
const literal = fc.string({
  unit: fc.constantFrom('a', 'b', 'k', '_', '-', ' ', '=', '0', '#'),
  minLength: 1,
  maxLength: 7,
});
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'B',
    'b',
    'k',
    'K',
    '_',
    '-',
    ' ',
    '=',
    '0',
    '7',
    '9',
    '\u212a',
    '\u017f',
    '\ud83d',
  ),
  maxLength: 60,
});

describe('the index of keywords', () => {
  it('finds what a search for each of them finds, in the order of the ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(literal, { maxLength: 6 }), { maxLength: 4 }),
        fc.array(text),
        (sets, texts) => {
          const made = indexKeywords(sets);
          for (const one of texts) expect(hitsOf(made, one)).toEqual(expected(sets, one));
        },
      ),
    );
  });

  it('holds more hits than characters', () => {
    const sets = [['a', 'aa', 'aaa', 'aaaa', 'aaaaa']];
    const long = 'a'.repeat(2_000);
    expect(hitsOf(indexKeywords(sets), long)).toHaveLength(5 * 2_000 - 10);
  });

  it('refuses what is no lower-case ASCII', () => {
    for (const wrong of ['', 'Key', 'clé', '\u0001'])
      expect(() => indexKeywords([[wrong]])).toThrow('lower-case ASCII');
  });
});
