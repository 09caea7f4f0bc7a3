import type { Span } from '../detector.ts';
import { isReference, isSecretLooking, isStatus } from './value.ts';

/** What stands between the cells of a row. */
type Separator = '|' | '\t' | ',' | ';';

const SEPARATORS: readonly Separator[] = ['|', '\t', ',', ';'];
/** Names of columns whose cells are secrets: passwords whatever they look like, the others where they do. */
const PASSWORD =
  /^(?:\w{1,24}[_ -])?(?:password|passwd|passphrase|passcode|pass|pwd|pword|passwort|kennwort)$/i;
const SECRET =
  /^(?:\w{1,24}[_ -])?(?:secret|token|api[_ -]?key|access[_ -]?key|secret[_ -]?key|private[_ -]?key)$/i;
const NAME = /^[A-Za-z][\w .#()-]{0,40}$/;
/** Below the names of psql, MySQL and Markdown. */
const RULE = /^[\s|+:=-]{3,512}$/;
/** What a table of the columns of a table has. */
const TYPE =
  /^(?:text|character varying|varchar|char|bytea|string|integer|bigint|boolean|uuid|json|timestamp)\b/i;
const LONGEST_LINE = 512;
/** Rows are read up to here behind the names. */
const REACH = 4096;
const MOST_ROWS = 64;

export const TABLE_PATTERNS: readonly RegExp[] = [PASSWORD, SECRET, NAME, RULE, TYPE];

interface Table {
  readonly secrets: readonly Span[];
  /** Up to here the text is rows of this table. */
  readonly end: number;
}

interface Cell extends Span {
  readonly value: string;
}

/** The cells below a name of a column that is a key, where the line of the key names columns; undefined elsewhere. */
export function tableAround(text: string, keyStart: number, keyEnd: number): Table | undefined {
  const [before, after] = [text.charCodeAt(keyStart - 1), text.charCodeAt(keyEnd)];
  if (!(MAY_BOUND[before] === 1 || keyStart === 0) || MAY_BOUND[after] !== 1) return undefined;
  const start = text.lastIndexOf('\n', keyStart) + 1;
  const end = text.indexOf('\n', keyEnd);
  if (end === -1 || end - start > LONGEST_LINE) return undefined;
  const line = text.slice(start, end);
  const separator = SEPARATORS.find((sign) => line.includes(sign));
  // `user, password and host`
  if (separator === undefined || /[,;][ ]/.test(line)) return undefined;
  const names = cellsOf(text, start, end, separator);
  if (names.length < 2 || !names.every(({ value }) => NAME.test(value)) || isRow(text, start, separator))
    return undefined;
  return readRows(text, end + 1, names, separator);
}

/** What may stand beside the name of a column. */
const MAY_BOUND = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\s|,;"'_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Whether the line in front has cells, too: then this one is no line of names. */
function isRow(text: string, start: number, separator: Separator): boolean {
  const before = text.slice(Math.max(0, start - LONGEST_LINE), Math.max(0, start - 1));
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return line.includes(separator) && !RULE.test(line);
}

function readRows(
  text: string,
  from: number,
  names: readonly Cell[],
  separator: Separator,
): Table | undefined {
  const limit = Math.min(text.length, from + REACH);
  const secrets: Span[] = [];
  let isRuled = separator !== '|';
  let at = from;
  for (let row = 0; row < MOST_ROWS && at < limit; row++) {
    const lineBreak = text.indexOf('\n', at);
    const end = lineBreak === -1 || lineBreak > limit ? limit : lineBreak;
    if (RULE.test(text.slice(at, Math.min(end, at + LONGEST_LINE)))) isRuled = true;
    else {
      const cells = cellsOf(text, at, end, separator);
      if (!isRuled || cells.length !== names.length) break;
      for (const [index, cell] of cells.entries()) {
        if (isSecretCell(names[index]?.value ?? '', cell.value)) secrets.push(cell);
      }
    }
    at = end + 1;
  }
  return secrets.length === 0 ? undefined : { secrets, end: Math.min(at, text.length) };
}

function isSecretCell(name: string, value: string): boolean {
  if (value.length < 4 || isReference(value) || isStatus(value) || TYPE.test(value) || /\s/.test(value))
    return false;
  return PASSWORD.test(name) || (SECRET.test(name) && isSecretLooking(value));
}

/** The cells of a line without blanks, quotes, and the separators at both ends. */
function cellsOf(text: string, start: number, end: number, separator: Separator): Cell[] {
  const cells: Cell[] = [];
  for (let at = start; at <= end; ) {
    const found = text.indexOf(separator, at);
    const stop = found === -1 || found > end ? end : found;
    cells.push(trimmed(text, at, stop));
    at = stop + 1;
  }
  if (separator === '|' && cells.at(-1)?.value === '') cells.pop();
  if (separator === '|' && cells[0]?.value === '') cells.shift();
  return cells;
}

function trimmed(text: string, from: number, to: number): Cell {
  let [start, end] = [from, to];
  while (start < end && AROUND.includes(text.charAt(start))) start++;
  while (end > start && AROUND.includes(text.charAt(end - 1))) end--;
  return { start, end, value: text.slice(start, end) };
}

const AROUND = ' \r\t"\'';
