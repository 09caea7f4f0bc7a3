import { around, CONTEXT_PATTERNS } from '../context.ts';
import { cutEnd } from '../cut-off.ts';
import { type Detector, type Span, spansOf } from '../detector.ts';

// With a country code, or in the North American form: recognisable by themselves. Six digits before a dot are those of
// a decimal fraction.
const INTERNATIONAL =
  /(?<![A-Za-z0-9+])\+[1-9][0-9]{0,2}[ .-]?(?:\(0?[0-9]{0,4}\)[ .-]?)?(?:[0-9]{1,5}[ .-]?){1,5}[0-9]{2,5}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![0-9])/dg;
const AMERICAN =
  /(?<![A-Za-z0-9.-])(?:(?:001|1)[ .-])?\(?[2-9][0-9]{2}(?:(?:\)[ .-]?|[ .-])[2-9][0-9]{2}[.-]|[2-9][0-9]{2}-)[0-9]{4}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![0-9A-Za-z.-])/dg;
const AMERICAN_CORE = /[2-9][0-9]{2}[.-][0-9]{4}/;
const CONTEXT =
  /phone|mobile|\bcell|\btel\b|telephone|\bcall(?:s|ed|ing)?\b|\bfax\b|\bdesk\b|\boffice\b|\bsms\b|\btext me\b|\bcontact\b|\banswering\b|\bmessages?\b|whatsapp|\breach(?:ed)?\b|\bdial\b/i;
// Any grouping: only beside a word that speaks of phones.
const LOOSE =
  /(?<![A-Za-z0-9.:-])\(?[0-9]{1,5}\)?(?:[ ./-]{1,2}\(?[0-9]{1,6}\)?){0,6}(?:x[0-9]{1,6})?(?![A-Za-z0-9:])/g;
// In one run, or in two groups with many digits: an id as well, so only right beside a word that means nothing else.
const BARE =
  /(?<![A-Za-z0-9.:_/-])(?:[0-9]{7,15}|0[0-9]{1,5}[-/ ][0-9]{4,10}|[0-9]{2,5}[ -][0-9]{7,8})(?![A-Za-z0-9:_]|[.-][0-9])/g;
const STRONG =
  /phone|mobile|\btel\b|\btel[eé]f|telephone|\bcell\b|\bfax\b|\bsms\b|whatsapp|\bcall (?:me|us|him|her)\b|\bdial\b|celular|\bm[oó]vil\b/i;
const STRONG_REACH = 24;
// The prefix that stands for the plus sign in most of the world.
const ZEROS =
  /(?<![A-Za-z0-9.:-]|[0-9] )00[2-9][0-9]{1,2}[ .-](?:\(0\)[ ]?)?[0-9]{1,5}(?:[ .-][0-9]{2,5}){2,5}(?![0-9A-Za-z.-])/dg;
/** At the end of a text that was cut off: alone with seven digits, with fewer beside a word for it. */
const CUT = /\([2-9][0-9]{2}\)[ .-]?[2-9][0-9]{0,2}[ .-]?[0-9]{0,3}$/;
const CUT_REACH = 40;
const DATE =
  /^(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|^[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)[0-9]{2}/;
const LEADING_DATE = /^(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{1,2}(?:[T ][0-9]{0,2}(?::[0-9:.]{0,16})?)?$/;
const NOT_DIGIT = /[^0-9]/g;
/** E.164. */
const LONGEST = 15;
const CONTEXT_REACH = 48;

function* numbers(text: string, starts?: readonly number[]): Generator<Span> {
  yield* cutNumber(text);
  if (!hasNumber(text)) return;
  if (text.includes('+')) {
    for (const span of spansOf(text, INTERNATIONAL)) {
      const [number = ''] = text.slice(span.start, span.end).split(/[ex]/, 1);
      if (digitsIn(number) <= LONGEST) yield span;
    }
  }
  if (text.includes('00')) yield* spansOf(text, ZEROS);
  if (AMERICAN_CORE.test(text)) yield* spansOf(text, AMERICAN);
  if (starts?.length === 0 || !CONTEXT.test(text)) return;
  for (const match of text.matchAll(BARE)) {
    const end = match.index + match[0].length;
    if (STRONG.test(around(text, match.index, end, STRONG_REACH, 12))) yield { start: match.index, end };
  }
  for (const match of text.matchAll(LOOSE)) {
    const end = match.index + match[0].length;
    const digits = digitsIn(match[0]);
    if (digits < 7 || digits > 19 || DATE.test(match[0])) continue;
    if (CONTEXT.test(around(text, match.index, end, CONTEXT_REACH, 12))) yield { start: match.index, end };
  }
}

function* cutNumber(text: string): Generator<Span> {
  const end = cutEnd(text);
  const last = text.charCodeAt(end - 1);
  if (last < 0x30 || last > 0x39) return;
  const tail = text.slice(Math.max(0, end - CUT_REACH), end);
  const match = CUT.exec(tail);
  if (match === null) return;
  if (digitsIn(match[0]) >= MIN_DIGITS || STRONG.test(tail.slice(0, match.index)))
    yield { start: end - match[0].length, end };
}

const MIN_DIGITS = 7;
const GAP_MAX = 3;

/** Whether enough digits stand together for a number, dates left out, with which most log lines begin. */
function hasNumber(text: string): boolean {
  let digits = 0;
  let start = 0;
  let last = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) continue;
    if (at - last > GAP_MAX + 1) {
      if (digits >= MIN_DIGITS && !LEADING_DATE.test(text.slice(start, last + 1))) return true;
      digits = 0;
      start = at;
    }
    last = at;
    digits++;
  }
  return digits >= MIN_DIGITS && !LEADING_DATE.test(text.slice(start, last + 1));
}

function digitsIn(text: string): number {
  return text.replaceAll(NOT_DIGIT, '').length;
}

export const detector: Detector = {
  id: 'phone',
  title: 'Telephone number',
  docs: 'ITU-T E.123 (notation), E.164 (numbering)',
  net: 'text',
  wraps: true,
  keywords: [
    'phone',
    'mobile',
    'cell',
    'tel',
    'call',
    'fax',
    'desk',
    'office',
    'sms',
    'text me',
    'contact',
    'answering',
    'message',
    'whatsapp',
    'reach',
    'dial',
    'celular',
    'movil',
  ],
  shapes: ['phone-digits'],
  patterns: [
    ...CONTEXT_PATTERNS,
    INTERNATIONAL,
    AMERICAN,
    AMERICAN_CORE,
    CONTEXT,
    LOOSE,
    BARE,
    STRONG,
    ZEROS,
    CUT,
    DATE,
    LEADING_DATE,
    NOT_DIGIT,
  ],
  find: numbers,
};
