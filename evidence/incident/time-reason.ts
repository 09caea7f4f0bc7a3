import type { Item } from '../item.ts';
import { BEFORE_HALF_LIFE_MS, CLOCK_SLACK_MS, POINTS, type Reason } from './reason.ts';
import type { SymptomGroup } from './symptoms.ts';

/** How the change lies in time to the first showing of the symptom. */
export function timeReason(change: Item, symptom: SymptomGroup, isRelated: boolean): Reason {
  const occurred = Date.parse(change.occurredAt);
  // Of a change between two reads only the span is known: it may have come as early as its beginning.
  const earliest =
    change.window === undefined ? occurred : Math.min(occurred, Date.parse(change.window.from));
  const shown = { symptom: symptom.item };
  if (earliest > symptom.first + CLOCK_SLACK_MS) {
    const text = `${span(earliest - symptom.first)} after ${symptom.reason} first showed`;
    return { code: 'after', points: POINTS.after, text, ...shown };
  }
  const most = isRelated ? POINTS.before : POINTS.beforeUnrelated;
  if (change.window !== undefined && occurred > symptom.first + CLOCK_SLACK_MS) {
    const text = `perhaps before ${symptom.reason} first showed: only known within ${span(occurred - earliest)}`;
    return { code: 'before', points: Math.round(most * POINTS.beforePerhaps), text, ...shown };
  }
  const ahead = Math.max(0, symptom.first - occurred);
  const points = Math.round(most * 2 ** (-ahead / BEFORE_HALF_LIFE_MS));
  return { code: 'before', points, text: `${span(ahead)} before ${symptom.reason} first showed`, ...shown };
}

function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
