import { isDigitAt, isLetterAt } from '../letters.ts';
import { BARE_KEY, STRONG, WEAK } from './words.ts';

const CAPITAL_Z = 0x5a;
/** Of the stems of words, those that only words hold which must stand for themselves. */
const WHOLE_STEMS: ReadonlySet<string> = new Set([
  'pin',
  'puk',
  'otp',
  'psw',
  'psk',
  'sig',
  'sas',
  'dsn',
  'jwt',
]);
const LONGEST_WHOLE = 3;
/** What the endings of `SUFFIX` begin with. */
const SUFFIX_HEADS: ReadonlySet<string> = new Set(
  'ha va pl te ba b6 en ra st pr de li qa ua ol ne cu ad us db ro rw'.split(' '),
);
const TAIL = 4;
/** What stands before `key` in the words that it ends: the last letters, at most four. */
const KEY_TAILS: ReadonlySet<string> = new Set(
  [...STRONG, ...WEAK]
    .filter((word) => word.endsWith(BARE_KEY))
    .map((word) =>
      word
        .slice(0, -BARE_KEY.length)
        .replace(/[_. -]$/, '')
        .slice(-TAIL),
    ),
);
const SHORTEST_TAIL = 3;
/** Words between a name and its value, and types between a name and `=`. */
const LINKS: ReadonlySet<string> = new Set(
  'value default content string str char text secret varchar for of on is was ist est es equals to from will be set changed has now'.split(
    ' ',
  ),
);
/** Those which only a sign makes one. */
const NOUNS: ReadonlySet<string> = new Set(['value', 'default', 'content']);
const LONGEST_LINK = 7;
const LONGEST_NAME = 64;
const LONGEST_GAP = 72;
/** Of one type of character or another; what assigns, quotes or ends a name. */
const SIGNS = table(/[:=?.+!<>~\\"'`\](|,{}-]/);
const IN_NAME = table(/[A-Za-z0-9_-]/);

function table(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

/** At the start of a word or of a hump of camel case. */
export function isWordStart(text: string, start: number): boolean {
  const isCapital = isLetterAt(text, start) && text.charCodeAt(start) <= CAPITAL_Z;
  if (isDigitAt(text, start - 1)) return isCapital;
  return !isLetterAt(text, start - 1) || (isCapital && text.charCodeAt(start - 1) > CAPITAL_Z);
}

/** `login ops / …`: of the keywords with six characters, `login ` is the one that ends in a blank. */
function isBeforePair(text: string, end: number): boolean {
  return /^[\w@-]{2,40}[ ]?\/[ ]?[^\s/]/.test(text.slice(end, end + 46));
}

const LOGIN = 6;

/** The first look at a stem: whether one of the words may stand there that hold it. */
export function mayHoldKey(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_WHOLE)
    return text.charAt(end - 1) !== ' ' || end - start !== LOGIN || isBeforePair(text, end);
  const stem = text.slice(start, end).toLowerCase();
  if (stem === BARE_KEY)
    return (
      isCompound(text, start) ||
      (isWordStart(text, start) && mayEnd(text, end) && (isJoined(text, start) || mayBeGiven(text, end)))
    );
  if (WHOLE_STEMS.has(stem)) return isWordStart(text, start) && mayGoOn(text, end);
  if (stem === 'tkn') return mayGoOn(text, end);
  // In one word it does not stand for itself.
  if (stem !== 'pw') return true;
  return (isWordStart(text, start) || isAfterAccount(text, start)) && mayGoOn(text, end);
}

/** `ENV SHOP_KEY …`, `--ssh-key …`: a blank may be all that stands before the value. */
function isJoined(text: string, start: number): boolean {
  return text.charAt(start - 1) === '_' || text.charAt(start - 1) === '-';
}

/** `rootpw`, `dbpass`: what a password is of, written together with the word for one. */
export function isAfterAccount(text: string, start: number): boolean {
  for (let length = LONGEST_ACCOUNT; length >= SHORTEST_ACCOUNT; length--) {
    if (ACCOUNTS.has(text.slice(Math.max(0, start - length), start).toLowerCase())) return true;
  }
  return false;
}

const ACCOUNTS: ReadonlySet<string> = new Set(
  'root bind db user admin ldap ftp mail my smtp imap sql svc login ssh vnc snmp usr adm rds wifi auth key store vpn ppp jdbc sudo pg sys'.split(
    ' ',
  ),
);
const SHORTEST_ACCOUNT = 2;
const LONGEST_ACCOUNT = 5;

/** `apikey`, `api_key`: one of the words that end so, with or without a separator. */
function isCompound(text: string, start: number): boolean {
  const end = start > 0 && '_-. '.includes(text.charAt(start - 1)) ? start - 1 : start;
  const tail = text.slice(Math.max(0, end - TAIL), end).toLowerCase();
  return KEY_TAILS.has(tail) || KEY_TAILS.has(tail.slice(-SHORTEST_TAIL));
}

/** The name ends here, or goes on as `SUFFIX` says. */
function mayEnd(text: string, end: number): boolean {
  if (end >= text.length) return true;
  const at = '_.-'.includes(text.charAt(end)) ? end + 1 : end;
  if (isDigitAt(text, at)) return true;
  if (at === end && !isLetterAt(text, at)) return true;
  if (text.charAt(end) === '-' || text.charAt(end) === '.') return true;
  return SUFFIX_HEADS.has(text.slice(at, at + 2).toLowerCase());
}

/** The same, or with a hump or a separator and anything; or it is a `signature`. */
function mayGoOn(text: string, end: number): boolean {
  if (text.startsWith('nature', end)) return true;
  return text.charCodeAt(end) <= CAPITAL_Z || text.charAt(end) === '_' || mayEnd(text, end);
}

/** Behind the name stands what a value follows: a sign, or one of few words. `duplicate key value violates` has none. */
function mayBeGiven(text: string, end: number): boolean {
  let at = end;
  while (at < end + LONGEST_NAME && IN_NAME[text.charCodeAt(at)] === 1) at++;
  const gap = at;
  while (at < gap + LONGEST_GAP && isSpace(text.charCodeAt(at))) at++;
  const code = text.charCodeAt(at);
  if (code > 127 || SIGNS[code] === 1) return code !== BRACKET || mayQuote(text, at + 1);
  let word = at;
  while (word <= at + LONGEST_LINK && isLetterAt(text, word)) word++;
  const link = text.slice(at, word).toLowerCase();
  if (!LINKS.has(link)) return false;
  return !NOUNS.has(link) || isSignAfter(text, word);
}

const BRACKET = 0x28;

/** A bracket in front of a string. */
function mayQuote(text: string, from: number): boolean {
  let at = from;
  while (at < from + 8 && isSpace(text.charCodeAt(at))) at++;
  return !/[A-Za-z0-9)*]/.test(text.charAt(at)) || /["'`]/.test(text.slice(at, at + 4));
}

function isSignAfter(text: string, from: number): boolean {
  let at = from;
  while (at < from + 8 && isSpace(text.charCodeAt(at))) at++;
  return SIGNS[text.charCodeAt(at)] === 1;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0x2c;
}
