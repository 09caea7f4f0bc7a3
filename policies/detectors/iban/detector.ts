import { iban } from '../../checksums.ts';
import { cutEnd } from '../cut-off.ts';
import type { Detector, Span } from '../detector.ts';
import { mayGoOn } from '../prefixed-token.ts';
import { signOf } from '../runs.ts';

const LEAD = /(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}/gi;
const CANDIDATE = /(?<![A-Za-z0-9])(?=[A-Z]{2}[0-9]{2}[ -]?[A-Z0-9])(?:[A-Z0-9][ -]?){15,34}/iy;
/** At the end of a text that was cut off: a bank of letters at most, and digits, together or in groups of four. */
const CUT =
  /^[A-Z]{2}(?!0[01]|99)[0-9]{2}(?:[A-Z]{1,4}[0-9]{6,26}|[0-9]{10,26}|(?:[ -][A-Z]{4})?(?:[ -][0-9]{4}){2,6}(?:[ -][0-9]{0,3})?)$/;
const CUT_MIN = 14;
const LONGEST = 42;
const LETTERS_AND_DIGITS = /[^A-Za-z0-9]/g;

/** Length by country, from the IBAN registry (SWIFT, ISO 13616). */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BI: 27,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DJ: 27,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FK: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HN: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MN: 20,
  MR: 27,
  MT: 31,
  MU: 30,
  NI: 28,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  RU: 33,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  SO: 23,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
  YE: 30,
};

function* ibans(text: string, starts: readonly number[] = leadsIn(text)): Generator<Span> {
  for (const start of starts) {
    const length = LENGTHS[text.slice(start, start + 2).toUpperCase()];
    if (length === undefined) continue;
    if (isBoundary(text, start) && isCutOff(text, start, length)) yield { start, end: cutEnd(text) };
    CANDIDATE.lastIndex = start;
    if (!CANDIDATE.test(text)) continue;
    const end = endAfter(text, start, length);
    const compact = text.slice(start, end).replaceAll(LETTERS_AND_DIGITS, '').toUpperCase();
    if (compact.length === length && isOneNumber(text, start, end) && iban(compact)) yield { start, end };
  }
}

/** A number of which the end is missing, since the text ends; there is no check digit left to be right. */
function isCutOff(text: string, start: number, length: number): boolean {
  const end = cutEnd(text);
  if (end - start > LONGEST) return false;
  const number = text.slice(start, end);
  const compact = number.replaceAll(LETTERS_AND_DIGITS, '');
  return compact.length >= CUT_MIN && compact.length < length && CUT.test(number);
}

function isBoundary(text: string, start: number): boolean {
  return start === 0 || !/[A-Za-z0-9]/.test(text.charAt(start - 1));
}

function leadsIn(text: string): number[] {
  return [...text.matchAll(LEAD)].map(({ index }) => index);
}

/** Where the given number of letters and digits has been read. */
function endAfter(text: string, start: number, count: number): number {
  let left = count;
  let at = start;
  for (; left > 0 && at < start + 2 * count; at++) {
    if (text[at] !== ' ' && text[at] !== '-') left--;
  }
  return at;
}

/** Of one case, and not the start of a digest; other words may follow after a space. */
function isOneNumber(text: string, start: number, end: number): boolean {
  const number = text.slice(start, end);
  if (number === number.toUpperCase()) return true;
  return number === number.toLowerCase() && !number.includes(' ') && !/[A-Za-z0-9]/.test(text.charAt(end));
}

/** Behind no letter or digit, and before another or one separator: digests are full of such pairs, names of countries are not. */
function mayStart(text: string, start: number, end: number): boolean {
  if (signOf(text.charCodeAt(start - 1)) !== 0) return false;
  const after = text.charCodeAt(end);
  if (signOf(after) !== 0 || mayGoOn(text, end)) return true;
  return (
    (after === SPACE || after === DASH) && (signOf(text.charCodeAt(end + 1)) !== 0 || mayGoOn(text, end + 1))
  );
}

const SPACE = 0x20;
const DASH = 0x2d;

export const detector: Detector = {
  id: 'iban',
  title: 'International bank account number',
  docs: 'ISO 13616-1; SWIFT IBAN registry',
  net: 'text',
  wraps: true,
  keywords: Object.keys(LENGTHS).map((country) => `${country.toLowerCase()}##`),
  accepts: mayStart,
  shapes: [],
  patterns: [LEAD, CANDIDATE, CUT, LETTERS_AND_DIGITS],
  find: ibans,
};
