import { type Gap, type Observed, observe, type Window } from '../../sdk/index.ts';
import type { LogFormat } from '../logs/files.ts';
import { type Count, hurts, keyOf, type Tally } from '../logs/tally.ts';
import { known, type ReadContext, serverEntity } from './reader.ts';

/** Times of the log further away than this are mistakes. */
const FAR_MS = 400 * 86_400_000;

/** What one run has made of the log. */
export interface LogReport {
  readonly format: LogFormat;
  /** Whether messages are in English. */
  readonly english: boolean;
  readonly tally: Tally;
  /** Files with something new. */
  readonly marks: ReadonlyMap<string, unknown>;
  readonly bytes: number;
  readonly behind: number;
  readonly skipped: number;
  /** Time of the read before, RFC 3339; null at the first. */
  readonly before: string | null;
  readonly now: string;
}

/** One record for each thing that the log said, and one for how much of it there was. */
export function logRecords(context: ReadContext, report: LogReport): readonly (Observed | Gap)[] {
  const { tally, before, now } = report;
  const counts = tally.counts();
  const interval = before === null ? undefined : Math.max(0, Date.parse(now) - Date.parse(before));
  const total = (wanted: (count: Count) => boolean): number =>
    counts.filter(wanted).reduce((sum, { count }) => sum + count, 0);
  const unclassified = total(({ event }) => event === 'unclassified');
  const volume = observe({
    stream: 'server_log_volume',
    class: 'state',
    entity: serverEntity(context),
    key: 'volume',
    occurredAt: now,
    body: known({
      format: report.format,
      entries: tally.entries,
      symptoms: total(hurts),
      unclassified: total(({ event }) => /^(unclassified|other_)/.test(event)),
      foreign_lines: tally.foreignLines,
      files: report.marks.size,
      bytes_read: report.bytes,
      bytes_behind: report.behind,
      bytes_skipped: report.skipped,
      interval_ms: interval,
    }),
  });
  return [
    ...counts.map((count) => observation(context, count, interval, before ?? now, now)),
    volume,
    ...(!report.english && unclassified > 0 ? [OTHER_LANGUAGE] : []),
    ...(tally.entries === 0 && tally.foreignLines >= MANY_FOREIGN ? [OTHER_PREFIX] : []),
  ];
}

function observation(
  context: ReadContext,
  count: Count,
  interval: number | undefined,
  before: string,
  now: string,
): Observed {
  const [first, last] = [plausible(count.first, now), plausible(count.last, now)];
  const window: Window =
    first !== null && last !== null ? { from: first, to: last } : { from: before, to: now };
  const isSymptom = hurts(count);
  const deadly = count.severity === 'fatal' || count.severity === 'panic' ? [count.severity] : [];
  return observe({
    stream: 'server_log',
    class: isSymptom ? 'symptom' : 'state',
    entity: serverEntity(context),
    key: keyOf(count),
    occurredAt: window.to,
    window,
    body: known({
      event: count.event,
      severity: count.severity,
      sqlstate_class: count.sqlstate,
      count: count.count,
      first,
      last,
      interval_ms: interval,
      reasons: isSymptom ? [count.event, ...deadly] : [],
    }),
  });
}

/** A clock that runs ahead of the server's, or a year that is not ours, is no time of this log. */
function plausible(at: number | null, now: string): string | null {
  const latest = Date.parse(now);
  if (at === null || at < latest - FAR_MS || at > latest + 60_000) return null;
  return new Date(Math.min(at, latest)).toISOString();
}

const MANY_FOREIGN = 20;

const OTHER_LANGUAGE: Gap = {
  gap: 'UNSUPPORTED',
  stream: 'server_log',
  missing: 'server_log classes by words',
  reason:
    'Messages are not in English, so that only the SQLSTATE tells a class; the rest is counted as unclassified.',
  hint: 'Set lc_messages = C, or log the SQLSTATE: %e in log_line_prefix, csvlog or jsonlog.',
};

const OTHER_PREFIX: Gap = {
  gap: 'DRIFT',
  stream: 'server_log',
  missing: 'server_log entries',
  reason: 'No line begins as log_line_prefix says.',
  hint: 'Look whether something else writes into the log directory; csvlog or jsonlog can not be mistaken.',
};
