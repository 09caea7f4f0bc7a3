import { observe } from '../../sdk/index.ts';
import { bool, integer, integerOrNull, query, text, textOrNull, token } from '../columns.ts';
import {
  type CatalogRead,
  inScope,
  known,
  type Reader,
  relationEntity,
  scopeOf,
  serverEntity,
  truncationGap,
} from './reader.ts';

export const lockedRelations = query('locked_relations', 500, {
  relation_oid: integer,
  schema: text,
  relation: text,
  kind: text,
  mode: token,
  granted: bool,
  locks: integer,
  wait_ms: integerOrNull,
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

/** Relations under a lock that keeps others out, or that somebody waits for. Nothing here touches them. */
const readLockedRelations: Reader = async (context) => {
  const asked = await context.ask(lockedRelations);
  const { database, now } = asked.facts;
  const rows = inScope(context, database) ? asked.rows : [];
  return {
    records: [
      ...rows.map((row) =>
        observe({
          stream: 'locked_relations',
          class: row.granted ? 'state' : 'symptom',
          entity: relationEntity(context, database, row.schema, row.relation),
          key: `${row.mode}/${row.granted ? 'held' : 'waiting'}`,
          occurredAt: now,
          ...scopeOf(database),
          body: known({
            database,
            schema: row.schema,
            relation: row.relation,
            kind: KINDS[row.kind],
            lock_mode: row.mode,
            granted: row.granted,
            count: row.locks,
            wait_ms: row.wait_ms,
          }),
        }),
      ),
      ...truncationGap(asked, 'locked_relations'),
    ],
    read: asked.rows.length,
  };
};

export const locksReads: readonly CatalogRead[] = [
  { query: lockInventory, read: readLockInventory },
  { query: lockedRelations, read: readLockedRelations },
];
