import { type Span, spansOf } from '../detector.ts';
import { isReference, isSecretLooking, isStatus } from '../key-value-secret/value.ts';

/** What was found before, and ends a string of which another piece may follow. */
const FOUND =
  /\[REDACTED:(?:[a-z]{1,16}-){0,3}(?:token|secret|key|call|password|entropy|jwt)\](?=["'`]|[ \t]{0,8}\r?\n[ \t]{1,64}["'])/g;
const PIECE = String.raw`(?:[brf]{1,2}(?=["']))?["'\x60](?<secret>[^"'\x60\s\\]{1,512})(?=["'\x60\r\n]|$)`;
/** `"…" + "…"`, over lines or not; `.` of PHP and Perl, `&` of BASIC, `..` of Lua, `<>` of Elixir. */
const JOINED = new RegExp(
  String.raw`["'\x60]\s{0,64}(?:\+|\.{1,2}|&|<>|\|\||\\)[ \t]{0,8}(?:\\?\r?\n[ \t]{0,64})?${PIECE}`,
  'dy',
);
/** Strings under each other, which C and Python take for one. */
const UNDER = new RegExp(
  String.raw`["'\x60]?[ \t]{0,8}\r?\n[ \t]{1,64}${PIECE}(?!["'\x60]\s{0,4}[:=,\]])`,
  'dy',
);
/** Behind the backslash of a line that goes on; without a sign only behind an option. */
const CONTINUED =
  /(?:(?:passw(?:or)?d|passwd|passphrase|pass|pwd|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key)["']?[ \t]{0,4}(?:[:=]{1,2}[ \t]{0,4}\\\r?\n[ \t]{0,32}|\\\r?\n[ \t]{0,32}[:=]{1,2}[ \t]{0,4})|\s--?(?:[a-z]{1,16}-){0,3}(?:password|passwd|passphrase|pass|token|secret|api-key|secret-key)[ \t]{1,4}\\\r?\n[ \t]{0,32}|\bbearer[ \t]{1,4}\\\r?\n[ \t]{0,32})["']?(?<secret>[^\s"'\\$<>&|-][^\s"'\\]{3,511})/dgi;
/** The first of several strings in brackets, as Python has them. */
const BRACKETED =
  /(?:passw(?:or)?d|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key)[ \t]{0,4}[:=][ \t]{0,4}\(\s{0,32}[bruf]{0,2}["'](?<secret>[^"'\s]{2,512})["'][ \t]{0,4}\r?\n[ \t]{0,64}[bruf]{0,2}["']/dgi;
/** With the mark of what was cut glued to it. */
const CUT =
  /(?<what>passw(?:or)?d|passwd|passphrase|pass|pwd|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|bearer|authorization)["']?[ \t]{0,2}[:= ][ \t]{0,2}["']?(?<secret>[^\s"'[\]()<>…]{4,512}?)(?:\.{2,3}|…)?[[(<](?:(?:output|message|log|value|line|text)[ ])?(?:truncated|cut|snip|clipped|trimmed|shortened|omitted|\.{3}|…|\+?[0-9]{1,7}[ ](?:more[ ])?(?:chars|characters|bytes|b\b))/dgi;

/** A line ends, and the next one stands further in. */
const BREAK = /^[ \t]{0,4}\r?\n[ \t]/;

export const TAIL_PATTERNS: readonly RegExp[] = [FOUND, JOINED, UNDER, CONTINUED, BRACKETED, CUT, BREAK];

export const TAIL_KEYWORDS: readonly string[] = [
  '[redacted:',
  '\\\n',
  '\\\r\n',
  '= (\n',
  '= ("',
  "= ('",
  ...['trunc', 'cut', 'snip', 'clipped', 'trimmed', 'omitted', 'output trunc'].flatMap((word) => [
    `[${word}`,
    `(${word}`,
  ]),
  '<trunc',
  '...[',
  '...(',
  '[+#',
];

/** The rest of a secret whose beginning was found, or that stands behind a sign for “it goes on”. */
export function* tailsOf(text: string): Generator<Span> {
  for (const match of text.matchAll(FOUND)) yield* piecesBehind(text, match.index + match[0].length);
  for (const pattern of [CONTINUED, BRACKETED]) {
    for (const span of spansOf(text, pattern)) if (!isReference(text.slice(span.start, span.end))) yield span;
  }
  for (const match of text.matchAll(CUT)) {
    const [start, end] = match.indices?.groups?.['secret'] ?? [0, 0];
    if (isCut(text.slice(start, end), match.groups?.['what'] ?? '')) yield { start, end };
  }
}

function* piecesBehind(text: string, from: number): Generator<Span> {
  let at = from;
  for (let count = 0; count < MOST; count++) {
    const span = pieceAt(text, at);
    if (span === undefined) return;
    if (!text.startsWith('[REDACTED:', span.start)) yield span;
    at = span.end;
  }
}

const MOST = 64;

function pieceAt(text: string, at: number): Span | undefined {
  for (const pattern of [JOINED, UNDER]) {
    pattern.lastIndex = at;
    const [start, end] = pattern.exec(text)?.indices?.groups?.['secret'] ?? [0, 0];
    if (end === start) continue;
    const piece = text.slice(start, end);
    const isPiece = pattern === JOINED ? isOfWords(piece) : isToken(piece, isQuote(text.charAt(at)));
    if (isPiece) return { start, end };
  }
  return undefined;
}

function isOfWords(piece: string): boolean {
  return /[A-Za-z0-9]/.test(piece) && !isReference(piece);
}

/** Where no quote stands behind the first piece, only what nothing else looks like. */
function isToken(piece: string, isQuoted: boolean): boolean {
  if (!/^[\w+/=.~-]{2,512}$/.test(piece)) return false;
  return isSecretLooking(piece) || (isQuoted && !piece.includes('-'));
}

function isQuote(character: string): boolean {
  return character !== '' && '"\'`'.includes(character);
}

function isCut(value: string, what: string): boolean {
  if (isReference(value) || isStatus(value)) return false;
  return /^pass|^pwd/i.test(what) ? /[0-9A-Z!@#$%^&*]/.test(value) : isSecretLooking(value);
}

/** What stands behind a marker that a string ends with. */
export function mayHaveTail(text: string, start: number): boolean {
  if (text.charCodeAt(start) !== BRACKET || !text.startsWith('[REDACTED:', start)) return true;
  const end = text.indexOf(']', start);
  if (end === -1 || end - start > LONGEST_MARKER) return false;
  return isQuote(text.charAt(end + 1)) || BREAK.test(text.slice(end + 1, end + 8));
}

const BRACKET = 0x5b;
const LONGEST_MARKER = 48;
