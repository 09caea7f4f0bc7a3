/** Why the text of a read is not one of the statements that the console may be sent. */
export interface ConsoleProblem {
  readonly code: 'STATEMENT' | 'SHAPE';
  readonly message: string;
}

/**
 * Statements of PgBouncer's admin console that only show numbers and names. Its others pause, kill, reconfigure and shut
 * down, or show addresses and users (SHOW CLIENTS), secrets of its configuration (SHOW CONFIG) or memory
 * (https://www.pgbouncer.org/usage.html).
 */
const ALLOWED: readonly string[] = ['SHOW POOLS', 'SHOW DATABASES', 'SHOW STATS'];

/**
 * Proves a read of the language `pgbouncer`: its whole text is one of the allowed statements, byte for byte, and a line
 * end. Nothing is parsed: the console has a grammar of its own, and what is equal to a known text needs no understanding.
 */
export function checkConsole(text: string): readonly ConsoleProblem[] {
  if (!text.endsWith('\n')) return [{ code: 'SHAPE', message: 'does not end with a line end' }];
  if (ALLOWED.includes(text.slice(0, -1))) return [];
  return [{ code: 'STATEMENT', message: `is none of ${ALLOWED.join(', ')}, written exactly so` }];
}
