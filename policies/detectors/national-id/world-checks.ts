import { hasDate, isDay, isMultiple, lastFillsUp, luhn, numberAt, verhoeff, weighted } from '../id-checks.ts';

export const argentineTax = lastFillsUp([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11, 9);

export function australianBusiness(digits: string): boolean {
  return weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 === 10 && digits[0] !== '0';
}
export const australianCompany = lastFillsUp([8, 7, 6, 5, 4, 3, 2, 1], 10);
export function australianTax(digits: string): boolean {
  const weights = digits.length === 8 ? [10, 7, 8, 4, 6, 3, 5, 1] : [1, 4, 3, 7, 5, 8, 6, 9, 10];
  return isMultiple(weights, 11)(digits);
}
export function australianMedicare(digits: string): boolean {
  return /^[2-6]/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === numberAt(digits, 8);
}

/** Brazil: what the weighted sum of the digits before leaves, twice. */
function brazilian(digits: string, first: readonly number[], second: readonly number[]): boolean {
  return (
    !/^([0-9])(?:0{10,13}|1{10,13})$/.test(digits) &&
    lastFillsUp(first, 11)(digits) &&
    lastFillsUp(second, 11)(digits)
  );
}
export function brazilianPerson(digits: string): boolean {
  return brazilian(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
}
export function brazilianCompany(digits: string): boolean {
  return brazilian(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
}
export const brazilianSocial = lastFillsUp([3, 2, 9, 8, 7, 6, 5, 4, 3, 2], 11);

export function canadianSocial(digits: string): boolean {
  return luhn(digits) && digits[0] !== '8';
}

/** Chile: weights 2 to 7 from the right, over and over; K is 10. */
export function chileanTax(characters: string): boolean {
  let sum = 0;
  for (
    let place = characters.length - 2, weight = 2;
    place >= 0;
    place--, weight = weight === 7 ? 2 : weight + 1
  ) {
    sum += weight * numberAt(characters, place);
  }
  return '0123456789K'[(11 - (sum % 11)) % 11] === characters.at(-1);
}

export function chineseResident(characters: string): boolean {
  const rest = weighted(characters, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
  const isDate =
    isDay(numberAt(characters, 10, 2), numberAt(characters, 12, 2)) &&
    /^(?:18|19|20)/.test(characters.slice(6));
  return '10X98765432'[rest] === characters[17] && isDate;
}

export function colombianTax(digits: string): boolean {
  const rest = weighted(digits, [41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11;
  return (rest < 2 ? rest : 11 - rest) === numberAt(digits, 9);
}

export function ecuadorianPersonal(digits: string): boolean {
  const province = numberAt(digits, 0, 2);
  return (
    luhn(digits.slice(0, 10)) &&
    ((province >= 1 && province <= 24) || province === 30) &&
    numberAt(digits, 2) < 6
  );
}

/** Hong Kong: letters from 10, a missing first letter counts 36; the check is a digit or A. */
export function hongKong(characters: string): boolean {
  const padded = characters.padStart(9, ' ');
  let sum = 0;
  for (let place = 0; place < 9; place++) {
    const value = padded[place] === ' ' ? 36 : Number.parseInt(padded.charAt(place), 36);
    sum += (9 - place) * value;
  }
  return sum % 11 === 0;
}

export function indianAadhaar(digits: string): boolean {
  return verhoeff(digits) && /^[2-9]/.test(digits);
}

/** Indonesia: province, then the date of birth, where the day of women is 40 higher. */
export function indonesian(digits: string): boolean {
  return (
    numberAt(digits, 0, 2) >= 11 &&
    hasDate(digits, 'dmy', { at: 6, days: [0, 40] }) &&
    numberAt(digits, 12, 4) > 0
  );
}

export function iranian(digits: string): boolean {
  const rest = weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? rest : 11 - rest) === numberAt(digits, 9) && digits !== '0000000000';
}

export function japanese(digits: string): boolean {
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === numberAt(digits, 11) && /[1-9]/.test(digits);
}

export function kazakh(digits: string): boolean {
  const first = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
  const rest = first === 10 ? weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11 : first;
  return rest === numberAt(digits, 11) && hasDate(digits, 'ymd');
}

/** Korea: numbers given since October 2020 have no check digit, so the date and the century decide. */
export function koreanResidentDate(digits: string): boolean {
  return hasDate(digits, 'ymd') && /^[0-9]/.test(digits.slice(6));
}
export function koreanBusiness(digits: string): boolean {
  const sum = weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((numberAt(digits, 8) * 5) / 10);
  return (10 - (sum % 10)) % 10 === numberAt(digits, 9) && numberAt(digits, 0, 3) > 100;
}
export function koreanLicence(digits: string): boolean {
  const region = numberAt(digits, 0, 2);
  return region >= 11 && region <= 28;
}

/** Malaysia: date of birth, place of birth. */
export function malaysian(digits: string): boolean {
  return hasDate(digits, 'ymd') && !/^(?:00|17|18|19|20|69|70|73|80|81|94|95|96|97)/.test(digits.slice(6));
}

export function newZealandTax(digits: string): boolean {
  const padded = digits.padStart(9, '0');
  const first = (11 - (weighted(padded, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  const check = first < 10 ? first : (11 - (weighted(padded, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11;
  return check === numberAt(padded, 8) && Number(digits) >= 10_000_000;
}

export function saudi(digits: string): boolean {
  return /^[12]/.test(digits) && luhn(digits);
}

/** Singapore: S and T (from 2000, 4 more) for citizens, F, G and M (3 more) for foreigners. */
export function singaporean(characters: string): boolean {
  const lead = characters.charAt(0);
  const offset = lead === 'T' || lead === 'G' ? 4 : lead === 'M' ? 3 : 0;
  const rest = (weighted(characters.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  if (lead === 'M') return 'KLJNPQRTUWX'[10 - rest] === characters[8];
  return (lead === 'S' || lead === 'T' ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK')[rest] === characters[8];
}

export function southAfrican(digits: string): boolean {
  return luhn(digits) && hasDate(digits, 'ymd') && /^[012]/.test(digits.slice(10));
}

const TAIWANESE = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

export function taiwanese(characters: string): boolean {
  const code = String(TAIWANESE.indexOf(characters.charAt(0)) + 10);
  return (
    weighted(code + characters.slice(1), [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0 &&
    /^[12489]/.test(characters.slice(1))
  );
}

export function thai(digits: string): boolean {
  const rest = weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return (11 - rest) % 10 === numberAt(digits, 12) && /^[1-8]/.test(digits);
}

export function turkish(digits: string): boolean {
  const odd = weighted(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(digits, [0, 1, 0, 1, 0, 1, 0, 1]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return (
    digits[0] !== '0' && tenth === numberAt(digits, 9) && (odd + even + tenth) % 10 === numberAt(digits, 10)
  );
}

export function uruguayan(digits: string): boolean {
  const padded = digits.padStart(8, '0');
  return (10 - (weighted(padded, [2, 9, 8, 7, 6, 3, 4]) % 10)) % 10 === numberAt(padded, 7);
}

/** United States: numbers for taxpayers without a social security number. */
export function americanTaxpayer(digits: string): boolean {
  const middle = numberAt(digits, 3, 2);
  return (
    digits[0] === '9' &&
    ((middle >= 50 && middle <= 65) || (middle >= 70 && middle <= 99 && middle !== 89 && middle !== 93))
  );
}

/** United States, health care providers: Luhn behind the prefix of the card issuer 80840. */
export function americanProvider(digits: string): boolean {
  return /^[12]/.test(digits) && luhn(`80840${digits}`);
}

/** United States, prescribers of controlled drugs. */
export function americanPrescriber(characters: string): boolean {
  return weighted(characters.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === numberAt(characters, 8);
}
