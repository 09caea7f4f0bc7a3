import { isLetterOrDigit } from '../ascii.ts';
import type { Detector, Span } from './detector.ts';
import { keywordStarts } from './keyword-starts.ts';
import { isUpperAt } from './letters.ts';
import { makeRunReader, RUN } from './runs.ts';

/** A kind of token that its issuer made recognisable by a fixed prefix. */
export interface TokenForm {
  readonly issuer: string;
  /** As issued, in its case. */
  readonly prefix: string;
  /** Class of the characters after the prefix, without brackets. */
  readonly body: string;
  /** Shortest and longest body; of a longer run `max` characters are taken. */
  readonly min: number;
  readonly max: number;
  /** What the body starts with. */
  readonly lead?: RegExp;
  /** For prefixes that occur inside ordinary words: no letter or digit may stand before. */
  readonly boundary?: boolean;
  /** For prefixes that occur as ordinary words: the run of letters and digits ends with the body. */
  readonly exact?: boolean;
  /** Whether a shorter body counts at the end of the text; by default when the prefix can be nothing else. */
  readonly cut?: boolean;
  /** What to look for instead of the prefix, where ordinary text is full of that; the prefix and what always follows. */
  readonly keywords?: readonly string[];
}

/** A token that a length limit cut off is still a secret: this much of its body at the end of the text counts. */
const CUT_MIN = 8;
/** Where the prefix could be an ordinary word, only as much as hardly any other word goes on with. */
const CUT_MIN_OF_WORD = 14;
const CUT_OFF = /^\s{0,8}(?:$|\.\.\.|…|\[)/;
/** At the end of a line it may go on in the next one; then only what no name ends with. */
const LINE_END = /^\\?\r?\n/;
const LONG_WORD = 20;

interface Reader extends TokenForm {
  /** 1 for each ASCII code that the body may have. */
  readonly members: Uint8Array;
}

/** What a detector for tokens with such prefixes is made of. */
export function prefixedTokens(
  forms: readonly TokenForm[],
): Pick<Detector, 'keywords' | 'shapes' | 'patterns' | 'find'> &
  Required<Pick<Detector, 'accepts' | 'longWords'>> {
  const readers = forms.map((form) => ({ ...form, members: codesOf(form.body) }));
  const spoken = readers.filter((form) => !isLongWord(form) && !isBeforeLongWord(form));
  const named = byFirstCharacter(spoken);
  const worded = byFirstCharacter(readers.filter(isLongWord));
  const tailed = Map.groupBy(readers.filter(isBeforeLongWord), lastCharacter);
  const hasLongWords = worded.size + tailed.size > 0;
  const keywords = [...new Set(spoken.flatMap(({ prefix, keywords: own }) => own ?? [prefix.toLowerCase()]))];
  const startsIn = keywordStarts(keywords);
  const readRuns = makeRunReader();
  return {
    keywords,
    accepts: (text, start) =>
      named.get(text.charCodeAt(start))?.some((form) => mayStart(text, start, form)) ?? false,
    shapes: [],
    longWords: [...new Set(readers.filter((form) => !spoken.includes(form)).map(({ prefix }) => prefix))],
    patterns: [CUT_OFF, LINE_END, ...forms.flatMap((form) => form.lead ?? [])],
    find(text, starts = startsIn(text), runs) {
      const spans: Span[] = [];
      for (const start of starts) tokensAt(text, start, named, spans);
      if (!hasLongWords || text.length < LONG_WORD) return spans;
      const { table, length } = runs ?? readRuns(text);
      for (let at = 0; at < length; at += RUN) {
        const start = table[at] as number;
        if ((table[at + 1] as number) - start < LONG_WORD) continue;
        tokensAt(text, start, worded, spans);
        for (const form of tailed.get(text.charCodeAt(start - 1)) ?? [])
          addToken(text, start - form.prefix.length, form, spans);
      }
      return spans;
    },
  };
}

function byFirstCharacter(forms: readonly Reader[]): ReadonlyMap<number, readonly Reader[]> {
  return Map.groupBy(forms, ({ prefix }) => prefix.charCodeAt(0));
}

function lastCharacter({ prefix }: Reader): number {
  return prefix.charCodeAt(prefix.length - 1);
}

function tokensAt(
  text: string,
  start: number,
  forms: ReadonlyMap<number, readonly Reader[]>,
  spans: Span[],
): void {
  const here = forms.get(text.charCodeAt(start));
  if (here !== undefined) for (const form of here) addToken(text, start, form, spans);
}

function addToken(text: string, start: number, form: Reader, spans: Span[]): void {
  const span = tokenAt(text, start, form);
  if (span !== undefined) spans.push(span);
}

/** Then the gate need not know the prefix, which may be a part of many words: the body is a long word by itself. */
function isLongWord({ boundary, prefix, min, body, cut }: TokenForm): boolean {
  const isWord = boundary === true && cut !== true && /^[A-Za-z0-9]{1,32}$/.test(prefix);
  return isWord && min + prefix.length >= LONG_WORD && !/[^A-Za-z0-9-]|-$/.test(body);
}

/** The same behind `1-`, `s.` or `api-`, which ordinary text is full of: the body is a long word of its own. */
function isBeforeLongWord({ boundary, prefix, min, body, cut, keywords }: TokenForm): boolean {
  if (
    keywords !== undefined ||
    boundary !== true ||
    cut !== false ||
    min < LONG_WORD ||
    !/[^A-Za-z0-9]$/.test(prefix)
  )
    return false;
  return !/[^A-Za-z0-9-]|-$/.test(body) && !LOWER_HEX.test(body);
}

/** Digits and no letters beyond f: numbers that the gate takes no notice of. */
const LOWER_HEX = /^(?:A-F)?a-f0-9$/;

function isCuttable({ cut, prefix }: TokenForm): boolean {
  return cut ?? (prefix.length >= 4 && /[^A-Za-z]/.test(prefix));
}

function codesOf(body: string): Uint8Array {
  const pattern = new RegExp(`[${body}]`);
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

function tokenAt(text: string, start: number, form: Reader): Span | undefined {
  if (!text.startsWith(form.prefix, start)) return undefined;
  if (form.boundary === true && start > 0 && isLetterOrDigit(text.charCodeAt(start - 1))) return undefined;
  const bodyStart = start + form.prefix.length;
  let end = bodyStart;
  while (end - bodyStart < form.max && form.members[text.charCodeAt(end)] === 1) end++;
  if (form.lead !== undefined && !form.lead.test(text.slice(bodyStart, bodyStart + 16))) return undefined;
  if (end - bodyStart >= form.min)
    return form.exact === true && isLetterOrDigit(text.charCodeAt(end)) ? undefined : { start, end };
  return isCutOff(text, bodyStart, end, form) ? { start, end } : undefined;
}

/** The least that `tokenAt` asks for; or a line break, behind which it may go on. */
function mayStart(text: string, start: number, { prefix, boundary, min, members }: Reader): boolean {
  if (!text.startsWith(prefix, start)) return false;
  if (boundary === true && start > 0 && isLetterOrDigit(text.charCodeAt(start - 1))) return false;
  const bodyStart = start + prefix.length;
  const least = bodyStart + Math.min(min, CUT_MIN);
  for (let at = bodyStart; at < least; at++) {
    if (members[text.charCodeAt(at)] !== 1) return mayGoOn(text, at);
  }
  return true;
}

/** At the end of a line, or at the backslash of a continued one. */
export function mayGoOn(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x0a || code === 0x0d || code === 0x5c;
}

function isCutOff(text: string, start: number, end: number, form: Reader): boolean {
  if (form.cut === false || end - start < CUT_MIN) return false;
  const after = text.slice(end, end + 16);
  if (LINE_END.test(after)) return isCuttable(form) && /[0-9]/.test(text.slice(start, end));
  if (!CUT_OFF.test(after)) return false;
  if (isCuttable(form)) return true;
  const body = text.slice(start, end);
  return body.length >= CUT_MIN_OF_WORD && /[A-Za-z]/.test(body) && (/[0-9]/.test(body) || isMixed(body));
}

/** Letters of both cases as chance has them: a capital or two of them behind every few small ones, as no name has. */
function isMixed(body: string): boolean {
  let turns = 0;
  let pairs = 0;
  for (let at = 1; at < body.length; at++) {
    const isCapital = isUpperAt(body, at);
    if (isCapital !== isUpperAt(body, at - 1)) turns++;
    else if (isCapital) pairs++;
  }
  return turns >= MIXED_TURNS && pairs > 0;
}

const MIXED_TURNS = 5;
