import { describe, expect, it } from 'vitest';
import { makeScanner } from '../redact.ts';
import { checkPattern, checkPatternSet, MAX_PATTERNS } from './check-pattern.ts';
import { compilePattern } from './compile-pattern.ts';
import { type PatternSpec, patternSpec } from './pattern.ts';

const CUSTOMER = {
  id: 'customer-number',
  title: 'Customer number',
  shape: [{ text: 'CUST-' }, { chars: 'digit', length: 8 }, { anyOf: ['-A', '-B'], optional: true }],
  examples: { match: ['order of CUST-12345678'], noMatch: ['CUST-1'] },
};

function pattern(changes: Readonly<Record<string, unknown>> = {}): PatternSpec {
  return patternSpec.parse({ ...CUSTOMER, ...changes });
}

const digits = (length: unknown) => [{ chars: 'digit', length }];

describe('patternSpec', () => {
  it('fills in what was left out', () => {
    expect(pattern()).toMatchObject({ boundary: 'word', ignoreCase: false, net: 'text' });
  });

  it.each([
    ['a part of two kinds', { shape: [{ text: 'a', chars: 'digit', length: 2 }] }, 'shape.0'],
    ['a part of no kind', { shape: [{ optional: true }] }, 'shape.0'],
    ['chars without a length', { shape: [{ chars: 'digit' }] }, 'shape.0'],
    ['a length without chars', { shape: [{ text: 'abc', length: 2 }] }, 'shape.0.length'],
    ['a length that is none', { shape: digits({ min: 5, max: 4 }) }, 'shape.0.length.min'],
    ['a length without end', { shape: digits({ min: 5, max: 257 }) }, 'shape.0.length.max'],
    ['a class nobody knows', { shape: [{ chars: 'vowel', length: 2 }] }, 'shape.0.chars'],
    [
      'more parts than anybody can read',
      { shape: Array.from({ length: 25 }, () => ({ text: 'abc' })) },
      'shape',
    ],
    ['an expression', { pattern: '(a+)+' }, ''],
    ['no examples', { examples: { match: [], noMatch: ['x'] } }, 'examples.match'],
    ['an id that can not be a metric label', { id: 'Customer number' }, 'id'],
  ])('refuses %s', (_, changes, path) => {
    const { error } = patternSpec.safeParse({ ...CUSTOMER, ...changes });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});

describe('checkPattern', () => {
  it('finds nothing wrong with a good one', () => {
    expect(checkPattern(pattern(), true)).toEqual([]);
  });

  it.each([
    ['too long', { shape: [{ text: 'abc' }, ...digits(254)] }, 'shape', /257 characters.* at most 256/],
    ['too long for a checksum', { shape: digits(65), checksum: 'luhn' }, 'shape', /65 .*at most 64/],
    [
      'too short',
      { shape: [{ text: 'ab' }, { text: 'cd', optional: true }] },
      'shape',
      /as short as 2 .* at least 3/,
    ],
    ['never woken', { shape: [{ chars: 'letter', length: 19 }] }, 'shape', /in which texts to look/],
    [
      'too much fixed text',
      { shape: [{ anyOf: Array.from({ length: 11 }, (_, n) => `${n}`.padStart(50, 'x')) }] },
      'shape',
      /550 .*at most 512/,
    ],
  ])('names a limit: %s', (_, changes, path, message) => {
    const problems = checkPattern(pattern(changes), true);
    expect(problems.map((problem) => problem.path.join('.'))).toEqual([path]);
    expect(problems[0]?.message).toMatch(message);
  });

  it('reports everything at once', () => {
    const shape = [
      { chars: 'letter', length: { min: 1, max: 256 } },
      { chars: 'space', length: 1, optional: true },
    ];
    expect(checkPattern(pattern({ shape }), true)).toHaveLength(3);
  });

  it.each([
    ['holds no keyword', { keywords: ['client'] }, /none of the keywords: client/],
    ['stands in a word', { examples: { match: ['XCUST-12345678'], noMatch: ['x'] } }, /boundary: none/],
    ['has a wrong check digit', { checksum: 'luhn' }, /check digit is wrong for luhn/],
    ['is far from its context', { context: { words: ['order'], within: 5 } }, /context/],
    ['is something else', { shape: [{ text: 'CUST_' }, ...digits(8)], keywords: ['cust'] }, undefined],
  ])('says why an example is not found: it %s', (_, changes, hint) => {
    const [problem, ...others] = checkPattern(pattern(changes), true);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      path: ['examples', 'match', 0],
      message: 'is not found by this pattern',
    });
    if (hint === undefined) expect(problem?.hint).toBeUndefined();
    else expect(problem?.hint).toMatch(hint);
  });

  it('says which example is found and must not be, without quoting it', () => {
    const noMatch = ['CUST-12345678A', 'see CUST-87654321'];
    const problems = checkPattern(pattern({ examples: { match: ['CUST-12345678'], noMatch } }), true);
    expect(problems).toEqual([
      { path: ['examples', 'noMatch', 1], message: 'is found by this pattern, and must not be' },
    ]);
  });
});

describe('checkPatternSet', () => {
  it('refuses ten thousand at once, and patterns that are slow together', () => {
    expect(checkPatternSet(Array.from({ length: 10_000 }, () => pattern()))[0]?.message).toMatch(
      /10000 .*at most 256/,
    );
    const heavy = pattern({ shape: digits({ min: 8, max: 64 }), checksum: 'luhn' });
    const problems = checkPatternSet([pattern(), ...Array.from({ length: 12 }, () => heavy)]);
    expect(problems).toMatchObject([{ path: [1], message: expect.stringMatching(/at most 8000/) }]);
  });

  it('refuses examples that take long to try, which are not tried then', () => {
    const heavy = pattern({
      shape: digits({ min: 8, max: 64 }),
      checksum: 'luhn',
      examples: { match: ['7'.repeat(4_000)], noMatch: ['none'] },
    });
    expect(checkPatternSet([pattern(), heavy])).toEqual([]);
    expect(checkPatternSet([pattern(), heavy, heavy])).toMatchObject([
      { path: [1], message: expect.stringMatching(/^to try all examples .*at most 10000000 are allowed$/) },
    ]);
    expect(checkPattern(pattern({ examples: { match: ['no'], noMatch: ['no'] } }), false)).toEqual([]);
    expect(checkPattern(pattern({ examples: { match: ['no'], noMatch: ['no'] } }), true)).toHaveLength(1);
  });

  it('has room for as many ordinary ones as may be', () => {
    expect(checkPatternSet(Array.from({ length: MAX_PATTERNS }, () => pattern()))).toEqual([]);
  });
});

describe('compilePattern', () => {
  it.each([
    ['fixed text', {}, ['cust-'], []],
    [
      'the longest fixed text that is always there',
      { shape: [{ text: 'A1' }, ...CUSTOMER.shape] },
      ['cust-'],
      [],
    ],
    ['all alternatives', { shape: [{ anyOf: ['EMP', 'Ext-'] }, ...digits(6)] }, ['emp', 'ext-'], []],
    ['words of the context', { shape: digits(6), context: { words: ['Kunde'], within: 9 } }, ['kunde'], []],
    ['keywords that are given', { keywords: ['CU', 'st'] }, ['cu', 'st'], []],
    [
      'seven digits',
      { shape: [...digits(4), { chars: { oneOf: ' ' }, length: 1, optional: true }, ...digits(3)] },
      [],
      ['any-digits'],
    ],
    [
      'twelve digits',
      { shape: [...digits(6), { chars: { oneOf: '-/' }, length: 1 }, ...digits(6)] },
      [],
      ['card-digits'],
    ],
    ['a long word', { shape: [{ chars: 'alnum', length: { min: 24, max: 40 } }] }, [], ['any-long-word']],
  ])('is woken by %s', (_, changes, keywords, shapes) => {
    expect(compilePattern(pattern(changes))).toMatchObject({ keywords, shapes });
  });

  it('is not woken by what a match may lack', () => {
    const gapped = [...digits(4), { chars: 'space', length: 4 }, ...digits(3)];
    const lettered = [...digits(4), { chars: 'letter', length: 1 }, ...digits(3)];
    const hex = [{ chars: 'hex', length: 40 }];
    const shorter = [...digits(6), { chars: 'digit', length: 3, optional: true }];
    for (const shape of [gapped, lettered, hex, shorter])
      expect(compilePattern(pattern({ shape })).shapes).toEqual([]);
  });

  it('works in a scanner beside its encodings, and under its own name', () => {
    const scanner = makeScanner([compilePattern(pattern())], 'text');
    expect(scanner.scan('for CUST-12345678-A.').text).toBe('for [REDACTED:customer-number].');
    expect(scanner.hasFinding('for CUST%2D12345678')).toBe(true);
    expect(scanner.hasFinding('for CUST-1234567')).toBe(false);
  });

  it('takes part only where its net is', () => {
    const text = 'CUST-12345678';
    expect(makeScanner([compilePattern(pattern())], 'all').hasFinding(text)).toBe(false);
    expect(makeScanner([compilePattern(pattern({ net: 'all' }))], 'all').hasFinding(text)).toBe(true);
  });
});
