import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanaryMarker, checkCanaries, makeCanaries } from './canaries.ts';
import { plantedCanary } from './planted.ts';

const PLANTED = plantedCanary(() => Uint8Array.from({ length: 16 }, (_, i) => i * 37 + 11));
const PASSWORD = 'Tr0ub4dor&3"x\\y';
const OTHER = 'Zürich-Ölmühle-77';
const markers: readonly CanaryMarker[] = [
  { id: 'planted', value: PLANTED },
  { id: 'password', value: PASSWORD },
  { id: 'other', value: OTHER },
];
const set = makeCanaries(markers);

type Form = (value: string) => string;
const wide = (value: string) => Buffer.from(value, 'utf16le');
const fullwidth: Form = (value) =>
  value.replaceAll(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
const everyByte = (value: string, write: (hex: string) => string) =>
  [...Buffer.from(value)].map((byte) => write(byte.toString(16).padStart(2, '0'))).join('');
const everyUnit = (value: string, write: (code: number) => string) =>
  Array.from({ length: value.length }, (_, i) => write(value.charCodeAt(i))).join('');

const FORMS: Readonly<Record<string, Form>> = {
  'as it is': (value) => value,
  'in upper case': (value) => value.toUpperCase(),
  'in lower case': (value) => value.toLowerCase(),
  reversed: (value) => [...value].toReversed().join(''),
  'in hexadecimal': (value) => Buffer.from(value).toString('hex'),
  'in upper-case hexadecimal': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  'percent-encoded': encodeURIComponent,
  'percent-encoded twice': (value) => encodeURIComponent(encodeURIComponent(value)),
  'percent-encoded as a whole': (value) => everyByte(value, (hex) => `%${hex}`),
  'percent-encoded here and there': (value) =>
    value.replaceAll(/[aeiou0-9]/g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  'in base64': (value) => Buffer.from(value).toString('base64'),
  'in base64url': (value) => Buffer.from(value).toString('base64url'),
  'in base64, one byte in': (value) => Buffer.from(`x${value}yz`).toString('base64'),
  'in base64, two bytes in': (value) => Buffer.from(`xy${value}z`).toString('base64'),
  'in base64 of UTF-16LE': (value) => wide(value).toString('base64'),
  'in base64 of UTF-16LE, one letter in': (value) => wide(`x${value}`).toString('base64'),
  'in base64 of UTF-16BE': (value) => wide(value).swap16().toString('base64'),
  'in hexadecimal of UTF-16LE': (value) => wide(value).toString('hex'),
  'in JSON': (value) => JSON.stringify({ a: value }),
  'in JSON escapes': (value) => everyUnit(value, (code) => `\\u${code.toString(16).padStart(4, '0')}`),
  'in HTML entities': (value) => everyUnit(value, (code) => `&#${code};`),
  'in hexadecimal entities': (value) => everyUnit(value, (code) => `&#x${code.toString(16)};`),
  'in fullwidth letters': fullwidth,
  'with zero-width spaces': (value) => [...value].join('\u200b'),
  'with a soft hyphen': (value) => `${value.slice(0, 7)}\u00ad${value.slice(7)}`,
  'over two lines': (value) => `${value.slice(0, 4)}\n    ${value.slice(4)}`,
  'cut off at the end': (value) => value.slice(0, Math.max(12, Math.ceil(0.6 * value.length))),
  'cut off at the start': (value) => value.slice(-Math.max(12, Math.ceil(0.6 * value.length))),
  'cut off, in base64': (value) => Buffer.from(value.slice(0, -1)).toString('base64'),
};

describe.each(Object.entries(FORMS))('%s', (_, form) => {
  it.each(markers)('$id is found', ({ id, value }) => {
    expect(set.find(form(value))).toEqual({ id });
    expect(set.find(`GET /x?y=${form(value)}`)).toEqual({ id });
    expect(set.find(`"before ${form(value)} after"`)).toEqual({ id });
  });
});

describe('makeCanaries', () => {
  it('finds nothing in ordinary texts', () => {
    const ordinary = [
      '',
      'exhibit-canary-',
      'see exhibit-canary-<26 letters> in the guide',
      PLANTED.slice(0, 22),
      PASSWORD.slice(0, 8),
      'postgresql://orders-db/orders',
      'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ];
    for (const text of ordinary) expect(set.find(text)).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(set.find(text)).toBeUndefined();
      }),
    );
  });

  it('finds a marker at every place of a long text, in bytes too', () => {
    for (let at = 0; at < 300; at += 7) {
      const text = `${'ab cdé-'.repeat(99).slice(0, at)}${PLANTED}${' zyx'.repeat(99)}`;
      expect(set.find(text)).toEqual({ id: 'planted' });
      const start = Buffer.from(text).indexOf(PLANTED);
      expect(set.findInBytes(Buffer.from(text))).toMatchObject({ id: 'planted', start });
    }
  });

  it('never says what it looks for', () => {
    expect(set.ids).toEqual(['planted', 'password', 'other']);
    expect(JSON.stringify(set)).toBe('{"ids":["planted","password","other"]}');
  });

  it('is content with none', () => {
    expect(makeCanaries([]).find(PLANTED)).toBeUndefined();
    expect(makeCanaries([]).findInBytes(Buffer.from(PLANTED))).toBeUndefined();
  });

  it('refuses markers that would be met by chance, by id and not by value', () => {
    const unfit = [
      { id: 'short', value: 'abc1234' },
      { id: 'fine', value: 'abcd1234' },
      { id: 'zeros', value: '0000000000000001' },
      { id: 'long', value: 'xyz'.repeat(2_000) },
    ];
    expect(checkCanaries(unfit).map(({ path }) => path)).toEqual([
      [0, 'value'],
      [2, 'value'],
      [3, 'value'],
    ]);
    expect(() => makeCanaries(unfit)).toThrow(
      /short: must have at least 8 .*zeros: .*long: is longer than 4096/,
    );
    expect(() => makeCanaries(unfit)).not.toThrow(/abc1234|0001|xyz/);
    const many = Array.from({ length: 513 }, () => ({ id: 'a', value: PLANTED }));
    expect(checkCanaries(many)).toMatchObject([{ path: [], message: expect.stringMatching(/513 .* 512/) }]);
  });
});
