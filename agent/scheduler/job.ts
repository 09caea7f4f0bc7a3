import type { ErrorCode, ReadRequest, SyncMode, Window } from '../../connectors/sdk/index.ts';
import type { RunEnd } from '../../evidence/store/store.ts';

/** Why a read runs: its interval is over, another read saw trouble, an incident was opened, or somebody asked for one pass. */
export type Trigger = ReadRequest['trigger'];

/** A read of a connection that the scheduler keeps running. */
export interface ScheduledRead {
  readonly connection: string;
  /** Id of the connector. */
  readonly connector: string;
  readonly read: string;
  readonly mode: SyncMode;
  /** Milliseconds between two starts; for a streaming read, how long after its end it starts again. */
  readonly intervalMs: number;
  /** Reads of the same connection that run more often for a while after this one has seen a symptom. */
  readonly wakes?: Wakes;
}

export interface Wakes {
  readonly reads: readonly string[];
  /** All in milliseconds: how often they run then, for how long, and from the start of one burst to the next. */
  readonly intervalMs: number;
  readonly durationMs: number;
  readonly restMs: number;
}

/** One run of one read. */
export interface Job {
  /** Run id: a UUID. */
  readonly id: string;
  readonly request: ReadRequest;
}

export interface JobOutcome {
  readonly status: RunEnd['status'];
  readonly items: number;
  readonly gaps: number;
  /** How many of the items say that something is wrong at the source. */
  readonly symptoms?: number;
  /** Why, when it failed or stopped short. */
  readonly error: ErrorCode | null;
  /** Not before this time again: what a RATE_LIMITED source asked for. */
  readonly retryAt?: Date;
}

/** A job that is over, as `runNow` hands it back. */
export interface FinishedJob {
  readonly job: Job;
  readonly outcome: JobOutcome;
}

/** Runs one job to its end. Should not throw: what it throws counts as an INTERNAL failure. */
export type RunJob = (job: Job, signal: AbortSignal) => Promise<JobOutcome>;

/** Which reads to run at once, and how. */
export interface RunNow {
  readonly trigger: Trigger;
  /** Without it: all connections. */
  readonly connection?: string;
  /** Without it: all reads of the connection. */
  readonly reads?: readonly string[];
  /** Without it: since the read's last good run. */
  readonly window?: Window;
}

/** `connection/read`: names a scheduled read within one agent. */
export function readKey(read: { readonly connection: string; readonly read: string }): string {
  return `${read.connection}/${read.read}`;
}
