import type { Span } from '../detector.ts';
import { isGenerated, isName, isReference, isSecretLooking, isStatus } from '../key-value-secret/value.ts';

const QUOTED = String.raw`(?:"(?<firstDouble>[^"\n]{3,256})"|'(?<firstSingle>[^'\n]{3,256})'|\x60(?<firstRaw>[^\x60\n]{3,256})\x60|(?<first>[^\s"'\x60,;]{3,256}))`;
const SECOND = String.raw`(?:"(?<double>[^"\n]{3,256})"|'(?<single>[^'\n]{3,256})'|\x60(?<raw>[^\x60\n]{3,256})\x60|(?<second>[^\s"'\x60,;]{3,256}))`;
const WHAT = String.raw`(?:passw(?:or)?ds?|passwd|passphrase|pass|pw|pwd|secret|token|api[ _-]?key|access[ _-]?key|key|credentials?|creds)`;

/** `rotate db password from … to …` */
const FROM_TO = new RegExp(
  String.raw`(?<![A-Za-z])(?<what>${WHAT})(?:[ ][\w@.-]{1,32}){0,5}?[ ]from[ ]{1,2}${QUOTED}[ ]{1,2}(?:to|into)[ ]{1,2}${SECOND}`,
  'dgi',
);
/** `expected token …, got …` */
const EXPECTED = new RegExp(
  String.raw`(?:expect(?:ed|ing)?|want(?:ed)?|got|received|invalid|wrong|unknown|mismatch(?:ed)?|bad)[:=]?[ ](?:[\w-]{1,16}[ ]){0,2}?(?<what>${WHAT})?[:=]?[ ]{0,2}${QUOTED}[,;)]?[ ]{1,2}[(]?(?:but[ ])?(?:it[ ])?(?:got|received|was|found|actual(?:ly)?|want(?:ed)?|expect(?:ed|ing)?|!=)[:=]?[ ]{1,2}(?:(?:a|the|token|password|secret|key)[ ]){0,2}${SECOND}`,
  'dgi',
);
/** `password … does not match …`, `tokens differ: … vs …` */
const UNLIKE = new RegExp(
  String.raw`(?<![A-Za-z])(?<what>${WHAT})s?(?:[ ][\w-]{1,16}){0,4}[:=]?[ ]${QUOTED}[ ](?:does[ ]not[ ](?:match|equal)|doesn't[ ]match|did[ ]not[ ]match|differs[ ]from|is[ ]not[ ]equal[ ]to|vs\.?|!=)[ ]${SECOND}`,
  'dgi',
);
const ABOUT = /passw|passphrase|\bpw\b|pwd|secret|token|api[ _-]?key|cred|signature|auth/i;

/** What is compared as often, and is no secret. */
const DIGEST = /checksum|digest|\bhash\b|\bsha[0-9]{0,3}\b|commit|e-?tag|revision|version|fingerprint/i;

export const PAIR_PATTERNS: readonly RegExp[] = [FROM_TO, EXPECTED, UNLIKE, ABOUT, DIGEST];

export const PAIR_KEYWORDS: readonly string[] = [
  ' from ',
  ', got ',
  ' but got ',
  ', got: ',
  ', want ',
  '(expected ',
  ', expected ',
  ', received ',
  ' but received ',
  ' not match ',
  ' vs ',
  ' differs from ',
];

/** Two values that one name is said of: what it was and what it is, what was expected and what came. */
export function* pairsOf(text: string): Generator<Span> {
  yield* pairs(text, FROM_TO);
  yield* pairs(text, EXPECTED);
  yield* pairs(text, UNLIKE);
}

function* pairs(text: string, pattern: RegExp): Generator<Span> {
  for (const match of text.matchAll(pattern)) {
    const groups = match.indices?.groups;
    const first =
      groups?.['first'] ?? groups?.['firstDouble'] ?? groups?.['firstSingle'] ?? groups?.['firstRaw'];
    const second = groups?.['second'] ?? groups?.['double'] ?? groups?.['single'] ?? groups?.['raw'];
    if (first === undefined || second === undefined) continue;
    if (match.groups?.['what'] === undefined && !mayBePair(text, match.index + SIGHT)) continue;
    if (DIGEST.test(match[0])) continue;
    const isPassword = /^pass|^pw|^cred/i.test(match.groups?.['what'] ?? '');
    const both = [first, second].map((span) => trimmed(text, span));
    const looks = both.map(({ start, end }) => isOne(text.slice(start, end), isPassword));
    if (!looks.includes(true)) continue;
    for (const [at, span] of both.entries()) {
      if (looks[at] === true || (isPassword && mayBeOne(text.slice(span.start, span.end)))) yield span;
    }
  }
}

/** Without what ends the sentence. */
function trimmed(text: string, [start, end]: readonly [number, number]): Span {
  return { start, end: start + text.slice(start, end).replace(/[.,;:?)]{1,2}$/, '').length };
}

function isOne(value: string, isPassword: boolean): boolean {
  if (!mayBeOne(value) || (isName(value) && !/[0-9]{3}/.test(value))) return false;
  return isPassword ? isSecretLooking(value, 6) : isGenerated(value);
}

/** `[REDACTED:…` may be what is left of the other one. */
function mayBeOne(value: string): boolean {
  return value.length > 3 && !value.startsWith('[REDACTED') && !isReference(value) && !isStatus(value);
}

/** A word that says what the values are stands near. */
export function mayBePair(text: string, start: number): boolean {
  return ABOUT.test(text.slice(Math.max(0, start - REACH), start));
}

const REACH = 200;
/** Of a match, its first word. */
const SIGHT = 16;
