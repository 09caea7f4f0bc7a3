import { type Detector, type Span, spansOf } from '../detector.ts';
import type { Runs } from '../runs.ts';
import { CODES, NAMED, STREETS } from './forms.ts';
import { KEYWORDS, mayBeNear } from './keywords.ts';
import * as signs from './signs.ts';

const IS_NUMBERED = /[0-9]/;
const TRAILING = /[\s.,;]{1,8}$/;

interface Rule {
  readonly pattern: RegExp;
  /** Bits of `signs.ts`. */
  readonly sign: number;
  /** Instead of a sign, literals of which one stands in the text. */
  readonly needs?: readonly string[];
}

const ADDRESS_WORDS = ['ddress'];
const KEYS =
  '_to hip ill orada lica treet TREET ddr DDR dres DRES nschrift tra irec omicilio irizzo ndere soite'.split(
    ' ',
  );
const TOWN_KEYS =
  'city City CITY town Town zip_ plz PLZ wohnort Wohnort Stadt stadt Ort: ort: ort= ort" ville Ville iudad idade localid laats miasto comune citt postort ostcode="'.split(
    ' ',
  );
const DIVISIONS = [...'都道府县縣県省市'];

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
  codes: [DIVISIONS, signs.TOWN_CODE, signs.LINES, TOWN_KEYS, signs.TOWN, signs.CODE, signs.CODE],
  named: [KEYS, signs.ZIP, ADDRESS_WORDS, signs.PHRASE],
};

const RULES: readonly Rule[] = [
  ...rules(STREETS, SIGNS.streets),
  ...rules(CODES, SIGNS.codes),
  ...rules(NAMED, SIGNS.named),
];

function rules(patterns: readonly RegExp[], signsOfEach: readonly (number | readonly string[])[]): Rule[] {
  return patterns.map((pattern, at) => {
    const sign = signsOfEach[at] ?? 0;
    return typeof sign === 'number' ? { pattern, sign } : { pattern, sign: 0, needs: sign };
  });
}

function addresses(text: string, starts?: readonly number[], runs?: Runs): readonly Span[] {
  if (starts?.length === 0 && runs !== undefined && !hasForeignLetter(text, runs)) return NOWHERE;
  if (!IS_NUMBERED.test(text)) return NOWHERE;
  const seen = signs.signsOf(text);
  const found: Span[] = [];
  for (const { pattern, sign, needs } of RULES) {
    const isPossible =
      needs === undefined ? (seen & sign) !== 0 : needs.some((literal) => text.includes(literal));
    if (!isPossible) continue;
    for (const { start, end } of spansOf(text, pattern)) {
      found.push({ start, end: end - (TRAILING.exec(text.slice(start, end))?.[0].length ?? 0) });
    }
  }
  return found;
}

const NOWHERE: readonly Span[] = [];

/** Without a keyword, only words of other scripts count, and not each check mark, arrow or dash. */
function hasForeignLetter(text: string, { firstForeign, lastForeign }: Runs): boolean {
  for (let at = firstForeign; at <= lastForeign; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0xc0 && code < 0x2000) || (code >= 0x2e80 && code < 0xd800)) return true;
  }
  return false;
}

export const detector: Detector = {
  id: 'postal-address',
  title: 'Postal address or the code of a place in one',
  docs: 'https://www.upu.int/en/universal-postal-union/activities/physical-services/addressing (address systems of the world)',
  net: 'text',
  keywords: KEYWORDS,
  accepts: mayBeNear,
  // Words of other scripts.
  shapes: ['foreign'],
  patterns: [...STREETS, ...CODES, ...NAMED, ...signs.SIGN_PATTERNS, IS_NUMBERED, TRAILING],
  find: addresses,
};
