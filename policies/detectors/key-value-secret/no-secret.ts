import { ENCRYPTED_PATTERNS, isEncrypted } from '../encrypted.ts';
import type { Assignment } from './assignment.ts';
import type { Key } from './keys.ts';

/** What a debugger and a stack trace print of an argument; `[0x…]` is the address of a frame. */
const POINTER = /^0x[0-9a-f]{4,16}$/;
const FRAME_ADDRESS = /^\[0x[0-9a-f]{4,16}\]$/;
const OTHER_POINTER = /[=( ]0x[0-9a-f]{4,16}\b/;
/** Where Linux puts the stack, libraries and the heap of a program. */
const ADDRESS = /^0x(?:0{4})?(?:7f|5[56])[0-9a-f]{10}$/;
/** The keys of a network are written so as well. */
const NETWORK = /wep|wpa|wi-?fi|psk/;
/** `64_xxxx`, `gho_****`, `true]***`: a start that says what it was, and the mask. */
const MASKED =
  /^(?:[A-Za-z0-9]{1,12}[_-]|[A-Za-z0-9]{1,4}|(?:true|false)\])?(?:x{4,512}|X{4,512}|\*{3,512}|•{3,512})[A-Za-z0-9]{0,4}[,;.)\]]{0,2}$/;
/** `Bearer {token}`, `Basic ${credentials}`, `token %s`; a lookup of Hiera. */
const FILLED_IN =
  /^(?:(?:Bearer|Basic|Token|token)[ ](?:\{[\w.()]{1,64}\}|\$\{[^{}]{1,128}\}|\$[A-Za-z_]\w{0,64}|%[sv]|#\{[^{}]{1,128}\}|\{\{[^{}]{1,128}\}\}|<[A-Za-z][\w -]{1,64}>)|%\{[^{}]{1,200}\})$/;
/** `&str`, `&mut [u8]`, `&'a String` */
const REFERENCE_TYPE = /^&(?:'[a-z_]{1,16}\b|mut\b|str\b|String\b|\[u8|dyn\b|[A-Z][A-Za-z]{2,32}<?)/;
/** A map of YAML, the fields of which speak for themselves. */
const FLOW_MAP =
  /^\{(?!(?:value|val|data|default|content|plain|plaintext|raw|string|current|text)\b)[A-Za-z]\w{0,40}:[ ]/i;
const FINGERPRINT = /^(?:0x)?(?:[0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{40}|[0-9a-f]{16}|[0-9a-f]{40})$/;
const OF_PGP = /(?:gpg|pgp|release)[_-]?$/i;
const AROUND = 160;

export const NO_SECRET_PATTERNS: readonly RegExp[] = [
  POINTER,
  FRAME_ADDRESS,
  OTHER_POINTER,
  ADDRESS,
  NETWORK,
  MASKED,
  ...ENCRYPTED_PATTERNS,
  FILLED_IN,
  REFERENCE_TYPE,
  FLOW_MAP,
  FINGERPRINT,
  OF_PGP,
];

/** Whether the form of the value says that no secret can be read from it. */
export function isNoSecret(
  text: string,
  key: Key,
  raw: string,
  { start, end, isQuoted }: Assignment,
): boolean {
  if (MASKED.test(raw) || isEncrypted(text, raw, start) || FILLED_IN.test(raw)) return true;
  if (key.word === 'key' && FINGERPRINT.test(raw))
    return OF_PGP.test(text.slice(Math.max(0, key.start - 12), key.start));
  if (isQuoted) return false;
  if (REFERENCE_TYPE.test(raw) || FRAME_ADDRESS.test(raw)) return true;
  if (FLOW_MAP.test(text.slice(start, start + 48))) return true;
  if (ADDRESS.test(raw)) return true;
  return isPointer(raw) && !NETWORK.test(key.word) && isAmongPointers(text, start, end);
}

/** The address of a string, and not the string. */
export function isPointer(value: string): boolean {
  return POINTER.test(value);
}

function isAmongPointers(text: string, start: number, end: number): boolean {
  return (
    OTHER_POINTER.test(text.slice(Math.max(0, start - AROUND), start)) ||
    OTHER_POINTER.test(text.slice(end, end + AROUND))
  );
}
