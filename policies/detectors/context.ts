import { MARKER_PATTERNS, withoutMarkers } from './markers.ts';

/** What is counted or measured, right before the number, and units right behind it. */
const COUNTED_BEFORE =
  /(?:^|[^a-z])(?:size|reading|count|counter|calls|depth|rows?|latency|interval|build|offset|bytes|length|total|duration|elapsed|uptime|sequence|seq|epoch|timestamp|events|lines|port|pid|retries|attempts|threshold|limit|quota|version)["']?[ ]?[:=]?[ ]?$/i;
const COUNTED_AFTER =
  /^[ ]?(?:%|(?:[nmuµ]s|s|secs?|seconds|bytes|b|[kmgt]i?b|rows?|events?|items?|times|calls|requests|records|messages|lines|inserted|deleted|updated|retries|attempts|hz|rpm|iops|qps|px|mm)(?![A-Za-z0-9_]|["']?[:=][^ \n]))/i;
const COUNTED_REACH = 14;

/**
 * `phone_numbers`, `bank_accounts_pkey`: a table or an index of one. What stands beside it is no number of that kind,
 * unless it is the name of a field.
 */
const NAMED_TABLE =
  '(?:[a-z][a-z0-9]{0,31}_){1,4}(?:(?:number|account|card|phone|payment|customer|user|client|patient|contact|transaction|order|transfer|passport|licen[cs]e|address|record|event|entrie|request|message|call|device|vehicle|document|profile|holder|detail|token|session)(?:e?s)|idx|pkey|fkey|history|archive|audit|log|stats)(?![A-Za-z0-9_])';
const TABLE_NAME = new RegExp(
  `(?<=(?:^|[^A-Za-z0-9_])(?:public|dbo)\\.)${NAMED_TABLE}|(?<![A-Za-z0-9_-])${NAMED_TABLE}(?!["'\\]]{0,2}[ ]?[:=>])`,
  'g',
);

export const CONTEXT_PATTERNS: readonly RegExp[] = [
  ...MARKER_PATTERNS,
  COUNTED_BEFORE,
  COUNTED_AFTER,
  TABLE_NAME,
];

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
  return `${withoutTables(withoutMarkers(left))} # ${withoutTables(withoutMarkers(right))}`;
}

function withoutTables(text: string): string {
  return text.includes('_') ? text.replaceAll(TABLE_NAME, ' ') : text;
}
