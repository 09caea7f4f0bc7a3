import { beforeAll, describe, expect, it } from 'vitest';
import { type GuardMode, guardLines, refuseDialect } from './ndjson.ts';
import { loadSqlGuard, type SqlGuard } from './sql.ts';

let guard: SqlGuard;

beforeAll(async () => {
  guard = await loadSqlGuard();
});

async function* linesOf(lines: readonly string[]): AsyncIterable<string> {
  yield* lines;
}

async function ask(lines: readonly string[], mode: GuardMode = 'template'): Promise<unknown[]> {
  const answers: unknown[] = [];
  for await (const line of guardLines(linesOf(lines), guard, mode)) answers.push(JSON.parse(line));
  return answers;
}

describe('guardLines', () => {
  it('answers each line in order', async () => {
    const answers = await ask([
      JSON.stringify({ id: 'a', sql: 'SELECT n.nspname FROM pg_namespace n' }),
      '',
      JSON.stringify({ id: 7, sql: 'DELETE FROM shop.orders' }),
    ]);
    expect(answers).toEqual([
      {
        id: 'a',
        verdict: 'allow',
        code: null,
        relations: ['pg_catalog.pg_namespace'],
        functions: [],
        statements: 1,
      },
      {
        id: 7,
        verdict: 'deny',
        code: 'NOT_SELECT',
        relations: ['shop.orders'],
        functions: [],
        statements: 1,
      },
    ]);
  });

  it('denies everything in free-form mode', async () => {
    const sql = 'SELECT pg_sleep(1)';
    expect(await ask([JSON.stringify({ id: 'x', sql })], 'freeform')).toEqual([
      { id: 'x', verdict: 'deny', code: 'FREEFORM', relations: [], functions: ['pg_sleep'], statements: 1 },
    ]);
  });

  it.each([
    ['no JSON', 'nonsense', null],
    ['not an object', '["a"]', null],
    ['null', 'null', null],
    ['no id', '{"sql":"SELECT 1"}', null],
    ['an id that is neither text nor number', '{"id":{},"sql":"SELECT 1"}', null],
    ['no sql', '{"id":"keep"}', 'keep'],
    ['sql that is no text', '{"id":3,"sql":["SELECT 1"]}', 3],
    ['a line that is far too long', JSON.stringify({ id: 1, sql: ' '.repeat(300_000) }), null],
  ])('denies %s and goes on', async (_, line, id) => {
    const bad = { id, verdict: 'deny', code: 'BAD_INPUT', relations: [], functions: [], statements: 0 };
    const answers = await ask([line, '{"id":"next","sql":"SELECT 1"}']);
    expect(answers).toEqual([bad, expect.objectContaining({ id: 'next', verdict: 'allow' })]);
  });

  it('passes text through JSON as it is', async () => {
    const answers = await ask([
      '{"id":"nul","sql":"SELECT 1\\u0000; DROP TABLE x"}',
      '{"id":"half","sql":"SELECT \'\\ud800\'"}',
    ]);
    expect(answers).toMatchObject([{ code: 'BAD_TEXT' }, { code: 'BAD_TEXT' }]);
  });
});

describe('refuseDialect', () => {
  it('denies every line', async () => {
    const answers: unknown[] = [];
    for await (const line of refuseDialect(linesOf(['{"id":1,"sql":"SELECT 1"}', 'x'])))
      answers.push(JSON.parse(line));
    expect(answers).toMatchObject([
      { id: 1, code: 'UNSUPPORTED_DIALECT' },
      { id: null, code: 'BAD_INPUT' },
    ]);
  });
});
