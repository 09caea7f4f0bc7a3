import { ALONE_PATTERNS, isBareSecret, isBracketed, isKeyOfSomething } from './alone.ts';
import type { Assignment } from './assignment.ts';
import {
  IN_CODE_PATTERNS,
  isLastArgument,
  isOwnName,
  isPasswordInLetters,
  isPasswordOfWords,
  isSecretName,
  isSentence,
  NAMES_FIELD,
} from './in-code.ts';
import { IN_WORDS_PATTERNS, isPassphrase, isToldInWords } from './in-words.ts';
import type { Key } from './keys.ts';
import { NO_SECRET_PATTERNS } from './no-secret.ts';
import { isOfTypes, isSaid, SAID_PATTERNS } from './said.ts';
import { STAND_IN_PATTERNS } from './stand-in.ts';
import { isChosenWord, isState, isTechnique, STATE_PATTERNS } from './states.ts';
import { isCode, isGenerated, isName, isNothing, isSecretLooking, isStatus } from './value.ts';
import { COMMON, PASSWORDS } from './words.ts';

/** `URL-decoded` */
const HYPHENATED = /^[A-Z]{2,6}-[a-z]{3,16}[.,;]{0,1}$/;
/** A label of a program, and the end of its line. */
const LABEL = /^[\\"'`]{0,4}\s{0,8}:[ \t]{0,8}\r?\n\s{0,64}$/;
/** Labels of a metric, among which `secret` is the name of one. */
const LABELS = /namespace=\\{0,3}"[^"]{0,64}",$/;
const HEX_KEY = /^(?:0x)?[0-9a-f]{64}$/i;

export const JUDGE_PATTERNS: readonly RegExp[] = [
  HYPHENATED,
  LABEL,
  LABELS,
  HEX_KEY,
  ...ALONE_PATTERNS,
  ...IN_CODE_PATTERNS,
  ...IN_WORDS_PATTERNS,
  ...NO_SECRET_PATTERNS,
  ...SAID_PATTERNS,
  ...STAND_IN_PATTERNS,
  ...STATE_PATTERNS,
];

/** A name, what stands between, and a value: whether that is a secret is to be judged. */
interface Claim {
  readonly text: string;
  readonly key: Key;
  readonly value: string;
  readonly found: Assignment;
  readonly certainty: Assignment['certainty'];
  readonly isStrong: boolean;
  readonly isPassword: boolean;
}

/** Undefined leaves it to the next. */
type Judgement = (claim: Claim) => boolean | undefined;

const JUDGEMENTS: readonly Judgement[] = [
  ofNothing,
  ofProgram,
  ofLabel,
  ofKind,
  ofTold,
  ofAlone,
  ofStatus,
  ofSure,
  ofLikely,
  ofVague,
];

/** Whether name, operator and value together say that the value is a secret: the first judgement that tells. */
export function isConvincing(text: string, key: Key, value: string, found: Assignment): boolean {
  const certainty = certaintyOf(text, key, found);
  const isStrong = key.strength === 'strong';
  const isPassword = PASSWORDS.has(key.word);
  const claim = { text, key, value, found, certainty, isStrong, isPassword };
  for (const judgement of JUDGEMENTS) {
    const isSecret = judgement(claim);
    if (isSecret !== undefined) return isSecret;
  }
  return isSecretLooking(value, isStrong || isPassword ? 6 : 8);
}

/** `{Secret:orders Token:x}`: without a blank, only of a password. */
function certaintyOf(text: string, { word }: Key, { certainty, start }: Assignment): Assignment['certainty'] {
  if (certainty !== 'likely' || text.charAt(start - 1) !== ':' || PASSWORDS.has(word)) return certainty;
  return 'vague';
}

function ofNothing({ text, key, value, found }: Claim): boolean | undefined {
  if (isState(value)) return false;
  if (!found.isQuoted && (isNothing(value) || isOwnName(text, key, value, found))) return false;
  return isToldInWords(text, key, value, found) || undefined;
}

function ofProgram({ text, key, value, found }: Claim): boolean | undefined {
  const isCodeHere = !found.isQuoted && isCode(value) && !isPasswordOfWords(text, key, value, found);
  return isCodeHere ? false : undefined;
}

function ofLabel({ text, key, value, found }: Claim): boolean | undefined {
  if (key.word === 'secret' && LABELS.test(text.slice(Math.max(0, key.start - 96), key.start)))
    return isGenerated(value);
  const isLabel = !found.isQuoted && LABEL.test(text.slice(key.end, found.start));
  return isLabel && !isSecretLooking(value, 6) ? false : undefined;
}

/** What values have behind these names, whatever stands between. */
function ofKind({ text, key, value, certainty }: Claim): boolean | undefined {
  const { word } = key;
  if (key.strength === 'bare') return isKeyOfSomething(text, key, value, certainty);
  if (key.isLonger) return certainty === 'sure' && isGenerated(value);
  if (word === 'pat') return isGenerated(value);
  if (word === 'pk') return HEX_KEY.test(value);
  if (/^secret[_. -]?id$|^project|^initial/.test(word)) return isGenerated(value);
  if (word.startsWith('session')) return value.length >= 24 && isGenerated(value) && !value.includes('-');
  const isCodeOfNumbers = /^(?:pin|puk|otp)$|code$/.test(word) && /^[0-9]{4,8}[.,;!]?$/.test(value);
  if (!isCodeOfNumbers) return undefined;
  const isLong = /^[0-9]{6,8}$/.test(value) && !/^p(?:in|uk)$/.test(word);
  return (certainty !== 'bare' || isLong) && certainty !== 'bracket';
}

/** `the password is x`, `password is now x` */
function ofTold({ text, key, value, certainty, isStrong, isPassword }: Claim): boolean | undefined {
  if (certainty === 'said') return (isPassword && isSaid(value)) || undefined;
  if (certainty !== 'told') return undefined;
  return (
    (isStrong || (isPassword && !text.startsWith(' to ', key.end))) &&
    value.length >= 4 &&
    (!/\s/.test(value) || isPassphrase(key, value)) &&
    (!isStatus(value) || isChosenWord(value)) &&
    !isOfTypes(value)
  );
}

function ofAlone({ text, key, value, found, certainty, isStrong, isPassword }: Claim): boolean | undefined {
  if (certainty === 'bracket') return (isStrong || isPassword) && isBracketed(value);
  return certainty === 'bare' ? isBareSecret(text, key, value, found) : undefined;
}

/** `password: expired`, unless somebody has chosen that word. */
function ofStatus({ text, key, value, found, certainty, isStrong }: Claim): boolean | undefined {
  if (!isStatus(value)) return undefined;
  const isSure = certainty === 'sure';
  if (isStrong && (isSure || isPasswordInLetters(text, key, value, found))) return undefined;
  return isSure && /^pwd?$/.test(key.word) && isChosenWord(value) ? undefined : false;
}

function ofSure({ text, key, value, certainty, isStrong, isPassword }: Claim): boolean | undefined {
  if (certainty !== 'sure') return undefined;
  const isFlag = key.word === 'secret' && text.slice(key.start - 2, key.start) === '--';
  if (isFlag && (value.startsWith('id=') || isName(value)) && !isGenerated(value)) return false;
  return (isStrong && isPassword) || ((isStrong || value.length >= 4) && !isNothing(value));
}

function ofLikely({ text, key, value, found, certainty, isStrong }: Claim): boolean | undefined {
  if (certainty !== 'likely' || !isStrong) return undefined;
  return !isTechnique(value) && !isSecretName(text, key, value) && !isSentence(text, value, found);
}

function ofVague({ text, key, value, found, certainty, isStrong, isPassword }: Claim): boolean | undefined {
  if (certainty !== 'vague' && certainty !== 'said') return undefined;
  const { isQuoted } = found;
  if (isStrong && isQuoted && COMMON.has(value.toLowerCase())) return true;
  if (isQuoted && isPassword && isLastArgument(text, key, value, found)) return true;
  if (NAMES_FIELD.test(value) && isCode(value)) return false;
  if (isTechnique(value) || HYPHENATED.test(value)) return false;
  return /\s/.test(value) || (isName(value) && !isGenerated(value)) ? false : undefined;
}
