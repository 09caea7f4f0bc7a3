import type { Step } from './statement-steps.ts';

/** Why a statement is a symptom. */
export type StatementReason = 'new_and_heavy' | 'slower';

/** A statement that takes less hurts nobody, whatever else is true of it. */
const HEAVY = { execMs: 2_000, shareOfTime: 0.1, percentOfAll: 20 };
/** One that was not there before and is most of what the server does now, a third of a processor at least. */
const NEW = { percentOfAll: 50, shareOfTime: 0.3 };
/** Many times its own mean: another plan, much more data, or a wait. Both means are over enough calls to be ones. */
const SLOWER = { times: 5, calls: 5, callsBefore: 50 };

/**
 * Whether a statement is news: heavy and never seen, or heavy and far slower than over all the time before. One that was
 * always heavy is not.
 *
 * @param row counters up to now.
 * @param step what it did since the read before; undefined at the first.
 * @param all execution time of all statements since then, and the time that passed, in milliseconds.
 */
export function statementReason(
  row: { readonly calls: number; readonly exec_ms: number },
  step: Step | undefined,
  all: { readonly execMs: number; readonly intervalMs: number | undefined },
): StatementReason | null {
  if (step === undefined || all.intervalMs === undefined) return null;
  const percent = all.execMs > 0 ? (step.exec_ms / all.execMs) * 100 : 0;
  const floor = Math.max(HEAVY.execMs, HEAVY.shareOfTime * all.intervalMs);
  if (step.exec_ms < floor || percent < HEAVY.percentOfAll) return null;
  if (step.isNew) {
    const isMost = percent >= NEW.percentOfAll && step.exec_ms >= NEW.shareOfTime * all.intervalMs;
    return isMost ? 'new_and_heavy' : null;
  }
  const callsBefore = row.calls - step.calls;
  if (step.calls < SLOWER.calls || callsBefore < SLOWER.callsBefore) return null;
  const before = (row.exec_ms - step.exec_ms) / callsBefore;
  return step.exec_ms / step.calls >= SLOWER.times * before ? 'slower' : null;
}
