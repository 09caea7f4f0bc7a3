import { createHash, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalize, parseCanonical } from '../../evidence/canonical-json.ts';

/** RFC 8785, the documents of its author, and the numbers that he published by their digest; see README.md. */

/** Input, and what it must become. */
const DOCUMENTS: readonly (readonly [name: string, input: string, output: string])[] = [
  [
    'RFC 8785 §3.2.2 and §3.2.4',
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  ],
  [
    'RFC 8785 §3.2.3',
    String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
  [
    'arrays',
    '[\n  56,\n  {\n    "d": true,\n    "10": null,\n    "1": [ ]\n  }\n]',
    '[56,{"1":[],"10":null,"d":true}]',
  ],
  [
    'french',
    '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}',
    '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}',
  ],
  [
    'structures',
    String.raw`{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ { } ], "A": { }}`,
    String.raw`{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}`,
  ],
  ['unicode', String.raw`{"Unnormalized Unicode":"\u1e0d\u0307"}`, '{"Unnormalized Unicode":"\u1e0d\u0307"}'],
  [
    'values',
    String.raw`{"numbers": [1E30, 4.50, 333333333.33333329, 2e-3, 0.000000000000000000000000001], "escaping": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
    String.raw`{"escaping":"€$\u000f\nA'B\"\\\\\"/","literals":[null,true,false],"numbers":[1e+30,4.5,333333333.3333333,0.002,1e-27]}`,
  ],
  [
    'weird',
    String.raw`{"\u20ac":"Euro Sign","1":"One","\u0080":"Control\u007f","\ud83d\ude02":"Smiley","\u00f6":"Latin Small Letter O With Diaeresis","\ufb33":"Hebrew Letter Dalet With Dagesh","</script>":"Browser Challenge"}`,
    '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😂":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
];

/** RFC 8785, appendix B: IEEE 754 in hexadecimal, and the number as JSON. */
const NUMBERS: readonly (readonly [ieee: string, json: string])[] = [
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

function doubleOf(ieee: string): number {
  return Buffer.from(ieee, 'hex').readDoubleBE();
}

describe('documents', () => {
  it.each(DOCUMENTS)('%s', (_, input, output) => {
    expect(canonicalize(JSON.parse(input))).toBe(output);
    expect(parseCanonical(output)).toEqual(JSON.parse(input));
    if (input !== output) expect(() => parseCanonical(input)).toThrow(/RFC 8785/);
  });
});

describe('numbers', () => {
  it.each(NUMBERS)('%s is %s', (ieee, json) => {
    expect(canonicalize(doubleOf(ieee))).toBe(json);
    expect(canonicalize([doubleOf(ieee)])).toBe(`[${json}]`);
  });

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('%s is none', (ieee) => {
    expect(() => canonicalize(doubleOf(ieee))).toThrow(/not finite/);
  });

  it('are written as in the published file of numbers, line by line', () => {
    const published = JSON.parse(
      readFileSync(new URL('testdata/es6-numbers.json', import.meta.url), 'utf8'),
    ) as Published;
    const digest = createHash('sha256');
    let lines = 0;
    for (const value of publishedNumbers(published)) {
      digest.update(`${bitsOf(value)},${canonicalize(value)}\n`);
      lines += 1;
      const expected = published.sha256OfLines[String(lines)];
      if (expected !== undefined) expect(digest.copy().digest('hex'), `${lines} lines`).toBe(expected);
      if (lines === 100_000) break;
    }
    expect(lines).toBe(100_000);
  });
});

interface Published {
  readonly first: readonly string[];
  readonly then: { readonly from: string; readonly count: number };
  readonly sha256OfLines: Readonly<Record<string, string>>;
}

/** The list; a run of the smallest numbers that are normal; then doubles out of a chain of SHA-256, without end. */
function* publishedNumbers({ first, then }: Published): Generator<number> {
  for (const ieee of first.flatMap((line) => line.split(' '))) yield doubleOf(ieee);
  for (let step = 0; step < then.count; step += 1) {
    yield doubleOf((BigInt(`0x${then.from}`) + BigInt(step)).toString(16).padStart(16, '0'));
  }
  for (let block = Buffer.alloc(32); ; ) {
    block = hash('sha256', block, 'buffer');
    for (const offset of [0, 8, 16, 24]) {
      const value = block.readDoubleLE(offset);
      if (value !== 0 && Number.isFinite(value)) yield value;
    }
  }
}

/** Without leading zeros, as the file has it. */
function bitsOf(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.readBigUInt64BE().toString(16);
}
