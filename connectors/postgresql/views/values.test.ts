import { describe, expect, it } from 'vitest';
import { profileOf, valueOf } from './values.ts';

const kept = { name: 'x', as: 'value', isKept: true } as const;
const blunt = { name: 'x', as: 'value', isKept: false } as const;

describe('values', () => {
  it.each([
    ['41', 'integer', 41],
    ['-0.5', 'numeric', -0.5],
    ['NaN', 'double precision', 'NaN'],
    ['9223372036854775807', 'bigint', '9223372036854775807'],
    ['t', 'boolean', true],
    ['f', 'boolean', false],
    ['2026-11-20 10:00:00+00', 'timestamp with time zone', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20 10:00:00.25+05:30', 'timestamp with time zone', '2026-11-20T04:30:00.250Z'],
    ['2026-11-20 10:00:00', 'timestamp without time zone', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20', 'date', '2026-11-20T00:00:00.000Z'],
    ['infinity', 'timestamp with time zone', 'infinity'],
    ['20/11/2026 10:00:00 UTC', 'timestamp with time zone', '20/11/2026 10:00:00 UTC'],
    ['north', 'text', 'north'],
    [null, 'integer', null],
  ])('%s of type %s is %s', (raw, type, value) => {
    expect(valueOf(raw, kept, type)).toBe(value);
  });

  it('stay as the server writes them where nobody sees them as such', () => {
    expect(valueOf('41', { name: 'x', as: 'text', isKept: false }, 'integer')).toBe('41');
  });
});

describe('profiles', () => {
  const rows = ['3', null, '12', '3'].map((x) => ({ x }));

  it('tell how many values are missing and how many differ', () => {
    expect(profileOf(kept, 'integer', rows)).toEqual({
      name: 'x',
      type: 'integer',
      null_share: 0.25,
      distinct: 2,
      smallest: 3,
      largest: 12,
    });
  });

  it('tell no value of a column that is not kept, nor of one that holds words', () => {
    expect(profileOf(blunt, 'integer', rows)).toEqual({
      name: 'x',
      type: 'integer',
      null_share: 0.25,
      distinct: 2,
    });
    expect(profileOf(kept, 'text', rows)).toEqual({ name: 'x', type: 'text', null_share: 0.25, distinct: 2 });
    expect(profileOf(kept, 'shop.mood', [])).toEqual({
      name: 'x',
      type: 'other',
      null_share: 0,
      distinct: 0,
    });
  });

  it('tell the span of times', () => {
    const times = ['2026-11-20 10:00:00+00', '2026-11-19 23:00:00+00'].map((x) => ({ x }));
    expect(profileOf(kept, 'timestamp with time zone', times)).toMatchObject({
      type: 'timestamp_with_time_zone',
      earliest: '2026-11-19T23:00:00.000Z',
      latest: '2026-11-20T10:00:00.000Z',
    });
  });
});
