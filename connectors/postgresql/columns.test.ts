import { describe, expect, it } from 'vitest';
import { BudgetMeter } from '../sdk/index.ts';
import { AMPLE_BUDGET, fakeClock } from '../sdk/testing/index.ts';
import type { Answer, CatalogClient, Column } from './catalog.ts';
import { asker } from './collect.ts';
import { bool, decimal, instantOrNull, integer, query, text, tokenOrNull } from './columns.ts';

const sample = query('sample', 10, {
  name: text,
  state: tokenOrNull,
  size: integer,
  ratio: decimal,
  since: instantOrNull,
  valid: bool,
  kind: text.transform((value) => value.length),
});

const DECLARED: readonly Column[] = [
  { name: 'name', type: 19 },
  { name: 'state', type: 25 },
  { name: 'size', type: 20 },
  { name: 'ratio', type: 1700 },
  { name: 'since', type: 701 },
  { name: 'valid', type: 16 },
  { name: 'kind', type: 18 },
];

/** Without a row: what is not declared is refused before there is anything to look at. */
async function asking(columns: readonly Column[] | undefined): Promise<unknown> {
  const facts = {
    now: '2026-11-21T00:14:02.000Z',
    role: 'r',
    database: 'd',
    version: 180004,
    readsStats: true,
  };
  const answer: Answer = { rows: [], facts, bytes: 0, ...(columns === undefined ? {} : { columns }) };
  const client: CatalogClient = { query: async () => answer, close: async () => undefined };
  const meter = new BudgetMeter(AMPLE_BUDGET, fakeClock().monotonic);
  return asker(client, meter, new AbortController().signal)(sample);
}

const replaced = (name: string, type: number): readonly Column[] =>
  DECLARED.map((column) => (column.name === name ? { name, type } : column));

describe('the columns that a server announces', () => {
  it('are taken when they are those that were declared, or when it announces none', async () => {
    for (const columns of [DECLARED, DECLARED.toReversed(), undefined])
      await expect(asking(columns)).resolves.toMatchObject({ rows: [] });
  });

  it.each([
    ['JSON in place of a name', 'name', 114],
    ['bytes in place of a word', 'state', 17],
    ['a truth in place of a number', 'size', 16],
    ['an array in place of a number', 'size', 1016],
    ['a time in place of milliseconds', 'since', 1184],
    ['a word in place of a truth', 'valid', 25],
    ['an array in place of what has no kind', 'kind', 1009],
    ['a type that somebody made', 'ratio', 16_402],
  ])('are refused: %s', async (_case, name, type) => {
    await expect(asking(replaced(name, type))).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
      message: 'the columns of "sample" are not those that were declared',
      hint: `Look at what answers in place of the catalog: ${name}.`,
    });
  });

  it('are refused when one is missing, one too many, or one comes twice', async () => {
    const more = { name: 'canary-column', type: 25 };
    for (const columns of [DECLARED.slice(1), [...DECLARED, more], [...DECLARED, ...DECLARED.slice(0, 1)]]) {
      const failure = await asking(columns).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'BAD_RESPONSE' });
      expect(JSON.stringify(failure)).not.toContain('canary');
    }
  });
});
