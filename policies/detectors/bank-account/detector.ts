import type { Detector } from '../detector.ts';
import { isWordOf } from '../id-context.ts';
import { asFields, idForms } from '../id-forms.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';
import { ACCOUNTS } from './accounts.ts';
import { BESIDE_PATTERNS, besideBanks, FIELD_SIGNS } from './beside.ts';

const forms = idForms(ACCOUNTS);
/** Ends and middles of everyday words (each, cache, database): as keywords only with what stands beside them. */
const COMMON = new Set(['ach', 'aba']);
const BESIDE = [...' :_-="'];

function keywordsOf(word: string): string[] {
  if (!COMMON.has(word)) return [word];
  return [
    ...BESIDE.map((sign) => `${word}${sign === ' ' ? ' #' : sign}`),
    `${word}'`,
    `${word}>`,
    `${word},`,
    `${word}  `,
    ` ${word} `,
    `"${word} `,
    `_${word}`,
  ];
}

/** As it is printed on cheques. */
const ROUTING = '####-####-#';

/** With a sign or a letter outside ASCII in them: what of them can be a keyword. */
const PARTS = ['kto.', 'kto-nr', 'ro de compte', 'compte n', 'ro de cuenta', 'blz', 'bankleitzahl'];

/** The bank may have been spoken of anywhere: then what stands behind a word for an account is one of its accounts. */
const find: Detector['find'] = (text, starts, runs) => {
  const found = forms.find(text, starts, runs);
  return starts?.length === 0 ? found : [...found, ...besideBanks(text)];
};

/** A word, without what stands beside it; or a routing number that is no part of more. */
function isName(text: string, start: number, end: number): boolean {
  if (':?'.includes(text.charAt(start))) return true;
  if (isDigitAt(text, start)) return !isDigitAt(text, start - 1) && !isDigitAt(text, end);
  const first = isLetterAt(text, start) ? start : start + 1;
  let last = end;
  while (!isLetterAt(text, last - 1)) last--;
  return isWordOf(text, first, last);
}

export const detector: Detector = {
  id: 'bank-account',
  title: 'Bank account, routing number or bank code, beside a word for it',
  docs: 'ISO 13616-1; SWIFT MT103, MT940 (fields 25, 50, 59, 86); each row of the table names its source',
  net: 'text',
  keywords: [
    ROUTING,
    ...FIELD_SIGNS,
    ...PARTS,
    ...[...forms.words, ...asFields(forms.words)].flatMap(keywordsOf),
  ],
  accepts: isName,
  shapes: ['card-digits', 'foreign'],
  get patterns() {
    return [...forms.patterns, ...BESIDE_PATTERNS];
  },
  find,
};
