import { describe, expect, it } from 'vitest';
import type { AdmittedView, ViewGuard } from '../../sdk/index.ts';
import type { Row, Transaction } from '../catalog.ts';
import { findLock, readView } from './read-view.ts';
import { FACTS, HARDLY_WAIT, LOCKS, OTHERS, TABLES } from './statements.ts';

const VIEW: AdmittedView = {
  view: 'ev.queues',
  schema: 'ev',
  name: 'queues',
  columns: [{ name: 'queue', as: 'value', isKept: true }],
  ignored: [],
  maxRows: 2,
  from: ['shop.jobs'],
  review: 'sha256:1',
};

const GUARD: ViewGuard = {
  statement: async () => ({ text: 'SELECT proved', digest: 'sha256:s' }),
  definition: async (_, { text }) => ({
    isAllowed: text === 'good',
    reason: text === 'good' ? null : 'it is bad',
    digest: `sha256:${text}`,
    relations: ['shop.jobs'],
  }),
};

const LOCK = 'LOCK TABLE "ev"."queues" IN ACCESS SHARE MODE NOWAIT';
const PLAN = 'EXPLAIN (VERBOSE, FORMAT JSON)\nSELECT proved';
const FACT = { kind: 'v', owner: 'app', security_barrier: 't', security_invoker: 'f', definition: 'good' };
const TABLE = { schema: 'shop', name: 'jobs', kind: 'r', row_security: 'f', columns: 'id,queue' };
const BLOCKER = {
  schema: 'shop',
  name: 'jobs_pkey',
  mode: 'AccessExclusiveLock',
  granted: 't',
  pid: '4711',
  ms: '1500.4',
};
const ANSWERS: Readonly<Record<string, readonly Row[]>> = {
  [FACTS]: [FACT],
  [TABLES]: [TABLE],
  [PLAN]: [{ 'QUERY PLAN': '[{"Plan":{"Total Cost":12.5}}]' }],
  'SELECT proved': [{ queue: 'a' }, { queue: 'b' }, { queue: 'c' }],
};

async function look(answers: Readonly<Record<string, readonly Row[] | Error>> = {}, isReviewed = true) {
  const sent: string[] = [];
  const transaction: Transaction = {
    facts: { now: '', role: '', database: '', version: 180000, readsStats: true },
    bytes: () => 0,
    send: async (text) => {
      sent.push(text);
      const answer = answers[text] ?? ANSWERS[text] ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const result = await readView(VIEW, transaction, { guard: GUARD, isReviewed: () => isReviewed, cost: 100 });
  return { result, sent };
}

describe('a view', () => {
  it('is locked, looked at, judged and planned before it is read', async () => {
    const { result, sent } = await look();
    expect(sent).toEqual([LOCK, HARDLY_WAIT, LOCKS, FACTS, TABLES, OTHERS, PLAN, 'SELECT proved']);
    expect(result).toMatchObject({
      state: 'read',
      statement: 'sha256:s',
      facts: { owner: 'app', securityBarrier: true, securityInvoker: false, tables: ['shop.jobs'] },
      rows: { rows: [{ queue: 'a' }, { queue: 'b' }], suppressed: 0, isTruncated: true, cost: 12.5 },
    });
  });

  it('is left alone when the lock is not to be had', async () => {
    const { result, sent } = await look({ [LOCK]: Object.assign(new Error('x'), { code: '55P03' }) });
    expect({ result, sent }).toEqual({ result: { state: 'relation_locked' }, sent: [LOCK] });
  });

  it('is left alone when an index under it is locked: not even its definition is asked for', async () => {
    const { result, sent } = await look({ [LOCKS]: [BLOCKER] });
    expect({ result, sent }).toEqual({
      result: { state: 'relation_locked' },
      sent: [LOCK, HARDLY_WAIT, LOCKS],
    });
  });

  it.each([
    ['the guard refuses it', { [FACTS]: [{ ...FACT, definition: 'bad' }] }],
    ['it reads another table', { [TABLES]: [TABLE, { ...TABLE, name: 'secrets' }] }],
    ['it reads a foreign table', { [TABLES]: [{ ...TABLE, kind: 'f' }] }],
    ['row security would run', { [TABLES]: [{ ...TABLE, row_security: 't' }] }],
    ['it depends on a function', { [OTHERS]: [{ is_enum: 'f', schema: null, name: null }] }],
  ])('is not planned and not read when %s', async (_, answers) => {
    const { result, sent } = await look(answers);
    expect(result.state).toBe('refused');
    expect(sent.slice(-1)).toEqual([OTHERS]);
  });

  it('may compare with labels of an enumeration', async () => {
    const { result } = await look({ [OTHERS]: [{ is_enum: 't', schema: 'shop', name: 'state' }] });
    expect(result.state).toBe('read');
  });

  it('is not read when nobody has reviewed its definition', async () => {
    const { result, sent } = await look({}, false);
    expect(result.state).toBe('changed');
    expect(sent).not.toContain('SELECT proved');
  });

  it('is not read when that would cost too much', async () => {
    const dear = { [PLAN]: [{ 'QUERY PLAN': '[{"Plan":{"Total Cost":100.5}}]' }] };
    await expect(look(dear)).rejects.toMatchObject({ code: 'BUDGET' });
  });

  it('tells who keeps us out', async () => {
    const transaction = { send: async () => [BLOCKER] } as unknown as Transaction;
    expect(await findLock(VIEW, transaction)).toEqual({
      relation: 'shop.jobs_pkey',
      mode: 'AccessExclusiveLock',
      pid: 4711,
      ms: 1500,
    });
  });
});
