import { isDigit } from '../../ascii.ts';
import { COLUMN_PATTERNS, cellsOf } from '../columns.ts';
import { around, CONTEXT_PATTERNS, isCounted } from '../context.ts';
import { cutEnd } from '../cut-off.ts';
import { type Detector, type Span, spansOf } from '../detector.ts';
import { isDigitAt } from '../letters.ts';
import { DIGIT, LETTER, makeRunReader, RUN, type Runs } from '../runs.ts';
import { addLabelled, isOther, LABEL_PATTERNS } from './labels.ts';
import { isPhoneWord, PHONE_COLUMN, PHONE_WORDS } from './words.ts';

// With a country code, or in the North American form: recognisable by themselves. Six digits before a dot are those of
// a decimal fraction.
const INTERNATIONAL =
  /(?:(?<![A-Za-z0-9+])|(?<=(?<![A-Za-z])(?:tel|phone|mobile|mobil|handy|cell|fax|call|sms|whatsapp|number|msisdn)))\+[1-9][0-9]{0,2}[ .-]?(?:\(0?[0-9]{0,4}\)[ .-]?)?(?:[0-9]{1,5}[ .-]?){1,5}[0-9]{2,5}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![0-9])/iy;
const AMERICAN =
  /(?<![A-Za-z0-9.-])(?:(?:001|1)[ .-])?\(?[2-9][0-9]{2}(?:\)[ .-]?|[ .-])[2-9][0-9]{2}[.-][0-9]{4}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![0-9A-Za-z-]|\.[0-9A-Za-z])/dg;
const CONTEXT =
  /(?:phone|mobile|\bsms|\bfax)(?![ _-]?(?:gateway|service|svc|api|server|worker|queue|job|provider|home|app|build|client|sync|type|model|os|interval|size|topic)(?![a-z]))|\bcell|\btel\b|telephone|\bcall(?:s|ed|ing)?\b|\bdesk\b|\boffice\b|\btext me\b|\bcontact\b|\bnext of kin\b|\banswering\b|\bmessages? (?:to|from|on|at|me|my)\b|whatsapp|\breach(?:ed)?\b|\bdial(?:l?ed)?\b(?! (?:timeout|tcp|udp|error|peer|backoff)\b)|handynummer|mobilnummer|rufnummer|\bcallback\b|\bmy number\b|\bm(?:on|i) n[uú]m[eé]ro\b|cell?ular|\bm[oó]vil\b|\bring (?:me|us|him|her)\b/i;
// Any grouping: only beside a word that speaks of phones.
const LOOSE =
  /(?<![A-Za-z0-9.:-])\(?[0-9]{1,5}\)?(?:[ ./-]{1,2}\(?[0-9]{1,6}\)?){0,6}(?:x[0-9]{1,6})?(?![A-Za-z0-9]|[:.][0-9]|[ ./-]{1,2}\(?[0-9])/g;
// In one run, or in two groups with many digits: an id as well, so only right beside a word that means nothing else.
const BARE =
  /(?<![A-Za-z0-9.:_/-])(?:[0-9]{7,17}|0[0-9]{1,5}[-/ ][0-9]{4,10}|\(0[0-9]{1,5}\)[ ]?[0-9]{4,10}|[0-9]{2,5}[ -][0-9]{7,8})(?![A-Za-z0-9_]|[:.-][0-9])/g;
const STRONG =
  /(?:phone|mobile|\bsms|\bfax)(?![ _-]?(?:gateway|service|svc|api|server|worker|queue|job|provider|home|app|build|client|sync|type|model|os|interval|size|topic)(?![a-z]))|\btel\b|\btel[eé]fo|telephone|\bcell\b|whatsapp|\b(?:call|ring|text) (?:me|us|him|her)\b|\bdial(?:l?ed)?\b(?! (?:timeout|tcp|udp|error|peer|backoff)\b)|cell?ular|\bm[oó]vil\b|handynummer|mobilnummer|rufnummer|\bcallback\b|\bmy number\b|\bm(?:on|i) n[uú]m[eé]ro\b|téléphone/i;
/** Right before so many digits, what one does with a phone; or anything that speaks of phones before a trunk prefix. */
const CALLED = /\b(?:call|ring|dial|text|reach (?:me|us|him|her)(?: on| at)?|caller)[ ]$/i;
const CALLED_DIGITS = { least: 9, most: 13 };
/** Of the call of a procedure. */
const OUTCOME = /^[ ](?:returned|took|failed|finished|completed|timed|exited|done|blocked|aborted)\b/;
const OUTCOME_REACH = 12;
const TRUNK = /^\(?0[0-9]{1,5}[-/ )]/;
const STRONG_REACH = 24;
/** Without the two zeros that stand for the plus sign. */
const LONGEST_RUN = 13;
// The prefix that stands for the plus sign in most of the world.
const ZEROS =
  /(?<![A-Za-z0-9.:-]|[0-9] )00[2-9][0-9]{1,2}[ .-](?:\(0\)[ ]?)?[0-9]{1,5}(?:[ .-][0-9]{2,5}){2,5}(?![0-9A-Za-z.-])/y;
/** At the end of a text that was cut off: alone with seven digits, with fewer beside a word for it. */
const CUT = /\([2-9][0-9]{2}\)[ .-]?[2-9][0-9]{0,2}[ .-]?[0-9]{0,3}$/;
const CUT_REACH = 40;
const DATE =
  /^(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|^[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)[0-9]{2}/;
const LEADING_DATE = /^(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{1,2}(?:[T ][0-9]{0,2}(?::[0-9:.]{0,16})?)?$/;
/** Counters side by side, and a decimal fraction. */
const IS_COLUMN = /^(?:[0-9][ ]{1,2}){3}|^[0-9]{1,15}\.[0-9]{1,9}$/;
const NOT_DIGIT = /[^0-9]/g;
/** E.164. */
const LONGEST = 15;
const CONTEXT_REACH = 48;

const NOTHING: readonly Span[] = [];
const readRuns = makeRunReader();

function numbers(text: string, starts?: readonly number[], runs: Runs = readRuns(text)): readonly Span[] {
  const found: Span[] = [];
  addCut(found, text);
  addInternational(found, text);
  if (addZeros(found, text, runs)) found.push(...spansOf(text, AMERICAN));
  const isSpoken = starts?.length !== 0;
  if ((isSpoken || runs.lastForeign !== -1) && hasNumber(text)) {
    addLabelled(found, text);
    if (isSpoken && CONTEXT.test(text)) addNamed(found, text);
  }
  if (starts !== undefined && starts.length > 0) addCells(found, text, starts);
  return found.length === 0 ? NOTHING : found;
}

/** Below a column of phones. */
function addCells(found: Span[], text: string, starts: readonly number[]): void {
  for (const span of cellsOf(text, starts, (column) => PHONE_COLUMN.test(column))) {
    const cell = text.slice(span.start, span.end);
    if (CELL.test(cell) && digitsIn(cell) >= MIN_DIGITS) found.push(span);
  }
}

const CELL = /^["']?[+(0-9][0-9 +()./-]{5,24}[0-9](?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?["']?$/;

function addInternational(found: Span[], text: string): void {
  for (let at = text.indexOf('+'); at !== -1; at = text.indexOf('+', at + 1)) {
    if (!isDigitAt(text, at + 1)) continue;
    INTERNATIONAL.lastIndex = at;
    const match = INTERNATIONAL.exec(text)?.[0];
    if (match === undefined) continue;
    const [number = ''] = match.split(/[ex]/, 1);
    const digits = digitsIn(number);
    if (digits >= MIN_DIGITS && digits <= LONGEST) found.push({ start: at, end: at + match.length });
  }
}

const ZERO = 0x30;
const DASH = 0x2d;
const DOT = 0x2e;
const AREA = 3;
const ZEROS_LENGTHS = [4, 5];

/** Numbers behind two zeros; and whether three digits stand before four, as in North America. */
function addZeros(found: Span[], text: string, { table, length }: Runs): boolean {
  let isAmerican = false;
  let end = -1;
  let isArea = false;
  for (let group = 0; group < length; group += RUN) {
    const signs = table[group + 2] as number;
    const start = table[group] as number;
    const size = (table[group + 1] as number) - start;
    if (isArea && start === end + 1 && size >= 4 && (signs & DIGIT) !== 0) {
      const separator = text.charCodeAt(end);
      isAmerican ||= separator === DASH || separator === DOT;
    }
    end = start + size;
    const isNumber = (signs & LETTER) === 0;
    isArea = isNumber && size === AREA;
    if (!isNumber || !ZEROS_LENGTHS.includes(size)) continue;
    if (text.charCodeAt(start) !== ZERO || text.charCodeAt(start + 1) !== ZERO) continue;
    ZEROS.lastIndex = start;
    const match = ZEROS.exec(text)?.[0];
    if (match !== undefined) found.push({ start, end: start + match.length });
  }
  return isAmerican;
}

/** What is a number only beside a word for it. */
function addNamed(found: Span[], text: string): void {
  for (const match of text.matchAll(BARE)) {
    const end = match.index + match[0].length;
    if (match[0].length > LONGEST_RUN && !match[0].startsWith('00')) continue;
    if (isNamed(text, match.index, end) && !isCounted(text, match.index, end))
      found.push({ start: match.index, end });
  }
  for (const match of text.matchAll(LOOSE)) {
    const end = match.index + match[0].length;
    const digits = digitsIn(match[0]);
    if (digits < 7 || digits > 19 || DATE.test(match[0]) || isOther(match[0]) || IS_COLUMN.test(match[0]))
      continue;
    if (isCounted(text, match.index, end)) continue;
    if (CONTEXT.test(near(text, match.index, end, CONTEXT_REACH))) found.push({ start: match.index, end });
  }
}

function isNamed(text: string, start: number, end: number): boolean {
  if (STRONG.test(near(text, start, end, STRONG_REACH))) return true;
  const number = text.slice(start, end);
  if (TRUNK.test(number)) return CONTEXT.test(near(text, start, end, CONTEXT_REACH));
  const digits = digitsIn(number);
  if (digits < CALLED_DIGITS.least || digits > CALLED_DIGITS.most) return false;
  if (OUTCOME.test(text.slice(end, end + OUTCOME_REACH))) return false;
  return CALLED.test(text.slice(Math.max(0, start - STRONG_REACH), start));
}

/** A label that stands alone on the line before. */
const ALONE = /^[\s>*-]{0,8}[\p{L} ._-]{2,32}["']?[ ]{0,2}[:=]?[ ]{0,2}[([{"']{0,2}\r?\n[ \t]{0,24}["']?$/u;

/** What stands around a number on its line; and before it, a label of its own line. */
function near(text: string, start: number, end: number, reach: number): string {
  const left = text.slice(Math.max(0, start - ALONE_REACH), start);
  const lineStart = left.lastIndexOf('\n') + 1;
  const isAlone = lineStart > 0 && ALONE.test(left.slice(left.lastIndexOf('\n', lineStart - 2) + 1));
  const before = isAlone ? reach : Math.min(reach, left.length - lineStart);
  const lineEnd = text.slice(end, end + AFTER).indexOf('\n');
  return around(text, start, end, before, lineEnd === -1 ? AFTER : lineEnd);
}

const ALONE_REACH = 80;
const AFTER = 12;

function addCut(found: Span[], text: string): void {
  const end = cutEnd(text);
  if (!isDigitAt(text, end - 1)) return;
  const open = text.lastIndexOf('(', end);
  if (open < end - CUT_REACH) return;
  const tail = text.slice(Math.max(0, end - CUT_REACH), end);
  const match = CUT.exec(tail);
  if (match === null) return;
  if (digitsIn(match[0]) >= MIN_DIGITS || STRONG.test(tail.slice(0, match.index)))
    found.push({ start: end - match[0].length, end });
}

const MIN_DIGITS = 7;
const GAP_MAX = 3;

/** Whether enough digits stand together for a number, dates left out, with which most log lines begin. */
function hasNumber(text: string): boolean {
  let digits = 0;
  let start = 0;
  let last = -1;
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
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
  keywords: PHONE_WORDS,
  accepts: isPhoneWord,
  shapes: ['phone-digits'],
  patterns: [
    ...CONTEXT_PATTERNS,
    INTERNATIONAL,
    AMERICAN,
    CONTEXT,
    LOOSE,
    BARE,
    STRONG,
    CALLED,
    OUTCOME,
    TRUNK,
    ZEROS,
    CUT,
    DATE,
    LEADING_DATE,
    IS_COLUMN,
    ALONE,
    NOT_DIGIT,
    ...LABEL_PATTERNS,
    ...COLUMN_PATTERNS,
    PHONE_COLUMN,
    CELL,
  ],
  find: numbers,
};
