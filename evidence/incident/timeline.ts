import type { EvidenceClass, Timestamp, Window } from '../../connectors/sdk/index.ts';
import type { Item } from '../item.ts';
import { headline } from './headlines.ts';
import { byTime } from './order.ts';

export interface TimelineEntry {
  readonly at: Timestamp;
  /** Set when only the span is known in which it happened. */
  readonly window?: Window;
  readonly class: EvidenceClass;
  readonly entity: string;
  readonly headline: string;
  /** Id of the item that says so. */
  readonly item: string;
}

/** What happened, in order of time. Items of class `state` say how things stand and are left out. */
export function buildTimeline(items: readonly Item[]): readonly TimelineEntry[] {
  return items
    .filter((item) => item.class !== 'state')
    .toSorted(byTime)
    .map((item) => ({
      at: item.occurredAt,
      ...(item.window === undefined ? {} : { window: item.window }),
      class: item.class,
      entity: item.entity,
      headline: headline(item),
      item: item.id,
    }));
}
