import { describe, expect, it } from 'vitest';
import { FACTS, factsOf, typeWord, valuesOf } from './schema-model.ts';
import { safeOption } from './schema-words.ts';

describe('typeWord', () => {
  it.each([
    ['numeric(10,2)', 'numeric:10:2'],
    ['character varying(20)', 'varchar:20'],
    ['timestamp(3) with time zone', 'timestamptz:3'],
    ['time without time zone[]', 'time[]'],
    ['double precision', 'float8'],
    ['interval day to second', 'interval_day_to_second'],
    ['integer, character varying', 'integer:varchar'],
    ['"odd type"', '"odd_type"'],
    ['', ''],
  ])('makes %s into %s', (type, expected) => {
    expect(typeWord(type)).toBe(expected);
  });
});

describe('facts', () => {
  it('are the same after they were kept', () => {
    const facts = factsOf('column', ['int4', false, 'digest', '', null, 'other']);
    const object = {
      kind: 'column',
      id: '1',
      whole: '2',
      schema: 's',
      object: 'o',
      part: 'p',
      facts,
      committed: null,
    };
    expect(factsOf('column', valuesOf(object))).toEqual(facts);
    expect(Object.keys(facts)).toEqual([...FACTS.column]);
  });
});

describe('safeOption', () => {
  it.each([
    ['fillfactor=70', 'fillfactor=70'],
    ['autovacuum_vacuum_scale_factor=0.05', 'autovacuum_vacuum_scale_factor=0.05'],
    ['security_barrier=true', 'security_barrier=true'],
    ['check_option=cascaded', 'check_option=cascaded'],
    ['note=call=alice', 'note=#10'],
    ['note=', 'note=#0'],
  ])('keeps %s as %s', (option, expected) => {
    expect(safeOption(option, (value) => String(value.length))).toBe(expected);
  });
});
