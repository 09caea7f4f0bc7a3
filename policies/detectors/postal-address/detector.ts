import { type Detector, type Span, spansOf } from '../detector.ts';
import { CODES, NAMED, STREETS } from './forms.ts';
import * as signs from './signs.ts';

const IS_NUMBERED = /[0-9]/;
const TRAILING = /[\s.,;]{1,8}$/;

interface Rule {
  readonly pattern: RegExp;
  /** Bits of `signs.ts`. */
  readonly sign: number;
  /** What stands in the text instead of a sign. */
  readonly needs?: string;
}

const ADDRESS_WORD = 'ddress';

const SIGNS = {
  streets: [
    signs.SUFFIX,
    signs.ROOT,
    signs.ROOT,
    signs.LEAD,
    signs.LEAD,
    signs.FLAT,
    signs.FLAT,
    signs.BOX,
    signs.BASE,
  ],
  codes: [signs.TOWN, signs.CODE, signs.CODE],
  named: [signs.ZIP, ADDRESS_WORD, signs.PHRASE],
};

const RULES: readonly Rule[] = [
  ...rules(STREETS, SIGNS.streets),
  ...rules(CODES, SIGNS.codes),
  ...rules(NAMED, SIGNS.named),
];

function rules(patterns: readonly RegExp[], signsOfEach: readonly (number | string)[]): Rule[] {
  return patterns.map((pattern, at) => {
    const sign = signsOfEach[at] ?? 0;
    return typeof sign === 'number' ? { pattern, sign } : { pattern, sign: 0, needs: sign };
  });
}

function addresses(text: string): readonly Span[] {
  if (!IS_NUMBERED.test(text)) return NOWHERE;
  const seen = signs.signsOf(text);
  const found: Span[] = [];
  for (const { pattern, sign, needs } of RULES) {
    const isPossible = needs === undefined ? (seen & sign) !== 0 : text.includes(needs);
    if (!isPossible) continue;
    for (const { start, end } of spansOf(text, pattern)) {
      found.push({ start, end: end - (TRAILING.exec(text.slice(start, end))?.[0].length ?? 0) });
    }
  }
  return found;
}

const NOWHERE: readonly Span[] = [];

export const detector: Detector = {
  id: 'postal-address',
  title: 'Postal address or the code of a place in one',
  docs: 'https://www.upu.int/en/universal-postal-union/activities/physical-services/addressing (address systems of the world)',
  net: 'text',
  keywords: [
    // The middle of a British or Canadian code.
    ...[...'abdefghjlnpqrstuwxyz'].map((letter) => `# #${letter}`),
    ...[...'abcdefghjkmnprstvwxyz'].map((letter) => `#${letter} #`),
    'street',
    ' st ',
    ' st.',
    ' st,',
    ' st\n',
    ' ave',
    ' road',
    ' rd',
    'blvd',
    'boulevard',
    ' lane',
    ' ln',
    ' drive',
    ' dr',
    ' court',
    ' ct',
    ' way',
    ' place',
    ' terrace',
    ' square',
    ' highway',
    'hwy',
    'parkway',
    'pkwy',
    ' circle',
    ' close',
    ' crescent',
    ' gardens',
    ' grove',
    ' hill',
    ' row',
    ' mews',
    'strasse',
    'stra',
    'str.',
    'weg ',
    'platz',
    'gasse',
    'allee',
    'rue ',
    'avenue',
    'calle ',
    'avda',
    'plaza',
    'paseo',
    'via ',
    'viale ',
    'piazza',
    'corso ',
    'rua ',
    'avenida',
    'straat',
    'laan',
    'gracht',
    'gatan',
    'gata',
    'vej',
    'gade',
    'veien',
    'vegen',
    'katu',
    'tie ',
    'ul.',
    'ulica',
    'utca',
    'trg ',
    'ulice',
    'apt',
    'suite',
    'unit ',
    'flat ',
    'box ',
    'psc ',
    'apo ',
    'fpo ',
    'dpo ',
    'zip',
    'postcode',
    'post code',
    'postal',
    'plz',
    'code postal',
    'address',
    'lives',
    'residing',
    'resides',
    'corner of',
    'delivery to',
    'deliver to',
    'ship to',
  ],
  shapes: ['phone-digits'],
  patterns: [...STREETS, ...CODES, ...NAMED, ...signs.SIGN_PATTERNS, IS_NUMBERED, TRAILING],
  find: addresses,
};
