import { isDigit, isLetterOrDigit } from './ascii.ts';
/**
 * Check digits of published schemes. Each takes the digits (and letters, where the scheme has them) without
 * separators, the check digits in their place, and says whether they are right. Empty texts and characters that do
 * not belong to the scheme are wrong; so is a number of nothing but zeros, which passes most sums and is never issued.
 * All are linear in the length of the text.
 */
export type Checksum = (characters: string) => boolean;

/** ISO/IEC 7812-1 Annex B: payment cards, SIM cards, IMEI. */
export function luhn(digits: string): boolean {
  let sum = 0;
  let hasValue = false;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 0x30;
    if (digit < 0 || digit > 9) return false;
    hasValue ||= digit !== 0;
    sum += place % 2 === 0 ? digit : doubled(digit);
  }
  return hasValue && sum % 10 === 0;
}

function doubled(digit: number): number {
  return digit > 4 ? digit * 2 - 9 : digit * 2;
}

/** ISO/IEC 7064 MOD 97-10, letters as 10 to 35, check digits at the end: legal entity identifiers (ISO 17442). */
export function mod97(characters: string): boolean {
  if (!isAlphanumeric(characters)) return false;
  let rest = 0;
  for (const character of characters) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ISO 13616-1: MOD 97-10 with the country and the check digits moved from the front to the end. */
export function iban(characters: string): boolean {
  return characters.length > 4 && mod97(characters.slice(4) + characters.slice(0, 4));
}

/** Weights 1, 2, 3 … from the right, sum divisible by 11, X as last digit is 10: ISBN-10 (ISO 2108), ISSN (ISO 3297). */
export function mod11(characters: string): boolean {
  const last = characters.slice(-1);
  const isX = last === 'X' || last === 'x';
  const digits = isX ? `${characters.slice(0, -1)}0` : characters;
  const sum = (isX ? 10 : 0) + weighted(digits, (digit, place) => digit * (place + 1));
  return characters.length > 1 && (isX ? isDigits(digits) : isNumber(digits)) && sum % 11 === 0;
}

/** Weights 1 and 3 from the right, sum divisible by 10: EAN, GTIN, SSCC (GS1 General Specifications 7.9). */
export function gs1(digits: string): boolean {
  return (
    isNumber(digits) && weighted(digits, (digit, place) => (place % 2 === 0 ? digit : digit * 3)) % 10 === 0
  );
}

const DIHEDRAL = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTED = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** J. Verhoeff, Error Detecting Decimal Codes (1969): Aadhaar and others. */
export function verhoeff(digits: string): boolean {
  if (!isNumber(digits)) return false;
  let check = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    check = Number(DIHEDRAL[check]?.[Number(PERMUTED[place % 8]?.[digit])]);
  }
  return check === 0;
}

/** ISO/IEC 7064 MOD 11-10, one check digit at the end: the German tax id, the Croatian OIB. */
export function iso7064Mod11And10(digits: string): boolean {
  return isNumber(digits) && digits.length > 1 && hybrid(digits, 10);
}

/** ISO/IEC 7064 MOD 37-36, letters and digits. */
export function iso7064Mod37And36(characters: string): boolean {
  return isAlphanumeric(characters) && characters.length > 1 && hybrid(characters, 36);
}

function hybrid(characters: string, modulus: number): boolean {
  let product = modulus;
  for (const character of characters.slice(0, -1)) {
    const sum = (Number.parseInt(character, 36) + product) % modulus || modulus;
    product = (sum * 2) % (modulus + 1);
  }
  return (Number.parseInt(characters.slice(-1), 36) + product) % modulus === 1;
}

/** ISO/IEC 7064 MOD 11-2, X as check digit is 10: ISNI, ORCID, the Chinese resident identity number. */
export function iso7064Mod11And2(characters: string): boolean {
  const last = characters.slice(-1);
  const check = last === 'X' || last === 'x' ? 10 : Number(last);
  const digits = characters.slice(0, -1);
  if (!isDigits(digits) || !(check === 10 || isDigits(last)) || !/[1-9]/.test(characters)) return false;
  let product = 0;
  for (const digit of digits) product = ((product + Number(digit)) * 2) % 11;
  return (product + check) % 11 === 1;
}

/** Sum over the digits, each with its place from the right, the last one at 0. */
function weighted(digits: string, weigh: (digit: number, place: number) => number): number {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    sum += weigh(digits.charCodeAt(digits.length - 1 - place) - 0x30, place);
  }
  return sum;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text.charCodeAt(i))) return false;
  }
  return text !== '';
}

/** Digits, not all of them zeros. */
function isNumber(text: string): boolean {
  if (!isDigits(text)) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== 0x30) return true;
  return false;
}

function isAlphanumeric(text: string): boolean {
  let hasValue = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isLetterOrDigit(code)) return false;
    if (code !== 0x30) hasValue = true;
  }
  return hasValue;
}
