import { describe, expect, it } from 'vitest';
import { statementReason } from './statement-symptoms.ts';

const MINUTE = { execMs: 60_000, intervalMs: 60_000 };

/** Counters of a statement with a mean before and one since, in milliseconds. */
function told(before: [calls: number, mean: number], since: [calls: number, mean: number], all = MINUTE) {
  const exec_ms = since[0] * since[1];
  const row = { calls: before[0] + since[0], exec_ms: before[0] * before[1] + exec_ms };
  const step = { calls: since[0], exec_ms, plan_ms: 0, rows: 0, isNew: before[0] === 0 };
  return statementReason(row, step, all);
}

describe('a statement is a symptom', () => {
  it.each([
    ['that is new and most of the load', [0, 0], [400, 100], 'new_and_heavy'],
    ['that takes five times as long as ever before', [1_000, 10], [400, 50], 'slower'],
  ] as const)('%s', (_what, before, since, expected) => {
    expect(told([...before], [...since])).toBe(expected);
  });

  it.each([
    ['that is new and half as much as the rest', [0, 0], [200, 100]],
    ['that was always heavy', [100_000, 95], [400, 100]],
    ['that takes four times as long', [1_000, 10], [600, 40]],
    ['that is slower and does next to nothing', [1_000, 1], [40, 100]],
    ['of which too few calls are known', [49, 10], [400, 50]],
    ['that was called too seldom since', [1_000, 10], [4, 6_000]],
  ] as const)('but not one %s', (_what, before, since) => {
    expect(told([...before], [...since])).toBeNull();
  });

  it('has to be heavier where it is new: an idle server does little else than what it does for the first time', () => {
    const idle = { execMs: 10_000, intervalMs: 60_000 };
    expect(told([0, 0], [100, 90], idle)).toBeNull();
    expect(told([1_000, 10], [100, 90], idle)).toBe('slower');
  });

  it('of little time is none, in however short an interval and however large its share', () => {
    expect(told([0, 0], [10, 150], { execMs: 1_500, intervalMs: 1_000 })).toBeNull();
  });

  it('is not told by the first read, which has nothing to compare with', () => {
    expect(statementReason({ calls: 9, exec_ms: 90_000 }, undefined, MINUTE)).toBeNull();
  });
});
