import { type Span, spansOf } from '../detector.ts';
import { isMixedWord } from './in-words.ts';
import { isPointer } from './no-secret.ts';
import { isChosenWord, isJoinedWords, isTechnique } from './states.ts';
import { isCode, isGenerated, isMixed, isReference } from './value.ts';

const QUOTE = String.raw`["'\x60]?`;
const VALUE = String.raw`(?<secret>[^\s"'\x60,;()<>[\]{}/|]{5,64})(?![\w/])`;

/** `creds are ops/x`, `login is ops / x`, `credentials for staging -> ops:x`, `user/pass: ops/x` */
const PAIR = new RegExp(
  String.raw`(?<![A-Za-z])(?:(?:cred(?:ential)?s?|log-?ins?|log-?in (?:details|data|info)|zugangsdaten|identifiants|u/p|user(?:name)?[ ]?[/+&|][ ]?(?:pass(?:word|wd)?|pw|pwd))(?:[ ](?:for|to|on|of|für)[ ](?:the[ ])?[\w.@-]{1,40}){0,2})(?:[ ]?(?::|=|->|=>|→)|[ ](?:is|are|was|were|sind))[ ]?\[?${QUOTE}(?<user>[\w@\\-]{2,40}(?:\.[\w-]{1,32})?)${QUOTE}(?<joint>[ ]?[/:|][ ]?|[ ]?,[ ]|[ ]and[ ])${QUOTE}${VALUE}`,
  'dgi',
);
/** `creds ops x` */
const BARE_PAIR = new RegExp(
  String.raw`(?<![A-Za-z])creds[ ](?<user>[\w@-]{2,40})(?<joint>[ ]?[/:][ ]?|[ ])${QUOTE}${VALUE}`,
  'dgi',
);
/** `u: ops p: x` */
const SHORT_NAMES = new RegExp(
  String.raw`(?<![A-Za-z0-9_])u(?:ser(?:name)?|sr|id|n)?[ ]?[:=][ ]?[^\s,;|]{2,40}[ ]?[,;|/]?[ \n]{1,2}p(?:w|wd|ass)?[ ]?[:=][ ]?${QUOTE}${VALUE}`,
  'dgi',
);
/** `tried ops/x but got access denied`, `authenticating as ops/x`, `log in with ops and x` */
const TRIED = new RegExp(
  String.raw`(?<![A-Za-z])(?:tried|trying|try|authenticat(?:ing|ed)|logg(?:ing|ed) in|log in|login|sign in|connect(?:ing|ed))[ ](?:(?:as|with|using)[ ])?${QUOTE}(?<user>[A-Za-z][\w@-]{1,40})${QUOTE}(?:[ ]?/[ ]?|[ ]:[ ]|[ ]and[ ])${QUOTE}${VALUE}(?<rest>[^\n]{0,48})`,
  'dgi',
);
const OUTCOME = /denied|fail|reject|40[13]|refus|invalid|wrong|work|locked|unauthor|no luck/i;
/** `wifi: Office / x` */
const WIFI = new RegExp(
  String.raw`(?<![A-Za-z])wi-?fi(?:[ ](?:password|pass|pw|key|network|login|creds))?[ ]?[:=][ ]?${QUOTE}[\w-]{2,32}(?:[ ][\w-]{1,16})?${QUOTE}[ ]?[/|,][ ]?${QUOTE}${VALUE}`,
  'dgi',
);
/** `passwords: x (prod), y (stage)`, `passwords are prod: x, stage: y` */
const LIST =
  /(?<![A-Za-z])(?:passwords|passwd?s|pws|pwds|passwörter)(?: are| sind)?[ ]?[:=]?[ ](?<secret>(?:[\w-]{2,16}[ ]?[:=][ ]?)?[^\s,;()]{5,64}(?: \([^()\n]{1,24}\))?(?:(?:,|;| and| &| \/)[ ](?:[\w-]{2,16}[ ]?[:=][ ]?)?[^\s,;()]{5,64}(?: \([^()\n]{1,24}\))?){0,7})/dgi;
const ENTRY = /(?:^|[ ])(?:[\w-]{2,16}[ ]?[:=][ ]?)?(?<secret>[^\s,;()]{5,64})(?=[,;\s]|$)/dg;
/** `/password/reset/x`, `/magic-link/x` */
const LINK =
  /\/(?:[a-z]{1,16}[-_/]){0,2}(?:password|passwd|reset|recover(?:y)?|magic|invit(?:e|ation)|activat(?:e|ion)|confirm(?:ation)?|verify)(?:[-_/][a-z]{1,16}){0,3}[/?=](?:[a-z_]{1,12}=)?(?<secret>[A-Za-z0-9_-]{16,512})(?![\w.-])/dgi;
const SHORT_QUERY = /[?&]t=(?<secret>[A-Za-z0-9_-]{20,512})(?![\w.-])/dg;
/** `Use 123456 to verify your account` */
const ONE_TIME =
  /(?<![A-Za-z])(?:use|enter|type)[ ](?:(?:the[ ])?code[ ](?=[0-9]{4})|(?=[0-9]{6}))(?<secret>[0-9]{4,8})[ ](?:to[ ](?:verify|sign|log|confirm|complete|authenticate|activate|reset)|as[ ](?:your|the)[ ](?:\w{1,16}[ ]){0,2}code)/dgi;

/** `server_1.Credentials` */
const MEMBER = /^[A-Za-z_]\w{1,64}(?:\.[A-Za-z_]\w{0,64}){1,8}$/;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const PAIRS = [PAIR, BARE_PAIR, SHORT_NAMES, TRIED, WIFI];

export const CHAT_PATTERNS: readonly RegExp[] = [
  ...PAIRS,
  MEMBER,
  UUID,
  OUTCOME,
  LIST,
  ENTRY,
  LINK,
  SHORT_QUERY,
  ONE_TIME,
];

export const CHAT_CUES: readonly string[] = [
  'login is',
  'login:',
  'logins',
  'login details',
  'login ',
  'u/p',
  'user/',
  'user /',
  'user+',
  'user |',
  ' p: ',
  ' p:',
  'tried ',
  'wifi',
  'wi-fi',
  '?t=',
  '&t=',
  '/reset',
  '/recover',
  '/magic',
  '/invit',
  '/activat',
  '/confirm',
  '/verify',
  ' to verify ',
  ' to sign in',
  ' to log in',
  ' to confirm ',
];
const CUE =
  /^(?:log|u\/p|user[/ +|]|cred|auth|wi-?fi|tried |[?&]t=| p:| to [vslc]|\/(?:reset|recover|magic|invit|activat|confirm|verify)|passwords|passw?d?s |pwd?s)/i;

/** The first look at a keyword: whether one of these phrases may stand there. */
export function isChatCue(text: string, start: number): boolean {
  if (text.charAt(start - 1) === '/' && text.slice(start, start + 4).toLowerCase() === 'pass') return true;
  return CUE.test(text.slice(start, start + 12));
}

/** Passwords that are told beside the name of an account, in a list, or in a link that logs in. */
export function valuesInChat(text: string): Span[] {
  return [
    ...PAIRS.flatMap((pattern) => pairsIn(text, pattern)),
    ...listsIn(text),
    ...spansOf(text, LINK).filter((span) => isKeyOfLink(text, span)),
    ...spansOf(text, SHORT_QUERY).filter(({ start, end }) => isMixed(text.slice(start, end))),
    ...spansOf(text, ONE_TIME),
  ];
}

function pairsIn(text: string, pattern: RegExp): Span[] {
  const spans: Span[] = [];
  for (const { 0: phrase, indices, groups } of text.matchAll(pattern)) {
    const [start, end] = indices?.groups?.['secret'] ?? [0, 0];
    if (end === start) continue;
    const value = text.slice(start, end).replace(/[.,!?:]{1,2}$/, '');
    if (pattern === TRIED && !isOfLogin(value, groups?.['rest'] ?? '', phrase)) continue;
    const isFree = /^ $|[,a]/.test(groups?.['joint'] ?? '');
    if (isPassword(value, isFree)) spans.push({ start, end: pattern === TRIED ? start + value.length : end });
  }
  return spans;
}

/** In a pair also a word of its own, of eight letters or more. */
function isPassword(value: string, isFree: boolean): boolean {
  if (isReference(value) || isCode(value) || isTechnique(value) || isPointer(value) || MEMBER.test(value))
    return false;
  if (isMixedWord(value) && value.length >= 6) return true;
  if (isJoinedWords(value)) return true;
  return !isFree && value.length >= 6 && isChosenWord(value);
}

/** Logs in, or tried to: `tried main/7f3a2b1c` did something else. */
function isOfLogin(value: string, rest: string, verb: string): boolean {
  if (!/[A-Za-z]/.test(value) || !/[0-9!@#$%^&*+=~?]/.test(value) || /^[0-9a-f]{6,64}$/.test(value))
    return false;
  return (OUTCOME.test(rest) || !/^tr/i.test(verb)) && /[A-Z!@#$%^&*+=~?]|[0-9]{2}/.test(value);
}

function listsIn(text: string): Span[] {
  return spansOf(text, LIST).flatMap(({ start, end }) => {
    const list = text.slice(start, end);
    // One value is no list: the names of keys are looked at elsewhere.
    if (!/[,;&(]|[ ]and[ ]/.test(list)) return [];
    return spansOf(list, ENTRY)
      .filter((entry) => {
        const value = list.slice(entry.start, entry.end);
        return (
          !isReference(value) &&
          (isMixedWord(value) || isJoinedWords(value) || (value.length >= 8 && isChosenWord(value)))
        );
      })
      .map((entry) => ({ start: start + entry.start, end: start + entry.end }));
  });
}

function isKeyOfLink(text: string, { start, end }: Span): boolean {
  const value = text.slice(start, end);
  if (UUID.test(value) && !/pass|reset|recover|magic/i.test(text.slice(Math.max(0, start - 48), start)))
    return false;
  const isHex = /^[0-9a-f]{1,512}$/i.test(value);
  return isGenerated(value) && (isHex ? value.length >= 24 : /[0-9]/.test(value) && /[A-Z]|-/.test(value));
}
