import { isDigit } from '../ascii.ts';
import { makeAutomaton } from '../detectors/automaton.ts';
import type { Detector, Shape } from '../detectors/detector.ts';
import { ANY_DIGIT } from '../redact-gate-grams.ts';
import { isReadable } from './readable.ts';

/**
 * An automaton over the bytes of a JSON string: it stops at the closing quote, and wherever a value begins to be worth
 * a look. It wakes for everything that the gate of a scanner wakes for, and for more: the scanner decides.
 */
export interface WakeTable {
  readonly classes: Uint8Array;
  /** `next[state + class]`; the first state is 0. */
  readonly next: Int32Array;
  /** From this state on: stop. */
  readonly stop: number;
  /** Strings of this length or more are read a second time, by `isWorthALook`. */
  readonly length: number;
  /** For what is not told by single characters: encoded words, and digits where they are asked for. */
  isWorthALook(bytes: Uint8Array, from: number, to: number): boolean;
}

/** What may stand for something else (`%41`, `\\u0041`, `&#65;`, `=41`), and the quote, which ends the string. */
const SIGNS = '"%\\&=';
/** A character without which the shape is not there. Those without one are told by `isWorthALook`. */
const SIGN_OF: Readonly<Record<Shape, string>> = {
  'at-then-dot': '@',
  'user-in-url': '@',
  quote: "'",
  colons: ':',
  // No ASCII: every such byte is worth a look.
  foreign: '',
  'hex-groups': ':.',
  'cut-number': '.-',
  'any-digits': '',
  'phone-digits': '',
  'card-digits': '',
  'any-long-word': '',
  'long-word': '',
};

/** The scanner takes runs of 20 for encoded words. */
const ENCODED_WORD = 16;
const DIGITS = 7;

const BREAK = 0;
const HEX = 1;
const LETTER = 2;

/** Without detectors everything but an empty string is worth a look. */
export function makeWakeTable(detectors: readonly Detector[] | undefined): WakeTable {
  const shapes = new Set(detectors?.flatMap((detector) => detector.shapes));
  const signs = SIGNS + [...shapes].map((shape) => SIGN_OF[shape]).join('');
  const table = tableOf(detectors?.flatMap(({ keywords }) => keywords) ?? [], signs);
  if (detectors === undefined) return { ...table, length: 1, isWorthALook: () => true };
  const countsDigits = shapes.has('any-digits') || shapes.has('phone-digits') || shapes.has('card-digits');
  const kinds = kindsOfBytes();
  return {
    ...table,
    length: countsDigits ? DIGITS : ENCODED_WORD,
    isWorthALook: (bytes, from, to) =>
      hasEncodedWord(kinds, bytes, from, to) || (countsDigits && hasDigits(bytes, from, to)),
  };
}

const DIGIT = '0';

/**
 * The automaton of the keywords with one class more, that of the signs; it stops at those, and where a keyword ends. A
 * digit in a keyword is any digit here, as `#` is: that wakes hardly more.
 */
function tableOf(keywords: readonly string[], signs: string): Pick<WakeTable, 'classes' | 'next' | 'stop'> {
  const automaton = makeAutomaton(
    keywords.map((word) => word.replaceAll(/[0-9]/g, DIGIT).replaceAll(ANY_DIGIT, DIGIT)),
  );
  const { longest, shift } = automaton;
  const sign = Math.max(...automaton.classes) + 1;
  const width = sign + 1;
  const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    if (character < ' ' || character > '~' || signs.includes(character)) return sign;
    return automaton.classes[/[0-9]/.test(character) ? DIGIT.charCodeAt(0) : byte] as number;
  });
  const stop = longest.length * width;
  const next = new Int32Array(stop).fill(stop);
  for (const state of longest.keys()) {
    for (let symbol = 0; symbol < sign; symbol++) {
      const after = automaton.next[(state << shift) | symbol] as number;
      if (longest[after] === '') next[state * width + symbol] = after * width;
    }
  }
  return { classes, next, stop };
}

function kindsOfBytes(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    if (/[0-9a-f]/.test(character)) return HEX;
    return /[A-Za-z]/.test(character) ? LETTER : BREAK;
  });
}

/** A run of letters and digits that is no digest: not hexadecimal, or hexadecimal of something readable. */
function hasEncodedWord(kinds: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  let start = from;
  let seen = 0;
  for (let at = from; at <= to; at++) {
    const kind = at === to ? BREAK : (kinds[bytes[at] as number] as number);
    if (kind !== BREAK) {
      seen |= kind;
      continue;
    }
    if (at - start >= ENCODED_WORD && (seen !== HEX || isReadableHex(bytes, start))) return true;
    start = at + 1;
    seen = 0;
  }
  return false;
}

function isReadableHex(bytes: Uint8Array, start: number): boolean {
  const decoded = new Uint8Array(ENCODED_WORD / 2);
  for (let i = 0; i < decoded.length; i++) {
    decoded[i] = (nibble(bytes[start + 2 * i] as number) << 4) | nibble(bytes[start + 2 * i + 1] as number);
  }
  return isReadable(decoded);
}

function nibble(digit: number): number {
  return digit <= 0x39 ? digit & 15 : (digit & 15) + 9;
}

function hasDigits(bytes: Uint8Array, from: number, to: number): boolean {
  let digits = 0;
  for (let at = from; at < to; at++) {
    if (isDigit(bytes[at] as number) && ++digits === DIGITS) return true;
  }
  return false;
}
