import { type Span, spansOf } from '../detector.ts';
import { isCode, isReference, isSecretLooking } from './value.ts';

/** `log in with admin / hunter2`: nobody says that the second is a password. */
const LOGIN =
  /(?<![A-Za-z])(?:log[ -]?in|sign[ -]?in)[ ](?:with|as|using|via)[ ]?:?[ ]["'\x60]?[\w@.-]{2,40}["'\x60]?[ ]?(?:\/|,|\||and)[ ]?["'\x60]?(?<secret>[^\s"'\x60,]{6,64})/dgi;

export const PHRASES: readonly string[] = [
  'login with',
  'log in with',
  'login as',
  'login using',
  'sign in with',
];
export const PHRASE_PATTERNS: readonly RegExp[] = [LOGIN];

/** Values in such phrases: letters and digits, and one more kind of sign. */
export function valuesOfPhrases(text: string): Span[] {
  return spansOf(text, LOGIN).filter(({ start, end }) => {
    const value = text.slice(start, end);
    if (isReference(value) || isCode(value) || !isSecretLooking(value, 6)) return false;
    return /[0-9]/.test(value) && /[A-Za-z]/.test(value) && /[A-Z!@#$%^&*]/.test(value);
  });
}
