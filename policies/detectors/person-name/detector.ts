import { COLUMN_PATTERNS, cellsOf } from '../columns.ts';
import { type Detector, type Span, spansOf } from '../detector.ts';
import { makeRunReader } from '../runs.ts';
import {
  BESIDE_PARTS,
  CLOSINGS,
  FIELDS,
  PAIR,
  PART,
  PERSONAL,
  RECORD,
  SPOKEN,
  STRONG,
  TITLED,
  WEAK,
  WEAKLY_TITLED,
} from './forms.ts';
import { KEYWORDS, mayBeNear } from './keywords.ts';
import { isGivenName, isLikelyPerson, LIKELY_PATTERNS } from './likely.ts';
import * as signs from './signs.ts';
import { mayBePerson, NAME_PARTS, WORD_PATTERNS } from './words.ts';

const NO_SURNAME =
  /^(?:Server|Service|Cluster|Metrics?|Agent|Api|API|App|Bot|CI|Build|Error|Docker|Node|Pod|Key|Token|Street|St|Road|Rd|Avenue|Ave|University|Institute|Hospital|School|January|February|March|April|May|June|July|August|September|October|November|December)$/;
const NO_NAME =
  /^(?:The|This|That|New|Sure|Not|All|From|Connection|Error|Unknown|None|Null|True|False|Team|Support|Customer|Sir|Madam|World|There|Everyone|Folks|User|Admin|Root|System|Kubernetes|Docker|Node|Default)\b/;

function names(text: string, starts?: readonly number[], runs = readRuns(text)): Iterable<Span> {
  const seen = signs.signsOf(text, runs, starts?.length !== 0);
  const hasLines = starts !== undefined && starts.length > 0 && text.includes('\n');
  if (seen === 0 && !hasLines) return NOWHERE;
  return namesBySigns(text, seen, hasLines ? starts : NO_STARTS);
}

const NOWHERE: readonly Span[] = [];
const NO_STARTS: readonly number[] = [];
const readRuns = makeRunReader();

function* namesBySigns(text: string, seen: number, starts: readonly number[]): Generator<Span> {
  if ((seen & signs.TITLE) !== 0) {
    for (const pattern of TITLED) yield* namesOf(text, pattern);
    yield* likelyOf(text, WEAKLY_TITLED);
  }
  if ((seen & (signs.SPOKEN | signs.CLOSING)) !== 0) {
    for (const pattern of SPOKEN) yield* personsOf(text, pattern);
    yield* likelyOf(text, CLOSINGS);
  }
  if ((seen & signs.FIELD) !== 0) yield* fields(text);
  if ((seen & signs.PAIR) !== 0) yield* pairs(text);
  yield* columns(text, starts);
}

function* fields(text: string): Generator<Span> {
  for (const pattern of STRONG) yield* personsOf(text, pattern);
  const hasParts = BESIDE_PARTS.test(text);
  const isPersonal = hasParts || PERSONAL.test(text);
  for (const pattern of WEAK) yield* isPersonal ? personsOf(text, pattern) : likelyOf(text, pattern);
  yield* isPersonal ? personsOf(text, RECORD) : likelyOf(text, RECORD);
  if (hasParts) yield* personsOf(text, PART);
  for (const pattern of FIELDS)
    for (const span of spansOf(text, pattern)) if (!'-._'.includes(text.charAt(span.end) || ' ')) yield span;
}

/** A known given name is one, whatever follows. */
function* personsOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of namesOf(text, pattern)) {
    const found = text.slice(span.start, span.end);
    if (isGivenName(found.split(' ', 1)[0] ?? '') || mayBePerson(found)) yield span;
  }
}

function* likelyOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of personsOf(text, pattern))
    if (isLikelyPerson(text.slice(span.start, span.end))) yield span;
}

/** Of surnames or given names, beside the other ones. */
const PART_COLUMN = /^(?:name|nom|nome|nombre)$/;
/** Columns of anything, and those that only persons have. */
const ANY_COLUMN =
  /^(?:name|displayname|customer|client|contact|owner|user|holder|nom|nome|nombre|naam|namn)$/;
const NAME_COLUMN =
  /^(?:(?:first|last|full|given|family|middle|maiden|sur|fore|customer|client|patient|employee|contact|passenger|cardholder|accountholder|holder|beneficiary|payee|student|guest|legal|member)name|given|cardholder|accountholder|policyholder|beneficiary|passenger|patient)$/;

function* columns(text: string, starts: readonly number[]): Generator<Span> {
  if (starts.length === 0) return;
  const isName = (column: string, all: readonly string[]): boolean =>
    NAME_COLUMN.test(column) ||
    NAME_PARTS.includes(column) ||
    (PART_COLUMN.test(column) && all.some((other) => NAME_PARTS.includes(other)));
  for (const span of cellsOf(text, starts, isName)) {
    const found = text.slice(span.start, span.end);
    if (CELL.test(found) && mayBePerson(found)) yield span;
  }
  for (const span of cellsOf(text, starts, (column) => ANY_COLUMN.test(column))) {
    const found = text.slice(span.start, span.end);
    if (CELL.test(found) && found.includes(' ') && isLikelyPerson(found)) yield span;
  }
}

/** Nothing but letters, and what stands between those of names. */
const CELL = /^["']?\p{L}[\p{L}\p{M}'’. -]{1,80}["']?$/u;

function* pairs(text: string): Generator<Span> {
  for (const match of text.matchAll(PAIR)) {
    const [first = '', rest = ''] = [match.groups?.['first'], match.groups?.['rest']];
    const start = match.index;
    if (isGivenName(first) && !NO_SURNAME.test(rest.trim().split(' ')[0] ?? ''))
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
    if (word !== '' && after !== undefined && isGivenName(word) && !NO_SURNAME.test(after)) {
      yield { start: at, end: offset + rest.length };
      return;
    }
    at += word.length + 1;
  }
}

function* namesOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of spansOf(text, pattern)) if (!NO_NAME.test(text.slice(span.start, span.end))) yield span;
}

export const detector: Detector = {
  id: 'person-name',
  title: 'Name of a person behind a title, a greeting or the name of a field',
  docs: 'https://www.w3.org/International/questions/qa-personal-names',
  net: 'text',
  keywords: KEYWORDS,
  accepts: mayBeNear,
  // For words of which no part has only letters of ASCII.
  shapes: ['phone-digits', 'at-then-dot', 'foreign'],
  patterns: [
    ...TITLED,
    WEAKLY_TITLED,
    ...SPOKEN,
    CLOSINGS,
    ...STRONG,
    ...WEAK,
    ...FIELDS,
    RECORD,
    PART,
    BESIDE_PARTS,
    PART_COLUMN,
    ANY_COLUMN,
    NAME_COLUMN,
    CELL,
    ...COLUMN_PATTERNS,
    ...LIKELY_PATTERNS,
    PERSONAL,
    PAIR,
    NO_SURNAME,
    NO_NAME,
    ...WORD_PATTERNS,
  ],
  find: names,
};
