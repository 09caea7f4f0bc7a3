import type { Part } from './parts.ts';

/** Counts elementary steps, for the test that shows that they grow with the text and with nothing else. */
export interface Meter {
  steps: number;
}

/**
 * For each place in `from … to` where the parts match, the farthest place where they can end; -1 elsewhere. Worked out
 * from the last part to the first: what the rest can do from each place is known when a part is looked at, so a part
 * costs a constant number of steps at each place, whatever its lengths, and nothing is ever tried twice.
 */
export function longestEnds(
  parts: readonly Part[],
  text: string,
  from: number,
  to: number,
  mayEnd: (at: number) => boolean,
  meter: Meter,
): Int32Array {
  let rest = new Int32Array(to - from + 1);
  for (let i = 0; i < rest.length; i++) rest[i] = mayEnd(from + i) ? from + i : -1;
  let ends = new Int32Array(rest.length);
  for (const part of parts.toReversed()) {
    if (part.kind === 'run') runEnds(part, text, from, rest, ends, meter);
    else literalEnds(part, text, from, rest, ends, meter);
    if (part.optional) for (let i = 0; i < ends.length; i++) ends[i] = Math.max(ends[i] ?? -1, rest[i] ?? -1);
    [rest, ends] = [ends, rest];
  }
  meter.steps += rest.length * (parts.length + 1);
  return rest;
}

/**
 * A run from place i ends anywhere in i+min … i+max before the first character that is not of its class. Both bounds
 * only ever move left as i does, so the best of the window is kept in a queue of falling values.
 */
function runEnds(
  { has, min, max }: Extract<Part, { kind: 'run' }>,
  text: string,
  from: number,
  rest: Int32Array,
  ends: Int32Array,
  meter: Meter,
): void {
  const queue = new Int32Array(rest.length);
  let head = 0;
  let tail = 0;
  let runEnd = rest.length - 1;
  for (let i = rest.length - 1; i >= 0; i--) {
    if (i + 1 < rest.length && !has(text.charCodeAt(from + i))) runEnd = i;
    const next = i + min < rest.length ? (rest[i + min] as number) : -1;
    if (next !== -1) {
      while (tail > head && (rest[queue[tail - 1] as number] as number) <= next) {
        tail--;
        meter.steps++;
      }
      queue[tail++] = i + min;
    }
    const limit = Math.min(i + max, runEnd);
    while (tail > head && (queue[head] as number) > limit) {
      head++;
      meter.steps++;
    }
    ends[i] = tail > head ? (rest[queue[head] as number] as number) : -1;
    meter.steps++;
  }
}

function literalEnds(
  { literals }: Extract<Part, { kind: 'literals' }>,
  text: string,
  from: number,
  rest: Int32Array,
  ends: Int32Array,
  meter: Meter,
): void {
  for (let i = 0; i < rest.length; i++) {
    let best = -1;
    for (const literal of literals) {
      const end = i + literal.length;
      if (end >= rest.length || (rest[end] as number) <= best) continue;
      if (isAt(text, from + i, literal, meter)) best = rest[end] as number;
    }
    ends[i] = best;
  }
}

function isAt(text: string, at: number, literal: string, meter: Meter): boolean {
  for (let i = 0; i < literal.length; i++) {
    meter.steps++;
    if (text.charCodeAt(at + i) !== literal.charCodeAt(i)) return false;
  }
  return true;
}

/** Every place where the parts can end that start at `start`, up to `limit`; farthest first. */
export function allEnds(
  parts: readonly Part[],
  text: string,
  start: number,
  limit: number,
  meter: Meter,
): number[] {
  let reached = new Uint8Array(limit - start + 1);
  let next = new Uint8Array(reached.length);
  reached[0] = 1;
  for (const part of parts) {
    next.fill(0);
    if (part.kind === 'run') reachByRun(part, text, start, reached, next);
    else reachByLiterals(part, text, start, reached, next, meter);
    if (part.optional) for (let i = 0; i < next.length; i++) next[i] = (next[i] ?? 0) | (reached[i] ?? 0);
    meter.steps += reached.length;
    [reached, next] = [next, reached];
  }
  const ends: number[] = [];
  for (let i = reached.length - 1; i > 0; i--) if (reached[i] === 1) ends.push(start + i);
  return ends;
}

/** The latest place before which this part may have begun is as good as any earlier one. */
function reachByRun(
  { has, min, max }: Extract<Part, { kind: 'run' }>,
  text: string,
  start: number,
  reached: Uint8Array,
  next: Uint8Array,
): void {
  let latest = -1;
  let runStart = 0;
  for (let i = 1; i < reached.length; i++) {
    if (!has(text.charCodeAt(start + i - 1))) runStart = i;
    if (i >= min && reached[i - min] === 1) latest = i - min;
    if (latest >= runStart && latest >= i - max) next[i] = 1;
  }
}

function reachByLiterals(
  { literals }: Extract<Part, { kind: 'literals' }>,
  text: string,
  start: number,
  reached: Uint8Array,
  next: Uint8Array,
  meter: Meter,
): void {
  for (let i = 0; i < reached.length; i++) {
    if (reached[i] !== 1) continue;
    for (const literal of literals) {
      if (i + literal.length < next.length && isAt(text, start + i, literal, meter))
        next[i + literal.length] = 1;
    }
  }
}
