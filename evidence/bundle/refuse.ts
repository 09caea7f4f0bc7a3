import { EvidenceError } from '../errors.ts';

/** What kind of thing is wrong with the form of a bundle. */
export type UnreadableReason =
  | 'TOO_LARGE'
  | 'NOT_UTF8'
  | 'TOO_DEEP'
  | 'NOT_JSON'
  | 'NOT_CANONICAL'
  /** A member, line or file is missing, unknown, doubled or in the wrong place. */
  | 'SHAPE'
  | 'TRUNCATED'
  /** The compression or the archive is not what an agent writes. */
  | 'ARCHIVE';

/** The bytes are no bundle. */
export class UnreadableBundle extends EvidenceError {
  readonly reason: UnreadableReason;
  /** A member, a file of the archive, a line or a byte. */
  readonly where: string;

  constructor(reason: UnreadableReason, where: string, what: string, options: { cause?: unknown } = {}) {
    super('BUNDLE', `${where}: ${what}`, {
      hint: 'Get the bundle again from the agent that made it, and use the file exactly as it came.',
      ...options,
    });
    this.reason = reason;
    this.where = where;
  }
}
