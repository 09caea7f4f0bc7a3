import { CLIENT_WORDS } from './clients.ts';
import { LIFE_WORDS } from './life.ts';
import { REPLICATION_WORDS } from './replication.ts';
import type { WordRule } from './rule.ts';
import { STATEMENT_WORDS } from './statements.ts';
import { GENERAL_WORDS } from './statements-general.ts';
import { STORAGE_WORDS } from './storage.ts';
import { WORK_WORDS } from './work.ts';

export type { WordRule } from './rule.ts';

/** What ends a session before it has begun, in words that mean something else in a statement. */
export const FATAL_WORDS: readonly WordRule[] = [
  ['auth_failed', ['role "*" does not exist$']],
  ['role_not_permitted', ['permission denied for database ']],
];

/** What the server says of itself: these are told apart also where the log has the SQLSTATE 00000 for all of them. */
export const SERVER_WORDS: readonly WordRule[] = [
  ...LIFE_WORDS,
  ...STORAGE_WORDS,
  ...WORK_WORDS,
  ...REPLICATION_WORDS,
  ...CLIENT_WORDS,
];

export const ERROR_WORDS: readonly WordRule[] = [...STATEMENT_WORDS, ...GENERAL_WORDS];
