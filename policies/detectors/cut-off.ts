/**
 * A limit cuts texts anywhere: PostgreSQL at `track_activity_query_size`, Kubernetes at the length of a message. What
 * stands at the end of such a text may be the beginning of a value.
 */

const DOT = 0x2e;
const ELLIPSIS = 0x2026;
const DOTS = 3;

/** Where what was written ends: at the end of the text, or before the `...` or `…` that says that it was cut. */
export function cutEnd(text: string): number {
  const { length } = text;
  if (text.charCodeAt(length - 1) === ELLIPSIS) return length - 1;
  for (let at = length - DOTS; at < length; at++) if (text.charCodeAt(at) !== DOT) return length;
  return length - DOTS;
}

/** The last characters of what was written, at most so many. */
export function cutTail(text: string, length: number): string {
  const end = cutEnd(text);
  return text.slice(Math.max(0, end - length), end);
}
