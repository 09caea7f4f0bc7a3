import { type Detector, type Span, spansOf } from '../detector.ts';
import { FIRST_NAMES } from './first-names.ts';
import * as signs from './signs.ts';

// A word as names are written: Jane, O'Brien, McDonald, Jean-Luc, Østergård; initials; von, de la, bin between.
const WORD = "\\p{Lu}[\\p{L}\\p{M}]{0,24}(?:['’-]\\p{L}[\\p{L}\\p{M}]{0,24}){0,2}";
const PARTICLE = '(?:van|von|de|del|della|di|da|dos|du|der|den|la|le|bin|al|el|ter|zu)';
const REST = `(?:[ ](?:${PARTICLE}[ ]){0,2}(?:${WORD}|\\p{Lu}\\.)){0,3}`;
const REST_NEEDED = `(?:[ ](?:${PARTICLE}[ ]){0,2}(?:${WORD}|\\p{Lu}\\.)){1,3}`;
const NAME = `${WORD}${REST}`;
const FULL_NAME = `${WORD}${REST_NEEDED}`;
const START = '(?<![\\p{L}\\p{N}_.-])';

/** Behind these stands nothing but a name. */
const TITLED = [
  new RegExp(
    `${START}(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|Mlle|Hr|Fr|Sra?|Sig|Sig\\.ra|Dott|Herr|Frau|Miss|Madam|Madame|Monsieur|Señora?|Signora?|Professor|Doctor|Mister|Mesdames|Pan|Pani|Gospodin)\\.?[ ]{1,2}(?<secret>${NAME})`,
    'dgu',
  ),
  new RegExp(`${START}(?:mr|mrs|ms|dr|prof|mme)\\.[ ](?<secret>[\\p{L}'’-]{2,25}(?:[ ]${WORD}){0,2})`, 'dgu'),
];

const SPOKEN = [
  new RegExp(
    `(?:[Mm]y|[Hh]is|[Hh]er|[Tt]he|[Pp]artner[’']s|[Ff]ull|[Mm]aiden|[Ll]ast|[Ff]irst|[Ff]amily|[Gg]iven|[Mm]iddle)[ ](?:full |maiden |last |first |family |given )?name (?:is|was)[: ]{1,2}(?<secret>${NAME})`,
    'dgu',
  ),
  new RegExp(
    `(?:\\b[Ii](?:[’']m| am)|\\b[Tt]his is|\\bnamed|\\bwas called|\\bis called|\\bname on (?:it|the card) is|\\bunder)[ ](?<secret>${FULL_NAME})`,
    'dgu',
  ),
  new RegExp(
    `${START}(?:Dear|Hello|Hi|Hey|Hallo|Liebe[r]?|Cher|Chère|Estimad[oa]|Querid[oa]|Caro|Cara|Beste|Kära|Sehr geehrter? (?:Herr|Frau))[ ](?<secret>${NAME})(?=[,!:.\\n]|$)`,
    'dgu',
  ),
  new RegExp(
    `(?:[Rr]egards|[Ss]incerely|[Yy]ours truly|[Cc]heers|[Bb]est wishes|[Tt]hank you|[Tt]hanks|Grüße|Grüßen|[Cc]ordialement|[Ss]aludos),?[ ]{0,2}\\r?\\n[ ]{0,4}(?<secret>${NAME})[ ]{0,4}(?=[\\r\\n,]|$)`,
    'dgu',
  ),
];

const ROLE =
  '(?:customer|client|patient|employee|author|committer|contact|owner|user|member|passenger|recipient|sender|attendee|applicant|candidate|student|teacher|manager|supervisor|colleague|engineer|doctor|nurse|tenant|borrower|cardholder|card holder|account holder|holder|beneficiary|payee|insured|subscriber|guest|buyer|seller|shopper|driver|witness|defendant|plaintiff|victim|spouse|husband|wife|father|mother|brother|sister|son|daughter|friend|assignee|reviewer|approver|on-call|oncall|requested by|approved by|reported by|assigned to|created by|signed by|contacted by|submitted by|reviewed by|deployed by|triggered by|paged|notified|attn|attention|c/o|kunde|klient|client[e]?|cliente|paciente|paziente|mitarbeiter|empleado)';
const ROLES = [
  // With a colon or in a field of its own, any name of several words.
  new RegExp(
    `(?<![\\p{L}])${ROLE}(?:[ _-]?name)?["']?[ ]?[:=][ ]?["']?(?<secret>${FULL_NAME})(?=["']?[ ]{0,4}(?:[,;.)}\\]\\n\\r|(<&]|$))`,
    'dgiu',
  ),
];
const FIELD = new RegExp(
  `(?<![\\p{L}])(?:first|last|given|family|middle|maiden|full|sur|fore|nick|second|customer|client|patient|employee|contact|cardholder|card[_ -]?holder|account[_ -]?holder|beneficiary|person|legal|preferred|mother[’']?s?[_ -]maiden|father[’']?s?|spouse)[_ -]?name["']?[ ]?[:=][ ]?["']?(?<secret>\\p{L}[\\p{L}\\p{M}'’.-]{0,30}(?:[ ]\\p{Lu}[\\p{L}\\p{M}'’.-]{0,30}){0,3})`,
  'dgiu',
);
/** A known given name and a word that goes on as names do: only in texts with another sign of a person. */
const PAIR = new RegExp(`${START}(?<first>${WORD})(?<rest>${REST_NEEDED})`, 'dgu');
const NO_SURNAME =
  /^(?:Server|Service|Cluster|Metrics?|Agent|Api|API|App|Bot|CI|Build|Error|Docker|Node|Pod|Key|Token|Street|St|Road|Rd|Avenue|Ave|University|Institute|Hospital|School|January|February|March|April|May|June|July|August|September|October|November|December)$/;
const NO_NAME =
  /^(?:The|This|That|New|Sure|Not|All|From|Connection|Error|Unknown|None|Null|True|False|Team|Support|Customer|Sir|Madam|World|There|Everyone|Folks|User|Admin|Root|System|Kubernetes|Docker|Node|Default)\b/;

function* names(text: string): Generator<Span> {
  const seen = signs.signsOf(text);
  if ((seen & signs.TITLE) !== 0) for (const pattern of TITLED) yield* namesOf(text, pattern);
  if ((seen & (signs.SPOKEN | signs.CLOSING)) !== 0)
    for (const pattern of SPOKEN) yield* namesOf(text, pattern);
  if ((seen & signs.FIELD) !== 0) yield* fields(text);
  if ((seen & signs.PAIR) !== 0) yield* pairs(text);
}

function* fields(text: string): Generator<Span> {
  for (const pattern of ROLES) {
    for (const span of spansOf(text, pattern)) if (isName(text.slice(span.start, span.end))) yield span;
  }
  for (const span of spansOf(text, FIELD)) {
    if (/^\p{Lu}/u.test(text.slice(span.start, span.end)) && !/[-.]/.test(text.charAt(span.end))) yield span;
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

/** The flag `i` of the words before makes letters of any case match, so the case is judged here. */
function isName(found: string): boolean {
  return (
    found
      .split(' ')
      .every((word) => /^(?:\p{Lu}|(?:van|von|de|del|di|da|du|der|den|la|le|bin|al)$)/u.test(word)) &&
    !NO_NAME.test(found)
  );
}

export const detector: Detector = {
  id: 'person-name',
  title: 'Name of a person behind a title, a greeting or the name of a field',
  docs: 'https://www.w3.org/International/questions/qa-personal-names',
  net: 'text',
  keywords: [
    'mr.',
    'mr ',
    'mrs',
    'ms.',
    'ms ',
    'dr.',
    'dr ',
    'prof.',
    'miss ',
    'herr ',
    'frau ',
    'señor',
    'mme',
    'monsieur',
    'madame',
    'sir ',
    'doctor',
    'professor',
    'name is',
    'name was',
    'my name',
    "i'm ",
    'i am ',
    'this is ',
    'named ',
    'called ',
    'under ',
    'dear ',
    'hello ',
    'hi ',
    'hey ',
    'regards',
    'sincerely',
    'cheers',
    'thanks',
    'thank you',
    'name:',
    'name"',
    'name=',
    "name'",
    'name =',
    'name :',
    'customer',
    'client',
    'patient',
    'employee',
    'author',
    'contact',
    'owner',
    'member',
    'passenger',
    'recipient',
    'applicant',
    'candidate',
    'student',
    'manager',
    'holder',
    'beneficiary',
    'payee',
    'insured',
    'guest',
    'assignee',
    'requested by',
    'approved by',
    'reported by',
    'assigned to',
    'created by',
    'signed by',
    'attn',
    'paged',
    'notified',
    'c/o',
    'wife',
    'husband',
    'brother',
    'sister',
    'father',
    'mother',
    'daughter',
    ' son ',
    ' he ',
    ' she ',
    ' his ',
    ' her ',
    'user:',
    'user=',
    'user"',
    'user ',
    'account',
    'card',
    'phone',
    'address',
    'email',
    'e-mail',
    'passport',
    'ssn',
    'lives ',
    'born',
  ].filter((word) => /^[\x20-\x7e]{1,64}$/.test(word)),
  shapes: ['phone-digits', 'at-then-dot'],
  patterns: [...TITLED, ...SPOKEN, ...ROLES, FIELD, PAIR, NO_SURNAME, NO_NAME],
  find: names,
};
