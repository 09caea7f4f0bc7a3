import type { Detector, Span } from '../detector.ts';
import { isReference, isStatus } from '../key-value-secret/value.ts';
import { keywordStarts } from '../keyword-starts.ts';
import { isDigitAt } from '../letters.ts';
import { DAEMONS } from './daemons.ts';
import { DEVICES } from './devices.ts';

const LINES = [...DAEMONS, ...DEVICES];
const KEYWORDS: readonly string[] = [...new Set(LINES.flatMap(({ words }) => words))];
const LONGEST = Math.max(...KEYWORDS.map(({ length }) => length));
const startsIn = keywordStarts(KEYWORDS);
/** With what a template has in the place of the value. */
const NO_VALUE = /^(?:<[^<>]{1,64}>|\{\{.{0,64}|%\w{1,32}%|xxx{1,64}|none|removed|\*{3,64})$/i;

/** Two words or more in capitals, which a person may have chosen. */
const WORDS = /^(?:[A-Z][a-z]{1,32}){2,6}$/;

function secrets(text: string, starts: readonly number[] = startsIn(text)): readonly Span[] {
  const patterns = new Set<RegExp>();
  const heads = new Set(starts.map((start) => text.slice(start, start + LONGEST).toLowerCase()));
  for (const head of heads) {
    for (const { words, pattern } of LINES) if (words.some((word) => isAt(head, word))) patterns.add(pattern);
  }
  const spans: Span[] = [];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const groups = match.indices?.groups;
      const [start, end] = groups?.['secret'] ?? groups?.['double'] ?? groups?.['single'] ?? [0, 0];
      if (isSecret(text.slice(start, end))) spans.push({ start, end });
    }
  }
  return spans;
}

/** Words of prose count only at the beginning of a line. */
const AT_START: ReadonlySet<string> = new Set(['allow ', 'monitor ', 'neighbor ']);
const LONGEST_INDENT = 32;

function mayBegin(text: string, start: number, end: number): boolean {
  if (!AT_START.has(text.slice(start, end).toLowerCase())) return true;
  let at = start - 1;
  while (at >= start - LONGEST_INDENT && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at--;
  return at < 0 || text.charCodeAt(at) === LINE_FEED;
}

const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;

/** In which `#` stands for a digit. */
function isAt(head: string, word: string): boolean {
  for (let at = 0; at < word.length; at++) {
    const isSame = word.charAt(at) === '#' ? isDigitAt(head, at) : head.charAt(at) === word.charAt(at);
    if (!isSame) return false;
  }
  return true;
}

function isSecret(value: string): boolean {
  return (
    value !== '' && !isReference(value) && !NO_VALUE.test(value) && (!isStatus(value) || WORDS.test(value))
  );
}

export const detector: Detector = {
  id: 'config-line',
  title: 'Secret in a line of the configuration of a daemon or a network device',
  docs: 'The manuals of the daemons and the command references of the devices, see daemons.ts and devices.ts; CWE-260',
  net: 'all',
  keywords: KEYWORDS,
  accepts: mayBegin,
  shapes: [],
  patterns: [...LINES.map(({ pattern }) => pattern), NO_VALUE, WORDS],
  find: secrets,
};
