import { isUtf8 } from 'node:buffer';
import { UnreadableBundle } from './refuse.ts';

const NEWLINE = 0x0a;

/** Reads a stream of bytes piece by piece, with a cap on every piece. Holds no more than the piece asked for. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #done = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The first bytes, which stay to be read; fewer when there are no more. */
  async peek(count: number): Promise<Uint8Array> {
    const pieces = [this.#chunk];
    let held = this.#chunk.length;
    while (held < count) {
      const more = await this.#next();
      if (more === null) break;
      pieces.push(more);
      held += more.length;
    }
    if (pieces.length > 1) this.#chunk = Buffer.concat(pieces);
    return this.#chunk.subarray(0, count);
  }

  /** Exactly so many bytes. Throws TRUNCATED. */
  async exactly(count: number, where: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.upTo(count, where)) pieces.push(piece);
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
  }

  /** So many bytes as they come. Throws TRUNCATED. */
  async *upTo(count: number, where: string): AsyncGenerator<Uint8Array, void> {
    let missing = count;
    while (missing > 0) {
      const piece = await this.#some(missing);
      if (piece === null) throw new UnreadableBundle('TRUNCATED', where, 'the file ends too early');
      missing -= piece.length;
      yield piece;
    }
  }

  /** One line without its newline. Throws TRUNCATED, TOO_LARGE, NOT_UTF8. */
  async line(maxBytes: number, where: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      if (this.#chunk.length === 0) this.#chunk = (await this.#next()) ?? this.#chunk;
      if (this.#chunk.length === 0) throw new UnreadableBundle('TRUNCATED', where, 'the file ends too early');
      const newline = this.#chunk.indexOf(NEWLINE);
      const piece = newline === -1 ? this.#chunk : this.#chunk.subarray(0, newline);
      this.#chunk = this.#chunk.subarray(newline === -1 ? piece.length : newline + 1);
      length += piece.length;
      if (length > maxBytes) throw new UnreadableBundle('TOO_LARGE', where, `longer than ${maxBytes} bytes`);
      pieces.push(piece);
      if (newline !== -1) return inUtf8(pieces.length === 1 ? piece : Buffer.concat(pieces), where);
    }
  }

  /** Everything that is left, as it comes. */
  async *rest(): AsyncGenerator<Uint8Array, void> {
    for (let piece = await this.#some(Infinity); piece !== null; piece = await this.#some(Infinity)) {
      yield piece;
    }
  }

  async isAtEnd(): Promise<boolean> {
    return (await this.peek(1)).length === 0;
  }

  async close(): Promise<void> {
    this.#done = true;
    await this.#chunks.return?.();
  }

  async #some(max: number): Promise<Uint8Array | null> {
    const chunk = this.#chunk.length > 0 ? this.#chunk : await this.#next();
    if (chunk === null) return null;
    this.#chunk = chunk.subarray(Math.min(max, chunk.length));
    return chunk.subarray(0, Math.min(max, chunk.length));
  }

  async #next(): Promise<Uint8Array | null> {
    while (!this.#done) {
      const { done, value } = await this.#chunks.next();
      if (done === true) this.#done = true;
      else if (value.length > 0) return value;
    }
    return null;
  }
}

/** Whole lines without their newlines, in batches. Throws TRUNCATED, TOO_LARGE, NOT_UTF8, and SHAPE for an empty line. */
export async function* lineBatches(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  name: string,
): AsyncGenerator<readonly Uint8Array[], void> {
  let started: Uint8Array[] = [];
  let held = 0;
  let count = 0;
  for await (const chunk of chunks) {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end);
      lines.push(held === 0 ? piece : Buffer.concat([...started, piece]));
      [started, held, start] = [[], 0, end + 1];
    }
    if (start < chunk.length) started.push(chunk.subarray(start));
    held += chunk.length - start;
    checkLines(lines, held, maxBytes, (index) => `${name}, line ${count + index + 1}`);
    count += lines.length;
    if (lines.length > 0) yield lines;
  }
  if (held > 0) throw new UnreadableBundle('TRUNCATED', name, 'the last line has no end');
}

function checkLines(
  lines: readonly Uint8Array[],
  held: number,
  maxBytes: number,
  where: (index: number) => string,
): void {
  for (const [index, line] of lines.entries()) {
    if (line.length === 0) throw new UnreadableBundle('SHAPE', where(index), 'an empty line');
    if (line.length > maxBytes) throw tooLong(where(index), maxBytes);
    inUtf8(line, where(index));
  }
  if (held > maxBytes) throw tooLong(where(lines.length), maxBytes);
}

function tooLong(where: string, maxBytes: number): UnreadableBundle {
  return new UnreadableBundle('TOO_LARGE', where, `longer than ${maxBytes} bytes`);
}

function inUtf8(bytes: Uint8Array, where: string): Uint8Array {
  if (isUtf8(bytes)) return bytes;
  throw new UnreadableBundle('NOT_UTF8', where, 'a byte that is not UTF-8');
}
