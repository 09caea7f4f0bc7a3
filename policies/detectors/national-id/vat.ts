import { iso7064Mod11And10, lastFillsUp, luhn, numberAt } from '../id-checks.ts';
import type { IdForm } from '../id-forms.ts';
import * as check from './europe-checks.ts';

const WORDS = [
  'vat',
  'ust-id',
  'ustid',
  'umsatzsteuer',
  'tva',
  'iva',
  'btw',
  'moms',
  'p.iva',
  'partita iva',
  'n.i.f',
  'nif',
  'nip',
  'alv',
  'mva',
  'tax id',
  'mwst',
  'dph',
  'pvm',
  'káfa',
  'ддс',
  'φπα',
  'áfa',
  'vies',
];
const DOCS = 'https://ec.europa.eu/taxation_customs/vies/';

/** Austria: weights 1 and 2 with cross sums, 4 added. */
function austrian(digits: string): boolean {
  let sum = 4;
  for (let place = 0; place < 7; place++) {
    const product = numberAt(digits, place) * (place % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return (10 - (sum % 10)) % 10 === numberAt(digits, 7);
}

function belgian(digits: string): boolean {
  return 97 - (numberAt(digits, 0, 8) % 97) === numberAt(digits, 8, 2);
}

function french(characters: string): boolean {
  const siren = characters.slice(2);
  return (
    luhn(siren) &&
    (/[A-Z]/.test(characters.slice(0, 2)) ||
      (12 + 3 * (Number(siren) % 97)) % 97 === numberAt(characters, 0, 2))
  );
}

function british(digits: string): boolean {
  const sum = lastTwo(digits);
  return sum % 97 === 0 || (sum + 55) % 97 === 0;
}

function lastTwo(digits: string): number {
  let sum = numberAt(digits, 7, 2);
  for (let place = 0; place < 7; place++) sum += (8 - place) * numberAt(digits, place);
  return sum;
}

function polish(digits: string): boolean {
  return check.polishTax(digits);
}

interface Vat {
  readonly country: string;
  /** Behind the prefix. */
  readonly masks: string;
  readonly check?: (characters: string) => boolean;
}

const VATS: readonly Vat[] = [
  {
    country: 'AT',
    masks: 'A99999999',
    check: (characters) => characters.startsWith('U') && austrian(characters.slice(1)),
  },
  { country: 'BE', masks: '9999999999|9999.999.999', check: belgian },
  { country: 'BG', masks: '999999999|9999999999' },
  { country: 'CY', masks: '99999999A', check: check.cypriotTax },
  { country: 'CZ', masks: '99999999|999999999|9999999999' },
  { country: 'DE', masks: '999999999|999 999 999', check: iso7064Mod11And10 },
  {
    country: 'DK',
    masks: '99999999|99 99 99 99',
    check: (digits) => lastFillsUp([2, 7, 6, 5, 4, 3, 2], 11)(digits),
  },
  { country: 'EE', masks: '999999999', check: lastFillsUp([3, 7, 1, 3, 7, 1, 3, 7], 10) },
  { country: 'EL', masks: '999999999', check: check.greekTax },
  {
    country: 'ES',
    masks: 'A9999999X|99999999A',
    check: (characters) => check.spanishCompany(characters) || check.spanishPerson(characters),
  },
  { country: 'FI', masks: '99999999', check: check.finnishCompany },
  { country: 'FR', masks: '99999999999|XX999999999|XX 999999999|XX 999 999 999', check: french },
  { country: 'GB', masks: '999999999|999 9999 99', check: british },
  { country: 'HR', masks: '99999999999', check: iso7064Mod11And10 },
  { country: 'HU', masks: '99999999', check: lastFillsUp([9, 7, 3, 1, 9, 7, 3], 10) },
  {
    country: 'IE',
    masks: '9999999A|9999999AA|9X99999A',
    check: (characters) => /^[0-9]{7}/.test(characters) && check.irishPersonal(characters),
  },
  { country: 'IT', masks: '99999999999', check: luhn },
  { country: 'LT', masks: '999999999|999999999999' },
  {
    country: 'LU',
    masks: '99999999',
    check: (digits) => numberAt(digits, 0, 6) % 89 === numberAt(digits, 6, 2),
  },
  { country: 'LV', masks: '99999999999' },
  { country: 'MT', masks: '99999999' },
  { country: 'NL', masks: '999999999A99', check: (characters) => characters[9] === 'B' },
  { country: 'PL', masks: '9999999999|999-999-99-99', check: polish },
  { country: 'PT', masks: '999999999', check: check.portugueseTax },
  { country: 'RO', masks: '99999999|999999999|9999999999' },
  {
    country: 'SE',
    masks: '999999999999',
    check: (digits) => digits.endsWith('01') && luhn(digits.slice(0, 10)),
  },
  { country: 'SI', masks: '99999999', check: check.slovenianTax },
  { country: 'SK', masks: '9999999999', check: (digits) => Number(digits) % 11 === 0 },
];

function formOf({ country, masks, check: isRight }: Vat): IdForm {
  const body = (characters: string) => characters.slice(2);
  const both = masks
    .split('|')
    .flatMap((mask) => [`AA${mask}`, `AA ${mask}`, `AA-${mask}`])
    .join('|');
  return {
    country,
    name: 'VAT identification number',
    docs: DOCS,
    ...(isRight === undefined
      ? { named: both }
      : { alone: both, check: (characters) => isRight(body(characters)) }),
    form: new RegExp(`^${country}`),
    words: WORDS,
  };
}

export const VAT: readonly IdForm[] = [
  ...VATS.map(formOf),
  {
    country: 'IT',
    name: 'partita IVA',
    docs: 'https://www.agenziaentrate.gov.it',
    named: '99999999999',
    check: luhn,
    words: ['iva', 'p.iva', 'piva', 'partita', 'vat', 'italian', 'codice fiscale'],
  },
  {
    country: 'IT',
    name: 'codice fiscale',
    docs: 'https://www.agenziaentrate.gov.it',
    alone: 'AAAAAAXXAXXAXXXA|AAA AAA XXAXX AXXXA',
    form: /^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/,
    check: check.italianFiscal,
    words: ['codice fiscale', 'cf', 'c.f.', 'fiscal code'],
  },
  {
    country: 'GB',
    name: 'VAT registration number without prefix',
    docs: 'https://www.gov.uk/vat-registration',
    named: '999999999|999 9999 99',
    check: british,
    words: ['vat'],
  },
  {
    country: 'GB',
    name: 'company number',
    docs: 'https://www.gov.uk/government/organisations/companies-house',
    named: '99999999|AA999999',
    words: ['companies house', 'company number', 'company registration'],
  },
];
