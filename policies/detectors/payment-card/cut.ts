import { isDigit } from '../../ascii.ts';
import { cutEnd } from '../cut-off.ts';
import type { Span } from '../detector.ts';
import { networkOf } from './networks.ts';
import { isOfOtherField, withoutPrograms } from './program.ts';

/** Between a word for cards and the end of the text. */
export const CUT_REACH = 48;
const GROUPED =
  /(?<![0-9A-Za-z_.-]|[0-9] )[0-9]{4}(?:[ -](?:[0-9]{4}[ -]){0,2}[0-9]{1,4}|[ -][0-9]{6}[ -][0-9]{1,4}|[0-9]{4,11})[ -]?$/;
const WORD =
  /(?:(?<![A-Za-z])(?:[Cc]ard|CARD|[Vv]isa|VISA|[Mm]aster ?[Cc]ard|[Aa]mex|AMEX|[Aa]merican [Ee]xpress|[Mm]aestro|[Dd]iners)|(?<=[a-z])Card)(?![a-z]{3})/;
const SEPARATORS = /[ -]/g;
/** Fewer digits could be anything even where the text speaks of cards. */
const SHORTEST = 8;
/** With so many digits, groups or a word for payments tell as well; without either, ids are cut off every day. */
const LONG = 12;
const PAYMENT = /pay|paid|charge|credit|debit|\bpan\b/i;

const GAP = /[0-9][ -][0-9]/;
const LAST_GROUP = /[0-9][ -](?:[0-9]{1,3})?$/;

export const CUT_PATTERNS: readonly RegExp[] = [GROUPED, WORD, PAYMENT, SEPARATORS, GAP, LAST_GROUP];

/** The beginning of a number at the end of the text, too short to have its check digit. */
export function cutCard(text: string): Span | undefined {
  const end = cutEnd(text);
  if (!isPart(text.charCodeAt(end - 1))) return undefined;
  const tail = text.slice(Math.max(0, end - 2 * CUT_REACH), end);
  const match = GROUPED.exec(tail);
  if (match === null) return undefined;
  const digits = match[0].replaceAll(SEPARATORS, '');
  if (digits.length < SHORTEST || !isStart(digits)) return undefined;
  const before = withoutPrograms(tail.slice(0, match.index).slice(-CUT_REACH));
  if (isOfOtherField(before)) return undefined;
  const isWhole = end === text.length && networkOf(digits)?.includes(digits.length) === true;
  const isToldAlone =
    digits.length >= LONG &&
    !isWhole &&
    (PAYMENT.test(before) || (end !== text.length && isGrouped(match[0])) || isInGroup(match[0]));
  if (!isToldAlone && !WORD.test(before)) return undefined;
  return { start: end - match[0].length, end };
}

/** A digit, or what stands between two groups of them. */
function isPart(code: number): boolean {
  return code === 0x20 || code === 0x2d || isDigit(code);
}

function isGrouped(number: string): boolean {
  return GAP.test(number);
}

/** Groups of which the last one is not complete: three whole groups of four may be all that was written. */
function isInGroup(number: string): boolean {
  return LAST_GROUP.test(number);
}

function isStart(digits: string): boolean {
  return !digits.startsWith('1') && networkOf(digits)?.some((length) => length > digits.length) === true;
}
