import { isCapitalAt, isDigitAt, isLetterAt, isWordAt } from '../letters.ts';
import { ACTIONS, MOSTLY_PERSONS, NAME_PARTS, PERSON_ROLES, SHARED_ROLES } from './words.ts';

/** A name follows, perhaps in small letters. */
const ABBREVIATIONS = 'mr. mrs. ms. dr. prof. mme. sr. sra. sig. sig.ra dhr.'.split(' ');
/** A name follows. */
const PHRASES = [
  ...'mr mrs ms dr miss herr frau mme monsieur madame sir herrn mevrouw meneer heer señor señora signor signora don pan pani panie pane beste geachte geehrte geehrter liebe lieber cher hallo hoi bonjour estimado estimada querido querida apreciado apreciada hola prezado prezada caro cara ciao gentilissimo gentilissima egregio egregia spettabile hej hei arvoisa droga drogi witaj ahoj kedves tisztelt szia draga sevgili merhaba thanks thx cheers danke merci gracias grazie bedankt obrigado obrigada tack takk kiitos hvala sorry congrats welcome fyi ping pinging named called under dear hello hi hey'.split(
    ' ',
  ),
  'name is',
  "name's",
  'gentile',
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
  'tenant',
  'driver',
  'caller',
  'good morning',
  'good afternoon',
  'good evening',
  'guten tag',
  'guten morgen',
  'thank you',
  'kudos to',
  'klient',
  'klientka',
  'cliente',
  'usuario',
  'utente',
  'utilisateur',
  'utilisatrice',
  'utilizador',
  'benutzer',
  'benutzerin',
  'nutzer',
  'klant',
  'gebruiker',
  'asiakas',
  'uzivatel',
  'kollege',
  'kollegen',
  'kollegin',
  'colleague',
  'mitarbeiter',
  'mitarbeiterin',
  'engineer',
  'developer',
  'manager',
  'intern',
  'requester',
  'reporter',
  'assignee',
  'cc',
  'cc:',
  'on behalf of',
  'spoke with',
  'spoken with',
  'spoke to',
  'talked to',
  'talking to',
  'talked with',
  'met with',
  'meeting with',
  'call with',
  'session with',
  'interview with',
  'sync with',
  '1:1 with',
  'chatted with',
  'paired with',
  'pairing with',
  'check with',
  'checked with',
  'confirmed with',
  'handed over to',
  'handed off to',
  'asked',
  'message from',
  'request from',
  'call from',
  'mail from',
  'according to',
  'on-call is',
  'oncall is',
  'guarantor',
  'claimant',
  'kunde',
  'kundin',
  'soussign',
  'reservation for',
  'booking for',
  'appointment for',
  'appointment with',
  'boarding pass for',
  'room booked for',
  'reservierung für',
  'reserva para',
  ...['transfer', 'payment', 'wire', 'remittance', 'deposit', 'refund', 'eur', 'usd', 'gbp', 'chf'].flatMap(
    (money) => [`${money} from`, `${money} to`],
  ),
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
  'nm>',
  'cn = ',
  'by:',
  'by"',
  'by=',
  'for:',
  'for"',
  'name] =>',
  'pt=',
  'accountholder>',
  'contactperson>',
  ...[
    ...SHARED_ROLES,
    ...PERSON_ROLES,
    ...MOSTLY_PERSONS,
    ...NAME_PARTS,
    'conta',
    'cuenta',
    'compte',
    ...ACTIONS.map((action) => `${action} by`),
  ].flatMap((role) => [`${role}:`, `${role}"`, `${role}=`]),
];
/** Words in sentences about a person, in which a given name and a surname are a name. */
const PERSONS =
  'doctor professor regards sincerely cheers thanks customer client patient employee author contact owner member passenger recipient applicant candidate student manager holder beneficiary payee insured guest assignee attn paged notified c/o wife husband brother sister father mother daughter lives account card cardholder phone address email e-mail passport ssn born'.split(
    ' ',
  );
/** Closings of letters; those of English are among the words. */
const CLOSINGS =
  'freundlichen cordialement salutations saludo saludos atentamente saluti groet groeten pozdrawiam atenciosamente cumprimentos hilsen'.split(
    ' ',
  );
/** Columns of names in the first line of a table. */
const COLUMNS = [',', ';', '|', ' |', '\t'].flatMap((delimiter) => [
  ...['name', 'nom', ...NAME_PARTS].map((column) => `${column}${delimiter}`),
  `${delimiter}name`,
]);
/** The same as `psql` prints them, between blanks. */
const PADDED_COLUMN = 'name  ';
/** Behind the name of a passenger. */
const SUFFIXES = [' mr', ' mrs', ' ms', ' miss', ' mstr'];
const PRONOUNS = [' son ', ' he ', ' she ', ' his ', ' her ', ' user '];

const IS_ASCII = /^[\t\x20-\x7e]{1,64}$/;

export const KEYWORDS: readonly string[] = [
  ...ABBREVIATIONS,
  ...PHRASES,
  ...FIELDS,
  ...PERSONS,
  'thank you',
  'best,',
  ...SUFFIXES,
  'insured party',
  ...[...PERSON_ROLES, 'client', 'contact', 'conta', 'cuenta', 'compte'].map((role) => `${role} :`),
  ...CLOSINGS,
  ...COLUMNS,
  PADDED_COLUMN,
  ...PRONOUNS,
].filter((keyword) => IS_ASCII.test(keyword));

const TAB = 0x09;
const SPACE = 0x20;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const BAR = 0x7c;
const DOT = 0x2e;
const SMALL_M = 0x6d;
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
  if (text.charCodeAt(start) === SPACE && (text.charCodeAt(start + 1) | SPACE) === SMALL_M)
    return isBehindPassenger(text, start, end);
  if (text.charCodeAt(start) === SPACE || isDelimiter(last) || isDelimiter(text.charCodeAt(start)))
    return true;
  if (ASSIGNS[last] === 1 && last !== SPACE) return isBeforeValue(text, end);
  if (isLetterAt(text, start) && isLetterAt(text, start - 1)) return false;
  if (last === SPACE && text.charCodeAt(end - 2) === SPACE) return isBeforeBar(text, end);
  if (last === SPACE)
    return (
      isCapitalAt(text, end) ||
      isParticleAt(text, end) ||
      (isQuoteAt(text, end) && isCapitalAt(text, end + 1))
    );
  if (last === DOT) return text.charCodeAt(end) === SPACE && isWordAt(text, end + 1);
  return isWhole(text, end);
}

/** `ROE/JANE MRS` */
function isBehindPassenger(text: string, start: number, end: number): boolean {
  if (isLetterAt(text, end) || !isCapitalAt(text, start - 1) || !isCapitalAt(text, end - 1)) return false;
  const from = Math.max(0, start - LONGEST_PASSENGER);
  const slash = text.slice(from, start).lastIndexOf('/');
  return slash > 0 && isCapitalAt(text, from + slash + 1);
}

const LONGEST_PASSENGER = 64;

/** Blanks, and what stands between columns. */
function isBeforeBar(text: string, end: number): boolean {
  let at = end;
  while (at - end < WIDEST_COLUMN && text.charCodeAt(at) === SPACE) at++;
  return text.charCodeAt(at) === BAR;
}

const WIDEST_COLUMN = 64;

function isQuoteAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x22 || code === 0x27;
}

/** `van`, `von`, `de`, `del`, `den`, `der`, `di`, `da` and a space. */
function isParticleAt(text: string, at: number): boolean {
  return (
    'vd'.includes(text.charAt(at) || ' ') &&
    (text.charCodeAt(at + 2) === SPACE || text.charCodeAt(at + 3) === SPACE)
  );
}

/** In the first line of a table. */
function isDelimiter(code: number): boolean {
  return code === TAB || code === COMMA || code === SEMICOLON || code === BAR;
}

function isBeforeValue(text: string, end: number): boolean {
  let at = end;
  while (at - end < LONGEST_ASSIGNMENT && ASSIGNS[text.charCodeAt(at)] === 1) at++;
  return isCapitalAt(text, at) || isParticleAt(text, at);
}

/** `customer`, `customer_name`, `customerName`; not `customers` or `customer_id`. */
function isWhole(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next === UNDERSCORE) return (text.charCodeAt(end + 1) | SPACE) === SMALL_N;
  return text.charAt(end) === 'N' || !(isLetterAt(text, end) || isDigitAt(text, end));
}
