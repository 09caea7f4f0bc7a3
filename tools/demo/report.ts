import type { IncidentReading } from '../../evidence/incident/assemble.ts';
import type { TimelineEntry } from '../../evidence/incident/timeline.ts';
import type { Check, VerifyReport } from '../../evidence/verify.ts';

export interface DemoResult {
  readonly reading: IncidentReading;
  readonly verified: VerifyReport;
  /** Where the bundle lies. */
  readonly bundle: string;
  /** The command that verifies it once more. */
  readonly again: string;
  readonly seconds: number;
  /** What was staged rather than real. */
  readonly notes: readonly string[];
  /** How many values were planted that may appear nowhere, and where one did. */
  readonly planted: number;
  readonly leaks: readonly string[];
}

const MAX_LINES = 80;

/** What a responder sees: when what happened, where to look first, and what the evidence does not hold. */
export function formatDemo(result: DemoResult): string {
  const { reading, verified, bundle, again, seconds } = result;
  const { summary, timeline, candidates, incident } = reading;
  const classes = Object.entries(summary.byClass).map(([name, count]) => `${count} ${name}`);
  const redactions = Object.entries(summary.redactions).map(([rule, count]) => `${count} ${rule}`);
  const sections = [
    `INCIDENT  ${incident.title}\n          ${incident.window.from} to ${incident.window.to}`,
    `TIMELINE\n${formatTimeline(timeline)}`,
    `LOOK FIRST AT (association in time and scope, not cause)\n${candidates
      .slice(0, 8)
      .map(
        ({ rank, headline, reasons }) =>
          `  ${rank}. ${headline}\n     ${reasons.map(({ text }) => text).join('; ')}`,
      )
      .join('\n')}`,
    [
      'EVIDENCE',
      `  items      ${summary.items}: ${classes.join(', ')}`,
      `  dropped    ${summary.dropped} fields that no rule lets out`,
      `  redacted   ${redactions.length === 0 ? 'nothing' : redactions.join(', ')}`,
      `  canaries   ${result.planted} planted in the sources, ${result.leaks.length === 0 ? 'none' : result.leaks.join(', ')} in anything the agent wrote`,
      `  cost       ${summary.cost.runs} runs, ${summary.cost.calls} calls, ${summary.cost.rows} rows, ${summary.cost.bytes} bytes`,
    ].join('\n'),
    `GAPS\n${
      summary.gaps.length === 0
        ? '  none'
        : summary.gaps
            .map(
              ({ connection, code, missing, reason, hint }) =>
                `  ${connection} ${code}: ${missing}: ${reason}${hint === '' ? '' : `\n    → ${hint}`}`,
            )
            .join('\n')
    }`,
    ['BUNDLE', `  ${bundle}`, `  ${formatVerdict(verified)}`, `  again:  ${again}`].join('\n'),
    `STAGED\n${result.notes.map((note) => `  ${note}`).join('\n')}`,
    `${seconds.toFixed(1)} s from start to verified bundle`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function formatVerdict({ good, checks }: VerifyReport): string {
  const named = (result: Check['result']) => checks.filter((check) => check.result === result);
  const open = named('warning').map(({ check }) => check);
  const proved = `${named('ok').length} of ${checks.length} checks passed`;
  const unproved = open.length === 0 ? '' : `; not proved: ${open.join(', ')}`;
  return `${good ? 'verified' : 'NOT GOOD'}: ${proved}${unproved}`;
}

function formatTimeline(timeline: readonly TimelineEntry[]): string {
  const entries = timeline.filter((entry) => entry.class === 'change' || entry.class === 'symptom');
  const lines = mergeRepeats(entries).map(
    ({ entry, times }) =>
      `  ${entry.at.slice(11, 23)}  ${entry.class.padEnd(7)}  ${entry.headline}${times > 1 ? ` (×${times})` : ''}`,
  );
  if (lines.length <= MAX_LINES) return lines.join('\n');
  return [`  … ${lines.length - MAX_LINES} earlier lines are in the bundle`, ...lines.slice(-MAX_LINES)].join(
    '\n',
  );
}

function mergeRepeats(entries: readonly TimelineEntry[]): { entry: TimelineEntry; times: number }[] {
  const merged: { entry: TimelineEntry; times: number }[] = [];
  for (const entry of entries) {
    const same = merged.findLast(
      ({ entry: earlier }) => earlier.headline === entry.headline && earlier.entity === entry.entity,
    );
    const times = entry.repeated?.items ?? 1;
    if (same === undefined) merged.push({ entry, times });
    else same.times += times;
  }
  return merged;
}
