import { isLetterOrDigit } from '../ascii.ts';
import * as checksums from '../checksums.ts';
import type { Span } from '../detectors/detector.ts';
import { allEnds, longestEnds, type Meter } from './longest-ends.ts';
import { fold, type Part, partsOf } from './parts.ts';
import type { ChecksumName, PatternSpec } from './pattern.ts';

export type { Meter } from './longest-ends.ts';

/** Matches in order, without overlaps: of those that hold all conditions the leftmost, and of these the longest. */
export type Matcher = (text: string, meter?: Meter) => Span[];

/** Characters that are read by a checksum; the rest of a match separates. */
type Reads = 'digits' | 'alphanumerics' | 'digits-and-x';

const READS: Readonly<Record<ChecksumName, readonly [Reads, checksums.Checksum]>> = {
  luhn: ['digits', checksums.luhn],
  mod97: ['alphanumerics', checksums.mod97],
  iban: ['alphanumerics', checksums.iban],
  mod11: ['digits-and-x', checksums.mod11],
  gs1: ['digits', checksums.gs1],
  verhoeff: ['digits', checksums.verhoeff],
  'iso7064-mod11-10': ['digits', checksums.iso7064Mod11And10],
  'iso7064-mod11-2': ['digits-and-x', checksums.iso7064Mod11And2],
  'iso7064-mod37-36': ['alphanumerics', checksums.iso7064Mod37And36],
};

interface Plan {
  readonly parts: readonly Part[];
  readonly spec: PatternSpec;
  /** Fixed text that is in every match, and how far a match reaches to both sides of its start. */
  readonly anchor: { readonly text: string; readonly before: number; readonly after: number } | undefined;
}

type Window = readonly [from: number, to: number];

export function makeMatcher(spec: PatternSpec): Matcher {
  const parts = partsOf(spec);
  const plan: Plan = { parts, spec, anchor: anchorOf(parts) };
  return (text, meter = { steps: 0 }) => {
    const read = spec.ignoreCase ? fold(text) : text;
    const context = spec.context === undefined ? undefined : contextOf(text, spec.context);
    return windowsOf(plan, read, meter).flatMap((window) =>
      matchesIn(plan, text, read, window, context, meter),
    );
  };
}

/** The longest fixed text that can not be absent. */
function anchorOf(parts: readonly Part[]): Plan['anchor'] {
  const longest = parts
    .filter((part) => part.kind === 'literals' && !part.optional && part.literals.length === 1)
    .toSorted((a, b) => b.max - a.max)[0];
  if (longest?.kind !== 'literals') return undefined;
  const at = parts.indexOf(longest);
  const reach = (some: readonly Part[]) => some.reduce((sum, { max }) => sum + max, 0);
  return {
    text: longest.literals[0] ?? '',
    before: reach(parts.slice(0, at)),
    after: reach(parts.slice(at)),
  };
}

/** Where matches can be: around the anchor; stretches that touch are one. */
function windowsOf({ anchor }: Plan, text: string, meter: Meter): readonly Window[] {
  if (anchor === undefined) return [[0, text.length]];
  const windows: [number, number][] = [];
  meter.steps += text.length;
  for (let at = text.indexOf(anchor.text); at !== -1; at = text.indexOf(anchor.text, at + 1)) {
    const [from, to] = [Math.max(0, at - anchor.before), Math.min(text.length, at + anchor.after)];
    const last = windows.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else windows.push([from, to]);
  }
  return windows;
}

function matchesIn(
  { parts, spec }: Plan,
  text: string,
  read: string,
  [from, to]: Window,
  context: Context | undefined,
  meter: Meter,
): Span[] {
  const isBoundary = spec.boundary === 'none' ? () => true : (at: number) => isWordBoundary(text, at);
  const ends = longestEnds(parts, read, from, to, isBoundary, meter);
  const checkedEnd = spec.checksum === undefined ? undefined : checkedEndOf(spec.checksum);
  const spans: Span[] = [];
  for (let start = from; start < to; start++) {
    meter.steps++;
    const longest = ends[start - from] ?? -1;
    if (longest <= start || !isBoundary(start)) continue;
    const end =
      checkedEnd === undefined
        ? longest
        : checkedEnd(text, start, allEnds(parts, read, start, longest, meter).filter(isBoundary), meter);
    if (end === undefined || context?.(start, end) === false) continue;
    spans.push({ start, end });
    start = end - 1;
  }
  return spans;
}

type CheckedEnd = (text: string, start: number, ends: readonly number[], meter: Meter) => number | undefined;

/**
 * The first of some ends, farthest first, where the checksum holds. What it reads up to the farthest is picked out once;
 * up to the others it is a part of that, and between two ends with nothing but separators it is the same.
 */
function checkedEndOf(name: ChecksumName): CheckedEnd {
  const [reads, isRight] = READS[name];
  return (text, start, ends, meter) => {
    const [farthest = start] = ends;
    const counts = new Uint16Array(farthest - start + 1);
    let characters = '';
    for (let at = start; at < farthest; at++) {
      const character = text.charAt(at);
      if (isRead(character, reads)) characters += character;
      counts[at - start + 1] = characters.length;
    }
    meter.steps += farthest - start;
    let tried = -1;
    for (const end of ends) {
      const count = counts[end - start] ?? 0;
      if (count === tried) continue;
      tried = count;
      meter.steps += count;
      if (isRight(characters.slice(0, count))) return end;
    }
    return undefined;
  };
}

function isRead(character: string, reads: Reads): boolean {
  if (character >= '0' && character <= '9') return true;
  if (reads === 'digits') return false;
  const letter = character.toUpperCase();
  return reads === 'digits-and-x' ? letter === 'X' : character.length === 1 && letter >= 'A' && letter <= 'Z';
}

/** Not between two letters or digits; only ASCII ones, so that what is glued to other scripts is found. */
function isWordBoundary(text: string, at: number): boolean {
  return !(isLetterOrDigit(text.charCodeAt(at - 1)) && isLetterOrDigit(text.charCodeAt(at)));
}

type Context = (start: number, end: number) => boolean;

/** Whether one of the words lies wholly within so many characters before the start or after the end. */
function contextOf(text: string, { words, within }: NonNullable<PatternSpec['context']>): Context {
  const read = fold(text);
  /** The latest start of a word that ends at or before a place; the earliest end of one that starts at or after it. */
  const latestStart = new Int32Array(text.length + 1).fill(-1);
  const earliestEnd = new Int32Array(text.length + 1).fill(-1);
  for (const word of words.map(fold)) {
    for (let at = read.indexOf(word); at !== -1; at = read.indexOf(word, at + 1)) {
      const end = at + word.length;
      latestStart[end] = Math.max(latestStart[end] ?? -1, at);
      earliestEnd[at] = earliestEnd[at] === -1 ? end : Math.min(earliestEnd[at] ?? end, end);
    }
  }
  for (let at = 1; at <= text.length; at++) {
    latestStart[at] = Math.max(latestStart[at] ?? -1, latestStart[at - 1] ?? -1);
  }
  for (let at = text.length - 1; at >= 0; at--) {
    const [here, next] = [earliestEnd[at] ?? -1, earliestEnd[at + 1] ?? -1];
    if (here === -1 || (next !== -1 && next < here)) earliestEnd[at] = next;
  }
  return (start, end) => {
    const before = latestStart[start] ?? -1;
    const after = earliestEnd[end] ?? -1;
    return (before !== -1 && before >= start - within) || (after !== -1 && after <= end + within);
  };
}
