import type { Window } from '../../connectors/sdk/index.ts';
import type { FinishedJob, RunNow, ScheduledRead, Trigger } from './job.ts';

/** Somebody who asked for a run and waits for it. */
export interface Pending {
  readonly request: RunNow;
  /** Hears the finished job, or null when the scheduler stopped first. */
  readonly resolve: (finished: FinishedJob | null) => void;
}

/** A read as the scheduler keeps it. */
export interface Slot {
  readonly read: ScheduledRead;
  readonly pending: Pending[];
  /** On the monotonic clock. */
  dueAt: number;
  active: Promise<void> | null;
  abort: AbortController | null;
  /** The run under way was aborted to be run again. */
  isRestarting: boolean;
  /** The latest run was refused. */
  isRefused: boolean;
  runs: number;
  failures: number;
  /**
   * End of the last good run's window, in epoch milliseconds. Runs over a window that somebody asked for do not move
   * it: there may be unread time before theirs.
   */
  seenUntil: number | null;
}

export function newSlot(read: ScheduledRead): Slot {
  return {
    read,
    pending: [],
    dueAt: 0,
    active: null,
    abort: null,
    isRestarting: false,
    isRefused: false,
    runs: 0,
    failures: 0,
    seenUntil: null,
  };
}

/** The lower, the sooner. */
export const URGENCY: Readonly<Record<Trigger, number>> = { incident: 0, once: 1, burst: 2, interval: 3 };

/** Undefined when nobody asks. */
export function mostUrgent(pending: readonly Pending[]): Trigger | undefined {
  const triggers = pending.map(({ request }) => request.trigger);
  return triggers.toSorted((a, b) => URGENCY[a] - URGENCY[b])[0];
}

/** The smallest window that covers all that are asked for; undefined when none is. */
export function hull(pending: readonly Pending[]): Window | undefined {
  const given = pending.map(({ request }) => request.window).filter((window) => window !== undefined);
  const [first] = given;
  if (first === undefined) return undefined;
  let { from, to } = first;
  for (const window of given) {
    if (Date.parse(window.from) < Date.parse(from)) from = window.from;
    if (Date.parse(window.to) > Date.parse(to)) to = window.to;
  }
  return { from, to };
}
