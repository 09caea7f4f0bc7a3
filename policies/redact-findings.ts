import { marker } from './detectors/markers.ts';
import { type Reading, rewriting } from './redact-reading.ts';

/** Offsets into the original text in UTF-16 code units, end exclusive. */
export interface Finding {
  /** Id of the detector, or `unscannable` for a text that the scanner could not vouch for. */
  readonly detector: string;
  readonly start: number;
  readonly end: number;
  /** Others that found something in the same stretch: what a policy wants done because of them is done. */
  readonly also?: readonly string[];
}

/** One finding for each stretch of overlapping ones, named after the longest; in order. */
export function merge(found: readonly Finding[]): Finding[] {
  const merged: Finding[] = [];
  let longest = 0;
  for (const finding of found.toSorted(byPlace)) {
    const length = finding.end - finding.start;
    const last = merged.at(-1);
    if (length <= 0) continue;
    if (last === undefined || finding.start >= last.end) {
      merged.push(finding);
      longest = length;
      continue;
    }
    // Most are literals in a statement, all of one detector.
    if (length <= longest && isAmong(last, finding)) {
      if (finding.end > last.end) merged[merged.length - 1] = { ...last, end: finding.end };
      continue;
    }
    const { detector } = length > longest ? finding : last;
    longest = Math.max(longest, length);
    const also = othersOf(detector, last, finding);
    const span = { start: last.start, end: Math.max(last.end, finding.end) };
    merged[merged.length - 1] = also.length === 0 ? { detector, ...span } : { detector, ...span, also };
  }
  return merged;
}

/** Whether it says no more of who found something than is known. */
function isAmong(known: Finding, { detector, also }: Finding): boolean {
  return also === undefined && (known.detector === detector || known.also?.includes(detector) === true);
}

function othersOf(named: string, ...findings: readonly Finding[]): string[] {
  const all = findings.flatMap(({ detector, also = [] }) => [detector, ...also]);
  return [...new Set(all)].filter((detector) => detector !== named);
}

function byPlace(a: Finding, b: Finding): number {
  return a.start - b.start || b.end - a.end || (a.detector < b.detector ? -1 : 1);
}

/** The text with a marker for each of the merged findings. */
export function render(text: string, findings: readonly Finding[]): Reading {
  const reading = rewriting(text);
  for (const { detector, start, end } of findings) reading.replace(start, end, marker(detector));
  return reading.finish() ?? { text, origin: (span) => span };
}
