import type { Assignment } from './assignment.ts';
import type { Key } from './keys.ts';
import { isGenerated, isMixed, isRoute, isSecretLooking } from './value.ts';
import { PASSWORDS } from './words.ts';

/** Letters of both cases with signs between them that no name has. */
const SIGNED =
  /^(?=[^A-Z]{0,64}[A-Z])(?=[^a-z]{0,64}[a-z])[A-Za-z0-9]{2,32}[@#$%^&*~!][A-Za-z0-9_]{1,32}[@#$%^&*~!][^\s/:="'(),.<>]{1,64}$/;
const MADE_UP =
  /^(?=[^A-Za-z]{0,64}[A-Za-z])(?=[^0-9]{0,64}[0-9])[^\s/:="'(),.]{0,64}[!@#$%^&*?+~][^\s/:="'()]{0,64}$/;
const USER_AND_PASSWORD = /^[\w.@-]{2,64}:(?=\S{0,64}[0-9!@#$%^&*])[^\s/]{5,128}$/;
const ONE_TIME = /(?:one[- ]?time|temporary|sms|otp|2fa)[ ]$/i;
/** FTP, POP3 and IRC: the line of a client, in a session that has others. */
const CLIENT_LINE = /(?:\bUSER[ \t:]|\b331[ -]|\+OK|\bNICK[ \t])/;
/** A line of a stack trace: `OrderService.java:263`. */
const IN_FILE = /\.[a-z]{1,8}(?::[0-9]{1,8}|$)/;

export const ALONE_PATTERNS: readonly RegExp[] = [
  SIGNED,
  MADE_UP,
  USER_AND_PASSWORD,
  ONE_TIME,
  CLIENT_LINE,
  IN_FILE,
];

/** After nothing but a space. */
export function isBareSecret(text: string, key: Key, value: string, { start }: Assignment): boolean {
  const isJoined = text.slice(key.end, start).trim() === '';
  if (value.startsWith('-') || (text.charAt(key.start - 1) === '/' && isJoined)) return false;
  if (text.slice(key.end, start).includes('\n'))
    return isGenerated(value) || (key.strength === 'strong' && isMadeUp(value));
  if (/^[0-9]{4,8}$/.test(value) && ONE_TIME.test(text.slice(Math.max(0, key.start - 12), key.start)))
    return true;
  if (isInSession(text, key)) return value.length >= 4 && !isRoute(value);
  if (PASSWORDS.has(key.word))
    return value.length >= 6 && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && isSecretLooking(value, 6);
  if (key.word.startsWith('cred') && USER_AND_PASSWORD.test(value)) return true;
  return isGenerated(value) || isMadeUp(value);
}

/** `PASS x` at the start of a line, after `USER x`. */
function isInSession(text: string, { start, end }: Key): boolean {
  if (text.slice(start, end) !== 'PASS') return false;
  const before = text.slice(Math.max(0, start - 160), start);
  return /(?:^|[\n>:]|#012)[ \t]{0,2}$/.test(before.slice(-4)) && CLIENT_LINE.test(before);
}

/** After nothing but a bracket, where an argument may stand: letters of both cases and digits. */
export function isBracketed(value: string): boolean {
  if (value.length < 6 || IN_FILE.test(value) || /[()]/.test(value) || !isSecretLooking(value, 6))
    return false;
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
}

/** `HEROKU_KEY = "…"`, `shopKey: …`, `Key=…`: only a generated value tells. */
export function isKeyOfSomething(text: string, key: Key, value: string, certainty: string): boolean {
  if (certainty === 'bare') return false;
  if (certainty === 'vague') return isGenerated(value) || isMadeUp(value);
  const isNamed = /[A-Za-z0-9][_-]?$/.test(text.slice(Math.max(0, key.start - 2), key.start));
  if (isNamed && /[_-]/.test(text.charAt(key.start - 1)) && text.startsWith('KEY', key.start))
    return value.length >= 16 && isSecretLooking(value);
  return isNamed ? isGenerated(value) : isMixed(value);
}

/** Letters, digits and a sign that names have not. */
function isMadeUp(value: string): boolean {
  const word = value.replace(/[.,;:!?)]{1,3}$/, '');
  return word.length >= 7 && (MADE_UP.test(value) || SIGNED.test(word)) && isSecretLooking(value);
}
