import { iso7064Mod11And10, luhn, mod97, verhoeff } from '../checksums.ts';

/** Sum of the digits from the left, each with its weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (const [place, weight] of weights.entries()) sum += weight * (digits.charCodeAt(place) - 0x30);
  return sum;
}

/** The number at a place, NaN where there is none. */
export function numberAt(text: string, start: number, length = 1): number {
  return Number(text.slice(start, start + length));
}

/** The last digit is what the sum of the others leaves: `(sum % modulus) % 10`. */
export function lastIsRest(weights: readonly number[], modulus: number): (digits: string) => boolean {
  return (digits) => (weighted(digits, weights) % modulus) % 10 === numberAt(digits, weights.length);
}

/** The last digit is what is missing to the next multiple; `tens` is the digit for 10, and 11 counts as 0. */
export function lastFillsUp(
  weights: readonly number[],
  modulus: number,
  tens = 0,
): (digits: string) => boolean {
  return (digits) => {
    const missing = (modulus - (weighted(digits, weights) % modulus)) % modulus;
    return (missing === 10 ? tens : missing) === numberAt(digits, weights.length);
  };
}

/** The weighted sum over all digits is a multiple. */
export function isMultiple(weights: readonly number[], modulus: number): (digits: string) => boolean {
  return (digits) => /[1-9]/.test(digits) && weighted(digits, weights) % modulus === 0;
}

/** A remainder of the leading number is spelled by the letter behind it. */
export function letterOf(table: string, digits: string): string | undefined {
  return table[Number(digits) % table.length];
}

export function isDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 29 : 31);
}

/** Whether six digits are a date in this order; months and days may be counted on from the offsets given. */
export function hasDate(
  digits: string,
  order: 'ymd' | 'dmy',
  {
    at = 0,
    months = [0],
    days = [0],
  }: { at?: number; months?: readonly number[]; days?: readonly number[] } = {},
): boolean {
  const month = numberAt(digits, at + 2, 2);
  const day = numberAt(digits, at + (order === 'ymd' ? 4 : 0), 2);
  return months.some((offset) => days.some((shift) => isDay(month - offset, day - shift)));
}

export function all(
  ...checks: readonly ((characters: string) => boolean)[]
): (characters: string) => boolean {
  return (characters) => checks.every((check) => check(characters));
}

export { iso7064Mod11And10, luhn, mod97, verhoeff };
