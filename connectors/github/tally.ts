import type { Completeness } from '../sdk/index.ts';

/** Counts what one run has read, and collects why that may not be all. */
export class Tally {
  #read = 0;
  #missing = 0;
  #totalKnown = true;
  #pages = 0;
  #unchanged = 0;
  readonly #partial = new Set<string>();
  readonly #unknown = new Set<string>();

  /** Records in the window. */
  add(count: number): void {
    this.#read += count;
  }

  page(unchanged: boolean): void {
    this.#pages += 1;
    if (unchanged) this.#unchanged += 1;
  }

  /** Records that the source says are there and did not give. */
  missing(count: number, reason: string): void {
    this.#missing += count;
    this.#partial.add(reason);
  }

  /** The source does not say how many there are. */
  totalUnknown(): void {
    this.#totalKnown = false;
  }

  /** Something known is not in the answer. */
  partial(reason: string): void {
    this.#partial.add(reason);
  }

  /** Something may not be in the answer, and there is no telling. */
  unknown(reason: string): void {
    this.#unknown.add(reason);
  }

  completeness(): Completeness {
    const reasons = [...this.#partial, ...this.#unknown];
    const state = this.#partial.size > 0 ? 'partial' : this.#unknown.size > 0 ? 'unknown' : 'complete';
    return {
      state,
      read: this.#read,
      expected: this.#expected(state),
      reason: reasons.length > 0 ? reasons.join('; ') : this.#unchangedNote(),
    };
  }

  #expected(state: Completeness['state']): number | null {
    if (this.#totalKnown) return this.#read + this.#missing;
    return state === 'complete' ? this.#read : null;
  }

  #unchangedNote(): string | null {
    return this.#pages > 0 && this.#unchanged === this.#pages ? 'unchanged since the run before' : null;
  }
}
