import type { Assignment } from './assignment.ts';
import type { Key } from './keys.ts';
import { isIdentifier } from './said.ts';
import { isJoinedWords, isOfProse } from './states.ts';
import { isName, isStatus } from './value.ts';
import { PASSWORDS } from './words.ts';

/** What the name of a Kubernetes Secret stands behind: `tlsSecret`, `credentials-secret`. */
const SECRET_NAME =
  /(?<!client|app|api|shared|consumer|user|oauth2?|jwt|session|cookie|hmac|signing|webhook|the|my|a|[^A-Za-z_-])[_-]?$/i;
/** `define('DB_PASSWORD', `, `os.Setenv("DB_PASSWORD", `; a setter, or what a builder has. */
const SETS_NAMED =
  /(?:define|setenv|putenv|setproperty|put|set|add|setitem|option)\(\s{0,4}["'][\w.-]{0,64}$/i;
const SETS = /(?:\bset|\bwith|\.)$/i;
/** A value that names the field. */
export const NAMES_FIELD = /pass|pwd|secret|user|name|field|input|login/i;

export const IN_CODE_PATTERNS: readonly RegExp[] = [SECRET_NAME, SETS_NAMED, SETS, NAMES_FIELD];

/** `login(password=password)`, `self.password = password`. */
export function isOwnName(text: string, key: Key, value: string, { end }: Assignment): boolean {
  if (value !== text.slice(key.start, key.end)) return false;
  return /[),;]/.test(text.charAt(end)) || /[.@]/.test(text.charAt(key.start - 1));
}

/** `credentialsSecret: orders-aws` says which Secret, not what is in it. */
export function isSecretName(text: string, { start, word }: Key, value: string): boolean {
  if (word !== 'secret' || !isName(value) || /[0-9]/.test(value)) return false;
  return SECRET_NAME.test(text.slice(Math.max(0, start - 16), start));
}

/** `random_password.db: Creation complete after 2s`: a word of prose, and others behind it. */
export function isSentence(text: string, value: string, { end }: Assignment): boolean {
  return (
    /^[A-Za-z]{3,24}$/.test(value) && isOfProse(value) && /^[ ][A-Za-z0-9(]/.test(text.slice(end, end + 2))
  );
}

/** What looks like a member of a program, and yet is words joined by dots: `password: kettle.birch.hazel`. */
export function isPasswordOfWords(text: string, key: Key, value: string, found: Assignment): boolean {
  if (key.strength === 'strong' && isPasswordInLetters(text, key, value, found)) return true;
  if (!PASSWORDS.has(key.word) || !/^(?:sure|likely)$/.test(found.certainty) || !isJoinedWords(value))
    return false;
  return key.word !== 'pass' && /^(?:\s|$|[;&,]\w{1,24}=)/.test(text.slice(found.end, found.end + 28));
}

/** `COSIGN_PASSWORD=mwKasSyDdq`, `password: …` to the end of its line: letters that no programmer would call a variable. */
export function isPasswordInLetters(
  text: string,
  key: Key,
  value: string,
  { certainty, end }: Assignment,
): boolean {
  if (!PASSWORDS.has(key.word) || isIdentifier(value)) return false;
  if (certainty === 'likely') return /^[ \t]{0,8}(?:\r?\n|$|[ }])/.test(text.slice(end, end + 10));
  if (certainty !== 'sure') return false;
  const isLoud = text.startsWith('P', key.start) && /[A-Z]/.test(text.charAt(key.start + 1));
  return isLoud || text.startsWith('--', startOfFlag(text, key.start));
}

function startOfFlag(text: string, at: number): number {
  let start = at;
  while (at - start < 24 && /[a-z-]/.test(text.charAt(start - 1))) start--;
  return start;
}

/** `setProperty("db.password", "three-words-42")`, `.password("word")`: one argument, or the last of two. */
export function isLastArgument(text: string, key: Key, value: string, { end }: Assignment): boolean {
  if (
    value.length < 5 ||
    !/[A-Za-z]/.test(value) ||
    !/^["'`](?:\.\w{1,16}\(\))?\s{0,4}\)/.test(text.slice(end, end + 24))
  )
    return false;
  if (/[0-9]/.test(value)) return true;
  if (NAMES_FIELD.test(value) || /\s/.test(value) || isStatus(value)) return false;
  const before = text.slice(Math.max(0, key.start - 96), key.start);
  return SETS_NAMED.test(before) || (SETS.test(before) && text.charAt(key.end) === '(');
}
