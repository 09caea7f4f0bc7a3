import { observe } from '../../sdk/index.ts';
import { bool, integer, integerOrNull, query, type RowOf, textOrNull, token } from '../columns.ts';
import {
  type CatalogRead,
  inScope,
  known,
  type ReadContext,
  type Reader,
  serverEntity,
  truncationGap,
} from './reader.ts';

export const advisoryLocks = query('advisory_locks', 1_000, {
  database: textOrNull,
  key_high: integer,
  key_low: integer,
  key_kind: integer, // 1: one bigint, 2: two integers
  mode: token,
  granted: bool,
  backends: integer,
  pid: integerOrNull,
  wait_ms: integerOrNull,
});

type Lock = RowOf<typeof advisoryLocks>;

const MAX_GROUPS = 50;
const MAX_QUEUES = 20;

/**
 * Locks whose meaning only the application knows: how many, in which mode, and the queues behind single keys. A key may
 * be the number of a customer, so it leaves as a digest, which still tells one queue from another.
 */
const readAdvisoryLocks: Reader = async (context) => {
  const asked = await context.ask(advisoryLocks);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  const waiting = total(rows.filter((row) => !row.granted));
  return {
    records: [
      observe({
        stream: 'advisory_locks',
        class: waiting > 0 ? 'symptom' : 'state',
        entity: serverEntity(context),
        key: 'advisory_locks',
        occurredAt: asked.facts.now,
        body: {
          held: total(rows.filter((row) => row.granted)),
          waiting,
          keys: new Set(rows.map(keyOf)).size,
          locks: groups(rows),
          queues: queues(context, rows),
        },
      }),
      ...truncationGap(asked, 'advisory_locks'),
    ],
    read: asked.rows.length,
  };
};

function keyOf({ database, key_kind, key_high, key_low }: Lock): string {
  return JSON.stringify([database, key_kind, key_high, key_low]);
}

function total(rows: readonly Lock[]): number {
  return rows.reduce((sum, row) => sum + row.backends, 0);
}

function groups(rows: readonly Lock[]): readonly object[] {
  const grouped = Map.groupBy(rows, (row) =>
    JSON.stringify([row.database, row.key_kind, row.mode, row.granted]),
  );
  return [...grouped.values()].slice(0, MAX_GROUPS).flatMap((group) => {
    const [row] = group;
    if (row === undefined) return [];
    const { database, key_kind, mode, granted } = row;
    const shape = key_kind === 2 ? 'two_integers' : 'bigint';
    return [known({ database, key_kind: shape, mode, granted, keys: group.length, backends: total(group) })];
  });
}

function queues(context: ReadContext, rows: readonly Lock[]): readonly object[] {
  const byKey = Map.groupBy(rows, keyOf);
  const found = [...byKey].flatMap(([key, locks]) => {
    const waiters = locks.filter((lock) => !lock.granted);
    const holders = locks.filter((lock) => lock.granted);
    if (waiters.length === 0) return [];
    return [
      {
        database: locks[0]?.database,
        lock_key: context.digest(key),
        waiting: total(waiters),
        longest_wait_ms: Math.max(0, ...waiters.map((lock) => lock.wait_ms ?? 0)),
        holders: total(holders),
        holder_pid: holders[0]?.pid,
        holder_mode: holders[0]?.mode,
      },
    ];
  });
  return found
    .sort((a, b) => b.waiting - a.waiting)
    .slice(0, MAX_QUEUES)
    .map(known);
}

export const advisoryReads: readonly CatalogRead[] = [{ query: advisoryLocks, read: readAdvisoryLocks }];
