import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../connectors/sdk/index.ts';

/** The world as a command sees it; tests hand in their own. */
export interface CliIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  /** Standard error is a terminal: progress may be shown there. */
  readonly interactive: boolean;
  /** Ends the process at once; for a second signal. */
  readonly exitNow: (code: number) => void;
}

/** What every command's exit status means; printed by `--help`. */
export const EXIT = {
  /** Done, and what was asked about is good. */
  good: 0,
  /** Done or failed, and it is not good: not verified, not valid, not reachable. */
  notGood: 1,
  /** The command was used wrongly: arguments, config, files that are not what they should be. */
  misused: 2,
} as const;

/** What an audit of a log found, so that a watcher can tell an outage from a forged history. */
export const AUDIT_EXIT = { signature: 3, rollback: 4, fork: 5, gap: 6, tiles: 7, server: 8 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | (typeof AUDIT_EXIT)[keyof typeof AUDIT_EXIT];

export const AUDIT_EXIT_HELP = `
Exit codes:
  0  good: the log only grew
  2  used wrongly (arguments, keys or files that are not what they should be)
  3  signature: the checkpoint is malformed, of another log, or not signed by its key
  4  rollback: the log is shorter than it was
  5  fork: what the log said before is not the beginning of what it says now
  6  gap: entries are missing, or not those that the tree holds
  7  tiles: the hashes that are served do not make up the signed tree
  8  server: no answer, or not that of a log
`;

export const EXIT_HELP = `
Exit codes:
  0  done, and what was asked about is good
  1  done, and it is not good (not verified, not valid, a source failed)
  2  used wrongly (arguments, config, keys or files that are not what they should be)
`;
