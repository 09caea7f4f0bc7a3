import type { Detector, Span } from '../detector.ts';

/** `{"` in base64url, with which every header starts. */
const START = 'eyJ';
/** Letters and digits of base64url. */
const PART = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const MIN_HEADER = 12;
/** Three parts, or five when encrypted (RFC 7516). */
const MAX_PARTS = 5;
/** A cut-off token may have nothing but a header. */
const MIN_CUT_OFF = 20;
const CUT_OFF = /^\s{0,8}(?:$|\.\.\.|…)/;
/** Registered names of a header or of claims: any other JSON in base64 begins with `eyJ` as well. */
const REGISTERED =
  /"(?:alg|enc|typ|cty|kid|crit|zip|jku|jwk|x5u|x5c|x5t|iss|sub|aud|exp|nbf|iat|jti)"\s{0,4}:/;
const TELLING_PART = 172;

function* tokens(text: string): Generator<Span> {
  for (let start = text.indexOf(START); start !== -1; ) {
    const header = endOfPart(text, start);
    const end = header - start >= MIN_HEADER && text[header] === '.' ? endOfParts(text, header) : header;
    const isToken =
      end > header ||
      (header - start >= MIN_CUT_OFF &&
        CUT_OFF.test(text.slice(header, header + 16)) &&
        REGISTERED.test(beginningOf(text, start, header)));
    if (isToken) yield { start, end };
    start = text.indexOf(START, end);
  }
}

/** What the first digits of a part say. */
function beginningOf(text: string, start: number, end: number): string {
  return Buffer.from(text.slice(start, Math.min(end, start + TELLING_PART)), 'base64url').toString('latin1');
}

function endOfParts(text: string, header: number): number {
  let end = header;
  for (let part = 1; part < MAX_PARTS && text[end] === '.'; part++) {
    const next = endOfPart(text, end + 1);
    if (part > 1 && next === end + 1 && PART[text.charCodeAt(end + 2)] !== 1) break;
    end = next;
  }
  return end;
}

function endOfPart(text: string, start: number): number {
  let end = start;
  while (PART[text.charCodeAt(end)] === 1) end++;
  return end;
}

export const detector: Detector = {
  id: 'jwt',
  title: 'JSON Web Token',
  docs: 'RFC 7519, RFC 7515 section 3.1 (compact serialization), RFC 7516 section 3.1',
  net: 'all',
  wraps: true,
  keywords: ['eyj'],
  shapes: [],
  patterns: [CUT_OFF, REGISTERED],
  find: tokens,
};
