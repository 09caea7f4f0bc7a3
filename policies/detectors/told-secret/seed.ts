import { type Span, spansOf } from '../detector.ts';

const REACH = 96;
/** Base32 (RFC 4648), whole or in groups of four. */
const BASE32 = /(?<![A-Za-z0-9+/_=-])(?<secret>[A-Z2-7]{16,128})(?![A-Za-z0-9+/_-])/dg;
const GROUPS = /(?<![A-Za-z0-9+/_=-])(?<secret>[A-Z2-7]{4}(?:[ -][A-Z2-7]{4}){3,31})(?![A-Za-z0-9+/_=-])/dg;
const SMALL_GROUPS =
  /(?<![A-Za-z0-9+/_=-])(?<secret>[a-z2-7]{4}(?:[ ][a-z2-7]{4}){3,31})(?![A-Za-z0-9+/_=-])/dg;

export const SEED_PATTERNS: readonly RegExp[] = [BASE32, GROUPS, SMALL_GROUPS];

/** The secret of a generator of one-time codes (RFC 6238), in the line in which a word for it stands. */
export function* seedsBehind(text: string, end: number): Generator<Span> {
  const ahead = text.slice(end, end + REACH + 160);
  const stop = ahead.slice(0, REACH).indexOf('\n');
  const first = stop === -1 ? ahead : ahead.slice(0, stop);
  for (const pattern of SEED_PATTERNS) {
    for (const { start, end: last } of spansOf(first, pattern)) {
      if (start < REACH && /[2-7]/.test(first.slice(start, last)))
        yield { start: end + start, end: end + last };
    }
  }
}
