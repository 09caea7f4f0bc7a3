import { COLUMN_PATTERNS } from '../columns.ts';
import { type Detector, type Span, spansOf } from '../detector.ts';
import type { Runs } from '../runs.ts';
import { CODES, NAMED, STREETS } from './forms.ts';
import { KEYED_KEYWORDS, KEYED_PATTERNS, keyedAddresses, mayBeKeyed } from './keyed.ts';
import { KEYWORDS, mayBeNear } from './keywords.ts';
import * as signs from './signs.ts';

const IS_NUMBERED = /[0-9]/;
/** `My address is …`: of the name of a street at most three words stand before its last one. */
const LEADING = /^(?:\p{L}{1,24} ){0,3}(?:is|was|ist|est|es|è|é) (?=[\p{Lu}0-9])/u;
/** A full stop behind a word in full, and a word that begins a sentence. */
const NEXT_SENTENCE =
  /(?<=[\p{L}0-9]{3})\.\s{1,3}(?:You|I|We|It|He|She|They|The|This|That|Please|My|Our|Your|His|Her|Their|There|If|When|Can|Could|Will|And|But|For|Thanks|Thank|Also|Call|Is|Are|Do|Sie|Ich|Wir|Bitte|Es|Das|Je|Vous|Nous|Le|La|Merci|Yo|Usted|Por|Gracias|Io|Lei)(?![\p{L}.])/u;
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
      found.push(addressIn(text, start, end));
    }
  }
  found.push(...keyedAddresses(text, starts));
  return found;
}

/** Without the words of the sentence before and behind it. */
function addressIn(text: string, start: number, end: number): Span {
  const first = start + (LEADING.exec(text.slice(start, end))?.[0].length ?? 0);
  const found = text.slice(first, end);
  const last = NEXT_SENTENCE.exec(found)?.index ?? found.length;
  const own = found.slice(0, last);
  return { start: first, end: first + last - (TRAILING.exec(own)?.[0].length ?? 0) };
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
  keywords: [...KEYWORDS, ...KEYED_KEYWORDS],
  accepts: (text, start, end) => mayBeKeyed(text, start, end) ?? mayBeNear(text, start, end),
  // Words of other scripts.
  shapes: ['foreign'],
  patterns: [
    ...STREETS,
    ...CODES,
    ...NAMED,
    ...signs.SIGN_PATTERNS,
    ...KEYED_PATTERNS,
    ...COLUMN_PATTERNS,
    IS_NUMBERED,
    LEADING,
    NEXT_SENTENCE,
    TRAILING,
  ],
  find: addresses,
};
