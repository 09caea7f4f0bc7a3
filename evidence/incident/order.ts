import type { Item } from '../item.ts';

/** By time, then id: the order of manifests, and the same whatever order items came in. */
export function byTime(a: Pick<Item, 'occurredAt' | 'id'>, b: Pick<Item, 'occurredAt' | 'id'>): number {
  return compareText(a.occurredAt, b.occurredAt) || compareText(a.id, b.id);
}

/** By code unit: no locale, so the same everywhere. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
