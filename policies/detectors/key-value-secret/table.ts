import type { Span } from '../detector.ts';
import { type Cell, isBelowRow, TABLE_PATTERNS as READER_PATTERNS, rowsOf, tableAt } from '../tables.ts';
import { isReference, isSecretLooking, isStatus } from './value.ts';

/** Names of columns whose cells are secrets: passwords whatever they look like, the others where they do. */
const PASSWORD =
  /^(?:\w{1,24}[_ -])?(?:password|passwd|passphrase|passcode|pass|pwd|pword|passwort|kennwort|heslo|hasło|mot de passe|contraseña|contrasena|senha|wachtwoord|lösenord|parola|salasana|adgangskode|passord)$/i;
const SECRET =
  /^(?:\w{1,24}[_ -])?(?:secret|token|api[_ -]?key|access[_ -]?key|secret[_ -]?key|private[_ -]?key)$/i;
/** What a table of the columns of a table has. */
const TYPE =
  /^(?:text|character varying|varchar|char|bytea|string|integer|bigint|boolean|uuid|json|timestamp)\b/i;
/** `user, password and host` */
const PROSE = /[,;] /;

export const TABLE_PATTERNS: readonly RegExp[] = [PASSWORD, SECRET, TYPE, PROSE, ...READER_PATTERNS];

interface Secrets {
  readonly secrets: readonly Span[];
  /** Up to here the text is rows of this table. */
  readonly end: number;
}

/** The cells below the names of columns, where the line of the key names columns; undefined elsewhere. */
export function tableAround(text: string, keyStart: number, keyEnd: number): Secrets | undefined {
  const [before, after] = [text.charCodeAt(keyStart - 1), text.charCodeAt(keyEnd)];
  if (!(MAY_BOUND[before] === 1 || keyStart === 0) || MAY_BOUND[after] !== 1) return undefined;
  const table = tableAt(text, keyStart);
  if (table === undefined || isBelowRow(text, table)) return undefined;
  const { columns, separator, body, isRuled } = table;
  // `cat token | sort`
  if (
    separator === '|'
      ? !isRuled && !isBarred(text, table.start, body)
      : PROSE.test(text.slice(table.start, body))
  )
    return undefined;
  const secrets: Span[] = [];
  let last = body;
  for (const { cells, end } of rowsOf(text, table)) {
    last = end;
    for (const [index, cell] of cells.entries()) {
      if (isSecretCell(columns[index]?.value ?? '', cell)) secrets.push(cell);
    }
  }
  return { secrets, end: last };
}

/** Without a rule between them, the line of the names and the next one begin and end with a bar. */
function isBarred(text: string, start: number, body: number): boolean {
  const next = text.slice(body, body + LONGEST_ROW);
  const found = next.indexOf('\n');
  return [text.slice(start, body), found === -1 ? next : next.slice(0, found)].every((line) => {
    const trimmed = line.trim();
    return trimmed.length > 2 && trimmed.startsWith('|') && trimmed.endsWith('|');
  });
}

const LONGEST_ROW = 1024;

/** What may stand beside the name of a column. */
const MAY_BOUND = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\s|,;"'_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function isSecretCell(name: string, { value }: Cell): boolean {
  if (value.length < 4 || isReference(value) || isStatus(value) || TYPE.test(value) || /\s/.test(value))
    return false;
  return PASSWORD.test(name) || (SECRET.test(name) && isSecretLooking(value));
}
