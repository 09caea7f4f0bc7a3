import type { Span } from '../detector.ts';
import { isMixedWord } from './in-words.ts';
import { isJoinedWords } from './states.ts';
import { isReference, isStatus } from './value.ts';

const LONGEST_LINE = 512;
const REACH = 4096;
const MOST_ROWS = 64;
const COLUMN = /\S{1,256}(?:[ ]\S{1,256}){0,8}/g;
const NAME = /^[A-Za-z][\w .#()-]{0,32}$/;
const PASSWORD =
  /^(?:\w{1,24}[_ -])?(?:password|passwd|passphrase|pass|pwd|pw|passwort|kennwort|heslo|senha|wachtwoord|parola|salasana|secret)$/i;
/** Below the names, as sqlcmd prints it. */
const RULE = /^[\s-]{3,512}$/;

export const ALIGNED_PATTERNS: readonly RegExp[] = [COLUMN, NAME, PASSWORD, RULE];

interface Aligned {
  readonly secrets: readonly Span[];
  /** Up to here the text is rows of this table. */
  readonly end: number;
}

interface Cell extends Span {
  readonly value: string;
}

/** The cells below a name that is a key, in columns with two blanks or more between them; undefined elsewhere. */
export function alignedAround(text: string, keyStart: number, keyEnd: number): Aligned | undefined {
  if (!isBlank(text, keyEnd) || text.charAt(keyStart - 1) === '-') return undefined;
  const from = Math.max(0, keyStart - LONGEST_LINE);
  const start = from + text.slice(from, keyStart).lastIndexOf('\n') + 1;
  const end = keyEnd + text.slice(keyEnd, keyEnd + LONGEST_LINE).indexOf('\n');
  if (end < keyEnd) return undefined;
  const names = cellsOf(text, start, end);
  if (names.length < 2 || !names.every(({ value }) => NAME.test(value))) return undefined;
  const column = names.findIndex((cell) => cell.start <= keyStart && cell.end >= keyEnd);
  if (!PASSWORD.test(names[column]?.value ?? '')) return undefined;
  return rowsBelow(text, end + 1, names, column);
}

function rowsBelow(text: string, from: number, names: readonly Cell[], column: number): Aligned {
  const limit = Math.min(text.length, from + REACH);
  const secrets: Span[] = [];
  let isRuled = false;
  let at = from;
  for (let row = 0; row < MOST_ROWS && at < limit; row++) {
    const found = text.slice(at, limit).indexOf('\n');
    const end = found === -1 ? limit : at + found;
    if (row === 0 && RULE.test(text.slice(at, Math.min(end, at + LONGEST_LINE)))) isRuled = true;
    else {
      const cells = cellsOf(text, at, end);
      const cell = cells.length === names.length ? cells[column] : undefined;
      if (cell === undefined) break;
      if (isSecretCell(cell.value, isRuled)) secrets.push(cell);
    }
    at = end + 1;
  }
  return { secrets, end: Math.min(at, text.length) };
}

function isSecretCell(value: string, isRuled: boolean): boolean {
  if (value.length < 4 || /\s/.test(value) || isReference(value) || isStatus(value)) return false;
  return isRuled || isMixedWord(value) || isJoinedWords(value);
}

function cellsOf(text: string, start: number, end: number): Cell[] {
  const line = text.slice(start, Math.min(end, start + LONGEST_LINE));
  return [...line.matchAll(COLUMN)].map(({ index, 0: value }) => ({
    start: start + index,
    end: start + index + value.length,
    value,
  }));
}

function isBlank(text: string, at: number): boolean {
  return at === text.length || /\s/.test(text.charAt(at));
}
