import type { Detector } from '../detector.ts';
import { isWordOf } from '../id-context.ts';
import { idForms } from '../id-forms.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';
import { AFRICA_MIDDLE_EAST } from './africa-middle-east.ts';
import { ASIA_PACIFIC } from './asia-pacific.ts';
import { EASTERN_EUROPE } from './eastern-europe.ts';
import { LATIN_AMERICA } from './latin-america.ts';
import { NORTH_AMERICA } from './north-america.ts';
import { NORTHERN_EUROPE } from './northern-europe.ts';
import { VAT } from './vat.ts';
import { WESTERN_EUROPE } from './western-europe.ts';

const forms = idForms([
  ...NORTH_AMERICA,
  ...LATIN_AMERICA,
  ...WESTERN_EUROPE,
  ...NORTHERN_EUROPE,
  ...EASTERN_EUROPE,
  ...VAT,
  ...ASIA_PACIFIC,
  ...AFRICA_MIDDLE_EAST,
]);

const ITALIAN_MONTHS = [...'abcdehlmprst'];
const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz'];
const NOT_HEX = ALPHABET.filter((letter) => !'abcdef'.includes(letter));

/** Numbers with fewer than seven digits together: parts of them that digests and names rarely have. */
const SIGNS = [
  '######(',
  ...[...'hm'].map((letter) => `######${letter}`),
  ...[...'abcdefuvwxy'].map((letter) => `######${letter}###`),
  ...[...'abcd'].flatMap((letter) => [`## ## ## ${letter}`, `##-##-##-${letter}`, `###### ${letter}`]),
  ...NOT_HEX.flatMap((letter) => [`${letter}######`, ...[...'abce'].map((hex) => `${letter}${hex}######`)]),
  ...ALPHABET.map((letter) => `p${letter}####`),
  ...ALPHABET.map((letter) => `####${letter}`),
  ...ITALIAN_MONTHS.flatMap((month) => ALPHABET.map((letter) => `##${month}##${letter}###`)),
];

const ACCOUNT_LETTERS = 5;

/** The others are words. Four digits and a letter are a sign only behind the five letters of an Indian account. */
function isSign(text: string, start: number, end: number): boolean {
  if (end - start === ACCOUNT_LETTERS && isDigitAt(text, start)) {
    for (let at = start - ACCOUNT_LETTERS; at < start; at++) if (!isLetterAt(text, at)) return false;
    return true;
  }
  return isDigitAt(text, start) || isDigitAt(text, end - 1) || isDigitAt(text, start + 2);
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
  accepts: (text, start, end) => isSign(text, start, end) || isWordOf(text, start, end),
  shapes: ['phone-digits'],
  patterns: forms.patterns,
  find: forms.find,
};
