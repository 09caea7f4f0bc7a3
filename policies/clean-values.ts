import type { Scanner } from './redact.ts';

/** Strings that are remembered, at most twice as many; 512 characters is the longest kept value. */
const GENERATION = 4_096;
const MAX_LENGTH = 512;

/**
 * The same scanner, which does not read again what it found clean before. Values that are kept repeat from record to
 * record and from run to run: names, states, images, setting names. What was asked for lately is kept, the rest
 * forgotten a generation at a time, so that names that come only once cost little.
 */
export function rememberingClean(scanner: Scanner): Scanner {
  let young = new Set<string>();
  let old = new Set<string>();
  function remember(text: string): void {
    if (young.size >= GENERATION) {
      old = young;
      young = new Set();
    }
    young.add(text);
  }
  return {
    ...scanner,
    hasFinding(text) {
      if (young.has(text)) return false;
      if (!old.has(text) && scanner.hasFinding(text)) return true;
      if (text.length <= MAX_LENGTH) remember(text);
      return false;
    },
  };
}
