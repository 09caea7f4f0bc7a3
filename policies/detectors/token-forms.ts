import type { Detector, Span } from './detector.ts';
import { mayGoOn, prefixedTokens, type TokenForm } from './prefixed-token.ts';

/** Classes of body characters, without brackets. */
export const WORD = 'A-Za-z0-9';
export const LOWER = 'a-z0-9';
export const UPPER = 'A-Z0-9';
export const HEX = 'A-Fa-f0-9';
export const UUID = 'A-Fa-f0-9-';
export const URL_SAFE = 'A-Za-z0-9_-';
export const DOTTED = '.A-Za-z0-9_-';
export const BASE64 = 'A-Za-z0-9+/=_-';

/** Letters of both cases and a digit among the first sixteen: no name that a person made. */
export const MIXED = /^(?=[^0-9]{0,15}[0-9])(?=[^A-Z]{0,15}[A-Z])(?=[^a-z]{0,15}[a-z])/;
/** A digit among the first sixteen. */
export const DIGITS = /[0-9]/;

/** A whole word, for prefixes that ordinary words begin with. */
export const EXACT = { boundary: true, exact: true } as const;

type Rest = Pick<TokenForm, 'boundary' | 'exact' | 'lead' | 'cut' | 'keywords'>;

/** One kind of token: who issues it, what it starts with, and the class and the lengths of what follows. */
export function form(
  issuer: string,
  prefix: string,
  body: string,
  min: number,
  max: number,
  rest: Rest = {},
): TokenForm {
  return { issuer, prefix, body, min, max, ...rest };
}

/** The same body behind several prefixes. */
export function forms(
  issuer: string,
  prefixes: readonly string[],
  body: string,
  min: number,
  max: number,
  rest: Rest = {},
): TokenForm[] {
  return prefixes.map((prefix) => form(issuer, prefix, body, min, max, rest));
}

/** A token with a fixed mark in its middle or at its end. */
export interface MarkedForm {
  readonly issuer: string;
  readonly mark: string;
  /** Class of the characters on both sides of the mark, without brackets. */
  readonly body: string;
  /** Shortest and longest run before and after the mark. */
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

/** What a detector for such forms is made of. */
export function tokenParts(
  prefixed: readonly TokenForm[],
  marked: readonly MarkedForm[] = [],
): Pick<Detector, 'keywords' | 'shapes' | 'patterns' | 'find'> &
  Required<Pick<Detector, 'accepts' | 'longWords'>> {
  const parts = prefixedTokens(prefixed);
  const readers = marked.map(reader);
  const byStart = Map.groupBy(readers, ({ mark }) => mark.charCodeAt(0));
  return {
    keywords: [...new Set([...parts.keywords, ...marked.map(({ mark }) => mark.toLowerCase())])],
    accepts: (text, start, end) =>
      parts.accepts(text, start, end) ||
      (byStart.get(text.charCodeAt(start))?.some((one) => mayStand(text, start, one)) ?? false),
    shapes: parts.shapes,
    longWords: parts.longWords,
    patterns: parts.patterns,
    find(text, starts, runs) {
      const spans: Span[] = [];
      for (const span of parts.find(text, starts, runs)) {
        if (!isMonotone(text, span)) spans.push(span);
      }
      if (readers.length === 0) return spans;
      if (starts === undefined) for (const reader of readers) everywhere(text, reader, spans);
      else for (const at of starts) atMark(text, at, byStart.get(text.charCodeAt(at)) ?? [], spans);
      return spans;
    },
  };
}

/** `ghp_xxxx…`: the second half of the token is a sign that stands for others, in groups or not. */
export function isMonotone(text: string, { start, end }: Span): boolean {
  const code = text.charCodeAt(end - 1);
  if (!STANDS_FOR.includes(text.charAt(end - 1))) return false;
  for (let at = start + Math.floor((end - start) / 2); at < end; at++) {
    if (text.charCodeAt(at) !== code && !SEPARATORS.includes(text.charAt(at))) return false;
  }
  return true;
}

const STANDS_FOR = 'xX_-.';
const SEPARATORS = '_-.';

interface Reader extends MarkedForm {
  /** 1 for each ASCII code that the body may have. */
  readonly members: Uint8Array;
}

function reader(form: MarkedForm): Reader {
  const pattern = new RegExp(`[${form.body}]`);
  const members = Uint8Array.from({ length: 128 }, (_, code) =>
    pattern.test(String.fromCharCode(code)) ? 1 : 0,
  );
  return { ...form, members };
}

function everywhere(text: string, reader: Reader, spans: Span[]): void {
  const { mark } = reader;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
    atMark(text, at, [reader], spans);
  }
}

function atMark(text: string, at: number, readers: readonly Reader[], spans: Span[]): void {
  for (const { mark, members, before, after } of readers) {
    if (!text.startsWith(mark, at)) continue;
    let start = at;
    while (at - start <= before[1] && members[text.charCodeAt(start - 1)] === 1) start--;
    const bodyEnd = at + mark.length;
    let end = bodyEnd;
    while (end - bodyEnd <= after[1] && members[text.charCodeAt(end)] === 1) end++;
    if (!isWithin(at - start, before) || !isWithin(end - bodyEnd, after)) continue;
    if (!isMonotone(text, { start, end })) spans.push({ start, end });
  }
}

/** The least that `atMark` asks for; or a line break, over which it may go on. */
function mayStand(text: string, at: number, { mark, members, before, after }: Reader): boolean {
  if (!text.startsWith(mark, at)) return false;
  for (let i = at - 1; i >= at - Math.min(before[0], LEAST); i--) {
    if (members[text.charCodeAt(i)] !== 1) return text.charCodeAt(i) <= 0x20;
  }
  const bodyStart = at + mark.length;
  for (let i = bodyStart; i < bodyStart + Math.min(after[0], LEAST); i++) {
    if (members[text.charCodeAt(i)] !== 1) return mayGoOn(text, i);
  }
  return true;
}

const LEAST = 8;

function isWithin(length: number, [min, max]: readonly [number, number]): boolean {
  return length >= min && length <= max;
}
