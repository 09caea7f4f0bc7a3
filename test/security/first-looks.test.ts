import { describe, expect, it } from 'vitest';
import { DETECTORS } from '../../policies/detectors/index.ts';

/**
 * A detector's first look is taken at every place of a keyword, so what it reads there must not grow with the text: one
 * that goes to the end of a word takes 6 s for a text of 64 KiB that is one word of keywords. Counted in characters.
 */
const LENGTH = 16_384;
const BOUND = 2_048;

/** A text that counts what is read of it; not what expressions read, which are bounded (detectors/linear.test.ts). */
class CountedText extends String {
  read = 0;
  readonly #text: string;

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  override charCodeAt(at: number): number {
    this.read += 1;
    return this.#text.charCodeAt(at);
  }

  override charAt(at: number): string {
    this.read += 1;
    return this.#text.charAt(at);
  }

  override codePointAt(at: number): number | undefined {
    this.read += 1;
    return this.#text.codePointAt(at);
  }

  override slice(start?: number, end?: number): string {
    return this.#counted(this.#text.slice(start, end));
  }

  override substring(start: number, end?: number): string {
    return this.#counted(this.#text.substring(start, end));
  }

  override indexOf(wanted: string, from = 0): number {
    const found = this.#text.indexOf(wanted, from);
    this.read += (found === -1 ? this.length : found) - from;
    return found;
  }

  override lastIndexOf(wanted: string, from = this.length): number {
    const found = this.#text.lastIndexOf(wanted, from);
    this.read += from - Math.max(0, found);
    return found;
  }

  override includes(wanted: string, from = 0): boolean {
    return this.indexOf(wanted, from) !== -1;
  }

  #counted(part: string): string {
    this.read += part.length;
    return part;
  }
}

/** What is put around a keyword, again and again. */
const AROUND: readonly (readonly [string, string])[] = [
  ['', ''],
  ['+', ''],
  ['', ' '],
  [' ', '='],
  ['"', '":"'],
  ['', '1'],
  ['1', 'a'],
  ['-', '-'],
  ['.', '.'],
  ['\n', ''],
  ['', '(('],
  ['/', ':'],
  ['', '     '],
];

/** The most that one look reads, at the first place of the keyword, one in the middle and the last. */
function mostRead(keyword: string, accepts: (text: string, start: number, end: number) => boolean): number {
  let most = 0;
  for (const [before, after] of AROUND) {
    const unit = before + keyword + after;
    const times = Math.ceil(LENGTH / unit.length);
    const text = unit.repeat(times);
    for (const index of [0, Math.floor(times / 2), times - 1]) {
      const counted = new CountedText(text);
      const start = index * unit.length + before.length;
      accepts(counted as unknown as string, start, start + keyword.length);
      most = Math.max(most, counted.read);
    }
  }
  return most;
}

describe('the first look of a detector', () => {
  const looking = DETECTORS.flatMap(({ id, keywords, accepts }) =>
    accepts === undefined ? [] : [[id, keywords, accepts] as const],
  );

  it.each(looking)('of %s reads a bounded stretch', (_id, keywords, accepts) => {
    const most = keywords.map((keyword) => keyword.replaceAll('#', '7')).map((one) => mostRead(one, accepts));
    expect(Math.max(...most)).toBeLessThanOrEqual(BOUND);
  });

  it('is caught when it goes to the end of a word, or takes the rest of the text', () => {
    const toTheEnd = (text: string, start: number) => {
      let at = start;
      while (text.charCodeAt(at) > 0x20) at += 1;
      return at > start;
    };
    expect(mostRead('toggl', toTheEnd)).toBeGreaterThan(BOUND);
    expect(mostRead('toggl', (text, start) => text.lastIndexOf('x', start) > 0)).toBeGreaterThan(BOUND);
    expect(mostRead('toggl', (text, start) => text.slice(start).startsWith('a'))).toBeGreaterThan(BOUND);
    expect(mostRead('toggl', (text, start, end) => text.slice(start, end) === 'a')).toBeLessThan(BOUND);
  });
});
