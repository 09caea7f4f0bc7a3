import { type Detector, spansOfAll } from '../detector.ts';

const DASHED =
  /(?<![0-9A-Za-z_.-])(?!000|666|9)[0-9]{3}[ .-](?!00)[0-9]{2}[ .-](?!0000)[0-9]{4}(?![0-9A-Za-z_]|[.-][0-9])/dg;
const NAMED =
  /(?:\bssn|social[ _-]?security(?:[ _-]?number| no\.?)?|\bsocial(?: number)?|\bss ?#)[^0-9\n]{0,20}(?<secret>[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{4})(?![0-9])/dgi;

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
  shapes: [],
  patterns: [DASHED, NAMED],
  find: (text) => spansOfAll(text, [DASHED, NAMED]),
};
