import type { FunctionRule } from './functions.ts';

/**
 * What a read of the server log calls, and no other template may. The file that is read must come from what the server
 * lists (argument rule `listed`), and the length of a piece must be written in the text.
 */
const LOG_FUNCTIONS: ReadonlyMap<string, FunctionRule> = new Map<string, FunctionRule>([
  ['current_setting', { kind: 'scalar', growth: 1, argument: 'logSetting' }],
  ['pg_current_logfile', { kind: 'scalar', growth: 1 }],
  ['pg_ls_logdir', { kind: 'set', growth: 1, columns: ['name', 'size', 'modification'], rows: 1_000 }],
  ['pg_read_binary_file', { kind: 'scalar', growth: 1, argument: 'listed', costly: true }],
]);

/** The functions that a statement may call beyond the lists. */
export function logFunctions(readsLog: boolean | undefined): ReadonlyMap<string, FunctionRule> {
  return readsLog === true ? LOG_FUNCTIONS : new Map();
}
