import { inspect } from 'node:util';

const REDACTED = '[REDACTED]';

/**
 * A credential. Every way of printing it yields `[REDACTED]`; `open()` is the only way in, and only a connector's
 * `client.ts` and the agent's key loading may call it (a lint rule enforces that). Opened where it is used and not kept:
 * what stands behind it may have been replaced since.
 */
export class Secret {
  readonly #open: () => string;

  /** A value, or a way to look up what it is now, which must not throw. */
  constructor(value: string | (() => string)) {
    this.#open = typeof value === 'string' ? () => value : value;
  }

  open(): string {
    return this.#open();
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
