import { anyCase } from '../any-case.ts';
import { cellsOf } from '../columns.ts';
import { type Rule, type Span, spansOfRules } from '../detector.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';

/** In text and in the fields of a row: what is no place of a person. */
const NO_PLACE =
  /:\/\/|@|^[/.~0]|^[0-9a-f:]{2,64}$|(?:[0-9]{1,3}\.){3}[0-9]|:[0-9]{2,5}$|\[REDACTED|0x[0-9a-f]|[{}$=]|\b(?:sockets?|servers?|nodes?|racks?|hosts?|ports?|localhost|pods?|memory|segment)\b/i;
/** What stands there in a sample or a schema. */
const SAMPLE =
  /^["\s]{0,4}(?:string|text|str|xs:string|varchar|null|none|n\/a|unknown|required|optional|example|street(?:[ _]?name)?|address(?:[ _]?line)?[ ]?[0-9]?)["\s]{0,4}$|\{\{|\$\{|%s/i;
const HAS_WORD = /\p{L}{3}/u;
const HAS_NUMBER = /[0-9]/;
/** With which an address begins, and what stands between its words. */
const LIKE_PLACE = /^["']?(?:[0-9]|\p{Lu}).{0,120}[ +,-]/u;

/** A street and nothing else is expected there, whatever it looks like. */
const STREET_ELEMENT =
  /<(?:[A-Za-z0-9]{1,16}:)?(?:[Ss]treet(?:_?[Nn]ame|_?[Aa]ddress|_?[Ll]ine)?_?[0-9]?|STREET|StrtNm|AdrLine|AddressLine_?[0-9]?|addressLine_?[0-9]?|address_line_?[0-9]?|AddrLine_?[0-9]?)(?: [^<>\n]{0,80})?>\s{0,16}(?<secret>[^<>\n]{3,120})(?=<)/dg;
const ELEMENT =
  /<(?:[A-Za-z0-9]{1,16}:)?(?:[Aa]ddress_?[0-9]?|ADDRESS|[Ll]ine_?[0-9])(?: [^<>\n]{0,80})?>\s{0,16}(?<secret>[^<>\n]{5,120})(?=<)/dg;
/** FHIR, in XML and in JSON. */
const FHIR_LINE = /<line value="(?<secret>[^"\n]{3,120})"/dg;
const FHIR_LINES =
  /"line"[ ]?:[ ]?\[[ ]?(?<secret>"[^\]\n]{3,200})\](?=[^\n]{0,200}"(?:city|postalCode|district|country)")/dg;
/** RFC 6350 section 6.3.1: the box, what extends the address, the street. */
const CARD =
  /(?<![A-Za-z0-9])ADR(?:;[^:\r\n]{0,96})?:[^;\r\n]{0,64};[^;\r\n]{0,64};(?<secret>[^;\r\n]{3,128})/dg;
/** RFC 4519. */
const DIRECTORY = /(?:^|\n)(?:street|postalAddress|homePostalAddress): (?<secret>[^\r\n]{3,160})/dg;
/** UN/EDIFACT, the street of a party; SWIFT MT, the lines behind the name of the ordering and beneficiary customer. */
const PARTY =
  /(?<![A-Z0-9])NAD\+[A-Z]{2,3}\+[^'+\n]{0,80}\+[^'+\n]{0,175}\+[^'+\n]{0,175}\+(?<secret>[^'+\n]{3,140})(?=[+'])/dg;
const CUSTOMER =
  /(?<![A-Za-z0-9]):5(?:0[AFHK]?|9[AF]?):(?:\/[^\r\n]{1,60}\r?\n)?[^:\r\n][^\r\n]{0,60}\r?\n(?<secret>(?!:)[^\r\n]{3,60}(?:\r?\n(?![:-])[^\r\n]{1,60}){0,2})/dg;
const KEY = anyCase(
  '(?:home|street|mailing|postal|billing|shipping|delivery|residential|permanent|current|customer|client)?[_ -]?(?:address|addr)|street(?:[_ -]?(?:name|address|line))?|address[_ -]?line|addr[_ -]?line|stra(?:ß|ss)e|adresse|anschrift|direcci[oó]n|domicilio|indirizzo|endere[cç]o|morada|osoite',
);
const QUOTED = new RegExp(
  `(?<![\\p{L}])${KEY}[_ -]?[1-3]?(?:["'][ ]?[:=][ ]?|[ ]?=[ ]?|[ ]?:[ ]?|[ ](?="))(?:"(?<double>[^"\\n]{5,120})"|'(?<single>[^'\\n]{5,120})')`,
  'dgu',
);
/** In the query of a URL or the body of a form. */
const QUERY = new RegExp(
  `(?<![\\p{L}])${KEY}[_ -]?[1-3]?=(?<secret>[A-Z0-9%][A-Za-z0-9%.,'#_-]{0,40}(?:\\+[A-Za-z0-9%.,'#_-]{1,40}){1,12})(?=[&\\s"']|$)`,
  'dgu',
);
/** `ул. Хвойная, д. 31 к. 9` */
const RUSSIAN =
  /(?<![\p{L}])(?<secret>(?:ул|пер|пр(?:-кт|осп)?|алл|наб|ш|пл|б-р|бул|проезд)\.?[ ][\p{L}0-9][\p{L}0-9 .-]{1,48},[ ]?д(?:ом|\.)[ ]?[0-9]{1,4}[\p{L}]?(?:\/[0-9]{1,3})?(?:,?[ ](?:стр|к|корп|кв|оф|лит)\.?[ ]?[0-9]{1,4}[\p{L}]?(?:\/[0-9]{1,3})?){0,3})/dgu;

const SURE: readonly Rule[] = [
  { pattern: STREET_ELEMENT, needs: ['</'] },
  { pattern: FHIR_LINE, needs: ['<line value'] },
  { pattern: FHIR_LINES, needs: ['"line"'] },
  { pattern: CARD, needs: ['ADR'] },
  { pattern: PARTY, needs: ['NAD+'] },
  { pattern: CUSTOMER, needs: [':50', ':59'] },
  { pattern: RUSSIAN, needs: ['д.', 'дом'] },
];
const LIKELY: readonly Rule[] = [
  { pattern: ELEMENT, needs: ['</'] },
  { pattern: QUERY, needs: ['+'] },
  { pattern: DIRECTORY, needs: ['street: ', 'Address: '] },
];

const COLUMN =
  /^(?:(?:home|street|mailing|postal|billing|shipping|delivery|customer|residential)?(?:address|addr)(?:line)?[12]?|street(?:name|address|line)?[12]?|strasse|straße|adresse|anschrift|direccion|domicilio|indirizzo|endereco|morada|adres|ulica|osoite)$/;

export const KEYED_PATTERNS: readonly RegExp[] = [
  ...[...SURE, ...LIKELY].map(({ pattern }) => pattern),
  QUOTED,
  COLUMN,
  NO_PLACE,
  SAMPLE,
  HAS_WORD,
  HAS_NUMBER,
  LIKE_PLACE,
];

/** Where a key, an element or a column says that an address is meant: then its form matters less. */
export function* keyedAddresses(text: string, starts: readonly number[] | undefined): Generator<Span> {
  for (const span of spansOfRules(text, SURE)) {
    const found = text.slice(span.start, span.end);
    if (HAS_WORD.test(found) && !SAMPLE.test(found)) yield span;
  }
  for (const span of spansOfRules(text, LIKELY)) if (isPlace(text, span)) yield span;
  for (const { indices } of text.matchAll(QUOTED)) {
    const [start, end] = indices?.groups?.['double'] ?? indices?.groups?.['single'] ?? [0, 0];
    if (isPlace(text, { start, end })) yield { start, end };
  }
  if (starts === undefined || starts.length === 0) return;
  for (const cell of cellsOf(text, starts, (column) => COLUMN.test(column)))
    if (isPlace(text, cell)) yield cell;
}

/** Words and a number, as in every address, and nothing that an address of a machine has. */
function isPlace(text: string, { start, end }: Span): boolean {
  const found = text.slice(start, end).trim();
  return HAS_NUMBER.test(found) && HAS_WORD.test(found) && LIKE_PLACE.test(found) && !NO_PLACE.test(found);
}

const COLUMNS = ['street', 'address', 'addr', 'strasse', 'adresse', 'anschrift'];

/** What wakes those forms that the words for places do not. */
export const KEYED_KEYWORDS: readonly string[] = [
  ...['street', 'strtnm', 'adrline', 'addressline', 'address_line', 'addrline', 'line value'].map(
    (name) => `<${name}`,
  ),
  ...['street', 'strtnm', 'adrline', 'addressline', 'addrline'].map((name) => `:${name}`),
  'adr:;',
  'adr;',
  'nad+',
  ...['50', '50a', '50f', '50h', '50k', '59', '59a', '59f'].map((field) => `:${field}:`),
  '"line"',
  ...['address', 'addr', 'street', 'line1', 'line2', 'line_1', 'line_2'].map((key) => `${key}=`),
  ...COLUMNS.flatMap((name) => [',', ';', '\t', '|'].flatMap((sign) => [`${sign}${name}`, `${name}${sign}`])),
];
const OWN = new Set(KEYED_KEYWORDS);

/** Whether one of these is meant; undefined for any other keyword. */
export function mayBeKeyed(text: string, start: number, end: number): boolean | undefined {
  if (!OWN.has(text.slice(start, end).toLowerCase())) return undefined;
  const last = text.charAt(end - 1);
  // The time of day has such numbers as well.
  if (text.charAt(start) === ':' && isDigitAt(text, start + 1)) return !isDigitAt(text, start - 1);
  if (last === '=') return isJoined(text, end);
  if (last === '"') return text.slice(end, end + LIST_REACH).includes('[');
  if (',;\t|'.includes(last)) return isLetterAt(text, end) || text.charAt(end) === '"';
  return true;
}

const LIST_REACH = 4;
const JOINED_REACH = 24;

/** `12+Main+Street`: blanks as a form writes them. */
function isJoined(text: string, from: number): boolean {
  for (let at = from; at < from + JOINED_REACH && at < text.length; at++) {
    if (text.charAt(at) === '+') return true;
    if (!isLetterAt(text, at) && !isDigitAt(text, at) && !"%.,'-".includes(text.charAt(at))) return false;
  }
  return false;
}
