import type { Detector } from '../detector.ts';
import { isWordOf } from '../id-context.ts';
import { type IdForm, idForms } from '../id-forms.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';
import { BEYOND_HEX, signOf } from '../runs.ts';
import { AFRICA_MIDDLE_EAST } from './africa-middle-east.ts';
import { ASIA_PACIFIC } from './asia-pacific.ts';
import { EASTERN_EUROPE } from './eastern-europe.ts';
import { IBERIA } from './iberia.ts';
import { LATIN_AMERICA } from './latin-america.ts';
import { NAMES } from './names.ts';
import { NORTH_AMERICA } from './north-america.ts';
import { NORTHERN_EUROPE } from './northern-europe.ts';
import { VAT } from './vat.ts';
import { WESTERN_EUROPE } from './western-europe.ts';

const ROWS: readonly IdForm[] = [
  ...NORTH_AMERICA,
  ...LATIN_AMERICA,
  ...WESTERN_EUROPE,
  ...IBERIA,
  ...NORTHERN_EUROPE,
  ...EASTERN_EUROPE,
  ...VAT,
  ...ASIA_PACIFIC,
  ...AFRICA_MIDDLE_EAST,
];

const forms = idForms(ROWS.map((row) => ({ ...row, names: row.words.filter((word) => NAMES.has(word)) })));

const ITALIAN_MONTHS = [...'abcdehlmprst'];
const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz'];
const NOT_HEX = ALPHABET.filter((letter) => !'abcdef'.includes(letter));
const HEX_OF_BRITAIN = [...'abce'];

/** Numbers with fewer than seven digits together: parts of them that digests and names rarely have. */
const SIGNS = [
  '######(',
  ...[...'hm'].map((letter) => `######${letter}`),
  ...[...'abcdefuvwxy'].map((letter) => `######${letter}###`),
  ...[...'abcd'].flatMap((letter) => [
    `## ## ## ${letter}`,
    `##-##-##-${letter}`,
    `###### ${letter}`,
    ` ######${letter}`,
  ]),
  ...NOT_HEX.flatMap((letter) => [
    `${letter}######`,
    ...HEX_OF_BRITAIN.map((hex) => `${letter}${hex}######`),
  ]),
  ...HEX_OF_BRITAIN.flatMap((first) => HEX_OF_BRITAIN.map((second) => `${first}${second}######`)),
  // A permanent account: of the letters around its digits one is hardly ever missing that no digest has.
  ...NOT_HEX.flatMap((letter) => [
    `####${letter}`,
    // Lines of the logs of Kubernetes begin with the first two, escapes with the third.
    ...('iwu'.includes(letter) ? ALPHABET.map((before) => `${before}${letter}####`) : [`${letter}####`]),
  ]),
  ...[...'ghjlpt'].flatMap((letter) => [...'abcdef'].map((hex) => `${letter}${hex}####`)),
  ...ITALIAN_MONTHS.flatMap((month) => ALPHABET.map((letter) => `##${month}##${letter}###`)),
];

const OPEN = 0x28;
const SPACE = 0x20;
const ACCOUNT = { letters: 5, digits: 4 };
const SIX = 6;
const ITALIAN = { letters: 6, length: 9 };
const FINNISH_LENGTH = 10;
const MEXICAN_LETTERS = 4;

/** The others are words. In digests and names such characters are frequent, but not with these ends. */
function isSign(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) === SPACE) return isInsurance(text, start + 1, end);
  if (!isDigitAt(text, start)) {
    if (!isDigitAt(text, end - SIX)) return isAccount(text, end - ACCOUNT.digits);
    return isStart(text, start, end);
  }
  if (text.charCodeAt(end - 1) === OPEN) return isLetterAt(text, start - 1);
  if (!isAlnumAt(text, end - 2)) return isInsurance(text, start, end);
  const length = end - start;
  if (length === ACCOUNT.digits + 1) return isAccount(text, start);
  if (length === ITALIAN.length)
    return startsWithLetters(text, start, ITALIAN.letters) && isLetterAt(text, end) && endsAt(text, end + 1);
  if (length === FINNISH_LENGTH)
    return endsAt(text, start - 1) && isAlnumAt(text, end) && endsAt(text, end + 1);
  return startsWithLetters(text, start, MEXICAN_LETTERS) || (endsAt(text, start - 1) && endsAt(text, end));
}

/** Where both letters are digits of a digest as well, only a British number is meant. */
function isStart(text: string, start: number, end: number): boolean {
  const hasTwo = isHexAt(text, start) && isHexAt(text, start + 1);
  return !hasTwo || (endsAt(text, start - 1) && (isLetterAt(text, end) || text.charCodeAt(end) === SPACE));
}

/** A permanent account number; also between the digits of a state and of a registration for taxes. */
function isAccount(text: string, digits: number): boolean {
  const from = digits - ACCOUNT.letters;
  for (let at = from; at < digits; at++) if (!isLetterAt(text, at)) return false;
  const end = digits + ACCOUNT.digits;
  if (!isLetterAt(text, end)) return false;
  if (endsAt(text, from - 1)) return endsAt(text, end + 1);
  return isDigitAt(text, from - 1) && isDigitAt(text, from - 2) && endsAt(text, from - 3);
}

/** The two letters of a British number stand before the six digits. */
function isInsurance(text: string, start: number, end: number): boolean {
  const last = isAlnumAt(text, start - 1) ? start - 1 : start - 2;
  return startsWithLetters(text, last + 1, 2) && endsAt(text, end);
}

function startsWithLetters(text: string, end: number, count: number): boolean {
  for (let at = end - count; at < end; at++) if (!isLetterAt(text, at)) return false;
  return endsAt(text, end - count - 1);
}

function isHexAt(text: string, at: number): boolean {
  const sign = signOf(text.charCodeAt(at));
  return sign !== 0 && (sign & BEYOND_HEX) === 0;
}

function endsAt(text: string, at: number): boolean {
  return !isAlnumAt(text, at);
}

function isAlnumAt(text: string, at: number): boolean {
  return signOf(text.charCodeAt(at)) !== 0;
}

export const detector: Detector = {
  id: 'national-id',
  title: 'Number that a state gives to a person or a taxpayer',
  docs: 'Each row of the tables names its source; https://en.wikipedia.org/wiki/National_identification_number',
  net: 'text',
  keywords: [
    ...SIGNS,
    'mbi',
    'medicare',
    'permanent account',
    'pan card',
    'national insurance',
    'nhi',
    'cnie',
    'identity card',
    'id card',
    'national id',
    'nationalid',
    'national number',
    'citizen',
    'income tax',
    'gst',
    'gstin',
    'rfc',
    'beneficiary',
    'codice fiscale',
    'fiscal code',
    'dowod',
    'dowodu',
    'ni number',
    'insurance number',
    'national health',
    'social security',
    'driving licen',
    'uen',
    'carte d',
    'personal number',
    'personal code',
    'residence permit',
  ],
  accepts: (text, start, end) =>
    isDigitAt(text, start) || isDigitAt(text, end - 1) || text.charCodeAt(start) === SPACE
      ? isSign(text, start, end)
      : isWordOf(text, start, end),
  shapes: ['phone-digits'],
  get patterns() {
    return forms.patterns;
  },
  find: forms.find,
};
