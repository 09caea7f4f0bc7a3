import { isHexDigit } from '../../ascii.ts';
import { cutEnd, cutTail } from '../cut-off.ts';
import type { Span } from '../detector.ts';

const TAIL = 96;
const V4_START = /(?<![A-Za-z0-9_.-])[0-9]{1,3}(?:\.[0-9]{1,3}){1,2}\.?$/;
/** Of the addresses that are assigned (2000::/3), at least four groups. */
const V6_START = /(?<![A-Za-z0-9_:.])[23][0-9A-Fa-f]{3}(?::[0-9A-Fa-f]{1,4}){3,6}:?$/;
/** Times and dates have groups of two decimal digits. */
const NO_TIME = /^.{4,64}(?:[A-Fa-f]|[0-9]{3})/;
/** What stands before an address and before no version. */
const BEFORE =
  /(?:\b(?:connect(?:ion|ed|s)?|requests?|login|logged in|sessions?|traffic|packets?|accepted|received|attempts?|calls?|query|queries) (?:from|by)|(?<![A-Za-z])(?:[A-Za-z]{1,16}[_-]){0,3}(?:ip|ipv4|addr|address|host|forwarded-for))["']?[ ]?[:=]?[ ]?["'([]?$/i;
const NUMBER_MAX = 255;
/** Three numbers and a dot may be a version at the end of a sentence, not with so many digits. */
const DIGITS = 7;

export const CUT_PATTERNS: readonly RegExp[] = [V4_START, V6_START, NO_TIME, BEFORE];

/** The beginning of an address at the end of the text. */
export function cutAddress(text: string): Span | undefined {
  const end = cutEnd(text);
  if (!isPart(text.charCodeAt(end - 1))) return undefined;
  const tail = cutTail(text, TAIL);
  const match = cutV4(tail) ?? cutV6(tail);
  return match === undefined ? undefined : { start: end - match.length, end };
}

function cutV4(tail: string): string | undefined {
  const match = V4_START.exec(tail);
  if (match === null) return undefined;
  const [start] = match;
  const numbers = start.split('.');
  if (numbers.some((number) => Number(number) > NUMBER_MAX || /^0[0-9]/.test(number))) return undefined;
  const isLong = numbers.length === 4 && start.length - 3 >= DIGITS;
  return isLong || BEFORE.test(tail.slice(0, match.index)) ? start : undefined;
}

function cutV6(tail: string): string | undefined {
  const start = V6_START.exec(tail)?.[0];
  return start !== undefined && NO_TIME.test(start) ? start : undefined;
}

/** A digit of an address, a dot or a colon. */
function isPart(code: number): boolean {
  return isHexDigit(code) || code === 0x2e || code === 0x3a;
}
