import { type Detector, type Span, spansOf } from '../detector.ts';
import { isReference, isSecretLooking } from '../key-value-secret/value.ts';

const BASIC = /(?<![A-Za-z])basic[ \t]{1,8}(?<secret>[A-Za-z0-9+/_-]{6,4096}={0,2})/dgi;
const CURL_USER =
  /(?:^|\s)(?:-u|--(?:proxy-)?user(?![\w-]))[ =]{0,4}["']?(?<secret>[^\s"':]{0,128}["']?:["']?[^\s"']{1,256})/dg;
/** A key in the place of the user, and no password. */
const ONLY_USER = /(?:^|\s)-u[ ]{0,4}["']?(?<secret>[^\s"':@/]{8,256}):["']?(?=\s|$)/dg;
const READABLE = /^[\x20-\x7e\u00a0-\uffff]{1,3072}$/;

function* credentials(text: string): Generator<Span> {
  for (const span of spansOf(text, BASIC)) {
    const decoded = Buffer.from(text.slice(span.start, span.end), 'base64').toString('utf8');
    if (decoded.includes(':') && READABLE.test(decoded)) yield span;
  }
  for (const span of spansOf(text, CURL_USER)) {
    const user = text.slice(span.start, span.end);
    if (!isReference(user) && !isReference(user.slice(user.indexOf(':') + 1))) yield span;
  }
  for (const span of spansOf(text, ONLY_USER)) {
    const key = text.slice(span.start, span.end);
    if (!isReference(key) && isSecretLooking(key)) yield span;
  }
}

export const detector: Detector = {
  id: 'basic-auth',
  title: 'HTTP Basic credentials',
  docs: 'RFC 7617',
  net: 'all',
  wraps: true,
  keywords: ['basic', '-u ', '--user', '--proxy-user'],
  shapes: [],
  patterns: [BASIC, CURL_USER, ONLY_USER, READABLE],
  find: credentials,
};
