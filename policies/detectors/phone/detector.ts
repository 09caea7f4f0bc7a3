import { type Detector, type Span, spansOfAll } from '../detector.ts';

// With a country code, or in the North American form: recognisable by themselves.
const FORMS = [
  /(?<![A-Za-z0-9+])\+[1-9][0-9]{0,2}[ .-]?(?:\(0?[0-9]{0,4}\)[ .-]?)?(?:[0-9]{1,5}[ .-]?){1,5}[0-9]{2,5}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![0-9])/dg,
  /(?<![A-Za-z0-9.-])(?:(?:001|1)[ .-])?\(?[2-9][0-9]{2}\)?[ .-]?[2-9][0-9]{2}[.-][0-9]{4}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![0-9A-Za-z.-])/dg,
];
const CONTEXT =
  /phone|mobile|\bcell|\btel\b|telephone|\bcall(?:s|ed|ing)?\b|\bfax\b|\bdesk\b|\boffice\b|\bsms\b|\btext me\b|\bcontact\b|\banswering\b|\bmessages?\b|whatsapp|\breach(?:ed)?\b|\bdial\b/i;
// Any grouping: only beside a word that speaks of phones.
const LOOSE =
  /(?<![A-Za-z0-9.:-])\(?[0-9]{1,5}\)?(?:[ ./-]{1,2}\(?[0-9]{1,6}\)?){0,6}(?:x[0-9]{1,6})?(?![A-Za-z0-9:])/g;
const DATE =
  /^(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|^[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)[0-9]{2}/;
const NOT_DIGIT = /[^0-9]/g;
const CONTEXT_REACH = 48;

function* numbers(text: string): Generator<Span> {
  yield* spansOfAll(text, FORMS);
  if (!CONTEXT.test(text)) return;
  for (const match of text.matchAll(LOOSE)) {
    const end = match.index + match[0].length;
    const digits = match[0].replaceAll(NOT_DIGIT, '').length;
    if (digits < 7 || digits > 19 || DATE.test(match[0])) continue;
    const around = text.slice(Math.max(0, match.index - CONTEXT_REACH), end + 12);
    if (CONTEXT.test(around)) yield { start: match.index, end };
  }
}

export const detector: Detector = {
  id: 'phone',
  title: 'Telephone number',
  docs: 'ITU-T E.123 (notation), E.164 (numbering)',
  net: 'text',
  keywords: [],
  shapes: ['phone-digits'],
  patterns: [...FORMS, CONTEXT, LOOSE, DATE, NOT_DIGIT],
  find: numbers,
};
