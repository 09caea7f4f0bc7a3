/** What the caller should do about an error. `refuse` is a decision, not a fault. */
export type Recovery = 'retry' | 'wait' | 'skip' | 'fail' | 'refuse';

/** The closed set of ways a connector fails, each with the recovery that follows from it. */
export const RECOVERY = {
  AUTH: 'fail',
  PRIVILEGE: 'skip',
  NOT_FOUND: 'skip',
  UNREACHABLE: 'retry',
  RATE_LIMITED: 'wait',
  TIMEOUT: 'retry',
  BUDGET: 'skip',
  BAD_RESPONSE: 'skip',
  DRIFT: 'skip',
  UNSUPPORTED: 'skip',
  CONFIG: 'fail',
  INTERNAL: 'fail',
} as const satisfies Record<string, Recovery>;

export type ErrorCode = keyof typeof RECOVERY;

export interface ConnectorErrorOptions {
  /** What the operator should do next: one sentence, no values read from the source. */
  readonly hint?: string;
  /** For RATE_LIMITED: when to try again. */
  readonly retryAt?: Date;
  readonly cause?: unknown;
}

/**
 * A failure with a code that decides what happens next. The message is written by us and never quotes the source:
 * servers echo query texts, rows and credentials in their errors, and those stay in `cause`, which is never logged.
 */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryAt: Date | undefined;

  constructor(code: ErrorCode, message: string, options: ConnectorErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryAt = options.retryAt;
  }

  get recovery(): Recovery {
    return RECOVERY[this.code];
  }

  static from(error: unknown): ConnectorError {
    if (error instanceof ConnectorError) return error;
    if (isAbort(error)) return new ConnectorError('TIMEOUT', 'the read was aborted', { cause: error });
    return new ConnectorError('INTERNAL', 'the connector failed unexpectedly', { cause: error });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}
