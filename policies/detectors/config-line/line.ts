/** A line of a configuration, and what it is looked for by. */
export interface Line {
  /** In small letters. */
  readonly words: readonly string[];
  /** With the groups `secret`, `double` or `single`. */
  readonly pattern: RegExp;
}

/** A value in quotes or without, of so many characters. */
export function valueOfLength(least: number): string {
  return String.raw`(?:"(?<double>[^"\n]{${least},256})"|'(?<single>[^'\n]{${least},256})'|(?<secret>[^\s"';{}<>$]\S{${least - 1},255}|\$[0-9a-z]{1,8}\$[^\s;"']{4,255}))`;
}

export const VALUE = valueOfLength(3);

export function line(words: readonly string[], source: string): Line {
  return { words, pattern: new RegExp(source, 'dgi') };
}
