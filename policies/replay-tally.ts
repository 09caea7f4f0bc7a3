/** What another policy does to what is stored, counted by stream and field. */
export interface ReplayReport {
  readonly items: number;
  /** Items that are not as they would be. */
  readonly affected: number;
  readonly effects: readonly ReplayEffect[];
  /** What the stored items do not tell. */
  readonly unknown: readonly ReplayUnknown[];
  /** Parts of the policies that stored items say nothing about. */
  readonly notes: readonly string[];
}

export interface ReplayEffect {
  /** `<connector>/<stream>` */
  readonly stream: string;
  /** `body.…`; null for items as a whole. */
  readonly field: string | null;
  readonly effect: 'gains' | 'loses' | 'changes';
  readonly from: string;
  readonly to: string;
  readonly items: number;
  /** Ids of a few of them. */
  readonly examples: readonly string[];
}

export interface ReplayUnknown extends Pick<ReplayEffect, 'stream' | 'field' | 'items' | 'examples'> {
  readonly why: string;
}

const EXAMPLES = 3;

interface Counted {
  items: number;
  examples: string[];
}

/** Counts by what happened to which field of which stream; an item counts once for each. */
export class Tally {
  readonly #effects = new Map<string, Omit<ReplayEffect, 'items' | 'examples'> & Counted>();
  readonly #unknown = new Map<string, Omit<ReplayUnknown, 'items' | 'examples'> & Counted>();

  effect(
    id: string,
    stream: string,
    field: string | null,
    effect: ReplayEffect['effect'],
    from: string,
    to: string,
  ): void {
    const key = `${stream} ${field} ${effect} ${from} ${to}`;
    const entry = this.#effects.get(key) ?? { stream, field, effect, from, to, items: 0, examples: [] };
    this.#effects.set(key, entry);
    count(entry, id);
  }

  unknown(id: string, stream: string, field: string | null, why: string): void {
    const key = `${stream} ${field} ${why}`;
    const entry = this.#unknown.get(key) ?? { stream, field, why, items: 0, examples: [] };
    this.#unknown.set(key, entry);
    count(entry, id);
  }

  report(): Pick<ReplayReport, 'effects' | 'unknown'> {
    const sorted = (a: { readonly stream: string; readonly field: string | null }, b: typeof a) =>
      `${a.stream} ${a.field ?? ''}` < `${b.stream} ${b.field ?? ''}` ? -1 : 1;
    return {
      effects: [...this.#effects.values()].sort(sorted),
      unknown: [...this.#unknown.values()].sort(sorted),
    };
  }
}

function count(entry: Counted, id: string): void {
  entry.items += 1;
  if (entry.examples.length < EXAMPLES) entry.examples.push(id);
}
