import { type AdmittedView, type Gap, type Observed, observe } from '../../sdk/index.ts';
import type { SessionFacts } from '../catalog.ts';
import { type FoundView, takeInventory, viewInventory } from '../views/inventory.ts';
import { findLock, type Lock, readView, type ViewFacts, type ViewResult } from '../views/read-view.ts';
import { profileOf, valueOf } from '../views/values.ts';
import {
  asObject,
  backendEntity,
  before,
  type CatalogRead,
  type Collected,
  failureGap,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
  truncationGap,
  type ViewAccess,
} from './reader.ts';

/** Rows of one item: enough to be few items, few enough to be read. */
const ROWS_EACH = 200;

const NOTHING: Collected = { records: [], read: 0 };

/** What was found of one view. */
interface ViewOutcome {
  readonly records: readonly (Observed | Gap)[];
  readonly read: number;
  /** For the run's memory: which definition counts as reviewed. */
  readonly reviewed?: { readonly definition: string; readonly review: string };
}

/**
 * Reads the views that the policy names, and says of everything else in their schemas that it was not read. Without a
 * view in the policy nothing is asked at all.
 */
const readViews: Reader = async (context) => {
  const { views } = context;
  if (views === undefined || views.admitted.length === 0) return NOTHING;
  const schemas = [...new Set(views.admitted.map(({ schema }) => schema))].sort();
  const asked = await context.ask(viewInventory, [`{${schemas.join(',')}}`]);
  const { facts } = asked;
  if (!inScope(context, facts.database)) return NOTHING;
  const inventory = takeInventory(asked.rows, views.admitted);
  const records: (Observed | Gap)[] = [];
  const state: Record<string, { definition: string; review: string }> = {};
  let read = 0;
  for (const found of inventory.found) {
    const outcome = await readOne(found, facts, context, views);
    records.push(...outcome.records);
    read += outcome.read;
    if (outcome.reviewed !== undefined) state[found.view.view] = outcome.reviewed;
  }
  return {
    records: [...records, ...inventory.missing, ...inventory.refused, ...truncationGap(asked, 'views')],
    state: { set: state },
    read,
  };
};

async function readOne(
  found: FoundView,
  facts: SessionFacts,
  context: ReadContext,
  access: ViewAccess,
): Promise<ViewOutcome> {
  const { view } = found;
  try {
    const limits = { ...view, maxRows: Math.max(0, Math.min(view.maxRows, access.rowsLeft())) };
    const result = await access.transaction((transaction) =>
      readView(limits, transaction, {
        guard: access.guard,
        cost: access.cost,
        isReviewed: (digest) => isReviewed(view, context.digest(digest), digest, context),
      }),
    );
    if (result.state === 'relation_locked') return await lockedView(view, facts, context, access);
    return told(result, found, facts, context, access);
  } catch (error) {
    return { records: [failureGap(error, 'views', view.view)], read: 0 };
  }
}

/** A pinned definition is the one in the policy; without a pin it is the first that was seen under this policy's words. */
function isReviewed(view: AdmittedView, digested: string, digest: string, context: ReadContext): boolean {
  if (view.definition !== undefined) return view.definition === digest;
  const { definition, review } = asObject(context.state.get(view.view));
  return definition === undefined || definition === digested || review !== view.review;
}

async function lockedView(
  view: AdmittedView,
  facts: SessionFacts,
  context: ReadContext,
  access: ViewAccess,
): Promise<ViewOutcome> {
  const lock = await access.transaction((transaction) => findLock(view, transaction));
  const item = observe({
    ...about(view, facts, context),
    class: 'symptom',
    ...(lock === undefined ? {} : { related: [backendEntity(context, facts.database, lock.pid)] }),
    body: known({ ...named(view, facts), state: 'relation_locked', ...lockBody(lock) }),
  });
  const gap: Gap = {
    gap: 'TIMEOUT',
    stream: 'view_rows',
    missing: view.view,
    reason: 'A table under this view is locked; it was not read, and nobody was made to wait.',
    hint: 'It is read again at the next interval; the item of the stream views says who holds the lock.',
  };
  return { records: [item, gap], read: 0 };
}

function lockBody(lock: Lock | undefined) {
  if (lock === undefined) return {};
  return {
    locked_relation: lock.relation,
    lock_mode: lock.mode,
    lock_pid: lock.pid,
    lock_held_ms: lock.ms,
  };
}

function told(
  result: Exclude<ViewResult, { readonly state: 'relation_locked' }>,
  found: FoundView,
  facts: SessionFacts,
  context: ReadContext,
  access: ViewAccess,
): ViewOutcome {
  const { view } = found;
  const status = statusOf(result, found, facts, context);
  if (result.state !== 'read') return { records: [status, refusalOf(result, view)], read: 0 };
  access.useRows(result.rows.rows.length);
  const reviewed = { definition: context.digest(result.facts.definition), review: view.review };
  return {
    records: [status, ...rowItems(result, found, facts, context)],
    read: result.rows.rows.length,
    reviewed,
  };
}

function statusOf(
  result: Exclude<ViewResult, { readonly state: 'relation_locked' }>,
  { view, types }: FoundView,
  facts: SessionFacts,
  context: ReadContext,
): Observed {
  const read = result.state === 'read' ? result : undefined;
  return observe({
    ...about(view, facts, context),
    class: result.state === 'changed' ? 'change' : 'state',
    ...(result.state === 'changed' ? { window: { from: before(facts.now, 0), to: facts.now } } : {}),
    related: result.facts.tables.map((table) => {
      const [schema = '', name = ''] = table.split('.');
      return relationEntity(context, facts.database, schema, name);
    }),
    body: known({
      ...named(view, facts),
      state: result.state,
      ...factsBody(result.facts, context),
      max_rows: view.maxRows,
      least_group: view.groupSize?.atLeast,
      rows: read?.rows.rows.length,
      suppressed: read?.rows.suppressed,
      truncated: read?.rows.isTruncated,
      planned_cost: read?.rows.cost,
      statement: read?.statement,
      columns:
        read && view.columns.map((column) => profileOf(column, types.get(column.name) ?? '', read.rows.rows)),
    }),
  });
}

function factsBody(
  { owner, securityBarrier, securityInvoker, definition, tables }: ViewFacts,
  context: ReadContext,
) {
  return {
    owner,
    security_barrier: securityBarrier,
    security_invoker: securityInvoker,
    definition: context.digest(definition),
    tables,
  };
}

function rowItems(
  { rows: { rows } }: Extract<ViewResult, { readonly state: 'read' }>,
  { view, types }: FoundView,
  facts: SessionFacts,
  context: ReadContext,
): readonly Observed[] {
  const values = rows.map((row) =>
    Object.fromEntries(
      view.columns.map((column) => [
        column.name,
        valueOf(row[column.name], column, types.get(column.name) ?? ''),
      ]),
    ),
  );
  return Array.from({ length: Math.ceil(values.length / ROWS_EACH) }, (_, part) => {
    const first = part * ROWS_EACH;
    return observe({
      ...about(view, facts, context),
      stream: 'view_rows',
      class: 'state',
      key: `rows/${first}`,
      body: { ...named(view, facts), first_row: first, rows: values.slice(first, first + ROWS_EACH) },
    });
  });
}

function refusalOf(
  result: Extract<ViewResult, { readonly state: 'refused' | 'changed' }>,
  view: AdmittedView,
): Gap {
  if (result.state === 'changed') {
    return {
      gap: 'DRIFT',
      refused: 'VIEW_CHANGED',
      missing: view.view,
      reason:
        'Its definition is another one than that which was reviewed; it is not read until somebody has looked.',
      hint: 'Look at the definition, then write its digest or a new description under this view in the policy.',
    };
  }
  return {
    gap: 'UNSUPPORTED',
    refused: 'VIEW_REFUSED',
    missing: view.view,
    reason: `The view was not read: ${result.reason}.`,
    hint: 'Change its definition, or name its tables under from in the policy.',
  };
}

function named(view: AdmittedView, facts: SessionFacts) {
  return { database: facts.database, schema: view.schema, view: view.view };
}

function about(view: AdmittedView, facts: SessionFacts, context: ReadContext) {
  return {
    stream: 'views',
    entity: relationEntity(context, facts.database, view.schema, view.name),
    key: 'view',
    occurredAt: facts.now,
    ...scopeOf(facts.database),
  };
}

export const viewsReads: readonly CatalogRead[] = [
  { query: viewInventory, read: readViews, also: ['view_rows'] },
];
