import type { Detector, Span } from '../detector.ts';

const LOCAL = /(?:"[^"\r\n]{1,64}"|[^\s@()<>[\]{}\\,;:"'`|=/]{1,64})$/;
const DOMAIN =
  /^(?:[A-Za-z0-9\u00a1-\uffff](?:[A-Za-z0-9\u00a1-\uffff-]{0,62}[A-Za-z0-9\u00a1-\uffff])?\.){1,8}(?:[A-Za-z\u00a1-\uffff]{2,24}|xn--[A-Za-z0-9-]{2,59})/;
const LOCAL_MAX = 66;
const DOMAIN_MAX = 255;

/** Reads outwards from each `@`, so that time does not depend on what stands between. */
function* addresses(text: string): Generator<Span> {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const local = LOCAL.exec(text.slice(Math.max(0, at - LOCAL_MAX), at))?.[0];
    if (local === undefined) continue;
    const domain = DOMAIN.exec(text.slice(at + 1, at + 1 + DOMAIN_MAX))?.[0];
    if (domain !== undefined && !isGitRemote(local, text, at + 1 + domain.length)) {
      yield { start: at - local.length, end: at + 1 + domain.length };
    }
  }
}

/** `git@github.com:acme/shop.git` names a repository. */
function isGitRemote(local: string, text: string, end: number): boolean {
  return local === 'git' && (text[end] === ':' || text[end] === '/');
}

export const detector: Detector = {
  id: 'email',
  title: 'E-mail address',
  docs: 'RFC 5321 section 4.1.2, RFC 6531',
  net: 'all',
  wraps: true,
  keywords: [],
  shapes: ['at-then-dot'],
  patterns: [LOCAL, DOMAIN],
  find: addresses,
};
