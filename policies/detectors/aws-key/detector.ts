import type { Detector } from '../detector.ts';
import { prefixedTokens, type TokenForm } from '../prefixed-token.ts';

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

/** Secret access keys have no form of their own; `key-value-secret` and `high-entropy` find them by name and shape. */
export const detector: Detector = {
  id: 'aws-key',
  title: 'AWS access key id or Bedrock API key',
  docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids',
  net: 'all',
  wraps: true,
  ...prefixedTokens(FORMS),
};
