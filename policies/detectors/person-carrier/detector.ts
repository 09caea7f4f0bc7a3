import { type Detector, spansOfAll } from '../detector.ts';

const TRAILER =
  /(?:^|\n)[ \t]{0,16}(?:signed-off-by|co-authored-by|co-developed-by|reviewed-by|acked-by|tested-by|reported-by|suggested-by|approved-by|helped-by|mentored-by|thanks-to|author|committer|commit-by|from|to|cc|bcc|reply-to)[ \t]{0,4}:[ \t]{0,8}(?<secret>[^\r\n]{1,512})/dgi;
// Name and address side by side, as in `Jane Roe <jane@…>`; the address alone is found by `email`.
const NAMED_ADDRESS =
  /(?<secret>(?:[\p{Lu}][\p{L}'’.-]{0,40}[ ]{1,2}){1,4}<[^\s<>@]{1,64}@[^\s<>]{1,255}>)/dgu;
const PATTERNS = [TRAILER, NAMED_ADDRESS];

export const detector: Detector = {
  id: 'person-carrier',
  title: 'Line or phrase whose purpose is to name a person',
  docs: 'https://git-scm.com/docs/git-interpret-trailers; RFC 5322 section 3.6.2',
  net: 'text',
  keywords: ['-by:', 'author', 'committer', 'from:', 'to:', 'cc:', 'thanks-to'],
  shapes: ['at-then-dot'],
  patterns: PATTERNS,
  find: (text) => spansOfAll(text, PATTERNS),
};
