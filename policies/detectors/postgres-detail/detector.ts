import { type Detector, type Span, spansOfAll } from '../detector.ts';

// What the server quotes from rows, statements and files in its messages.
const QUOTING = [
  /(?:at or near|invalid input syntax for (?:type )?[\w ]{1,64}:|invalid input value for enum [\w".]{1,128}:|invalid byte sequence [^:\n]{1,64}:|malformed [\w ]{1,64}:|out of range(?: for type [\w ]{1,32})?:|Escape sequence|Token|key value:|argument|field value out of range:|invalid value for [^:\n]{1,64}:|, column [^:\n]{1,128}:|COPY [^\n:]{1,256}:|invalid regular expression:|JSON data, line [0-9]{1,10}:|character with byte sequence|(?<!\b(?:the|a|its|this|that|your|our|their|default|special|same) )(?:value|element|string)|near) (?!"(?:%[a-z0-9.]{1,4}"|\\?-))(?<secret>"[^\n]{0,1024}?"?(?=$|\n| at character | of | is | cannot| out | in |,|\.(?:\s|$))|"[^\n]{0,65536})/dg,
  /archive command was: (?<secret>[^\n]{1,4096})/dg,
  /pg_hba\.conf[^\n]{0,16} line [0-9]{1,9}: (?<secret>"[^\n]{1,1024}")/dg,
  /JSON data, line [0-9]{1,10}: (?<secret>[^\n]{1,4096})/dg,
  /COPY [^\s,]{1,256}, line [0-9]{1,18}(?:, column [^\s:]{1,256})?: (?<secret>[^\n]{1,8192})/dg,
  // A file that a statement names; where the server's own lie is what an incident is about.
  /could not open file (?!"(?:[^"\n]{0,256}\/)?(?:base|global|log|pg_[a-z_]{1,32}|postgres(?:ql)?)[/"]|"[^"\n]{0,256}%)(?<secret>"[^"\n]{1,1024}")(?= for (?:reading|writing)\b)/dg,
];
// Rows and keys hold any character, brackets included: only the rest of the sentence tells where they end.
const ROW_START =
  /Failing row contains (?=\()|Key \([^\n]{1,1024}?\)=(?=\()|\bkey \([^\n]{1,1024}?\)=(?=\()|failing row contains (?=\()/g;
const ROW_END =
  /\)(?= already exists| is not present| is still referenced| conflicts with| is duplicated|\.(?:\s|$)|"|$)/g;

function rows(text: string): readonly Span[] {
  const found: Span[] = [];
  let end = 0;
  for (ROW_START.lastIndex = 0; ROW_START.test(text); ) {
    const start = ROW_START.lastIndex;
    if (end <= start) end = endOfRow(text, start);
    found.push({ start, end });
  }
  return found;
}

function endOfRow(text: string, start: number): number {
  ROW_END.lastIndex = start;
  return ROW_END.test(text) ? ROW_END.lastIndex : text.length;
}

export const detector: Detector = {
  id: 'postgres-detail',
  title: 'Value that PostgreSQL quotes in a message or its detail',
  docs: 'https://www.postgresql.org/docs/current/error-style-guide.html; errdetail in src/backend/executor and utils/adt',
  net: 'text',
  keywords: [
    'at or near "',
    'invalid input',
    'invalid byte',
    'invalid value',
    'invalid regular',
    'malformed',
    'out of range',
    'escape sequence',
    'token "',
    'key value:',
    'argument "',
    'copy ',
    'json data',
    'byte sequence',
    'row contains',
    'key (',
    'archive command',
    'pg_hba',
    'value "',
    'element "',
    'string "',
    'could not open file',
  ],
  shapes: [],
  patterns: [...QUOTING, ROW_START, ROW_END],
  find(text) {
    const found = rows(text);
    // Nearly all else is quoted, or stands behind a colon.
    if (!text.includes('"') && !text.includes(': ')) return found;
    return [...found, ...spansOfAll(text, QUOTING)];
  },
};
