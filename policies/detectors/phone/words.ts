import { isDigitAt, isLetterAt } from '../letters.ts';
import { signOf } from '../runs.ts';

/** What stands right before a number in other languages and in names of fields; some only before a digit. */
const LABELS: readonly string[] = [
  'msisdn',
  'from_number',
  'to_number',
  'calling_number',
  'called_number',
  'contactnumber',
  'contact_number',
  'sms_to',
  'sms_from',
  'handy',
  'natel',
  'tfno',
  'tlf',
  'puh.',
  'puh:',
  'puhelin',
  'fone',
  'mobi',
  'mob #',
  'mob: #',
  'mob. #',
  'mob:#',
  'cel: #',
  'cel. #',
  'cel #',
  'komork',
  'ruckruf',
  'durchwahl',
  'gsm',
  'portable',
  'ph #',
  'ph: #',
  'ph. #',
  'hp #',
  'hp: #',
  'joindre',
  'joignable',
  'appele',
  'appel ',
  'rappel',
  'contacter',
  'contactez',
  'ligar',
  'ligue',
  'ligac',

  'chiamata',
  'ruf #',
  'rufen',
  'anruf',
  'angerufen',
  'gebeld',
  'bellen',
  'bel #',
  'bel (#',
  'dzwoni',
  'zadzwo',
  'oddzwo',
  'ringa',
  'soita',
  'volejte',
  'zavola',
  'hivja',
  'sunati',
  'llamada',
  'marcar',
  'marque',
  'hotline',
  'fono',
  'celu',
  'verification code',
  'caller id',
  'caller_id',
  'callerid',
  's number',
  'your number',
  'his number',
  'her number',
  'our number',
  'their number',
  'contact number',
  'to=+#',
  'to="+#',
  'from=+#',
  'to: +#',
  'erreich',
  'bereikbaar',
  'bel m',
  'ring #',
  'ring m',
  'llama',
  'chiama',
  'nummer i',
  'nummer er',
  'number is',
  'mio num',
  'meu n',
  'numer',
  'daytime number',
  'evening number',
  'best number',
  'new number',
  'a_number',
  'b_number',
  't: 0#',
  'm: 0#',
];

/** Words that say of a number beside them that one can call it. */
export const PHONE_WORDS: readonly string[] = [
  'phone',
  'mobile',
  'whatsapp',
  'celular',
  'cell',
  'tel',
  'call',
  'fax',
  'desk',
  'office',
  'sms',
  'text me',
  'contact',
  'next of kin',
  'answering',
  'message',
  'reach',
  'dial',
  'movil',
  'cellular',
  'handynummer',
  'mobilnummer',
  'rufnummer',
  'callback',
  'my number',
  'mon num',
  'mi num',
  'ring me',
  'ring us',
  'ring h',
  ...LABELS,
];

/** Columns of tables. */
export const PHONE_COLUMN =
  /^(?:(?:home|work|mobile|cell|contact|customer|primary|alt|alternate|daytime|evening|office|emergency|user|billing|shipping)?(?:phone|mobile|cell|tel|telephone|fax|handy|telefon|telefono|telefone|telefoon|telefonnr|mobil|movil|celular|gsm|msisdn|whatsapp)(?:no|nr|number|num|1|2)?|(?:from|to|calling|called|caller|callback|contact)(?:number|no)|rufnummer|handynummer|mobilnummer|telefonnummer)$/;
const UNDERSCORE = 0x5f;
/** Of `s`, `ed`, `ing`, `ef`, `éf`, `ephone`. */
const ENDINGS = [...'sei'].map(codeOf);
const [P, W, E, M, R] = [...'pwemr'].map(codeOf);
const MOBILE = 'mobile'.length;
const CELULAR = 'celular'.length;
const MESSAGE = 'message'.length;

/** Whether such a word stands there, and is meant. */
export function isPhoneWord(text: string, start: number, end: number): boolean {
  if (isCaller(text, start, end)) return isValue(text, end + 2);
  return isWordByItself(text, start, end) || isLabel(text, start, end);
}

const CALL = 'call'.length;
const [C, F] = [...'clf'].map(codeOf);
const TEL = 'tel'.length;

/** `caller`, `callee`. */
function isCaller(text: string, start: number, end: number): boolean {
  if (end - start !== CALL || (text.charCodeAt(start) | 32) !== C) return false;
  const last = text.charCodeAt(end + 1) | 32;
  return (text.charCodeAt(end) | 32) === E && (last === R || last === E);
}

/** Digits behind the signs that assign. */
function isValue(text: string, from: number): boolean {
  let at = from;
  while (at < from + VALUE_REACH && VALUE_SIGNS.includes(text.charAt(at))) at++;
  return at > from && at < text.length && isDigitAt(text, at);
}

const VALUE_REACH = 6;
const VALUE_SIGNS = '"\': =(>';

function isLabel(text: string, start: number, end: number): boolean {
  if (isLetterAt(text, start - 1)) return false;
  if (end - start === TEL) return isTelephone(text, end);
  return LABEL_SET.has(text.slice(start, end).replaceAll(DIGITS, '#').toLowerCase());
}

const DIGITS = /[0-9]/g;
const LABEL_SET = new Set(LABELS.map((label) => label.replaceAll(DIGITS, '#')));

/** `telefon`, `telefoon`, `telemovel`. */
function isTelephone(text: string, end: number): boolean {
  return (text.charCodeAt(end) | 32) === E && [F, M].includes(text.charCodeAt(end + 1) | 32);
}

/** Whether such a word stands there by itself: no `caller`, no `dialog`, no `cancelled`, no name of a field `message`. */
function isWordByItself(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) | 32;
  if (first === P || first === W || (first === M && end - start === MOBILE)) return true;
  if (end - start === CELULAR && (text.charCodeAt(start + 1) | 32) === E) return true;
  if (isInWord(text.charCodeAt(start - 1))) return false;
  const after = text.charCodeAt(end);
  if (!isInWord(after)) return first !== M || end - start !== MESSAGE || !isFieldName(text, end);
  return ENDINGS.includes(after | 32) && (text.charCodeAt(end + 1) | 32) !== R;
}

const QUOTES = [0x22, 0x27];
const ASSIGNS = [0x3a, 0x3d];

function isFieldName(text: string, end: number): boolean {
  const at = QUOTES.includes(text.charCodeAt(end)) ? end + 1 : end;
  return ASSIGNS.includes(text.charCodeAt(at));
}

function isInWord(code: number): boolean {
  return code === UNDERSCORE || signOf(code) !== 0;
}

function codeOf(letter: string): number {
  return letter.charCodeAt(0);
}
