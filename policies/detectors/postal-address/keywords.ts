import { isSmall } from '../../ascii.ts';
import { isCapitalAt, isDigitAt, isLetterAt, isUpperAt, isWordAt } from '../letters.ts';
import { STREET_WORDS } from './signs.ts';

/** Behind the name of a street, and a number before that. */
const SUFFIXES = listed(STREET_WORDS);
/** The last part of a street's name, with the number behind. `ring` is left out: it ends many English words. */
const ROOTS = listed(
  'strasse str. weg platz gasse allee damm ufer chaussee straat laan gracht plein kade dijk gatan gata veien vegen vej gade katu tie polku kuja maantee puiestee mnt braut utca brautin',
);
/** In front of the name of a street. */
const LEADS = listed(
  'rue avenue av. boulevard bd blvd place chemin impasse quai cours calle c/ avda avda. avenida plaza paseo carrera camino via viale piazza corso vicolo largo strada rua travessa alameda ul. ulica al. os. pl. ulice str. bulevardul jalan jl.',
);
const FLATS = listed('apt apt. apartment suite ste unit flat');
const BOXES = listed('box postfach apartado casilla postale bp b.p. postbus');
const BASES = listed('apo fpo dpo apo, fpo, dpo,');
const STATES = listed(
  'al ak ar az ca co ct dc de fl ga hi ia id il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny oh ok or pa pr ri sc sd tn tx ut va vt wa wi wv wy',
);
/** A code follows. */
const CODES = [
  ...listed('zip postcode postal plz postleitzahl cap postnummer postnr postinumero eircode c.p.'),
  'cep=',
  'cep:',
  'cep"',
  'post code',
  'pin code',
  'pin_code',
  'pincode',
  'kod pocztowy',
];
/** An address follows, with a number somewhere in it. */
const PLACES = [
  ...listed(
    'address addr street adresse anschrift strasse direccion domicilio indirizzo endereco adres lieferadresse rechnungsadresse wohnadresse postadresse kundenadresse lieferanschrift rechnungsanschrift wohnanschrift shipto billto ship_to bill_to sold_to deliver_to remit_to morada city town locality stadt wohnort plaats woonplaats miasto ciudad cidade localidade ville city_zip plz_ort lives residing resides',
  ),
  'live at',
  'live in',
  'live on',
  'living at',
  'located at',
  'corner of',
  'side of',
  'moved to',
  'move to',
  'moves to',
  'is at',
  'delivery to',
  'deliver to',
  'delivered to',
  'ship to',
  'ship it to',
  'deliver it to',
  'shipped to',
];

function listed(words: string): string[] {
  return words.split(' ');
}

export const KEYWORDS: readonly string[] = [
  // The middle of a British or Canadian code.
  ...[...'abdefghjlnpqrstuwxyz'].map((letter) => `# #${letter}`),
  ...[...'abcdefghjkmnprstvwxyz'].map((letter) => `#${letter} #`),
  // Between the number of a house and a town.
  '#, #### ',
  '#, ##### ',
  '#, ### ## ',
  '#, ##-### ',
  '#, ####-### ',
  // The same over two lines.
  '#\n##### ',
  '#\n#### ',
  '#\n### ## ',
  '#\n##-### ',
  '#\n####-### ',
  ...[...'abcdef'].flatMap((letter) => [`#${letter}, ##### `, `#${letter}\n##### `, `#${letter}, #### `]),
  ...SUFFIXES.map((suffix) => ` ${suffix}`),
  ...ROOTS.map((root) => `${root} #`),
  ...[...LEADS, ...BASES].map((word) => `${word} `),
  ...[...FLATS, ...BOXES].map((word) => `${word} #`),
  ...FLATS.map((word) => `${word} `),
  ...STATES.map((state) => `, ${state} #`),
  ...CODES,
  ...PLACES,
];

const SPACE = 0x20;
const NUMBER_SIGN = 0x23;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const DOT = 0x2e;

/** Of the words between the number of a house and the word for its street. */
const LONGEST_STREET = 96;
const LONGEST_WORD = 32;
const LONGEST_NUMBER = 6;
/** From a word to the number that belongs to it. */
const REACH = 64;

const STATE_CODE = 5;

/** What the first and the last character of a keyword say of what must stand around it. */
export function mayBeNear(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first === SPACE) return isSuffix(text, start, end);
  if (first === COMMA) return isState(text, start);
  if (isLineBreak(text, start + 1) || isLineBreak(text, start + 2)) return isCapitalAt(text, end);
  if (text.charCodeAt(start + 1) === COMMA || text.charCodeAt(start + 2) === COMMA)
    return isBetweenNumberAndTown(text, start, end);
  if (isDigitAt(text, start)) return isPostcode(text, start, end);
  if (isDigitAt(text, end - 1)) return isCapitalAt(text, startOfWord(text, start));
  if (isLetterAt(text, start - 1)) return false;
  if (text.charCodeAt(end - 1) === SPACE) return isLead(text, start, end);
  return !isPartOfWord(text, end) && hasNumberBehind(text, end);
}

/** `capacity`, `addresses`; not `zipcode`, `addressLine`. */
function isPartOfWord(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  return isSmall(code) && code !== 0x63;
}

function isLineBreak(text: string, at: number): boolean {
  return text.charCodeAt(at) === LINE_FEED;
}

/** `2, 45429 ` of `Männi 12, 45429 Mustoja` */
function isBetweenNumberAndTown(text: string, start: number, end: number): boolean {
  let before = start;
  while (
    start - before < LONGEST_NUMBER &&
    (isDigitAt(text, before - 1) || '/-'.includes(text.charAt(before - 1) || ' '))
  )
    before--;
  return isCapitalAt(text, end) && text.charCodeAt(before - 1) === SPACE && isWordAt(text, before - 2);
}

/** ` Street` of `12 Main Street` */
function isSuffix(text: string, start: number, end: number): boolean {
  if (!isUpperAt(text, start + 1) || isWordAt(text, end)) return false;
  for (let at = start - 1; at >= 0 && start - at < LONGEST_STREET; at--) {
    if (isDigitAt(text, at)) return true;
    if (!isWordAt(text, at) && !" .'-".includes(text.charAt(at))) return false;
  }
  return false;
}

/** `, IL 62704` */
function isState(text: string, start: number): boolean {
  if (!isUpperAt(text, start + 2) || !isUpperAt(text, start + 3)) return false;
  for (let at = start + 5; at < start + 5 + STATE_CODE; at++) if (!isDigitAt(text, at)) return false;
  return isWordAt(text, start - 1);
}

/** `2 2B` of `SW12 2BX`, `1A 1` of `EC1A 1BB`, `1A 0` of `K1A 0B1` */
function isPostcode(text: string, start: number, end: number): boolean {
  if (!isUpperAt(text, start - 1) && !isDigitAt(text, start - 1)) return false;
  const isNumberLast = isDigitAt(text, end - 1);
  return isUpperAt(text, isNumberLast ? start + 1 : end - 1) && isUpperAt(text, end);
}

function startOfWord(text: string, from: number): number {
  let start = from;
  while (from - start < LONGEST_WORD && isWordAt(text, start - 1)) start--;
  return start;
}

/** `12 rue`, `Calle Mayor 5`, `Suite #12` */
function isLead(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(end) === NUMBER_SIGN) return true;
  if (!isWordAt(text, end)) return false;
  const isBefore = isDigitAt(text, start - 2) || isDigitAt(text, start - 3);
  return isBefore || hasNumberBehind(text, end);
}

/** Near, and no part of an address of a machine or of a version. */
function hasNumberBehind(text: string, from: number): boolean {
  for (let at = from; at < text.length && at - from < REACH; at++) {
    if (!isDigitAt(text, at)) continue;
    const start = at;
    while (isDigitAt(text, at) && at - start < LONGEST_NUMBER) at++;
    if (isPartOfName(text, start - 1) || isPartOfName(text, at)) continue;
    if (text.charCodeAt(at) !== DOT || !isDigitAt(text, at + 1)) return true;
  }
  return false;
}

function isPartOfName(text: string, at: number): boolean {
  return isDigitAt(text, at) || ':_=%'.includes(text.charAt(at) || ' ');
}
