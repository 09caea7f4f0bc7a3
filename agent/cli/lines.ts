import type { Readable } from 'node:stream';

/**
 * A line longer than this is cut. What is left of it is not a whole JSON object any more, so whoever parses it
 * answers with an error for that line, and the lines after it are not affected.
 */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

interface ByteLine {
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

/** The lines of a stream as they arrive, without their ends; memory is bounded by the longest allowed line. */
export async function* readLines(input: Readable, maxBytes: number = MAX_LINE_BYTES): AsyncGenerator<string> {
  for await (const { bytes } of readByteLines(input, maxBytes)) yield bytes.toString('utf8');
}

/** The same, before anybody took them for UTF-8. */
export async function* readByteLines(
  input: Readable,
  maxBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<ByteLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let isCut = false;
  const keep = (part: Buffer): void => {
    const room = maxBytes - length;
    isCut ||= part.length > room;
    if (room <= 0 || part.length === 0) return;
    parts.push(part.subarray(0, room));
    length += Math.min(part.length, room);
  };
  const take = (): ByteLine => {
    const bytes = Buffer.concat(parts, length);
    const line = { bytes: bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes, isCut };
    parts = [];
    length = 0;
    isCut = false;
    return line;
  };
  for await (const chunk of input) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE, start); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      keep(bytes.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(bytes.subarray(start));
  }
  if (length > 0) yield take();
}
