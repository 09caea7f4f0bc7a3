import type { Detector, Span } from '../detector.ts';

const BEGIN =
  /-{3,5}[ ]?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?[ ]?-{0,5}|PuTTY-User-Key-File-[0-9]{1,2}:/g;
const END =
  /(?:-{3,5}[ ]?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?[ ]?-{0,5}|Private-MAC:[ ]?[0-9a-f]{0,128})/g;

/**
 * From the begin marker to the end marker. Without an end marker (cut off, or the rest is elsewhere) everything up to
 * the first blank line that is followed by something else than key material goes, which in doubt is the whole rest.
 */
function* keysOf(text: string): Generator<Span> {
  const ends = [...text.matchAll(END)].map((match) => match.index + match[0].length);
  let covered = 0;
  let next = 0;
  for (const match of text.matchAll(BEGIN)) {
    if (match.index < covered) continue;
    while (next < ends.length && (ends[next] ?? 0) <= match.index) next++;
    covered = ends[next] ?? endOfMaterial(text, match.index + match[0].length);
    yield { start: match.index, end: covered };
  }
}

const MATERIAL_LINE = /^[ \t]{0,64}(?:[A-Za-z0-9+/=\\]{1,1024}|[A-Za-z-]{1,40}: [^\n]{0,256}|)[ \t\r]{0,8}$/;

function endOfMaterial(text: string, from: number): number {
  let end = from;
  for (let lineStart = from; lineStart < text.length; ) {
    const lineBreak = text.indexOf('\n', lineStart);
    const lineEnd = lineBreak === -1 ? text.length : lineBreak;
    const isFirst = lineStart === from;
    if (!isFirst && !MATERIAL_LINE.test(text.slice(lineStart, Math.min(lineEnd, lineStart + 2048)))) break;
    end = lineEnd;
    lineStart = lineEnd + 1;
  }
  return end;
}

export const detector: Detector = {
  id: 'private-key',
  title: 'Private key in PEM, OpenSSH, PGP or PuTTY form',
  docs: 'RFC 7468; OpenSSH PROTOCOL.key; RFC 9580 section 6.2',
  net: 'all',
  keywords: ['private key', 'putty-user-key-file'],
  shapes: [],
  patterns: [BEGIN, END, MATERIAL_LINE],
  find: keysOf,
};
