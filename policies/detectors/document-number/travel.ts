import { type Span, spansOf } from '../detector.ts';

/** Lines that machines read in passports and cards: the filler stands nowhere else. */
const ZONE = /(?<![A-Za-z0-9<])[A-Z0-9][A-Z0-9<]{29,44}(?![A-Za-z0-9<])/dg;
const FILLED = /[A-Z0-9]<<.{0,40}<(?:[0-9<]|$)/;
/** The line with the number, the day of birth, the sex and the day when it expires. */
const DATES = /^(?:[A-Z0-9<]{9}[0-9<][A-Z<]{3})?[0-9]{6}[0-9<][MFX<][0-9]{6}[0-9<]/;
/** The line with the state and the names. */
const NAMES = /^[PIACV][A-Z<][A-Z<]{3}[A-Z0-9<]{25,39}$/;

/** What an airline tells of a passport, from its number to the names. */
const DOCS =
  /(?<![A-Za-z0-9])[PIACFV]\/[A-Z]{3}\/(?<secret>[A-Z0-9]{5,15}\/[A-Z]{3}\/[A-Z0-9]{7}\/[A-Z]{1,2}\/[A-Z0-9]{7}(?:\/[A-Z '-]{1,40}){0,3})/dg;
/** A name in a booking, with the title behind it. */
const PASSENGER =
  /(?<![A-Za-z0-9/])[1-9]?\.?[1-9]?[A-Z][A-Z'-]{1,28}\/[A-Z][A-Z'-]{0,28}(?:[ ][A-Z]{1,20}){0,2}/g;
const TITLED = /^[0-9.]{0,3}(?<name>[^/]{2,29}\/.{1,60}?[ ]?(?:MRS?|MS(?:TR)?|MISS|DR))(?![A-Z])/;
const BOOKING = /(?<![a-z])(?:pnr|boarding|passenger|pax|itinerary|e-?ticket|booking)(?![a-z])/i;

export const TRAVEL_PATTERNS: readonly RegExp[] = [
  ZONE,
  FILLED,
  DATES,
  NAMES,
  DOCS,
  PASSENGER,
  TITLED,
  BOOKING,
];
export const TRAVEL_SIGNS: readonly string[] = [
  '<<<',
  'pnr',
  'boarding',
  'ssr doc',
  'docs hk',
  'passenger',
  'pax',
];

/** `<<<` behind a capital or a digit; the others are words. */
export function isFiller(text: string, start: number): boolean {
  return /[A-Z0-9]/.test(text.charAt(start - 1));
}

export function* inTravel(text: string): Generator<Span> {
  if (text.includes('<<')) {
    for (const span of spansOf(text, ZONE)) {
      const line = text.slice(span.start, span.end);
      if (line.includes('<') && (DATES.test(line) || (FILLED.test(line) && isZone(line)))) yield span;
    }
  }
  if (text.includes('/')) {
    yield* spansOf(text, DOCS);
    if (BOOKING.test(text)) yield* passengers(text);
  }
}

function isZone(line: string): boolean {
  return NAMES.test(line) || !/[0-9]/.test(line);
}

function* passengers(text: string): Generator<Span> {
  for (const { 0: match, index } of text.matchAll(PASSENGER)) {
    const name = TITLED.exec(match)?.groups?.['name'];
    if (name === undefined) continue;
    const start = index + match.indexOf(name);
    yield { start, end: start + name.length };
  }
}
