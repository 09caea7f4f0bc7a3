import type { Window } from '../../connectors/sdk/index.ts';
import type { Item } from '../item.ts';
import type { Incident } from '../store/store.ts';
import { type Candidate, rankCandidates } from './candidates.ts';
import { type Summary, summarize } from './summary.ts';
import { buildTimeline, type TimelineEntry } from './timeline.ts';

/** The parts of a bundle beside its items; `buildBundle` takes them as they are. */
export interface IncidentReading {
  readonly incident: IncidentFacts;
  readonly summary: Summary;
  readonly timeline: readonly TimelineEntry[];
  readonly candidates: readonly Candidate[];
}

/** The incident as it was when the bundle was made, without what changes later. */
export interface IncidentFacts {
  readonly id: string;
  readonly title: string;
  readonly window: Window;
  readonly scope: Incident['scope'];
  readonly trigger: Incident['trigger'];
  readonly status: Incident['status'];
  readonly openedAt: string;
  readonly closedAt: string | null;
}

/** Readers look at the first few; the items hold every change. */
const MAX_CANDIDATES = 50;

/** Reads the items of an incident: what happened when, which changes to look at first, and what is missing. */
export function assembleBundle(incident: Incident, items: readonly Item[]): IncidentReading {
  const { id, title, window, scope, trigger, status, openedAt, closedAt } = incident;
  return {
    incident: { id, title, window, scope, trigger, status, openedAt, closedAt },
    summary: summarize(items),
    timeline: buildTimeline(items),
    candidates: rankCandidates(items, window).slice(0, MAX_CANDIDATES),
  };
}

/** The items as stored, which are their canonical JSON. */
export function parseItems(stored: readonly { readonly canonical: string }[]): readonly Item[] {
  return stored.map(({ canonical }) => JSON.parse(canonical) as Item);
}
