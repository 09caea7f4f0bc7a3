import type { ClearedRecord, ClearedRedaction } from './cleared.ts';
import type { FieldPlan, StreamPlan } from './compile.ts';

/** Shared by every record that lost nothing. */
export const NOTHING_DROPPED: ClearedRecord['dropped'] = Object.freeze({
  count: 0,
  names: Object.freeze([]),
});

/** What happened to the fields of one record. */
export class Trace {
  readonly redactions: ClearedRedaction[] = [];
  undeclared = 0;
  /** A bit per kept field, by index: 30 in each, because bit operators work on 32 and one is the sign. */
  #low = 0;
  #high = 0;
  #dropped: FieldPlan[] | undefined;

  keep({ index }: FieldPlan): void {
    if (index < 30) this.#low |= 1 << index;
    else this.#high |= 1 << (index - 30);
  }

  /** The set of kept fields as one number. */
  kept(): number {
    return this.#high * 2 ** 30 + this.#low;
  }

  keeps({ index }: FieldPlan): boolean {
    return (index < 30 ? this.#low & (1 << index) : this.#high & (1 << (index - 30))) !== 0;
  }

  drop(field: FieldPlan): void {
    this.#dropped ??= [];
    this.#dropped.push(field);
  }

  redact(path: string, rule: string, action: ClearedRedaction['action']): void {
    const index = this.redactions.findIndex((entry) => entry.path === path && entry.rule === rule);
    const entry = this.redactions[index];
    if (entry === undefined) this.redactions.push({ action, count: 1, path, rule });
    else this.redactions[index] = { ...entry, count: entry.count + 1 };
  }

  dropped(): ClearedRecord['dropped'] {
    if (this.#dropped === undefined && this.undeclared === 0) return NOTHING_DROPPED;
    const names = new Set(this.#dropped?.map((field) => field.path.slice('body.'.length)));
    return { count: (this.#dropped?.length ?? 0) + this.undeclared, names: [...names].sort() };
  }
}

/** Which rule let each kept field out. Records of one stream mostly keep the same fields, so the answers are shared. */
export class FieldProvenance {
  readonly #plan: StreamPlan;
  readonly #byFields = new Map<number, Readonly<Record<string, string>>>();

  constructor(plan: StreamPlan) {
    this.#plan = plan;
  }

  of(trace: Trace): Readonly<Record<string, string>> {
    const known = this.#byFields.get(trace.kept());
    if (known !== undefined) return known;
    const kept = this.#plan.fields.filter((field) => trace.keeps(field));
    const entries = kept.map(({ path, rule }) => [path, rule ?? ''] as const);
    const fields = Object.freeze(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
    if (this.#byFields.size < MAX_FIELD_SETS) this.#byFields.set(trace.kept(), fields);
    return fields;
  }
}

/** A source can choose which fields it sends, and must not choose how much memory that takes. */
const MAX_FIELD_SETS = 1_000;
