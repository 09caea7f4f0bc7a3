import { type Detector, type Span, spansOf } from '../detector.ts';
import { isReference, isSecretLooking } from '../key-value-secret/value.ts';

const BASIC = /(?<![A-Za-z])basic[ \t]{1,8}(?<secret>[A-Za-z0-9+/_-]{6,4096}={0,2})/dgi;
const CURL_USER =
  /(?:^|\s)(?:-u|--(?:proxy-)?user(?![\w-]))(?:[ =]{0,4}|[ =]\\\r?\n[ \t]{0,16})["']?(?<secret>[^\s"':]{0,128}["']?:["']?[^\s"']{1,256})/dg;
/** A key in the place of the user, and no password. */
const ONLY_USER = /(?:^|\s)-u[ ]{0,4}["']?(?<secret>[^\s"':@/]{8,256}):["']?(?=\s|$)/dg;
/** A user and a group by their numbers, as containers have them, or a URL. */
const NO_PASSWORD = /^(?:[0-9]{1,10}:[0-9]{1,10}$|[a-z][a-z0-9+.-]{1,24}:(?:\/\/|[a-z0-9]{2,16}:\/\/))/i;
/** Whose `-u` and `--user` say as whom a container runs. */
const CONTAINER =
  /\b(?:docker|podman|nerdctl|crictl|docker-compose)\b[^\n|;&]{0,160}\b(?:run|exec|create|up)\b[^\n|;&]{0,200}$/;
const NAMES = /^[a-z_][\w-]{0,31}:[a-z_][a-z_-]{0,31}$/;
const READABLE = /^[\x20-\x7e\u00a0-\uffff]{1,3072}$/;

const LINE = 400;

function* credentials(text: string): Generator<Span> {
  for (const span of spansOf(text, BASIC)) {
    const decoded = Buffer.from(text.slice(span.start, span.end), 'base64').toString('utf8');
    if (decoded.includes(':') && READABLE.test(decoded)) yield span;
  }
  for (const span of spansOf(text, CURL_USER)) {
    const user = text.slice(span.start, span.end);
    if (isReference(user) || isReference(user.slice(user.indexOf(':') + 1)) || NO_PASSWORD.test(user))
      continue;
    if (!NAMES.test(user) || !CONTAINER.test(text.slice(Math.max(0, span.start - LINE), span.start)))
      yield span;
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
  patterns: [BASIC, CURL_USER, ONLY_USER, NO_PASSWORD, CONTAINER, NAMES, READABLE],
  find: credentials,
};
