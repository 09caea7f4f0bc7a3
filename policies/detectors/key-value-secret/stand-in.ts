import type { Assignment } from './assignment.ts';
import type { Key } from './keys.ts';
import { isNoSecret } from './no-secret.ts';
import { isDecorated, isNoValueHere } from './said.ts';
import { isName, isReference, isRoute } from './value.ts';
import { ABOUT, PASSWORDS, PUBLIC_BEFORE } from './words.ts';

/** Of a digest, of a test that passed. */
const NO_NAME_BEFORE = /(?:checksum|hash|digest)[/_.-]$|--- $/i;
/** A string that something is put behind. */
const CONCATENATED = /^["']\s{0,4}[+.]\s/;
/** The last line of a PEM block, whose base64 may end in any word; private keys have a detector of their own. */
const ARMOUR = /^-----(?:BEGIN|END)/;
/** nginx: where a request goes on to. */
const PASSES_TO = /(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached|multi|single)_$/i;
/** `arn:aws:secretsmanager:eu-west-1:123456789012:secret:…`, `existingSecret`: what the secret is called. */
const IN_ARN = /arn:aws[\w:-]{0,64}:$/;
const ELSEWHERE = /existing[_-]?$/i;
/** Of an ExternalSecret, in which `secretKey` is a field of the Secret to be made. */
const REMOTE = /^["']?\s{1,64}(?:- )?remoteRef/;
const FIELD_NAME = /^[A-Za-z][A-Za-z_.-]{0,48}[0-9]{0,3}$/;

export const STAND_IN_PATTERNS: readonly RegExp[] = [
  NO_NAME_BEFORE,
  CONCATENATED,
  ARMOUR,
  PASSES_TO,
  IN_ARN,
  ELSEWHERE,
  REMOTE,
  FIELD_NAME,
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
