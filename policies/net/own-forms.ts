import { isCapital, isDigit, isHexDigit, isLetterOrDigit, isSmall } from '../ascii.ts';
import { isReadable } from './readable.ts';

/**
 * Values that the agent makes itself and that look random: ids (43 digits of base64url), pseudonyms and digests with
 * the id of their key, DER in base64 (signatures, certificates, timestamps), and texts around such digits: checkpoints
 * of the log, their verifier keys, public keys in PEM. Among so many random digits every short mark of a token comes up,
 * three in ten thousand ids have one.
 */
export function isOwnForm(value: string): boolean {
  return isSigned(value) || hasRandomDigits(value) || isRandom(value);
}

function isRandom(value: string): boolean {
  return SHA256.test(value) && !isReadable(Buffer.from(value, 'base64'));
}

/** A text with a name or two, and else nothing but digits that are random: see `inDigits`. */
function hasRandomDigits(value: string): boolean {
  return NOTE.test(value) || VKEY.test(value) || PEM.test(value);
}

/** Those that are no secret even under a name that says so. A token may well have 43 random digits. */
export function isSigned(value: string): boolean {
  return KEYED.test(value) || isDer(value);
}

/**
 * Whether what was found in a value of our own is there by chance: in the middle of a run of digits, or without a mark
 * of five characters (`glpat-`), which comes up once in many million ids; shorter ones come up in one of 200,000. A private key is DER from its beginning.
 */
export function isChance(value: string, at: number): boolean {
  if (hasRandomDigits(value)) return inDigits(value, at);
  if (!isOwnForm(value)) return false;
  if (at === 0 && isDer(value)) return isEcdsaSignature(value);
  return isLetterOrDigit(value.charCodeAt(at - 1)) || !MARK.test(value.slice(at, at + 16));
}

/** Whether what begins there begins among so many digits of base64 in a row that they are no name. */
function inDigits(value: string, at: number): boolean {
  RUN.lastIndex = 0;
  for (let run = RUN.exec(value); run !== null; run = RUN.exec(value)) {
    if (at < run.index) return false;
    if (at < RUN.lastIndex) return true;
  }
  return false;
}

const SHA256 = /^(?:[A-Za-z0-9_-]{43}|[A-Za-z0-9+/]{43}=)$/;
const KEYED = /^(?:(?:pseudonym|hmac-sha256):[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{22}|sha256:[0-9a-f]{64})$/;
const BASE64 = /^M[A-I][A-Za-z0-9+/]{2,60000}={0,2}$/;
const MARK = /^[a-z][a-z0-9]{3,11}[_-]/;

/** c2sp.org/signed-note around a c2sp.org/tlog-checkpoint. */
const NOTE =
  /^[^\s+]{1,256}\n\d{1,16}\n[A-Za-z0-9+/]{43}=\n\n(?:\u2014 [^\s+]{1,256} [A-Za-z0-9+/]{43,512}={0,2}\n){1,64}$/;
const VKEY = /^[^\s+]{1,256}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{43,512}={0,2}$/;
const PEM =
  /^-----BEGIN (PUBLIC KEY|CERTIFICATE)-----\n(?:[A-Za-z0-9+/]{64}\n){1,200}(?:[A-Za-z0-9+/]{1,63}={0,2}\n)?-----END \1-----\n?$/;
/** As long as the least that is random in these, but for the last line of PEM, which follows at least one such line. */
const RUN = /(?:[A-Za-z0-9+/]{64}\n)+[A-Za-z0-9+/]{0,63}|[A-Za-z0-9+/]{43,512}/g;

const DASH = 0x2d;
const TIMESTAMP = '0000-00-00T00:00:00.000Z';
const DIGEST = `sha256:${'f'.repeat(64)}`;
const ID = 43;
const MARK_LETTERS = 4;

/**
 * Whether a string is a time, a digest or an id as the agent writes them, by far the most frequent values of evidence:
 * known by their bytes, so that they are never decoded.
 */
export function isPlainOwn(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length === TIMESTAMP.length) return hasForm(bytes, from, TIMESTAMP);
  if (length === DIGEST.length) return hasForm(bytes, from, DIGEST);
  return length === ID && isUnmarkedId(bytes, from, to);
}

/** In a form, `0` stands for any digit and `f` for any of lower-case hexadecimal. */
function hasForm(bytes: Uint8Array, from: number, form: string): boolean {
  for (let i = 0; i < form.length; i++) {
    const byte = bytes[from + i] as number;
    const wanted = form.charCodeAt(i);
    if (byte === wanted) continue;
    if (wanted === 0x30 ? !isDigit(byte) : !(wanted === 0x66 && isHexDigit(byte) && !isCapital(byte)))
      return false;
  }
  return true;
}

/** Base64url without a word of small letters before a sign: nothing in it could be more than chance. */
function isUnmarkedId(bytes: Uint8Array, from: number, to: number): boolean {
  if (startsAsText(bytes, from)) return false;
  let word = 0;
  let isSmallWord = true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte === DASH || byte === 0x5f) {
      if (isSmallWord && word >= MARK_LETTERS) return false;
      word = 0;
      isSmallWord = true;
      continue;
    }
    word++;
    if (isSmall(byte) || isDigit(byte)) continue;
    if (!isCapital(byte)) return false;
    isSmallWord = false;
  }
  return true;
}

/** Whether the first twelve digits decode to what a person could have written: hardly any digest does. */
function startsAsText(bytes: Uint8Array, from: number): boolean {
  const decoded = new Uint8Array(9);
  for (let group = 0; group < 3; group++) {
    let bits = 0;
    for (let i = 0; i < 4; i++)
      bits = (bits << 6) | (DIGITS[bytes[from + 4 * group + i] as number] as number);
    for (let i = 0; i < 3; i++) decoded[3 * group + i] = (bits >> (16 - 8 * i)) & 0xff;
  }
  return isReadable(decoded);
}

const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = String.fromCharCode(byte).replace('-', '+').replace('_', '/');
  return Math.max(0, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(digit));
});

/** A SEQUENCE that says itself how long it is (ITU-T X.690, 8.1). */
function isDer(value: string): boolean {
  if (!BASE64.test(value)) return false;
  const [tag, length = 0, high = 0, low = 0] = Buffer.from(value.slice(0, 8), 'base64');
  const bytes = Math.floor((value.replace(/=+$/, '').length * 3) / 4);
  const expected = length === 0x82 ? 4 + high * 256 + low : length === 0x81 ? 3 + high : 2 + length;
  return tag === 0x30 && length <= 0x82 && expected === bytes;
}

/** Two numbers of P-256 at most and nothing else (RFC 3279, 2.2.3): a key has more, or other things. */
function isEcdsaSignature(value: string): boolean {
  const der = Buffer.from(value, 'base64');
  const second = 4 + (der[3] ?? 0);
  const isNumber = (at: number) => der[at] === 0x02 && (der[at + 1] ?? 0) > 0 && (der[at + 1] ?? 0) <= 33;
  return isNumber(2) && isNumber(second) && second + 2 + (der[second + 1] ?? 0) === der.length;
}
