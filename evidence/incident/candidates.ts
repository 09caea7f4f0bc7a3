import type { Timestamp, Window } from '../../connectors/sdk/index.ts';
import type { Item } from '../item.ts';
import { aspectsOf, fittingAspect } from './affinity.ts';
import { headline } from './headlines.ts';
import { Links } from './links.ts';
import { byTime } from './order.ts';
import { CLOCK_SLACK_MS, POINTS, type Reason } from './reason.ts';
import { relationOf } from './relation.ts';
import { groupSymptoms, type SymptomGroup } from './symptoms.ts';
import { timeReason } from './time-reason.ts';

/** A change that is associated in time and scope with what hurt. It says where to look first, not what the cause is. */
export interface Candidate {
  /** 1 for the first; candidates with equal scores are ranked by time and id. */
  readonly rank: number;
  /** Sum of the points of its reasons. */
  readonly score: number;
  readonly entity: string;
  readonly at: Timestamp;
  readonly headline: string;
  /** Id of the item that tells the change. */
  readonly item: string;
  /** At least one. */
  readonly reasons: readonly Reason[];
}

/**
 * Ranks the changes among the items. The same items give the same ranking in whatever order they come, and every
 * point of a score is one of its reasons.
 */
export function rankCandidates(items: readonly Item[], window: Window): readonly Candidate[] {
  const symptoms = groupSymptoms(items).filter((group) => group.first < Date.parse(window.to));
  const links = new Links(items);
  const reach = new Map(symptoms.map((group) => [group.entity, links.from(group.entity)]));
  const changes = items.filter((item) => item.class === 'change' && earliest(item) < window.to);
  const later = new LaterChanges(changes);
  const scored = changes
    .map((change) => ({ change, reasons: reasonsFor(change, { symptoms, reach, later }, window) }))
    .map(({ change, reasons }) => ({ change, reasons, score: scoreOf(reasons) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || byTime(a.change, b.change));
  return scored.map(({ change, reasons, score }, index) => ({
    rank: index + 1,
    score,
    entity: change.entity,
    at: change.occurredAt,
    headline: headline(change),
    item: change.id,
    reasons,
  }));
}

/** Of what was found between two reads the end of the span is dated; that may be the read that the incident asked for. */
function earliest({ occurredAt, window }: Item): Timestamp {
  return window === undefined || window.from > occurredAt ? occurredAt : window.from;
}

interface Surroundings {
  readonly symptoms: readonly SymptomGroup[];
  readonly reach: ReadonlyMap<string, ReturnType<Links['from']>>;
  readonly later: LaterChanges;
}

/** The reasons with the most points that one symptom gives, and one for the others that are linked too. */
function reasonsFor(change: Item, around: Surroundings, window: Window): readonly Reason[] {
  const { symptoms } = around;
  const aspects = aspectsOf(change);
  let best: readonly Reason[] = [];
  let linked = 0;
  for (const symptom of symptoms) {
    const reasons = pairReasons(change, symptom, around, aspects);
    if (reasons.some(({ code }) => STRONG.has(code)) && !reasons.some(({ code }) => code === 'after'))
      linked += 1;
    if (scoreOf(reasons) > scoreOf(best)) best = reasons;
  }
  if (symptoms.length === 0) return withoutSymptoms(change, window);
  if (linked < 2) return best;
  const more = Math.min(linked - 1, POINTS.manySymptomsAtMost);
  return [
    ...best,
    { code: 'more-symptoms', points: more, text: `${linked - 1} more symptoms are linked to it` },
  ];
}

const STRONG: ReadonlySet<Reason['code']> = new Set(['same-object', 'owner', 'referenced', 'node', 'linked']);

function pairReasons(
  change: Item,
  symptom: SymptomGroup,
  { reach, later }: Surroundings,
  aspects: ReadonlySet<string>,
): readonly Reason[] {
  const fitting = fittingAspect(aspects, symptom.words);
  const relation = relationOf(
    change,
    symptom,
    reach.get(symptom.entity)?.get(change.entity) ?? null,
    fitting !== null,
  );
  const reasons: Reason[] = relation === null ? [] : [relation];
  if (relation !== null && fitting !== null) {
    const words = `changes of ${fitting} and ${symptom.reason} are often seen together`;
    reasons.push({ code: 'fits', points: POINTS.fits, text: words, symptom: symptom.item });
  }
  reasons.push(timeReason(change, symptom, relation !== null));
  if (relation !== null && later.isChangedAgain(change, symptom.first)) {
    const text = `the same object was changed again before ${symptom.reason} first showed`;
    reasons.push({ code: 'changed-again', points: POINTS.changedAgain, text, symptom: symptom.item });
  }
  return reasons;
}

/** When each object was last changed, up to a moment. */
class LaterChanges {
  readonly #times = new Map<string, number[]>();

  constructor(changes: readonly Item[]) {
    for (const { entity, stream, occurredAt } of changes) {
      const key = `${stream} ${entity}`;
      const times = this.#times.get(key) ?? [];
      times.push(Date.parse(occurredAt));
      this.#times.set(key, times);
    }
  }

  isChangedAgain({ entity, stream, occurredAt }: Item, until: number): boolean {
    const own = Date.parse(occurredAt);
    return (
      this.#times.get(`${stream} ${entity}`)?.some((time) => time > own && time <= until + CLOCK_SLACK_MS) ??
      false
    );
  }
}

function withoutSymptoms(change: Item, window: Window): readonly Reason[] {
  if (change.occurredAt < window.from) return [];
  return [
    {
      code: 'in-window',
      points: POINTS.inWindow,
      text: "in the incident's window, in which no symptom was seen",
    },
  ];
}

function scoreOf(reasons: readonly Reason[]): number {
  return reasons.reduce((sum, { points }) => sum + points, 0);
}
