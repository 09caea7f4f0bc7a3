export interface BackoffOptions {
  /** Ceiling of the first wait, in milliseconds. */
  readonly baseMs: number;
  /** No wait is longer. */
  readonly capMs: number;
  /** No wait is shorter: keeps a lucky draw from hammering a source that has just failed. */
  readonly floorMs: number;
}

/**
 * Full jitter: a uniform draw between nothing and an exponentially growing ceiling, so that many agents that lost the
 * same source do not come back together. `attempt` counts from 1; `random` is in [0, 1).
 */
export function fullJitter(attempt: number, options: BackoffOptions, random: () => number): number {
  const exponent = Math.min(Math.max(attempt, 1) - 1, 30);
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** exponent);
  return Math.min(options.capMs, Math.max(options.floorMs, Math.floor(random() * ceiling)));
}

/**
 * A number in [0, 1) that depends on the text alone (FNV-1a, 32 bit). Spreads the reads of an agent over their
 * intervals in the same way at every start, so that a load pattern can be reproduced.
 */
export function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) / 2 ** 32;
}
