import type { JsonValue, RunState, StatePatch } from '../../sdk/index.ts';
import { asObject } from './reader.ts';
import { intervalOf } from './steps.ts';

/** Cumulative counters of one statement. */
interface StatementCounters {
  readonly calls: number;
  readonly exec_ms: number;
  readonly plan_ms: number;
  readonly rows: number;
}

/** What one statement did since the last read. */
export interface Step extends StatementCounters {
  /** It was not there at the last read: new, or evicted and back. */
  readonly isNew: boolean;
}

export interface Interval {
  /** Since the last read whose counters go on in this one; undefined when there is none. */
  readonly ms?: number | undefined;
  /** The counters were reset since the last read; undefined at the first. */
  readonly wasReset?: boolean | undefined;
  /** Entries that the extension threw out since the last read because there were too many. */
  readonly evictions?: number | undefined;
  readonly previous: Readonly<Record<string, JsonValue>>;
}

interface Counting {
  readonly evictions: number;
  readonly statistics_reset: string | null;
}

const COUNTERS = 'counters';
const READ = 'read';
/** Of the digest in a key: enough to tell a few thousand apart, and short where all of them are kept. */
const KEPT = 16;

/** How this read follows on the one before. */
export function intervalSince(state: RunState, rows: readonly Counting[], now: string): Interval {
  const read = asObject(state.get(READ));
  const first = rows[0];
  if (first === undefined || read['at'] === undefined) return { previous: {} };
  const wasReset = read['reset'] !== first.statistics_reset;
  if (wasReset) return { wasReset, previous: {} };
  const evictions = read['evictions'];
  return {
    ms: intervalOf(read, now),
    wasReset,
    evictions: typeof evictions === 'number' ? Math.max(0, first.evictions - evictions) : undefined,
    previous: asObject(state.get(COUNTERS)),
  };
}

/** Everything that an entry counted which was not there before happened since. */
export function stepOf(row: StatementCounters, key: string, { ms, previous }: Interval): Step | undefined {
  if (ms === undefined) return undefined;
  const then = numbers(previous[short(key)]);
  // Fallen counters: the entry was evicted, or reset alone, and began anew.
  const isNew = then === undefined;
  const [calls, exec, plan, rows] = isNew || row.calls < then[0] ? [0, 0, 0, 0] : then;
  return {
    calls: row.calls - calls,
    exec_ms: rounded(row.exec_ms - exec),
    plan_ms: rounded(row.plan_ms - plan),
    rows: row.rows - rows,
    isNew,
  };
}

export function total(steps: readonly (Step | undefined)[]): StatementCounters {
  let sum = { calls: 0, exec_ms: 0, plan_ms: 0, rows: 0 };
  for (const step of steps) {
    if (step === undefined) continue;
    sum = {
      calls: sum.calls + step.calls,
      exec_ms: rounded(sum.exec_ms + step.exec_ms),
      plan_ms: rounded(sum.plan_ms + step.plan_ms),
      rows: sum.rows + step.rows,
    };
  }
  return sum;
}

/** What the next read needs. */
export function rememberInterval(
  counted: readonly { readonly key: string; readonly row: StatementCounters }[],
  first: Counting | undefined,
  now: string,
): StatePatch {
  if (first === undefined) return { delete: [COUNTERS, READ] };
  const counters = counted.map(({ key, row }) => [
    short(key),
    [row.calls, row.exec_ms, row.plan_ms, row.rows],
  ]);
  return {
    set: {
      [COUNTERS]: Object.fromEntries(counters),
      [READ]: { at: now, reset: first.statistics_reset, evictions: first.evictions },
    },
  };
}

function short(key: string): string {
  const at = key.lastIndexOf('/') + 1;
  return key.slice(0, at) + key.slice(-KEPT);
}

function numbers(value: JsonValue | undefined): readonly [number, number, number, number] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [calls, exec, plan, rows] = value;
  if (typeof calls !== 'number' || typeof exec !== 'number') return undefined;
  return typeof plan === 'number' && typeof rows === 'number' ? [calls, exec, plan, rows] : undefined;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
