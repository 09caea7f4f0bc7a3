import type { Detector, Shape } from './detectors/detector.ts';
import type { Runs } from './detectors/runs.ts';
import { ENCODED, HIDING, LONG, NEWLINE, SHAPES, WRAPPED } from './redact-gate-bits.ts';
import type { Keyword } from './redact-gate-keywords.ts';

/** What one reading of a text says must be looked at more closely. */
export interface Wake {
  /**
   * `HIDING` when it holds characters that may hide something from a plain reading: see `normalise.ts`; `ENCODED` when
   * it holds a run of letters and digits that may be an encoded text; `WRAPPED` when a secret may go over its lines.
   */
  readonly flags: number;
  /** The detectors, by their place in the list, each once. */
  readonly detectors: readonly number[];
  /** For each of them, where the keywords that it accepts start, all of them, in the order in which they end. */
  readonly starts: readonly (readonly number[])[];
  /** Good until the gate reads another text. */
  readonly runs: Runs;
}

/** Turns what the gate sees of a text into what to do. */
interface Waking {
  /** The shapes that somebody waits for, as bits. */
  readonly wanted: number;
  begin(text: string): void;
  /** The keyword ends here; its sets are the detectors that have it. */
  keyword(keyword: Keyword, end: number): void;
  /** A word of that length stands there. */
  longWord(start: number): void;
  /** Whether a keyword has woken somebody. */
  isAnybody(): boolean;
  end(shapes: number, runs: Runs): Wake | undefined;
}

const FLAGS = HIDING | ENCODED | WRAPPED;
const NOBODY: readonly number[] = [];
const NOWHERE: readonly (readonly number[])[] = [];

export function makeWaking(detectors: readonly Detector[]): Waking {
  const sleepers = SHAPES.map((shape) => waitingFor(detectors, shape));
  const heads = longWordHeads(detectors);
  const isWanted = (bit: number) =>
    (sleepers[bit]?.length ?? 0) > 0 || (SHAPES[bit] === 'long-word' && heads.size > 0);
  const wanted = SHAPES.reduce((bits, _, bit) => bits | (isWanted(bit) ? 1 << bit : 0), 0);
  // Where a detector stands among those woken, plus one; all zero again at the end of a text.
  const slots = new Uint16Array(detectors.length);
  const wraps = detectors.map((detector) => detector.wraps === true);
  const accepts = detectors.map((detector) => detector.accepts);
  /** Those that wait for one of the long words of the text. */
  const named: number[] = [];
  let text = '';
  let woken: number[] | undefined;
  let starts: number[][] = [];

  function wake(detector: number, places: number[]): void {
    if (woken === undefined) {
      woken = [];
      starts = [];
    }
    slots[detector] = woken.push(detector);
    starts.push(places);
  }

  return {
    wanted,
    begin(next) {
      text = next;
      // Left over when a detector threw.
      if (woken !== undefined) slots.fill(0);
      woken = undefined;
      named.length = 0;
    },
    keyword({ length, sets }, end) {
      const start = end - length;
      for (const detector of sets) {
        if (accepts[detector]?.(text, start, end) === false) continue;
        const slot = slots[detector] as number;
        if (slot === 0) wake(detector, [start]);
        else starts[slot - 1]?.push(start);
      }
    },
    longWord(start) {
      for (const { prefix, detector } of heads.get(text.charCodeAt(start)) ?? NO_HEADS) {
        if (!named.includes(detector) && text.startsWith(prefix, start)) named.push(detector);
      }
      for (const { prefix, detector } of heads.get(text.charCodeAt(start - 1)) ?? NO_HEADS) {
        if (!named.includes(detector) && text.startsWith(prefix, start - prefix.length)) named.push(detector);
      }
    },
    isAnybody: () => woken !== undefined,
    end(shapes, runs) {
      text = '';
      for (let left = shapes & wanted; left !== 0; left &= left - 1) {
        const bit = 31 - Math.clz32(left & -left);
        const asleep = sleepers[bit] ?? NOBODY;
        for (const detector of 1 << bit === LONG ? inOrder(asleep, named) : asleep) {
          if (slots[detector] === 0) wake(detector, []);
        }
      }
      const flags = shapes & FLAGS;
      if (woken === undefined)
        return flags === 0 ? undefined : { flags, detectors: NOBODY, starts: NOWHERE, runs };
      let mayWrap = false;
      for (const detector of woken) {
        slots[detector] = 0;
        mayWrap ||= wraps[detector] === true;
      }
      const isWrapped = mayWrap && (shapes & NEWLINE) !== 0;
      const result = { flags: isWrapped ? flags | WRAPPED : flags, detectors: woken, starts, runs };
      woken = undefined;
      return result;
    },
  };
}

/** What a long word begins with, or stands behind, and whom that wakes. */
interface Head {
  readonly prefix: string;
  readonly detector: number;
}

function inOrder(some: readonly number[], others: readonly number[]): readonly number[] {
  return others.length === 0 ? some : [...some, ...others].sort((a, b) => a - b);
}

const NO_HEADS: readonly Head[] = [];
const ENDS_WITH_SIGN = /[^A-Za-z0-9]$/;

/** By their first character, or by the sign that they end with. */
function longWordHeads(detectors: readonly Detector[]): ReadonlyMap<number, readonly Head[]> {
  const heads = detectors.flatMap(({ longWords = [] }, detector) =>
    longWords.map((prefix) => ({ prefix, detector })),
  );
  return Map.groupBy(heads, ({ prefix }) =>
    prefix.charCodeAt(ENDS_WITH_SIGN.test(prefix) ? prefix.length - 1 : 0),
  );
}

/** By their places. */
function waitingFor(detectors: readonly Detector[], shape: Shape): number[] {
  return detectors.flatMap(({ shapes }, index) => (shapes.includes(shape) ? [index] : []));
}
