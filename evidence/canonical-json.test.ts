import oracle from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, parseCanonical } from './canonical-json.ts';
import { EvidenceError } from './errors.ts';

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof EvidenceError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

/** RFC 8785, appendix B: IEEE 754 bits and the one way to write them. */
const NUMBERS: readonly (readonly [bits: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

describe('canonicalize', () => {
  it('writes the example of RFC 8785, section 3.2.2', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalize(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('orders by UTF-16 code units, as in section 3.2.3', () => {
    const input = String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }`;
    const values = canonicalize(JSON.parse(input)).match(/(?<=:")[^"]+/g);
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each(NUMBERS)('writes the number with the bits %s as %s', (bits, text) => {
    expect(canonicalize(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('orders names of digits as text, though engines keep them as numbers', () => {
    expect(canonicalize({ 9: 1, 10: { b: 1, 2: 2, 11: 3 }, a: [] })).toBe(
      '{"10":{"11":3,"2":2,"b":1},"9":1,"a":[]}',
    );
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a lone high surrogate', { a: 'x\ud83d' }],
    ['a lone low surrogate', '\ude00\ud83d'],
    ['a lone surrogate in a name', { 'a\ud800': 1 }],
    ['a lone surrogate after a backslash', '\\\ud800'],
    ['undefined', { a: undefined }],
    ['a hole', Array.from({ length: 2 }, () => undefined)],
    ['a bigint', 7n],
    ['a function', { toJSON: () => 1 }],
    ['a symbol', [Symbol('a')]],
    ['a Date', { at: new Date(0) }],
    ['a Map', new Map()],
    ['a boxed string', Object('a')],
    ['__proto__', JSON.parse('{"a":{"__proto__":{}}}')],
  ])('refuses %s', (_, value) => {
    expect(codeOf(() => canonicalize(value))).toBe('NOT_CANONICAL');
    expect(codeOf(() => canonicalize({ z: value, a: 1 }))).toBe('NOT_CANONICAL');
  });

  it('keeps what only looks like a lone surrogate', () => {
    expect(canonicalize('\\ud800')).toBe(String.raw`"\\ud800"`);
    expect(canonicalize('\\\\udfff 😀')).toBe(String.raw`"\\\\udfff 😀"`);
  });

  it('refuses what is nested so deeply that a reader could fail, without failing itself', () => {
    const nested = (depth: number) => JSON.parse(`${'[{"b":1,"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);
    expect(canonicalize(nested(64))).toBe(`${'[{"a":'.repeat(64)}1${',"b":1}]'.repeat(64)}`);
    expect(codeOf(() => canonicalize(nested(65)))).toBe('NOT_CANONICAL');
    expect(codeOf(() => canonicalize(nested(200_000)))).toBe('NOT_CANONICAL');
  });

  it('agrees with another implementation on anything', () => {
    const json = fc
      .json({ depthSize: 'medium', stringUnit: 'binary' })
      .map((text): unknown => JSON.parse(text));
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(!JSON.stringify(value).includes('"__proto__"'));
        expect(canonicalize(value)).toBe(oracle(value));
      }),
      { numRuns: 5_000 },
    );
  });

  it('agrees with another implementation on objects with names of every kind', () => {
    const name = fc.oneof(
      fc.nat(300).map(String),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('a', 'A', '', '\u0000'),
    );
    const value = fc.dictionary(
      name,
      fc.dictionary(name, fc.double({ noNaN: true, noDefaultInfinity: true })),
    );
    fc.assert(
      fc.property(value, (object) => {
        fc.pre(!JSON.stringify(object).includes('"__proto__"'));
        expect(canonicalize(object)).toBe(oracle(object));
      }),
      { numRuns: 3_000 },
    );
  });

  it('does not depend on the order in which properties were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        fc.pre(!JSON.stringify(object).includes('"__proto__"'));
        const reversed = Object.fromEntries(Object.entries(object).toReversed());
        expect(canonicalize(reversed)).toBe(canonicalize(object));
      }),
    );
  });
});

describe('parseCanonical', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('"__proto__"'));
        const text = canonicalize(value);
        expect(canonicalize(parseCanonical(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['no JSON', '{"a":'],
    ['nothing', ''],
    ['white space', '{"a": 1}'],
    ['a new line at the end', '{"a":1}\n'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a double property', '{"a":1,"a":1}'],
    ['another order', '{"b":1,"a":1}'],
    ['an escape that is not needed', String.raw`{"a":"\u0041"}`],
    ['a slash escaped', String.raw`["\/"]`],
    ['an upper-case escape', String.raw`["\u000F"]`],
    ['a number written otherwise', '[1.0]'],
    ['minus zero', '[-0]'],
    ['a number too large', '[1e999]'],
    ['__proto__', '{"__proto__":1}'],
    ['a lone surrogate', String.raw`["\ud800"]`],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => parseCanonical(text))).toBe('NOT_CANONICAL');
  });

  it('does not quote what it refuses', () => {
    try {
      parseCanonical('{"password":"hunter2"');
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
  });
});
