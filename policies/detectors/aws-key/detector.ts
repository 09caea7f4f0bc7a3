import { type Detector, spansOf } from '../detector.ts';
import type { TokenForm } from '../prefixed-token.ts';
import { tokenParts } from '../token-forms.ts';

const UPPER = 'A-Z0-9';

const FORMS: readonly TokenForm[] = [
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) => ({
    issuer: 'AWS',
    prefix,
    body: UPPER,
    min: 16,
    max: 16,
    cut: true,
  })),
  { issuer: 'AWS Bedrock', prefix: 'ABSK', body: 'A-Za-z0-9+/=', min: 100, max: 300 },
  { issuer: 'AWS Bedrock', prefix: 'bedrock-api-key-', body: 'A-Za-z0-9+/=_-', min: 20, max: 4096 },
];

// A key id that the end of the text cut off after less than the usual: four capitals are enough to tell.
const CUT = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{4,15}(?=\s{0,4}(?:$|\.\.\.|…))/dg;
const tokens = tokenParts(FORMS);

/** Secret access keys have no form of their own; `key-value-secret` and `high-entropy` find them by name and shape. */
export const detector: Detector = {
  id: 'aws-key',
  title: 'AWS access key id or Bedrock API key',
  docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids',
  net: 'all',
  wraps: true,
  ...tokens,
  // Of the first two, less than the usual tells.
  accepts: (text, start, end) =>
    text.startsWith('AKIA', start) || text.startsWith('ASIA', start) || tokens.accepts(text, start, end),
  patterns: [...tokens.patterns, CUT],
  *find(text, starts) {
    yield* tokens.find(text, starts);
    yield* spansOf(text, CUT);
  },
};
