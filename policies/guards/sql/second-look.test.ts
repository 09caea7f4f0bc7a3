import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { agree, covers, secondLook } from './second-look.ts';

beforeAll(() => loadModule());

function touched(sql: string) {
  const { relations, functions } = secondLook(parseSync(sql).stmts);
  return { relations: [...relations].sort(), functions: [...functions].sort() };
}

describe('the second look', () => {
  it.each<[string, string[], string[]]>([
    ['SELECT lower(c.relname) FROM pg_class c', ['pg_catalog.pg_class'], ['pg_catalog.lower']],
    ['SELECT 1 FROM shop.orders, LATERAL shop.f(1) x', ['shop.orders'], ['shop.f']],
    ['SELECT extract(epoch FROM a.b) FROM a', ['pg_catalog.a'], ['pg_catalog.extract']],
    ['WITH a AS (SELECT 1) SELECT 1 FROM a', [], []],
    // Without RECURSIVE its own name means what it meant outside.
    ['WITH a AS (SELECT 1 FROM a) SELECT 1 FROM a', ['pg_catalog.a'], []],
    ['WITH a AS (SELECT 1), b AS (SELECT 1 FROM a) SELECT 1 FROM b', [], []],
    ['WITH b AS (SELECT 1 FROM a), a AS (SELECT 1) SELECT 1 FROM b', ['pg_catalog.a'], []],
    ['WITH a AS (SELECT 1) SELECT 1 FROM pg_catalog.a', ['pg_catalog.a'], []],
    ['SELECT (WITH a AS (SELECT 1) SELECT 1 FROM a), 2 FROM a', ['pg_catalog.a'], []],
    ['WITH a AS (SELECT 1) SELECT 1 FROM b UNION SELECT 1 FROM a', ['pg_catalog.b'], []],
    [
      'SELECT 1 ORDER BY (SELECT f(1) FROM deep.down WHERE g() OVER w > 1 WINDOW w AS (ORDER BY h()))',
      ['deep.down'],
      ['pg_catalog.f', 'pg_catalog.g', 'pg_catalog.h'],
    ],
    ['DELETE FROM shop.orders USING shop.items WHERE k()', ['shop.items', 'shop.orders'], ['pg_catalog.k']],
  ])('%s', (sql, relations, functions) => {
    expect(touched(sql)).toEqual({ relations, functions });
  });
});

it('looks at trees that are deeper than the stack', () => {
  let tree: unknown = { RangeVar: { schemaname: 'shop', relname: 'deep' } };
  for (let depth = 0; depth < 200_000; depth += 1) tree = { arg: tree };
  expect([...secondLook(tree).relations]).toEqual(['shop.deep']);
});

describe('two looks', () => {
  const of = (relations: string[], functions: string[]) => ({
    relations: new Set(relations),
    functions: new Set(functions),
  });

  it('agree only when both saw the same', () => {
    expect(agree(of(['a.b'], ['c.d']), of(['a.b'], ['c.d']))).toBe(true);
    expect(agree(of(['a.b'], []), of(['a.b'], ['c.d']))).toBe(false);
    expect(agree(of(['a.b', 'a.c'], []), of(['a.b'], []))).toBe(false);
    expect(agree(of([], ['c.d']), of([], ['c.e']))).toBe(false);
  });

  it('may differ in what the first had not come to, and in nothing else', () => {
    expect(covers(of(['a.b', 'a.c'], ['c.d']), of(['a.b'], []))).toBe(true);
    expect(covers(of(['a.b'], []), of(['a.b', 'a.c'], []))).toBe(false);
    expect(covers(of(['a.b'], []), of(['a.b'], ['c.d']))).toBe(false);
  });
});
