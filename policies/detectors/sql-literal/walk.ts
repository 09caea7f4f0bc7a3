import { isSmall } from '../../ascii.ts';
import type { Span } from '../detector.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';
import {
  backOverSpace,
  isQuotedOperator,
  isWordCharacterAt,
  lineAround,
  linesBefore,
  overSpace,
  wordBefore,
} from './around.ts';
import { isMachineName } from './machine.ts';
import { planLineAt, startOfParameters } from './plan.ts';

/** The longest literal or list that is read, in UTF-16 code units. */
const LONGEST = 8192;
const LONGEST_NAME = 128;
const LONGEST_NUMBER = 64;

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const QUOTE = 0x27;
const OPEN = 0x28;
const STAR = 0x2a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const EQUALS = 0x3d;
const TILDE = 0x7e;

/** Of a string that says nothing, with its quotes. */
const SHORT = 4;

/** Where the walk stops to look. */
const LOOKS = tableOf("'([:=<>");
const OPENS = tableOf('([');
const CLOSES = tableOf(')]');
/** Of strings: `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`. */
const PREFIXES = tableOf('EeBbXxNn&');
const COMPARES = tableOf('=<>~');
const MORE_OPERATOR = tableOf('=>');
const BEFORE_OPERATOR = tableOf('<>!');
const IN_NAME = tableOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_".');
const IN_NUMBER = tableOf('0123456789.eE+-');

const BEFORE_STRING = wordsOf('LIKE ILIKE IN ANY BETWEEN AND THEN ELSE DEFAULT SET TO');
const BEFORE_CUT_OFF = wordsOf('LIKE ILIKE IN');
const BEFORE_LIST = wordsOf('IN ANY ARRAY VALUES in any array values');
const BEFORE_CONDITION = wordsOf('WHERE AND OR ON HAVING SET');

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (let at = 0; at < characters.length; at++) table[characters.charCodeAt(at)] = 1;
  return table;
}

function wordsOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

/** Outside SQL, `state = 'Running'`, formats and numbers are no values; in program text, no strings either. */
export type Values = 'all' | 'strings' | 'none';

/**
 * The values in a statement or a plan, in one walk that stops only at quotes, brackets, colons and signs of comparison;
 * what stands before those tells the rest. What counts on a line is asked when first there is something to count.
 */
export function literalsOf(text: string, valuesOf: (line: string, lines: string) => Values): readonly Span[] {
  const found: Span[] = [];
  let values: Values = 'none';
  let asked = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127 || LOOKS[code] === 0) continue;
    const span = spanAt(text, at, code);
    if (span === undefined) continue;
    if (code !== COLON) {
      if (at >= asked) {
        const line = lineAround(text, at);
        values = valuesOf(
          text.slice(line.start, line.end),
          text.slice(linesBefore(text, line.start, at), line.end),
        );
        asked = line.end;
      }
      if (values !== 'all' && !countsAnywhere(text, span, at, values)) continue;
    }
    if (span.end > span.start) found.push(span);
    at = Math.max(at, span.end - 1);
  }
  return found;
}

function spanAt(text: string, at: number, code: number): Span | undefined {
  if (code === COLON) return behindColon(text, at);
  if (code === QUOTE) return isBehindOperator(text, at) ? stringAt(text, at) : undefined;
  return OPENS[code] === 1 ? listAt(text, at) : numberBehind(text, at);
}

/** Lists behind capitals, and strings that are no words. */
function countsAnywhere(text: string, span: Span, at: number, values: Values): boolean {
  const code = text.charCodeAt(at);
  if (code === QUOTE) {
    if (values !== 'strings' || isTemplate(text, at + 1) || !isOneLine(text, span)) return false;
    return !isBehindSmall(text, at) && !isWord(text, at, span.end);
  }
  return OPENS[code] === 1 && text.charCodeAt(backOverSpace(text, at) - 1) < 0x61;
}

function isOneLine(text: string, { start, end }: Span): boolean {
  return !text.slice(start, end).includes('\n');
}

/** `defaults to 'x'`, `between 'x' and 'y'`: prose, in which a quote closes as often as it opens. */
function isBehindSmall(text: string, quote: number): boolean {
  return isSmall(text.charCodeAt(endOfOperator(text, quote) - 1));
}

/** `'{.items[0].metadata.name}'`, `'{{.Names}}'`, `'{range .items[*]}…'` */
function isTemplate(text: string, at: number): boolean {
  return text.startsWith('{.', at) || text.startsWith('{{', at) || text.startsWith('{range', at);
}

/** `'Running'`, `'main-thread'`, `'%m'`, `'0'`, `'eu-west-1'` */
function isWord(text: string, quote: number, end: number): boolean {
  if (text.charCodeAt(quote + 1) === PERCENT || end - quote <= SHORT) return true;
  return isMachineName(text, quote + 1, end - 1);
}

/** `= 'Jane'`, `LIKE E'J%'`, `IN ('Jane'`; not `'<'`. */
function isBehindOperator(text: string, quote: number): boolean {
  const end = endOfOperator(text, quote);
  const code = text.charCodeAt(end - 1);
  const before = text.charCodeAt(end - 2);
  if (code === EQUALS)
    return before !== EQUALS && !isOfCommand(text, end - 1) && !isQuotedOperator(text, end - 1);
  if (COMPARES[code] === 1) return before !== QUOTE;
  if (code === STAR) return before === TILDE;
  if (!isLetterAt(text, end - 1) || isLetterAt(text, startOfString(text, quote) - 1)) return false;
  const word = wordBefore(text, end).toUpperCase();
  return BEFORE_STRING.has(word) || (word === 'ENTRY' && hasLetter(text, quote));
}

/** What ADO.NET says of each command, with quotes as if they were values. */
function isOfCommand(text: string, equals: number): boolean {
  return text.startsWith('CommandType', equals - 11) || text.startsWith('CommandTimeout', equals - 14);
}

/** `Duplicate entry 'Jane Roe' for key`, as MySQL says it; a number alone is a key as any other. */
function hasLetter(text: string, quote: number): boolean {
  for (let at = quote + 1; at - quote < LONGEST_NAME && text.charCodeAt(at) !== QUOTE; at++) {
    if (isLetterAt(text, at) || text.charCodeAt(at) > 127) return true;
  }
  return false;
}

/** Of that before the string, which may stand in a bracket. */
function endOfOperator(text: string, quote: number): number {
  const end = backOverSpace(text, startOfString(text, quote));
  return text.charCodeAt(end - 1) === OPEN ? backOverSpace(text, end - 1) : end;
}

function startOfString(text: string, quote: number): number {
  const code = text.charCodeAt(quote - 1);
  if (code > 127 || PREFIXES[code] !== 1) return quote;
  const start = code === AMPERSAND ? quote - 2 : quote - 1;
  return isWordCharacterAt(text, start - 1) ? quote : start;
}

/** What the end of the text cut off counts up to there, unless lines follow. */
function stringAt(text: string, quote: number): Span | undefined {
  const closing = closingQuote(text, quote);
  if (closing === quote + 1 || isHidden(text, quote, closing)) return undefined;
  if (closing !== -1) return { start: startOfString(text, quote), end: closing + 1 };
  const length = text.length - quote;
  if (length < 2 || length > LONGEST || text.includes('\n', quote)) return undefined;
  return isBeforeCutOff(text, endOfOperator(text, quote)) ? { start: quote, end: text.length } : undefined;
}

/** `'?'`, as Entity Framework Core writes the values that it does not show. */
function isHidden(text: string, quote: number, closing: number): boolean {
  return closing === quote + 2 && text.charAt(quote + 1) === '?';
}

/** Prose has single quotes behind the other words and signs as well. */
function isBeforeCutOff(text: string, end: number): boolean {
  return (
    text.charCodeAt(end - 1) === EQUALS ||
    text.startsWith('<>', end - 2) ||
    BEFORE_CUT_OFF.has(wordBefore(text, end).toUpperCase())
  );
}

/** Two quotes in a row are one that belongs to the string, unless it ends nowhere else. */
function closingQuote(text: string, quote: number): number {
  let last = -1;
  for (let at = quote + 1; at - quote <= LONGEST; at += 2) {
    at = text.indexOf("'", at);
    if (at === -1 || at - quote > LONGEST) return last;
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
    last = at;
  }
  return last;
}

/** `IN (…)`, `ARRAY[…]`, `VALUES (…), (…)`; in small letters, only with a string or a number in front. */
function listAt(text: string, open: number): Span | undefined {
  const before = backOverSpace(text, open);
  if (!isLetterAt(text, before - 1)) return undefined;
  const word = wordBefore(text, before);
  if (!BEFORE_LIST.has(word))
    return isKeyBefore(text, before) ? { start: open, end: endOfList(text, open) } : undefined;
  const first = overSpace(text, open + 1);
  if (word.charCodeAt(0) > 0x60 && text.charCodeAt(first) !== QUOTE && !isDigitAt(text, first))
    return undefined;
  let end = endOfList(text, open);
  while (word.length === 6 && text.charCodeAt(overSpace(text, end)) === COMMA) {
    const next = overSpace(text, overSpace(text, end) + 1);
    if (text.charCodeAt(next) !== OPEN) break;
    end = endOfList(text, next);
  }
  return end - open > 1 ? { start: open, end } : undefined;
}

const KEY = 'duplicate key value is';

/** As SQL Server says it. */
function isKeyBefore(text: string, end: number): boolean {
  return text.startsWith(KEY, end - KEY.length);
}

/** Brackets in brackets and in strings are of the list. */
function endOfList(text: string, open: number): number {
  const last = Math.min(text.length, open + LONGEST);
  let depth = 0;
  for (let at = open; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) continue;
    if (OPENS[code] === 1) depth++;
    else if (CLOSES[code] === 1) {
      depth--;
      if (depth === 0) return at + 1;
    } else if (code === QUOTE && !isWordCharacterAt(text, startOfString(text, at) - 1)) {
      at = Math.max(at, closingQuote(text, at));
    }
  }
  return last;
}

/** `WHERE id = 4711` */
function numberBehind(text: string, operator: number): Span | undefined {
  if (MORE_OPERATOR[text.charCodeAt(operator + 1)] === 1) return undefined;
  const start = overSpace(text, operator + 1);
  const digits = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (!isDigitAt(text, digits) || !isConditionBefore(text, operator)) return undefined;
  let end = digits + 1;
  while (end - digits <= LONGEST_NUMBER && IN_NUMBER[text.charCodeAt(end)] === 1) end++;
  return { start, end };
}

function isConditionBefore(text: string, operator: number): boolean {
  const isTwo = BEFORE_OPERATOR[text.charCodeAt(operator - 1)] === 1;
  const end = backOverSpace(text, isTwo ? operator - 1 : operator);
  let name = end;
  while (end - name < LONGEST_NAME && IN_NAME[text.charCodeAt(name - 1)] === 1) name--;
  if (name === end) return false;
  if (text.charCodeAt(name - 1) === OPEN) name--;
  const before = backOverSpace(text, name);
  const word = wordBefore(text, before);
  if (text.charCodeAt(before - word.length - 1) === MINUS) return false;
  return before !== name && BEFORE_CONDITION.has(word.toUpperCase());
}

function behindColon(text: string, colon: number): Span | undefined {
  if (text.charCodeAt(colon + 1) === COLON) return castAt(text, colon);
  const line = planLineAt(text, colon);
  if (line !== undefined) return line;
  const start = startOfParameters(text, colon);
  return start === -1 ? undefined : { start, end: text.length };
}

/** `'literal'::type`, as plans print it: from the cast back to the quote that opens the literal. */
function castAt(text: string, colon: number): Span | undefined {
  if (text.charCodeAt(colon - 1) !== QUOTE) return undefined;
  if (!isLetterAt(text, colon + 2) && text.charAt(colon + 2) !== '"') return undefined;
  for (let at = colon - 2; at >= Math.max(0, colon - LONGEST); at--) {
    if (text.charCodeAt(at) !== QUOTE) continue;
    if (text.charCodeAt(at - 1) !== QUOTE) return { start: at, end: colon };
    at--;
  }
  return undefined;
}
