import type { Detector, Span } from '../detector.ts';
import { isReference, isStatus } from '../key-value-secret/value.ts';
import { mayBePair, PAIR_KEYWORDS, PAIR_PATTERNS, pairsOf } from './pairs.ts';
import { mayHaveTail, TAIL_KEYWORDS, TAIL_PATTERNS, tailsOf } from './tails.ts';

/** The field beside a new password. */
const CONFIRM =
  /(?:confirm(?:ation|ed)?|retype[d]?|repeat|verify|again|password2)(?:_?value)?\\{0,3}["']?\s{0,4}[:=]\s{0,4}(?:\\{0,3}"(?<double>[^"\\\n]{4,256})|'(?<single>[^'\n]{4,256})'|(?<secret>(?<==)[^\s"'&,;]{4,256}))/dgi;
const PASSWORD_BEFORE = /passw(?:or)?d|passwd|pwd/i;
const CONFIRM_REACH = 240;
const CONFIRM_KEYWORDS: readonly string[] = ['confirm', 'retype', 'repeat', 'verify', 'again', 'password2'];
const CONFIRM_WORDS: ReadonlySet<string> = new Set(CONFIRM_KEYWORDS);
const PAIR_WORDS: ReadonlySet<string> = new Set(PAIR_KEYWORDS);
const LONGEST_NAME = 16;

function* secrets(text: string): Generator<Span> {
  yield* pairsOf(text);
  yield* tailsOf(text);
  for (const match of text.matchAll(CONFIRM)) {
    const groups = match.indices?.groups;
    const [start, end] = groups?.['secret'] ?? groups?.['double'] ?? groups?.['single'] ?? [0, 0];
    const value = text.slice(start, end);
    if (isReference(value) || isStatus(value)) continue;
    const before = text.slice(Math.max(0, match.index - CONFIRM_REACH), match.index);
    if (PASSWORD_BEFORE.test(before)) yield { start, end };
  }
}

function accepts(text: string, start: number, end: number): boolean {
  const word = text.slice(start, end).toLowerCase();
  if (CONFIRM_WORDS.has(word)) return isAssigned(text, end);
  return PAIR_WORDS.has(word) ? mayBePair(text, start) : mayHaveTail(text, start);
}

/** The name ends soon, and a sign follows. */
function isAssigned(text: string, from: number): boolean {
  let at = from;
  while (at < from + LONGEST_NAME && IN_NAME[text.charCodeAt(at)] === 1) at++;
  const sign = text.charAt(at);
  return sign === ':' || sign === '=';
}

const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w"'\\ ]/.test(String.fromCharCode(code)) ? 1 : 0,
);

export const detector: Detector = {
  id: 'second-secret',
  title: 'What stands beside a secret: another one, or the rest of it',
  docs: 'CWE-532: logs of changes and comparisons, strings in pieces, lines that go on, values that were cut',
  net: 'all',
  keywords: [...CONFIRM_KEYWORDS, ...PAIR_KEYWORDS, ...TAIL_KEYWORDS],
  accepts,
  shapes: [],
  patterns: [...PAIR_PATTERNS, ...TAIL_PATTERNS, CONFIRM, PASSWORD_BEFORE],
  find: secrets,
};
