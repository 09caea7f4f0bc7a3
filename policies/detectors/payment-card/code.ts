import { type Span, spansOf } from '../detector.ts';

/** What is printed beside the number of a card: the code that must not be stored (PCI DSS 3.3.1). */
const CODE =
  /(?<![A-Za-z0-9])(?:cvv2?|cvc2?|cvn2?|(?:card[ _-]?)?security[ _-]?code|card[ _-]?verification[ _-]?(?:code|value|number))(?:[ _-]?(?:code|number|value))?["']?[ ]?(?:[:=]|is)?[ ]?["'(]?(?<secret>[0-9]{3,4})(?![0-9A-Za-z.]|[ ]?(?:ms|bytes))/dgi;
const EXPIRY =
  /(?<![A-Za-z0-9])(?:exp(?:iry|ires|iration)?(?:[ _-]?date)?|valid[ _-]?(?:thru|through|until|to))["']?[ ]?[:=]?[ ]?["']?(?<secret>(?:0[1-9]|1[0-2])[/-](?:20)?[2-4][0-9])(?![0-9/-])/dgi;
const CARD = /(?<![a-z])(?:card|cvv|cvc|visa|mastercard|amex|pan)(?![a-z])/i;
const REACH = 64;

export const CODE_PATTERNS: readonly RegExp[] = [CODE, EXPIRY, CARD];
export const CODE_WORDS: readonly string[] = [
  'cvv',
  'cvc',
  'cvn',
  'verification value',
  'security code',
  'security_code',
];

/** Codes, and dates until which a card is valid beside a word for cards. */
export function addCodes(found: Span[], text: string): void {
  found.push(...spansOf(text, CODE));
  for (const span of spansOf(text, EXPIRY)) {
    const around = text.slice(Math.max(0, span.start - REACH), span.end + REACH);
    if (CARD.test(around)) found.push(span);
  }
}
