import { ConnectorError } from './errors.ts';

/** Ceilings for one run of one read. */
export interface Budget {
  readonly durationMs: number;
  readonly rows: number;
  readonly bytes: number;
  readonly calls: number;
}

/** What a run has used so far; signed into every item as its cost. */
export interface Cost {
  readonly durationMs: number;
  readonly rows: number;
  readonly bytes: number;
  readonly calls: number;
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
