import { isAssigned } from '../assigned.ts';
import { type Detector, spansOfAll } from '../detector.ts';

const HEADER =
  /(?<![A-Za-z0-9])(?:set-)?cookie2?["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?<secret>[A-Za-z0-9!#$%&'*+.^_|~-]{1,128}=[^\r\n"]{1,8192})/dgi;
// Session cookies of common frameworks, also outside a header.
const SESSION =
  /(?<![A-Za-z0-9])(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|\.ASPXAUTH|connect\.sid|session_?id|sess_?id|sid|_[a-z0-9_]{1,32}_session|laravel_session|sessionid|remember_(?:user_)?token|XSRF-TOKEN|csrftoken)=(?<secret>[^\s;,"'&<>]{8,4096})/dgi;

export const detector: Detector = {
  id: 'cookie',
  title: 'Cookie header or session cookie',
  docs: 'RFC 6265 sections 4.1 and 8.4',
  net: 'all',
  wraps: true,
  keywords: ['cookie', 'sess', 'sid=', '.aspxauth', 'remember_', 'xsrf-token', 'csrftoken'],
  shapes: [],
  patterns: [HEADER, SESSION],
  find: (text, starts) => (isAssigned(text, starts) ? spansOfAll(text, [HEADER, SESSION]) : []),
};
