import {
  hasDate,
  isDay,
  isMultiple,
  lastFillsUp,
  lastIsRest,
  letterOf,
  luhn,
  numberAt,
  weighted,
} from '../id-checks.ts';

/** Austria: the fourth digit checks the others; behind it the date of birth, months from 13 on where numbers ran out. */
export function austrianSocial(digits: string): boolean {
  const rest = weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
  return (
    digits[0] !== '0' &&
    rest === numberAt(digits, 3) &&
    hasDate(digits, 'dmy', { at: 4, months: [0, 1, 2, 3] })
  );
}

/** Belgium: 97 minus the rest; from 2000 on with a 2 before the number. Months of foreigners are 20 or 40 higher. */
export function belgianNational(digits: string): boolean {
  const [head, check] = [numberAt(digits, 0, 9), numberAt(digits, 9, 2)];
  const fits = 97 - (head % 97) === check || 97 - ((2_000_000_000 + head) % 97) === check;
  const isKnownDate = hasDate(digits, 'ymd', { months: [0, 20, 40] });
  return fits && isKnownDate && numberAt(digits, 6, 3) > 0;
}

export function bulgarianCitizen(digits: string): boolean {
  const fits = lastIsRest([2, 4, 8, 5, 10, 9, 7, 3, 6], 11)(digits);
  return fits && hasDate(digits, 'ymd', { months: [0, 20, 40] });
}

const CYPRIOT = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];

export function cypriotTax(characters: string): boolean {
  let sum = 0;
  for (let place = 0; place < 8; place++) {
    const digit = numberAt(characters, place);
    sum += place % 2 === 0 ? (CYPRIOT[digit] ?? 0) : digit;
  }
  return String.fromCharCode(65 + (sum % 26)) === characters[8] && !characters.startsWith('12');
}

/** Czechia and Slovakia: divisible by 11 since 1954; the months of women are 50 higher, 20 more where numbers ran out. */
export function czechBirth(digits: string): boolean {
  const fits = Number(digits) % 11 === 0 || (numberAt(digits, 0, 9) % 11 === 10 && digits[9] === '0');
  return fits && hasDate(digits, 'ymd', { months: [0, 20, 50, 70] });
}

/** Germany: one digit stands twice or three times in the first ten, and not all ten are different. */
export function germanTaxRepeats(digits: string): boolean {
  const counts = [...'0123456789'].map((digit) => digits.slice(0, 10).split(digit).length - 1);
  return digits[0] !== '0' && Math.max(...counts) >= 2 && Math.max(...counts) <= 3;
}

const crossSum = (value: number): number => Math.floor(value / 10) + (value % 10);

/** Germany, pension insurance: the letter counts as two digits. */
export function germanPension(characters: string): boolean {
  const letter = String(characters.charCodeAt(8) - 64).padStart(2, '0');
  const digits = characters.slice(0, 8) + letter + characters.slice(9, 11);
  let sum = 0;
  for (const [place, weight] of [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].entries())
    sum += crossSum(weight * numberAt(digits, place));
  const [day, month] = [numberAt(characters, 2, 2), numberAt(characters, 4, 2)];
  return sum % 10 === numberAt(characters, 11) && isDay(month, day) && numberAt(characters, 0, 2) > 1;
}

/** Germany, health insurance: the letter counts as two digits, then weights 1 and 2 with cross sums. */
export function germanHealth(characters: string): boolean {
  const digits = String(characters.charCodeAt(0) - 64).padStart(2, '0') + characters.slice(1, 9);
  let sum = 0;
  for (let place = 0; place < 10; place++)
    sum += crossSum(numberAt(digits, place) * (place % 2 === 0 ? 1 : 2));
  return sum % 10 === numberAt(characters, 9);
}

export function danishDate(digits: string): boolean {
  return hasDate(digits, 'dmy');
}

/** Denmark: numbers since 2007 need not satisfy this. */
export function danishOld(digits: string): boolean {
  return danishDate(digits) && isMultiple([4, 3, 2, 7, 6, 5, 4, 3, 2, 1], 11)(digits);
}

const balticFirst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1];
const balticSecond = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3];

/** Estonia and Lithuania: a second set of weights where the first leaves 10. */
export function balticPersonal(digits: string): boolean {
  const first = weighted(digits, balticFirst) % 11;
  const rest = first < 10 ? first : (weighted(digits, balticSecond) % 11) % 10;
  return rest === numberAt(digits, 10) && /^[1-8]/.test(digits) && hasDate(digits, 'ymd', { at: 1 });
}

export function latvianPersonal(digits: string): boolean {
  const rest = (1101 - weighted(digits, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11;
  return /^[012]/.test(digits.slice(6)) && hasDate(digits, 'dmy') && rest === numberAt(digits, 10);
}

const SPANISH = 'TRWAGMYFPDXBNJZSQVHLCKE';

export function spanishPerson(characters: string): boolean {
  const digits = characters
    .slice(0, -1)
    .replace(/^[XYZKLM]/, (lead) => ({ X: '0', Y: '1', Z: '2' })[lead] ?? '');
  return letterOf(SPANISH, digits) === characters.at(-1) && /[1-9]/.test(digits);
}

/** Spain, companies: the check is a digit or a letter, by the kind of company. */
export function spanishCompany(characters: string): boolean {
  const digits = characters.slice(1, 8);
  if (!luhn(digits + '0') && !/[1-9]/.test(digits)) return false;
  const check = [...'0123456789'].find((digit) => luhn(digits + digit)) ?? '';
  return characters[8] === check || characters[8] === 'JABCDEFGHI'[Number(check)];
}

export function spanishSocial(digits: string): boolean {
  const [province, number] = [numberAt(digits, 0, 2), digits.slice(2, 10)];
  const head = number.startsWith('0') ? Number(number) + province * 10_000_000 : Number(digits.slice(0, 10));
  return head % 97 === numberAt(digits, 10, 2) && province >= 1 && province <= 66;
}

const FINNISH = '0123456789ABCDEFHJKLMNPRSTUVWXY';

export function finnishPersonal(characters: string): boolean {
  const digits = characters.slice(0, 6) + characters.slice(-4, -1);
  return letterOf(FINNISH, digits) === characters.at(-1) && hasDate(digits, 'dmy');
}

/** France: Corsica's departments 2A and 2B count as 19 and 18. */
export function frenchSocial(characters: string): boolean {
  const head = Number(characters.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  const month = numberAt(characters, 3, 2);
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return 97 - (head % 97) === numberAt(characters, 13, 2) && isMonth;
}

export function greekTax(digits: string): boolean {
  return digits !== '000000000' && lastIsRest([256, 128, 64, 32, 16, 8, 4, 2], 11)(digits);
}

export function greekSocial(digits: string): boolean {
  return luhn(digits) && hasDate(digits, 'dmy');
}

export function hungarianPersonal(digits: string): boolean {
  const old = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) % 11;
  const young = weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
  const check = numberAt(digits, 10);
  return (old === check || young === check) && /^[1-8]/.test(digits) && hasDate(digits, 'ymd', { at: 1 });
}

export const hungarianTax = lastIsRest([1, 2, 3, 4, 5, 6, 7, 8, 9], 11);

/** Ireland: the second letter counts nine times its place in the alphabet, W nothing. */
export function irishPersonal(characters: string): boolean {
  const second = characters[8] === undefined || characters[8] === 'W' ? 0 : characters.charCodeAt(8) - 64;
  const rest = (weighted(characters, [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23;
  return 'WABCDEFGHIJKLMNOPQRSTUV'[rest] === characters[7];
}

export function icelandicPersonal(digits: string): boolean {
  const isPerson = hasDate(digits, 'dmy', { days: [0, 40] });
  return isPerson && /[089]$/.test(digits) && lastFillsUp([3, 2, 7, 6, 5, 4, 3, 2], 11, -1)(digits);
}

const ITALIAN_ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/** Italy: letters may stand for digits where two persons would have the same code, so the form is judged before. */
export function italianFiscal(characters: string): boolean {
  let sum = 0;
  for (let place = 0; place < 15; place++) {
    const code = characters.charCodeAt(place);
    const value = code < 65 ? code - 48 : code - 65;
    sum += place % 2 === 0 ? (ITALIAN_ODD[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26)) === characters[15];
}

/** Norway: two check digits. */
export function norwegianPersonal(digits: string): boolean {
  return hasDate(digits, 'dmy') && norwegianOther(digits);
}

/** D-numbers add 40 to the day, health numbers 40 to the month, numbers for tests 65 or 80. */
export function norwegianOther(digits: string): boolean {
  const first = isMultiple([3, 7, 6, 1, 8, 9, 4, 5, 2, 1], 11)(digits);
  const second = isMultiple([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1], 11)(digits);
  return first && second && hasDate(digits, 'dmy', { months: [0, 40, 65, 80], days: [0, 40] });
}

export function polishPersonal(digits: string): boolean {
  const fits = lastFillsUp([1, 3, 7, 9, 1, 3, 7, 9, 1, 3], 10)(digits);
  return fits && hasDate(digits, 'ymd', { months: [0, 20, 40, 60, 80] });
}

/** Poland, identity card: three letters, a check digit, five digits. */
export function polishCard(characters: string): boolean {
  const weights = [7, 3, 1, 9, 7, 3, 1, 7, 3];
  let sum = 0;
  for (const [place, weight] of weights.entries())
    sum += weight * Number.parseInt(characters.charAt(place), 36);
  return sum % 10 === 0;
}

/** Portugal, citizen card: every second value doubled, letters from 10 on. */
export function portugueseCard(characters: string): boolean {
  let sum = 0;
  for (let place = 0; place < 12; place++) {
    const value = Number.parseInt(characters.charAt(place), 36);
    const doubled = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += place % 2 === 0 ? doubled : value;
  }
  return sum % 10 === 0;
}

export function romanianPersonal(digits: string): boolean {
  const county = numberAt(digits, 7, 2);
  const fits = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  const isKnown = (county >= 1 && county <= 48) || county === 51 || county === 52 || county === 70;
  return (
    (fits === 10 ? 1 : fits) === numberAt(digits, 12) &&
    isKnown &&
    /^[1-9]/.test(digits) &&
    hasDate(digits, 'ymd', { at: 1 })
  );
}

/** The former Yugoslavia: the year has three digits. */
export function balkanPersonal(digits: string): boolean {
  const fits = lastFillsUp([7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11, -1)(digits);
  return fits && /^[09]/.test(digits.slice(4)) && hasDate(digits, 'dmy');
}

/** Sweden: Luhn over the ten digits; coordination numbers add 60 to the day. */
export function swedishPersonal(digits: string): boolean {
  return luhn(digits.slice(-10)) && hasDate(digits.slice(-10), 'ymd', { days: [0, 60] });
}

/** Sweden, companies: like a person's number with a third digit that is in no month. */
export function swedishCompany(digits: string): boolean {
  return luhn(digits) && numberAt(digits, 2) >= 2 && digits[0] !== '0';
}

export function swissSocial(digits: string): boolean {
  return digits.startsWith('756') && lastFillsUp([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], 10)(digits);
}

export function britishHealth(digits: string): boolean {
  return isMultiple([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11)(digits) && !/^(?:0{10}|1{10}|9{10})$/.test(digits);
}

/** United Kingdom, taxpayer: the first digit checks the others. */
export function britishTaxpayer(digits: string): boolean {
  return '21987654321'[weighted(digits.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === digits[0];
}

export function russianInsurance(digits: string): boolean {
  const rest = (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100;
  return rest === numberAt(digits, 9, 2) && /[1-9]/.test(digits);
}

export function russianTax(digits: string): boolean {
  if (digits.length === 10) return lastIsRest([2, 4, 10, 3, 5, 9, 4, 6, 8], 11)(digits);
  return (
    lastIsRest([7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11)(digits) &&
    lastIsRest([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11)(digits)
  );
}

export function ukrainianTax(digits: string): boolean {
  const sum = weighted(digits, [-1, 5, 7, 9, 4, 6, 10, 5, 7]);
  return (((sum % 11) + 11) % 11) % 10 === numberAt(digits, 9);
}

export function dutchCitizen(digits: string): boolean {
  return isMultiple([9, 8, 7, 6, 5, 4, 3, 2, -1], 11)(digits);
}

/** Portugal: weights 9 to 2, what is missing to 11, 10 and 11 as 0. */
export const portugueseTax = lastFillsUp([9, 8, 7, 6, 5, 4, 3, 2], 11);
export const polishTax = lastIsRest([6, 5, 7, 2, 3, 4, 5, 6, 7], 11);
export const finnishCompany = lastFillsUp([7, 9, 10, 5, 8, 4, 2], 11, -1);
export const norwegianCompany = lastFillsUp([3, 2, 7, 6, 5, 4, 3, 2], 11, -1);
export const swissCompany = lastFillsUp([5, 4, 3, 2, 7, 6, 5, 4], 11, -1);
export const slovenianTax = lastFillsUp([8, 7, 6, 5, 4, 3, 2], 11);
