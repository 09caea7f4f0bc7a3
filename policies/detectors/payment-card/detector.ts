import { luhn } from '../../checksums.ts';
import { around } from '../context.ts';
import { cutEnd } from '../cut-off.ts';
import type { Detector, Span } from '../detector.ts';
import { CUT_PATTERNS, CUT_REACH, cutCard } from './cut.ts';
import { networkOf } from './networks.ts';

// A run of digits, or groups of digits with one space, dot or dash between.
const RUN = /[0-9]{1,64}(?:[ .-][0-9]{1,64}){0,31}/g;
const SEPARATOR = /[ .-]/g;
const GROUP = /[0-9]{1,64}/g;
const CONTEXT =
  /card|credit|debit|visa|master|amex|maestro|discover|diners|jcb|payment|\bpan\b|\bcc\b|\bcvv\b/i;
const CONTEXT_REACH = 64;
const DIGEST = 24;
const HEX_BEFORE = /[0-9a-f]{1,24}$/;
const HEX_AFTER = /^[0-9a-f]{1,24}/;
/** Lengths of groups as cards are written. */
const GROUPINGS = new Set(['4444', '465', '464', '44443', '445', '4442']);
/** The same with two groups of four in one, as a line break that was left out makes it; with blanks between. */
const JOINED = new Set(['448', '484', '844']);
/** Ids of 17 to 19 digits are everywhere (timestamps, query ids, snowflakes), longer runs of digits are not. */
const LONGEST_ID = 19;
const SHORTEST_CARD = 12;
const LONGEST_CARD = 19;

interface Group extends Span {
  readonly digits: string;
}

function* cards(text: string): Generator<Span> {
  for (const run of text.matchAll(RUN)) {
    if (run[0].length < SHORTEST_CARD || run[0].replaceAll(SEPARATOR, '').length < SHORTEST_CARD) continue;
    const end = run.index + run[0].length;
    const inContext = CONTEXT.test(around(text, run.index, end, CONTEXT_REACH, 32));
    if (!inContext && isInDigest(text, run.index, end)) continue;
    const groups = groupsOf(run[0], run.index);
    for (const group of groups) yield* withinGroup(group, inContext);
    if (!isPartOfName(text, run.index, end)) yield* acrossGroups(text, groups, inContext);
  }
  const cut = cutCard(text);
  if (cut !== undefined) yield cut;
}

/** A word for cards matters where it stands before the end of a text that was cut off: twelve digits tell by themselves. */
function isNearEnd(text: string, _: number, end: number): boolean {
  return text.length - end <= CUT_REACH && isDigitOrBlank(text.charCodeAt(cutEnd(text) - 1));
}

function isDigitOrBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x30 && code <= 0x39);
}

/** Digits between dashes and letters: a UUID, a pod. A card written into a word has no dashes of its own. */
function isPartOfName(text: string, start: number, end: number): boolean {
  return (
    text.slice(start, end).includes('-') &&
    (/[A-Za-z_-]/.test(text.charAt(start - 1)) || /[A-Za-z_-]/.test(text.charAt(end)))
  );
}

function groupsOf(run: string, offset: number): Group[] {
  return [...run.matchAll(GROUP)].map((match) => ({
    digits: match[0],
    start: offset + match.index,
    end: offset + match.index + match[0].length,
  }));
}

/** Without a word for it: shorter numbers are amounts, longer ones ids, and a sign before them says that they are numbers. */
function isToldAlone(length: number): boolean {
  return length >= 14 && length <= 16;
}

/** Digits in a long word that is hexadecimal otherwise: of a digest, a commit, an id. */
function isInDigest(text: string, start: number, end: number): boolean {
  const before = HEX_BEFORE.exec(text.slice(Math.max(0, start - DIGEST), start))?.[0] ?? '';
  const after = HEX_AFTER.exec(text.slice(end, end + DIGEST))?.[0] ?? '';
  return before.length + after.length > 0 && before.length + after.length + (end - start) >= DIGEST;
}

/** A number of its own; and, where ids are not that long or the text speaks of cards, a card glued to other digits. */
function* withinGroup({ digits, start, end }: Group, inContext: boolean): Generator<Span> {
  if ((inContext || isToldAlone(digits.length)) && isCard(digits, inContext)) yield { start, end };
  if (digits.length <= LONGEST_ID && !inContext) return;
  for (const length of [16, 15]) {
    for (let at = 0; at + length <= digits.length; at++) {
      if (isCard(digits.slice(at, at + length), false)) yield { start: start + at, end: start + at + length };
    }
  }
}

/**
 * Windows that start and end with a group, so that a number written beside the card does not hide it. Cards are written
 * 4-4-4-4, 4-6-5 or 4-6-4; other groupings count where the text speaks of cards.
 */
function* acrossGroups(text: string, groups: readonly Group[], inContext: boolean): Generator<Span> {
  for (const [index, first] of groups.entries()) {
    let digits = first.digits;
    let grouping = String(digits.length);
    for (const last of groups.slice(index + 1, index + 8)) {
      digits += last.digits;
      grouping += String(last.digits.length);
      if (digits.length > LONGEST_CARD) break;
      const isUsual = GROUPINGS.has(grouping) || (text[first.end] === ' ' && JOINED.has(grouping));
      if (!inContext && !isUsual) continue;
      if (isCard(digits, inContext)) yield { start: first.start, end: last.end };
    }
  }
}

function isCard(digits: string, inContext: boolean): boolean {
  const lengths = networkOf(digits);
  if (lengths === undefined || !lengths.includes(digits.length)) return false;
  // Maestro and UnionPay numbers of these lengths are hardly issued, ids of them are.
  if (!inContext && digits.length < 16 && /^[568]/.test(digits)) return false;
  return (digits.length >= 13 || inContext) && luhn(digits);
}

export const detector: Detector = {
  id: 'payment-card',
  title: 'Payment card number',
  docs: 'ISO/IEC 7812-1 (numbering, Luhn check digit); the card networks’ published ranges',
  net: 'text',
  wraps: true,
  keywords: ['card', 'visa', 'amex', 'maestro'],
  accepts: isNearEnd,
  shapes: ['card-digits'],
  patterns: [RUN, SEPARATOR, GROUP, CONTEXT, ...CUT_PATTERNS],
  find: cards,
};
