import type { Detector, Span } from '../detector.ts';
import { isReference } from '../key-value-secret/value.ts';

// Passwords with an unescaped @ occur, so the user part runs to the last one before the path.
const USER_AND_PASSWORD = /(?<=\/\/)(?<secret>[^\s/?#@:"'`<>[\]]{0,256}:[^\s/?#"'`<>[\]]{1,512})@/dg;
const TOKEN_AS_USER = /(?<=:\/\/)(?<secret>[A-Za-z0-9_.~%-]{20,512})@/dg;
const PATTERNS = [USER_AND_PASSWORD, TOKEN_AS_USER];

function* userInfos(text: string): Generator<Span> {
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? [0, 0];
      if (!isTemplate(text.slice(start, end))) yield { start, end };
    }
  }
}

/** `${user}:${password}` and `{{user}}:{{pass}}` name where the credentials come from. */
function isTemplate(userInfo: string): boolean {
  const colon = userInfo.indexOf(':');
  return colon !== -1 && isReference(userInfo.slice(colon + 1));
}

export const detector: Detector = {
  id: 'url-password',
  title: 'Credentials in a URL',
  docs: 'RFC 3986 section 3.2.1 (userinfo) and its security considerations, section 7.5',
  net: 'all',
  wraps: true,
  keywords: [],
  shapes: ['user-in-url'],
  patterns: PATTERNS,
  find: userInfos,
};
