import { type Detector, type Span, spansOf } from '../detector.ts';

const BEGIN =
  /-{3,5}[ ]?BEGIN [A-Z0-9 _-]{0,40}(?:PRIVATE KEY|ENCRYPTED KEY|ENCRYPTED COSIGN KEY|OpenVPN Static key)[A-Z0-9 ]{0,40}[ ]?-{0,5}|PuTTY-User-Key-File-[0-9]{1,2}:|<RSAKeyValue>|untrusted comment: (?:minisign|rsign|signify)[a-z ]{0,32}secret key/gi;
const END =
  /(?:-{3,5}[ ]?END [A-Z0-9 _-]{0,40}(?:PRIVATE KEY|ENCRYPTED KEY|ENCRYPTED COSIGN KEY|OpenVPN Static key)[A-Z0-9 ]{0,40}[ ]?-{0,5}|Private-MAC:[ ]?[0-9a-f]{0,128}|<\/RSAKeyValue>)/gi;

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
    covered = ends[next] ?? endOfMaterial(text, match.index, match.index + match[0].length);
    yield { start: match.index, end: covered };
  }
}

// JSON Web Key: the private members of RSA, EC and OKP keys, and the value of a symmetric one
const JWK = /\\?"(?:d|p|q|dp|dq|qi|k)\\?"\s{0,8}:\s{0,8}\\?"(?<secret>[A-Za-z0-9_-]{16,4096})/dg;

const MATERIAL_LINE = /^[ \t]{0,64}(?:[A-Za-z0-9+/=\\]{1,1024}|[A-Za-z-]{1,40}: [^\n]{0,256}|)[ \t\r]{0,8}$/;

/** In a log or a diff each line may have something in front of it, as wide as on the line where the key begins. */
const WIDEST_PREFIX = 256;

function endOfMaterial(text: string, begin: number, from: number): number {
  const before = text.slice(Math.max(0, begin - WIDEST_PREFIX), begin);
  const column = before.length - before.lastIndexOf('\n') - 1;
  let end = from;
  for (let lineStart = from; lineStart < text.length; ) {
    const lineBreak = text.indexOf('\n', lineStart);
    const lineEnd = lineBreak === -1 ? text.length : lineBreak;
    const isFirst = lineStart === from;
    const line = text.slice(lineStart, Math.min(lineEnd, lineStart + 2048));
    if (!isFirst && !MATERIAL_LINE.test(line) && !MATERIAL_LINE.test(line.slice(column) || '#')) break;
    end = lineEnd;
    lineStart = lineEnd + 1;
  }
  return end;
}

export const detector: Detector = {
  id: 'private-key',
  title: 'Private key in PEM, OpenSSH, PGP or PuTTY form',
  docs: 'RFC 7468; RFC 7517; OpenSSH PROTOCOL.key; RFC 9580 section 6.2',
  net: 'all',
  keywords: [
    'private key',
    'putty-user-key-file',
    'encrypted key',
    'encrypted cosign key',
    'openvpn static key',
    '<rsakeyvalue>',
    'secret key',
    '"kty',
  ],
  shapes: [],
  patterns: [BEGIN, END, JWK, MATERIAL_LINE],
  *find(text) {
    yield* keysOf(text);
    if (text.includes('"kty')) yield* spansOf(text, JWK);
  },
};
