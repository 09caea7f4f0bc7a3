import { inspect } from 'node:util';

const REDACTED = '[REDACTED]';

/**
 * A credential. Every way of printing it yields `[REDACTED]`; `open()` is the only way in, and only a connector's
 * `client.ts` and the agent's key loading may call it (a lint rule enforces that).
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  open(): string {
    return this.#value;
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
