import { ConnectorError } from '../../sdk/index.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Names are at most 63 bytes unless the server was built otherwise. */
const MAX_NAME_BYTES = 253;

/** Goes over the bytes of one message, forward only. Whatever does not fit throws BAD_RESPONSE. */
export class ByteCursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#move(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#move(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#move(4));
  }

  oid(): number {
    return this.#bytes.readUInt32BE(this.#move(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#move(8));
  }

  lsn(): bigint {
    return this.#bytes.readBigUInt64BE(this.#move(8));
  }

  /** A name that ends with a NUL byte. */
  name(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0 || end - this.#at > MAX_NAME_BYTES) throw malformed();
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    try {
      return UTF8.decode(bytes);
    } catch {
      throw malformed();
    }
  }

  /** Passes over that many bytes and says where they lie; nobody reads them but to compare them. */
  span(length: number): Buffer {
    if (length < 0) throw malformed();
    const start = this.#move(length);
    return this.#bytes.subarray(start, start + length);
  }

  mustBeAtEnd(): void {
    if (!this.isAtEnd) throw malformed();
  }

  #move(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) throw malformed();
    this.#at = start + count;
    return start;
  }
}

export function malformed(): ConnectorError {
  return new ConnectorError('BAD_RESPONSE', 'the decoded log is not what pgoutput writes', {
    hint: 'Look at what answers in place of the server, and report its version.',
  });
}
