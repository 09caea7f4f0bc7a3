import type { EvidenceClass, Timestamp, Window } from '../../connectors/sdk/index.ts';
import type { Item } from '../item.ts';
import { entityKind, shortName } from './entity-name.ts';
import { headline } from './headlines.ts';
import { byTime } from './order.ts';

export interface TimelineEntry {
  /** When it happened first. */
  readonly at: Timestamp;
  /** Set when only the span is known in which it happened. */
  readonly window?: Window;
  readonly class: EvidenceClass;
  readonly entity: string;
  /** As it was told last. */
  readonly headline: string;
  /** Id of the item that tells it first. */
  readonly item: string;
  /** Set when several items tell the same. */
  readonly repeated?: Repeated;
}

/** How often, how long and of how many the same was told. */
export interface Repeated {
  /** Items that tell it. */
  readonly items: number;
  /** When it was told last, by the time of the looking where the items know it. */
  readonly until: Timestamp;
  /** Other sessions of the same database that show the same. */
  readonly others?: number;
}

/** What is seen again after a longer pause than this may have ended in between, and is told again. */
const PAUSE_MS = 10 * 60_000;

/**
 * What happened, in order of time. Items of class `state` say how things stand and are left out. A symptom that lasts is
 * told by every read that sees it, and a queue by every session in it: that is one entry, or the first page would be full
 * of the first of them.
 */
export function buildTimeline(items: readonly Item[]): readonly TimelineEntry[] {
  const told: Fold[] = [];
  const open = new Map<string, Fold>();
  for (const item of items.filter(({ class: of }) => of !== 'state').toSorted(byTime)) {
    const key = item.class === 'symptom' ? sameness(item) : item.id;
    const known = open.get(key);
    if (known !== undefined && Date.parse(item.occurredAt) - known.last <= PAUSE_MS) {
      known.add(item);
      continue;
    }
    const fold = new Fold(item);
    open.set(key, fold);
    told.push(fold);
  }
  return told.map((fold) => fold.entry());
}

/** Sessions are interchangeable, and what is measured differs from read to read; which session blocks does not. */
function sameness(item: Item): string {
  const [line, subject] = [headline(item), shortName(item.entity)];
  const isSession = entityKind(item.entity) === 'backend';
  const of = isSession ? item.entity.slice(0, item.entity.lastIndexOf('/')) : item.entity;
  const rest = line.startsWith(subject) ? line.slice(subject.length) : line;
  const isMeasured = item.kind.startsWith('postgresql.');
  return JSON.stringify([item.kind, of, isMeasured ? rest.replace(MEASURED, '#') : rest]);
}

/** A number that stands alone and is no process or transaction. */
const MEASURED = /(?<![\w.-])(?<!(?:behind [a-z ]+|transaction|statement) )\d+(?:\.\d+)?(?![\w.-])/g;

class Fold {
  readonly #first: Item;
  readonly #entities = new Set<string>();
  #newest: Item;
  #count = 0;
  /** Epoch milliseconds. */
  last = 0;

  constructor(first: Item) {
    this.#first = first;
    this.#newest = first;
    this.add(first);
  }

  add(item: Item): void {
    this.#count += 1;
    this.#entities.add(item.entity);
    this.last = Math.max(this.last, seenAt(item));
    // The subject of the line stays that of the entry.
    if (item.entity === this.#first.entity && seenAt(item) >= seenAt(this.#newest)) this.#newest = item;
  }

  entry(): TimelineEntry {
    const { occurredAt, window, entity, id } = this.#first;
    const others = this.#entities.size - 1;
    const until = new Date(this.last).toISOString();
    return {
      at: occurredAt,
      ...(window === undefined ? {} : { window }),
      class: this.#first.class,
      entity,
      headline: others > 0 ? `${headline(this.#newest)}; ${others} more like it` : headline(this.#newest),
      item: id,
      ...(this.#count === 1
        ? {}
        : { repeated: { items: this.#count, until, ...(others > 0 ? { others } : {}) } }),
    };
  }
}

/** What goes on is dated by its beginning, and says beside when it was seen. */
function seenAt({ body, occurredAt }: Item): number {
  const seen = typeof body['seen_at'] === 'string' ? Date.parse(body['seen_at']) : Number.NaN;
  return Math.max(Date.parse(occurredAt), Number.isNaN(seen) ? 0 : seen);
}
