import { type Detector, spansOfAll } from '../detector.ts';

// `eyJ` is `{"` in base64url. A cut-off token has its header or a part of its claims only.
const PATTERNS = [
  /eyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{0,16384}(?:\.[A-Za-z0-9_-]{0,8192}){0,3}/dg,
  /eyJ[A-Za-z0-9_-]{16,2048}(?=\s{0,8}(?:$|\.\.\.|…))/dg,
];

export const detector: Detector = {
  id: 'jwt',
  title: 'JSON Web Token',
  docs: 'RFC 7519, RFC 7515 section 3.1 (compact serialization), RFC 7516 section 3.1',
  net: 'all',
  wraps: true,
  keywords: ['eyj'],
  shapes: [],
  patterns: PATTERNS,
  find: (text) => spansOfAll(text, PATTERNS),
};
