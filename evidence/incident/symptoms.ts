import type { Item } from '../item.ts';
import { text, texts } from './body.ts';
import { byTime, compareText } from './order.ts';

/** The same trouble of the same object, however often it was told. */
export interface SymptomGroup {
  readonly entity: string;
  readonly related: ReadonlySet<string>;
  /** `CrashLoopBackOff`; the stream's name where the source names no reason, and beside it where it names several. */
  readonly reason: string;
  /** Words that say more, for matching only. */
  readonly words: string;
  /** The application its labels name; empty when they name none. */
  readonly app: string;
  /** Milliseconds since the epoch of its first showing. */
  readonly first: number;
  /** Id of the item that told it first. */
  readonly item: string;
}

/** In order of first showing. */
export function groupSymptoms(items: readonly Item[]): readonly SymptomGroup[] {
  const groups = new Map<string, SymptomGroup>();
  for (const item of items.filter((each) => each.class === 'symptom').toSorted(byTime)) {
    const reason = text(item.body, 'reason') || reasonOfMany(item);
    const key = JSON.stringify([item.entity, reason]);
    const known = groups.get(key);
    groups.set(key, {
      entity: item.entity,
      related: new Set([...(known?.related ?? []), ...item.related]),
      reason,
      words: [known?.words ?? `${reason} ${item.stream}`, text(item.body, 'detail')].join(' ').trim(),
      app: known?.app || text(item.body, 'app'),
      first: Math.min(known?.first ?? Number.POSITIVE_INFINITY, firstShown(item)),
      item: known?.item ?? item.id,
    });
  }
  return [...groups.values()].toSorted((a, b) => a.first - b.first || compareText(a.item, b.item));
}

/** `database_counters (deadlocks, rollbacks)`. */
function reasonOfMany({ body, stream }: Item): string {
  const reasons = texts(body, 'reasons');
  return reasons.length === 0 ? stream : `${stream} (${reasons.join(', ')})`;
}

/** An Event that repeats says when it was first seen. */
function firstShown(item: Item): number {
  const firstSeen = Date.parse(text(item.body, 'firstSeen'));
  const occurred = Date.parse(item.occurredAt);
  return Number.isNaN(firstSeen) ? occurred : Math.min(firstSeen, occurred);
}
