import { type Detector, type Span, spansOf } from '../detector.ts';
import { isReference } from '../key-value-secret/value.ts';

const BEARER = /(?<![A-Za-z])bearer[ \t:]{1,8}["']?(?<secret>[A-Za-z0-9._~+/=|-]{12,8192})/dgi;
// Any scheme, whose parameters may be in quotes: Digest, Negotiate, AWS4-HMAC-SHA256, ApiKey …; and the headers that vendors use instead.
const HEADER =
  /(?<![A-Za-z0-9-])(?:proxy-)?authorization["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?<secret>[A-Za-z][A-Za-z0-9_-]{1,32}[ \t]{1,8}(?:=\\{0,3}"[^"\r\n]{0,512}"|[^\r\n"']){4,8192})/dgi;
const KEY_HEADER =
  /(?<![A-Za-z0-9])x-(?!(?:[a-z]{1,16}-)?(?:cache|idempotency|surrogate|routing|partition|sort|object|storage|varnish|request|dedup|deduplication|public|row|hash|shard|ray)-key)(?:[a-z]{1,24}-){0,3}(?:key|token|secret|signature)["']?[ \t]{0,8}:[ \t]{0,8}["']?(?<secret>[^\s"']{8,8192})/dgi;
const SCHEME = /^[A-Za-z][A-Za-z0-9_-]{1,32}[ \t]{1,8}/;
const WORD = /^[A-Za-z][a-z]{0,64}[.]?$/;

function* tokens(text: string): Generator<Span> {
  for (const span of spansOf(text, BEARER)) {
    if (!WORD.test(text.slice(span.start, span.end))) yield span;
  }
  for (const span of [...spansOf(text, HEADER), ...spansOf(text, KEY_HEADER)]) {
    if (!isReference(text.slice(span.start, span.end).replace(SCHEME, ''))) yield span;
  }
}

export const detector: Detector = {
  id: 'bearer-token',
  title: 'Token in an HTTP authorization header',
  docs: 'RFC 6750 section 2.1; RFC 9110 section 11.6.2',
  net: 'all',
  wraps: true,
  keywords: ['bearer', 'authorization', '-key', '-token', '-secret', '-signature'],
  shapes: [],
  patterns: [BEARER, HEADER, KEY_HEADER, SCHEME, WORD],
  find: tokens,
};
