import type { Span } from './detectors/detector.ts';

/** A run of base64 or hexadecimal in a text that decodes to something readable. */
export interface Blob extends Span {
  readonly decoded: string;
}

export type Encoding = 'hex' | 'base64' | 'base64url';

interface Alphabet {
  readonly encoding: Encoding;
  /** 1 for each ASCII code that belongs to it. */
  readonly members: Uint8Array;
}

const MIN_LENGTH = 16;
/** Encoders wrap at 64 or 76 columns; a shorter line is the last one or not a wrapped blob. */
const WRAPPED_LINE = 40;
const MAX_INDENT = 32;

const ANY = members('+/_-');
/** Each is looked for by itself, so that a blob glued to a path (`a/b/<blob>`) or to a name (`x-<blob>`) is seen too. */
const ALPHABETS: readonly Alphabet[] = [
  { encoding: 'hex', members: members('', 'abcdefABCDEF') },
  { encoding: 'base64', members: members('+/') },
  { encoding: 'base64url', members: members('_-') },
];

function members(
  symbols: string,
  letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of `${letters}0123456789${symbols}`) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Every blob in the text; those of different encodings may overlap. */
export function blobsOf(text: string): Blob[] {
  const blobs: Blob[] = [];
  for (let at = 0; at < text.length; at++) {
    if (ANY[text.charCodeAt(at)] !== 1) continue;
    const end = endOfRun(text, at);
    if (end - at >= MIN_LENGTH) {
      for (const alphabet of ALPHABETS) addBlobs(blobs, text, at, end, alphabet);
    }
    at = end;
  }
  return blobs;
}

/** The end of the run that starts here; a long line that is followed by more of the alphabet is one run with it. */
function endOfRun(text: string, start: number): number {
  let lineStart = start;
  for (let at = start; ; ) {
    while (ANY[text.charCodeAt(at)] === 1) at++;
    if (at - lineStart < WRAPPED_LINE) return at;
    const nextLine = afterLineBreak(text, at);
    if (nextLine === at || ANY[text.charCodeAt(nextLine)] !== 1) return at;
    lineStart = at = nextLine;
  }
}

function afterLineBreak(text: string, at: number): number {
  let next = text[at] === '\r' ? at + 1 : at;
  if (text[next] !== '\n') return at;
  next++;
  const limit = next + MAX_INDENT;
  while (next < limit && (text[next] === ' ' || text[next] === '\t')) next++;
  return next;
}

function addBlobs(blobs: Blob[], text: string, start: number, end: number, alphabet: Alphabet): void {
  const { encoding, members: table } = alphabet;
  for (let at = start; at < end; at++) {
    const from = at;
    while (at < end && (table[text.charCodeAt(at)] === 1 || isSpace(text, at))) at++;
    const decoded = at - from < MIN_LENGTH ? undefined : decode(text, from, at, encoding);
    if (decoded !== undefined) blobs.push({ start: from, end: afterPadding(text, at), decoded });
  }
}

function isSpace(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x20;
}

function afterPadding(text: string, end: number): number {
  let at = end;
  while (at < end + 2 && text[at] === '=') at++;
  return at;
}

function decode(text: string, start: number, end: number, encoding: Encoding): string | undefined {
  if (!startsReadable(text, start, end, encoding)) return undefined;
  const bytes = Buffer.from(text.slice(start, end).replaceAll(/\s/g, ''), encoding);
  const decoded = bytes.includes(0)
    ? bytes.toString('latin1').replaceAll('\u0000', '')
    : bytes.toString('utf8');
  return isReadable(decoded) ? decoded : undefined;
}

const VALUES = new Map<string, number>(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((digit, value) => [
    digit,
    value,
  ]),
);
const BASE64_VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = String.fromCharCode(code);
  return VALUES.get(digit === '-' ? '+' : digit === '_' ? '/' : digit) ?? 0;
});
const HEX_VALUES = Uint8Array.from(
  { length: 128 },
  (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0,
);

/** The first nine bytes decide without decoding: hardly any digest starts with nine that a person would write. */
export function startsReadable(text: string, start: number, end: number, encoding: Encoding): boolean {
  const width = encoding === 'hex' ? 4 : 6;
  const values = encoding === 'hex' ? HEX_VALUES : BASE64_VALUES;
  const limit = Math.min(end, start + 72 / width);
  let pending = 0;
  let bits = 0;
  let continuations = 0;
  for (let at = start; at < limit; at++) {
    pending = ((pending << width) | (values[text.charCodeAt(at)] ?? 0)) & 0xffff;
    bits += width;
    if (bits < 8) continue;
    bits -= 8;
    const byte = (pending >> bits) & 0xff;
    if (continuations > 0 ? (byte & 0xc0) !== 0x80 : !canStartCharacter(byte)) return false;
    continuations =
      continuations > 0 ? continuations - 1 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
  }
  return true;
}

/** In UTF-8; zero bytes stand between the letters of UTF-16. */
function canStartCharacter(byte: number): boolean {
  if (byte >= 0x20) return byte < 0x7f || (byte >= 0xc2 && byte <= 0xf4);
  return byte === 0 || byte === 9 || byte === 10 || byte === 13;
}

/** Nine in ten characters are ones that a person would write: not a digest, not a compressed or encrypted blob. */
function isReadable(decoded: string): boolean {
  let odd = 0;
  for (let i = 0; i < decoded.length; i++) {
    const code = decoded.charCodeAt(i);
    if (code === 0xfffd || code === 0x7f || (code < 0x20 && code !== 9 && code !== 10 && code !== 13)) odd++;
  }
  return odd * 10 <= decoded.length;
}
