import { type Gap, type Observed, observe } from '../../sdk/index.ts';
import {
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  textOrNull,
  token,
  tokenOrNull,
} from '../columns.ts';
import { lockedRelations } from './locks.ts';
import {
  type Asked,
  backendEntity,
  before,
  type CatalogRead,
  databaseEntity,
  failureGap,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
  statsGap,
  truncationGap,
} from './reader.ts';

export const blockingTree = query('blocking_tree', 2_000, {
  pid: integer,
  locktype: token,
  mode: token,
  database: textOrNull,
  relation_oid: integerOrNull,
  wait_started: instantOrNull,
  wait_ms: integerOrNull,
  usename: textOrNull,
  application_name: textOrNull,
  backend_type: tokenOrNull,
  query_id: textOrNull,
  xact_ms: integerOrNull,
  blocker_pid: integerOrNull,
  blocker_database: textOrNull,
  blocker_usename: textOrNull,
  blocker_application_name: textOrNull,
  blocker_backend_type: tokenOrNull,
  blocker_state: tokenOrNull,
  blocker_wait_event_type: tokenOrNull,
  blocker_wait_event: tokenOrNull,
  blocker_query_id: textOrNull,
  blocker_xact_ms: integerOrNull,
  blocker_state_ms: integerOrNull,
  waiting_total: integer,
});

type Edge = RowOf<typeof blockingTree>;
type Relation = Readonly<Record<'schema' | 'relation', string>>;

interface Waiter {
  readonly edge: Edge;
  /** Everybody this backend waits for directly. 0 stands for a prepared transaction. */
  readonly blockers: readonly number[];
}

interface Root {
  readonly pid: number;
  /** Edges from the waiter to the root, at least 1. */
  readonly depth: number;
}

/** One item for each backend that waits for a lock, with whoever holds up the whole queue. */
const readBlockingTree: Reader = async (context) => {
  const asked = await context.ask(blockingTree);
  const waiters = byWaiter(asked.rows.filter((row) => inScope(context, row.database)));
  const relations = waiters.size === 0 ? new Map<number, Relation>() : await relationNames(context);
  const gaps = relations instanceof Map ? [] : [relations];
  const names = relations instanceof Map ? relations : new Map<number, Relation>();
  const blockers = new Map(
    asked.rows.flatMap((row) => (row.blocker_pid === null ? [] : [[row.blocker_pid, row]])),
  );
  const records = [...waiters.values()].map((waiter) => {
    const root = rootOf(waiter, waiters);
    return waiterRecord(context, asked, waiter, root, blockers.get(root?.pid ?? -1), names);
  });
  const waitingTotal = asked.rows[0]?.waiting_total ?? 0;
  return {
    records: [
      ...records,
      ...gaps,
      ...cappedGap(new Set(asked.rows.map((row) => row.pid)).size, waitingTotal),
      ...statsGap(asked, 'blocking_tree'),
      ...truncationGap(asked, 'blocking_tree'),
    ],
    read: records.length,
    expected: waitingTotal,
  };
};

function byWaiter(edges: readonly Edge[]): ReadonlyMap<number, Waiter> {
  const waiters = new Map<number, Waiter>();
  for (const edge of edges) {
    const blockers = new Set(waiters.get(edge.pid)?.blockers);
    if (edge.blocker_pid !== null) blockers.add(edge.blocker_pid);
    waiters.set(edge.pid, { edge: waiters.get(edge.pid)?.edge ?? edge, blockers: [...blockers] });
  }
  return waiters;
}

/** Breadth first to the nearest blocker that waits for nobody; in a deadlock, to the first that was seen before. */
export function rootOf(waiter: Waiter, waiters: ReadonlyMap<number, Waiter>): Root | undefined {
  const seen = new Set([waiter.edge.pid]);
  let level = waiter.blockers;
  for (let depth = 1; level.length > 0; depth += 1) {
    const root = level.find((pid) => (waiters.get(pid)?.blockers.length ?? 0) === 0);
    if (root !== undefined) return { pid: root, depth };
    const next: number[] = [];
    for (const pid of level) {
      if (seen.has(pid)) return { pid, depth };
      seen.add(pid);
      next.push(...(waiters.get(pid)?.blockers ?? []));
    }
    level = next;
  }
  return undefined;
}

/** Names come from another query: a locked pg_class then costs the names and not the tree. */
async function relationNames(context: ReadContext): Promise<Map<number, Relation> | Gap> {
  try {
    const { rows } = await context.ask(lockedRelations);
    return new Map(
      rows.flatMap(({ relation_oid, schema, relation }) =>
        schema === null || relation === null ? [] : [[relation_oid, { schema, relation }] as const],
      ),
    );
  } catch (error) {
    return failureGap(error, 'blocking_tree', 'names of locked relations');
  }
}

function waiterRecord(
  context: ReadContext,
  { facts }: Asked<Edge>,
  { edge, blockers }: Waiter,
  root: Root | undefined,
  rootEdge: Edge | undefined,
  names: ReadonlyMap<number, Relation>,
): Observed {
  const relation = edge.database === facts.database ? names.get(edge.relation_oid ?? -1) : undefined;
  const related = [
    ...(root === undefined || root.pid === 0
      ? []
      : [backendEntity(context, rootEdge?.blocker_database ?? edge.database, root.pid)]),
    ...(relation === undefined
      ? []
      : [relationEntity(context, facts.database, relation.schema, relation.relation)]),
    ...(edge.database === null ? [] : [databaseEntity(context, edge.database)]),
  ];
  return observe({
    stream: 'blocking_tree',
    class: 'symptom',
    entity: backendEntity(context, edge.database, edge.pid),
    related,
    // A wait is seen again and again while it grows: each sight is evidence of its own.
    key: `wait/${edge.pid}/seen/${facts.now}`,
    occurredAt: edge.wait_started ?? before(facts.now, edge.wait_ms),
    ...scopeOf(edge.database),
    body: known({
      pid: edge.pid,
      database: edge.database,
      lock_type: edge.locktype,
      lock_mode: edge.mode,
      schema: relation?.schema,
      relation: relation?.relation,
      wait_ms: edge.wait_ms,
      seen_at: facts.now,
      transaction_ms: edge.xact_ms,
      query_id: edge.query_id,
      user: edge.usename,
      application_name: edge.application_name,
      backend_type: edge.backend_type,
      blocked_by: blockers.filter((pid) => pid !== 0),
      blocked_by_prepared: blockers.includes(0),
      depth: root?.depth,
      ...rootFields(root, rootEdge),
    }),
  });
}

function rootFields(root: Root | undefined, edge: Edge | undefined): Readonly<Record<string, unknown>> {
  if (root === undefined) return {};
  if (root.pid === 0) return { root_state: 'prepared_transaction' };
  return {
    root_pid: root.pid,
    root_state: edge?.blocker_state,
    root_state_ms: edge?.blocker_state_ms,
    root_transaction_ms: edge?.blocker_xact_ms,
    root_user: edge?.blocker_usename,
    root_application_name: edge?.blocker_application_name,
    root_backend_type: edge?.blocker_backend_type,
    root_wait_event_type: edge?.blocker_wait_event_type,
    root_wait_event: edge?.blocker_wait_event,
    root_query_id: edge?.blocker_query_id,
  };
}

function cappedGap(read: number, waiting: number): readonly Gap[] {
  if (read >= waiting) return [];
  return [
    {
      gap: 'BUDGET',
      stream: 'blocking_tree',
      missing: 'backends that have waited less long',
      reason:
        'More backends wait than are asked for their blockers, because asking slows the lock manager down.',
    },
  ];
}

export const blockingReads: readonly CatalogRead[] = [{ query: blockingTree, read: readBlockingTree }];
