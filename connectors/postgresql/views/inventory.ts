import type { AdmittedView, Gap } from '../../sdk/index.ts';
import { integerOrNull, query, type RowOf, text, textOrNull } from '../columns.ts';

/** Everything in the schemas of the views that a policy names: relations, functions, and the columns of the views. */
export const viewInventory = query('views', 2_000, {
  schema: text,
  object: text,
  kind: text,
  position: integerOrNull,
  column_name: textOrNull,
  type_name: textOrNull,
});

export type InventoryRow = RowOf<typeof viewInventory>;

const KINDS: Readonly<Record<string, string>> = {
  r: 'a table',
  p: 'a partitioned table',
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
  S: 'a sequence',
  function: 'a function',
};

/** Refusals that name what they are about; all others are counted in one. */
const MAX_NAMED = 50;

export interface FoundView {
  readonly view: AdmittedView;
  /** Type of each column, as `format_type` names it. */
  readonly types: ReadonlyMap<string, string>;
}

export interface Inventory {
  /** Views that are there with all the columns that the policy names. */
  readonly found: readonly FoundView[];
  /** What the policy names and the server does not have. */
  readonly missing: readonly Gap[];
  /** What the server has and the policy does not name. */
  readonly refused: readonly Gap[];
}

export function takeInventory(rows: readonly InventoryRow[], views: readonly AdmittedView[]): Inventory {
  const found: FoundView[] = [];
  const missing: Gap[] = [];
  for (const view of views) {
    const own = rows.filter((row) => nameOf(row) === view.view && row.kind !== 'function');
    const problem = problemOf(view, own);
    if (problem === undefined) found.push({ view, types: typesOf(own) });
    else missing.push(problem);
  }
  return { found, missing, refused: limited(refusals(rows, views)) };
}

function nameOf({ schema, object }: InventoryRow): string {
  return `${schema}.${object}`;
}

function typesOf(rows: readonly InventoryRow[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [row.column_name ?? '', row.type_name ?? '']));
}

function problemOf(
  { view, columns, groupSize }: AdmittedView,
  rows: readonly InventoryRow[],
): Gap | undefined {
  const [first] = rows;
  if (first === undefined) {
    return {
      gap: 'NOT_FOUND',
      stream: 'views',
      missing: view,
      reason: 'The policy names this view, and the database does not have it.',
      hint: 'Create it, grant the role USAGE on its schema and SELECT on it, or take it out of the policy.',
    };
  }
  if (first.kind !== 'v') {
    return {
      gap: 'UNSUPPORTED',
      refused: 'VIEW_REFUSED',
      missing: view,
      reason: `The policy names it as a view, and it is ${KINDS[first.kind] ?? 'something else'}: only views are read.`,
      hint: 'Make a view of the columns that may be seen.',
    };
  }
  const there = typesOf(rows);
  const names = [...columns.map(({ name }) => name), ...(groupSize === undefined ? [] : [groupSize.column])];
  const absent = names.filter((name) => !there.has(name));
  if (absent.length === 0) return undefined;
  return {
    gap: 'DRIFT',
    stream: 'views',
    missing: view,
    reason: `The view has no column ${absent.join(', ')}, which the policy names; it is not read.`,
    hint: 'Correct the columns of this view in the policy.',
  };
}

function refusals(rows: readonly InventoryRow[], views: readonly AdmittedView[]): readonly Gap[] {
  const byName = new Map(views.map((view) => [view.view, view]));
  const refused = new Map<string, Gap>();
  for (const row of rows) {
    const view = row.kind === 'function' ? undefined : byName.get(nameOf(row));
    if (view === undefined) {
      const what = KINDS[row.kind] ?? 'something';
      refused.set(
        `${nameOf(row)} ${row.kind}`,
        refusal(nameOf(row), `It is ${what} in a schema of evidence`),
      );
    } else if (row.column_name !== null && !namesColumn(view, row.column_name)) {
      const name = `${nameOf(row)}.${row.column_name}`;
      refused.set(name, refusal(name, 'It is a column of a view that is read'));
    }
  }
  return [...refused.values()];
}

function namesColumn({ columns, ignored, groupSize }: AdmittedView, name: string): boolean {
  return (
    columns.some((column) => column.name === name) || ignored.includes(name) || groupSize?.column === name
  );
}

function refusal(name: string, what: string): Gap {
  return {
    gap: 'UNSUPPORTED',
    refused: 'NOT_ALLOWLISTED',
    missing: shown(name),
    reason: `${what}, and no policy names it: it was not read.`,
    hint: 'Name it under views in the policy (treatment drop says that it is known), or take it out of the schema.',
  };
}

/** Names of objects are evidence; what does not look like one is text that somebody wrote. */
function shown(name: string): string {
  return /^[A-Za-z0-9_$.-]{1,200}$/.test(name) ? name : 'an object with an unusual name';
}

function limited(refused: readonly Gap[]): readonly Gap[] {
  if (refused.length <= MAX_NAMED) return refused;
  const rest = refused.length - MAX_NAMED;
  return [
    ...refused.slice(0, MAX_NAMED),
    refusal('others', `There are ${rest} more in the schemas of evidence`),
  ];
}
