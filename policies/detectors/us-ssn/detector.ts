import { cutEnd } from '../cut-off.ts';
import { type Detector, type Span, spansOfAll } from '../detector.ts';
import { mayGoOn } from '../prefixed-token.ts';

const DASHED =
  /(?<![0-9A-Za-z_.-])(?!000|666|9)[0-9]{3}[ .-](?!00)[0-9]{2}[ .-](?!0000)[0-9]{4}(?![0-9A-Za-z_]|[.-][0-9])/dg;
const NAMED =
  /(?:\bssn|social[ _-]?security(?:[ _-]?number| no\.?)?|\bsocial(?: number)?|\bss ?#)[^0-9\n]{0,20}(?<secret>[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{4})(?![0-9])/dgi;
/** At the end of a text that was cut off. */
const CUT = [
  /(?<![0-9A-Za-z_.-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-[0-9]{0,3}$/,
  /(?<=(?:\bssn|social[ _-]?security(?:[ _-]?number| no\.?)?|\bss ?#)[^0-9\n]{0,20})[0-9]{3}[ .-]?[0-9]{1,2}[ .-]?[0-9]{0,3}$/i,
];
const CUT_REACH = 64;
const LAST_DIGITS = 3;

function* numbers(text: string): Generator<Span> {
  yield* spansOfAll(text, [DASHED, NAMED]);
  const end = cutEnd(text);
  const last = text.charCodeAt(end - 1);
  if (last !== DASH && !isDigit(last)) return;
  const tail = text.slice(Math.max(0, end - CUT_REACH), end);
  for (const pattern of CUT) {
    const cut = pattern.exec(tail)?.[0];
    if (cut !== undefined) yield { start: end - cut.length, end };
  }
}

/** Behind two dashes with nothing but the last digits between them and the end of the text or line. */
function isWholeOrCut(text: string, _: number, end: number): boolean {
  if (text.charCodeAt(end - 1) !== DASH || mayGoOn(text, end)) return true;
  let at = end;
  while (at < end + LAST_DIGITS && isDigit(text.charCodeAt(at))) at++;
  return at === cutEnd(text);
}

const DASH = 0x2d;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export const detector: Detector = {
  id: 'us-ssn',
  title: 'US social security number',
  docs: 'https://www.ssa.gov/employer/randomization.html (numbers never assigned)',
  net: 'text',
  wraps: true,
  keywords: [
    '###-##-####',
    '###-##-',
    '###.##.####',
    '### ## ####',
    '###-## ####',
    '### ##-####',
    'ssn',
    'social',
    'ss#',
    'ss #',
  ],
  accepts: isWholeOrCut,
  shapes: [],
  patterns: [DASHED, NAMED, ...CUT],
  find: numbers,
};
