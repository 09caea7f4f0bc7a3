import type { Treatment } from '../connectors/sdk/index.ts';
import type { CompiledPolicy } from './compile.ts';
import { layersOf } from './decide.ts';
import { NotDeclared } from './explain.ts';
import type { ViewRule } from './policy.ts';
import { placeIn, type RulePlace } from './rule-place.ts';
import { hintFor } from './suggest.ts';

/** What may be read of a view, and which entry says so. */
export interface ViewExplanation {
  readonly policy: { readonly version: string; readonly digest: string };
  readonly connection: string;
  readonly view: string;
  readonly description: string;
  /** The entry that decides about all of the view, and those of earlier layers that it replaces. */
  readonly decides: RulePlace;
  readonly replaced: readonly RulePlace[];
  /** The one that was asked about, or all that are named. */
  readonly columns: readonly {
    readonly column: string;
    readonly treatment: Treatment;
    readonly place: RulePlace;
  }[];
  readonly maxRows: number;
  readonly groupSize: NonNullable<ViewRule['groupSize']> | null;
  readonly from: readonly string[];
  readonly definition: string | null;
}

/** `rca_evidence.queues`; names of streams have no dot. */
export function isView(stream: string): boolean {
  return VIEW.test(stream);
}

export const VIEW = /^[a-z_][a-z0-9_]{0,62}\.[a-z_][a-z0-9_]{0,62}$/;

/** Throws NotDeclared for a view or a column that no policy names, with what a policy would have to say. */
export function explainView(
  policy: CompiledPolicy,
  {
    connection,
    view,
    column,
  }: { readonly connection: string; readonly view: string; readonly column?: string },
): ViewExplanation {
  const entries = layersOf(connection, policy.layers).flatMap((layer) =>
    layer.policy.views.flatMap((rule, index) =>
      rule.view === view
        ? [
            {
              rule,
              place: (path: readonly PropertyKey[]) => placeIn(layer, ['views', index, ...path]),
            },
          ]
        : [],
    ),
  );
  const last = entries.at(-1);
  if (last === undefined) throw unnamedView(policy, connection, view);
  const { rule, place } = last;
  const named = Object.keys(rule.columns);
  if (column !== undefined && !named.includes(column)) {
    const { file, line } = place(['columns']);
    const hint = `${hintFor(column, named)} To open it, say how under columns, ${file}:${line}: ${column}: keep (or scan, for free text)`;
    throw new NotDeclared(`no policy names this column of ${view}, so it is not read`, hint);
  }
  return {
    policy: { version: policy.version, digest: policy.digest },
    connection,
    view,
    description: rule.description,
    decides: place([]),
    replaced: entries.slice(0, -1).map((one) => one.place([])),
    columns: Object.entries(rule.columns)
      .filter(([name]) => column === undefined || name === column)
      .map(([name, treatment]) => ({ column: name, treatment, place: place(['columns', name]) })),
    maxRows: rule.maxRows,
    groupSize: rule.groupSize ?? null,
    from: rule.from,
    definition: rule.definition ?? null,
  };
}

function unnamedView(policy: CompiledPolicy, connection: string, view: string): NotDeclared {
  const known = [...policy.of(connection).views.keys()];
  const yaml = `- { view: ${view}, description: "Say here why.", columns: { <column>: keep }, from: [<schema>.<table>] }`;
  const near = known.length === 0 ? '' : `${hintFor(view, known)} `;
  return new NotDeclared(
    'no policy names this view, so nothing of it is read',
    `${near}To open it, under views: of a policy: ${yaml}`,
  );
}
