import { type Detector, spansOf } from '../detector.ts';
import { isWordOf } from '../id-context.ts';
import { type IdForm, idForms } from '../id-forms.ts';
import { inTravel, isFiller, TRAVEL_PATTERNS, TRAVEL_SIGNS } from './travel.ts';

/** Two digits at least: words are no numbers. */
const DIGITS = /[0-9].{0,24}[0-9].{0,24}[0-9]/;

/** Numbers of documents have hardly any check digits, so only a word beside them tells what they are. */
const ROWS: readonly IdForm[] = [
  {
    country: '*',
    name: 'passport',
    docs: 'ICAO Doc 9303',
    named:
      'A99999999|AA9999999|AAA999999|AA999999|A9999999|A999999|999999999|99999999|9999999|99AA99999|99XX99999|XXXXXXXXX|XXXXXXXX|A9999999A|AA99999999|A9 999999|AA 9999999|A 9999999|A 99999999|99 9999999|99 99 999999|9999 999999|A99A99999|XXXXXXXXX9|AA999999A',
    form: DIGITS,
    digits: true,
    words: [
      'passport',
      'pass no',
      'passeport',
      'reisepass',
      'passnummer',
      'passport no',
      'reisepassnummer',
      'pasaporte',
      'passaporto',
      'passaporte',
      'paspoort',
      'paszport',
      'passi',
      'útlevél',
      'pasaport',
      'pașaport',
      'паспорт',
      'διαβατήρι',
      '여권',
      '護照',
      '护照',
      'パスポート',
      'หนังสือเดินทาง',
      'passnr',
      'pas nr',
      'pasnummer',
      'travel document',
      'mrz',
    ],
  },
  {
    country: '*',
    name: 'driving licence',
    docs: 'https://www.aamva.org',
    named:
      'A9999999|A99999999|A999999999|A999999999999|A99999999999|A99-99-9999|A999-9999-9999|A999-999-99-999-9|A999-9999-9999-99|A999 9999 9999|A9999-99999-99999|A9999-9999-9999|AA999999|AA9999999|AA9999999A|AA99999|AA999999A|AAA99A9999|99AAA9999|99AAA999999|9999999|99999999|999999999|9999999999|99999999999|999999999999|9999999999999|99999999999999|999-999-999|999 999 999|999 99 9999|999-99-9999|9999 99999|XXXXXXXXXX|XXXXXXXXXXX|XXXXXXXXXXXX|XXXXXXXXXXXXX|AXXXXXXXXXX|XXXXXXXXX|99999/99/9999|99-99-999999-99|A999999|99-999-9999|AAA-99-9999|A99-99-999999|99 99 999999|999999 9999',
    form: DIGITS,
    digits: true,
    words: [
      'driver licen',
      'driver number',
      'driver id',
      'driver no',
      'driving licen',
      'driverslicense',
      "driver's",
      'dl',
      'dln',
      'licence no',
      'license no',
      'licence number',
      'license number',
      'license id',
      'drivers lic',
      'drivers licen',
      'permis de conduire',
      'führerschein',
      'führerscheinnummer',
      'fuehrerschein',
      'fahrerlaubnis',
      'patente',
      'licencia de conducir',
      'permiso de conducir',
      'carta de condução',
      'rijbewijs',
      'prawo jazdy',
      'prawa jazdy',
      'körkort',
      'kørekort',
      'førerkort',
      'ajokortti',
      'řidičsk',
      'vozačk',
      'vairuotojo',
      'permis no',
      'numéro de permis',
      'sürücü',
      'ehliyet',
      'водительск',
      '운전면허',
      '運転免許',
      '驾驶证',
      'cnh',
      'permit number',
    ],
  },
  {
    country: '*',
    name: 'identity card',
    docs: 'ICAO Doc 9303',
    named:
      'XXXXXXXXX|XXXXXXXXXX|AA99999AA|AA9999999|AA999999|AAA999999|A99999999|A9999999|99999999|999999999|9999999|AA999999A|AA 9999999|AA99999|A99999999A|999-9999999-99|9999999AA|999999999999|99 99 99999|A999-999-999|A99-999-999',
    form: DIGITS,
    digits: true,
    words: [
      'personalausweis',
      'ausweisnummer',
      'ausweis',
      'carta d identità',
      'carta di identità',
      'carta d identita',
      'carta identità',
      'cie',
      'identity card',
      'identity document',
      'national identity card',
      'id card',
      'carte d identité',
      'carte nationale',
      'identiteitskaart',
      'dokument tożsamości',
      'dowód osobisty',
      'osobní průkaz',
      'občanský průkaz',
      'občiansky preukaz',
      'személyi igazolvány',
      'carte de identitate',
      'buletin',
      'seria',
      'osobna iskaznica',
      'osebna izkaznica',
      'ταυτότητ',
      'αδτ',
      'cédula',
      'aufenthaltstitel',
      'residence permit',
      'residence card',
      'green card',
      'alien registration',
      'uscis',
      'visa number',
      'a-number',
      'military id',
      'service number',
      'dod id',
      'edipi',
      'student id',
      'state id',
    ],
  },
  {
    country: '*',
    name: 'health record, health insurance',
    docs: 'https://www.hhs.gov/hipaa/for-professionals/privacy/special-topics/de-identification/index.html',
    named:
      '99999|999999|9999999|99999999|999999999|9999999999|99999999999|999999999999|A99999|A999999|A9999999|A99999999|A999999999|AA999999|AA9999999|AAA999999|AAA9999999|AAA99999999|AAA999999999|AAA-999999|AAA-9999999|AA-999999|999-99-9999|99-99-99|999-999-999|999-999|AAA9999999999|XXXXXXXXXXXX|XXXXXXXXXXX|99999999-99|AAA999A99999|999999999999999|9999-9999-9999|A99999-99999|9999-99999|AAA-99999999|AA-9999999|AA-99999999',
    form: DIGITS,
    digits: true,
    words: [
      'medical record',
      'mrn',
      'patient id',
      'patient number',
      'patient no',
      'patientid',
      'chart number',
      'health insurance',
      'health plan',
      'health card',
      'health id',
      'insurance number',
      'insurance id',
      'insurance policy',
      'policy number',
      'policy no',
      'policy holder',
      'policyholder',
      'member id',
      'memberid',
      'member number',
      'subscriber id',
      'subscriber number',

      'medicaid',
      'medicare',
      'beneficiary',
      'krankenversicher',
      'versichertennummer',
      'numéro d assuré',
      'medical license',
      'medical licence',
      'ehic',
      'hospital number',

      'claim number',
      'prescription number',
      'rx number',
    ],
  },
];

const forms = idForms(ROWS);
/** The third field of a patient's segment holds the numbers of the patient. */
const HL7 = /(?<![A-Za-z0-9])PID\|[0-9]{0,4}\|[^|\n\r]{0,64}\|(?<secret>[0-9A-Za-z-]{3,32})(?=[\^|~&])/dg;

const find: Detector['find'] = (text, starts, runs) => {
  const found = forms.find(text, starts, runs);
  if (text.includes('PID|')) return [...found, ...spansOf(text, HL7)];
  return text.includes('/') || text.includes('<<') ? [...found, ...inTravel(text)] : found;
};

/** `patient_id`, `medicalRecordNumber`, `licence-no`: words as they are joined in names of fields. */
const FIELDS = forms.words.flatMap((word) =>
  word.includes(' ') ? ['_', '-', ''].map((joiner) => word.replaceAll(' ', joiner)) : [],
);
/** With letters outside ASCII in the word: what of it can be a keyword. */
const PARTS = ['hrerscheinn', 'hrerschein '];
const SHORT = ' dl';

/** `DL#`, the filler of passports, or a word. */
function isSign(text: string, start: number, end: number): boolean {
  const first = text.charAt(start);
  if (first === '<') return isFiller(text, start);
  return first === ' ' ? text.charAt(end) === '#' : isWordOf(text, start, end);
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
    SHORT,
    ...TRAVEL_SIGNS,
    ...FIELDS,
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
