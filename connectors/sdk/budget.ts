import { ConnectorError } from './errors.ts';

/** Ceilings for one run of one read. */
export interface Budget {
  readonly durationMs: number;
  readonly rows: number;
  readonly bytes: number;
  readonly calls: number;
  /** What the source's planner may reckon for one statement; absent: what the connector thinks reasonable. */
  readonly cost?: number;
}

/** What a run has used so far; signed into every item as its cost. */
export interface Cost {
  readonly durationMs: number;
  readonly rows: number;
  readonly bytes: number;
  readonly calls: number;
  /** Time the source worked for the run, network included, as far as the connector can tell; in milliseconds. */
  readonly sourceMs?: number;
}

/**
 * Counts what a run uses and refuses to go past the ceiling. Every `use…` throws a ConnectorError BUDGET when the
 * ceiling would be crossed; what was emitted before stays, and the run's completeness becomes `partial`.
 */
export class BudgetMeter {
  readonly #budget: Budget;
  readonly #monotonic: () => number;
  readonly #startedAt: number;
  #rows = 0;
  #bytes = 0;
  #calls = 0;
  #sourceMs: number | undefined;

  constructor(budget: Budget, monotonic: () => number = () => performance.now()) {
    this.#budget = budget;
    this.#monotonic = monotonic;
    this.#startedAt = monotonic();
  }

  get budget(): Budget {
    return this.#budget;
  }

  useRows(count: number): void {
    this.#check('rows', this.#rows + count);
    this.#rows += count;
  }

  useBytes(count: number): void {
    this.#check('bytes', this.#bytes + count);
    this.#bytes += count;
  }

  useCall(): void {
    this.#check('calls', this.#calls + 1);
    this.#calls += 1;
  }

  /** Adds time that the source worked; it has no ceiling of its own, the run's deadline holds. */
  addSourceTime(ms: number): void {
    this.#sourceMs = (this.#sourceMs ?? 0) + ms;
  }

  /** Milliseconds left before the run's deadline; never negative. */
  remainingMs(): number {
    return Math.max(0, this.#budget.durationMs - this.#elapsed());
  }

  cost(): Cost {
    return {
      durationMs: Math.round(this.#elapsed()),
      rows: this.#rows,
      bytes: this.#bytes,
      calls: this.#calls,
      ...(this.#sourceMs === undefined ? {} : { sourceMs: Math.round(this.#sourceMs) }),
    };
  }

  #elapsed(): number {
    return this.#monotonic() - this.#startedAt;
  }

  #check(unit: 'rows' | 'bytes' | 'calls', next: number): void {
    const limit = this.#budget[unit];
    if (next <= limit) return;
    throw new ConnectorError('BUDGET', `the read would use more than its budget of ${limit} ${unit}`, {
      hint: `Raise budget.${unit} for this read in the policy, or narrow its scope.`,
    });
  }
}
