import { type Detector, type Span, spansOf } from '../detector.ts';
import { makeRunReader } from '../runs.ts';
import { FIRST_NAMES } from './first-names.ts';
import { FIELD, PAIR, PERSONAL, RECORD, SPOKEN, TITLED, WEAK } from './forms.ts';
import { KEYWORDS, mayBeNear } from './keywords.ts';
import * as signs from './signs.ts';
import { mayBePerson, WORD_PATTERNS } from './words.ts';

const NO_SURNAME =
  /^(?:Server|Service|Cluster|Metrics?|Agent|Api|API|App|Bot|CI|Build|Error|Docker|Node|Pod|Key|Token|Street|St|Road|Rd|Avenue|Ave|University|Institute|Hospital|School|January|February|March|April|May|June|July|August|September|October|November|December)$/;
const NO_NAME =
  /^(?:The|This|That|New|Sure|Not|All|From|Connection|Error|Unknown|None|Null|True|False|Team|Support|Customer|Sir|Madam|World|There|Everyone|Folks|User|Admin|Root|System|Kubernetes|Docker|Node|Default)\b/;

function names(text: string, starts?: readonly number[], runs = readRuns(text)): Iterable<Span> {
  const seen = signs.signsOf(text, runs, starts?.length !== 0);
  return seen === 0 ? NOWHERE : namesBySigns(text, seen);
}

const NOWHERE: readonly Span[] = [];
const readRuns = makeRunReader();

function* namesBySigns(text: string, seen: number): Generator<Span> {
  if ((seen & signs.TITLE) !== 0) for (const pattern of TITLED) yield* namesOf(text, pattern);
  if ((seen & (signs.SPOKEN | signs.CLOSING)) !== 0)
    for (const pattern of SPOKEN) yield* personsOf(text, pattern);
  if ((seen & signs.FIELD) !== 0) yield* fields(text);
  if ((seen & signs.PAIR) !== 0) yield* pairs(text);
}

function* fields(text: string): Generator<Span> {
  for (const pattern of WEAK) yield* personsOf(text, pattern);
  if (PERSONAL.test(text)) yield* personsOf(text, RECORD);
  for (const span of spansOf(text, FIELD)) if (!'-._'.includes(text.charAt(span.end) || ' ')) yield span;
}

/** A known given name is one, whatever follows. */
function* personsOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of namesOf(text, pattern)) {
    const found = text.slice(span.start, span.end);
    if (isKnown(found.split(' ', 1)[0] ?? '') || mayBePerson(found)) yield span;
  }
}

function* pairs(text: string): Generator<Span> {
  for (const match of text.matchAll(PAIR)) {
    const [first = '', rest = ''] = [match.groups?.['first'], match.groups?.['rest']];
    const start = match.index;
    if (isKnown(first) && !NO_SURNAME.test(rest.trim().split(' ')[0] ?? ''))
      yield { start, end: start + match[0].length };
    else yield* inside(rest, start + first.length);
  }
}

/** `Customer Jane Roe called`: the name starts at a later word. */
function* inside(rest: string, offset: number): Generator<Span> {
  const words = rest.split(' ');
  let at = offset;
  for (const [index, word] of words.entries()) {
    const after = words[index + 1];
    if (word !== '' && after !== undefined && isKnown(word) && !NO_SURNAME.test(after)) {
      yield { start: at, end: offset + rest.length };
      return;
    }
    at += word.length + 1;
  }
}

function* namesOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of spansOf(text, pattern)) if (!NO_NAME.test(text.slice(span.start, span.end))) yield span;
}

function isKnown(word: string): boolean {
  return FIRST_NAMES.has(word.toLowerCase()) || FIRST_NAMES.has(word.split('-', 1)[0]?.toLowerCase() ?? '');
}

export const detector: Detector = {
  id: 'person-name',
  title: 'Name of a person behind a title, a greeting or the name of a field',
  docs: 'https://www.w3.org/International/questions/qa-personal-names',
  net: 'text',
  keywords: KEYWORDS,
  accepts: mayBeNear,
  shapes: ['phone-digits', 'at-then-dot'],
  patterns: [
    ...TITLED,
    ...SPOKEN,
    ...WEAK,
    FIELD,
    RECORD,
    PERSONAL,
    PAIR,
    NO_SURNAME,
    NO_NAME,
    ...WORD_PATTERNS,
  ],
  find: names,
};
