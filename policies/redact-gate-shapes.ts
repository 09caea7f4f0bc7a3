import { isDigit } from './ascii.ts';
import { BEYOND_HEX, CAPITAL, DIGIT, LETTER, RUN, type Runs, SMALL } from './detectors/runs.ts';
import { startsReadable } from './redact-blobs.ts';
import { ANY_DIGITS, ANY_LONG, CARD, ENCODED, LONG, PHONE } from './redact-gate-bits.ts';

/** In letters and digits. */
export const LONG_WORD = 20;
/** A word of so many small hexadecimal digits is a hash, and the numbers in it are none. */
const HASH = 32;
const PHONE_DIGITS = 7;
export const CARD_DIGITS = 12;
/** Between two digits of a number: what stands between its groups is at most this long. */
const DIGIT_GAP = 3;

/** What may stand between the groups of a number. */
const BETWEEN = Uint8Array.from({ length: 128 }, (_, code) =>
  ' -./()+'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** Whether a run is that long, looking at every twentieth character of the others. */
export function hasLongWord(bytes: Uint8Array, length: number): boolean {
  for (let start = 0; start + LONG_WORD <= length; ) {
    let at = start + LONG_WORD - 1;
    while (at >= start && isLetterOrDigit(bytes[at] as number)) at--;
    if (at < start) return true;
    start = at + 1;
  }
  return false;
}

export function eachLongWord({ table, length }: Runs, visit: (start: number) => void): void {
  for (let run = 0; run < length; run += RUN) {
    const start = table[run] as number;
    if ((table[run + 1] as number) - start >= LONG_WORD) visit(start);
  }
}

/** Long words, and numbers of several groups; of these no more are looked for once all of `wanted` was seen. */
export function runShapes(text: string, { table, length }: Runs, wanted: number): number {
  let shapes = 0;
  const skipsHashes = (wanted & ANY_DIGITS) === 0;
  // The number that is being read: where it starts, its last digit, how many it has, and how many of them stand close.
  let first = 0;
  let last = -1;
  let digits = 0;
  let close = 0;
  for (let run = 0; run < length; run += RUN) {
    const start = table[run] as number;
    const end = table[run + 1] as number;
    const signs = table[run + 2] as number;
    if (end - start >= LONG_WORD) shapes |= longWord(text, start, end, signs);
    if ((signs & DIGIT) === 0 || (shapes & wanted) === wanted) continue;
    if (end - start >= HASH && skipsHashes && (signs & (LETTER | BEYOND_HEX)) === SMALL) continue;
    for (let at = start; at < end; ) {
      let stop = end;
      if ((signs & LETTER) !== 0) {
        while (at < end && !isDigit(text.charCodeAt(at))) at++;
        stop = at;
        while (stop < end && isDigit(text.charCodeAt(stop))) stop++;
        if (stop === at) break;
      }
      if (digits > 0 && goesOn(text, last + 1, at)) {
        close = at - last <= 2 ? close + stop - at : stop - at;
      } else {
        if (digits >= PHONE_DIGITS) shapes |= numberShape(text, first, last, digits, shapes);
        first = at;
        digits = 0;
        close = stop - at;
      }
      digits += stop - at;
      last = stop - 1;
      if (close >= CARD_DIGITS) shapes |= CARD;
      at = stop;
    }
  }
  return digits >= PHONE_DIGITS ? shapes | numberShape(text, first, last, digits, shapes) : shapes;
}

/** Whether a number may go on behind what stands there. */
function goesOn(text: string, from: number, to: number): boolean {
  if (to - from > DIGIT_GAP) return false;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 128 && BETWEEN[code] === 0) return false;
  }
  return true;
}

function numberShape(text: string, first: number, last: number, digits: number, seen: number): number {
  return (seen & PHONE) === 0 && isNumber(text, first, last, digits) ? PHONE | ANY_DIGITS : ANY_DIGITS;
}

/** Longer than numbers that letters are a part of; those of the few that are longer have keywords. */
const DIGEST = 16;
const UUID_LENGTH = 36;

/** Enough digits beside those of a time, and not of a digest, of a UUID, or around one decimal point. */
function isNumber(text: string, start: number, last: number, digits: number): boolean {
  if (digits - digitsOfTime(text, start) < PHONE_DIGITS) return false;
  if (digits === PHONE_DIGITS && isIdInPath(text, start, last)) return false;
  return !(isInDigest(text, start, last) || isInUuid(text, start, last) || isDecimal(text, start, last));
}

/** `/orders/8228219`: as few digits as a number has, without a separator, behind a segment of a path. */
function isIdInPath(text: string, start: number, last: number): boolean {
  if (last - start !== PHONE_DIGITS - 1 || text.charCodeAt(start - 1) !== SLASH) return false;
  let at = start - 2;
  while (at > start - 2 - SEGMENT_MAX && isInSegment(text.charCodeAt(at))) at--;
  return at < start - 2 && text.charCodeAt(at) === SLASH;
}

const SEGMENT_MAX = 32;
const UNDERSCORE = 0x5f;

function isInSegment(code: number): boolean {
  return code === UNDERSCORE || isInName(code);
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
  return dots === 1 && (before === EQUALS || before === COLON || isMilliseconds(text, last + 1));
}

function isMilliseconds(text: string, at: number): boolean {
  const from = text.charCodeAt(at) === SPACE ? at + 1 : at;
  return (
    text.charCodeAt(from) === 0x6d &&
    text.charCodeAt(from + 1) === 0x73 &&
    !isLetterOrDigit(text.charCodeAt(from + 2))
  );
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
const SPACE = 0x20;

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

export function isLetterOrDigit(code: number): boolean {
  return code < 128 && WORD[code] === 1;
}

const WORD = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Digests are the most frequent long words by far, so they are told apart here. */
function longWord(text: string, start: number, end: number, signs: number): number {
  if ((signs & DIGIT) === 0 && isHumped(text, start, end)) return ANY_LONG;
  if ((signs & (CAPITAL | BEYOND_HEX)) !== 0) return LONG | ANY_LONG | ENCODED;
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
