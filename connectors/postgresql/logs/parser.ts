import type { LogEntry } from './classes.ts';

/** Where in an entry that is counted already the next byte stands; `garbage`: in what is none, up to the next line. */
export const INSIDES = ['nothing', 'line', 'quotes', 'garbage'] as const;
export type Inside = (typeof INSIDES)[number];

export interface Progress {
  /** Bytes that need not be handed in again, counted from the first that was. */
  readonly done: number;
  readonly inside: Inside;
}

/**
 * Takes the bytes of one log file in order and says what they hold. What it hands on is of closed lists and numbers; of
 * the text it keeps no more than the head of one entry, and forgets it with the next.
 */
export interface LogParser {
  push(bytes: Uint8Array): void;
  progress(): Progress;
}

export interface Heard {
  entry(entry: LogEntry): void;
  /** A line that is neither an entry nor a part of one: what an archive command printed, or another prefix. */
  foreign(): void;
}
