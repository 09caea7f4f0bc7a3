/** Why evidence could not be made, kept or believed. */
export type EvidenceErrorCode =
  | 'NOT_CLEARED'
  | 'NOT_CANONICAL'
  | 'MANIFEST'
  | 'RECEIPT'
  | 'KEY'
  | 'CHAIN'
  | 'STORE'
  | 'BUNDLE'
  | 'TIMESTAMP'
  | 'QUERY'
  | 'LOG';

export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly code: EvidenceErrorCode;
  readonly hint: string | undefined;

  constructor(code: EvidenceErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
