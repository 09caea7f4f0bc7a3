import { entityUri, type Gap, type Observed, observe, type Window } from '../../sdk/index.ts';
import type { SessionFacts } from '../catalog.ts';
import {
  type CatalogChange,
  type CatalogObject,
  type Fact,
  type FoldedChange,
  subjectOf,
} from '../schema-diff.ts';
import { type Told, tell } from '../schema-words.ts';
import { databaseEntity, known, type ReadContext, relationEntity, scopeOf } from './reader.ts';
import type { SchemaRows } from './schema-rows.ts';

/** One record for each word that there is for a change. */
export function changeRecords(
  context: ReadContext,
  facts: SessionFacts,
  { roles }: SchemaRows,
  bracket: Window,
  folded: FoldedChange,
): readonly Observed[] {
  const { change, parts } = folded;
  const { kind, id, whole, schema, object, part } = subjectOf(change);
  const window = narrowed(change, bracket);
  return tell(change).map((told) =>
    observe({
      stream: 'schema_changes',
      class: 'change',
      entity: entityOf(context, facts.database, subjectOf(change)),
      related: [databaseEntity(context, facts.database)],
      key: `${told.change}/${context.digest([kind, whole, id, told.option ?? null]).slice(-22)}`,
      // The latest that it can have been.
      occurredAt: window.to,
      window,
      ...scopeOf(facts.database),
      body: known({
        ...bodyOf(change, told),
        database: facts.database,
        schema,
        object,
        part: part === '' ? null : part,
        parts: parts > 0 ? parts : null,
        ...owners(told, change, roles),
      }),
    }),
  );
}

function bodyOf(change: CatalogChange, { change: word, ...told }: Told): Readonly<Record<string, unknown>> {
  const { kind, facts } = subjectOf(change);
  const text = (value: Fact | undefined) => (value === null || value === undefined ? null : String(value));
  return {
    change: word,
    kind,
    valid: facts['valid'] ?? null,
    option: told.option ?? null,
    from: text(told.from),
    to: text(told.to),
  };
}

/** Where commits are stamped, the newest row about the object says by when at the latest it had changed. */
function narrowed(change: CatalogChange, { from, to }: Window): Window {
  const committed = change.op === 'removed' ? null : change.after.committed;
  if (committed === null || committed < from || committed > to) return { from, to };
  return { from, to: committed };
}

function owners(
  told: Told,
  change: CatalogChange,
  roles: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  if (told.change !== 'owner_changed' || change.op !== 'changed') return {};
  return {
    owner: roles.get(String(change.after.facts['owner'])) ?? null,
    previous_owner: roles.get(String(change.before.facts['owner'])) ?? null,
  };
}

function entityOf(context: ReadContext, database: string, { kind, schema, object }: CatalogObject): string {
  if (kind === 'database') return databaseEntity(context, database);
  if (kind === 'schema') return entityUri('postgresql', context.connection, database, schema);
  return relationEntity(context, database, schema, object);
}

export function tooLarge(): Gap {
  return {
    gap: 'BUDGET',
    stream: 'schema',
    missing: 'schema',
    reason: 'The database has more objects than this read lets through, so nothing can be compared.',
    hint: 'Raise budget.rows and budget.bytes of the read schema in the policy.',
  };
}

export function tooMany(): Gap {
  return {
    gap: 'BUDGET',
    stream: 'schema_changes',
    missing: 'schema_changes',
    reason: 'More than a thousand objects changed at once; the first thousand by name are told.',
  };
}
