import type { Detector } from './detectors/detector.ts';
import { lineCrossing } from './redact-gate-lines.ts';
import {
  ANY_DIGITS,
  AT_THEN_DOT,
  CARD,
  COLONS,
  DOTTED_DIGITS,
  ENCODED,
  HEX_GROUPS,
  isDigit,
  isHexDigit,
  isHiding,
  isQuote,
  NEWLINE,
  numberShapes,
  PHONE,
  QUOTED,
  USER_IN_URL,
  wordShapes,
} from './redact-gate-shapes.ts';
import { type GateTables, gateTables } from './redact-gate-tables.ts';

/** Set when the text holds characters that may hide something from a plain reading: see `normalise.ts`. */
export const FOLD = 1;
/** Set when the text holds a run of letters and digits that may be an encoded text. */
export const BLOB = 2;
/** Set when a secret may be wrapped over the lines of the text. */
export const LINES = 4;

/** What one reading of a text says must be looked at more closely. */
export interface Wake {
  /** Any of `FOLD`, `BLOB` and `LINES`. */
  readonly flags: number;
  /** The detectors, by their place in the list, each once. */
  readonly detectors: readonly number[];
  /** For each of them, where the keywords that it accepts start, all of them, in the order in which they end. */
  readonly starts: readonly (readonly number[])[];
}

/** Reads a text once; undefined when nothing in it needs a closer look. */
export type Gate = (text: string) => Wake | undefined;

/** Between two colons of an address. */
const COLON_GAP = 5;
/** From colon to colon of a hardware address, and how many colons the shortest one has. */
const PAIR = 3;
const PAIRS = 5;

const AT = 0x40;
const QUOTE = 0x27;
const DOT = 0x2e;
const COLON = 0x3a;

/**
 * An Aho-Corasick automaton over all keywords (case folded), with counters for the shapes beside it: one table lookup
 * and one automaton step per character, no regular expression, no allocation while nothing is found. Time is linear by
 * construction. Shapes are judged generously: a detector that runs for nothing costs time, one that does not run costs
 * a secret.
 */
export function makeGate(detectors: readonly Detector[]): Gate {
  const tables = gateTables(detectors);
  const { classes, signs: firstSign, hiding: firstHiding, words, numbers, shapes: sleepers } = tables;
  const { next, hot } = words;
  const { next: nextNumber, hot: hotNumber } = numbers;
  const crossesLine = lineCrossing(detectors, tables);
  const wakeOf = waking(detectors, tables);
  const wanted =
    NEWLINE | ENCODED | sleepers.reduce((bits, { length }, bit) => bits | (length > 0 ? 1 << bit : 0), 0);
  const hasNumbers = (wanted & (ANY_DIGITS | PHONE | CARD)) !== 0;

  // Scratch: four numbers for each place where something stands. The gate calls nobody who could call it.
  let places = new Int32Array(1024);

  /** The tight loop: where keywords end and signs stand, the state before and after, and that of the numbers. */
  function read(text: string): number {
    if (places.length < 4 * text.length) places = new Int32Array(4 * text.length);
    const found = places;
    let state = 0;
    let number = 0;
    let count = 0;
    for (let i = 0; i < text.length; i++) {
      const kind = classes[text.charCodeAt(i)] as number;
      const before = state;
      state = next[before + kind] as number;
      number = nextNumber[number + kind] as number;
      if (state >= hot || number >= hotNumber || kind >= firstSign) {
        found[count] = i;
        found[count + 1] = before;
        found[count + 2] = state;
        found[count + 3] = number;
        count += 4;
      }
    }
    return count;
  }

  return function gate(text) {
    const count = read(text);
    let flags = 0;
    let shapes = wordShapes(text);
    let hits: number[] | undefined;
    let lastColon = -COLON_GAP - 1;
    let lastAt = -1;
    let pairs = 0;
    for (let place = 0; place < count; place += 4) {
      const i = places[place] as number;
      const state = places[place + 2] as number;
      const number = places[place + 3] as number;
      if (state >= hot) (hits ??= []).push(state, i + 1);
      // Told from the others by their sign.
      if (number >= hotNumber) (hits ??= []).push(-number, i + 1);
      const code = text.charCodeAt(i);
      const kind = classes[code] as number;
      if (kind < firstSign) continue;
      if (kind >= firstHiding) {
        if ((flags & FOLD) === 0 && isHiding(text, i, code)) flags |= FOLD;
      } else if (code === DOT) {
        if (lastAt !== -1) shapes |= AT_THEN_DOT;
        if (isDigit(text.charCodeAt(i - 1))) shapes |= DOTTED_DIGITS;
        if (text.charCodeAt(i - 5) === DOT && isHexGroup(text, i - 4) && isHexGroup(text, i + 1))
          shapes |= HEX_GROUPS;
      } else if (code === COLON) {
        if (i - lastColon <= COLON_GAP) shapes |= COLONS;
        pairs = i - lastColon === PAIR ? pairs + 1 : 1;
        if (pairs === PAIRS) shapes |= HEX_GROUPS;
        lastColon = i;
      } else if (code === QUOTE) {
        if (isQuote(text, i)) shapes |= QUOTED;
      } else if (code === AT) {
        if (lastAt === -1 && text.lastIndexOf('//', i) !== -1) shapes |= USER_IN_URL;
        lastAt = i;
      } else {
        shapes |= NEWLINE;
        if ((flags & LINES) === 0 && crossesLine(text, i, places[place + 1] as number)) flags |= LINES;
      }
    }
    if (hasNumbers) shapes |= numberShapes(text);
    if ((shapes & ENCODED) !== 0) flags |= BLOB;
    shapes &= wanted;
    const isQuiet = (flags | (shapes & ~(NEWLINE | ENCODED))) === 0 && hits === undefined;
    return isQuiet ? undefined : wakeOf(text, flags, shapes, hits ?? []);
  };
}

function isHexGroup(text: string, at: number): boolean {
  return isHexDigit(text.charCodeAt(at)) && isHexDigit(text.charCodeAt(at + 3));
}

/** Turns what the gate saw into what to do. */
function waking(
  detectors: readonly Detector[],
  { words, numbers, shapes: sleeping }: GateTables,
): (text: string, flags: number, shapes: number, hits: readonly number[]) => Wake | undefined {
  // Where a detector stands among those woken, plus one; all zero again when the function returns.
  const slots = new Uint16Array(detectors.length);
  const wraps = detectors.map((detector) => detector.wraps === true);
  const accepts = detectors.map((detector) => detector.accepts);

  return (text, flags, shapes, hits) => {
    const woken: number[] = [];
    const starts: number[][] = [];
    for (let at = 0; at < hits.length; at += 2) {
      const state = hits[at] as number;
      const end = hits[at + 1] as number;
      for (const { detector, length } of state < 0 ? numbers.endings(-state) : words.endings(state)) {
        if (accepts[detector]?.(text, end - length, end) === false) continue;
        const slot = slots[detector] as number;
        if (slot === 0) {
          slots[detector] = woken.push(detector);
          starts.push([end - length]);
        } else starts[slot - 1]?.push(end - length);
      }
    }
    for (let bit = 0; bit < sleeping.length; bit++) {
      if ((shapes & (1 << bit)) === 0) continue;
      for (const detector of sleeping[bit] ?? []) {
        if (slots[detector] !== 0) continue;
        slots[detector] = woken.push(detector);
        starts.push([]);
      }
    }
    if (flags === 0 && woken.length === 0) return undefined;
    let mayWrap = false;
    for (const detector of woken) {
      slots[detector] = 0;
      mayWrap ||= wraps[detector] === true;
    }
    const isWrapped = mayWrap && (shapes & NEWLINE) !== 0;
    return { flags: isWrapped ? flags | LINES : flags, detectors: woken, starts };
  };
}
