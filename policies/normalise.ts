import { FOLD_PATTERNS, fold, HARMLESS, JUDGEMENTS } from './redact-characters.ts';
import { type Reading, rewriting } from './redact-reading.ts';
import { WRAP_PATTERNS } from './unwrap.ts';

// ECMA-48 control sequences and strings; an unterminated one counts as far as it goes.
const ESC = '\u001b';
const BELL = '\u0007';
const ANSI = new RegExp(
  String.raw`${ESC}(?:\[[0-?]{0,64}[ -\/]{0,8}[@-~]?|\][^${BELL}${ESC}]{0,512}(?:${BELL}|${ESC}\\)?|[ -\/]{0,8}[0-~]?)`,
  'y',
);
const PERCENT = /(?:%[0-9A-Fa-f]{2}){1,8}/y;
const ESCAPE = /\\{1,16}(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["'`/nrtbf]))/y;
// `\101\102` in the text form of bytes, `=41=42` in mail: three or more together, since one alone is a path or a number.
const OCTAL = together(String.raw`\\[0-3][0-7]{2}`);
const QUOTED_PRINTABLE = together('=[0-9A-F]{2}');
const ENTITY =
  /&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|commat|colon|equals|period));?/y;

/** One of three or more in a row, whichever. */
function together(one: string): RegExp {
  return new RegExp(`${one}(?:(?=(?:${one}){2})|(?<=(?:${one}){3})|(?<=(?:${one}){2})(?=${one}))`, 'y');
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  commat: '@',
  colon: ':',
  equals: '=',
  period: '.',
};
const CONTROL: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '', f: '' };

/** The expressions above, for the test that checks that each is bounded. */
export const NORMALISE_PATTERNS: readonly RegExp[] = [
  ANSI,
  PERCENT,
  ESCAPE,
  OCTAL,
  QUOTED_PRINTABLE,
  ENTITY,
  ...FOLD_PATTERNS,
  ...WRAP_PATTERNS,
];

/**
 * Undoes, once, what hides a secret from a reader of plain text: compatibility forms (NFKC, which folds fullwidth
 * letters), look-alikes from other scripts, invisible characters, terminal escapes, percent-encoding, backslash escapes
 * and character references. Returns undefined when nothing changes. Apply again for what was encoded twice.
 */
export function normalise(text: string): Reading | undefined {
  const reading = rewriting(text);
  for (let at = nextSpecial(text, 0); at < text.length; at = nextSpecial(text, at)) {
    const piece = decodeAt(text, at);
    if (piece.changed) reading.replace(at, piece.end, piece.text);
    at = piece.end;
  }
  return reading.finish();
}

const EQUALS = 0x3d;
/** Percent signs, backslashes, ampersands, equals signs, control characters, and what folds. */
const SPECIAL = Uint8Array.from({ length: 128 }, (_, code) =>
  code === 0x7f ||
  (code < 0x20 && code !== 9 && code !== 10 && code !== 13) ||
  '%\\&='.includes(String.fromCharCode(code))
    ? 1
    : 0,
);

function nextSpecial(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 128 ? SPECIAL[code] : JUDGEMENTS[code]) !== HARMLESS) break;
  }
  return at;
}

interface Piece {
  readonly text: string;
  readonly end: number;
  readonly changed: boolean;
}

function decodeAt(text: string, at: number): Piece {
  const code = text.charCodeAt(at);
  if (code === 0x25) return percentAt(text, at) ?? plain(text, at, 1);
  if (code === 0x5c) return escapeAt(text, at) ?? byteAt(text, at, OCTAL, 8) ?? plain(text, at, 1);
  if (code === EQUALS) return byteAt(text, at, QUOTED_PRINTABLE, 16) ?? plain(text, at, 1);
  if (code === 0x26) return entityAt(text, at) ?? plain(text, at, 1);
  if (code === 0x1b) return { text: '', end: at + (matchAt(ANSI, text, at)?.[0].length ?? 1), changed: true };
  if (code >= 0x20 && code < 0x7f) return plain(text, at, 1);
  return unicodeAt(text, at);
}

function plain(text: string, at: number, length: number): Piece {
  return { text: text.slice(at, at + length), end: at + length, changed: false };
}

function unicodeAt(text: string, at: number): Piece {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const folded = fold(character);
  return { text: folded, end: at + character.length, changed: folded !== character };
}

function percentAt(text: string, at: number): Piece | undefined {
  const encoded = matchAt(PERCENT, text, at)?.[0];
  if (encoded === undefined) return undefined;
  const first = Number.parseInt(encoded.slice(1, 3), 16);
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const bytes = encoded.slice(0, length * 3);
  return { text: decodeUtf8(bytes), end: at + bytes.length, changed: true };
}

function decodeUtf8(encoded: string): string {
  return Buffer.from(encoded.replaceAll('%', ''), 'hex').toString('utf8');
}

function escapeAt(text: string, at: number): Piece | undefined {
  const match = matchAt(ESCAPE, text, at);
  if (match === undefined) return undefined;
  const [whole, braced, four, two, short = ''] = match;
  const hex = braced ?? four ?? two;
  const decoded = hex === undefined ? (CONTROL[short] ?? short) : codePoint(Number.parseInt(hex, 16));
  return { text: decoded, end: at + whole.length, changed: true };
}

/** In a notation of bytes; beyond ASCII they stand for themselves, which is enough to find what is in ASCII. */
function byteAt(text: string, at: number, pattern: RegExp, base: number): Piece | undefined {
  const encoded = matchAt(pattern, text, at)?.[0];
  if (encoded === undefined) return undefined;
  const byte = Number.parseInt(encoded.slice(1), base);
  return { text: String.fromCharCode(byte), end: at + encoded.length, changed: true };
}

function entityAt(text: string, at: number): Piece | undefined {
  const match = matchAt(ENTITY, text, at);
  if (match === undefined) return undefined;
  const [whole, decimal, hex, name = ''] = match;
  const decoded =
    decimal !== undefined
      ? codePoint(Number.parseInt(decimal, 10))
      : hex !== undefined
        ? codePoint(Number.parseInt(hex, 16))
        : (NAMED[name] ?? '');
  return { text: decoded, end: at + whole.length, changed: true };
}

function codePoint(value: number): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd';
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  // A sticky expression keeps its place in the object, so it is set before every use and never trusted after.
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
