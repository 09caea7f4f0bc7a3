import { type Span, spansOf } from '../detector.ts';
import { isCode, isReference, isSecretLooking } from './value.ts';

/** `log in with admin / hunter2`: nobody says that the second is a password. */
const LOGIN =
  /(?<![A-Za-z])(?:log[ -]?in|sign[ -]?in)[ ](?:with|as|using|via)[ ]?:?[ ]["'\x60]?[\w@.-]{2,40}["'\x60]?[ ]?(?:\/|,|\||and)[ ]?["'\x60]?(?<secret>[^\s"'\x60,]{6,64})/dgi;

/** Lists of codes that each work once. */
const CODES =
  /(?<![A-Za-z])(?:recovery|backup|scratch)[ _-]codes?(?: ?\([^()\n]{0,48}\))?["']?\s{0,4}[:=][\s[]{0,8}["']?(?<secret>[A-Za-z0-9]{4,12}(?:[\s,"'-]{1,4}[A-Za-z0-9]{4,12}){0,64})/dgi;
const CODE = /[A-Za-z0-9-]{4,64}/g;

export const PHRASES: readonly string[] = [
  'login with',
  'log in with',
  'login as',
  'login using',
  'sign in with',
  'recovery code',
  'recovery_code',
  'backup code',
  'backup_code',
];
export const PHRASE_PATTERNS: readonly RegExp[] = [LOGIN, CODES, CODE];

/** Values in such phrases: letters and digits, and one more kind of sign. */
export function valuesOfPhrases(text: string): Span[] {
  return [...loginsIn(text), ...codesIn(text)];
}

function loginsIn(text: string): Span[] {
  return spansOf(text, LOGIN).filter(({ start, end }) => {
    const value = text.slice(start, end);
    if (isReference(value) || isCode(value) || !isSecretLooking(value, 6)) return false;
    return /[0-9]/.test(value) && /[A-Za-z]/.test(value) && /[A-Z!@#$%^&*]/.test(value);
  });
}

/** Up to the first word without a digit. */
function codesIn(text: string): Span[] {
  return spansOf(text, CODES).flatMap(({ start, end }) => {
    let last = start;
    for (const { 0: code, index } of text.slice(start, end).matchAll(CODE)) {
      if (!/[0-9]/.test(code)) break;
      last = start + index + code.length;
    }
    return last === start ? [] : [{ start, end: last }];
  });
}
