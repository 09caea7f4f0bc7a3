import { EvidenceError } from '../errors.ts';

/** Where a page ended: the sort key of its last row. */
export type Position = readonly number[];

/** Changes when a list's sort key does, so that an old cursor is refused instead of misread. */
const VERSION = 1;

/** Opaque to clients: version, list and position. It holds no secret and grants nothing. */
export function encodeCursor(list: string, position: Position): string {
  return Buffer.from([VERSION, list, ...position].join(':')).toString('base64url');
}

/** Throws EvidenceError QUERY unless the cursor is one that `encodeCursor` made for this list. */
export function decodeCursor(list: string, length: number, cursor: string): Position {
  const [version, name, ...fields] = Buffer.from(cursor, 'base64url').toString('latin1').split(':');
  const position = fields.map(Number);
  const valid =
    version === String(VERSION) &&
    name === list &&
    position.length === length &&
    position.every(Number.isSafeInteger) &&
    encodeCursor(list, position) === cursor;
  if (valid) return position;
  throw new EvidenceError('QUERY', 'the cursor is not one of this list', {
    hint: 'Use the value of "next" from the page before, unchanged, or leave the cursor out to start again.',
  });
}
