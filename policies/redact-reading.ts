import type { Span } from './detectors/detector.ts';

/** A text as it would be read after decoding, with the way back to the text it came from. */
export interface Reading {
  readonly text: string;
  /** The span of the original that a span of `text` stands for; where it touches what was put in, all of that. */
  origin(span: Span): Span;
}

/** Puts a text together from stretches of another and from what stands in for the rest. */
export interface Rewriting {
  /** In order: `start` is not before the last `end`. */
  replace(start: number, end: number, by: string): void;
  /** Undefined when nothing was replaced. */
  finish(): Reading | undefined;
}

/** A part of the new text, from `at` to the next one's, and what it stands for. */
interface Part extends Span {
  readonly at: number;
  readonly isKept: boolean;
}

export function rewriting(original: string): Rewriting {
  const texts: string[] = [];
  const parts: Part[] = [];
  let length = 0;
  let done = 0;
  let isChanged = false;
  const add = (text: string, start: number, end: number, isKept: boolean) => {
    if (text === '') return;
    texts.push(text);
    parts.push({ at: length, start, end, isKept });
    length += text.length;
  };
  return {
    replace(start, end, by) {
      if (start > done) add(original.slice(done, start), done, start, true);
      add(by, start, end, false);
      done = end;
      isChanged = true;
    },
    finish() {
      if (!isChanged) return undefined;
      add(original.slice(done), done, original.length, true);
      const nowhere = { start: original.length, end: original.length };
      const placeOf = (at: number) => (at < length ? placeIn(parts, at) : nowhere);
      return {
        text: texts.join(''),
        origin: ({ start, end }) => {
          const first = placeOf(start);
          return { start: first.start, end: end > start ? placeOf(end - 1).end : first.start };
        },
      };
    },
  };
}

/** What one character of the new text stands for: one of the original where it was kept, else all that was replaced. */
function placeIn(parts: readonly Part[], offset: number): Span {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((parts[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const { at, start, end, isKept } = parts[low] ?? { at: 0, start: 0, end: 0, isKept: false };
  const place = start + offset - at;
  return isKept ? { start: place, end: place + 1 } : { start, end };
}
