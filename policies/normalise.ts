import type { Span } from './detectors/detector.ts';

/** A text as it would be read after decoding, with the way back to the text it came from. */
export interface Reading {
  readonly text: string;
  /** The span of the original that a span of `text` stands for; whole encoded characters only. */
  origin(span: Span): Span;
}

// Characters that are not seen but cut a secret in two: joiners, direction marks, variation selectors, tags, and
// control characters other than tab, line feed and carriage return.
const INVISIBLE = /^[\p{Cf}\p{Default_Ignorable_Code_Point}[\p{Cc}--[\t\n\r]]]$/v;
// ECMA-48 control sequences and strings; an unterminated one counts as far as it goes.
const ESC = '\u001b';
const BELL = '\u0007';
const ANSI = new RegExp(
  String.raw`${ESC}(?:\[[0-?]{0,64}[ -\/]{0,8}[@-~]?|\][^${BELL}${ESC}]{0,512}(?:${BELL}|${ESC}\\)?|[ -\/]{0,8}[0-~]?)`,
  'y',
);
const PERCENT = /(?:%[0-9A-Fa-f]{2}){1,8}/y;
const ESCAPE = /\\{1,16}(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["'`/nrtbf]))/y;
const ENTITY =
  /&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|commat|colon|equals|period));?/y;

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

// Any first character of the forms above: most texts with a rare character in them have none.
const MAY_HIDE = /[\\%\x26\p{Cf}\p{Default_Ignorable_Code_Point}[\p{Cc}--[\t\n\r]]]/v;
// Between two characters of a token: where a terminal, a mail program or an encoder broke a line.
const WRAP = /(?<=[A-Za-z0-9+/_=-])\\?\r?\n[ \t]{0,32}(?=[A-Za-z0-9+/_=-])/g;

/** The expressions above, for the test that checks that each is bounded. */
export const NORMALISE_PATTERNS: readonly RegExp[] = [
  INVISIBLE,
  ANSI,
  PERCENT,
  ESCAPE,
  ENTITY,
  MAY_HIDE,
  WRAP,
];

/**
 * Undoes, once, what hides a secret from a reader of plain text: compatibility forms (NFKC, which folds fullwidth
 * letters), invisible characters, terminal escapes, percent-encoding, backslash escapes and character references.
 * Returns undefined when nothing changes. Apply again for what was encoded twice.
 */
export function normalise(text: string): Reading | undefined {
  if (!MAY_HIDE.test(text) && text.normalize('NFKC') === text) return undefined;
  const pieces: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let changed = false;
  for (let at = 0; at < text.length; ) {
    const piece = decodeAt(text, at);
    changed ||= piece.changed;
    pieces.push(piece.text);
    for (let i = 0; i < piece.text.length; i++) {
      starts.push(at);
      ends.push(piece.end);
    }
    at = piece.end;
  }
  if (!changed) return undefined;
  return {
    text: pieces.join(''),
    origin: ({ start, end }) => ({ start: starts[start] ?? text.length, end: ends[end - 1] ?? text.length }),
  };
}

/** The text with its lines joined where a token may go on; undefined where none may. */
export function unwrap(text: string): Reading | undefined {
  const breaks = [...text.matchAll(WRAP)].map((match) => ({ start: match.index, length: match[0].length }));
  if (breaks.length === 0) return undefined;
  const origins: number[] = [];
  let next = 0;
  for (let at = 0; at < text.length; at++) {
    const wrapped = breaks[next];
    if (wrapped?.start === at) {
      at += wrapped.length - 1;
      next++;
    } else origins.push(at);
  }
  return {
    text: text.replaceAll(WRAP, ''),
    origin: ({ start, end }) => ({
      start: origins[start] ?? text.length,
      end: (origins[end - 1] ?? text.length) + 1,
    }),
  };
}

interface Piece {
  readonly text: string;
  readonly end: number;
  readonly changed: boolean;
}

function decodeAt(text: string, at: number): Piece {
  const code = text.charCodeAt(at);
  if (code === 0x25) return percentAt(text, at) ?? plain(text, at, 1);
  if (code === 0x5c) return escapeAt(text, at) ?? plain(text, at, 1);
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
  const folded = INVISIBLE.test(character) ? '' : character.normalize('NFKC');
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
