/** Characters before a number among which the header of a table, or a label on the line above, is looked for. */
const LINES_REACH = 256;
const DELIMITERS = ['|', '\t', ';', ','];
const RULE = /^[\s|+:=-]{1,256}$/;
const COLUMN = /^[\s"'`*]{0,8}[\p{L}#][\p{L}\p{M}\p{N}\s_.,:"'’`*°º#()/-]{0,48}$/u;
const ROWS_ABOVE = 4;
/** Before the first thing on a line, with or without a key that says nothing by itself. */
const GOES_ON =
  /^[\s"'`*>|•·-]{0,32}(?<key>(?:<|["'])?(?:number|nummer|num|nr|no|id|value|code|text|data|n°|nº|#)["']?[ ]?[:=>][ ]?["'`]?)?$/i;
/** So many words at the end of a line can be a label. */
const LABEL_WORDS = 5;
/** The key of the number itself. */
const KEY =
  /(?<![A-Za-z0-9_.-])(?:(?<given>[A-Za-z][A-Za-z0-9_.-]{0,48})=|(?<!\p{L}[ ])(?<key>[A-Za-z][A-Za-z0-9_.-]{0,48})\\{0,2}["']?[ ]?[:=][ ]?)\\{0,2}["']?$/u;
/** What such a key is given counts or orders something, even where the key begins with the name of a number. */
const COUNTER =
  /(?:^|[_.-])(?:ts|time|timestamp|epoch|iat|exp|nbf|lsn|gtid|xid|txid|seq|sequence|offset|revision|generation|len|length|count|counter|total|size|port|pid|ppid|tid|ms|ns|us|sec|secs|seconds|bytes)$/;
/** Of these keys nothing but themselves says what the number is. */
const OTHER = /(?:^|[_.-])(?:at|date|expiry|expires|version|line|row|status)$/;
const COMPOUND_ID = /[a-z0-9][_.-]id$/;
const HUMP = /(?<=[a-z0-9])(?=[A-Z])/g;
/** `issue #7`, and a character written as its number. */
const NUMBERED =
  /(?:&|(?:^|[^\p{L}])(?:issue|pr|pull|pull request|merge request|mr|ticket|bug|order|invoice|build|run|job|case|task|request|line|step|attempt|row|item|version|release|pipeline|commit|event|batch|node|shard|worker|thread|cpu)s?[ ]?)#$/iu;
const NAMED_SIGN = /[\p{L}.)][ ]#$/u;
const SIGN_REACH = 48;

/** What is said of a number on both sides of it. */
interface Nearby {
  readonly left: string;
  readonly right: string;
}

const NOTHING: Nearby = { left: '', right: '' };

export const NEARBY_PATTERNS: readonly RegExp[] = [
  RULE,
  COLUMN,
  GOES_ON,
  KEY,
  COUNTER,
  OTHER,
  COMPOUND_ID,
  HUMP,
  NUMBERED,
  NAMED_SIGN,
];

/**
 * What is said of a number: what stands before and behind it on its line; the name of its column where it stands in a
 * table; the label that ends the line above where nothing else stands before it.
 */
export function nearby(text: string, start: number, end: number, before: number, after: number): Nearby {
  const above = text.slice(Math.max(0, start - LINES_REACH), start);
  const lineBreak = above.lastIndexOf('\n');
  const line = above.slice(lineBreak + 1);
  const right = lineOf(text.slice(end, end + after));
  if (line.endsWith('#')) return NUMBERED.test(line) ? NOTHING : { left: line.slice(-SIGN_REACH), right };
  const own = ownOf(line.slice(-before));
  if (own !== undefined) return { left: own, right: '' };
  if (lineBreak === -1 || line.length >= before) return { left: line.slice(-before), right };
  const lines = above.slice(0, lineBreak).split('\n');
  const column = columnOf(lines, line, lineOf(text.slice(end, end + LINES_REACH)));
  if (column !== undefined) return { left: `${line} ${column} `, right };
  const goesOn = GOES_ON.exec(line);
  if (goesOn === null) return { left: line, right };
  if (goesOn.groups?.['key'] !== undefined) return { left: above.slice(-before), right };
  return { left: `${lastWords(lines)} ${line}`, right };
}

/** Whether a sign before a number belongs to the word before it, and that word counts nothing. */
export function isNamedBySign(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - SIGN_REACH), start);
  return NAMED_SIGN.test(before) && !NUMBERED.test(before);
}

/** Whether its own key says that a number counts or orders something. */
export function isCounter(text: string, start: number): boolean {
  return COUNTER.test(keyOf(text.slice(Math.max(0, start - SIGN_REACH), start)) ?? '');
}

function lineOf(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end);
}

/** Where its own key says what a number is, only this; undefined where it does not. */
function ownOf(line: string): string | undefined {
  const key = keyOf(line);
  if (key === undefined) return undefined;
  if (COUNTER.test(key)) return '';
  return OTHER.test(key) || COMPOUND_ID.test(key) ? `${key} ` : undefined;
}

/** With its words joined by signs, in small letters. */
function keyOf(line: string): string | undefined {
  const { given, key = given } = KEY.exec(line)?.groups ?? {};
  return key?.replaceAll(HUMP, '_').toLowerCase();
}

/** The name of the column below which a number stands; rows of the same table may stand between. */
function columnOf(above: readonly string[], line: string, rest: string): string | undefined {
  const delimiter = DELIMITERS.find((sign) => line.includes(sign) || rest.includes(sign));
  if (delimiter === undefined) return undefined;
  const width = `${line}${rest}`.split(delimiter).length;
  for (const header of above.filter((one) => !RULE.test(one)).slice(-ROWS_ABOVE)) {
    const columns = header.split(delimiter);
    if (columns.length === width && columns.every((column) => column.trim() === '' || COLUMN.test(column)))
      return columns[line.split(delimiter).length - 1];
  }
  return undefined;
}

/** With which the last line ends. */
function lastWords(lines: readonly string[]): string {
  const last = lines.findLast((one) => one.trim() !== '') ?? '';
  return last.trim().split(/\s/).slice(-LABEL_WORDS).join(' ');
}
