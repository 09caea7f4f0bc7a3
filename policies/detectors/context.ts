import { MARKER_PATTERNS, withoutMarkers } from './markers.ts';

/** What is counted or measured, right before the number, and units right behind it. */
const COUNTED_BEFORE =
  /(?:^|[^a-z])(?:size|reading|count|counter|calls|depth|rows?|latency|interval|build|offset|bytes|length|total|duration|elapsed|uptime|sequence|seq|epoch|timestamp|events|lines|port|pid|retries|attempts|threshold|limit|quota|version)["']?[ ]?[:=]?[ ]?$/i;
const COUNTED_AFTER =
  /^[ ]?(?:%|(?:[nmuµ]s|s|secs?|seconds|bytes|b|[kmgt]i?b|rows?|events?|items?|times|calls|requests|records|messages|lines|inserted|deleted|updated|retries|attempts|hz|rpm|iops|qps|px|mm)(?![A-Za-z0-9_]|["']?[:=][^ \n]))/i;
const COUNTED_REACH = 14;

export const CONTEXT_PATTERNS: readonly RegExp[] = [...MARKER_PATTERNS, COUNTED_BEFORE, COUNTED_AFTER];

/** Whether a number says how many or how much of something: then no word around it makes it a number of somebody. */
export function isCounted(text: string, start: number, end: number): boolean {
  return (
    COUNTED_AFTER.test(text.slice(end, end + COUNTED_REACH)) ||
    COUNTED_BEFORE.test(text.slice(Math.max(0, start - COUNTED_REACH), start))
  );
}

/** What stands around a span, without markers. */
export function around(text: string, start: number, end: number, before: number, after: number): string {
  return joined(text.slice(Math.max(0, start - before), start), text.slice(end, end + after));
}

/** The same of what was cut out already. */
export function joined(left: string, right: string): string {
  return `${withoutMarkers(left)} # ${withoutMarkers(right)}`;
}
