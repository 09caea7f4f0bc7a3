import { isPlaceholder } from '../placeholder.ts';
import { CODE_ROOT, STATUS } from './words.ts';

const VERSION = /^[\^~<>=]{0,2}v?[0-9]{1,8}(?:\.[0-9]{1,8}){1,4}(?:[-+.][A-Za-z0-9.-]{0,64})?$/;
const QUANTITY = /^[0-9]{1,16}(?:ms|s|m|h|d|[KMGT]i?B?|%)?$/;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}/;
const STANDS_FOR =
  /^(?:\$[A-Za-z_][\w.]{0,64}|\$\{[^}]{0,256}\}?|\$\([^)]{0,256}\)?|%[A-Za-z_]{1,64}%|%[sdvq]|@[A-Za-z_]{1,64}@|#\{[^}]{0,256}\}|\{[A-Za-z_]{0,64}\}|\{\{[^{}]{0,256}(?:\}\}.{0,256}|\})?|<%.{0,256}|&lt;.{0,256}|#[a-z]{1,32}(?:-[a-z]{1,32}){1,6}|\{ .{0,256}|<[A-Za-z][^<>]{0,128}>?|\[[A-Za-z _:-]{1,64}\]|\[[A-Za-z]{1,32}|#[0-9A-Fa-f]{3,8}|\w{1,32}@entry=\w{1,32}|:[a-z_]{2,64}|\?|(?:arn:aws:|op:\/\/|vault:|ref\+|env:|file:|secretsmanager:|ssm:|sops:)\S{0,256}|projects\/[\w-]{1,64}\/secrets\/\S{0,128}|\$ref:\S{0,256}|!(?:Ref|Sub|GetAtt|Join|ImportValue|FindInMap|Select|Split|Base64|Transform|vault|unsafe|secret|env|env_var|ENV|include|reference|file|encrypted|binary|null))$/;
/** What stands between two strings of a program: the quote in front closed one. */
const BETWEEN = /^(?:[,;)\]}]|\s{1,4}[+.&]\s)/;
const YOURS = /^(?:your|my|the|insert|enter|replace|put)[-_ ](?:[a-z]{1,16}[-_ ]?){0,4}(?:here)?$/i;
const REDACTED =
  /^[[<(*]{0,3}(?:redacted|masked|hidden|removed|filtered|secret|sensitive)[\])>*]{0,3}$|^\((?:set|unset|not set|none|empty|unchanged|set elsewhere)\)$/i;
const CALL = /^[A-Za-z_$][\w$.:]{0,64}(?:\(|\[(?:['"\w]|$))/;
/** The bracket closes in the middle of the word: `uN6(tB3)yV`. */
const NO_CALL = /^(?=\D{0,64}[0-9])\w{1,64}\([^()]{0,64}\)[A-Za-z0-9!@#$%^&*]/;
/** And no cast: `(word)123`. */
const NO_CAST =
  /^\((?!(?:u?int|u?long|char|byte|bool|void|float|double|string|short|uint|size_t|object|any)\b)[A-Za-z]{3,24}\)[0-9!@#$%^&*}]/i;
const DOTTED_NAME = /^[A-Za-z_$][\w$]{0,64}(?:\??\.[A-Za-z_$][\w$]{0,64}){1,8}$/;
const CAMEL = /^[a-z]{2,32}(?:[A-Z][a-z]{1,32}){1,6}$/;
const PASCAL = /^(?:[A-Z][a-z]{1,32}){2,6}$/;
const EXPRESSION = /^(?:\/\S{0,64}[\^[\\(]|\(|\[\s?$|\{$|=>|->|&&|\|\|)/;
/** Where something is: no credentials, and no query that could hold some. */
const PLAIN_URL = /^[a-z][a-z0-9+.-]{1,16}:\/\/[^\s@?]{0,256}$/i;
const ROUTE = /^(?:\/?[a-z][\w.@-]{0,64}){1,2}(?:\/[a-z][\w.@-]{0,64}){1,16}(?:#[a-z_]{1,32})?$/;
const MECHANISM = /^(?:SASL|SCRAM|NTLM|GSSAPI|KERBEROS|RSASSA|ECDSA|HMAC)[-_/A-Z0-9]{0,32}$/;
const NIL_UUID = /^0{8}-0{4}-0{4}-0{4}-0{12}$/;
const PATH = /^~?(?:\/[\w.@-]{1,64}){1,16}\/?$/;
const ALPHABET = /^[A-Za-z0-9+/=_.~:|%!@#$^&*-]{12,4096}$/;
const RUN = /[A-Za-z0-9]{8,512}/g;
const NAME = /^[a-z0-9]{1,40}(?:[-.][a-z0-9]{1,40}){1,8}$/;
const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const HEX = /^[0-9a-fA-F]{16,512}$/;

export const VALUE_PATTERNS: readonly RegExp[] = [
  VERSION,
  QUANTITY,
  DATE,
  STANDS_FOR,
  BETWEEN,
  YOURS,
  REDACTED,
  NO_CALL,
  NO_CAST,
  CALL,
  DOTTED_NAME,
  ALPHABET,
  RUN,
  UUID,
  HEX,
  CAMEL,
  PASCAL,
  EXPRESSION,
  PATH,
  PLAIN_URL,
  ROUTE,
  MECHANISM,
  NIL_UUID,
  NAME,
];

/** It names a secret that is elsewhere, or says that there is none. */
export function isReference(value: string): boolean {
  return (
    isPlaceholder(value) ||
    STANDS_FOR.test(value) ||
    BETWEEN.test(value) ||
    YOURS.test(value) ||
    REDACTED.test(value)
  );
}

/** An expression of a program: a call, a member, a keyword. Quoted values are none. */
export function isCode(value: string): boolean {
  if (
    CODE_ROOT.test(value) ||
    (CALL.test(value) && !NO_CALL.test(value)) ||
    (EXPRESSION.test(value) && !NO_CAST.test(value)) ||
    CAMEL.test(value)
  )
    return true;
  return DOTTED_NAME.test(value) && !/[0-9]/.test(value);
}

/** A word that prose would have here. */
export function isStatus(value: string): boolean {
  return STATUS.has(value.toLowerCase().replace(/[),.:;]{1,4}$/, '')) || PASCAL.test(value);
}

/** Too short to hide anything, a version, or where a file is. */
export function isNothing(value: string): boolean {
  if (!/[A-Za-z0-9]{2}/.test(value) || VERSION.test(value) || NIL_UUID.test(value)) return true;
  return PLAIN_URL.test(value) || MECHANISM.test(value) || (PATH.test(value) && !isGenerated(value));
}

/** The path of a page, or a route with its action. */
export function isRoute(value: string): boolean {
  return ROUTE.test(value) && !isGenerated(value);
}

/** What Kubernetes and package managers call things: words in small letters with dashes and dots. */
export function isName(value: string): boolean {
  return value.length < 40 && NAME.test(value);
}

/** Not a word of prose, a version or a quantity: eight characters or more that mix letters with something else. */
export function isSecretLooking(value: string, shortest = 8): boolean {
  if (value.length < shortest || VERSION.test(value) || QUANTITY.test(value) || DATE.test(value))
    return false;
  if (value.startsWith('/') || value.includes('://')) return false;
  return (
    /[0-9]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value.slice(1))) || /[!@#$%^*+=~]/.test(value)
  );
}

/** Made by a generator, not by a person: a long run that goes back and forth between letters and digits. */
export function isGenerated(value: string): boolean {
  if (!ALPHABET.test(value) || !isSecretLooking(value)) return false;
  if (UUID.test(value)) return true;
  if (HEX.test(value)) return /[0-9]/.test(value) && /[a-fA-F]/.test(value);
  let changes = 0;
  let length = 0;
  for (const [run] of value.matchAll(RUN)) {
    length += run.length;
    changes += changesOf(run);
  }
  return length >= 12 && changes >= Math.max(3, length / (/[0-9]/.test(value) ? 8 : 4));
}

/** As `isGenerated`, of letters of both cases and digits: no digest and no id in small letters. */
export function isMixed(value: string): boolean {
  if (!isGenerated(value)) return false;
  const runs = value.match(RUN) ?? [value];
  return runs.some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run));
}

/** How often one kind of character follows another, the humps of camel case left out. */
function changesOf(run: string): number {
  let changes = 0;
  let before = kindOf(run.charCodeAt(0));
  for (let at = 1; at < run.length; at++) {
    const kind = kindOf(run.charCodeAt(at));
    if (kind !== before && !(before === 2 && kind === 1)) changes++;
    before = kind;
  }
  return changes;
}

function kindOf(code: number): number {
  return code < 0x3a ? 0 : code < 0x5b ? 2 : 1;
}
