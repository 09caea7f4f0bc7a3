import { isCapitalAt, isDigitAt, isLetterAt, isWordAt } from '../letters.ts';
import { ACTIONS, ROLES } from './words.ts';

/** A name follows, perhaps in small letters. */
const ABBREVIATIONS = 'mr. mrs. ms. dr. prof. mme.'.split(' ');
/** A name follows. */
const PHRASES = [
  ...'mr mrs ms dr miss herr frau mme monsieur madame sir named called under dear hello hi hey'.split(' '),
  'name is',
  'name was',
  "i'm",
  'i am',
  'this is',
  '-by:',
  "m'appelle",
  'nom est',
  'me llamo',
  'nombre es',
  'mi chiamo',
  'meu nome',
  'ich heisse',
  'name ist',
  'ik heet',
  'naam is',
  'ag heter',
  'eg heter',
  'nazywam',
  'name?',
  'change it to',
  'add',
  'assigned to',
  'escalated to',
  ...ACTIONS.map((action) => `${action} by`),
  'policyholder',
  'nurse',
].map((phrase) => `${phrase} `);
/** A name is the value. */
const FIELDS = [
  'name:',
  'name"',
  'name=',
  "name'",
  'name>',
  'name =',
  'name :',
  'user "',
  "user '",
  'cn=',
  ...[...ROLES, ...ACTIONS.map((action) => `${action} by`)].flatMap((role) => [
    `${role}:`,
    `${role}"`,
    `${role}=`,
  ]),
];
/** Words in sentences about a person, in which a given name and a surname are a name. */
const PERSONS =
  'doctor professor regards sincerely cheers thanks customer client patient employee author contact owner member passenger recipient applicant candidate student manager holder beneficiary payee insured guest assignee attn paged notified c/o wife husband brother sister father mother daughter lives account card cardholder phone address email e-mail passport ssn born'.split(
    ' ',
  );
const PRONOUNS = [' son ', ' he ', ' she ', ' his ', ' her ', ' user '];

const IS_ASCII = /^[\x20-\x7e]{1,64}$/;

export const KEYWORDS: readonly string[] = [
  ...ABBREVIATIONS,
  ...PHRASES,
  ...FIELDS,
  ...PERSONS,
  'thank you',
  ...PRONOUNS,
].filter((keyword) => IS_ASCII.test(keyword));

const SPACE = 0x20;
const DOT = 0x2e;
const SMALL_N = 0x6e;
const UNDERSCORE = 0x5f;
/** Between the name of a field and its value. */
const ASSIGNS = Uint8Array.from({ length: 128 }, (_, code) =>
  ' :="\'>'.includes(String.fromCharCode(code)) ? 1 : 0,
);
const LONGEST_ASSIGNMENT = 4;

/** What the last character of a keyword says of what must follow. */
export function mayBeNear(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1);
  if (text.charCodeAt(start) === SPACE) return true;
  if (ASSIGNS[last] === 1 && last !== SPACE) return isBeforeValue(text, end);
  if (isLetterAt(text, start) && isLetterAt(text, start - 1)) return false;
  if (last === SPACE) return isCapitalAt(text, end) || isCapitalAt(text, end + 1);
  if (last === DOT) return text.charCodeAt(end) === SPACE && isWordAt(text, end + 1);
  return isWhole(text, end);
}

function isBeforeValue(text: string, end: number): boolean {
  let at = end;
  while (at - end < LONGEST_ASSIGNMENT && ASSIGNS[text.charCodeAt(at)] === 1) at++;
  return isCapitalAt(text, at);
}

/** `customer`, `customer_name`, `customerName`; not `customers` or `customer_id`. */
function isWhole(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next === UNDERSCORE) return (text.charCodeAt(end + 1) | SPACE) === SMALL_N;
  return text.charAt(end) === 'N' || !(isLetterAt(text, end) || isDigitAt(text, end));
}
