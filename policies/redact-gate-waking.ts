import type { Detector } from './detectors/detector.ts';
import { NEWLINE } from './redact-gate-shapes.ts';
import { type GateTables, SHAPES } from './redact-gate-tables.ts';

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

/** Turns what the gate sees of a text into what to do. */
interface Waking {
  begin(text: string): void;
  /** Pairs of a detector and the length of its keyword, which ends here. */
  keywords(endings: Int32Array, end: number): void;
  end(flags: number, shapes: number): Wake | undefined;
}

const SHAPE_BITS = (1 << SHAPES.length) - 1;
const NOBODY: readonly number[] = [];
const NOWHERE: readonly (readonly number[])[] = [];

export function makeWaking(detectors: readonly Detector[], sleepers: GateTables['shapes']): Waking {
  // Where a detector stands among those woken, plus one; all zero again at the end of a text.
  const slots = new Uint16Array(detectors.length);
  const wraps = detectors.map((detector) => detector.wraps === true);
  const accepts = detectors.map((detector) => detector.accepts);
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
    begin(next) {
      text = next;
      // Left over when a detector threw.
      if (woken !== undefined) slots.fill(0);
      woken = undefined;
    },
    keywords(endings, end) {
      for (let at = 0; at < endings.length; at += 2) {
        const detector = endings[at] as number;
        const start = end - (endings[at + 1] as number);
        if (accepts[detector]?.(text, start, end) === false) continue;
        const slot = slots[detector] as number;
        if (slot === 0) wake(detector, [start]);
        else starts[slot - 1]?.push(start);
      }
    },
    end(flags, shapes) {
      text = '';
      for (let left = shapes & SHAPE_BITS; left !== 0; left &= left - 1) {
        for (const detector of sleepers[31 - Math.clz32(left & -left)] ?? NOBODY) {
          if (slots[detector] === 0) wake(detector, []);
        }
      }
      if (woken === undefined) return flags === 0 ? undefined : { flags, detectors: NOBODY, starts: NOWHERE };
      let mayWrap = false;
      for (const detector of woken) {
        slots[detector] = 0;
        mayWrap ||= wraps[detector] === true;
      }
      const isWrapped = mayWrap && (shapes & NEWLINE) !== 0;
      const result = { flags: isWrapped ? flags | LINES : flags, detectors: woken, starts };
      woken = undefined;
      return result;
    },
  };
}
