import type { Detector, Span } from '../detector.ts';

/** `{"` in base64url, with which every header starts. */
const START = 'eyJ';
const PART = /[A-Za-z0-9_-]/;
const MIN_HEADER = 12;
/** Three parts, or five when encrypted (RFC 7516). */
const MAX_PARTS = 5;
/** A cut-off token may have nothing but a header. */
const MIN_CUT_OFF = 20;
const CUT_OFF = /^\s{0,8}(?:$|\.\.\.|…)/;

function* tokens(text: string): Generator<Span> {
  for (let start = text.indexOf(START); start !== -1; ) {
    const header = endOfPart(text, start);
    const end = header - start >= MIN_HEADER && text[header] === '.' ? endOfParts(text, header) : header;
    const isToken =
      end > header || (header - start >= MIN_CUT_OFF && CUT_OFF.test(text.slice(header, header + 16)));
    if (isToken) yield { start, end };
    start = text.indexOf(START, end);
  }
}

function endOfParts(text: string, header: number): number {
  let end = header;
  for (let part = 1; part < MAX_PARTS && text[end] === '.'; part++) {
    const next = endOfPart(text, end + 1);
    if (part > 1 && next === end + 1 && !PART.test(text.charAt(end + 2))) break;
    end = next;
  }
  return end;
}

function endOfPart(text: string, start: number): number {
  let end = start;
  while (end < text.length && PART.test(text.charAt(end))) end++;
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
  patterns: [PART, CUT_OFF],
  find: tokens,
};
