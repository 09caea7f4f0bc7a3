import { type Detector, spansOf } from '../detector.ts';
import { asFields, type IdForm, idForms } from '../id-forms.ts';
import { isDigitAt } from '../letters.ts';
import { CAPITAL, DIGIT, makeRunReader, signOf } from '../runs.ts';

const VALUES = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** North America: the ninth character checks the others. Elsewhere it is free. */
function hasCheckDigit(characters: string): boolean {
  let sum = 0;
  for (const [place, weight] of WEIGHTS.entries())
    sum += weight * (VALUES.indexOf(characters.charAt(place)) % 10);
  return '0123456789X'[sum % 11] === characters[8];
}

const VIN = /^[A-HJ-NPR-Z0-9]{9}[A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9]{3}[0-9]{4}$/;
const PLATE = [
  'licence plate',
  'license plate',
  'number plate',
  'plate',
  'registration no',
  'registration number',
  'registration plate',
  'registration mark',
  'car registration',
  'vehicle',
  'car reg',
  'reg no',
  'reg nr',
  'license tag',
  'registrační značka',
  'kennzeichen',
  'autokennzeichen',
  'kfz kennzeichen',
  'immatriculation',
  'matrícula',
  'matricula',
  'targa',
  'kenteken',
  'rejestracyjn',
  'plaka',
  'rendszám',
  'placa',
  'nummerplade',
  'nummernschild',
  'plaque',
  'nr rej',
  'numer rej',
  'nr rejestr',
  'tablice',
  'tablica',
  'vrm',
  'rego',
  'registreringsskylt',
  'rekisteri',
  'poznávací',
  'госномер',
  'гос номер',
  'nº de placa',
  'chapa',
  'registreringsnummer',
  'spz',
  '차량번호',
  'ナンバー',
  '车牌',
];

const ROWS: readonly IdForm[] = [
  {
    country: '*',
    name: 'vehicle identification number',
    docs: 'ISO 3779; 49 CFR part 565',
    alone: 'XXXXXXXXXXXXXXXXX',
    form: VIN,
    check: (characters) => /[A-Z].{0,16}[A-Z]/.test(characters) && hasCheckDigit(characters),
    words: ['vin'],
  },
  {
    country: '*',
    name: 'vehicle identification number without check digit',
    docs: 'ISO 3779',
    named: 'XXXXXXXXXXXXXXXXX',
    form: /^[A-HJ-NPR-Z0-9]{13}[0-9]{4}$/,
    words: ['vin', 'vehicle', 'chassis', 'fahrgestell', 'fin', 'telaio', 'bastidor', 'châssis', 'chasis'],
  },
  {
    country: '*',
    name: 'vehicle identification number with letters in its series',
    docs: '49 CFR 565.15 (series of small makers)',
    named: 'XXXXXXXXXXXXXXXXX',
    form: /^(?=.{0,16}[0-9])(?=.{0,16}[A-Z])[A-HJ-NPR-Z0-9]{17}$/,
    upper: true,
    check: hasCheckDigit,
    words: ['vin', 'vehicle', 'chassis', 'fahrgestell', 'fin', 'telaio', 'bastidor', 'châssis', 'chasis'],
  },
  {
    country: '*',
    name: 'number plate',
    docs: 'https://en.wikipedia.org/wiki/Vehicle_registration_plate',
    named:
      'AA99AAA|AA99 AAA|A999AAA|A999 AAA|AAA999A|AAA 999A|AA-999-AA|AA999AA|AA 999 AA|AA99AA9999|AA 99 AA 9999|AA-99-AA-9999|AA99A9999|AA-99-A-9999|AA9AA9999|99AA9999A|AA 99 A 9999|99AA9999AA|99 AA 9999 AA|9999 AAA|9999AAA|9999-AAA|AAA-9999|AAA 9999|AAA9999|AAA-999|AAA 999|AAA999|A-AA 9999|A-AA 999|A-A 9999|AA-AA 999|AA-AA 9999|AA-A 9999|AAA-AA 99|AAA-A 999|AAA-AA 999|9AAA999|AAA9A99|AA 99999|AA99999|AA9999|AA 9999|AA9999A|99-AA-AA|99-AAA-9|9-AAA-99|AA-99-99|AA-99-AA|99-99-AA|A-999-AA|99-AA-99|9A9 9999|9AA 9999|9A99999|9AA9999|AAAA-999|AAAA999|AA AA-999|A AA 9999|AA AA 9999|AA A 9999|A A 9999|A AA 999|AA AA 999|AA A 999|9999-AAA|99 AAA 99|99 AA 999|99 A 9999|AAA-999-AA|AAA999AA|AAA-999AA|AA-999-A|AAA 99A|AA999AAA|99A9999',
    form: /[0-9]/,
    upper: true,
    words: PLATE,
    labels: ['patente', 'registration', 'tag number', 'reg'],
  },
];

const forms = idForms(ROWS);
const readRuns = makeRunReader();

/** Of whole words for a plate: the others wake by what stands behind them. */
const COMMON = new Set(['fin', 'vin', 'reg', 'registration', 'patente']);

/** Plates of China tell by themselves; those of Russia, Ukraine and Korea beside a word. */
const FOREIGN =
  /(?<![\p{L}\p{N}])(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·・ ]?[A-HJ-NP-Z0-9]{5,6}|(?<=(?:номер|знак|госномер|авто|차량번호|차번호|번호판)[^\p{L}\p{N}\n]{1,8})(?:[АВЕІКМНОРСТУХ]{1,2}[ ]?[0-9]{3,4}[ ]?[АВЕІКМНОРСТУХ]{2}(?:[ ]?[0-9]{2,3})?|[0-9]{2,3}[가-힣][ ]?[0-9]{4}))(?![\p{L}\p{N}])/dgu;

const NOT_HEX = [...'ghjklmnprstuvwxyz'];
/** The year or the plant, and the number in the series: digests have no such letters, names not so many digits. */
const SERIES = NOT_HEX.flatMap((letter) => [
  `${letter}######`,
  ...[...'abcdef'].map((plant) => `${letter}${plant}######`),
]);
const LENGTH = 17;

/** A word, or digits at the end of a number of that length. */
function isWordOrEnd(text: string, start: number, end: number): boolean {
  if (!isDigitAt(text, end - 1)) return true;
  let last = end;
  while (last < start + LENGTH && isDigitAt(text, last)) last++;
  const first = last - LENGTH;
  if (signOf(text.charCodeAt(last)) !== 0 || signOf(text.charCodeAt(first - 1)) !== 0) return false;
  for (let at = first; at < start; at++) if (!isUpperAt(text, at)) return false;
  return true;
}

function isUpperAt(text: string, at: number): boolean {
  return (signOf(text.charCodeAt(at)) & (CAPITAL | DIGIT)) !== 0;
}

const find: Detector['find'] = (text, starts, runs = readRuns(text)) => {
  const found = forms.find(text, starts, runs);
  return runs.lastForeign === -1 ? found : [...found, ...spansOf(text, FOREIGN)];
};

export const detector: Detector = {
  id: 'vehicle-id',
  title: 'Vehicle identification number, or number plate beside a word for it',
  docs: 'ISO 3779; 49 CFR 565.15 (check digit)',
  net: 'text',
  keywords: [
    ...[...forms.words, ...asFields(forms.words)].filter((word) => !COMMON.has(word)),
    'vin:',
    'vin ',
    'vin"',
    'vin=',
    'vin#',
    'registration:',
    'registration=',
    'registration"',
    'registration #',
    'reg:',
    'reg=',
    'patente:',
    'patente ',
    'patente"',
    'patente=',
    ...SERIES,
  ],
  accepts: isWordOrEnd,
  // For the words that have a letter outside ASCII.
  shapes: ['foreign'],
  get patterns() {
    return [...forms.patterns, FOREIGN];
  },
  find,
};
