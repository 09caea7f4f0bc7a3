import type { Scanner } from './redact.ts';

/**
 * Strings that are remembered and characters of them, at most twice as many, which is 4 MB: as many names as some
 * thousand objects have. 512 characters is the longest kept value.
 */
const GENERATION = 16_384;
const MAX_CHARACTERS = 1_000_000;
const MAX_LENGTH = 512;

/** Those met last, found without a hash of the whole string: most values are one of a few hundred. */
const LATEST = 4_096;

/**
 * The same scanner, which does not read again what it found clean before. Values that are kept repeat from record to
 * record and from run to run: names, states, images, setting names. What was asked for lately is kept, the rest
 * forgotten a generation at a time, so that names that come only once cost little.
 */
export function rememberingClean(scanner: Scanner): Scanner {
  const latest: string[] = Array.from({ length: LATEST }, () => '');
  let young = new Set<string>();
  let old = new Set<string>();
  let characters = 0;

  function remember(text: string): void {
    if (young.size >= GENERATION || characters >= MAX_CHARACTERS) {
      old = young;
      young = new Set();
      characters = 0;
      latest.fill('');
    }
    young.add(text);
    characters += text.length;
  }

  return {
    ...scanner,
    hasFinding(text) {
      const place = placeOf(text);
      if (latest[place] === text) return false;
      if (!young.has(text)) {
        if (!old.has(text) && scanner.hasFinding(text)) return true;
        if (text.length > MAX_LENGTH) return false;
        remember(text);
      }
      latest[place] = text;
      return false;
    },
  };
}

/** By some of the characters, from all over the string. */
function placeOf(text: string): number {
  const step = (text.length >> 3) + 1;
  let mixed = text.length;
  for (let at = text.length - 1; at >= 0; at -= step) mixed = Math.imul(mixed, 31) + text.charCodeAt(at);
  return (mixed ^ (mixed >>> 12)) & (LATEST - 1);
}
