import { CONTEXT_PATTERNS, isCounted, joined } from './context.ts';
import { NEARBY_PATTERNS, nearby } from './id-nearby.ts';
import { isLetterAt } from './letters.ts';

/** Words beside a number that say what it is. */
export interface Context {
  readonly patterns: readonly RegExp[];
  isBeside(said: Said): boolean;
}

/** What is said of a number, in words with one space between. */
export interface Said {
  /** Before and behind it; nothing where it says how many or how much. */
  readonly around: string;
  readonly before: string;
}

/** Characters before and behind a number among which one looks for the words that say what it is. */
export const REACH_BEFORE = 64;
export const REACH_AFTER = 32;
/** Words that end with so few letters must stand for themselves: `nif`, but not in `manifest`. */
const SHORT = /(?:^.{0,5}|(?:^|[ _.-]).{0,3})$/;
const CAMEL = /(?<=[a-z])(?=[A-Z])/g;
const JOINERS = /[_.\-:/"'’()\s]{1,256}/g;
/** In letters: words up to this length must stand for themselves, as `SHORT` says. */
const SHORT_WORD = 5;
/** Shorter words that are glued together are other words. */
const GLUED_WORD = 6;
/** Behind a word, what makes it the name of a program or of a part of one. */
const PROGRAM =
  '(?! (?:service|svc|gateway|api|server|worker|job|queue|topic|table|controller|operator|exporter|client|proxy|handler|manager|module|app|db|sync|cache|index|pod|namespace|strategy|middleware|plugin|library|js|len|length|size|count|total|regexp?|mask|version|limit|timeout|port|bytes)(?!\\p{L}))';
// Scripts that put no space between words.
const SPACELESS = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** Names of fields count as words: `tax_id`, `taxId` and `tax-id` are "tax id". */
export function contextOf(words: readonly string[]): Context {
  const forms = [
    spelled(
      words.filter((word) => SPACELESS.test(word)),
      '',
      '',
    ),
    spelled(
      words.filter((word) => !SPACELESS.test(word) && SHORT.test(word)),
      '(?<![\\p{L}\\p{N}])',
      `(?:s|e?n)?(?!\\p{L})${PROGRAM}`,
    ),
    spelled(
      words.filter((word) => !SPACELESS.test(word) && !SHORT.test(word)),
      '(?<!\\p{L})',
      PROGRAM,
    ),
  ].filter((form) => form !== undefined);
  return {
    patterns: [...CONTEXT_PATTERNS, ...NEARBY_PATTERNS, CAMEL, JOINERS, ...forms],
    isBeside: ({ around }) => around !== '' && forms.some((form) => form.test(around)),
  };
}

export function saidOf(text: string, start: number, end: number): Said {
  const { left, right } = nearby(text, start, end, REACH_BEFORE, REACH_AFTER);
  return {
    around: isCounted(text, start, end) ? '' : plain(joined(left, right)),
    before: plain(joined(left, '')).replace(PLACE, ''),
  };
}

/** Where the number was cut out. */
const PLACE = / # $/;
/** Between the name of a number and the number. */
const FILLERS =
  'number|nummer|num|nr|no|n°|nº|id|code|is|ist|est|es|è|é|are|was|of|the|my|value|field|key|string|td|th|dd|li|b|strong|span|label|eq|to|given|provided|entered|invalid|primary';
/** Signs between them, beside those that join words. */
const SIGNS = ' =#<>,;?|*`~[\\]{«»“”„‘–—';
const NOWHERE: Context = { patterns: [], isBeside: () => false };

/** Names after which nothing but a number of one kind follows, right before it. */
export function labelOf(names: readonly string[]): Context {
  const end = `(?:[${SIGNS}]{1,4}(?:${FILLERS})){0,4}[${SIGNS}]{0,8}$`;
  const label = spelled(names, '(?<![\\p{L}\\p{N}])', end);
  if (label === undefined) return NOWHERE;
  return { patterns: [label, PLACE], isBeside: ({ before }) => label.test(before) };
}

export function eitherOf(first: Context, second: Context): Context {
  if (second === NOWHERE) return first;
  return {
    patterns: [...first.patterns, ...second.patterns],
    isBeside: (said) => first.isBeside(said) || second.isBeside(said),
  };
}

/** Whether a word of such a list can be meant where it was read: no longer word goes on to its left, or around it. */
export function isWordOf(text: string, start: number, end: number): boolean {
  if (isLetterAt(text, start - 1) && !isHump(text, start)) return false;
  return end - start > SHORT_WORD || mayEndWord(text, end);
}

/** Whether the word may go on only with the ending of a plural or case. */
export function mustEndWord(word: string): boolean {
  return SHORT.test(word);
}

/** Whether a word may be over here, such an ending left out. */
export function mayEndWord(text: string, end: number): boolean {
  return !isLetterAt(text, end) || isHump(text, end) || 'sneSNE'.includes(text.charAt(end));
}

function isHump(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x5a && text.charCodeAt(at - 1) >= 0x61;
}

function plain(text: string): string {
  return text.replaceAll(CAMEL, ' ').replaceAll(JOINERS, ' ').toLowerCase();
}

function spelled(words: readonly string[], before: string, after: string): RegExp | undefined {
  if (words.length === 0) return undefined;
  const escaped = words.map((word) =>
    word
      .replaceAll(JOINERS, ' ')
      .trim()
      .replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'),
  );
  return new RegExp(`${before}(?:${escaped.map(gluable).join('|')})${after}`, 'u');
}

/** In names of fields all in small letters or capitals, nothing joins the words. */
function gluable(word: string): string {
  return word.length < GLUED_WORD ? word : word.replaceAll(' ', ' ?');
}
