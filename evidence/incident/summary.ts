import type { Cost, EvidenceClass, Timestamp } from '../../connectors/sdk/index.ts';
import type { Item } from '../item.ts';
import { text } from './body.ts';
import { byTime, compareText } from './order.ts';

export interface Summary {
  readonly items: number;
  readonly byClass: Readonly<Record<EvidenceClass, number>>;
  readonly byKind: Readonly<Record<string, number>>;
  /** Times of the first and the last item; null without items. */
  readonly span: { readonly first: Timestamp; readonly last: Timestamp } | null;
  /** Fields that no rule let out. */
  readonly dropped: number;
  /** Values changed or taken out, by rule and action: `email/mask`. */
  readonly redactions: Readonly<Record<string, number>>;
  /** What is missing, each gap once. */
  readonly gaps: readonly GapSummary[];
  readonly refusals: number;
  /** What collecting took, over all runs that these items came from. */
  readonly cost: Cost & { readonly runs: number };
}

export interface GapSummary {
  readonly connection: string;
  readonly code: string;
  readonly missing: string;
  readonly reason: string;
  /** How to close it; empty when unknown. */
  readonly hint: string;
  readonly times: number;
  readonly last: Timestamp;
}

export function summarize(items: readonly Item[]): Summary {
  const ordered = items.toSorted(byTime);
  const [first, last] = [ordered[0], ordered.at(-1)];
  const byClass = { change: 0, symptom: 0, state: 0, gap: 0, refusal: 0 };
  const kinds = new Counter();
  const redactions = new Counter();
  let dropped = 0;
  for (const item of ordered) {
    byClass[item.class] += 1;
    kinds.add(item.kind, 1);
    dropped += item.provenance.dropped.count;
    for (const { rule, action, count } of item.provenance.redactions)
      redactions.add(`${rule}/${action}`, count);
  }
  return {
    items: items.length,
    byClass,
    byKind: kinds.sorted(),
    span:
      first === undefined || last === undefined ? null : { first: first.occurredAt, last: last.occurredAt },
    dropped,
    redactions: redactions.sorted(),
    gaps: gapsOf(ordered),
    refusals: byClass.refusal,
    cost: costOf(ordered),
  };
}

function gapsOf(ordered: readonly Item[]): readonly GapSummary[] {
  const gaps = new Map<string, GapSummary>();
  for (const item of ordered) {
    if (item.class !== 'gap') continue;
    const [code, missing] = [text(item.body, 'code'), text(item.body, 'missing')];
    const key = JSON.stringify([item.connection, code, missing]);
    gaps.set(key, {
      connection: item.connection,
      code,
      missing,
      reason: text(item.body, 'reason'),
      hint: text(item.body, 'hint'),
      times: (gaps.get(key)?.times ?? 0) + 1,
      last: item.occurredAt,
    });
  }
  return [...gaps].toSorted(([a], [b]) => compareText(a, b)).map(([, gap]) => gap);
}

/** Every item of a run carries the cost of the run so far, so the largest of each run is what the run took. */
function costOf(items: readonly Item[]): Cost & { readonly runs: number } {
  const runs = new Map<string, Cost>();
  for (const { provenance } of items) {
    const { cost, run } = provenance;
    const before = runs.get(run) ?? { durationMs: 0, rows: 0, bytes: 0, calls: 0 };
    runs.set(run, {
      durationMs: Math.max(before.durationMs, cost.durationMs),
      rows: Math.max(before.rows, cost.rows),
      bytes: Math.max(before.bytes, cost.bytes),
      calls: Math.max(before.calls, cost.calls),
    });
  }
  const total = { durationMs: 0, rows: 0, bytes: 0, calls: 0, runs: runs.size };
  for (const cost of runs.values()) {
    total.durationMs += cost.durationMs;
    total.rows += cost.rows;
    total.bytes += cost.bytes;
    total.calls += cost.calls;
  }
  return total;
}

class Counter {
  readonly #counts = new Map<string, number>();

  add(name: string, count: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  sorted(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => compareText(a, b)));
  }
}
