import { type Observed, observe } from '../../sdk/index.ts';
import {
  bool,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  textOrNull,
  token,
  tokenOrNull,
} from '../columns.ts';
import { CATALOGS } from './catalog-oids.ts';
import {
  backendEntity,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
  serverEntity,
  statsGap,
  truncationGap,
} from './reader.ts';

export const lockedRelations = query('locked_relations', 500, {
  relation_oid: integer,
  schema: textOrNull,
  relation: textOrNull,
  kind: textOrNull,
  parent_schema: textOrNull,
  parent_relation: textOrNull,
  mode: token,
  granted: bool,
  locks: integer,
  wait_ms: integerOrNull,
  waiting: integer,
  pid: integerOrNull,
  usename: textOrNull,
  backend_type: tokenOrNull,
  state: tokenOrNull,
  xact_started: instantOrNull,
  xact_ms: integerOrNull,
  state_ms: integerOrNull,
  prepared_xid: integerOrNull,
  prepared_by: textOrNull,
  prepared_at: instantOrNull,
  prepared_ms: integerOrNull,
});

type LockedRelation = RowOf<typeof lockedRelations>;

export const catalogLocks = query('catalog_locks', 200, {
  relation_oid: integer,
  shared: bool,
  mode: token,
  granted: bool,
  wait_ms: integerOrNull,
  waiting: integer,
  pid: integerOrNull,
  xact_started: instantOrNull,
  xact_ms: integerOrNull,
  wait_event_type: tokenOrNull,
  wait_event: tokenOrNull,
});

export const lockInventory = query('lock_inventory', 500, {
  database: textOrNull,
  locktype: token,
  mode: token,
  granted: bool,
  locks: integer,
  fastpath: integer,
  wait_ms: integerOrNull,
});

/** How many locks of which kind are held and waited for. */
const readLockInventory: Reader = async (context) => {
  const asked = await context.ask(lockInventory);
  const locks = asked.rows.filter((row) => inScope(context, row.database));
  const sum = (granted: boolean): number =>
    locks.filter((row) => row.granted === granted).reduce((total, row) => total + row.locks, 0);
  return {
    records: [
      observe({
        stream: 'lock_inventory',
        class: 'state',
        entity: serverEntity(context),
        key: 'lock_inventory',
        occurredAt: asked.facts.now,
        body: {
          held: sum(true),
          waiting: sum(false),
          locks: locks.map(({ locktype, mode, locks: count, ...row }) =>
            known({ ...row, lock_type: locktype, lock_mode: mode, count }),
          ),
        },
      }),
      ...truncationGap(asked, 'lock_inventory'),
    ],
    read: asked.rows.length,
  };
};

const KINDS: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'table',
  t: 'toast_table',
  i: 'index',
  I: 'index',
  m: 'materialized_view',
  v: 'view',
  f: 'foreign_table',
  S: 'sequence',
};

/** Relations under a lock that keeps others out, or that somebody waits for, and who has it. Nothing here touches them. */
const readLockedRelations: Reader = async (context) => {
  const asked = await context.ask(lockedRelations);
  const { database, now } = asked.facts;
  const rows = inScope(context, database) ? asked.rows : [];
  return {
    records: [
      ...rows.map((row) => lockedRelation(context, database, now, row)),
      ...statsGap(asked, 'locked_relations'),
      ...truncationGap(asked, 'locked_relations'),
    ],
    read: asked.rows.length,
  };
};

function lockedRelation(context: ReadContext, database: string, now: string, row: LockedRelation): Observed {
  // What a transaction has made and not yet committed has a lock, and no name that others could see.
  const entity = relationEntity(
    context,
    database,
    row.schema ?? 'pg_oid',
    row.relation ?? `${row.relation_oid}`,
  );
  const prepared = row.prepared_xid !== null;
  const holder = prepared ? `prepared/${row.prepared_xid}` : `${row.pid ?? 'any'}`;
  const parent =
    row.parent_schema === null || row.parent_relation === null
      ? null
      : relationEntity(context, database, row.parent_schema, row.parent_relation);
  return observe({
    stream: 'locked_relations',
    class: keepsOut(context, row) ? 'symptom' : 'state',
    entity,
    related: [
      ...(row.pid === null ? [] : [backendEntity(context, database, row.pid)]),
      ...(parent === null ? [] : [parent]),
      databaseEntity(context, database),
    ],
    key: `relation_locked/${row.mode}/${row.granted ? 'held' : 'waiting'}/${holder}${parent === null ? '' : '/through'}`,
    occurredAt: now,
    ...scopeOf(database),
    body: known({
      database,
      schema: row.schema,
      relation: row.relation,
      relation_oid: row.relation === null ? row.relation_oid : null,
      kind: KINDS[row.kind ?? ''],
      through_schema: row.parent_schema,
      through_relation: row.parent_relation,
      lock_mode: row.mode,
      granted: row.granted,
      count: row.locks,
      waiting: row.waiting,
      wait_ms: row.wait_ms,
      ...holderFields(row),
    }),
  });
}

/** PostgreSQL does not say when a lock was granted: the transaction that holds it is at least as old. */
function holderFields(row: LockedRelation): Readonly<Record<string, unknown>> {
  if (row.prepared_xid !== null) {
    return {
      holder: 'prepared_transaction',
      holder_xid: row.prepared_xid,
      holder_user: row.prepared_by,
      holder_since: row.prepared_at,
      holder_ms: row.prepared_ms,
    };
  }
  if (row.pid === null) return {};
  return {
    holder: row.granted ? 'backend' : 'queued_backend',
    holder_pid: row.pid,
    holder_user: row.usename,
    holder_backend_type: row.backend_type,
    holder_state: row.state,
    holder_state_ms: row.state_ms,
    holder_since: row.xact_started,
    holder_ms: row.xact_ms,
  };
}

/** Somebody waits, or will: the lock that not even a reader gets past is held for long, or by nobody who could let go. */
function keepsOut(context: ReadContext, row: LockedRelation): boolean {
  if (!row.granted || row.waiting > 0) return true;
  if (row.mode !== 'AccessExclusiveLock') return false;
  return row.prepared_xid !== null || (row.xact_ms ?? 0) >= context.thresholds.idleInTransactionSymptom;
}

/**
 * Who keeps everybody out of a system catalog. Asked without opening one, so that it is answered while the reads that
 * need the catalog are not.
 */
const readCatalogLocks: Reader = async (context) => {
  const asked = await context.ask(catalogLocks);
  const { database, now } = asked.facts;
  return {
    records: [
      ...asked.rows.map((row) => {
        const catalog = CATALOGS[row.relation_oid];
        return observe({
          stream: 'catalog_locks',
          class: 'symptom',
          entity: relationEntity(context, database, 'pg_catalog', catalog ?? `${row.relation_oid}`),
          related: [
            ...(row.pid === null ? [] : [backendEntity(context, database, row.pid)]),
            databaseEntity(context, database),
          ],
          key: `relation_locked/${row.mode}/${row.granted ? 'held' : 'waiting'}/${row.pid ?? 'prepared'}`,
          occurredAt: now,
          ...scopeOf(database),
          body: known({
            schema: 'pg_catalog',
            relation: catalog,
            relation_oid: row.relation_oid,
            shared: row.shared,
            lock_mode: row.mode,
            granted: row.granted,
            waiting: row.waiting,
            wait_ms: row.wait_ms,
            holder: row.pid === null ? 'prepared_transaction' : row.granted ? 'backend' : 'queued_backend',
            holder_pid: row.pid,
            holder_since: row.xact_started,
            holder_ms: row.xact_ms,
            holder_wait_event_type: row.wait_event_type,
            holder_wait_event: row.wait_event,
          }),
        });
      }),
      ...truncationGap(asked, 'catalog_locks'),
    ],
    read: asked.rows.length,
  };
};

export const locksReads: readonly CatalogRead[] = [
  { query: lockInventory, read: readLockInventory },
  { query: lockedRelations, read: readLockedRelations },
  { query: catalogLocks, read: readCatalogLocks },
];
