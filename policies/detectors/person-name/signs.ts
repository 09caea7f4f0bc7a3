import { isCapitalAt, isWordAt } from '../letters.ts';
import { CAPITAL, DIGIT, RUN, type Runs } from '../runs.ts';
import { isGivenName } from './likely.ts';
import { MOSTLY_PERSONS, NAME_PARTS, PERSON_ROLES, SHARED_ROLES } from './words.ts';

/** What a text may hold: each a bit. */
export const TITLE = 1;
export const SPOKEN = 2;
export const CLOSING = 4;
export const FIELD = 8;
export const PAIR = 16;
export const ROLE = 32;

const TITLES =
  'mr mrs ms mx dr prof mme mlle hr fr sr sra sig ra dott herr frau miss madam madame monsieur m srta herrn don doña mevrouw mevr meneer dhr heer sayın señor señora signor signora professor doctor mister mesdames pan pani gospodin';
const PHRASES =
  'is was am m name named called under appelle est llamo es chiamo é heiße heisse ist heet heter się to add added adding remove removed list listed register registered dear hello hi hey hallo liebe lieber cher chère estimado estimada querido querida caro cara beste kära gentile s szanowny szanowna soussigné soussignée geehrte geehrter hallå hoi bonjour apreciado apreciada hola olá prezado prezada ciao gentilissimo gentilissima egregio egregia spettabile geachte bäste hej hei kjære kære hyvä arvoisa drogi droga cześć witaj vážený vážená milý milá den ahoj kedves tisztelt szia stimate stimată dragă draga bună sayın sevgili merhaba poštovani poštovana уважаемый уважаемая здравствуйте привет шановний шановна αγαπητέ αγαπητή morning afternoon evening tag morgen días dia buongiorno goedemorgen dobry thanks lot much again you thx ty cheers danke dank merci beaucoup gracias grazie mille je dankjewel wel bedankt obrigado obrigada tack mycket takk tak kiitos dzięki dziękuję díky děkuji köszönöm mulțumesc teşekkürler hvala спасибо sorry congrats kudos welcome back fyi ping pinging panie panią pane paní senhor senhora úr hölgyem domnule doamnă best';
const PARTICLES = 'van von de del della di da dos du der den la le bin al el ter zu';
const CLOSINGS =
  'regards sincerely truly cheers wishes best you thanks grüße grüßen gruß cordialement salutations saludo saludos atentamente saluti groet groeten pozdrawiam poważaniem atenciosamente cumprimentos hälsning hälsningar hilsen saygılarımla';
/** In front of names without any sign between. */
const PERSONS =
  'by to contact patient passenger cardholder policyholder applicant employee nurse user customer client caller tenant driver recipient party holder guarantor claimant kunde kundin paciente c/o o';
/** The last words of roles in other languages, and of what stands between somebody and the rest of a sentence. */
const ROLES =
  'kunden klient klientka cliente clientul usuario usuaria utente utilisateur utilisatrice utilizador benutzer benutzerin nutzer nutzerin klant gebruiker użytkownik kund användare användaren asiakas käyttäjä müşteri kullanıcı zákazník uživatel ügyfél kollegin kollege kollegen mitarbeiter mitarbeiterin collègue collegue colleague colega engineer developer manager intern requester reporter assignee cc attn with from asked called';
/** The last words of the names of fields. */
const LAST_WORDS = [
  ...[...SHARED_ROLES, ...PERSON_ROLES, ...MOSTLY_PERSONS, ...NAME_PARTS].map((role) =>
    role.replace(/.*[ _/-]/, ''),
  ),
  ...'call cn by to nm pt person conta cuenta compte conto 姓名 氏名 名前 お名前 お客様名 顧客名 客户姓名 联系人 聯絡人 성명 이름 고객명 фио о піб б prezime příjmení név prenume ονοματεπώνυμο'.split(
    ' ',
  ),
].join(' ');

const BEFORE_NAME = bitsOf([
  [TITLES, TITLE | SPOKEN],
  [PHRASES, SPOKEN],
  [PERSONS, FIELD],
  [ROLES, ROLE],
  [PARTICLES, PAIR | TITLE | FIELD],
]);
const BEFORE_LINE = bitsOf([[CLOSINGS, CLOSING]]);
const FIELDS = bitsOf([[LAST_WORDS, FIELD]]);

function bitsOf(lists: readonly (readonly [words: string, bits: number])[]): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  for (const [words, own] of lists)
    for (const word of words.split(' ')) bits.set(word, (bits.get(word) ?? 0) | own);
  return bits;
}

const ALL = TITLE | SPOKEN | CLOSING | FIELD | PAIR | ROLE;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const COMMA = 0x2c;
const DOT = 0x2e;
const COLON = 0x3a;
const WIDE_COLON = 0xff1a;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;

/**
 * Which forms of names may stand in the text, judged by what stands in front of its capitals: ordinary text has hardly
 * any of the words that count there. Behind titles, if it has any, names may be written small.
 */
export function signsOf(text: string, runs: Runs, hasTitles: boolean): number {
  return runs.lastForeign === -1 ? signsOfWords(text, runs, hasTitles) : signsOfCharacters(text);
}

function signsOfWords(text: string, { table, length }: Runs, hasTitles: boolean): number {
  let signs = 0;
  for (let run = RUN; run < length; run += RUN) {
    const hasCapital = ((table[run + 2] as number) & CAPITAL) !== 0;
    if (!hasCapital && !hasTitles) continue;
    const before = table[run - RUN] as number;
    const end = table[run - RUN + 1] as number;
    const start = table[run] as number;
    const gap = start - end;
    const isLong = end - before > LONGEST_BEFORE || gap > LONGEST_GAP;
    if (isLong || ((table[run - RUN + 2] as number) & DIGIT) !== 0) continue;
    if (!hasCapital) {
      if (gap === 2 && text.charCodeAt(end) === DOT) signs |= beforeSpace(text, start - 1);
    } else if (isCapitalAt(text, start)) {
      if (gap <= NAME_GAP) signs |= beforeName(text, start);
      signs |= betweenWords(text, end, start);
    }
  }
  return signs;
}

/** After a space, and perhaps a quote. */
function beforeName(text: string, start: number): number {
  if (text.charCodeAt(start - 1) === SPACE) return beforeSpace(text, start - 1);
  const isQuoted = isQuoteAt(text, start - 1) && text.charCodeAt(start - 2) === SPACE;
  return isQuoted ? beforeSpace(text, start - 2, start) : 0;
}

/** Of the words before names; given names are not longer either. */
const LONGEST_BEFORE = 20;
/** Spaces, and a dot or colon in front of them. */
const NAME_GAP = 3;
/** Quotes and spaces around a sign of assignment; a comma, a line break and an indent. */
const LONGEST_GAP = 8;

function betweenWords(text: string, end: number, start: number): number {
  for (let at = start - 1; at >= end; at--) {
    const code = text.charCodeAt(at);
    if (code === COLON || code === EQUALS || code === GREATER) return beforeValue(text, at);
    if (code === LINE_FEED) return beforeLine(text, at);
  }
  return 0;
}

/** Where letters outside ASCII may be part of a name. */
function signsOfCharacters(text: string): number {
  let signs = 0;
  for (let at = 1; at < text.length && signs !== ALL; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE)
      signs |= beforeSpace(text, at) | (isQuoteAt(text, at + 1) ? beforeSpace(text, at, at + 2) : 0);
    else if (code === COLON || code === EQUALS || code === GREATER || code === WIDE_COLON)
      signs |= beforeValue(text, at);
    else if (code === LINE_FEED) signs |= beforeLine(text, at);
  }
  return signs;
}

/** `Mr. Roe`, `My name is Jane`, `Jane Roe`; behind a dot the name may be written small. */
function beforeSpace(text: string, space: number, name = space + 1): number {
  let last = space - 1;
  if (text.charCodeAt(last) === SPACE) last--;
  const isAfterDot = text.charCodeAt(last) === DOT;
  if (!isAfterDot && !isCapitalAt(text, name)) return 0;
  const sign = text.charCodeAt(last);
  if (isAfterDot || sign === COLON || sign === QUESTION) last--;
  const start = startOfWord(text, last);
  if (start > last) return 0;
  const word = text.slice(start, last + 1).toLowerCase();
  if (FOR.has(word)) return BOOKED.has(wordBefore(text, start)) ? FIELD : 0;
  const isName = isGivenName(word) || isJoined(text, start);
  return (BEFORE_NAME.get(word) ?? 0) | (isName ? PAIR : 0);
}

/** `Reservation for Jane Roe`: names stand behind few of the words in front of `for`. */
const FOR: ReadonlySet<string> = new Set(['for', 'für', 'pour', 'para']);
const BOOKED: ReadonlySet<string> = new Set(
  'reservation booking appointment pass booked reservierung réservation reserva requested approved'.split(
    ' ',
  ),
);

function wordBefore(text: string, start: number): string {
  return text.slice(startOfWord(text, start - 2), start - 1).toLowerCase();
}

/** `Jean-Luc`, `O'Brien`: the first part tells. */
function isJoined(text: string, start: number): boolean {
  return start > 1 && "-'’".includes(text.charAt(start - 1)) && isWordAt(text, start - 2);
}

/** `customer: Jane Roe`, `"first_name": "Jane"` */
function beforeValue(text: string, sign: number): number {
  let value = sign + 1;
  if (text.charCodeAt(value) === SPACE) value++;
  if (isQuoteAt(text, value)) value++;
  if (!isCapitalAt(text, value)) return 0;
  let last = sign - 1;
  if (text.charCodeAt(last) === SPACE) last--;
  if (isArrowOfPrint(text, sign)) last = sign - 4;
  if (isQuoteAt(text, last) || text.charCodeAt(last) === DOT) last--;
  const start = startOfWord(text, last);
  const word = text.slice(start, last + 1).toLowerCase();
  if (word === 'id' || word === 'for') return ofRole(text, start - 1);
  return word.endsWith('name') || word.endsWith('by') ? FIELD : (FIELDS.get(word) ?? 0);
}

/** `[name] => Jane Roe`, as PHP prints an array. */
function isArrowOfPrint(text: string, sign: number): boolean {
  return text.charCodeAt(sign) === GREATER && text.startsWith('] =', sign - 3);
}

/** `caller_id`, `requested_for` */
function ofRole(text: string, joiner: number): number {
  if (!'_- '.includes(text.charAt(joiner) || '.')) return 0;
  const role = text.slice(startOfWord(text, joiner - 1), joiner).toLowerCase();
  return FIELDS.has(role) || role === 'requested' ? FIELD : 0;
}

/** `Best regards,` at the end of a line. */
function beforeLine(text: string, lineFeed: number): number {
  let last = lineFeed - 1;
  if (text.charCodeAt(last) === RETURN) last--;
  for (let spaces = 0; spaces < 2 && text.charCodeAt(last) === SPACE; spaces++) last--;
  if (text.charCodeAt(last) === COMMA) last--;
  if (!isWordAt(text, last)) return 0;
  return BEFORE_LINE.get(text.slice(startOfWord(text, last), last + 1).toLowerCase()) ?? 0;
}

const LONGEST_WORD = 32;

function startOfWord(text: string, last: number): number {
  let start = last + 1;
  while (last - start < LONGEST_WORD && isWordAt(text, start - 1)) start--;
  return start;
}

function isQuoteAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x22 || code === 0x27;
}
