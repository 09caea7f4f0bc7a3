import { type Gap, type Observed, observe } from '../../sdk/index.ts';
import type { SessionFacts } from '../catalog.ts';
import type { CdcConfig } from '../config.ts';
import { databaseEntity, known, type ReadContext, relationEntity, scopeOf } from '../reads/reader.ts';
import { lsnText } from './lsn.ts';
import type { Slot } from './queries.ts';
import type { TableTally, Tally } from './tally.ts';

/** Tables told one by one; there are few where so many change within seconds. */
export const MAX_TABLES = 500;

/** What one read found, and where it stands. */
export interface Interval {
  readonly facts: SessionFacts;
  readonly config: CdcConfig;
  readonly slot: Slot;
  /** Null: nothing could be counted, which is not the same as nothing. */
  readonly tally: Tally | null;
  /** Up to where everything is counted. */
  readonly position: bigint;
  readonly flushed: bigint;
  readonly started: boolean;
}

export function recordsOf(context: ReadContext, interval: Interval): readonly (Observed | Gap)[] {
  const tables = interval.tally?.tables ?? [];
  const cut: Gap = {
    gap: 'BUDGET',
    stream: 'cdc_tables',
    missing: 'cdc_tables',
    reason: 'More tables changed than are told one by one; the totals hold all of them.',
    hint: 'Narrow the publication.',
  };
  return [
    heartbeat(context, interval),
    ...tables.slice(0, MAX_TABLES).map((table) => tableRecord(context, interval, table)),
    ...(tables.length > MAX_TABLES ? [cut] : []),
  ];
}

/** Sent also when nothing changed: silence is not the same as nothing. */
function heartbeat(context: ReadContext, interval: Interval): Observed {
  const { facts, config, slot, tally, position, flushed, started } = interval;
  const reason = alarm(slot);
  return observe({
    stream: 'cdc',
    class: reason === null ? 'state' : 'symptom',
    entity: databaseEntity(context, facts.database),
    key: `lsn/${lsnText(position)}`,
    occurredAt: facts.now,
    ...scopeOf(facts.database),
    body: known({
      database: facts.database,
      slot_name: config.slot,
      publication: config.publication,
      ...(tally === null ? {} : totals(tally)),
      position_lsn: lsnText(position),
      behind_bytes: Number(flushed > position ? flushed - position : 0n),
      retained_wal_bytes: slot.retained_wal_bytes,
      safe_wal_bytes: slot.safe_wal_bytes,
      wal_status: slot.wal_status,
      started,
      reason,
    }),
  });
}

function totals({ tables, first, last, transactions }: Tally): Readonly<Record<string, unknown>> {
  const sum = (of: (table: TableTally) => number): number =>
    tables.reduce((total, one) => total + of(one), 0);
  return {
    transactions,
    tables: tables.length,
    inserts: sum(({ inserts }) => inserts),
    updates: sum(({ updates }) => updates),
    deletes: sum(({ deletes }) => deletes),
    truncates: sum(({ truncates }) => truncates),
    first_commit_at: first?.at,
    last_commit_at: last?.at,
    first_lsn: first && lsnText(first.lsn),
    last_lsn: last && lsnText(last.lsn),
  };
}

/** Whether the slot retains more than half of what it may, or may retain without a bound. */
function alarm({ keep_limited, wal_status, retained_wal_bytes, safe_wal_bytes }: Slot): string | null {
  if (!keep_limited) return 'retains_without_bound';
  if (wal_status === 'unreserved' || wal_status === 'lost') return 'loses_wal';
  if (retained_wal_bytes === null || safe_wal_bytes === null) return null;
  return retained_wal_bytes > safe_wal_bytes ? 'retains_wal' : null;
}

function tableRecord(context: ReadContext, { facts }: Interval, table: TableTally): Observed {
  const { schema, first, last, columns, columnsKnown } = table;
  return observe({
    stream: 'cdc_tables',
    class: 'change',
    entity: relationEntity(context, facts.database, schema, table.table),
    // The same changes read again have the same positions.
    key: `lsn/${lsnText(first.lsn)}-${lsnText(last.lsn)}`,
    occurredAt: last.at,
    window: { from: first.at, to: last.at },
    ...scopeOf(facts.database),
    body: known({
      database: facts.database,
      schema,
      relation: table.table,
      inserts: table.inserts,
      updates: table.updates,
      deletes: table.deletes,
      truncates: table.truncates,
      transactions: table.transactions,
      columns: table.updates === 0 ? null : [...columns].sort(),
      columns_known: table.updates === 0 ? null : columnsKnown,
      first_commit_at: first.at,
      last_commit_at: last.at,
      first_lsn: lsnText(first.lsn),
      last_lsn: lsnText(last.lsn),
    }),
  });
}
