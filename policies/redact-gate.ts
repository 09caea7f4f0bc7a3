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
import { gateTables } from './redact-gate-tables.ts';
import { BLOB, FOLD, LINES, makeWaking, type Wake } from './redact-gate-waking.ts';

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
  const { next, shift, hot } = words;
  const { next: nextNumber, shift: numberShift, hot: hotNumber } = numbers;
  const crossesLine = lineCrossing(detectors, tables);
  const waking = makeWaking(detectors, sleepers);
  const wanted =
    NEWLINE | ENCODED | sleepers.reduce((bits, { length }, bit) => bits | (length > 0 ? 1 << bit : 0), 0);
  const wantedNumbers = wanted & (ANY_DIGITS | PHONE | CARD);

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
      state = next[(before << shift) | kind] as number;
      number = nextNumber[(number << numberShift) | kind] as number;
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
    const found = places;
    let flags = 0;
    let shapes = wordShapes(text);
    let lastColon = -COLON_GAP - 1;
    let lastAt = -1;
    let pairs = 0;
    waking.begin(text);
    for (let place = 0; place < count; place += 4) {
      const i = found[place] as number;
      const state = found[place + 2] as number;
      const number = found[place + 3] as number;
      if (state >= hot) waking.keywords(words.endings[state - hot] as Int32Array, i + 1);
      if (number >= hotNumber) waking.keywords(numbers.endings[number - hotNumber] as Int32Array, i + 1);
      const code = text.charCodeAt(i);
      const kind = classes[code] as number;
      if (kind < firstSign) continue;
      if (kind >= firstHiding) {
        if ((flags & FOLD) === 0 && isHiding(text, i, code)) flags |= FOLD;
      } else if (code === DOT) {
        if (lastAt !== -1) shapes |= AT_THEN_DOT;
        if ((shapes & DOTTED_DIGITS) === 0 && isDigit(text.charCodeAt(i - 1))) shapes |= DOTTED_DIGITS;
        if ((shapes & HEX_GROUPS) === 0 && text.charCodeAt(i - 5) === DOT && isBetweenGroups(text, i))
          shapes |= HEX_GROUPS;
      } else if (code === COLON) {
        if (i - lastColon <= COLON_GAP) shapes |= COLONS;
        pairs = i - lastColon === PAIR ? pairs + 1 : 1;
        if (pairs === PAIRS) shapes |= HEX_GROUPS;
        lastColon = i;
      } else if (code === QUOTE) {
        if ((shapes & QUOTED) === 0 && isQuote(text, i)) shapes |= QUOTED;
      } else if (code === AT) {
        if (lastAt === -1 && text.lastIndexOf('//', i) !== -1) shapes |= USER_IN_URL;
        lastAt = i;
      } else {
        shapes |= NEWLINE;
        if ((flags & LINES) === 0 && crossesLine(text, i, found[place + 1] as number)) flags |= LINES;
      }
    }
    if (wantedNumbers !== 0) shapes |= numberShapes(text, wantedNumbers);
    if ((shapes & ENCODED) !== 0) flags |= BLOB;
    return waking.end(flags, shapes & wanted);
  };
}

/** A dot, with another five characters before it. */
function isBetweenGroups(text: string, at: number): boolean {
  return isHexGroup(text, at - 4) && isHexGroup(text, at + 1);
}

function isHexGroup(text: string, at: number): boolean {
  return isHexDigit(text.charCodeAt(at)) && isHexDigit(text.charCodeAt(at + 3));
}
