import { RUN, type Runs, signOf } from './detectors/runs.ts';
import { CLASS_BITS, classOf, GRAM_MASK } from './redact-gate-grams.ts';
import { HAS_FOREIGN, kindOf } from './redact-gate-kinds.ts';

/** Of what one pass over a text has seen, where keywords may be. */
export interface GramPass {
  /** The text with one byte for each UTF-16 code unit; from 0x80 on they only say that it is outside ASCII. */
  readonly bytes: Uint8Array;
  /** How many of them are the text's; what is behind them was left by another. */
  readonly length: number;
  /** Where grams end that are looked for, and the classes up to there: pairs. */
  readonly grams: Int32Array;
  readonly gramCount: number;
}

/** All that it has seen; good until the next pass over any text. */
export interface Pass extends GramPass {
  /** The kinds of characters that it holds, one over the other. */
  readonly kinds: number;
  readonly runs: Runs;
  /** Where those characters stand that are looked at by themselves. */
  readonly signs: Int32Array;
  readonly signCount: number;
}

/** In `grams`, from one to the next. */
export const GRAM_PAIR = 2;

// What is known of a character, in one number, so that the pass looks it up once: its class in the lowest bits, then
// its sign, then its kind, and in the highest bits whether it is a sign that is looked at, or a letter or digit.
const SIGN_SHIFT = CLASS_BITS;
const SIGN_MASK = 511;
const KIND_SHIFT = SIGN_SHIFT + 9;
const KIND_MASK = 255;
const LOOKED_AT_SHIFT = 30;
const IN_RUN_SHIFT = 31;
const CLASS_MASK = (1 << CLASS_BITS) - 1;

const KNOWN = Int32Array.from({ length: 256 }, (_, code) => {
  const sign = signOf(code);
  const kind = kindOf(code);
  const isLookedAt = kind !== 0 && sign === 0 ? 1 : 0;
  return (
    classOf(code) |
    (sign << SIGN_SHIFT) |
    (kind << KIND_SHIFT) |
    (isLookedAt << LOOKED_AT_SHIFT) |
    ((sign === 0 ? 0 : 1) << IN_RUN_SHIFT)
  );
});

const BEYOND_BYTE = /[\u0100-\uffff]/;
const OUTSIDE = 0x80;

/**
 * The longest text that can be read: what decoding may make of the longest one that is scanned. Pages of memory that no
 * text has reached are not taken.
 */
export const LONGEST_TEXT = 1_050_000;
/** Behind the end of a text so many bytes may be read. */
const BEHIND = 64;

/**
 * All passes write here, so that what one has seen is good until the next one. Of constants that a function of its own
 * uses, the compiler knows where they are and how large: with arrays that are handed in, or in a function that is made
 * for each gate, the loop takes half as much time again.
 */
const BYTES = Buffer.alloc(LONGEST_TEXT + BEHIND);
// Entries are written before it is known whether they count, so there is room for one more of each.
const SIGNS_AT = GRAM_PAIR * (LONGEST_TEXT + 1);
const RUNS_AT = SIGNS_AT + LONGEST_TEXT + 1;
const SEEN = new Int32Array(RUNS_AT + RUN * (LONGEST_TEXT / 2 + 2));
const GRAMS = SEEN.subarray(0, SIGNS_AT);
const SIGNS = SEEN.subarray(SIGNS_AT, RUNS_AT);
const RUNS = SEEN.subarray(RUNS_AT);

/** What the pass has seen last, to be handed out. */
const runs = { table: RUNS, length: 0, firstForeign: Number.POSITIVE_INFINITY, lastForeign: -1 };
const pass = {
  bytes: BYTES,
  length: 0,
  kinds: 0,
  runs,
  signs: SIGNS,
  signCount: 0,
  grams: GRAMS,
  gramCount: 0,
};

/**
 * Reads a text once for all that is asked of it. Strings give up their characters slowly, so it is written into bytes
 * first, at a tenth of the price of reading it; and the loop has no branches, since what comes next in a text can not
 * be foretold. `filed` has a bit for each gram that is looked for. Throws when a text is too long.
 */
export function passOver(text: string, filed: Int32Array): Pass {
  write(text);
  const { length } = text;
  let seen = 0;
  let classes = 0;
  let gram = 0;
  let sign = SIGNS_AT;
  let run = RUNS_AT;
  let inRun = 0;
  let signsOfRun = 0;
  for (let at = 0; at < length; at++) {
    const known = KNOWN[BYTES[at] as number] as number;
    seen |= known;
    classes = (classes << CLASS_BITS) | (known & CLASS_MASK);
    SEEN[gram] = at;
    SEEN[gram + 1] = classes;
    // Of a shift only the lowest five bits count.
    gram += (((filed[(classes & GRAM_MASK) >>> 5] as number) >>> classes) & 1) << 1;
    SEEN[sign] = at;
    sign += (known >>> LOOKED_AT_SHIFT) & 1;
    // Where a run begins, its start is left behind and its end comes next; where it ends, end and signs are.
    const isIn = known >>> IN_RUN_SHIFT;
    SEEN[run] = at;
    run += (isIn ^ inRun) << inRun;
    inRun = isIn;
    signsOfRun = (signsOfRun | known) & -isIn;
    SEEN[run + 1] = (signsOfRun >>> SIGN_SHIFT) & SIGN_MASK;
  }
  SEEN[run] = length;
  runs.length = run - RUNS_AT + (inRun << 1);
  pass.length = length;
  pass.kinds = (seen >>> KIND_SHIFT) & KIND_MASK;
  pass.signCount = sign - SIGNS_AT;
  pass.gramCount = gram;
  const isForeign = (pass.kinds & HAS_FOREIGN) !== 0;
  runs.firstForeign = isForeign ? firstForeign() : Number.POSITIVE_INFINITY;
  runs.lastForeign = isForeign ? lastForeign(length) : -1;
  return pass;
}

/** To write so many characters one by one takes less than to ask for it to be done. */
const SHORT = 64;

function write(text: string): void {
  if (text.length > LONGEST_TEXT) throw new RangeError('the text is too long to be read');
  if (text.length > SHORT && !BEYOND_BYTE.test(text)) BYTES.write(text, 'latin1');
  else {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      BYTES[at] = code < OUTSIDE ? code : OUTSIDE;
    }
  }
}

/** Of a text that has one. */
function firstForeign(): number {
  let at = 0;
  while ((BYTES[at] as number) < OUTSIDE) at++;
  return at;
}

function lastForeign(length: number): number {
  let at = length - 1;
  while ((BYTES[at] as number) < OUTSIDE) at--;
  return at;
}

/** What the search for keywords needs of a pass, without a touch of what a pass has seen: for a few characters. */
export function makeOwnPass(filed: Int32Array): (text: string) => GramPass {
  const pass = { bytes: new Uint8Array(0), length: 0, grams: new Int32Array(0), gramCount: 0 };
  return (text) => {
    if (text.length + BEHIND > pass.bytes.length) {
      pass.bytes = new Uint8Array(2 * text.length + BEHIND);
      pass.grams = new Int32Array(GRAM_PAIR * pass.bytes.length);
    }
    const { bytes, grams } = pass;
    let classes = 0;
    let gram = 0;
    for (let at = 0; at < text.length; at++) {
      const code = Math.min(text.charCodeAt(at), OUTSIDE);
      bytes[at] = code;
      classes = (classes << CLASS_BITS) | ((KNOWN[code] as number) & CLASS_MASK);
      if ((((filed[(classes & GRAM_MASK) >>> 5] as number) >>> classes) & 1) === 0) continue;
      grams[gram] = at;
      grams[gram + 1] = classes;
      gram += GRAM_PAIR;
    }
    pass.length = text.length;
    pass.gramCount = gram;
    return pass;
  };
}
