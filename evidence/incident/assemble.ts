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

/** Clocks of those who ask differ a little. */
const UNTIL_NOW_MS = 60_000;
/** By then every read has run once; what happens later happened to the incident and did not bring it about. */
const FIRST_READS_MS = 60_000;

/** Reads the items of an incident: what happened when, which changes to look at first, and what is missing. */
export function assembleBundle(incident: Incident, items: readonly Item[]): IncidentReading {
  const { id, title, window, scope, trigger, status, openedAt, closedAt } = incident;
  return {
    incident: { id, title, window, scope, trigger, status, openedAt, closedAt },
    summary: summarize(items),
    timeline: buildTimeline(items),
    candidates: rankCandidates(items, lookedAt(incident)).slice(0, MAX_CANDIDATES),
  };
}

/**
 * The window that was asked for. One that ends when the incident was opened ends with the reads that opening started:
 * what they find is what was asked about, and is dated by when they found it.
 */
function lookedAt({ window, openedAt }: Incident): Window {
  const opened = Date.parse(openedAt);
  if (Math.abs(Date.parse(window.to) - opened) > UNTIL_NOW_MS) return window;
  return { from: window.from, to: new Date(opened + FIRST_READS_MS).toISOString() };
}

/** The items as stored, which are their canonical JSON. */
export function parseItems(stored: readonly { readonly canonical: string }[]): readonly Item[] {
  return stored.map(({ canonical }) => JSON.parse(canonical) as Item);
}
