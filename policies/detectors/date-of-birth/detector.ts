import { COLUMN_PATTERNS, cellsOf } from '../columns.ts';
import { type Detector, type Span, spansOf } from '../detector.ts';
import { isDigitAt } from '../letters.ts';

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)';
const DATE = `(?:[0-9]{4}[-/.年][ ]?[0-9]{1,2}[-/.月][ ]?[0-9]{1,2}日?|[0-9]{1,2}[-/. ][ ]?[0-9]{1,2}[-/. ][ ]?(?:[0-9]{4}|[0-9]{2})|[0-9]{1,2}(?:st|nd|rd|th|er|\\.)?[ -](?:of |de )?${MONTH}\\.?,?[ -](?:de )?[0-9]{4}|${MONTH}\\.?[ -][0-9]{1,2}(?:st|nd|rd|th)?,?[ -][0-9]{4}|(?:19|20)[0-9]{6}|[0-9]{8})`;
const WORD =
  '(?:date[ _-]?of[ _-]?birth|\\bbday\\b(?:;[a-z]{1,16}=[a-z0-9-]{1,32}){0,2}|birth[ _-]?(?:date|day|dt)|d(?:ate|t)ofbirth|(?<=")birth(?=")|born[ _-]on|\\bd/o/b|\\bd\\.?o\\.?b\\b\\.?|\\bborn\\b|geburtsdatum|geburtstag|geboren|geb\\.(?:[ -]?dat(?:um)?\\.?)?|date[ _-]?(?:de[ _-]?)?naissance|née? le|né\\(e\\) le|(?:fecha|f\\.)[ _-]?(?:de[ _-]?)?nac(?:imiento|\\.)|nacid[oa] el|data[ _-]?(?:di[ _-]?)?nascita|nat[oa] il|data[ _-]?(?:de[ _-]?)?nasc(?:imento|\\.)|nascid[oa] em|geboortedatum|födelsedatum|född|fødselsdato|syntymäaika|data urodzenia|urodzon[ya]|datum narození|narozen[aý]?|születési|дата рождения|родил(?:ся|ась)|doğum tarihi|ημερομηνία γέννησης|生年月日|出生日期|생년월일)';
const BIRTH = new RegExp(
  `${WORD}(?:[ ]?\\([DMYTJAdmytja/. -]{1,16}\\))?[\\s"'(]{0,3}(?:value=|:[ ]?\\{[ ]?"value"[ ]?:|[:=,>.?|#-]|is|was|on|the|am|of|at|in|el|le|il|\\))?[\\s"'(]{0,24}(?:on |the |am |is |it(?:[’']s| is) |it was |mine is |(?:datetime\\.)?date\\((?=[^()]{8,12}\\)))?(?<secret>${DATE}|(?<=date\\()[0-9]{4}, ?[0-9]{1,2}, ?[0-9]{1,2})(?![0-9])`,
  'dgi',
);
/** Asked for by one, told by the other on the next line of a chat. */
const ANSWERED = new RegExp(
  `${WORD}[^?\\n]{0,80}\\?[^\\n]{0,24}\\r?\\n{1,2}[^0-9\\n]{0,64}(?:\\[?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\\]?[^0-9\\n]{1,48})?(?<secret>${DATE})(?![0-9:])`,
  'dgi',
);
/** The seventh field of a patient's segment (HL7 v2.5.1 section 3.4.2). */
const HL7 = /(?<![A-Za-z0-9])PID\|(?:[^|\n\r]{0,128}\|){6}(?<secret>(?:19|20)[0-9]{6})/dg;
/** Years as people count them: not of a file, a backup, a certificate. */
const AGE = [
  /\b(?<secret>[0-9]{1,3})[- ](?:years?|yrs?)[- ]olds?[- ]{1,2}(?:m|f|male|female|man|woman|boy|girl|patient|person|child|gentleman|lady|student|mother|father|individual|daughter|son|white|black|hispanic|asian|caucasian|who|presents?|with)\b/dgi,
  /\b(?:i[’']?m|he[’']?s|she[’']?s|i am|he is|she is|is an?|was an?|aged?|turn(?:ed|ing|s)?|patient|man|woman|boy|girl)[ ,]{1,2}(?<secret>[0-9]{1,3})(?:[- ](?:years?|yrs?)[- ]olds?|[ ]?y[/. ]?o\b|[ ]?yo\b)/dgi,
  /\b(?<secret>[0-9]{1,3})[ ]?(?:y\/o|y\.o\.|yo\b)(?=[ ,.;]|$)/dgi,
  /\bat the age of (?<secret>[0-9]{1,3})\b/dgi,
  /\b(?:brother|sister|son|daughter|father|mother|wife|husband|i|he|she|just|i[’']ll|will|grandmother|grandfather)[ ](?:just |will )?(?:turn(?:ed|ing|s)?) (?<secret>[0-9]{1,3})\b(?![.,%]?[0-9]|[ ]?(?:ms|s|mb|gb|%|times|items|nodes|pods))/dgi,
  /\b(?:when|since) (?:he|she|i|they) (?:was|were) (?<secret>[0-9]{1,3})\b(?! ?(?:ms|%|times))/dgi,
  /\b(?:patient|customer|employee|person|user)[_ ]age["']?[ ]?[:=][ ]?["']?(?<secret>[0-9]{1,3})\b/dgi,
  /(?<![A-Za-z])(?:gender|sex)["']?[ ]?[:=][^\n]{0,24}\bage["']?[ ]?[:=][ ]?["']?(?<secret>[0-9]{1,3})\b/dgi,
  /(?<![A-Za-z_])age["']?[ ]?[:=][ ]?["']?(?<secret>[0-9]{1,3})\b["']?[,;]?[ ]?["']?(?:gender|sex)(?![A-Za-z])/dgi,
  /\baged (?<secret>[0-9]{1,3})\b(?![.,%]?[0-9]|[- ]?(?:ms|s|m|h|d|secs?|seconds?|minutes?|hours?|days?|weeks?|months?|%|items|nodes|pods))/dgi,
];
const OLDEST = 120;

const NOT_ASCII = /[^\0-\x7f]/;
const NOTHING: readonly Span[] = [];

function births(text: string, starts?: readonly number[]): readonly Span[] {
  const isSpoken = starts?.length !== 0;
  if (!isSpoken && !NOT_ASCII.test(text)) return NOTHING;
  const found = [...spansOf(text, BIRTH), ...spansOf(text, HL7)];
  if (text.includes('?')) found.push(...spansOf(text, ANSWERED));
  if (starts !== undefined) found.push(...columns(text, starts));
  // Years are counted in words of ASCII.
  if (!isSpoken) return found;
  for (const pattern of AGE) {
    for (const span of spansOf(text, pattern)) {
      if (Number(text.slice(span.start, span.end)) <= OLDEST) found.push(span);
    }
  }
  return found;
}

const COLUMN =
  /^(?:(?:date|dt)ofbirth|birth(?:date|day|dt)?|bday|dob|(?:customer|patient|client|member)dob|geburtsdatum|geburtstag|gebdatum|gebdat|datedenaissance|naissance|fechadenacimiento|fechanacimiento|nacimiento|datadinascita|datadenascimento|datanascimento|geboortedatum|dataurodzenia|fodselsdato|fodelsedatum)$/;
const CELL = new RegExp(`^["']?${DATE}(?:[T ][0-9:.]{5,12}Z?)?["']?$`, 'i');

/** Below the header of a table. */
function* columns(text: string, starts: readonly number[]): Generator<Span> {
  for (const span of cellsOf(text, starts, (column) => COLUMN.test(column)))
    if (CELL.test(text.slice(span.start, span.end))) yield span;
}

const Y = 0x79;
/** Of `years`, `yrs`, `y/o`, `y.o.`, `yo` and `y o`. */
const AFTER_Y = [...'er/.o '].map((character) => character.charCodeAt(0));

/** Behind a number, `y` is a unit or the start of a word as well. */
function isNoOtherY(text: string, start: number, end: number): boolean {
  if ((text.charCodeAt(end - 1) | 32) !== Y || !isDigitAt(text, start)) return true;
  return AFTER_Y.includes(text.charCodeAt(end) | 32);
}

export const detector: Detector = {
  id: 'date-of-birth',
  title: 'Date of birth or age of a person',
  docs: 'https://www.hhs.gov/hipaa/for-professionals/privacy/special-topics/de-identification/index.html (dates, ages)',
  net: 'text',
  keywords: [
    'birth',
    'pid|',
    'dob',
    'd.o.b',
    'd.ob',
    'd/o/b',
    ' nac.',
    ' nasc.',
    'do.b',
    'born',
    'bday',
    'geburt',
    'geboren',
    'geb.',
    'geboorte',
    'naissance',
    'nacimiento',
    'nacid',
    'nascita',
    'nascimento',
    'nascid',
    'nato il',
    'nata il',
    'delsedatum',
    'dselsdato',
    'syntym',
    'urodz',
    'naro',
    ' tarihi',
    '#-y',
    '# y',
    '#y',
    'the age of',
    'aged #',
    'turned #',
    'turning #',
    'turns #',
    'turn #',
    'e was #',
    'i was #',
    'y was #',
    'e were #',
    'i were #',
    'y were #',
    '_age',
    ' age"',
    " age'",
    ' age:',
    ' age=',
    ' age :',
    ' age =',
    'sex',
    'gender',
  ],
  accepts: isNoOtherY,
  // For the words that have no letter of ASCII to wait for.
  shapes: ['foreign'],
  patterns: [BIRTH, ANSWERED, HL7, NOT_ASCII, COLUMN, CELL, ...COLUMN_PATTERNS, ...AGE],
  find: births,
};
