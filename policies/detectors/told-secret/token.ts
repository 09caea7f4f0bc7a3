import { isMixedWord } from '../key-value-secret/in-words.ts';
import { isChosenWord, isJoinedWords, isTechnique } from '../key-value-secret/states.ts';
import { isGenerated, isReference } from '../key-value-secret/value.ts';

/** `strong`: nobody writes that for anything else; `weak`: a word with digits, or words that are joined. */
type Strength = 'strong' | 'weak' | 'none';

const SHORTEST = 6;
const LONGEST = 128;
/** Addresses, paths, links, versions, dates, ids that say whose they are, members of programs, calls, markup. */
const NO_SECRET: readonly RegExp[] = [
  /:\/\/|^[./~\\]|sha(?:1|256|512)|^\[?REDACTED|[()<>{}[\]|]/i,
  /^[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){0,8}$/,
  /^[a-z][a-z._-]{0,32}[=:]/i,
  /^v?[0-9]{1,8}[.:,/-]/,
  /^[$%#&@][A-Za-z_]{0,64}$/,
  /^\w{1,64}(?:\.\w{1,64}){1,8}$/,
  /^[A-Za-z][\w-]{0,64}(?:\/[\w.@-]{1,64}){1,8}$/,
  /^[A-Za-z]:\\/,
  /\.(?:ya?ml|json|conf|cfg|ini|log|txt|md|sh|py|js|ts|go|java|rb|php|sql|env|pem|key|crt|xml|html|local|internal|com|net|org|io|dev)\b/i,
];
const HEXADECIMAL = /^[0-9a-f-]{6,128}$/i;
const TICKET = /^[A-Z]{2,12}-[0-9]/;
/** `Adm1n2024` */
const NUMBERED_WITHIN = /^[A-Z][a-z]{1,8}[0-9][a-z]{1,8}[0-9]{2,6}[!?*#.]?$/;
const IN_CAPITALS = /^[A-Z0-9_-]{1,128}$/;
/** Letters and digits, with a sign between them that no name has. */
const SIGNED = /^(?=[^A-Za-z]{0,64}[A-Za-z])[^\s=]{1,64}[!@#$%^&*+=~?;.,_-]{1,8}[A-Za-z0-9]/;
const HARD_SIGN = /[!@#$%^&*+=~?]/;
const CHOSEN = /^(?<letters>[A-Za-z]{4,16}(?:[_.-]?[A-Za-z]{4,16}){0,2})[_.-]?[0-9]{2,6}[!?*#.]?$/;
/** What carries a number and is no password: products, roles of hosts, things that are counted. */
const NUMBERED =
  /^(?:[a-z]{0,12}[_.-]?)?(?:postgres(?:ql)?|mysql|mariadb|node|nodes|worker|master|replica|primary|server|service|host|build|release|python|java|redis|kafka|prod|stage|staging|test|ubuntu|debian|windows|centos|rhel|rocky|azure|oracle|http|https|base|utf|sha|port|user|users|step|line|page|issue|ticket|case|incident|change|phase|part|task|rack|room|zone|shard|broker|cluster|database|version|batch|order|item|vlan|eth|bond|disk|volume|jdk|openjdk|dotnet|mongo|mongodb|tomcat|jenkins|nginx|exchange|office|server|week|sprint|tenant|region|subnet|pod|vpn|router|switch|mail|gateway|proxy|cache|queue|account|client|customer|device|printer|laptop|jira|table|schema|column|revision|commit|event|error|code|exit|signal|status|kerberos|oauth|mfa|totp|argon|bcrypt|scrypt|pbkdf|aes|rsa|ntlm|krb)$/i;
const SMALL_NAME = /^[a-z0-9]{1,40}(?:[-.][a-z0-9]{1,40}){1,8}$/;
const LETTERS_AND_DIGITS = /^(?=[^A-Z]{0,64}[A-Z])(?=[^a-z]{0,64}[a-z])/;
const LONG_WORDS = /[A-Z]?[a-z]{4,32}/g;
/** From small letters to capitals, and between letters and digits. */
const CHANGE = /[a-z](?=[A-Z])|[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g;
const ABOUT = /passw|passphrase|passcode|credential|secret|token|auth/i;

export const TOKEN_PATTERNS: readonly RegExp[] = [
  ...NO_SECRET,
  HEXADECIMAL,
  IN_CAPITALS,
  TICKET,
  NUMBERED_WITHIN,
  SIGNED,
  HARD_SIGN,
  CHOSEN,
  NUMBERED,
  SMALL_NAME,
  LETTERS_AND_DIGITS,
  LONG_WORDS,
  CHANGE,
  ABOUT,
];

/** How much a word of a sentence looks like a password, by itself. */
export function strengthOf(value: string): Strength {
  if (value.length < SHORTEST || value.length > LONGEST) return 'none';
  if (NO_SECRET.some((form) => form.test(value)) && !isRandom(value)) return 'none';
  if (isReference(value) || isTechnique(value) || ABOUT.test(value)) return 'none';
  if (HEXADECIMAL.test(value) || IN_CAPITALS.test(value) || TICKET.test(value)) return 'none';
  if (isRandom(value) || isSigned(value)) return 'strong';
  if (isJoinedWords(value)) return 'weak';
  if (SMALL_NAME.test(value) || !isMixedWord(value) || !/[0-9]/.test(value)) return 'none';
  if (NUMBERED_WITHIN.test(value)) return 'weak';
  const letters = CHOSEN.exec(value)?.groups?.['letters'];
  return letters !== undefined && !NUMBERED.test(letters) ? 'weak' : 'none';
}

/** Also a word of its own, where the place says enough. */
export function isWordOrStronger(value: string): boolean {
  return strengthOf(value) !== 'none' || (value.length >= 8 && isChosenWord(value));
}

/** Of letters of both cases in no order that words have. */
function isRandom(value: string): boolean {
  if (!LETTERS_AND_DIGITS.test(value) || !/^[\w+/=.~!@#$%^&*?-]{10,128}$/.test(value)) return false;
  if (/^[\w.-]{1,32}[=/][\w./-]{1,32}$/.test(value) && !/^\w{0,12}[0-9]/.test(value)) return false;
  if (!isGenerated(value) && !isOfChanges(value)) return false;
  const inWords = value.match(LONG_WORDS)?.reduce((sum, word) => sum + word.length, 0) ?? 0;
  return inWords * 2 < value.length;
}

/** The same, whatever signs stand between them. */
function isOfChanges(value: string): boolean {
  const plain = value.replaceAll(/[^A-Za-z0-9]/g, '');
  const changes = plain.match(CHANGE)?.length ?? 0;
  return plain.length >= 10 && changes >= Math.max(4, plain.length / 4);
}

/** Letters, digits or capitals, and in the middle a sign: `Ma7ple!Stone`. */
function isSigned(value: string): boolean {
  if (!SIGNED.test(value) || !HARD_SIGN.test(value.slice(0, -1)) || value.length < 8) return false;
  if (/^[^A-Za-z0-9]{0,4}[A-Za-z]{1,24}[^A-Za-z0-9]{1,4}$/.test(value)) return false;
  return /[0-9]/.test(value) && /[A-Za-z]{2}/.test(value) && !/^[\w.-]{1,64}[=][\w.-]{0,64}$/.test(value);
}
