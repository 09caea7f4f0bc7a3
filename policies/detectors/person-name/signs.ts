import { isCapitalAt, isWordAt } from '../letters.ts';
import { FIRST_NAMES } from './first-names.ts';

/** What a text may hold: each a bit. */
export const TITLE = 1;
export const SPOKEN = 2;
export const CLOSING = 4;
export const FIELD = 8;
export const PAIR = 16;

const TITLES =
  'mr mrs ms mx dr prof mme mlle hr fr sr sra sig ra dott herr frau miss madam madame monsieur señor señora signor signora professor doctor mister mesdames pan pani gospodin';
const PHRASES =
  'is was am m named called under dear hello hi hey hallo liebe lieber cher chère estimado estimada querido querida caro cara beste kära';
const PARTICLES = 'van von de del della di da dos du der den la le bin al el ter zu';
const CLOSINGS = 'regards sincerely truly cheers wishes you thanks grüße grüßen cordialement saludos';
/** The last words of the names of fields. */
const ROLES =
  'customer client patient employee author committer contact owner user member passenger recipient sender attendee applicant candidate student teacher manager supervisor colleague engineer doctor nurse tenant borrower cardholder holder beneficiary payee insured subscriber guest buyer seller shopper driver witness defendant plaintiff victim spouse husband wife father mother brother sister son daughter friend assignee reviewer approver call oncall by to paged notified attn attention o kunde klient clienta cliente paciente paziente mitarbeiter empleado';

const BEFORE_NAME = bitsOf([
  [TITLES, TITLE | SPOKEN],
  [PHRASES, SPOKEN],
  [PARTICLES, PAIR],
]);
const BEFORE_LINE = bitsOf([[CLOSINGS, CLOSING]]);
const FIELDS = bitsOf([[ROLES, FIELD]]);

function bitsOf(lists: readonly (readonly [words: string, bits: number])[]): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  for (const [words, own] of lists)
    for (const word of words.split(' ')) bits.set(word, (bits.get(word) ?? 0) | own);
  return bits;
}

const ALL = TITLE | SPOKEN | CLOSING | FIELD | PAIR;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const COMMA = 0x2c;
const DOT = 0x2e;
const COLON = 0x3a;
const EQUALS = 0x3d;

/**
 * Which forms of names may stand in the text, judged by the words in front of capitals, line breaks and signs of
 * assignment: one pass without expressions, since ordinary text has hardly any of them.
 */
export function signsOf(text: string): number {
  let signs = 0;
  for (let at = 1; at < text.length && signs !== ALL; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE) signs |= beforeSpace(text, at);
    else if (code === COLON || code === EQUALS) signs |= beforeValue(text, at);
    else if (code === LINE_FEED) signs |= beforeLine(text, at);
  }
  return signs;
}

/** `Mr. Roe`, `My name is Jane`, `Jane Roe`; behind a dot the name may be written small. */
function beforeSpace(text: string, space: number): number {
  let last = space - 1;
  if (text.charCodeAt(last) === SPACE) last--;
  const isAfterDot = text.charCodeAt(last) === DOT;
  if (!isAfterDot && !isCapitalAt(text, space + 1)) return 0;
  if (isAfterDot || text.charCodeAt(last) === COLON) last--;
  const start = startOfWord(text, last);
  if (start > last) return 0;
  const word = text.slice(start, last + 1).toLowerCase();
  const isName = FIRST_NAMES.has(word) || isJoined(text, start);
  return (BEFORE_NAME.get(word) ?? 0) | (isName ? PAIR : 0);
}

/** `Jean-Luc`, `O'Brien`: the first part tells. */
function isJoined(text: string, start: number): boolean {
  return start > 1 && "-'’".includes(text.charAt(start - 1)) && isWordAt(text, start - 2);
}

/** `customer: Jane Roe`, `"first_name": "Jane"` */
function beforeValue(text: string, sign: number): number {
  let value = sign + 1;
  if (text.charCodeAt(value) === SPACE) value++;
  if (isQuoteAt(text, value)) value++;
  if (!isCapitalAt(text, value)) return 0;
  let last = sign - 1;
  if (text.charCodeAt(last) === SPACE) last--;
  if (isQuoteAt(text, last)) last--;
  const word = text.slice(startOfWord(text, last), last + 1).toLowerCase();
  return word.endsWith('name') ? FIELD : (FIELDS.get(word) ?? 0);
}

/** `Best regards,` at the end of a line. */
function beforeLine(text: string, lineFeed: number): number {
  let last = lineFeed - 1;
  if (text.charCodeAt(last) === RETURN) last--;
  for (let spaces = 0; spaces < 2 && text.charCodeAt(last) === SPACE; spaces++) last--;
  if (text.charCodeAt(last) === COMMA) last--;
  if (!isWordAt(text, last)) return 0;
  return BEFORE_LINE.get(text.slice(startOfWord(text, last), last + 1).toLowerCase()) ?? 0;
}

const LONGEST_WORD = 32;

function startOfWord(text: string, last: number): number {
  let start = last + 1;
  while (last - start < LONGEST_WORD && isWordAt(text, start - 1)) start--;
  return start;
}

function isQuoteAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x22 || code === 0x27;
}
