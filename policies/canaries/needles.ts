import type { Needle } from './byte-search.ts';
import type { CanaryMarker } from './marker.ts';

/** What is left of a marker that was cut off is still recognised: this many characters, and this share of it. */
const MIN_PART = 12;
const MIN_SHARE = 0.6;

/**
 * The forms in which a marker is looked for. Whatever holds the whole marker also holds its beginning, so it is enough
 * to look for the shortest beginning and the shortest end that still tell: cut-off markers are found by the same search.
 */
export function needlesOf({ id, value }: CanaryMarker): Needle[] {
  const length = Math.max(Math.min(MIN_PART, value.length), Math.ceil(MIN_SHARE * value.length));
  const parts = new Set([value.slice(0, length), value.slice(-length)]);
  const needles = new Map<string, Uint8Array>();
  for (const part of parts) {
    for (const bytes of formsOf(part))
      needles.set(Buffer.from(bytes).toString('latin1').toLowerCase(), bytes);
  }
  return [...needles.values()].map((bytes) => ({ id, bytes }));
}

function* formsOf(value: string): Generator<Uint8Array> {
  for (const cased of new Set([value, value.toLowerCase(), value.toUpperCase()])) {
    const bytes = Buffer.from(cased);
    yield bytes;
    yield Buffer.from([...cased].toReversed().join(''));
    yield Buffer.from(JSON.stringify(cased).slice(1, -1));
    yield Buffer.from(encodeURIComponent(cased.toWellFormed()));
    yield* encodingsOf(bytes);
  }
  // Windows and PowerShell encode UTF-16.
  const wide = Buffer.from(value, 'utf16le');
  yield* encodingsOf(wide);
  yield* encodingsOf(Buffer.from(wide).swap16());
}

function* encodingsOf(bytes: Buffer): Generator<Uint8Array> {
  yield Buffer.from(bytes.toString('hex'));
  for (const offset of [0, 1, 2]) {
    const core = base64Core(bytes, offset);
    yield Buffer.from(core);
    yield Buffer.from(core.replaceAll('+', '-').replaceAll('/', '_'));
  }
}

/** The digits of base64 that are the same whatever stands before (so many bytes, modulo 3) and after. */
function base64Core(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const mixed = offset === 0 ? 0 : offset + 1;
  return encoded.slice(mixed, Math.floor(((offset + bytes.length) * 8) / 6));
}
