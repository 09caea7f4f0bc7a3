import { isDigit } from '../../ascii.ts';
import { luhn } from '../../checksums.ts';
import { around, isCounted } from '../context.ts';
import { cutEnd } from '../cut-off.ts';
import type { Detector, Span } from '../detector.ts';
import { isLetterAt } from '../letters.ts';
import { makeRunReader, type Runs } from '../runs.ts';
import { addCodes, CODE_PATTERNS, CODE_WORDS } from './code.ts';
import { CUT_PATTERNS, CUT_REACH, cutCard } from './cut.ts';
import { type Digits, digitsIn, GROUP_PATTERNS, type Group } from './groups.ts';
import { networkOf, toldAlone } from './networks.ts';
import { isOfOtherField, PROGRAM_PATTERNS, withoutPrograms } from './program.ts';

const CONTEXT =
  /card|kredit|karte\b|\bkarta|\bcarte\b|tarjeta|cart[aã]o|bankkort|betaalkaart|credit|debit|visa|master|amex|maestro|discover|diners|jcb|troy|payment|\brefund(?:s|ed)?\b|\bcharge[ds]?\b|\bpaid\b|\bpan\b|\bcc\b|\bcvv\b/i;
const CONTEXT_REACH = 64;
/** In front of the id of an account at Amazon, and of the second number of a line of metrics. */
const NO_CARD_BEFORE = /arn:[a-z-]{3,12}:[a-z0-9-]{1,32}:[a-z0-9-]{0,32}:$|[0-9][eE][+-]?$/;
/** Seconds and milliseconds of the clock are that long, and hardly any card. */
const SHORT_CARD = 13;
const ID =
  /(?:(?:^|[^a-z])(?:id|ids|uid|xid|lsn|gtid|nonce|hash|offset|epoch|time|timestamp|ts|counter|revision|resourceversion|generation|snowflake|trace|span|txn|trx|serial|version|(?:order|invoice|ticket|tracking|shipment|parcel|batch|job|task|build|sku|barcode|ean|gtin|asset|sensor|partition|segment)(?:[ _-]?(?:no|nr|num|number|id))?)|[a-z][_-]?(?:id|ts|seq)|(?:query|trace|span|request|correlation|object|row|event|message)[ _-]?id)["']?[ ]?[:=#]?[ ]?["']?$/i;
const ID_REACH = 32;
/** Names of metrics and of files of the kernel, with labels or without, and what a machine counts. */
const METRIC =
  /(?:[a-z][_.](?:total|sum|count|bucket|bytes|seconds|[num]?sec|[num]s|usage|periods|sent|received|read|written|packets|pages|size|max|min|limit|current|used|free)|"\}|(?:^|[^a-z])(?:inode|heap|position|ns|ticks|jiffies|cycles|addr|address))["']?[ ]?[:=]?[ ]?$/i;
const FRACTION = /[0-9]\.$/;
/** One or two groups of four hexadecimal digits, with their blanks. */
const BESIDE_LEFT = /(?<![0-9A-Za-z])((?:[0-9A-F]{4}[ ]){1,2})$/i;
const BESIDE_RIGHT = /^((?:[ ][0-9A-F]{4}){1,2})(?![0-9A-Za-z])/i;
const BESIDE = 11;
const FOUR_AND_BLANK = 5;
const HEX_LETTER = /[A-F]/i;
const DIGEST = 24;
const HEX_BEFORE = /[0-9a-f]{1,24}$/;
const HEX_AFTER = /^[0-9a-f]{1,24}/;
/** Lengths of groups as cards are written. */
const GROUPINGS = new Set(['4444', '465', '464', '44443', '445', '4442', '4441']);
/** The same with two groups of four in one, as a line break that was left out makes it; with blanks between. */
const JOINED = new Set(['448', '484', '844']);
/** Ids of 17 to 19 digits are everywhere (timestamps, query ids, snowflakes), longer runs of digits are not. */
const LONGEST_ID = 19;
/** So many digits in a row are an encoded text. */
const LONGEST_RUN = 64;
const SHORTEST_CARD = 12;
const LONGEST_CARD = 19;

/** Digits, and what can be asked of what stands around them. */
interface Candidate extends Digits {
  readonly text: string;
  /** Whether a number that tells alone is a card here: anywhere but in a digest, where only a word can tell. */
  isTold(isToldAlone: boolean): boolean;
}

const BEFORE_REACH = 96;
const NOTHING: readonly Span[] = [];
const readRuns = makeRunReader();

function cards(text: string, starts?: readonly number[], runs: Runs = readRuns(text)): readonly Span[] {
  const found: Span[] = [];
  for (const digits of digitsIn(text, runs, SHORTEST_CARD)) {
    if (NO_CARD_BEFORE.test(text.slice(Math.max(0, digits.start - BEFORE_REACH), digits.start))) continue;
    const candidate = candidateIn(text, digits);
    for (const group of digits.groups) addWithin(found, candidate, group);
    if (digits.groups.length > 1 && !isPartOfName(text, digits.start, digits.end))
      addAcross(found, candidate);
  }
  if (starts?.length !== 0) addCodes(found, text);
  const cut = cutCard(text);
  if (cut !== undefined) found.push(cut);
  return found.length === 0 ? NOTHING : found;
}

/** What stands around the digits is looked at last, and once. */
function candidateIn(text: string, { start, end, groups }: Digits): Candidate {
  let isWeak: boolean | undefined;
  let inContext: boolean | undefined;
  return {
    text,
    start,
    end,
    groups,
    isTold: (isToldAlone) =>
      (isToldAlone &&
        !(isWeak ??= isInDigest(text, start, end) || (groups.length === 1 && isOther(text, start, end)))) ||
      (inContext ??= isSpokenOf(text, start, end)),
  };
}

function isSpokenOf(text: string, start: number, end: number): boolean {
  const isShort = end - start <= SHORT_CARD;
  const before = text.slice(Math.max(0, start - ID_REACH), start);
  if (isShort && (isOther(text, start, end) || isOfOtherField(before))) return false;
  return CONTEXT.test(withoutPrograms(around(text, start, end, CONTEXT_REACH, 32)));
}

/**
 * A word for cards matters where it stands before the end of a text that was cut off: twelve digits tell by themselves.
 * Words for the codes on them matter anywhere.
 */
function isNearEnd(text: string, start: number, end: number): boolean {
  if (CODE_SECONDS.includes(text.charAt(start + 1).toLowerCase())) return true;
  return text.length - end <= CUT_REACH && isDigitOrBlank(text.charCodeAt(cutEnd(text) - 1));
}

/** Second letters of the words for codes; of the others none. */
const CODE_SECONDS = 've';

function isDigitOrBlank(code: number): boolean {
  return code === 0x20 || isDigit(code);
}

/** Digits between dashes and letters: a UUID, a pod. A card written into a word has no dashes of its own. */
function isPartOfName(text: string, start: number, end: number): boolean {
  return (
    text.slice(start, end).includes('-') &&
    (/[A-Za-z_-]/.test(text.charAt(start - 1)) || /[A-Za-z_-]/.test(text.charAt(end)))
  );
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

/** What is counted, or named as the id of something: one of forty such numbers looks like a card by chance. */
function isOther(text: string, start: number, end: number): boolean {
  if (isCounted(text, start, end)) return true;
  const before = text.slice(Math.max(0, start - ID_REACH), start);
  return ID.test(before) || METRIC.test(before);
}

/** A number of its own; and, where ids are not that long or the text speaks of cards, a card glued to other digits. */
function addWithin(found: Span[], candidate: Candidate, { digits, start, end }: Group): void {
  const isLoud = isToldAlone(digits.length) && isCard(digits, false);
  if ((isLoud || isCard(digits, true)) && candidate.isTold(isLoud)) found.push({ start, end });
  const isLong = digits.length > LONGEST_ID && !isInWord(candidate.text, start, end);
  if (digits.length > LONGEST_RUN) return;
  for (const length of [16, 15]) {
    for (let at = 0; at + length <= digits.length; at++) {
      if (isCard(digits, false, at, length) && candidate.isTold(isLong))
        found.push({ start: start + at, end: start + at + length });
    }
  }
}

/** Digits behind letters, as in an account number, behind dashes, as in what separates the parts of a form, or behind a point. */
function isInWord(text: string, start: number, end: number): boolean {
  return (
    isLetterAt(text, start - 1) ||
    isLetterAt(text, end) ||
    text.startsWith('--', start - 2) ||
    FRACTION.test(text.slice(Math.max(0, start - 2), start))
  );
}

/**
 * Windows that start and end with a group, so that a number written beside the card does not hide it. Cards are written
 * 4-4-4-4, 4-6-5 or 4-6-4; other groupings count where the text speaks of cards.
 */
function addAcross(found: Span[], candidate: Candidate): void {
  const { text, groups } = candidate;
  for (const [index, first] of groups.entries()) {
    let digits = first.digits;
    let grouping = String(digits.length);
    for (const last of groups.slice(index + 1, index + 8)) {
      digits += last.digits;
      grouping += String(last.digits.length);
      if (digits.length > LONGEST_CARD) break;
      const isUsual = GROUPINGS.has(grouping) || (text[first.end] === ' ' && JOINED.has(grouping));
      // A version and a fraction are no groups.
      if (!isUsual && text.slice(first.start, last.end).includes('.')) continue;
      // Nor the value and the time of a line of metrics.
      if (last.digits.length === SHORT_CARD && last !== first) break;
      const isLoud = isUsual && isGrouped(digits) && !isInTable(text, first.start, last.end);
      if ((isLoud || isCard(digits, true)) && candidate.isTold(isLoud))
        found.push({ start: first.start, end: last.end });
    }
  }
}

/** Among other groups of four, as in a dump or a list of codes: two of them, or one with a letter. */
function isInTable(text: string, start: number, end: number): boolean {
  const before = BESIDE_LEFT.exec(text.slice(Math.max(0, start - BESIDE), start))?.[1] ?? '';
  const after = BESIDE_RIGHT.exec(text.slice(end, end + BESIDE))?.[1] ?? '';
  return before.length + after.length > FOUR_AND_BLANK || HEX_LETTER.test(before + after);
}

/** Groups as on a card tell as well, where numbers of the network tell at all. */
function isGrouped(digits: string): boolean {
  return (toldAlone(digits)?.length ?? 0) > 0 && isCard(digits, true) && digits.length > SHORTEST_CARD;
}

function isCard(digits: string, inContext: boolean, at = 0, length = digits.length): boolean {
  if (length < SHORTEST_CARD) return false;
  const lengths = inContext ? networkOf(digits, at) : toldAlone(digits, at);
  return lengths?.includes(length) === true && luhn(digits.slice(at, at + length));
}

export const detector: Detector = {
  id: 'payment-card',
  title: 'Payment card number',
  docs: 'ISO/IEC 7812-1 (numbering, Luhn check digit); the card networks’ published ranges',
  net: 'text',
  wraps: true,
  keywords: ['card', 'visa', 'amex', 'maestro', ...CODE_WORDS],
  accepts: isNearEnd,
  shapes: ['card-digits'],
  patterns: [
    CONTEXT,
    NO_CARD_BEFORE,
    ...PROGRAM_PATTERNS,
    ID,
    METRIC,
    FRACTION,
    BESIDE_LEFT,
    BESIDE_RIGHT,
    HEX_LETTER,
    HEX_BEFORE,
    HEX_AFTER,
    ...GROUP_PATTERNS,
    ...CUT_PATTERNS,
    ...CODE_PATTERNS,
  ],
  find: cards,
};
