import { type Detector, type Span, spansOf, spansOfAll, spansOfRules } from '../detector.ts';
import { isCapitalAt } from '../letters.ts';
import { isGivenName, isLikelyPerson } from '../person-name/likely.ts';
import { isPersonBehind, UNKNOWN_PATTERNS } from '../person-name/unknown.ts';
import { mayBePerson } from '../person-name/words.ts';
import { CUED_FORMS, LIKELY_FORMS, LOGINS, NO_LOGIN, SURE_FORMS } from './lines.ts';
import { RECORD_FORMS, RECORD_KEYWORDS } from './records.ts';

const TRAILER =
  /(?:^|\n)[ \t>*#-]{0,16}(?:[0-9]{1,12}[.):]?[ \t]{1,4})?(?:signed-off-by|co-authored-by|co-developed-by|reviewed-by|acked-by|tested-by|reported-by|suggested-by|approved-by|helped-by|mentored-by|thanks-to|commit-by)[ \t]{0,4}:[ \t]{0,8}(?<secret>[^\r\n]{1,512})/dgi;
// Where lines were joined: what follows must be a name then.
const INLINE =
  /(?<![A-Za-z0-9-])(?:[Ss]igned-[Oo]ff|[Cc]o-[Aa]uthored|[Cc]o-[Dd]eveloped|[Rr]eviewed|[Aa]cked|[Tt]ested|[Rr]eported|[Ss]uggested|[Aa]pproved|[Hh]elped)-[Bb]y: {0,2}(?<secret>\p{Lu}[\p{L}\p{M}'’.-]{0,40}(?: \p{Lu}[\p{L}\p{M}'’.-]{0,40}){1,3})/dgu;
// Words of mail headers and of git that are fields of anything else as well: with a name or an address behind them.
const HEADER =
  /(?:^|\n)[ \t>]{0,16}(?:[Aa]uthor|AUTHOR|[Cc]ommitter|[Ff]rom|FROM|[Tt]o|TO|[Cc]c|CC|[Bb]cc|BCC|[Rr]eply-[Tt]o|[Ss]ender)[ \t]{0,4}:[ \t]{0,8}(?<secret>(?:["“]?\p{Lu}[\p{L}\p{M}'’.-]{0,40}(?:,?[ ]{1,2}\p{L}[\p{L}\p{M}'’.-]{0,40}){0,4}["”]?[ ]{0,2}(?:[<([][^\r\n]{1,400})?(?=[\r\n]|$)|[^\r\n]{0,200}@[^\r\n]{1,300}))/dgu;
// Name and address side by side, as in `Jane Roe <jane@…>`; the address alone is found by `email`.
const NAMED_ADDRESS =
  /(?<secret>(?:[\p{Lu}][\p{L}'’.-]{0,40}[ ]{1,2}){1,4}<[^\s<>@]{1,64}@[^\s<>]{1,255}>)/dgu;

const ADDRESSED = /[@<([]/;
/** Programs sign as well. */
const PROGRAM =
  /^(?:[A-Za-z0-9_.-]{1,64}\[bot\]|(?:CI|bot)(?![A-Za-z0-9])|GitHub(?: Actions)?(?![A-Za-z0-9]))[^@]{0,64}(?:@users\.noreply\.github\.com>?)?$/i;
/** HL7 version 2: who the patient is, field by field. */
const PATIENT = /(?:^|[\r\n])(?:PID|NK1|GT1)\|(?=[0-9]{0,4}\|)(?<secret>[^\r\n]{1,4096})/dg;

/** Segments that name doctors and insured persons, and the numbers of the fields that do. */
const SEGMENT = /(?:^|[\r\n])(?<segment>PV1|OBR|ORC|IN1|TXA|SCH)\|(?<fields>[^\r\n]{1,4096})/dg;
const PERSONS: Readonly<Record<string, readonly number[]>> = {
  PV1: [7, 8, 9, 17, 52],
  OBR: [10, 16, 28, 32, 33, 34, 35],
  ORC: [10, 11, 12, 19],
  IN1: [16],
  TXA: [5, 9, 10, 11, 22],
  SCH: [12, 16, 20],
};
const NAME_IN_FIELD = /\^[^|^]{0,64}\p{L}{2}|\p{L}{2}[^|^]{0,64}\^/u;
/** Electronic cards (RFC 6350). */
const CARD = /(?:^|[\r\n])(?:FN|N|NICKNAME)(?:;[^:\r\n]{0,64})?:(?<secret>[^\r\n]{1,256})/dg;
/** Names of FHIR, in XML and in JSON. */
const HUMAN_NAME = [
  /<(?:family|given) value="(?<secret>\p{Lu}[^"\n]{0,127})"/dgu,
  /"family"[ ]?:[ ]?"(?<secret>[^"\n]{1,128})"/dg,
  /"given"[ ]?:[ ]?(?:\[[ ]?(?<secret>"[^\]\n]{1,128})\]|"[^"\n]{1,128}")/dg,
  /"resourceType"[ ]?:[ ]?"(?:Patient|Practitioner|RelatedPerson|Person)"[^\n]{0,1024}?"name"[ ]?:[ ]?\[?\{[^{}\n]{0,64}"text"[ ]?:[ ]?"(?<secret>[^"\n]{1,128})"/dg,
];

function* personsOfSegments(text: string): Generator<Span> {
  for (const match of text.matchAll(SEGMENT)) {
    const { segment = '', fields = '' } = match.groups ?? {};
    let start = match.indices?.groups?.['fields']?.[0] ?? 0;
    for (const [at, field] of fields.split('|').entries()) {
      const end = start + field.length;
      if (PERSONS[segment]?.includes(at + 1) === true && NAME_IN_FIELD.test(field)) yield { start, end };
      start = end + 1;
    }
  }
}

function* formats(text: string): Generator<Span> {
  if (text.includes('|')) {
    yield* spansOf(text, PATIENT);
    yield* personsOfSegments(text);
  }
  if (text.includes('VCARD')) yield* spansOf(text, CARD);
  if (text.includes('given') || text.includes('resourceType') || text.includes('<family'))
    yield* spansOfAll(text, HUMAN_NAME);
}

function* lines(text: string): Generator<Span> {
  for (const span of spansOfRules(text, CUED_FORMS)) {
    if (isPersonBehind('anything', text.slice(span.start, span.end))) yield span;
  }
  for (const span of spansOfRules(text, LIKELY_FORMS)) {
    const found = text.slice(span.start, span.end);
    if (mayBePerson(found) && isLikelyPerson(found)) yield span;
  }
  for (const span of spansOfRules(text, SURE_FORMS)) {
    if (mayBePerson(text.slice(span.start, span.end))) yield span;
  }
  for (const { pattern, needs } of LOGINS) {
    if (!needs.some((literal) => text.includes(literal))) continue;
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? [0, 0];
      const { first2 = '', first = first2, last = '' } = match.groups ?? {};
      if (isGivenName(first) && !NO_LOGIN.test(last)) yield { start, end };
    }
  }
}

const SPACE = 0x20;
const CLOSE = 0x5d;
const COLON = 0x3a;

/** A capital behind the time of a line of a chat, an end behind a time of day; anything behind the other words. */
function mayName(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1);
  if (last === SPACE && text.charCodeAt(end - 2) === CLOSE)
    return (isCapitalAt(text, end) && !isUpperAt(text, end + 1)) || text.charAt(end) === '<';
  if (last === COLON && text.charCodeAt(start) === COLON) return isCapitalAt(text, end);
  return true;
}

function isUpperAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x41 && code <= 0x5a;
}

export const detector: Detector = {
  id: 'person-carrier',
  title: 'Line or phrase whose purpose is to name a person',
  docs: 'https://git-scm.com/docs/git-interpret-trailers; RFC 5322 section 3.6.2; HL7 version 2.5.1; RFC 6350; FHIR HumanName',
  net: 'text',
  keywords: [
    '-by:',
    'author',
    'committer',
    'from:',
    'to:',
    'cc:',
    'sender:',
    'thanks-to',
    'pid|',
    'nk1|',
    'gt1|',
    'pv1|',
    'obr|',
    'orc|',
    'in1|',
    'txa|',
    'sch|',
    'begin:vcard',
    '"given"',
    '<given',
    '<family',
    'resourcetype"',
    ':##] ',
    ':## am',
    ':## pm',
    ':##\n',
    ':## - ',
    ':## <',
    ':## from ',
    ' days ago',
    ' day ago',
    ' hours ago',
    ' hour ago',
    ' minutes ago',
    ' weeks ago',
    ' months ago',
    ' years ago',
    'todo(',
    'fixme(',
    'copyright ',
    '(c) ####',
    ' +##00 ',
    ' +##30 ',
    ' -##00 ',
    ' -##30 ',
    'cn = ',
    'cn=',
    'commonname',
    '\n-- \n',
    '\n--\n',
    '\n-- \r',
    ':x:#',
    ':*:#',
    '\nsn: ',
    'givenname',
    '\ncn: ',
    'attributevalue',
    'account name:',
    'username',
    'user_name',
    'user name',
    'login',
    'logon',
    'samaccountname',
    ' aaaac3nza',
    ' aaaab3nza',
    ' aaaae2vj',
    ...RECORD_KEYWORDS,
  ],
  accepts: mayName,
  shapes: ['at-then-dot'],
  patterns: [
    TRAILER,
    INLINE,
    HEADER,
    NAMED_ADDRESS,
    ADDRESSED,
    PROGRAM,
    PATIENT,
    SEGMENT,
    NAME_IN_FIELD,
    CARD,
    ...HUMAN_NAME,
    ...UNKNOWN_PATTERNS,
    ...[...CUED_FORMS, ...LIKELY_FORMS, ...SURE_FORMS, ...LOGINS, ...RECORD_FORMS].map(
      ({ pattern }) => pattern,
    ),
    NO_LOGIN,
  ],
  *find(text) {
    for (const span of spansOf(text, TRAILER)) {
      if (!PROGRAM.test(text.slice(span.start, span.end).trim())) yield span;
    }
    for (const span of spansOf(text, INLINE)) if (mayBePerson(text.slice(span.start, span.end))) yield span;
    for (const span of spansOf(text, HEADER)) {
      const found = text.slice(span.start, span.end);
      if (ADDRESSED.test(found) || (mayBePerson(found) && isLikelyPerson(found))) yield span;
    }
    yield* lines(text);
    yield* spansOfRules(text, RECORD_FORMS);
    yield* formats(text);
    if (text.includes('<')) yield* spansOf(text, NAMED_ADDRESS);
  },
};
