import { makeAutomaton } from './automaton.ts';
import { around, CONTEXT_PATTERNS } from './context.ts';
import { isLetterAt } from './letters.ts';

/** Words beside a number that say what it is. */
export interface Context {
  readonly patterns: readonly RegExp[];
  isBeside(text: string, start: number, end: number): boolean;
}

const REACH_BEFORE = 64;
const REACH_AFTER = 32;
/** Words that end with so few letters must stand for themselves: `nif`, but not in `manifest`. */
const SHORT = /(?:^.{0,5}|(?:^|[ _.-]).{0,3})$/;
const CAMEL = /(?<=[a-z])(?=[A-Z])/g;
const JOINERS = /[_.\-:/"'’()\s]{1,256}/g;
/** In letters: words up to this length must stand for themselves, as `SHORT` says. */
const SHORT_WORD = 5;
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
      '(?:s|e?n)?(?!\\p{L})',
    ),
    spelled(
      words.filter((word) => !SPACELESS.test(word) && !SHORT.test(word)),
      '(?<!\\p{L})',
      '',
    ),
  ].filter((form) => form !== undefined);
  return {
    patterns: [...CONTEXT_PATTERNS, CAMEL, JOINERS, ...forms],
    isBeside(text, start, end) {
      if (forms.length === 0) return false;
      const words = plain(around(text, start, end, REACH_BEFORE, REACH_AFTER));
      return forms.some((form) => form.test(words));
    },
  };
}

/** Whether a word of such a list can be meant where it was read: no longer word goes on to its left, or around it. */
export function isWordOf(text: string, start: number, end: number): boolean {
  if (isLetterAt(text, start - 1) && !isHump(text, start)) return false;
  if (end - start > SHORT_WORD || !isLetterAt(text, end)) return true;
  return isHump(text, end) || 'sneSNE'.includes(text.charAt(end));
}

function isHump(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x5a && text.charCodeAt(at - 1) >= 0x61;
}

const WORD_PART = /[^a-z0-9]{1,64}/;

/** Where one looks for the words of a number that stands there. */
export type WordFinder = (text: string, start: number, end: number) => Uint8Array;

/**
 * Which of several lists of words may have one beside a number (1): one pass over what stands around it, judged by the
 * longest part of each word.
 */
export function makeWordFinder(lists: readonly (readonly string[])[]): WordFinder {
  const parts = lists.map((words) => words.map((word) => longestPart(word)));
  const foreign = parts.flatMap((list, index) => (list.includes('') ? [index] : []));
  const automaton = makeAutomaton(parts.map((list) => list.filter((part) => part !== '')));
  const { next, shift, outputs } = automaton;
  const classes = new Uint8Array(0x1_0000);
  classes.set(automaton.classes);
  const ends = Uint8Array.from(outputs, (ending) => Math.min(ending.length, 1));
  return (text, start, end) => {
    const found = new Uint8Array(lists.length);
    const to = Math.min(text.length, end + REACH_AFTER);
    let state = 0;
    let isForeign = false;
    for (let i = Math.max(0, start - REACH_BEFORE); i < to; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) isForeign = true;
      state = next[(state << shift) | (classes[code] as number)] as number;
      if (ends[state] === 0) continue;
      for (const index of outputs[state] as readonly number[]) found[index] = 1;
    }
    if (isForeign) for (const index of foreign) found[index] = 1;
    return found;
  };
}

function longestPart(word: string): string {
  return word.split(WORD_PART).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
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
      .replaceAll(/[^\p{L}\p{M}\p{N} ]/gu, '\\$&'),
  );
  return new RegExp(`${before}(?:${escaped.join('|')})${after}`, 'u');
}
