import { expect, it } from 'vitest';
import { DEFAULT_COST, mustBeCheap, type Send } from './plan-cost.ts';
import type { Statement } from './session.ts';

const STATEMENT = { text: 'SELECT $1', values: ['a'] };

function answering(answer: unknown, asked: Statement[] = []): Send {
  return async (statement) => {
    asked.push(statement);
    return [{ 'QUERY PLAN': answer }];
  };
}

const plan = (cost: unknown): string =>
  JSON.stringify([{ Plan: { 'Node Type': 'Limit', 'Total Cost': cost } }]);

it('asks for the plan of that text with those values', async () => {
  const asked: Statement[] = [];
  expect(await mustBeCheap(STATEMENT, 100, answering(plan(99.5), asked))).toEqual({ cost: 99.5 });
  expect(asked).toEqual([{ text: 'EXPLAIN (VERBOSE, FORMAT JSON)\nSELECT $1', values: ['a'] }]);
});

it('tells what the server counts the statement under, to the last digit', async () => {
  const answer = `[{"Plan": {"Total Cost": 3}, "Query Identifier": -4183902318875526011}]`;
  expect(await mustBeCheap(STATEMENT, 100, answering(answer))).toEqual({
    cost: 3,
    queryId: '-4183902318875526011',
  });
});

it('refuses what is dearer', async () => {
  await expect(mustBeCheap(STATEMENT, 100, answering(plan(100.5)))).rejects.toMatchObject({ code: 'BUDGET' });
  await expect(mustBeCheap(STATEMENT, DEFAULT_COST, answering(plan(4.2e8)))).rejects.toMatchObject({
    code: 'BUDGET',
  });
});

it.each([undefined, null, 'x', '[]', '[{"Plan":{}}]', '[{"Plan":{"Total Cost":"1"}}]', plan(null)])(
  'refuses what has no cost: %j',
  async (answer) => {
    await expect(mustBeCheap(STATEMENT, 100, answering(answer))).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
    });
  },
);
