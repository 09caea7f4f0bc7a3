import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue, RunState, StatePatch } from '../../sdk/index.ts';
import { intervalSince, rememberInterval, stepOf, total } from './statement-steps.ts';

const THEN = '2026-11-21T00:13:02.000Z';
const NOW = '2026-11-21T00:14:02.000Z';
const counting = { evictions: 4, statistics_reset: '2026-10-02T08:00:00.000Z' };
const counters = fc.record({
  calls: fc.nat(),
  exec_ms: fc.nat(),
  plan_ms: fc.nat(),
  rows: fc.nat(),
});
const statements = fc.dictionary(fc.stringMatching(/^-?[1-9][0-9]{0,8}\/top\/[0-9a-f]{16}$/), counters);

function stateOf(patch: StatePatch): RunState {
  const stored = new Map<string, JsonValue>(Object.entries(patch.set ?? {}));
  return { get: (key) => stored.get(key), keys: () => stored.keys() };
}

function remembered(rows: Readonly<Record<string, StatementCounters>>, first = counting): RunState {
  const counted = Object.entries(rows).map(([key, row]) => ({ key, row }));
  return stateOf(rememberInterval(counted, first, THEN));
}

interface StatementCounters {
  readonly calls: number;
  readonly exec_ms: number;
  readonly plan_ms: number;
  readonly rows: number;
}

describe('steps of statements', () => {
  it('and what was there before make up what is there now, whatever else came and went', () => {
    fc.assert(
      fc.property(statements, statements, (before, growth) => {
        const interval = intervalSince(remembered(before), [counting], NOW);
        const now = Object.entries(growth).map(([key, { calls, exec_ms, plan_ms, rows }]) => {
          const was = before[key] ?? { calls: 0, exec_ms: 0, plan_ms: 0, rows: 0 };
          const row = {
            calls: was.calls + calls,
            exec_ms: was.exec_ms + exec_ms,
            plan_ms: was.plan_ms + plan_ms,
            rows: was.rows + rows,
          };
          return { key, step: stepOf(row, key, interval) };
        });
        for (const { key, step } of now)
          expect(step).toEqual({ ...growth[key], isNew: before[key] === undefined });
        const sum = Object.values(growth).reduce((calls, one) => calls + one.calls, 0);
        expect(total(now.map(({ step }) => step)).calls).toBe(sum);
      }),
    );
  });

  it('are not known at the first read, nor across a reset', () => {
    const row = { calls: 9, exec_ms: 10, plan_ms: 11, rows: 12 };
    const before = { 'a/top/0123456789abcdef': { ...row, calls: 1 } };
    const first = intervalSince(stateOf({}), [counting], NOW);
    expect(first).toEqual({ previous: {} });
    const reset = { ...counting, statistics_reset: '2026-11-21T00:13:30.000Z' };
    const after = intervalSince(remembered(before), [reset], NOW);
    expect(after).toEqual({ wasReset: true, previous: {} });
    for (const interval of [first, after])
      expect(stepOf(row, 'a/top/0123456789abcdef', interval)).toBeUndefined();
  });

  it('begin anew where the counters of one statement fell', () => {
    const key = 'a/top/0123456789abcdef';
    const state = remembered({ [key]: { calls: 100, exec_ms: 900, plan_ms: 9, rows: 101 } });
    const interval = intervalSince(state, [{ ...counting, evictions: 6 }], NOW);
    expect(interval).toMatchObject({ ms: 60_000, wasReset: false, evictions: 2 });
    const row = { calls: 5, exec_ms: 50, plan_ms: 1, rows: 6 };
    expect(stepOf(row, key, interval)).toEqual({ ...row, isNew: false });
  });

  it('forget everything when the extension counts nothing', () => {
    expect(rememberInterval([], undefined, NOW)).toEqual({ delete: ['counters', 'read'] });
  });
});
