import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Span } from '../detector.ts';
import { literalsOf } from './walk.ts';

function cut(text: string, spans: readonly Span[]): readonly string[] {
  return spans.map(({ start, end }) => text.slice(start, end));
}

function isCovered(spans: readonly Span[], start: number, end: number): boolean {
  return spans.some((span) => span.start <= start && span.end >= end);
}

describe('literalsOf', () => {
  it('takes a list to its own end, whatever brackets and quotes its values hold', () => {
    const value = fc.string({ unit: fc.constantFrom('a', '7', ' ', "'", '(', ')', ']', ',', '"', 'é') });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
        const list = `(${values.map((one) => `'${one.replaceAll("'", "''")}'`).join(', ')})`;
        const text = `INSERT INTO t VALUES ${list}; SELECT 2`;
        const start = text.indexOf(list);
        expect(literalsOf(text, () => 'all')).toContainEqual({ start, end: start + list.length });
      }),
    );
  });

  it('takes a compared string with its prefix, and doubled quotes as a part of it', () => {
    const content = fc.string({ unit: fc.constantFrom('b', '8', ' ', "'", '=', '%'), minLength: 1 });
    const prefix = fc.constantFrom('', 'E', 'x', 'U&');
    const operator = fc.constantFrom('=', '<>', ' LIKE ', ' = (', '~*');
    fc.assert(
      fc.property(content, prefix, operator, (found, before, compared) => {
        const literal = `${before}'${found.replaceAll("'", "''")}'`;
        const text = `SELECT 1 WHERE name${compared}${literal} `;
        const start = text.indexOf(compared) + compared.length;
        expect(
          isCovered(
            literalsOf(text, () => 'all'),
            start,
            start + literal.length,
          ),
        ).toBe(true);
      }),
    );
  });

  it('asks at most once what counts, and only when something may', () => {
    let asked = 0;
    const ask = (): 'none' => {
      asked++;
      return 'none';
    };
    expect(literalsOf("the pod 'web' is (re)started: done", ask)).toEqual([]);
    expect(asked).toBe(0);
    expect(literalsOf("a = 'x1234' and b = 'y1234'", ask)).toEqual([]);
    expect(asked).toBe(1);
  });

  it('leaves words alone outside SQL', () => {
    const text = "state = 'Running', owner = 'canary 51', format = '%m 52'";
    expect(
      cut(
        text,
        literalsOf(text, () => 'strings'),
      ),
    ).toEqual(["'canary 51'"]);
  });

  it('knows numbers behind conditions, and no others', () => {
    const text = 'replicas = 3 WHERE id = -53 AND (t.age >= 54e1 OR note != 55) LIMIT 5';
    expect(
      cut(
        text,
        literalsOf(text, () => 'all'),
      ),
    ).toEqual(['-53', '54e1', '55']);
  });

  it('takes lines of plans, casts and parameters', () => {
    const text =
      '  Index Cond: (id = 56)\n  "Sort Key": "lower(\'x\'::text)", x\nparameters: $1 = \'57\'\n$2';
    expect(
      cut(
        text,
        literalsOf(text, () => 'none'),
      ),
    ).toEqual(['(id = 56)', "lower('x'::text)", "$1 = '57'\n$2"]);
  });
});
