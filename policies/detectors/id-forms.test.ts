import { describe, expect, it } from 'vitest';
import { idForms } from './id-forms.ts';
import { detector as nationalId } from './national-id/detector.ts';

function found(text: string): string[] {
  return [...nationalId.find(text)].map(({ start, end }) => text.slice(start, end));
}

/** Published examples, and made-up numbers with right check digits. */
const ALONE: readonly string[] = [
  '55555555K',
  'X9613851N',
  'A58818501',
  'RSSMRA85T10A562S',
  'S2740116C',
  '51 824 753 556',
  '2123 45670 1',
  '131052-308T',
  '960121-1234567',
  '943 476 5919',
  'HH 01 02 03 D',
  '529.982.247-25',
  '11.222.333/0001-81',
  '20-12345678-6',
  '811228-9874',
  '85.07.30-033.28',
  '756.9217.0769.85',
  'CHE-109.322.551',
  '010170-0018',
  '6433435F',
  '11010519491231002X',
  'A123456789',
  '736028/5163',
  '120174-3399',
  '123-456-32-18',
  '112-233-445 95',
  'DE136695976',
  'FR40303265045',
  'MORGA657054SM9IJ',
];

const NAMED: readonly (readonly [string, string])[] = [
  ['PESEL', '44051401359'],
  ['Steuer-ID', '36574261809'],
  ['BSN', '111222333'],
  ['OIB', '33392005961'],
  ['ЕГН', '7523169263'],
  ['asmens kodas', '33309240064'],
  ['AMKA', '01013099997'],
  ['adóazonosító', '8071592153'],
  ['ИНН', '500100732259'],
  ['TC Kimlik No', '10000000146'],
  ['Aadhaar', '234123412346'],
  ['マイナンバー', '123456789018'],
  ['NPI', '1234567893'],
  ['PPSN', '1234567T'],
];

describe('national-id', () => {
  it.each(ALONE)('%s is told alone', (number) => {
    expect(found(`sent ${number} today`)).toEqual([number]);
  });

  it.each(NAMED)('beside %s, %s is told', (word, number) => {
    expect(found(`${word}: ${number}`)).toEqual([number]);
    expect(found(`bytes: ${number}`)).toEqual([]);
  });
});

describe('idForms', () => {
  const { find, words } = idForms([
    {
      country: 'XX',
      name: 'test',
      docs: 'test',
      alone: '99-999A',
      named: '999999',
      check: (characters) => !characters.startsWith('00'),
      words: ['tax id', 'номер'],
    },
  ]);
  const spans = (text: string) => [...find(text)].map(({ start, end }) => text.slice(start, end));

  it('takes names of fields for words', () => {
    for (const text of ['tax_id=123456', '{"taxId":"123456"}', 'Tax-ID 123456', 'номер: 123456']) {
      expect(spans(text)).toEqual(['123456']);
    }
    expect(spans('syntax identity 123456')).toEqual([]);
    expect(words).toEqual(['tax id']);
  });

  it('wants capitals, a check and an end where no word tells', () => {
    expect(spans('12-345B, 12-345b, 00-345B, a-12-345B, 12-345B-7, /12-345B')).toEqual(['12-345B']);
  });

  it('looks for words within reach of the number, at humps, and not in the middle of others', () => {
    const gap = (length: number) => ' '.repeat(length);
    for (const text of [`tax id${gap(58)}123456`, `123456${gap(26)}tax id`, 'myTaxIds=123456']) {
      expect(spans(text)).toEqual(['123456']);
    }
    for (const text of [
      `tax id${gap(59)}123456`,
      `123456${gap(27)}tax id`,
      'mytax_id=123456',
      'taxonomy id 123456',
    ]) {
      expect(spans(text)).toEqual([]);
    }
  });

  it('asks anew for each number', () => {
    expect(spans(`tax id 123456${' '.repeat(80)}234567 номер${' '.repeat(80)}345678`)).toEqual([
      '123456',
      '234567',
    ]);
  });

  it('does not take the marker of a finding for a word', () => {
    expect(spans('[REDACTED:tax-id] 123456')).toEqual([]);
  });
});
