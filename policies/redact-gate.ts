import { makeAutomaton } from './detectors/automaton.ts';
import type { Detector, Shape } from './detectors/detector.ts';
import { startsReadable } from './redact-blobs.ts';

/** Set when the text holds characters that may hide something from a plain reading: see `normalise.ts`. */
export const FOLD = 1 << 29;
/** Set when the text holds a run of letters and digits that may be an encoded text. */
export const BLOB = 1 << 30;
/** Set when the text has several lines, over which a secret may be wrapped. */
export const LINES = 1 << 28;
/** Detectors take one bit each, below the flags. */
export const MAX_DETECTORS = 28;

/** Reads a text once and returns a bit for each detector (by its place in the list) that must look closer. */
export type Gate = (text: string) => number;

const LONG_WORD = 20;
const PHONE_DIGITS = 7;
const CARD_DIGITS = 12;
/** Between two digits of a number: what stands between its groups is at most this long. */
const DIGIT_GAP = 3;
/** Between two colons of an address. */
const COLON_GAP = 5;

const OTHER = 0; // letters: nothing to do
const DIGIT = 1;
const BREAK = 2; // ends a word
const RARE = 3; // ends a word, and is looked at by itself
const HIDING = 4; // ends a word, and may stand for something else

/**
 * An Aho-Corasick automaton over all keywords (case folded), with counters for the shapes beside it: one table lookup
 * and one automaton step per character, no regular expression, no allocation. Time is linear by construction. Shapes
 * are judged generously: a detector that runs for nothing costs time, one that does not run costs a secret.
 */
export function makeGate(detectors: readonly Detector[]): Gate {
  if (detectors.length > MAX_DETECTORS) {
    throw new Error(`a scanner holds at most ${MAX_DETECTORS} detectors, got ${detectors.length}`);
  }
  const { classes, shift, next, outputs } = makeAutomaton(detectors.map((detector) => detector.keywords));
  const output = detectorBits(outputs);
  const kinds = characterKinds();
  const shapes = shapeBits(detectors);
  const longWord = (text: string, start: number, end: number) =>
    isHex(text, start, end) ? hexBits(text, start, end) : shapes['long-word'] | BLOB;

  return function gate(text) {
    let state = 0;
    let bits = 0;
    let wordStart = 0;
    let digits = 0;
    let lastDigit = -DIGIT_GAP - 1;
    let lastColon = -COLON_GAP - 1;
    let lastAt = -1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        bits |= FOLD;
        state = 0;
        if (i - wordStart >= LONG_WORD) bits |= longWord(text, wordStart, i);
        wordStart = i + 1;
        continue;
      }
      state = next[(state << shift) | (classes[code] as number)] as number;
      bits |= output[state] as number;
      const kind = kinds[code] as number;
      if (kind === OTHER) continue;
      if (kind === DIGIT) {
        digits = lastDigit === i - 1 || isSameNumber(text, lastDigit, i) ? digits + 1 : 1;
        lastDigit = i;
        if (digits === PHONE_DIGITS) bits |= shapes['phone-digits'];
        else if (digits === CARD_DIGITS) bits |= shapes['card-digits'];
        continue;
      }
      const word = i - wordStart;
      if (word >= LONG_WORD) bits |= longWord(text, wordStart, i);
      wordStart = i + 1;
      if (kind === BREAK) continue;
      if (kind === HIDING) bits |= FOLD;
      else if (code === DOT) {
        if (lastDigit === i - 1) bits |= shapes['dotted-digits'];
        if (lastAt !== -1) bits |= shapes['at-then-dot'];
      } else if (code === COLON) {
        if (i - lastColon <= COLON_GAP) bits |= shapes.colons;
        lastColon = i;
      } else if (code === LINE_FEED) bits |= LINES;
      else if (code === QUOTE) bits |= word <= 2 ? shapes.quote : 0;
      else {
        if (lastAt === -1 && text.lastIndexOf('//', i) !== -1) bits |= shapes['user-in-url'];
        lastAt = i;
      }
    }
    if (text.length - wordStart >= LONG_WORD) bits |= longWord(text, wordStart, text.length);
    return bits;
  };
}

/** Digests are the most frequent long words by far, so they are told apart here. */
function isHex(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x66 || (code > 0x39 && code < 0x61)) return false;
  }
  return true;
}

function hexBits(text: string, start: number, end: number): number {
  return startsReadable(text, start, end, 'hex') ? BLOB : 0;
}

/** Whether nothing but a few signs stands between two digits. */
function isSameNumber(text: string, lastDigit: number, digit: number): boolean {
  if (digit - lastDigit > DIGIT_GAP + 1) return false;
  for (let i = lastDigit + 1; i < digit; i++) {
    const code = text.charCodeAt(i) | 32;
    if (code >= 0x61 && code <= 0x7a) return false;
  }
  return true;
}

function detectorBits(outputs: readonly (readonly number[])[]): Int32Array {
  return Int32Array.from(outputs, (detectors) =>
    detectors.reduce((bits, detector) => bits | (1 << detector), 0),
  );
}

const AT = 0x40;
const QUOTE = 0x27;
const DOT = 0x2e;
const COLON = 0x3a;
const LINE_FEED = 0x0a;

function characterKinds(): Uint8Array {
  const kinds = new Uint8Array(128).fill(BREAK);
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    if (/[A-Za-z]/.test(character)) kinds[code] = OTHER;
    else if (/[0-9]/.test(character)) kinds[code] = DIGIT;
    else if (/[%\\&\x7f]/.test(character) || (code < 32 && !/[\t\n\r]/.test(character))) kinds[code] = HIDING;
  }
  for (const code of [AT, QUOTE, DOT, COLON, LINE_FEED]) kinds[code] = RARE;
  return kinds;
}

function shapeBits(detectors: readonly Detector[]): Record<Shape, number> {
  const bits: Record<Shape, number> = {
    'at-then-dot': 0,
    'user-in-url': 0,
    quote: 0,
    'dotted-digits': 0,
    colons: 0,
    'phone-digits': 0,
    'card-digits': 0,
    'long-word': 0,
  };
  for (const [index, detector] of detectors.entries()) {
    for (const shape of detector.shapes) bits[shape] |= 1 << index;
  }
  return bits;
}
