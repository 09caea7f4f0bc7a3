import { Refusal } from './verdict.ts';

/** In UTF-8 bytes. Parsing costs time and memory in proportion; no template comes near it. */
export const MAX_SQL_BYTES = 16 * 1024;

/**
 * Checks what must hold before the parser may see the text. A NUL ends the text for the parser but not for every
 * driver; a lone surrogate has no UTF-8 form; other control characters and non-characters have no use in a template.
 */
export function checkText(sql: string): void {
  if (sql.length > MAX_SQL_BYTES || Buffer.byteLength(sql, 'utf8') > MAX_SQL_BYTES) {
    throw new Refusal('TOO_LONG', `at most ${MAX_SQL_BYTES} bytes`);
  }
  if (!sql.isWellFormed()) throw new Refusal('BAD_TEXT', 'a lone surrogate');
  for (const character of sql) {
    const code = character.codePointAt(0) ?? 0;
    if (isForbidden(code)) {
      throw new Refusal('BAD_TEXT', `U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
    }
  }
}

function isForbidden(code: number): boolean {
  if (code < 0x20) return code !== 0x09 && code !== 0x0a && code !== 0x0b && code !== 0x0c && code !== 0x0d;
  if (code >= 0x7f && code <= 0x9f) return true;
  // The replacement character is what is left of invalid UTF-8.
  return code === 0xfffd || code === 0xfeff || (code & 0xfffe) === 0xfffe;
}
