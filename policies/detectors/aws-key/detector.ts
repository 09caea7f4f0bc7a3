import { type Detector, type Span, spansOf } from '../detector.ts';
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
// The secret of a key id has no form of its own, but forty digits of base64 that stand near one are hardly anything else.
const SECRET = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/dg;
const ALL_KINDS = /^(?=[^0-9]{0,39}[0-9])(?=[^A-Z]{0,39}[A-Z])(?=[^a-z]{0,39}[a-z])/;
const NEAR = 256;
const KEY_ID: ReadonlySet<string> = new Set(['AKIA', 'ASIA']);

function* secretsNear(text: string, { start, end }: Span): Generator<Span> {
  const from = Math.max(0, start - NEAR);
  for (const span of spansOf(text.slice(from, end + NEAR), SECRET)) {
    const secret = { start: from + span.start, end: from + span.end };
    if (ALL_KINDS.test(text.slice(secret.start, secret.end))) yield secret;
  }
}

/** Secret access keys elsewhere are found by name and shape: `key-value-secret` and `high-entropy`. */
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
  patterns: [...tokens.patterns, CUT, SECRET, ALL_KINDS],
  *find(text, starts) {
    for (const span of tokens.find(text, starts)) {
      yield span;
      if (KEY_ID.has(text.slice(span.start, span.start + 4))) yield* secretsNear(text, span);
    }
    yield* spansOf(text, CUT);
  },
};
