import type { Detector, Shape } from './detectors/detector.ts';
import type { Runs } from './detectors/runs.ts';
import { ENCODED, HIDING, NEWLINE, SHAPES, WRAPPED } from './redact-gate-bits.ts';
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
  /** Whether a keyword has woken somebody. */
  isAnybody(): boolean;
  end(shapes: number, runs: Runs): Wake | undefined;
}

const FLAGS = HIDING | ENCODED | WRAPPED;
const NOBODY: readonly number[] = [];
const NOWHERE: readonly (readonly number[])[] = [];

export function makeWaking(detectors: readonly Detector[]): Waking {
  const sleepers = SHAPES.map((shape) => waitingFor(detectors, shape));
  const wanted = sleepers.reduce((bits, { length }, bit) => bits | (length > 0 ? 1 << bit : 0), 0);
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
    wanted,
    begin(next) {
      text = next;
      // Left over when a detector threw.
      if (woken !== undefined) slots.fill(0);
      woken = undefined;
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
    isAnybody: () => woken !== undefined,
    end(shapes, runs) {
      text = '';
      for (let left = shapes & wanted; left !== 0; left &= left - 1) {
        for (const detector of sleepers[31 - Math.clz32(left & -left)] ?? NOBODY) {
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

/** By their places. */
function waitingFor(detectors: readonly Detector[], shape: Shape): number[] {
  return detectors.flatMap(({ shapes }, index) => (shapes.includes(shape) ? [index] : []));
}
