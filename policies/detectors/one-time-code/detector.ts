import { isDigit } from '../../ascii.ts';
import { isCounted } from '../context.ts';
import { type Detector, type Span, spansOf } from '../detector.ts';

const CODE = String.raw`["'*\x60]{0,2}(?<secret>(?:[A-Z]{1,2}-)?[0-9]{4,8}|[0-9]{3}[ -][0-9]{3})(?![A-Za-z0-9_%-]|[.:/,][0-9])`;
const BETWEEN = String.raw`(?:[ ](?:code|pin|password|passcode|number|value|token)){0,1}(?:[ ](?:for[ ][\w.@+*-]{1,48}|generated|sent|received|entered|submitted|is|was|of|to|you|use|the|user|now|accepted|rejected|verified|validated|expired|invalid|mismatch|incorrect|wrong)){0,3}[ ]?[:=#]?[ ]{0,2}`;
/** Which codes are meant; `otp` is the platform of Erlang too, whose versions have two digits. */
const AFTER = new RegExp(
  String.raw`(?<![A-Za-z/])(?:OTP|TOTP|HOTP|one[- ]time|(?:2fa|mfa|two[- ]factor|verification|security|log[- ]?in|sign[- ]?in|auth(?:entication|orization)?|confirmation|sms|activation|access|recovery|reset|unlock|passcode|device|pairing|e-?mail|phone|authenticator|temporary)[ ](?:code|pin|passcode|otp|token))${BETWEEN}${CODE}`,
  'dgi',
);
/** `Use 123456 to verify your account`, `123456 is your verification code` */
const BEFORE = new RegExp(
  String.raw`\b(?:use|enter|type|provide|submit|text|reply(?:[ ]with)?)[ ](?:the[ ])?(?:code[ ]|pin[ ]|otp[ ])?${CODE}["'*\x60]{0,2}[ ](?:to|as|for)[ ](?:your[ ]|the[ ]|a[ ])?(?:verif|confirm|sign|log|authenticat|complete|activate|reset|access|finish|approve|unlock|continue|proceed|otp|one-time|code|passcode|verification|login|2fa|mfa)`,
  'dgi',
);
const IS_CODE = new RegExp(
  String.raw`(?<![\w.:/-])${CODE}["'*\x60]{0,2}[ ]is[ ](?:your|the|his|her|my)[ ](?:[\w-]{1,20}[ ]){0,3}(?:code|otp|pin|passcode|one-time)\b`,
  'dgi',
);
const PATTERNS = [AFTER, BEFORE, IS_CODE];

function* codes(text: string, starts?: readonly number[]): Generator<Span> {
  for (const { start, end } of starts === undefined
    ? [{ start: 0, end: text.length }]
    : around(text, starts)) {
    const stretch = text.slice(start, end);
    for (const pattern of PATTERNS) {
      for (const span of spansOf(stretch, pattern)) {
        if (!isCountedCode(stretch, span)) yield { start: start + span.start, end: start + span.end };
      }
    }
  }
}

/** The words around the keywords, each once. */
function around(text: string, starts: readonly number[]): Span[] {
  const stretches: { start: number; end: number }[] = [];
  for (const at of starts.toSorted((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last !== undefined && at - BEHIND <= last.end) last.end = Math.min(text.length, at + AHEAD);
    else stretches.push({ start: wordStart(text, at - BEHIND), end: Math.min(text.length, at + AHEAD) });
  }
  return stretches;
}

const BEHIND = 72;
const AHEAD = 160;
const LONGEST_WORD = 48;

function wordStart(text: string, from: number): number {
  let at = Math.max(0, from);
  while (at > 0 && from - at < LONGEST_WORD && text.charCodeAt(at - 1) > 0x20) at--;
  return at;
}

export const detector: Detector = {
  id: 'one-time-code',
  title: 'Code that proves who somebody is, once',
  docs: 'RFC 4226; RFC 6238; NIST SP 800-63B section 5.1.3',
  net: 'text',
  keywords: [
    'otp ',
    'otp:',
    'otp=',
    'otp#',
    'one-time ',
    'one time ',
    ' code',
    ' passcode',
    ' pin ',
    ' pin:',
    ' to verify',
    ' to confirm',
    ' to sign',
    ' to log',
    ' to authenticat',
    ' as your ',
  ],
  accepts: (text, start, end) => isSecretCode(text, start, end) && isNearDigit(text, start, end),
  shapes: [],
  patterns: PATTERNS,
  find: codes,
};

function isCountedCode(text: string, { start, end }: Span): boolean {
  return (
    isCounted(text, start, end) ||
    /^(?:[ ](?:ms|seconds|minutes|times|users|requests))/.test(text.slice(end, end + 10))
  );
}

/** `exit code`, `status code` and the like are of something else. */
function isSecretCode(text: string, start: number, end: number): boolean {
  if ((text.charCodeAt(end - 1) | 32) !== SMALL_E || text.charCodeAt(start) !== SPACE) return true;
  return CODE_OF.has(text.slice(start - 3, start).toLowerCase());
}

const SMALL_E = 0x65;
const SPACE = 0x20;
/** What `verification`, `security`, `login`, `sign-in`, `2FA` and so on end with. */
const CODE_OF: ReadonlySet<string> = new Set(
  'ion ity gin -in in 2fa mfa tor sms ess ery set ock ice ing ail one ary our the his her otp pin ime'
    .split(' ')
    .map((end) => end.padStart(3)),
);

/** Four digits that stand together or in a group of three, right before the words or soon behind them. */
function isNearDigit(text: string, start: number, end: number): boolean {
  for (let at = start - 3; at < start; at++) if (isDigit(text.charCodeAt(at))) return true;
  const last = Math.min(text.length, end + REACH);
  for (let at = end; at < last; at++) {
    if (isDigit(text.charCodeAt(at)) && isDigit(text.charCodeAt(at + 1)) && isDigit(text.charCodeAt(at + 2)))
      return true;
  }
  return false;
}

const REACH = 72;
