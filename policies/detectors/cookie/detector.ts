import { isAssigned } from '../assigned.ts';
import { type Detector, type Span, spansOf } from '../detector.ts';

const HEADER =
  /(?<![A-Za-z0-9])(?:set-)?cookie2?["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?<secret>[A-Za-z0-9!#$%&'*+.^_|~-]{1,128}=[^\r\n"]{1,8192})/dgi;
// Session cookies of common frameworks, also outside a header.
const SESSION =
  /(?<![A-Za-z0-9])(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|\.ASPXAUTH|connect\.sid|session_?id|sess_?id|sid|_[a-z0-9_]{1,32}_session|laravel_session|sessionid|remember_(?:user_)?token|XSRF-TOKEN|csrftoken)=(?<secret>[^\s;,"'&<>]{8,4096})/dgi;
/** What a setting of a page is: a language, a colour, a choice. */
const SETTING =
  /^(?:|[a-z]{1,12}|[A-Z]{1,4}|[a-z]{2}[-_][A-Za-z]{2,4}|[0-9]{1,4}|[A-Z][a-z]{2,12}\/[A-Z][A-Za-z_]{2,16}|[+-]?[0-9]{1,2}:?[0-9]{2}|\*{3,64}|-)$/;
/** What says who somebody is, or lets in. */
const TELLING =
  /sess|sid$|auth|token|tok$|jwt|key|csrf|xsrf|pass|pwd|secret|cred|user|login|account|email|remember|id$|uid|name|phone|cart/i;
/** A server takes a cookie back. */
const REMOVED = /^(?:deleted?|expired|invalid|none|null)?$/i;
/** Of a cookie that is set, the rest are attributes. */
const ATTRIBUTES =
  /^\s{0,8}(?:path|domain|expires|max-age|secure|httponly|samesite|priority|partitioned|version|comment)(?:\s{0,8}=|\s{0,8}$)/i;
/** More cookies than a browser keeps for a site. */
const MOST = 180;

function* cookies(text: string): Generator<Span> {
  for (const span of spansOf(text, HEADER)) {
    if (hasSecret(text.slice(span.start, span.end))) yield span;
  }
  yield* spansOf(text, SESSION);
}

/** Not where all that is kept is how somebody likes a page to look, or nothing. */
function hasSecret(header: string): boolean {
  const pairs = header.split(';', MOST);
  return pairs.length === MOST || pairs.some(isSecretPair);
}

function isSecretPair(pair: string): boolean {
  if (ATTRIBUTES.test(pair)) return false;
  const equals = pair.indexOf('=');
  const value = pair
    .slice(equals + 1)
    .trim()
    .replace(/['`)\]},]{1,4}$/, '');
  if (REMOVED.test(value)) return false;
  return TELLING.test(pair.slice(0, Math.max(0, equals)).trim()) || !SETTING.test(value);
}

export const detector: Detector = {
  id: 'cookie',
  title: 'Cookie header or session cookie',
  docs: 'RFC 6265 sections 4.1 and 8.4',
  net: 'all',
  wraps: true,
  keywords: ['cookie', 'sess', 'sid=', '.aspxauth', 'remember_', 'xsrf-token', 'csrftoken'],
  shapes: [],
  patterns: [HEADER, SESSION, SETTING, TELLING, REMOVED, ATTRIBUTES],
  find: (text, starts) => (isAssigned(text, starts) ? [...cookies(text)] : []),
};
