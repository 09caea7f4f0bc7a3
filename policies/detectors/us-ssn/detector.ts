import { isDigit } from '../../ascii.ts';
import { cutEnd } from '../cut-off.ts';
import { type Detector, type Span, spansOfAll } from '../detector.ts';

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

const DASH = 0x2d;

export const detector: Detector = {
  id: 'us-ssn',
  title: 'US social security number',
  docs: 'https://www.ssa.gov/employer/randomization.html (numbers never assigned)',
  net: 'text',
  wraps: true,
  keywords: [
    '###-##-####',
    '###.##.####',
    '### ## ####',
    '###-## ####',
    '### ##-####',
    'ssn',
    'social',
    'ss#',
    'ss #',
  ],
  shapes: ['cut-number'],
  patterns: [DASHED, NAMED, ...CUT],
  find: numbers,
};
