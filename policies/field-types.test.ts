import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VALIDATORS } from './field-types.ts';

/** What the types are documented to hold, as expressions: the tables must accept and refuse the same. */
const DOCUMENTED = {
  name: /^[A-Za-z0-9_.:/@+=~$#%-]{1,253}$/,
  token: /^[A-Za-z0-9_-]{1,64}$/,
  path: /^[A-Za-z0-9_.:/[\]="*$~-]{1,512}$/,
  sha: /^[0-9a-f]{7,64}$/,
  image: /^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,511}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/,
} as const;
type Type = keyof typeof DOCUMENTED;
const TYPES = Object.keys(DOCUMENTED) as Type[];

describe('the shapes of values', () => {
  it.each(TYPES)('%s: every single character, alone and inside a value', (type) => {
    for (let code = 0; code <= 0x180; code += 1) {
      const character = String.fromCharCode(code);
      for (const value of [character, `abcdef0${character}`, `2026-11-21T00:14:02${character}000Z`]) {
        expect([code, VALIDATORS[type](value)]).toEqual([code, DOCUMENTED[type].test(value)]);
      }
    }
  });

  it.each(TYPES)('%s: the shortest and the longest', (type) => {
    for (const length of [0, 1, 6, 7, 64, 65, 253, 254, 512, 513]) {
      const value = 'a'.repeat(length);
      expect([length, VALIDATORS[type](value)]).toEqual([length, DOCUMENTED[type].test(value)]);
    }
  });

  it.each(TYPES)('%s: any text that nearly fits', (type) => {
    const nearly = fc.tuple(fc.stringMatching(DOCUMENTED[type]), fc.string({ maxLength: 2, unit: 'binary' }));
    fc.assert(
      fc.property(nearly, fc.boolean(), ([value, more], before) => {
        const text = before ? more + value : value + more;
        expect(VALIDATORS[type](text)).toBe(DOCUMENTED[type].test(text));
      }),
    );
  });

  it.each([
    ['the usual form', '2026-11-21T00:14:02.000Z', true],
    ['a letter in place of a digit', '2026-11-21T0d:14:02.000Z', false],
    ['another zone', '2026-11-21T00:14:02+01:00', true],
    ['no seconds', '2026-11-21T00:14Z', false],
  ])('a timestamp: %s', (_, value, is) => {
    expect(VALIDATORS.timestamp(value)).toBe(is);
  });

  it('takes a scalar for a boolean, a number or one name', () => {
    expect([true, 4_096, 'on', Number.NaN, 'two words', null, {}].map(VALIDATORS.scalar)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
