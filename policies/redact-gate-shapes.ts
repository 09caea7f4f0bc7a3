import { startsReadable } from './redact-blobs.ts';
import { FOLDS, FOLDS_BESIDE_ASCII, JUDGEMENTS } from './redact-characters.ts';

/** Bits of what one reading of a text has seen: the shapes of detectors, and three signs of its own. */
export const AT_THEN_DOT = 1;
export const USER_IN_URL = 2;
export const QUOTED = 4;
export const DOTTED_DIGITS = 8;
export const COLONS = 16;
export const PHONE = 32;
export const CARD = 64;
export const LONG = 128;
export const HEX_GROUPS = 256;
export const ANY_DIGITS = 512;
export const ANY_LONG = 1024;
export const NEWLINE = 2048;
/** A word that may be an encoded text. */
export const ENCODED = 4096;

/** In letters and digits. */
export const LONG_WORD = 20;
const PHONE_DIGITS = 7;
export const CARD_DIGITS = 12;
/** Between two digits of a number: what stands between its groups is at most this long. */
const DIGIT_GAP = 3;

const STOP = 0;
const DIGIT = 1;
const BETWEEN = 2;

/** What may stand in a number of several groups. */
const IN_NUMBER = Uint8Array.from({ length: 0x1_0000 }, (_, code) => {
  if (isDigit(code)) return DIGIT;
  if (code >= 128) return BETWEEN;
  return ' -./()+'.includes(String.fromCharCode(code)) ? BETWEEN : STOP;
});

/**
 * A second look, at numbers only. A number of seven digits covers one of every seven characters, so that most of the
 * text need not be read; what is read twice is bounded, since the next number starts where the last one ended. Nothing
 * more is looked for once all of `wanted` was seen.
 */
export function numberShapes(text: string, wanted: number): number {
  let shapes = 0;
  let done = 0;
  for (let at = PHONE_DIGITS - 1; at < text.length; at += PHONE_DIGITS) {
    if (inNumber(text.charCodeAt(at)) === STOP) continue;
    let start = at;
    let gap = inNumber(text.charCodeAt(at)) === DIGIT ? 0 : 1;
    for (let i = at - 1; i >= done; i--) {
      const kind = inNumber(text.charCodeAt(i));
      if (kind === STOP || gap > DIGIT_GAP) break;
      gap = kind === DIGIT ? 0 : gap + 1;
      if (kind === DIGIT) start = i;
    }
    done = at;
    let digits = 0;
    let grouped = 0;
    let last = start - 1;
    for (let i = start; i < text.length; i++) {
      const kind = inNumber(text.charCodeAt(i));
      if (kind === STOP || i - last > DIGIT_GAP + 1) break;
      done = i;
      if (kind !== DIGIT) continue;
      grouped = i - last <= 2 ? grouped + 1 : 1;
      last = i;
      digits++;
      if (grouped === CARD_DIGITS) shapes |= CARD;
    }
    if (done > at) at = done;
    if (digits < PHONE_DIGITS) continue;
    shapes |= ANY_DIGITS;
    if ((shapes & PHONE) === 0 && isNumber(text, start, last, digits)) shapes |= PHONE;
    if ((shapes & wanted) === wanted) break;
  }
  return shapes;
}

function inNumber(code: number): number {
  return IN_NUMBER[code] as number;
}

/** Longer than numbers that letters are a part of; those of the few that are longer have keywords. */
const DIGEST = 16;
const UUID_LENGTH = 36;

/** Enough digits beside those of a time, and not of a digest, of a UUID, or around one decimal point. */
function isNumber(text: string, start: number, last: number, digits: number): boolean {
  if (digits - digitsOfTime(text, start) < PHONE_DIGITS) return false;
  return !(isInDigest(text, start, last) || isInUuid(text, start, last) || isDecimal(text, start, last));
}

function isInDigest(text: string, start: number, last: number): boolean {
  let end = start;
  while (end < start + DIGEST && isLetterOrDigit(text.charCodeAt(end))) end++;
  if (end <= last) return false;
  let from = start;
  while (from > end - DIGEST && isLetterOrDigit(text.charCodeAt(from - 1))) from--;
  return (
    end - from >= DIGEST && (isSmallHex(text.charCodeAt(start - 1)) || isSmallHex(text.charCodeAt(last + 1)))
  );
}

function isSmallHex(code: number): boolean {
  return code >= 0x61 && code <= 0x66;
}

function isInUuid(text: string, start: number, last: number): boolean {
  let from = start;
  while (from > start - UUID_LENGTH && isInName(text.charCodeAt(from - 1))) from--;
  return (
    last < from + UUID_LENGTH &&
    text.charCodeAt(from + 8) === DASH &&
    text.charCodeAt(from + 13) === DASH &&
    text.charCodeAt(from + 18) === DASH &&
    text.charCodeAt(from + 23) === DASH &&
    !isInName(text.charCodeAt(from + UUID_LENGTH))
  );
}

function isDecimal(text: string, start: number, last: number): boolean {
  let dots = 0;
  for (let i = start; i <= last; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) dots++;
    else if (!isDigit(code)) return false;
  }
  const before = text.charCodeAt(start - 1);
  return dots === 1 && (before === EQUALS || before === COLON);
}

function isInName(code: number): boolean {
  return code === DASH || isLetterOrDigit(code);
}

const DASH = 0x2d;
const SLASH = 0x2f;
const DOT = 0x2e;
const COLON = 0x3a;
const EQUALS = 0x3d;
const COMMA = 0x2c;

const DATE_DIGITS = 10;
/** Seconds and their fraction behind hours and minutes, and a time zone. */
const SECONDS =
  /(?<=[0-9]:[0-9]{2}:)[0-9]{2}[.,][0-9]{1,9}(?![0-9])(?:Z| ?[+-][0-9]{2}:?(?:[0-9]{2})?(?![0-9]))?/y;

/** How many of the digits that start here say when something happened. */
function digitsOfTime(text: string, at: number): number {
  if (isDateAndHour(text, at)) return DATE_DIGITS;
  const point = text.charCodeAt(at + 2);
  if (text.charCodeAt(at - 1) !== COLON || (point !== DOT && point !== COMMA)) return 0;
  SECONDS.lastIndex = at;
  const [seconds = ''] = SECONDS.exec(text) ?? [];
  let digits = 0;
  for (let i = 0; i < seconds.length; i++) if (isDigit(seconds.charCodeAt(i))) digits++;
  return digits;
}

/** `2026-11-20T10:15` or `2026-11-20 10:15`. */
function isDateAndHour(text: string, at: number): boolean {
  if (!isDateSign(text.charCodeAt(at + 4)) || !isDateSign(text.charCodeAt(at + 7))) return false;
  const century = text.charCodeAt(at) * 256 + text.charCodeAt(at + 1);
  if (century !== NINETEEN && century !== TWENTY) return false;
  for (let i = 2; i < 10; i++) if (i !== 4 && i !== 7 && !isDigit(text.charCodeAt(at + i))) return false;
  const after = text.charCodeAt(at + 10);
  if (after === 0x54) return true;
  const hour = isDigit(text.charCodeAt(at + 11)) && isDigit(text.charCodeAt(at + 12));
  return after === 0x20 && hour && text.charCodeAt(at + 13) === COLON;
}

const NINETEEN = 0x31 * 256 + 0x39;
const TWENTY = 0x32 * 256 + 0x30;

function isDateSign(code: number): boolean {
  return code === DASH || code === SLASH;
}

/** Runs of letters and digits that are that long, looking at every twentieth character of the others. */
export function wordShapes(text: string): number {
  let shapes = 0;
  for (let start = 0; start + LONG_WORD <= text.length; ) {
    let at = start + LONG_WORD - 1;
    while (at >= start && isLetterOrDigit(text.charCodeAt(at))) at--;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + LONG_WORD;
    while (isLetterOrDigit(text.charCodeAt(end))) end++;
    shapes |= longWord(text, start, end);
    start = end + 1;
  }
  return shapes;
}

/** A single quote that is no apostrophe. */
export function isQuote(text: string, at: number): boolean {
  for (let i = at - 1; i >= at - 3; i--) if (!isLetterOrDigit(text.charCodeAt(i))) return true;
  return false;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isLetterOrDigit(code: number): boolean {
  return code < 128 && WORD[code] === 1;
}

const WORD = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Digests are the most frequent long words by far, so they are told apart here. */
function longWord(text: string, start: number, end: number): number {
  if (isHumped(text, start, end)) return ANY_LONG;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x66 || (code > 0x39 && code < 0x61)) return LONG | ANY_LONG | ENCODED;
  }
  return startsReadable(text, start, end, 'hex') ? ENCODED : 0;
}

/** `IllegalStateException`: no digit, and each capital begins a word of three letters. */
function isHumped(text: string, start: number, end: number): boolean {
  let since = 3;
  let humps = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x61) since++;
    else if (code < 0x41 || since < 2) return false;
    else {
      humps++;
      since = 0;
    }
  }
  return humps > 0 && since >= 2;
}

/** Whether the character begins an escape, or stands for another. */
export function isHiding(text: string, at: number, code: number): boolean {
  if (code < 0x20 || code === 0x7f) return true;
  const after = text.charCodeAt(at + 1);
  if (code === 0x25) return isHexDigit(after) && isHexDigit(text.charCodeAt(at + 2));
  if (code === 0x5c) return ESCAPED[after] === 1;
  if (code === 0x26) return after === 0x23 || ENTITY[after] === 1;
  if (code === 0x3d)
    return isHexDigit(after) && text.charCodeAt(at + 3) === 0x3d && isHexDigit(text.charCodeAt(at + 4));
  const judgement = JUDGEMENTS[code];
  if (judgement === FOLDS_BESIDE_ASCII) return isGraphic(text.charCodeAt(at - 1)) || isGraphic(after);
  return judgement === FOLDS && !isPictograph(code, after);
}

const ESCAPED = members('ux"\'`/nrtbf\\0123');
/** First letters of the references that are known by name. */
const ENTITY = members('algqcep');

function members(characters: string): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) =>
    characters.includes(String.fromCharCode(code)) ? 1 : 0,
  );
}

export function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 32) >= 0x61 && (code | 32) <= 0x66);
}

function isGraphic(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** The block of enclosed letters ends with the signs that flags are made of; pictographs follow. */
function isPictograph(code: number, low: number): boolean {
  return code === 0xd83c && (low >= 0xdde6 || low < 0xdd00);
}
