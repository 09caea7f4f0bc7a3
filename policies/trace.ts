import type { ClearedRecord, ClearedRedaction } from './cleared.ts';
import type { FieldPlan, StreamPlan } from './plan.ts';

/** Shared by every record that lost nothing. */
export const NOTHING_DROPPED: ClearedRecord['dropped'] = Object.freeze({
  count: 0,
  names: Object.freeze([]),
});

/** Shared by every record in which nothing was found; most are. */
const NOTHING_REDACTED: readonly ClearedRedaction[] = Object.freeze([]);

/** A set of fields of one stream, which has at most 60: a bit for each by its index, 30 in each number. */
class FieldSet {
  low = 0;
  high = 0;

  add({ index }: FieldPlan): void {
    if (index < 30) this.low |= 1 << index;
    else this.high |= 1 << (index - 30);
  }

  has({ index }: FieldPlan): boolean {
    return (index < 30 ? this.low & (1 << index) : this.high & (1 << (index - 30))) !== 0;
  }
}

/** What happened to the fields of one record. */
export class Trace {
  undeclared = 0;
  /** Set when the policy wants no item at all with what was found in it. */
  mayNotPass = false;
  readonly kept = new FieldSet();
  readonly dropped = new FieldSet();
  /** Values of dropped fields: more than the fields where they are in arrays. */
  #droppedValues = 0;
  #redactions: ClearedRedaction[] | undefined;

  keep(field: FieldPlan): void {
    this.kept.add(field);
  }

  drop(field: FieldPlan): void {
    this.dropped.add(field);
    this.#droppedValues += 1;
  }

  redact(path: string, rule: string, action: ClearedRedaction['action']): void {
    this.#redactions ??= [];
    const index = this.#redactions.findIndex((entry) => entry.path === path && entry.rule === rule);
    const entry = this.#redactions[index];
    if (entry === undefined) this.#redactions.push({ action, count: 1, path, rule });
    else this.#redactions[index] = { ...entry, count: entry.count + 1 };
  }

  get redactions(): readonly ClearedRedaction[] {
    return this.#redactions ?? NOTHING_REDACTED;
  }

  /** How many values are missing from the record. */
  get lost(): number {
    return this.#droppedValues + this.undeclared;
  }
}

type Fields = Readonly<Record<string, string>>;
type Dropped = ClearedRecord['dropped'];

/**
 * Which rule let each kept field out, and which fields were dropped. Records of one stream mostly keep and drop the
 * same fields, so the answers are shared.
 */
export class FieldProvenance {
  readonly #plan: StreamPlan;
  readonly #kept = new BySet<Fields>();
  readonly #dropped = new BySet<Dropped>();

  constructor(plan: StreamPlan) {
    this.#plan = plan;
  }

  kept({ kept }: Trace): Fields {
    return this.#kept.get(kept, 0) ?? this.#kept.set(kept, 0, this.#rulesOf(kept));
  }

  dropped({ dropped, lost }: Trace): Dropped {
    if (lost === 0) return NOTHING_DROPPED;
    return this.#dropped.get(dropped, lost) ?? this.#dropped.set(dropped, lost, this.#namesOf(dropped, lost));
  }

  #rulesOf(kept: FieldSet): Fields {
    const entries = this.#plan.fields
      .filter((field) => kept.has(field))
      .map(({ path, rule }) => [path, rule ?? ''] as const);
    return Object.freeze(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  #namesOf(dropped: FieldSet, count: number): Dropped {
    const fields = this.#plan.fields.filter((field) => dropped.has(field));
    const names = fields.map(({ path }) => path.slice('body.'.length)).sort();
    return Object.freeze({ count, names: Object.freeze(names) });
  }
}

interface Entry<T> {
  readonly low: number;
  readonly high: number;
  readonly extra: number;
  readonly value: T;
}

/** A source can choose which fields it sends, and must not choose how much memory that takes. */
const MAX_SETS = 200;
const MAX_ALIKE = 8;

/** Answers by set of fields and one more number. The last answer is asked for again most of the time. */
class BySet<T> {
  readonly #entries = new Map<number, Entry<T>[]>();
  #last: Entry<T> | undefined;

  get({ low, high }: FieldSet, extra: number): T | undefined {
    const last = this.#last;
    if (last !== undefined && last.low === low && last.high === high && last.extra === extra)
      return last.value;
    for (const entry of this.#entries.get(low) ?? []) {
      if (entry.high !== high || entry.extra !== extra) continue;
      this.#last = entry;
      return entry.value;
    }
    return undefined;
  }

  set({ low, high }: FieldSet, extra: number, value: T): T {
    const entry = { low, high, extra, value };
    this.#last = entry;
    const alike = this.#entries.get(low);
    if (alike !== undefined && alike.length < MAX_ALIKE) alike.push(entry);
    if (alike === undefined && this.#entries.size < MAX_SETS) this.#entries.set(low, [entry]);
    return value;
  }
}
