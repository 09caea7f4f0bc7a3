import type { Assignment } from './assignment.ts';
import { isMixedWord } from './in-words.ts';
import { isChosenWord, isJoinedWords } from './states.ts';

/** `value="…" name="db_password"`, `{"value": "…", "name": "DB_PASSWORD"}`, and the two lines of YAML: the value comes first. */
const VALUE_FIRST =
  /(?<![A-Za-z0-9_])(?:value|val|content)\\{0,3}["']?\s{0,4}[:=]\s{0,4}(?<quote>\\{0,3}["']?)(?<value>[^"'\n\\]{1,200})\\{0,3}["']?[\s,]{1,64}(?:\\{0,3}["'])?(?:name|key)\\{0,3}["']?\s{0,4}[:=]\s{0,4}(?:\\{0,3}["'])?[\w.-]{0,64}$/dis;
/** `"x" as the password`, `G-115297 is your … verification code`, `"x"  <- field 'password'`. */
const SAID_FIRST =
  /(?:["'`](?<value>[^"'`\s\\]{4,128})["'`](?:[ ](?:as|is)[ ](?:the|your|its|his|her|a)[ ](?:[A-Za-z-]{1,16}[ ]){0,2}|[ ]{1,4}<-[ ]field[ ]["'])|(?<![\w.:/-])(?:[A-Z]{1,2}-)?(?<code>[0-9]{4,8})[ ]is[ ]your[ ](?:[\w-]{1,20}[ ]){0,3})$/d;
/** `use x as the password`, `x is the new root password`, `set it to x (the admin password)`. */
const BARE_FIRST =
  /(?:(?<![\w.:/@-])(?<value>[^\s"'`<>(){},]{5,64})[ ](?:(?:as|is|was|will be)[ ](?:the|your|our|my|its|his|her|their|a)?[ ]?(?:[A-Za-z-]{1,16}[ ]){0,3}|for[ ](?:the|your|our|my)[ ](?:[A-Za-z-]{1,16}[ ]){0,2})|[ ](?:it|them|this|that)[ ]to[ ](?<set>[^\s"'`<>(){},]{5,64})[ ]\((?:(?:is|as)[ ])?(?:the|new|your|our)[ ](?:[A-Za-z-]{1,16}[ ]){0,3})$/d;
/** What somebody does with a password, in front of it; then also a word will do. */
const USES =
  /\b(?:us(?:e|ed|ing)|tr(?:y|ied|ying)|typed?|enter(?:ed)?|gave|give|put)[ ](?:just[ ]|simply[ ]|the[ ]word[ ])?$/i;
const STARTS = /(?:^|\n|[.:!;—][ ]|:[a-z_]{1,16}:[ ]|[*>-][ ])$/;
/** `as the password field`: the value is what something of it is called. */
const ITS_NAME =
  /^[A-Za-z]{1,16}[ _-](?:[a-z]{1,8}[ ])?(?:field|name|column|param|label|key|type|policy|length|count|id)/i;
const REACH = 320;

export const NAMED_AFTER_PATTERNS: readonly RegExp[] = [
  VALUE_FIRST,
  SAID_FIRST,
  BARE_FIRST,
  USES,
  STARTS,
  ITS_NAME,
];

/** What stands before the name as its value; asked only where nothing is assigned behind it. */
export function valueNamedAfter(text: string, keyStart: number): Assignment | undefined {
  const from = Math.max(0, keyStart - REACH);
  const before = text.slice(from, keyStart);
  const last = text.charCodeAt(keyStart - 1);
  if (last === BLANK || last === APOSTROPHE || last === QUOTE) {
    const said = valueSaidFirst(text, keyStart) ?? bareSaidFirst(text, keyStart);
    if (said !== undefined) return said;
  }
  if (!/(?:name|key)[\\"']{0,4}\s{0,4}[:=]/i.test(before.slice(-96))) return undefined;
  const match = VALUE_FIRST.exec(before);
  const [start, end] = match?.indices?.groups?.['value'] ?? [0, 0];
  if (end === start) return undefined;
  const isQuoted = match?.groups?.['quote'] !== '';
  return { start: from + start, end: from + end, certainty: 'sure', isQuoted, extent: () => from + end };
}

const BLANK = 0x20;
const APOSTROPHE = 0x27;
const QUOTE = 0x22;

function valueSaidFirst(text: string, keyStart: number): Assignment | undefined {
  const from = Math.max(0, keyStart - SENTENCE);
  const before = text.slice(from, keyStart);
  if (!/[ ](?:as|is|field)[ ]/.test(before.slice(-72))) return undefined;
  if (ITS_NAME.test(text.slice(keyStart, keyStart + 48))) return undefined;
  const groups = SAID_FIRST.exec(before)?.indices?.groups;
  const [start, end] = groups?.['value'] ?? groups?.['code'] ?? [0, 0];
  if (end === start) return undefined;
  return {
    start: from + start,
    end: from + end,
    certainty: 'told',
    isQuoted: true,
    extent: () => from + end,
  };
}

const SENTENCE = 208;

/** Without quotes it has to be what nobody takes for a word of the sentence. */
function bareSaidFirst(text: string, keyStart: number): Assignment | undefined {
  const from = Math.max(0, keyStart - SENTENCE);
  const before = text.slice(from, keyStart);
  if (!/[ ](?:as|is|was|be|for|\()[ ]?/.test(before.slice(-72))) return undefined;
  const match = BARE_FIRST.exec(before);
  const groups = match?.indices?.groups;
  const [start, end] = groups?.['value'] ?? groups?.['set'] ?? [0, 0];
  if (end === start) return undefined;
  const value = before.slice(start, end);
  const isUsed = groups?.['set'] !== undefined || USES.test(before.slice(0, start));
  if (match?.[0].includes(' for ') === true && !isUsed) return undefined;
  if (!isUsed && ITS_NAME.test(text.slice(keyStart, keyStart + 48))) return undefined;
  const isFirst = isUsed || STARTS.test(before.slice(0, start)) || from + start === 0;
  if (!isMixedWord(value) && !(isFirst && isPasswordWord(text, keyStart, value, isUsed))) return undefined;
  return {
    start: from + start,
    end: from + end,
    certainty: 'told',
    isQuoted: true,
    extent: () => from + end,
  };
}

/** `kettlebirch is the new password`, and no `biometrics`. */
function isPasswordWord(text: string, keyStart: number, value: string, isUsed: boolean): boolean {
  if (!/^pass|^pw|^pwd/i.test(text.slice(keyStart, keyStart + 4))) return false;
  return isJoinedWords(value) || (isChosenWord(value) && value.length >= (isUsed ? 6 : 10));
}
