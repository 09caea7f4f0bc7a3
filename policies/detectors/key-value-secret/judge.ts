import type { Assignment } from './assignment.ts';
import { IN_WORDS_PATTERNS, isPassphrase, isToldInWords } from './in-words.ts';
import type { Key } from './keys.ts';
import { isNoSecret, NO_SECRET_PATTERNS } from './no-secret.ts';
import { isDecorated, isIdentifier, isNoValueHere, isOfTypes, isSaid, SAID_PATTERNS } from './said.ts';
import { isChosenWord, isJoinedWords, isOfProse, isState, isTechnique, STATE_PATTERNS } from './states.ts';
import {
  isCode,
  isGenerated,
  isMixed,
  isName,
  isNothing,
  isReference,
  isRoute,
  isSecretLooking,
  isStatus,
} from './value.ts';
import { ABOUT, COMMON, PASSWORDS, PUBLIC_BEFORE } from './words.ts';

/** Letters of both cases with signs between them that no name has. */
const SIGNED =
  /^(?=[^A-Z]{0,64}[A-Z])(?=[^a-z]{0,64}[a-z])[A-Za-z0-9]{2,32}[@#$%^&*~!][A-Za-z0-9_]{1,32}[@#$%^&*~!][^\s/:="'(),.<>]{1,64}$/;
/** `URL-decoded` */
const HYPHENATED = /^[A-Z]{2,6}-[a-z]{3,16}[.,;]{0,1}$/;
const MADE_UP =
  /^(?=[^A-Za-z]{0,64}[A-Za-z])(?=[^0-9]{0,64}[0-9])[^\s/:="'(),.]{0,64}[!@#$%^&*?+~][^\s/:="'()]{0,64}$/;
const USER_AND_PASSWORD = /^[\w.@-]{2,64}:(?=\S{0,64}[0-9!@#$%^&*])[^\s/]{5,128}$/;
/** Of a digest, of a test that passed. */
const NO_NAME_BEFORE = /(?:checksum|hash|digest)[/_.-]$|--- $/i;
/** What the name of a Kubernetes Secret stands behind: `tlsSecret`, `credentials-secret`. */
const SECRET_NAME =
  /(?<!client|app|api|shared|consumer|user|oauth2?|jwt|session|cookie|hmac|signing|webhook|the|my|a|[^A-Za-z_-])[_-]?$/i;
/** A label of a program, and the end of its line. */
const LABEL = /^[\\"'`]{0,4}\s{0,8}:[ \t]{0,8}\r?\n\s{0,64}$/;
/** `define('DB_PASSWORD', `, `os.Setenv("DB_PASSWORD", `; a setter, or what a builder has. */
const SETS_NAMED =
  /(?:define|setenv|putenv|setproperty|put|set|add|setitem|option)\(\s{0,4}["'][\w.-]{0,64}$/i;
const SETS = /(?:\bset|\bwith|\.)$/i;
/** A value that names the field. */
const NAMES_FIELD = /pass|pwd|secret|user|name|field|input|login/i;
/** A string that something is put behind. */
const CONCATENATED = /^["']\s{0,4}[+.]\s/;
/** Labels of a metric, among which `secret` is the name of one. */
const LABELS = /namespace=\\{0,3}"[^"]{0,64}",$/;
/** The last line of a PEM block, whose base64 may end in any word; private keys have a detector of their own. */
const ARMOUR = /^-----(?:BEGIN|END)/;
/** `arn:aws:secretsmanager:eu-west-1:123456789012:secret:…`, `existingSecret`: what the secret is called. */
/** nginx: where a request goes on to. */
const PASSES_TO = /(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached|multi|single)_$/i;
const IN_ARN = /arn:aws[\w:-]{0,64}:$/;
const ELSEWHERE = /existing[_-]?$/i;
/** Of an ExternalSecret, in which `secretKey` is a field of the Secret to be made. */
const REMOTE = /^["']?\s{1,64}(?:- )?remoteRef/;
const FIELD_NAME = /^[A-Za-z][A-Za-z_.-]{0,48}[0-9]{0,3}$/;
const ONE_TIME = /(?:one[- ]?time|temporary|sms|otp|2fa)[ ]$/i;
/** FTP, POP3 and IRC: the line of a client, in a session that has others. */
const CLIENT_LINE = /(?:\bUSER[ \t:]|\b331[ -]|\+OK|\bNICK[ \t])/;
const HEX_KEY = /^(?:0x)?[0-9a-f]{64}$/i;
/** A line of a stack trace: `OrderService.java:263`. */
const IN_FILE = /\.[a-z]{1,8}(?::[0-9]{1,8}|$)/;

export const JUDGE_PATTERNS: readonly RegExp[] = [
  ARMOUR,
  LABELS,
  NO_NAME_BEFORE,
  SECRET_NAME,
  CONCATENATED,
  LABEL,
  IN_FILE,
  ...SAID_PATTERNS,
  ...NO_SECRET_PATTERNS,
  ...IN_WORDS_PATTERNS,
  ...STATE_PATTERNS,
  PASSES_TO,
  IN_ARN,
  ELSEWHERE,
  REMOTE,
  FIELD_NAME,
  ONE_TIME,
  CLIENT_LINE,
  HEX_KEY,
  SETS_NAMED,
  SETS,
  NAMES_FIELD,
  SIGNED,
  HYPHENATED,
  MADE_UP,
  USER_AND_PASSWORD,
  ABOUT,
  PUBLIC_BEFORE,
];

/** `primary_key`, `nextPageToken`, `tokenId`. */
export function isPublic(text: string, { start, end, word, strength, isLonger }: Key): boolean {
  if (NO_NAME_BEFORE.test(text.slice(Math.max(0, start - 10), start))) return true;
  if (word === 'secret' && isNameOfSecret(text.slice(Math.max(0, start - 80), start))) return true;
  if (word === 'pass' && PASSES_TO.test(text.slice(Math.max(0, start - 12), start))) return true;
  if (isLonger) return ABOUT.test(text.slice(start, end));
  return (
    /key$|token$/.test(word) &&
    strength !== 'strong' &&
    PUBLIC_BEFORE.test(text.slice(Math.max(0, start - 24), start))
  );
}

function isNameOfSecret(before: string): boolean {
  return IN_ARN.test(before) || ELSEWHERE.test(before);
}

/** It is elsewhere, or only a part of it stands here; `secret` masks a value, but is a password. */
export function isStandIn(text: string, key: Key, raw: string, found: Assignment): boolean {
  const { end, isQuoted } = found;
  if (ARMOUR.test(raw) || isNoValueHere(text, key, raw, found)) return true;
  if (isNoSecret(text, key, raw, found)) return true;
  if (
    key.word.endsWith('key') &&
    (isName(raw) || FIELD_NAME.test(raw)) &&
    REMOTE.test(text.slice(end, end + 80))
  )
    return true;
  if (raw.toLowerCase() === 'secret' && PASSWORDS.has(key.word)) return !isQuoted && text.charAt(end) !== ';';
  const value = raw.replace(/^['"](.{1,256})['"]$/, '$1');
  if (isReference(value)) return !(isQuoted && isDecorated(value));
  return (
    isQuoted && (isRoute(value) || (/[:=/?& ]$/.test(value) && CONCATENATED.test(text.slice(end, end + 8))))
  );
}

/** Whether name, operator and value together say that the value is a secret. */
export function isConvincing(text: string, key: Key, value: string, found: Assignment): boolean {
  const { isQuoted } = found;
  const certainty = certaintyOf(text, key, found);
  const isStrong = key.strength === 'strong';
  if (isState(value)) return false;
  if (!isQuoted && (isNothing(value) || isOwnName(text, key, value, found))) return false;
  if (isToldInWords(text, key, value, found)) return true;
  if (!isQuoted && isCode(value) && !isPasswordOfWords(text, key, value, found)) return false;
  if (key.word === 'secret' && LABELS.test(text.slice(Math.max(0, key.start - 96), key.start)))
    return isGenerated(value);
  if (!isQuoted && LABEL.test(text.slice(key.end, found.start)) && !isSecretLooking(value, 6)) return false;
  if (key.strength === 'bare') return isKeyOfSomething(text, key, value, certainty);
  if (key.isLonger) return certainty === 'sure' && isGenerated(value);
  if (key.word === 'pat') return isGenerated(value);
  if (key.word === 'pk') return HEX_KEY.test(value);
  if (/^secret[_. -]?id$|^project|^initial/.test(key.word)) return isGenerated(value);
  if (key.word.startsWith('session')) return value.length >= 24 && isGenerated(value) && !value.includes('-');
  if (/^(?:pin|puk|otp)$|code$/.test(key.word) && /^[0-9]{4,8}[.,;!]?$/.test(value))
    return (
      (certainty !== 'bare' || (/^[0-9]{6,8}$/.test(value) && !/^p(?:in|uk)$/.test(key.word))) &&
      certainty !== 'bracket'
    );
  if (certainty === 'told')
    return (
      (isStrong || (PASSWORDS.has(key.word) && !text.startsWith(' to ', key.end))) &&
      value.length >= 4 &&
      (!/\s/.test(value) || isPassphrase(key, value)) &&
      (!isStatus(value) || isChosenWord(value)) &&
      !isOfTypes(value)
    );
  if (certainty === 'said' && PASSWORDS.has(key.word) && isSaid(value)) return true;
  if (certainty === 'bracket') return (isStrong || PASSWORDS.has(key.word)) && isBracketed(value);
  if (certainty === 'bare') return isBareSecret(text, key, value, found);
  if (
    isStatus(value) &&
    !(isStrong && (certainty === 'sure' || isPasswordInLetters(text, key, value, found))) &&
    !(certainty === 'sure' && /^pwd?$/.test(key.word) && isChosenWord(value))
  )
    return false;
  if (certainty === 'sure') {
    if (
      key.word === 'secret' &&
      text.slice(key.start - 2, key.start) === '--' &&
      (value.startsWith('id=') || isName(value)) &&
      !isGenerated(value)
    )
      return false;
    const isSaid = isStrong && PASSWORDS.has(key.word);
    return isSaid || ((isStrong || value.length >= 4) && !isNothing(value));
  }
  if (certainty === 'likely' && isStrong)
    return !isTechnique(value) && !isSecretName(text, key, value) && !isSentence(text, value, found);
  const isVague = certainty === 'vague' || certainty === 'said';
  if (isVague && isStrong && isQuoted && COMMON.has(value.toLowerCase())) return true;
  if (isVague && isQuoted && PASSWORDS.has(key.word) && isLastArgument(text, key, value, found)) return true;
  if (isVague && NAMES_FIELD.test(value) && isCode(value)) return false;
  if (isVague && (isTechnique(value) || HYPHENATED.test(value))) return false;
  if (isVague && (/\s/.test(value) || (isName(value) && !isGenerated(value)))) return false;
  return isSecretLooking(value, isStrong || PASSWORDS.has(key.word) ? 6 : 8);
}

/** `{Secret:orders Token:x}`: without a blank, only of a password. */
function certaintyOf(text: string, { word }: Key, { certainty, start }: Assignment): Assignment['certainty'] {
  if (certainty !== 'likely' || text.charAt(start - 1) !== ':' || PASSWORDS.has(word)) return certainty;
  return 'vague';
}

/** `random_password.db: Creation complete after 2s`: a word of prose, and others behind it. */
function isSentence(text: string, value: string, { end }: Assignment): boolean {
  return (
    /^[A-Za-z]{3,24}$/.test(value) && isOfProse(value) && /^[ ][A-Za-z0-9(]/.test(text.slice(end, end + 2))
  );
}

/** `credentialsSecret: orders-aws` says which Secret, not what is in it. */
function isSecretName(text: string, { start, word }: Key, value: string): boolean {
  if (word !== 'secret' || !isName(value) || /[0-9]/.test(value)) return false;
  return SECRET_NAME.test(text.slice(Math.max(0, start - 16), start));
}

/** `login(password=password)`, `self.password = password`. */
function isOwnName(text: string, key: Key, value: string, { end }: Assignment): boolean {
  if (value !== text.slice(key.start, key.end)) return false;
  return /[),;]/.test(text.charAt(end)) || /[.@]/.test(text.charAt(key.start - 1));
}

/** What looks like a member of a program, and yet is words joined by dots: `password: kettle.birch.hazel`. */
function isPasswordOfWords(text: string, key: Key, value: string, found: Assignment): boolean {
  if (key.strength === 'strong' && isPasswordInLetters(text, key, value, found)) return true;
  if (!PASSWORDS.has(key.word) || !/^(?:sure|likely)$/.test(found.certainty) || !isJoinedWords(value))
    return false;
  return key.word !== 'pass' && /^(?:\s|$|[;&,]\w{1,24}=)/.test(text.slice(found.end, found.end + 28));
}

/** `COSIGN_PASSWORD=mwKasSyDdq`, `password: …` to the end of its line: letters that no programmer would call a variable. */
function isPasswordInLetters(text: string, key: Key, value: string, { certainty, end }: Assignment): boolean {
  if (!PASSWORDS.has(key.word) || isIdentifier(value)) return false;
  if (certainty === 'likely') return /^[ \t]{0,8}(?:\r?\n|$|[ }])/.test(text.slice(end, end + 10));
  if (certainty !== 'sure') return false;
  const isLoud = text.startsWith('P', key.start) && /[A-Z]/.test(text.charAt(key.start + 1));
  return isLoud || text.startsWith('--', startOfFlag(text, key.start));
}

function startOfFlag(text: string, at: number): number {
  let start = at;
  while (at - start < 24 && /[a-z-]/.test(text.charAt(start - 1))) start--;
  return start;
}

/** After nothing but a space. */
function isBareSecret(text: string, key: Key, value: string, { start }: Assignment): boolean {
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

/** `setProperty("db.password", "three-words-42")`, `.password("word")`: one argument, or the last of two. */
function isLastArgument(text: string, key: Key, value: string, { end }: Assignment): boolean {
  if (
    value.length < 5 ||
    !/[A-Za-z]/.test(value) ||
    !/^["'`](?:\.\w{1,16}\(\))?\s{0,4}\)/.test(text.slice(end, end + 24))
  )
    return false;
  if (/[0-9]/.test(value)) return true;
  if (NAMES_FIELD.test(value) || /\s/.test(value) || isStatus(value)) return false;
  const before = text.slice(Math.max(0, key.start - 96), key.start);
  return SETS_NAMED.test(before) || (SETS.test(before) && text.charAt(key.end) === '(');
}

/** After nothing but a bracket, where an argument may stand: letters of both cases and digits. */
function isBracketed(value: string): boolean {
  if (value.length < 6 || IN_FILE.test(value) || /[()]/.test(value) || !isSecretLooking(value, 6))
    return false;
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
}

/** Letters, digits and a sign that names have not. */
function isMadeUp(value: string): boolean {
  const word = value.replace(/[.,;:!?)]{1,3}$/, '');
  return word.length >= 7 && (MADE_UP.test(value) || SIGNED.test(word)) && isSecretLooking(value);
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
