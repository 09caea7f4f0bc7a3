import type { JsonObject, JsonValue } from '../../sdk/index.ts';
import { asObject } from './reader.ts';

/** Cumulative counters of one source, by name; null where the server does not count that. */
export type Counters<N extends string> = Readonly<Record<N, number | null>>;

/** A counter's growth since the last read, under the counter's name and `_step`. */
export type Steps<N extends string> = Readonly<Partial<Record<`${N}_step`, number>>>;

/**
 * Growth since the last read. Nothing is known across a reset of the statistics, and a counter that fell was reset.
 *
 * @param reset when the counters were last set to zero, as the server says it.
 * @param state what `remember` made of the read before.
 */
export function stepsOf<N extends string>(
  names: readonly N[],
  now: Counters<N>,
  reset: string | null,
  state: JsonValue | undefined,
): Steps<N> {
  const previous = asObject(state);
  const steps: Record<string, number> = {};
  if (previous['stats_reset'] !== reset) return steps as Steps<N>;
  for (const name of names) {
    const [is, was] = [now[name], previous[name]];
    if (typeof is === 'number' && typeof was === 'number' && is >= was)
      steps[`${name}_step`] = Math.round((is - was) * 1_000) / 1_000;
  }
  return steps as Steps<N>;
}

/** What the next read needs to tell the steps. */
export function remember<N extends string>(
  names: readonly N[],
  row: Counters<N>,
  reset: string | null,
  at: string,
): JsonObject {
  return { ...Object.fromEntries(names.map((name) => [name, row[name]])), stats_reset: reset, at };
}

/** Milliseconds since the read before; undefined at the first. */
export function intervalOf(state: JsonValue | undefined, now: string): number | undefined {
  const { at } = asObject(state);
  if (typeof at !== 'string') return undefined;
  const passed = Date.parse(now) - Date.parse(at);
  return passed > 0 ? passed : undefined;
}

/** Per second, rounded to a thousandth; undefined where either is not known. */
export function perSecond(step: number | undefined, intervalMs: number | undefined): number | undefined {
  if (step === undefined || intervalMs === undefined) return undefined;
  return Math.round((step / intervalMs) * 1_000_000) / 1_000;
}

/** A share in percent, rounded to a tenth; undefined where there is nothing to have a share of. */
export function percentOf(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined || whole <= 0) return undefined;
  return Math.round((part / whole) * 1_000) / 10;
}

export interface Grown<N extends string> {
  /** Start of what is counted: the read before, else the reset of the statistics; null where neither is known. */
  readonly since: string | null;
  readonly counts: Readonly<Record<N, number | null>>;
}

/** Counters since the read before, or where there is none to compare with, since their reset. */
export function grownSince<N extends string>(
  names: readonly N[],
  row: Counters<N>,
  reset: string | null,
  state: JsonValue | undefined,
): Grown<N> {
  const previous = asObject(state);
  const pairs = names.map((name) => [name, row[name], previous[name]] as const);
  const at = typeof previous['at'] === 'string' ? previous['at'] : null;
  const isComparable =
    at !== null &&
    previous['stats_reset'] === reset &&
    pairs.every(([, is, was]) => is === null || (typeof was === 'number' && was <= is));
  const counts = pairs.map(([name, is, was]) => [
    name,
    is === null || !isComparable ? is : Math.round((is - Number(was)) * 1_000) / 1_000,
  ]);
  return {
    since: isComparable ? at : reset,
    counts: Object.fromEntries(counts) as Record<N, number | null>,
  };
}
