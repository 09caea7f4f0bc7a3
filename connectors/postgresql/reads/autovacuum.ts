import { observe } from '../../sdk/index.ts';
import { bool, integer, integerOrNull, query, type RowOf } from '../columns.ts';
import {
  type CatalogRead,
  databaseEntity,
  known,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
} from './reader.ts';

const autovacuum = query('autovacuum', 1, {
  enabled: bool,
  counting: bool,
  max_workers: integer,
  workers: integer,
  oldest_ms: integerOrNull,
  waiting: integer,
  tables: integer,
  tables_due: integer,
  tables_past_freeze_age: integer,
  tables_off: integer,
  dead_rows: integerOrNull,
});

/** Workers of the server against their limit, and how much work waits for them in this database. */
const readAutovacuum: Reader = async (context) => {
  const asked = await context.ask(autovacuum);
  const { now, database } = asked.facts;
  return {
    records: [
      ...asked.rows.map((row) => {
        const reason = reasonFor(row);
        return observe({
          stream: 'autovacuum',
          class: reason === undefined ? 'state' : 'symptom',
          entity: serverEntity(context),
          related: [databaseEntity(context, database)],
          key: 'autovacuum',
          occurredAt: now,
          ...scopeOf(database),
          body: known({ database, ...row, reason }),
        });
      }),
      ...statsGap(asked, 'autovacuum'),
    ],
    read: asked.rows.length,
  };
};

function reasonFor(row: RowOf<typeof autovacuum>): string | undefined {
  // Without counters the launcher knows of no work.
  if (!row.enabled || !row.counting) return 'off';
  if (row.workers >= row.max_workers && row.tables_due > row.workers) return 'workers_exhausted';
  return row.waiting > 0 ? 'waits_for_lock' : undefined;
}

export const autovacuumReads: readonly CatalogRead[] = [{ query: autovacuum, read: readAutovacuum }];
