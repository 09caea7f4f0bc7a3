import { marker, type Span } from './detectors/detector.ts';

/** Offsets into the original text in UTF-16 code units, end exclusive. */
export interface Finding {
  /** Id of the detector, or `unscannable` for a text that the scanner could not vouch for. */
  readonly detector: string;
  readonly start: number;
  readonly end: number;
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
    const { detector } = length > longest ? finding : last;
    longest = Math.max(longest, length);
    merged[merged.length - 1] = { detector, start: last.start, end: Math.max(last.end, finding.end) };
  }
  return merged;
}

function byPlace(a: Finding, b: Finding): number {
  return a.start - b.start || b.end - a.end || (a.detector < b.detector ? -1 : 1);
}

export interface Rendered {
  readonly text: string;
  /** The span of the original; where it touches a marker, all that the marker stands for. */
  origin(span: Span): Span;
}

/** A stretch of the rendered text, from `at` to the next one's, and what it stands for. */
interface Piece extends Span {
  readonly at: number;
  readonly isMarker: boolean;
}

/** The text with a marker for each of the merged findings. */
export function render(text: string, findings: readonly Finding[]): Rendered {
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  const add = (part: string, start: number, end: number, isMarker: boolean) => {
    parts.push(part);
    pieces.push({ at: length, start, end, isMarker });
    length += part.length;
  };
  let at = 0;
  for (const { detector, start, end } of findings) {
    add(text.slice(at, start), at, start, false);
    add(marker(detector), start, end, true);
    at = end;
  }
  add(text.slice(at), at, text.length, false);
  return { text: parts.join(''), origin: (span) => originIn(pieces, span) };
}

function originIn(pieces: readonly Piece[], { start, end }: Span): Span {
  const first = pieceAt(pieces, start);
  const last = pieceAt(pieces, end - 1);
  return {
    start: first.isMarker ? first.start : first.start + start - first.at,
    end: last.isMarker ? last.end : last.start + end - last.at,
  };
}

/** The last piece that starts at or before the offset, by bisection. */
function pieceAt(pieces: readonly Piece[], offset: number): Piece {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return pieces[low] ?? { at: 0, start: 0, end: 0, isMarker: false };
}
