import { normalise } from '../normalise.ts';
import { unwrap } from '../unwrap.ts';
import { type ByteHit, makeByteSearch } from './byte-search.ts';
import type { CanaryMarker } from './marker.ts';
import { needlesOf } from './needles.ts';

export type { CanaryMarker } from './marker.ts';

export interface CanaryProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint?: string;
}

/**
 * Markers in every form in which they are recognised: in any case, cut off (12 characters and three fifths of it
 * suffice), reversed, as hexadecimal, as base64 at any offset (both alphabets, UTF-8 and UTF-16), percent-encoded,
 * escaped, in fullwidth letters, over line breaks, and with invisible characters within. Values are never handed out.
 */
export interface CanarySet {
  /** In the order they were given, each once. */
  readonly ids: readonly string[];
  /** The first marker in a text, looked for in what the text decodes to as well. Linear in the length of the text. */
  find(text: string): { readonly id: string } | undefined;
  /** The first marker in bytes as they are, with its place: one pass that leaps over most of them. */
  findInBytes(bytes: Uint8Array): ByteHit | undefined;
}

/** A shorter one would be met by chance. */
const MIN_LENGTH = 8;
const MAX_LENGTH = 4_096;
/** Each marker is looked for in about fifty forms. */
const MAX_MARKERS = 512;
/** How often a text may be encoded in another. */
const MAX_DEPTH = 4;
const MAY_HIDE = /[%\\&]|[^\t\n\r\x20-\x7e]/;

/** What makes a marker unfit, by its place in the list; values are not quoted. */
export function checkCanaries(markers: readonly CanaryMarker[]): CanaryProblem[] {
  if (markers.length > MAX_MARKERS) {
    return [{ path: [], message: `has ${markers.length} markers; at most ${MAX_MARKERS} are allowed` }];
  }
  return markers.flatMap(({ value }, index): CanaryProblem[] => {
    const path = [index, 'value'];
    if (value.length > MAX_LENGTH) {
      return [{ path, message: `is longer than ${MAX_LENGTH} characters`, hint: 'a part of it is enough' }];
    }
    if (value.length >= MIN_LENGTH && new Set(value).size > 2) return [];
    const message = `must have at least ${MIN_LENGTH} characters, three of them different: it would be met by chance`;
    return [{ path, message, hint: 'exhibit-canary-… markers are made for this' }];
  });
}

/** @throws Error naming the ids of markers in which `checkCanaries` finds a problem. */
export function makeCanaries(markers: readonly CanaryMarker[]): CanarySet {
  const problems = checkCanaries(markers);
  if (problems.length > 0) {
    const all = problems.map(
      ({ path: [index], message }) => `${markers[Number(index)]?.id ?? 'canaries'}: ${message}`,
    );
    throw new Error(`canaries can not be used: ${all.join('; ')}`);
  }
  const findInBytes = makeByteSearch(markers.flatMap(needlesOf));
  const encoder = new TextEncoder();
  let scratch = new Uint8Array(0);

  const search = (text: string): ByteHit | undefined => {
    if (scratch.length < 3 * text.length) scratch = new Uint8Array(3 * text.length + 4_096);
    return findInBytes(scratch, 0, encoder.encodeInto(text, scratch).written);
  };
  /** As it is, then with its lines joined. */
  const searchLines = (text: string): ByteHit | undefined => {
    const joined = text.includes('\n') ? unwrap(text)?.text : undefined;
    return search(text) ?? (joined === undefined ? undefined : search(joined));
  };

  return {
    ids: [...new Set(markers.map(({ id }) => id))],
    find(text) {
      if (markers.length === 0) return undefined;
      let reading: string | undefined = text;
      for (let depth = 0; reading !== undefined && depth <= MAX_DEPTH; depth++) {
        const hit = searchLines(reading);
        if (hit !== undefined) return { id: hit.id };
        reading = MAY_HIDE.test(reading) ? normalise(reading)?.text : undefined;
      }
      return undefined;
    },
    findInBytes: (bytes) => findInBytes(bytes),
  };
}
