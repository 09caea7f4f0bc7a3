import type { Detector, Span } from '../detector.ts';
import { isPlaceholder, PLACEHOLDER_PATTERNS } from '../placeholder.ts';
import { type Assignment, assignmentAfter, isSecretLooking, READERS } from './assignment.ts';

const STRONG =
  'pass(?:word|wd|phrase|code)|pwd|secret|credentials?|(?:api|access|secret|private|account|encryption|signing|auth|master|shared[ _-]?access|session|service|license|webhook|deploy|storage|app|client|consumer)[ _-]?key';
const WEAK = 'token|pass|bearer|auth(?:orization)?|tkn|jwt|otp|pin|key';
const SUFFIX = '(?:[_-]?(?:hash|value|plain|base64|b64|enc|raw|string|[0-9]{1,4})){0,2}';
// The key ends with the word: `tokens`, `secretName` and `password_file` are about something else.
const KEY = new RegExp(`(?:(?<strong>${STRONG})|(?<weak>${WEAK}))${SUFFIX}(?![A-Za-z0-9_-])`, 'gi');

/** `HEROKU_KEY`: as the name of a constant; `primary_key` and a `key` alone are something else. */
const CONSTANT = /^KEY$/;
const LONG_VALUE = 16;
const SHORT_WORD = /^(?:pass|pin|otp|auth|bearer|jwt)$/i;

function* valuesOf(text: string): Generator<Span> {
  let covered = 0;
  for (const match of text.matchAll(KEY)) {
    if (match.index < covered || !isKeyStart(text, match.index, match[0])) continue;
    const value = assignmentAfter(text, match.index, match.index + match[0].length);
    if (value === undefined) continue;
    const raw = text.slice(value.start, value.end);
    if (isPlaceholder(raw) || !isConvincing(match, raw, value)) continue;
    covered = value.extent();
    yield { start: value.start, end: covered };
  }
}

/** Short words count as a word of their own only: not the end of `compass` or `spin`. */
function isKeyStart(text: string, start: number, key: string): boolean {
  if (isBareKey(key)) return CONSTANT.test(key) && text[start - 1] === '_';
  if (!SHORT_WORD.test(key) || start === 0) return true;
  const before = text.charAt(start - 1);
  const isCamelHump = /[a-z0-9]/.test(before) && /[A-Z]/.test(key.charAt(0));
  return isCamelHump || !/[A-Za-z0-9]/.test(before);
}

function isConvincing(key: RegExpExecArray, value: string, { certainty }: Assignment): boolean {
  const isStrong = key.groups?.['strong'] !== undefined;
  if (isBareKey(key[0])) return certainty === 'sure' && value.length >= LONG_VALUE && isSecretLooking(value);
  if (certainty === 'sure') return isStrong || value.length >= 4;
  return (certainty === 'likely' && isStrong) || isSecretLooking(value);
}

function isBareKey(key: string): boolean {
  return /^key/i.test(key);
}

export const detector: Detector = {
  id: 'key-value-secret',
  title: 'Value assigned to a name that says it is a secret',
  docs: 'CWE-532, CWE-798; forms: shell, INI, YAML, JSON, XML, HTTP, libpq and ADO.NET connection strings, SQL, CLI flags, Kubernetes env entries',
  net: 'all',
  keywords: [
    'pass',
    'pwd',
    'secret',
    'credential',
    'key',
    'bearer',
    'token',
    'auth',
    'tkn',
    'jwt',
    'otp',
    'pin',
  ],
  shapes: [],
  patterns: [KEY, CONSTANT, SHORT_WORD, ...READERS, ...PLACEHOLDER_PATTERNS],
  find: valuesOf,
};
