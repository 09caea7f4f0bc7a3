import { signOf } from '../runs.ts';

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
];

const UNDERSCORE = 0x5f;
/** Of `s`, `ed`, `ing`, `ef`, `éf`, `ephone`. */
const ENDINGS = [...'sei'].map(codeOf);
const [P, W, E, M, R] = [...'pwemr'].map(codeOf);
const MOBILE = 'mobile'.length;
const CELULAR = 'celular'.length;

/** Whether such a word stands there by itself: no `caller`, no `dialog`, no `cancelled`, no name of a field `message`. */
export function isPhoneWord(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) | 32;
  if (first === P || first === W || (first === M && end - start === MOBILE)) return true;
  if (end - start === CELULAR && (text.charCodeAt(start + 1) | 32) === E) return true;
  if (isInWord(text.charCodeAt(start - 1))) return false;
  const after = text.charCodeAt(end);
  if (!isInWord(after)) return first !== M || end - start < CELULAR || !isFieldName(text, end);
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
