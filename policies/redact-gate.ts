import type { Detector, Shape } from './detectors/detector.ts';

/** Set when the text holds characters that may hide something from a plain reading: see `normalise.ts`. */
export const FOLD = 1 << 29;
/** Set when the text holds a run of letters and digits long enough to be an encoded secret. */
export const BLOB = 1 << 30;
/** Detectors take one bit each of what `1 << n` gives without touching the two flags above. */
export const MAX_DETECTORS = 29;

/** Reads a text once and returns a bit for each detector (by its place in the list) that must look closer. */
export type Gate = (text: string) => number;

const LONG_WORD = 20;
const PHONE_DIGITS = 7;
const CARD_DIGITS = 12;

const ALNUM = 1;
const DIGIT = 2;
const PHONE = 4; // digits and what stands between the groups of a phone or card number
const ADDRESS = 8; // hexadecimal digits, colon, dot
const RARE = 16; // looked at one by one below
const HIDING = 32;

/**
 * An Aho-Corasick automaton over all keywords (case folded), with run counters for the shapes beside it: one table
 * lookup per character and automaton step, no regular expression, no allocation. Time is linear by construction.
 */
export function makeGate(detectors: readonly Detector[]): Gate {
  if (detectors.length > MAX_DETECTORS) {
    throw new Error(`a scanner holds at most ${MAX_DETECTORS} detectors, got ${detectors.length}`);
  }
  const { classes, width, next, output } = automaton(detectors);
  const flags = characterFlags();
  const shapes = shapeBits(detectors);
  const longWord = shapes['long-word'] | BLOB;

  return function gate(text) {
    let state = 0;
    let bits = 0;
    let word = 0;
    let longestWord = 0;
    let digits = 0;
    let mostDigits = 0;
    let colons = 0;
    let before = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        bits |= FOLD;
        state = word = digits = colons = before = 0;
        continue;
      }
      const flag = flags[code] as number;
      state = next[state * width + (classes[code] as number)] as number;
      bits |= output[state] as number;
      if ((flag & ALNUM) !== 0) {
        word++;
        if (word > longestWord) longestWord = word;
      } else word = 0;
      if ((flag & PHONE) === 0) digits = 0;
      else if ((flag & DIGIT) !== 0) {
        digits++;
        if (digits > mostDigits) mostDigits = digits;
      }
      if ((flag & ADDRESS) === 0) colons = 0;
      if ((flag & (RARE | HIDING)) !== 0) {
        if ((flag & HIDING) !== 0) bits |= FOLD;
        else if (code === AT) bits |= shapes['at-sign'];
        else if (code === QUOTE) bits |= shapes.quote;
        else if (code === DOT && (before & DIGIT) !== 0) bits |= shapes['dotted-digits'];
        else if (code === COLON && ++colons > 1) bits |= shapes.colons;
      }
      before = flag;
    }
    if (longestWord >= LONG_WORD) bits |= longWord;
    if (mostDigits >= PHONE_DIGITS) bits |= shapes['phone-digits'];
    if (mostDigits >= CARD_DIGITS) bits |= shapes['card-digits'];
    return bits;
  };
}

const AT = 0x40;
const QUOTE = 0x27;
const DOT = 0x2e;
const COLON = 0x3a;

function characterFlags(): Uint8Array {
  const flags = new Uint8Array(128);
  const add = (characters: string, flag: number) => {
    for (const character of characters)
      flags[character.charCodeAt(0)] = (flags[character.charCodeAt(0)] ?? 0) | flag;
  };
  add('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', ALNUM);
  add('0123456789', DIGIT);
  add('0123456789 .()+-/', PHONE);
  add('0123456789abcdefABCDEF:.', ADDRESS);
  add("@'.:", RARE);
  add('%\\&\x7f', HIDING);
  for (let code = 0; code < 32; code++) {
    if (code !== 9 && code !== 10 && code !== 13) flags[code] = HIDING;
  }
  return flags;
}

function shapeBits(detectors: readonly Detector[]): Record<Shape, number> {
  const bits: Record<Shape, number> = {
    'at-sign': 0,
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

interface Automaton {
  /** Character class of each ASCII code, case folded; 0 for characters that occur in no keyword. */
  readonly classes: Uint8Array;
  readonly width: number;
  readonly next: Uint16Array;
  /** Detector bits of all keywords that end in a state. */
  readonly output: Int32Array;
}

function automaton(detectors: readonly Detector[]): Automaton {
  const { classes, width } = characterClasses(detectors);
  const trie: number[][] = [new Array<number>(width).fill(0)];
  const output: number[] = [0];
  for (const [index, detector] of detectors.entries()) {
    for (const keyword of detector.keywords) {
      let state = 0;
      for (const character of keyword) {
        const row = trie[state] as number[];
        const symbol = classes[character.charCodeAt(0)] as number;
        row[symbol] ||= trie.push(new Array<number>(width).fill(0)) - 1;
        state = row[symbol] as number;
      }
      output[state] = (output[state] ?? 0) | (1 << index);
    }
  }
  return { classes, width, ...withFailureLinks(trie, output, width) };
}

function characterClasses(detectors: readonly Detector[]): { classes: Uint8Array; width: number } {
  const classes = new Uint8Array(128);
  let width = 1;
  for (const keyword of detectors.flatMap((detector) => detector.keywords)) {
    for (const character of keyword) {
      const code = character.charCodeAt(0);
      if (code > 127 || character !== character.toLowerCase()) {
        throw new Error('detector keywords are lower-case ASCII');
      }
      if (classes[code] === 0) classes[code] = width++;
    }
  }
  for (let code = 0x41; code <= 0x5a; code++) classes[code] = classes[code + 32] as number;
  return { classes, width };
}

/** Breadth first, so that the state a failure leads to is complete before it is copied from. */
function withFailureLinks(
  trie: number[][],
  output: number[],
  width: number,
): Pick<Automaton, 'next' | 'output'> {
  const next = new Uint16Array(trie.length * width);
  const outputs = new Int32Array(trie.length);
  const failure = new Uint16Array(trie.length);
  const queue = [0];
  for (const state of queue) {
    const fallback = failure[state] as number;
    outputs[state] = (output[state] ?? 0) | (state === 0 ? 0 : (outputs[fallback] as number));
    for (let symbol = 0; symbol < width; symbol++) {
      const child = trie[state]?.[symbol] ?? 0;
      const inherited = state === 0 ? 0 : (next[fallback * width + symbol] as number);
      next[state * width + symbol] = child === 0 ? inherited : child;
      if (child === 0) continue;
      failure[child] = inherited;
      queue.push(child);
    }
  }
  return { next, output: outputs };
}
