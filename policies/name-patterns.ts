import { matchesRest } from './compile.ts';

/** In no pattern: names are letters, digits and punctuation. */
const NOWHERE = '\u0000';

/**
 * Names that stand for all there are: which of the patterns a name matches is told by the longest `prefix*` that it
 * has, and by whether it is one of the exact names. So to ask about these is to ask about every name.
 */
export function representatives(patterns: readonly string[]): readonly string[] {
  return [...new Set(['*', ...patterns])].map((pattern) =>
    pattern.endsWith('*') ? `${pattern.slice(0, -1)}${NOWHERE}` : pattern,
  );
}

/** A representative as an operator would write it. */
export function shownName(representative: string): string {
  if (representative === NOWHERE) return 'any other';
  return representative.endsWith(NOWHERE) ? `${representative.slice(0, -1)}*` : representative;
}

/** Which names one test lets through and another does not. */
export function gained(
  names: readonly string[],
  before: (name: string) => boolean,
  after: (name: string) => boolean,
): readonly string[] {
  return names.filter((name) => !before(name) && after(name)).map(shownName);
}

export function matchesSome(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesRest(pattern, name));
}
