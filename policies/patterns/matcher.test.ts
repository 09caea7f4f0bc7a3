import { describe, expect, it } from 'vitest';
import { makeMatcher } from './matcher.ts';
import { type PatternSpec, patternSpec } from './pattern.ts';

function found(spec: Pick<PatternSpec, 'shape'> & Partial<PatternSpec>, text: string): string[] {
  const full = patternSpec.parse({
    id: 'x',
    title: 'x',
    examples: { match: ['a'], noMatch: ['b'] },
    ...spec,
  });
  return makeMatcher(full)(text).map(({ start, end }) => text.slice(start, end));
}

const CUSTOMER = [
  { text: 'CUST-' },
  { chars: 'digit', length: { min: 6, max: 8 } },
  { anyOf: ['-A', '-AB'], optional: true },
] as const satisfies PatternSpec['shape'];

describe('makeMatcher', () => {
  it('takes the leftmost, and of these the longest', () => {
    expect(found({ shape: [...CUSTOMER] }, 'CUST-123456-AB CUST-1234567-A, CUST-12345678.')).toEqual([
      'CUST-123456-AB',
      'CUST-1234567-A',
      'CUST-12345678',
    ]);
  });

  it('knows the middle of a word', () => {
    const text = 'XCUST-123456 CUST-123456X FOO_CUST-234567 äCUST-345678';
    expect(found({ shape: [...CUSTOMER] }, text)).toEqual(['CUST-234567', 'CUST-345678']);
    expect(found({ shape: [...CUSTOMER], boundary: 'none' }, text)).toHaveLength(4);
    expect(found({ shape: [{ text: '#' }, { chars: 'digit', length: 4 }] }, 'ticket#1234 #12345')).toEqual([
      '#1234',
    ]);
  });

  it('ignores case only where it is told to', () => {
    expect(found({ shape: [...CUSTOMER] }, 'cust-123456')).toEqual([]);
    expect(found({ shape: [...CUSTOMER], ignoreCase: true }, 'cust-123456-ab')).toEqual(['cust-123456-ab']);
    expect(found({ shape: [{ chars: 'upper', length: 3 }], ignoreCase: true }, 'abc')).toEqual(['abc']);
  });

  it.each([
    ['luhn', { chars: 'digit', length: { min: 8, max: 12 } }, '79927398713 79927398710', '79927398713'],
    [
      'iban',
      { chars: 'alnum', length: { min: 15, max: 34 } },
      'GB82WEST12345698765432',
      'GB82WEST12345698765432',
    ],
    [
      'iso7064-mod11-2',
      { chars: 'word', length: 16 },
      '000000021694233X 0000000216942339',
      '000000021694233X',
    ],
  ] as const)('asks for %s', (checksum, part, text, match) => {
    expect(found({ shape: [part], checksum }, text)).toEqual([match]);
  });

  it('takes a shorter end where the longest has a wrong check digit', () => {
    const shape: PatternSpec['shape'] = [{ chars: { oneOf: '0123456789 ' }, length: { min: 8, max: 20 } }];
    expect(found({ shape, checksum: 'luhn', boundary: 'none' }, '79927398713 7 1')).toEqual(['79927398713 ']);
  });

  it('asks for a word of the context near by', () => {
    const shape: PatternSpec['shape'] = [{ chars: 'digit', length: 6 }];
    const context = { words: ['Kunde', 'müller'], within: 8 };
    expect(found({ shape, context }, 'KUNDE 123456')).toEqual(['123456']);
    expect(found({ shape, context }, '234567 MÜLLER')).toEqual(['234567']);
    expect(found({ shape, context }, 'Kunde ---- 345678')).toEqual([]);
    expect(found({ shape, context }, 'kunde 456789 567890')).toEqual(['456789']);
  });

  it('reads characters outside the basic plane as two', () => {
    expect(found({ shape: [{ text: '😀-' }, { chars: 'digit', length: 2 }] }, 'a 😀-12 😁-34')).toEqual([
      '😀-12',
    ]);
  });

  // The shapes that make a backtracking matcher explode.
  it.each([
    [
      'nested optionals',
      Array.from({ length: 24 }, () => ({ chars: 'lower', length: 1, optional: true })),
      'a',
    ],
    [
      'adjacent runs',
      Array.from({ length: 10 }, () => ({ chars: 'lower', length: { min: 1, max: 25 } })),
      'a',
    ],
    ['a long look ahead', [{ chars: 'lower', length: { min: 1, max: 250 } }, { text: '!' }], 'a'],
    ['fixed text that nearly fits', [{ text: `${'a'.repeat(63)}b` }, { chars: 'lower', length: 9 }], 'a'],
    [
      'alternatives of one start',
      [{ anyOf: ['a', 'aa', 'aaa', 'aaaa'] }, { anyOf: ['a', 'aa', 'aab'] }],
      'a',
    ],
  ] as const)('is linear for %s', (_, shape, unit) => {
    const steps = [20_000, 40_000].map((length) => {
      const meter = { steps: 0 };
      const spec = {
        id: 'x',
        title: 'x',
        boundary: 'none',
        shape,
        examples: { match: ['a'], noMatch: ['b'] },
      };
      makeMatcher(patternSpec.parse(spec))(unit.repeat(length), meter);
      return meter.steps;
    });
    const [once = 0, twice = 0] = steps;
    expect(twice).toBeLessThanOrEqual(2.01 * once);
    expect(once).toBeLessThanOrEqual(20_000 * 100);
  });
});
