import type { Node } from 'libpg-query';
import { walk } from './expression.ts';
import { namePath } from './nodes.ts';
import { COLUMN_BYTES, type Context, type Item, type Scope } from './scope.ts';
import { Refusal } from './verdict.ts';

export const OPTION_NAME = 'option_name';
export const OPTION_VALUE = 'option_value';

/** Settings of one role in one database, at most that are reckoned with. */
const OPTIONS = 100;

/**
 * `pg_options_to_table(setconfig)`: the settings of a role or database, taken apart. Their names may be read; the value
 * of one may be anything that somebody stored there, and is read only where its name is on the safe list. Undefined for
 * any other function.
 */
export function readOptions(
  call: { funcname?: Node[]; args?: Node[] },
  alias: string | undefined,
  left: readonly Item[],
  scope: Scope,
  context: Context,
): Item | undefined {
  const [name, schema, ...rest] = namePath(call.funcname).toReversed();
  if (name !== 'pg_options_to_table' || schema !== 'pg_catalog' || rest.length > 0) return undefined;
  const [argument, ...more] = call.args ?? [];
  if (argument === undefined || more.length > 0 || !('ColumnRef' in argument)) {
    throw new Refusal('ARGUMENT', name, 'hand it one column of settings');
  }
  const value = walk(argument, { ...scope, items: left }, context, 'options');
  if (value.column?.column.access !== 'options')
    throw new Refusal('ARGUMENT', name, 'hand it a column of settings');
  context.functions.add(`pg_catalog.${name}`);
  const column = { fanOut: OPTIONS, bytes: COLUMN_BYTES };
  return {
    alias: alias ?? name,
    kind: 'function',
    columns: new Map([
      [OPTION_NAME, { ...column, name: OPTION_NAME, access: 'read' }],
      [OPTION_VALUE, { ...column, name: OPTION_VALUE, access: 'proved' }],
    ]),
    rows: OPTIONS,
    dependsOn: new Set(left),
  };
}
