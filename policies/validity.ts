import type { Timestamp } from '../connectors/sdk/index.ts';

/** Something that holds only for a while. */
export interface Timed {
  /** Absent: since ever. */
  readonly from?: Timestamp;
  readonly expires: Timestamp;
}

/**
 * Whether it holds at `now`: the only place that compares a policy's times. Start, reload, command line, tests and
 * replay ask here, so that none of them honours what another has let expire. Times are RFC 3339 in UTC with
 * milliseconds, which sort as text.
 */
export function inForce({ from, expires }: Timed, now: Timestamp): boolean {
  return (from === undefined || from <= now) && now < expires;
}

/** The next moment at which one of them begins or ceases to hold; null when none will. */
export function nextChange(timed: readonly Timed[], now: Timestamp): Timestamp | null {
  const ahead = timed
    .flatMap(({ from, expires }) => [from, expires])
    .filter((at) => at !== undefined && at > now);
  return ahead.reduce<Timestamp | null>(
    (next, at) => (at !== undefined && (next === null || at < next) ? at : next),
    null,
  );
}
