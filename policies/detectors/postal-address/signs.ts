import { isCapitalAt, isDigitAt, isUpperAt, isWordAt } from '../letters.ts';

/** What a text may hold: each a bit. */
export const SUFFIX = 1;
export const ROOT = 2;
export const LEAD = 4;
export const FLAT = 8;
export const BOX = 16;
export const BASE = 32;
export const TOWN = 64;
export const CODE = 128;
export const PHRASE = 256;
export const ZIP = 512;
export const TOWN_CODE = 1024;
export const LINES = 2048;

/** Behind the name of a street. */
export const STREET_WORDS =
  'street str st avenue ave av road rd boulevard blvd lane ln drive dr court ct way place pl terrace ter square sq highway hwy parkway pkwy circle cir trail trl close crescent cres gardens gdns grove hill mews alley plaza pike turnpike expressway freeway ridge gateway heights park esplanade quay walk wharf broadway crossing junction meadow meadows mill orchard parade pde promenade strand vale chase byway causeway croft boardwalk concourse';
const SUFFIXES = wordsOf(STREET_WORDS);
const LEADS = wordsOf(
  'rue avenue av boulevard bd blvd place allée chemin impasse quai cours calle avda avenida plaza paseo carrera camino via viale piazza corso vicolo largo strada rua praça travessa alameda ul ulica al os pl ulice nám str bulevardul jalan jl ул улица пр проспект οδός λ',
);
/** What stands between `rue` and its name. */
const SMALL = wordsOf('de la le les du des del della di da do dos las los el y e van von der den');
const FLATS = wordsOf('apt apartment suite ste unit flat');
/** The last words; of `P.O. Box` and `B.P.` as well. */
const BOXES = wordsOf('box postfach apartado casilla postale p bp postbus');
const ROOTS =
  /(?:stra(?:ß|ss)e|str|weg|platz|gasse|allee|ring|damm|ufer|chaussee|straat|laan|gracht|plein|kade|dijk|gatan|vägen|gata|veien|vegen|vej|gade|allé|stræde|katu|tie|polku|kuja|põik|tänav|mnt|maantee|puiestee|braut|götu|gatvė|utca|út|tér|brautin|stígur)$/i;
const PHRASES =
  /(?:[Ll]ives? (?:at|on|in)|iving at|esid(?:es|ing) at|ocated at|orner of|is at|eliver(?:y|ed)?(?: it| them| this)? to|hip(?:ped)?(?: it| them| this)? to|ove[ds]? to|ide of|ddress(?: is|:))$/;

function wordsOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

/** For the test that checks that expressions are bounded. */
export const SIGN_PATTERNS: readonly RegExp[] = [ROOTS, PHRASES];

const LONGEST_WORD = 32;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const DOT = 0x2e;
const COMMA = 0x2c;
const SLASH = 0x2f;
const NUMBER_SIGN = 0x23;

/**
 * Which forms of addresses may stand in the text, judged by the words on both sides of each space before a capital or a
 * digit, and by the words for codes: one pass without expressions over what is no such place.
 */
export function signsOf(text: string): number {
  let signs = 0;
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const place = code < 128 ? (PLACES[code] as number) : BEGINS;
    // Behind a letter nothing begins.
    const sign = place & ~((before & LETTER) << 1);
    before = place;
    if (sign <= LETTER) continue;
    if ((sign & BEGINS) !== 0) {
      if (isZipAt(text, at, code)) signs |= ZIP;
    } else if (at > 0 && text.charCodeAt(at + 1) > SPACE) signs |= besideSpace(text, at);
  }
  return signs;
}

const LETTER = 1;
const BEGINS = 2;
const SPACES = 4;

/** Letters, those of them that the words for codes begin with, and spaces and controls. */
const PLACES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code <= SPACE) return SPACES;
  const letter = String.fromCharCode(code).toLowerCase();
  if ('zpckei'.includes(letter)) return LETTER | BEGINS;
  return letter >= 'a' && letter <= 'z' ? LETTER : 0;
});

/** `zip`, `postcode`, `PLZ`, `código postal`, `c.p.`: by their first letters; those outside ASCII in full. */
function isZipAt(text: string, at: number, code: number): boolean {
  if (code > 127) return ZIP_FOREIGN.some((word) => text.startsWith(word, at));
  const second = text.charCodeAt(at + 1);
  if (second < 128 && SECONDS[second | SMALL_LETTER] !== 1) return false;
  return ZIP_HEADS.has(text.slice(at, at + 3).toLowerCase());
}

const SMALL_LETTER = 32;
const ZIP_HEADS = wordsOf('zip pos plz c.p cap cep cod cód kod pin eir psč irá');
const ZIP_FOREIGN = ['우편번호', '郵便番号', '邮编'];
const SECONDS = Uint8Array.from({ length: 128 }, (_, code) =>
  'iol.aes'.includes(String.fromCharCode(code)) || code === (DOT | SMALL_LETTER) ? 1 : 0,
);

function besideSpace(text: string, at: number): number {
  return text.charCodeAt(at) === LINE_FEED
    ? betweenLines(text, at) | aroundSpace(text, at)
    : aroundSpace(text, at);
}

/** A number at the end of a line, or before its last letter, and a code at the start of the next. */
function betweenLines(text: string, lineFeed: number): number {
  const end = text.charCodeAt(lineFeed - 1) === RETURN ? lineFeed - 1 : lineFeed;
  const hasNumber = isDigitAt(text, end - 1) || isDigitAt(text, end - 2);
  return hasNumber && (isDigitAt(text, lineFeed + 1) || isUpperAt(text, lineFeed + 1)) ? LINES : 0;
}

function aroundSpace(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (isDigitAt(text, at + 1) || next === NUMBER_SIGN) return beforeNumber(text, at) | beforePlace(text, at);
  if (isCapitalAt(text, at + 1)) return besideCapital(text, at) | beforePlace(text, at);
  return isApostropheAt(text, at + 2) ? leadBefore(text, at) : 0;
}

/** `rue de l'Orme` */
function isApostropheAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x27 || code === 0x2019;
}

function beforeNumber(text: string, space: number): number {
  const next = space + 1;
  const isCode = isDigitAt(text, next) && isUpperAt(text, next + 1) && isUpperOrDigitAt(text, space - 1);
  const word = wordBefore(text, space);
  if (word.length <= 1 && isNumberBefore(text, space)) return isCode ? CODE | TOWN_CODE : TOWN_CODE;
  if (word === '') return isCode ? CODE : 0;
  const lower = word.toLowerCase();
  let signs = isCode ? CODE : 0;
  if (FLATS.has(lower)) signs |= FLAT;
  if (BOXES.has(lower)) signs |= BOX;
  if (word.length <= 3 && isUpperAt(text, space - 2)) signs |= TOWN | BASE;
  if (word.length > 1 && ROOTS.test(lower)) signs |= ROOT;
  return signs;
}

/** The number of a house and a comma. */
function isNumberBefore(text: string, space: number): boolean {
  if (text.charCodeAt(space - 1) !== COMMA) return false;
  return isDigitAt(text, space - 2) || isDigitAt(text, space - 3);
}

function besideCapital(text: string, space: number): number {
  const signs = leadBefore(text, space);
  let end = space + 2;
  while (end - space < LONGEST_WORD && isWordAt(text, end)) end++;
  return SUFFIXES.has(text.slice(space + 1, end).toLowerCase()) ? signs | SUFFIX : signs;
}

function leadBefore(text: string, space: number): number {
  if (text.charCodeAt(space - 1) === SLASH) return LEAD;
  const word = wordBefore(text, space).toLowerCase();
  return LEADS.has(word) || SMALL.has(word) ? LEAD : 0;
}

/** `lives at 12 …`, over a line break as well. */
function beforePlace(text: string, space: number): number {
  const end = text.charCodeAt(space - 1) <= SPACE ? space - 1 : space;
  if (!'tnofs:'.includes(text.charAt(end - 1))) return 0;
  return PHRASES.test(text.slice(Math.max(0, end - 16), end)) ? PHRASE : 0;
}

/** The word that ends before the space, or before a dot or comma in front of it. */
function wordBefore(text: string, space: number): string {
  let end = space;
  const sign = text.charCodeAt(end - 1);
  if (sign === DOT || sign === COMMA) end--;
  let start = end;
  while (end - start < LONGEST_WORD && isWordAt(text, start - 1)) start--;
  return text.slice(start, end);
}

function isUpperOrDigitAt(text: string, at: number): boolean {
  return isUpperAt(text, at) || isDigitAt(text, at);
}
