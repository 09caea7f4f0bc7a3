import { type Detector, spansOfAll } from '../detector.ts';

const DASHED =
  /(?<![0-9A-Za-z_.-])(?!000|666|9)[0-9]{3}[ -](?!00)[0-9]{2}[ -](?!0000)[0-9]{4}(?![0-9A-Za-z_]|-[0-9])/dg;
const NAMED =
  /(?:\bssn\b|social security(?: number| no\.?)?)[^0-9\n]{0,16}(?<secret>[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4})(?![0-9])/dgi;

export const detector: Detector = {
  id: 'us-ssn',
  title: 'US social security number',
  docs: 'https://www.ssa.gov/employer/randomization.html (numbers never assigned)',
  net: 'text',
  keywords: [],
  shapes: ['phone-digits'],
  patterns: [DASHED, NAMED],
  find: (text) => spansOfAll(text, [DASHED, NAMED]),
};
