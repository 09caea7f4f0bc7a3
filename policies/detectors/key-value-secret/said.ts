import { isSetting } from '../../own-line.ts';
import type { Assignment } from './assignment.ts';
import type { Key } from './keys.ts';
import { isGenerated, isSecretLooking, isStatus } from './value.ts';

/** What names of variables and of types are made of. */
const IDENTIFIER =
  /pass|pwd|secret|user|name|field|input|login|string|str$|type|value|param|config|conf|option|env|data|key|token|hash|encod|error|exception|fail|valid|requir|not|get|set|new|old|current|generat|random|default|credential|account|admin|client|server|service|request|response|object|text|bytes|provider|manager|factory|builder|handler|util|info|result|auth|encrypt|decrypt|crypt|reset|change|update|length|expir|policy|null|empty|missing|prompt|file|path|url|host|root|temp|form|model|event/i;
const HUMPS = /^(?:[A-Z][a-z]{1,32}){3,6}$/;
/** Three words or more, joined by one sign; `case-sensitive` and `out-of-date` are of shorter ones. */
const JOINED = /^[A-Za-z]{4,32}(?:(?:-[A-Za-z]{4,32}){2,5}|(?:_[A-Za-z]{4,32}){2,5})$/;
/** Words and a number, joined: `stone-bishop-873`, and no `base64-encoded`. */
const NUMBERED =
  /^(?!(?:sha|md|aes|utf|base|pbkdf|scram|rsa|x|v|p)[-_.]?[0-9])(?=[^0-9]{1,64}[0-9])[A-Za-z0-9]{2,32}(?:[-_.][A-Za-z0-9]{1,32}){1,6}$/i;
const DIGITS = /^[0-9]{6,20}$/;
/** No word of a language that is spoken has five consonants in a row. */
const NO_WORD = /[bcdfghjklmnpqrstvwxz]{5}/i;
const ONLY_LETTERS = /^[A-Za-z]{8,64}$/;

/** `password:  24 bytes`. */
const SIZE = /^[0-9]{1,9}[ ](?:bytes?|characters?|chars|bits)\b/;
/** A variable, the next line of a file whose value is missing. */
const NEXT_LINE = 160;
const NEXT_NAME = /^["']?(?<name>[A-Za-z_][\w.-]{0,80})["']?[ \t]{0,4}[=:]/;
/** The name of a variable in capitals that says what it is for. */
const CONSTANT =
  /^(?=[A-Z0-9_]{0,80}(?:KEY|SECRET|TOKEN|PASS|PARAM|VALUE|PLACEHOLDER|YOUR|HERE|EXAMPLE|CHANGE))[A-Z]{2,24}(?:_[A-Z]{2,24}){2,8}$/;
const TYPE = /^(?:string|varchar|text|bytes|byte\[\])$/;
/** `"Get this from elsewhere"`. */
const ADVICE =
  /^(?:get|see|ask|stored|fill|taken|take|read|found|set|provided?|generate|obtain|copy|paste|put|insert)[ ](?:this|it|the|in|from|via|by|with|at|a|an|your)\b/i;
/** A command between backticks. */
const COMMAND = /^[a-z][\w.-]{1,24}[ ][\w/$"'-]/;
/** A member of a variable, the rest of which the bracket or the arrow cuts off. */
const MEMBER = /^[$@][A-Za-z_]\w{0,64}(?:-$|\[|->|::)|^\|[A-Za-z]/;
/** Before what a line of base64 happens to end in. */
const IN_BASE64 = /^[A-Za-z0-9+/]{24}$/;
/** `credentials: username/password` */
const NAMES_OF_BOTH = /^(?:user(?:name)?|login|id|e-?mail)[/:](?:pass(?:word|wd)?|pw|pwd|secret)$/i;
/** A negation, or a tag of YAML before what it is put on. */
const NEGATED = /^!{1,2}(?:[A-Za-z_$][A-Za-z_$.]{0,64}$|[A-Za-z_$][\w$.]{0,64}\()/;
/** The next flag: this one has no value. */
const NEXT_FLAG = /^--[a-z][a-z-]{2,48}(?:=|$)/;
/** What a variable says when it is not set: `${DB_PASSWORD:?must be set}`. */
const COMPLAINT = /^\?/;
const IN_BRACES = /\$\{\w{0,64}$/;
/** Behind a prompt in quotes, the variable that it is read into. */
const READ_INTO = /^[ ]{1,4}[A-Za-z_]\w{0,40}[;)]{0,2}$/;
/** In quotes, words of which no variable and no placeholder is made: `"$Forest66"`, `"<Forest66>"`. */
const DECORATED = /^(?:\$[A-Z][a-z]{3,16}[0-9]{2,4}|<[A-Z][a-z]{3,16}[0-9]{2,4}[!?.@#*+-]{0,2}>)$/;
const ESCAPED = /^\\u00[0-9a-f]{2}/i;
/** `%DB_PASSWORD%` with its first letters read as an escape. */
const HALF_READ = /^[^\x20-\x7e]{1,2}[A-Z_]{3,40}%$/;
/** Two lines of an ExternalSecret, read as one. */
const RUN_ON = /^[a-z0-9.-]{1,64}remoteRef:$/;
/** Names without values, read as one line; base64 has no such signs. */
const NAMES_ONLY = /^(?=[A-Za-z0-9=-]{0,200}[_.])(?:[A-Za-z_][\w.-]{0,64}=){1,8}$/;
const EXPRESSION_OF_ACTIONS = /^\$\{\{[^{}]{0,256}\}\}$/;
const OWN_WORD = /^(?:passwords?|passwd|passphrase|credentials?|tokens?|secrets?)$/i;

const STAND_INS = [CONSTANT, ESCAPED, HALF_READ, RUN_ON, EXPRESSION_OF_ACTIONS];

export const SAID_PATTERNS: readonly RegExp[] = [
  IDENTIFIER,
  HUMPS,
  JOINED,
  NUMBERED,
  DIGITS,
  NO_WORD,
  ONLY_LETTERS,
  SIZE,
  NEXT_NAME,
  CONSTANT,
  TYPE,
  ADVICE,
  COMMAND,
  MEMBER,
  IN_BASE64,
  NAMES_OF_BOTH,
  NEGATED,
  NEXT_FLAG,
  COMPLAINT,
  IN_BRACES,
  READ_INTO,
  DECORATED,
  ESCAPED,
  HALF_READ,
  RUN_ON,
  NAMES_ONLY,
  EXPRESSION_OF_ACTIONS,
  OWN_WORD,
];

/** A name of a variable, a type or a state in camel case, and no words that somebody chose for a password. */
export function isIdentifier(value: string): boolean {
  return !ONLY_LETTERS.test(value) || IDENTIFIER.test(value);
}

/** Names of types and constants: a sentence may have these in quotes. */
export function isOfTypes(value: string): boolean {
  return CONSTANT.test(value) || TYPE.test(value);
}

/** “The password is …”: what a sentence would not go on with. */
export function isSaid(value: string): boolean {
  const word = value.replace(/[.,;:!?)]{1,3}$/, '');
  if (isStatus(word) && !HUMPS.test(word)) return false;
  if (isSecretLooking(word, 6) && /[0-9]/.test(word) && NUMBERED.test(word)) return true;
  if (DIGITS.test(word)) return true;
  if (IDENTIFIER.test(word)) return false;
  return HUMPS.test(word) || JOINED.test(word) || (ONLY_LETTERS.test(word) && NO_WORD.test(word));
}

/** Of a form that variables and placeholders have, and yet none of them. */
export function isDecorated(value: string): boolean {
  return DECORATED.test(value) && !IDENTIFIER.test(value);
}

/** The value is missing or elsewhere, and what stands here is the next name, a type, or says so. */
export function isNoValueHere(text: string, key: Key, raw: string, found: Assignment): boolean {
  const { start, end, isQuoted } = found;
  const gap = text.slice(key.end, start);
  if (/\n|\\n/.test(gap) && IN_BASE64.test(text.slice(Math.max(0, key.start - 24), key.start))) return true;
  if (!isQuoted && gap.includes('\n')) {
    const name = NEXT_NAME.exec(raw)?.groups?.['name'];
    if ((name !== undefined && !isGenerated(name)) || isSetting(text.slice(start, start + NEXT_LINE)))
      return true;
  }
  if (STAND_INS.some((form) => form.test(raw)) || (NAMES_ONLY.test(raw) && !isGenerated(raw))) return true;
  if (isQuoted && READ_INTO.test(raw) && !/["'`]/.test(text.charAt(end))) return true;
  if (
    !isQuoted &&
    (MEMBER.test(raw) ||
      NAMES_OF_BOTH.test(raw) ||
      NEGATED.test(raw) ||
      (NEXT_FLAG.test(raw) && gap.trim() === ''))
  )
    return true;
  if (
    !isQuoted &&
    gap === ':' &&
    COMPLAINT.test(raw) &&
    IN_BRACES.test(text.slice(Math.max(0, key.start - 64), key.start))
  )
    return true;
  if (isQuoted) return TYPE.test(raw) || ADVICE.test(raw) || (gap.endsWith('`') && COMMAND.test(raw));
  if (SIZE.test(text.slice(start, start + 24))) return true;
  return OWN_WORD.test(raw) && /^[ ][a-z]/.test(text.slice(end, end + 2));
}
