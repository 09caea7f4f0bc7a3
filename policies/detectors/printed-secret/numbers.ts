import type { Span } from '../detector.ts';

/** The private numbers of a key, as `openssl pkey -text` names them. */
export const NUMBERS: readonly string[] = [
  'privateexponent:',
  'prime1:',
  'prime2:',
  'exponent1:',
  'exponent2:',
  'coefficient:',
  'priv:',
  'private-key:',
];
const BYTES = /^[ \t]{1,32}[0-9a-f]{2}(?::[0-9a-f]{2}){0,63}:?[ \t\r]{0,4}$/;
const LONGEST_LINE = 256;

export const NUMBER_PATTERNS: readonly RegExp[] = [BYTES];

/** The lines of bytes below, as one span. */
export function* bytesBelow(text: string, end: number): Generator<Span> {
  const first = end + text.slice(end, end + 64).indexOf('\n');
  if (first < end) return;
  let last = first;
  for (let from = first + 1; from < text.length; ) {
    const ahead = text.slice(from, from + LONGEST_LINE);
    const found = ahead.indexOf('\n');
    const line = found === -1 ? ahead : ahead.slice(0, found);
    if (!BYTES.test(line)) break;
    last = from + line.trimEnd().length;
    from += line.length + 1;
  }
  if (last === first) return;
  const lead = text.slice(first + 1, first + 40).search(/[0-9a-f]/);
  yield { start: first + 1 + lead, end: last };
}
