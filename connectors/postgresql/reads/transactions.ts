import { observe } from '../../sdk/index.ts';
import { bool, instantOrNull, integer, integerOrNull, query, textOrNull, tokenOrNull } from '../columns.ts';
import {
  backendEntity,
  before,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
  truncationGap,
} from './reader.ts';

const transactions = query('transactions', 200, {
  pid: integer,
  database: textOrNull,
  usename: textOrNull,
  application_name: textOrNull,
  backend_type: tokenOrNull,
  state: tokenOrNull,
  wait_event_type: tokenOrNull,
  wait_event: tokenOrNull,
  query_id: textOrNull,
  xact_started: instantOrNull,
  xact_ms: integer,
  state_ms: integerOrNull,
  writes: bool,
  xmin_age: integerOrNull,
});

const preparedTransactions = query('prepared_transactions', 200, {
  xid: integer,
  database: textOrNull,
  usename: textOrNull,
  prepared_at: instantOrNull,
  prepared_ms: integer,
  xid_age: integer,
});

/** Transactions open for more than a second; a symptom when they hold others up by their age alone. */
const readTransactions: Reader = async (context) => {
  const asked = await context.ask(transactions);
  const { now } = asked.facts;
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  return {
    records: [
      ...rows.map((row) => {
        const idle = row.state?.startsWith('idle_in_transaction') ?? false;
        const isIdleTooLong = idle && (row.state_ms ?? 0) >= context.thresholds.idleInTransactionSymptom;
        const isLong = row.xact_ms >= context.thresholds.longTransactionSymptom;
        const reason = isIdleTooLong ? 'idle' : isLong ? 'long' : null;
        return observe({
          stream: 'transactions',
          class: reason === null ? 'state' : 'symptom',
          entity: backendEntity(context, row.database, row.pid),
          ...(row.database === null ? {} : { related: [databaseEntity(context, row.database)] }),
          key: `transaction/${row.pid}/seen/${now}`,
          occurredAt: row.xact_started ?? before(now, row.xact_ms),
          ...scopeOf(row.database),
          body: known({
            pid: row.pid,
            database: row.database,
            state: row.state,
            transaction_ms: row.xact_ms,
            state_ms: row.state_ms,
            seen_at: now,
            writes: row.writes,
            xmin_age: row.xmin_age,
            wait_event_type: row.wait_event_type,
            wait_event: row.wait_event,
            query_id: row.query_id,
            user: row.usename,
            application_name: row.application_name,
            reason,
          }),
        });
      }),
      ...statsGap(asked, 'transactions'),
      ...truncationGap(asked, 'transactions'),
    ],
    read: asked.rows.length,
  };
};

/** Transactions prepared for two-phase commit: they hold their locks through restarts until somebody ends them. */
const readPreparedTransactions: Reader = async (context) => {
  const asked = await context.ask(preparedTransactions);
  const { now } = asked.facts;
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  return {
    records: [
      ...rows.map((row) => {
        const isLong = row.prepared_ms >= context.thresholds.longTransactionSymptom;
        return observe({
          stream: 'prepared_transactions',
          class: isLong ? 'symptom' : 'state',
          entity: row.database === null ? serverEntity(context) : databaseEntity(context, row.database),
          key: `prepared/${row.xid}/seen/${now}`,
          occurredAt: row.prepared_at ?? before(now, row.prepared_ms),
          ...scopeOf(row.database),
          body: known({
            xid: row.xid,
            database: row.database,
            prepared_ms: row.prepared_ms,
            seen_at: now,
            xid_age: row.xid_age,
            user: row.usename,
            reason: isLong ? 'long' : null,
          }),
        });
      }),
      ...truncationGap(asked, 'prepared_transactions'),
    ],
    read: asked.rows.length,
  };
};

export const transactionsReads: readonly CatalogRead[] = [
  { query: transactions, read: readTransactions },
  { query: preparedTransactions, read: readPreparedTransactions },
];
