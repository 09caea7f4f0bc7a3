import type { Detector, Span } from '../detector.ts';
import { STATE_PATTERNS } from '../key-value-secret/states.ts';
import { VALUE_PATTERNS } from '../key-value-secret/value.ts';
import { keywordStarts } from '../keyword-starts.ts';
import { COMMAND_PATTERNS, PRINTERS, READ_WORDS } from './commands.ts';
import { LIST_PATTERNS, LISTS, rowsBelow } from './lists.ts';
import { bytesBelow, NUMBER_PATTERNS, NUMBERS } from './numbers.ts';
import { OUTPUT_PATTERNS, outputBelow } from './output.ts';
import { PROMPT_PATTERNS, PROMPTS, typedAt } from './prompts.ts';
import { sharesAt, UNSEAL_PATTERNS, UNSEAL_WORDS } from './unseal.ts';

const KEYWORDS: readonly string[] = [
  ...new Set([
    ...PRINTERS.map(({ word }) => word),
    ...READ_WORDS,
    ...LISTS,
    ...NUMBERS,
    ...PROMPTS,
    ...UNSEAL_WORDS,
  ]),
];
const startsIn = keywordStarts(KEYWORDS);
const LONGEST = Math.max(...KEYWORDS.map(({ length }) => length));

function* secrets(text: string, starts: readonly number[] = startsIn(text)): Generator<Span> {
  let covered = 0;
  for (const start of [...new Set(starts)].toSorted((a, b) => a - b)) {
    const head = text.slice(start, start + LONGEST).toLowerCase();
    const isHead = (word: string): boolean => head.startsWith(word);
    const printer = PRINTERS.find(({ word }) => isHead(word));
    if (printer !== undefined) yield* outputBelow(text, start, printer);
    if (READ_WORDS.some(isHead)) yield* outputBelow(text, start, undefined);
    if (PROMPTS.some(isHead)) yield* typedAt(text, start);
    if (UNSEAL_WORDS.some(isHead)) yield* sharesAt(text, start);
    if (start < covered) continue;
    const number = NUMBERS.find(isHead);
    const spans =
      number !== undefined ? bytesBelow(text, start + number.length) : rowsOf(text, start, isHead);
    for (const span of spans) {
      covered = span.end;
      yield span;
    }
  }
}

function rowsOf(text: string, start: number, isHead: (word: string) => boolean): Iterable<Span> {
  return LISTS.some(isHead) ? rowsBelow(text, start) : [];
}

export const detector: Detector = {
  id: 'printed-secret',
  title: 'What a command or a file has below the line that says what it is',
  docs: 'CWE-532: sessions of a shell that somebody copied; the manuals of the commands, see commands.ts; openssl-pkey(1)',
  net: 'text',
  keywords: KEYWORDS,
  shapes: [],
  patterns: [
    ...COMMAND_PATTERNS,
    ...OUTPUT_PATTERNS,
    ...LIST_PATTERNS,
    ...NUMBER_PATTERNS,
    ...PROMPT_PATTERNS,
    ...UNSEAL_PATTERNS,
    ...STATE_PATTERNS,
    ...VALUE_PATTERNS,
  ],
  find: secrets,
};
