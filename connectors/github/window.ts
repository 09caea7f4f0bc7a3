import type { AdmittedRead, Timestamp } from '../sdk/index.ts';

/** A window in epoch milliseconds, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const HOUR_MS = 3_600_000;
/** A window that ends this close to now has no end for the API: the address stays the same from run to run. */
const OPEN_MS = 60_000;

export function within(span: Span, at: number): boolean {
  return at >= span.from && at <= span.to;
}

/**
 * The part of the window still to be read. Only interval runs continue from a cursor: whoever asks for a window by
 * hand or for an incident gets all of it.
 */
export function spanToRead(request: AdmittedRead, cursor: number | undefined, overlapMs: number): Span {
  const from = Date.parse(request.window.from);
  const to = Date.parse(request.window.to);
  if (request.trigger !== 'interval' || cursor === undefined) return { from, to };
  return { from: Math.min(to, Math.max(from, cursor - overlapMs)), to };
}

/** Whole hours, so that the same address is asked, and its ETag is of use, for an hour. */
export function hourBefore(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

export function isOpen(span: Span, now: Date): boolean {
  return span.to > now.getTime() - OPEN_MS;
}

/** RFC 3339 in whole seconds, which is what the API understands. */
export function seconds(at: number): string {
  return `${new Date(Math.floor(at / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
}

export function timestamp(text: string): Timestamp {
  return new Date(text).toISOString();
}
