import type { Detector, Span } from '../detector.ts';
import { PLACEHOLDER_PATTERNS } from '../placeholder.ts';
import { type Assignment, assignmentAfter, READERS } from './assignment.ts';
import { KEY_PATTERNS, type Key, keysIn, mayHoldKey } from './keys.ts';
import {
  isCode,
  isGenerated,
  isMixed,
  isName,
  isNothing,
  isReference,
  isSecretLooking,
  isStatus,
  VALUE_PATTERNS,
} from './value.ts';
import { ABOUT, COMMON, PUBLIC_BEFORE } from './words.ts';

const MADE_UP =
  /^(?=[^A-Za-z]{0,64}[A-Za-z])(?=[^0-9]{0,64}[0-9])[^\s/:="'(),.]{0,64}[!@#$%^&*?+~][^\s/:="'()]{0,64}$/;
const USER_AND_PASSWORD = /^[\w.@-]{2,64}:(?=\S{0,64}[0-9!@#$%^&*])[^\s/]{5,128}$/;
/** Labels of a metric, among which `secret` is the name of one. */
const LABELS = /namespace=\\{0,3}"[^"]{0,64}",$/;
/** The last line of a PEM block, whose base64 may end in any word; private keys have a detector of their own. */
const ARMOUR = /^-----(?:BEGIN|END)/;
const PASSWORD = /^pass|^pwd|^pw$|^pswd/;

function* valuesOf(text: string, starts?: readonly number[]): Generator<Span> {
  let covered = 0;
  for (const key of keysIn(text, starts)) {
    if (key.start < covered || isPublic(text, key)) continue;
    const value = assignmentAfter(text, key.start, key.end);
    if (value === undefined) continue;
    const raw = text.slice(value.start, value.end);
    if (ARMOUR.test(raw) || isReference(raw) || !isConvincing(text, key, raw, value)) continue;
    covered = value.extent();
    yield { start: value.start, end: covered };
  }
}

/** `primary_key`, `nextPageToken`, `tokenId`. */
function isPublic(text: string, { start, end, word, strength, isLonger }: Key): boolean {
  if (isLonger) return ABOUT.test(text.slice(start, end));
  return (
    /key$|token$/.test(word) &&
    strength !== 'strong' &&
    PUBLIC_BEFORE.test(text.slice(Math.max(0, start - 24), start))
  );
}

function isConvincing(text: string, key: Key, value: string, found: Assignment): boolean {
  const { certainty, isQuoted } = found;
  const isStrong = key.strength === 'strong';
  if (!isQuoted && (isCode(value) || isNothing(value) || isOwnName(text, key, value, found))) return false;
  if (key.word === 'secret' && LABELS.test(text.slice(Math.max(0, key.start - 96), key.start)))
    return isGenerated(value);
  if (key.strength === 'bare') return isKeyOfSomething(text, key, value, certainty);
  if (key.isLonger) return certainty === 'sure' && isGenerated(value);
  if (certainty === 'bare') return isBareSecret(text, key, value);
  if (isStatus(value) && !(isStrong && certainty === 'sure')) return false;
  if (certainty === 'sure') {
    const isSaid = isStrong && PASSWORD.test(key.word);
    return isSaid || ((isStrong || value.length >= 4) && !isNothing(value));
  }
  if (certainty === 'likely' && isStrong) return true;
  if (certainty === 'vague' && isStrong && isQuoted && COMMON.has(value.toLowerCase())) return true;
  if (certainty === 'vague' && (/\s/.test(value) || (isName(value) && !isGenerated(value)))) return false;
  return isSecretLooking(value, isStrong || PASSWORD.test(key.word) ? 6 : 8);
}

/** `login(password=password)`, `self.password = password`. */
function isOwnName(text: string, key: Key, value: string, { end }: Assignment): boolean {
  if (value !== text.slice(key.start, key.end)) return false;
  return /[),;]/.test(text.charAt(end)) || text.charAt(key.start - 1) === '.';
}

/** After nothing but a space. */
function isBareSecret(text: string, key: Key, value: string): boolean {
  if (value.startsWith('-') || text.charAt(key.start - 1) === '/') return false;
  if (PASSWORD.test(key.word))
    return value.length >= 6 && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && isSecretLooking(value, 6);
  if (key.word.startsWith('cred') && USER_AND_PASSWORD.test(value)) return true;
  return isGenerated(value) || isMadeUp(value);
}

/** Letters, digits and a sign that names have not. */
function isMadeUp(value: string): boolean {
  const word = value.replace(/[.,;:!?)]{1,3}$/, '');
  return word.length >= 7 && MADE_UP.test(value) && isSecretLooking(value);
}

/** `HEROKU_KEY = "…"`, `shopKey: …`, `Key=…`: only a generated value tells. */
function isKeyOfSomething(text: string, key: Key, value: string, certainty: string): boolean {
  if (certainty === 'bare') return false;
  if (certainty === 'vague') return isGenerated(value) || isMadeUp(value);
  const isNamed = /[A-Za-z0-9][_-]?$/.test(text.slice(Math.max(0, key.start - 2), key.start));
  if (isNamed && /[_-]/.test(text.charAt(key.start - 1)) && text.startsWith('KEY', key.start))
    return value.length >= 16 && isSecretLooking(value);
  return isNamed ? isGenerated(value) : isMixed(value);
}

export const detector: Detector = {
  id: 'key-value-secret',
  title: 'Value assigned to a name that says it is a secret',
  docs: 'CWE-532, CWE-798; forms: shell, INI, YAML, JSON, XML, HTTP, libpq and ADO.NET connection strings, SQL, CLI flags, Kubernetes env entries, program text, prose',
  net: 'all',
  wraps: true,
  keywords: [
    'pass',
    'pwd',
    'pswd',
    'secret',
    'cred',
    'key',
    'bearer',
    'token',
    'auth',
    'tkn',
    'jwt',
    'otp',
    'pin',
    'pw',
    'psw',
    'psk',
    'sig',
    'sas',
    'dsn',
    'kennwort',
    'senha',
    'wachtwoord',
    'parola',
    'clave',
    'identified',
    'salasana',
    'heslo',
    'adgangskode',
    'contrase',
    'senord',
  ],
  accepts: mayHoldKey,
  shapes: [],
  patterns: [
    ARMOUR,
    PASSWORD,
    LABELS,
    MADE_UP,
    USER_AND_PASSWORD,
    ABOUT,
    PUBLIC_BEFORE,
    ...KEY_PATTERNS,
    ...VALUE_PATTERNS,
    ...READERS,
    ...PLACEHOLDER_PATTERNS,
  ],
  find: valuesOf,
};
