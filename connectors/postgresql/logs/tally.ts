import { isSymptom, type LogClass, type LogEntry, type Severity, type SqlstateClass } from './classes.ts';
import type { Heard } from './parser.ts';

/** How often something was said. Made of closed lists and numbers: there is no member that a text fits into. */
export interface Count {
  readonly event: LogClass;
  readonly severity: Severity;
  readonly sqlstate: SqlstateClass;
  readonly count: number;
  /** Milliseconds since the epoch; null where no line had a time that can be read. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Counts what a parser hears. */
export class Tally implements Heard {
  readonly #counts = new Map<string, Count>();
  #entries = 0;
  #foreign = 0;

  entry({ event, severity, sqlstate, at }: LogEntry): void {
    this.#entries += 1;
    const key = `${event} ${severity} ${sqlstate}`;
    const before = this.#counts.get(key);
    this.#counts.set(key, {
      event,
      severity,
      sqlstate,
      count: (before?.count ?? 0) + 1,
      first: extreme(Math.min, before?.first ?? null, at),
      last: extreme(Math.max, before?.last ?? null, at),
    });
  }

  foreign(): void {
    this.#foreign += 1;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Lines that are no entry. */
  get foreignLines(): number {
    return this.#foreign;
  }

  /** Symptoms first, then by how often. */
  counts(): readonly Count[] {
    return [...this.#counts.values()].sort(
      (a, b) => weight(b) - weight(a) || b.count - a.count || (keyOf(a) < keyOf(b) ? -1 : 1),
    );
  }
}

export function keyOf({ event, severity, sqlstate }: Count): string {
  return `${event}/${severity}/${sqlstate}`;
}

/** What ends a session or the server hurts, whatever it is. */
export function hurts({ event, severity }: Pick<Count, 'event' | 'severity'>): boolean {
  return isSymptom(event) || severity === 'fatal' || severity === 'panic';
}

function weight(count: Count): number {
  return hurts(count) ? 1 : 0;
}

function extreme(pick: (...values: number[]) => number, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return pick(a, b);
}
