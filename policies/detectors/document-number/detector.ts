import { type Detector, spansOf } from '../detector.ts';
import { isWordOf } from '../id-context.ts';
import { asFields, idForms } from '../id-forms.ts';
import { isLetterAt } from '../letters.ts';
import { DOCUMENTS } from './documents.ts';
import { HEALTH } from './health.ts';
import { inTravel, isFiller, TRAVEL_PATTERNS, TRAVEL_SIGNS } from './travel.ts';

const forms = idForms([...DOCUMENTS, ...HEALTH]);
/** The third field of a patient's segment holds the numbers of the patient. */
const HL7 = /(?<![A-Za-z0-9])PID\|[0-9]{0,4}\|[^|\n\r]{0,64}\|(?<secret>[0-9A-Za-z-]{3,32})(?=[\^|~&])/dg;

const find: Detector['find'] = (text, starts, runs) => {
  const found = forms.find(text, starts, runs);
  if (text.includes('PID|')) return [...found, ...spansOf(text, HL7)];
  return text.includes('/') || text.includes('<<') ? [...found, ...inTravel(text)] : found;
};

/** With letters outside ASCII in the word: what of it can be a keyword. */
const PARTS = ['hrerscheinn', 'hrerschein '];
/** Before the sign of numbers. */
const SHORT = [' dl', '"dl', '(dl', '\ndl'];
const SHORT_STARTS = ' "(\n';

/** `DL#`, the filler of passports, or a word. */
function isSign(text: string, start: number, end: number): boolean {
  const first = text.charAt(start);
  if (first === '<') return isFiller(text, start);
  return SHORT_STARTS.includes(first)
    ? text.charAt(end) === '#'
    : isWordOf(text, start, isLetterAt(text, end - 1) ? end : end - 1);
}

export const detector: Detector = {
  id: 'document-number',
  title:
    'Number of a passport, licence, identity card or health record, beside the word for it; lines of travel documents',
  docs: 'ICAO Doc 9303 parts 3 to 5; IATA Resolution 830d; HL7 v2.5.1 section 3.4.2; each row of the table names its source',
  net: 'text',
  keywords: [
    ...forms.words.filter((word) => word.length > 2),
    'driver',
    'driving',
    'dl:',
    'dl ',
    'dl#',
    'dl_',
    'dl-',
    'dl"',
    "dl'",
    'dlnumber',
    'dlno',
    ...SHORT,
    ...TRAVEL_SIGNS,
    ...asFields(forms.words),
    ...PARTS,
    'id card',
    'pid|',
  ],
  accepts: isSign,
  shapes: ['foreign'],
  get patterns() {
    return [...forms.patterns, HL7, ...TRAVEL_PATTERNS];
  },
  find,
};
