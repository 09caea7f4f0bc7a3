import { isCapital, isDigit, isLetter } from '../ascii.ts';

/** ASCII digits; a place outside the text has none. */
export function isDigitAt(text: string, at: number): boolean {
  return isDigit(text.charCodeAt(at));
}

/** ASCII letters. */
export function isLetterAt(text: string, at: number): boolean {
  return isLetter(text.charCodeAt(at));
}

/** Capitals of ASCII. */
export function isUpperAt(text: string, at: number): boolean {
  return isCapital(text.charCodeAt(at));
}

/** What may be a capital: those of ASCII, and everything outside it. */
export function isCapitalAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isCapital(code) || code > 127;
}

/** What may be a letter: those of ASCII, and everything outside it. */
export function isWordAt(text: string, at: number): boolean {
  return isLetterAt(text, at) || text.charCodeAt(at) > 127;
}
