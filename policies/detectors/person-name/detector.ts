import { type Detector, type Span, spansOf } from '../detector.ts';
import { makeRunReader } from '../runs.ts';
import { CELL_PATTERNS, cellsOfPersons } from './cells.ts';
import {
  BESIDE_PARTS,
  CLOSINGS,
  FIELDS,
  IN_FRONT,
  MIXED,
  MOSTLY,
  OTHERS_IN_FRONT,
  PAIR,
  PART,
  PASSENGER_SUFFIX,
  PASSENGERS,
  PERSONAL,
  PRINTED,
  PRINTED_PERSON,
  RECORD,
  SPOKEN,
  STRONG,
  THANKS,
  TITLED,
  WEAK,
  WEAKLY_TITLED,
} from './forms.ts';
import { KEYWORDS, mayBeNear } from './keywords.ts';
import { isGivenName, isLikelyPerson, isSurname, LIKELY_PATTERNS } from './likely.ts';
import * as signs from './signs.ts';
import { type Cue, isPersonBehind, UNKNOWN_PATTERNS } from './unknown.ts';
import { mayBePerson, WORD_PATTERNS } from './words.ts';

const NO_SURNAME =
  /^(?:Server|Service|Cluster|Metrics?|Agent|Api|API|App|Bot|CI|Build|Error|Docker|Node|Pod|Key|Token|Street|St|Road|Rd|Avenue|Ave|University|Institute|Hospital|School|January|February|March|April|May|June|July|August|September|October|November|December)$/;
const NO_NAME =
  /^(?:(?:E[uU]er|Ihr|Dein|Unser|Your|Our|Votre|Notre|Vuestro|Nuestro|Uw|Jullie|Twój|Wasz)e?(?![\p{L}])|(?:Das|Der|Die|El|La|Le|Les|Los|Il|Lo|Het|De) [\p{L}-]{0,24}(?:team|Team|equipo|équipe)|[\p{L}]{1,24}[- ]?(?:[Tt]eam|[Ss]ervice|[Dd]esk|[Ss]upport)(?![\p{L}])|(?:Equipo|[EÉ]quipe|Squadra|Zespół|Ploeg|Tým|Ekip|Departamento|Abteilung|Servizio|Servicio|Mesa|Soporte|Grupo|Gruppe)(?![\p{L}])|The|This|That|New|Sure|Not|All|From|Connection|Error|Unknown|None|Null|True|False|Team|Support|Customer|Sir|Madam|World|There|Everyone|Folks|User|Admin|Root|System|Kubernetes|Docker|Node|Default|All[ae]?|Zusammen|Tous|Todos|Tutti|Allemaal|Wszyscy|Vielmals|Again|Guys|Alles|Mundo|Welt|Monde|Mondo)(?![\p{L}])/u;

function names(text: string, starts?: readonly number[], runs = readRuns(text)): Iterable<Span> {
  const seen = signs.signsOf(text, runs, starts?.length !== 0);
  const hasStarts = starts !== undefined && starts.length > 0;
  const hasLines = hasStarts && text.includes('\n');
  const hasPassengers = hasStarts && text.includes('/') && PASSENGER_SUFFIX.test(text);
  if (seen === 0 && !hasLines) return hasPassengers ? passengers(text) : NOWHERE;
  return namesBySigns(text, seen, starts, hasLines);
}

const NOWHERE: readonly Span[] = [];
const NO_STARTS: readonly number[] = [];
const readRuns = makeRunReader();

function* namesBySigns(
  text: string,
  seen: number,
  starts: readonly number[] | undefined,
  hasLines: boolean,
): Generator<Span> {
  if ((seen & signs.TITLE) !== 0) {
    for (const pattern of TITLED) yield* titledOf(text, pattern);
    yield* likelyOf(text, WEAKLY_TITLED);
  }
  if ((seen & (signs.SPOKEN | signs.CLOSING)) !== 0) {
    for (const pattern of SPOKEN) yield* personsOf(text, pattern);
    yield* cuedOf(text, 'persons', CLOSINGS);
    yield* givenOf(text, THANKS);
  }
  if ((seen & signs.FIELD) !== 0) yield* fields(text);
  if ((seen & signs.ROLE) !== 0) {
    yield* cuedOf(text, 'anything', IN_FRONT);
    yield* cuedOf(text, 'foreign', OTHERS_IN_FRONT);
  }
  if ((seen & (signs.ROLE | signs.FIELD)) !== 0)
    for (const pattern of MIXED) yield* cuedOf(text, 'anything', pattern);
  if (text.includes('/')) yield* passengers(text);
  if ((seen & signs.PAIR) !== 0) yield* pairs(text, starts);
  yield* cellsOfPersons(text, hasLines ? (starts ?? NO_STARTS) : NO_STARTS);
}

function* fields(text: string): Generator<Span> {
  for (const pattern of STRONG) yield* personsOf(text, pattern);
  const hasParts = BESIDE_PARTS.test(text);
  const isPersonal = hasParts || PERSONAL.test(text);
  for (const pattern of MOSTLY) yield* cuedOf(text, 'persons', pattern);
  for (const pattern of WEAK)
    yield* isPersonal ? personsOf(text, pattern) : cuedOf(text, 'anything', pattern);
  yield* cuedOf(text, PRINTED_PERSON.test(text) ? 'persons' : 'foreign', PRINTED);
  yield* isPersonal ? personsOf(text, RECORD) : likelyOf(text, RECORD);
  if (hasParts) yield* personsOf(text, PART);
  for (const pattern of FIELDS)
    for (const span of spansOf(text, pattern))
      if (!'-._'.includes(text.charAt(span.end) || ' ')) yield withoutQuote(text, span);
}

/** An apostrophe stands inside of a name: at its end it closes the string. */
function withoutQuote(text: string, { start, end }: Span): Span {
  return { start, end: text.charAt(end - 1) === "'" ? end - 1 : end };
}

/** Not `STATUS/READY MS`. */
function passengers(text: string): readonly Span[] {
  return spansOf(text, PASSENGERS).filter(({ start, end }) =>
    mayBePerson(text.slice(start, end).replace('/', ' ')),
  );
}

/** `Dr. Elephant report`, `Mr Worker`: programs are given titles for fun. */
const PROGRAM_BEHIND =
  /^[ ](?:dashboard|report|dump|demo|bot|tool|script|plugin|app|job|pod|container|image|build|pipeline|cluster|service|server|restarted|crashed)(?![\p{L}])/u;
const PROGRAM_REACH = 16;

function* titledOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of namesOf(text, pattern)) {
    const found = text.slice(span.start, span.end);
    const isProgram =
      !mayBePerson(found) || PROGRAM_BEHIND.test(text.slice(span.end, span.end + PROGRAM_REACH));
    if (!isProgram || found.includes(' ') || isLikelyPerson(found)) yield span;
  }
}

/** A known given name is one, whatever follows. */
function* personsOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of namesOf(text, pattern)) {
    const found = text.slice(span.start, span.end);
    if (isGivenName(found.split(' ', 1)[0] ?? '') || mayBePerson(found)) yield span;
  }
}

/** Of persons who are called by a listed name. */
function* givenOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of namesOf(text, pattern)) {
    const [first = '', ...others] = text.slice(span.start, span.end).split(' ');
    if (isGivenName(first) && !isNameOfThing(others)) yield span;
  }
}

function* cuedOf(text: string, cue: Cue, pattern: RegExp): Generator<Span> {
  for (const span of namesOf(text, pattern))
    if (isPersonBehind(cue, text.slice(span.start, span.end))) yield span;
}

function* likelyOf(text: string, pattern: RegExp): Generator<Span> {
  for (const span of personsOf(text, pattern))
    if (isLikelyPerson(text.slice(span.start, span.end))) yield span;
}

function* pairs(text: string, starts: readonly number[] | undefined): Generator<Span> {
  for (const match of text.matchAll(PAIR)) {
    const [first = '', rest = ''] = [match.groups?.['first'], match.groups?.['rest']];
    const span = pairIn(first, rest, match.index);
    if (
      span !== undefined &&
      (isSureName(text.slice(span.start, span.end)) || isBesideSign(text, span, starts))
    )
      yield span;
  }
}

/** `Customer Jane Roe called`: the name may start at a later word. */
function pairIn(first: string, rest: string, start: number): Span | undefined {
  const words = [first, ...rest.split(' ').slice(1)];
  const end = start + first.length + rest.length;
  let at = start;
  for (const [index, word] of words.entries()) {
    const others = words.slice(index + 1);
    if (others.length > 0 && isGivenName(word)) return isNameOfThing(others) ? undefined : { start: at, end };
    at += word.length + 1;
  }
  return undefined;
}

/** `Alan Turing Institute`, `Max Memory`: something with somebody's name in it. */
function isNameOfThing(words: readonly string[]): boolean {
  return words.some((word) => NO_SURNAME.test(word) || !mayBePerson(word) || ABBREVIATION.test(word));
}

/** With a surname that is one, or letters that English has not. */
function isSureName(found: string): boolean {
  return FOREIGN.test(found) || isSurname(found.slice(found.lastIndexOf(' ') + 1));
}

const FOREIGN = /[\u00c0-\u024f]/;
const ABBREVIATION = /^[A-Z]{2,3}$/;
const LINE_FEED = 0x0a;
/** A line that holds only a name belongs to those beside it. */
const NEAR_LINES = 3;
const LONGEST_LINE = 1024;

/** Whether a word that speaks of persons, an address or a number stands on the same line. */
function isBesideSign(text: string, { start, end }: Span, starts: readonly number[] | undefined): boolean {
  if (starts === undefined) return true;
  let from = startOfLine(text, start);
  let to = endOfLine(text, end);
  if (text.slice(from, start).trim() === '' && text.slice(end, to).trim() === '') {
    for (let lines = 0; lines < NEAR_LINES; lines++) {
      if (from > 0) from = startOfLine(text, from - 1);
      if (to < text.length) to = endOfLine(text, to + 1);
    }
  } else if (text.charCodeAt(from - 1) === LINE_FEED) {
    // A label alone on its line.
    const before = startOfLine(text, from - 1);
    if (from - before <= LONGEST_LABEL) from = before;
  }
  return isStartIn(starts, from, to) || REACHED.test(text.slice(from, to));
}

const LONGEST_LABEL = 32;
/** An address of mail, or a number with a sign or groups of a phone. */
const REACHED =
  /@[A-Za-z0-9-]{1,64}\.|\+[0-9][0-9 ()./-]{6,20}[0-9]|(?<![0-9A-Za-z.:/-])\(?[0-9]{2,5}\)?[ ./-][0-9]{3,5}[ ./-][0-9]{2,5}(?![0-9A-Za-z:])/;

function startOfLine(text: string, at: number): number {
  const from = Math.max(0, at - LONGEST_LINE);
  return from + text.slice(from, at).lastIndexOf('\n') + 1;
}

function endOfLine(text: string, at: number): number {
  const end = text.slice(at, at + LONGEST_LINE).indexOf('\n');
  return end === -1 ? Math.min(text.length, at + LONGEST_LINE) : at + end;
}

function isStartIn(starts: readonly number[], from: number, to: number): boolean {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return (starts[low] ?? to) < to;
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
    THANKS,
    ...STRONG,
    ...WEAK,
    IN_FRONT,
    OTHERS_IN_FRONT,
    ...MOSTLY,
    ...MIXED,
    PRINTED,
    PRINTED_PERSON,
    PASSENGERS,
    PASSENGER_SUFFIX,
    ...FIELDS,
    RECORD,
    PART,
    BESIDE_PARTS,
    ...CELL_PATTERNS,
    ...LIKELY_PATTERNS,
    PERSONAL,
    PAIR,
    PROGRAM_BEHIND,
    NO_SURNAME,
    ABBREVIATION,
    FOREIGN,
    REACHED,
    NO_NAME,
    ...WORD_PATTERNS,
    ...UNKNOWN_PATTERNS,
  ],
  find: names,
};
