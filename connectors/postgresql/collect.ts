import { z } from 'zod';
import {
  type AdmittedRead,
  type BudgetMeter,
  type ConnectorDeps,
  ConnectorError,
  type Gap,
  isGap,
  type ReadOutcome,
  type RunContext,
} from '../sdk/index.ts';
import type { CatalogClient } from './catalog.ts';
import type { PostgresqlConfig } from './config.ts';
import { readBlockingTree } from './reads/blocking.ts';
import { readConnections, readWaitEvents } from './reads/connections.ts';
import { readDatabaseCounters, readWal, readWraparound } from './reads/counters.ts';
import { readLockedRelations, readLockInventory } from './reads/locks.ts';
import { failureGap, type ReadContext, type Reader, sentence } from './reads/reader.ts';
import { readReplication, readReplicationSlots } from './reads/replication.ts';
import { readSchema } from './reads/schema.ts';
import { readAccess, readExtensions, readServer, readTables } from './reads/server.ts';
import { readSettings } from './reads/settings.ts';
import { readStatements } from './reads/statements.ts';
import { readPreparedTransactions, readTransactions } from './reads/transactions.ts';
import type { Query } from './schema.ts';

/** Every read of the manifest, by id. */
export const READERS: Readonly<Record<string, Reader>> = {
  access: readAccess,
  blocking_tree: readBlockingTree,
  connections: readConnections,
  database_counters: readDatabaseCounters,
  extensions: readExtensions,
  lock_inventory: readLockInventory,
  locked_relations: readLockedRelations,
  prepared_transactions: readPreparedTransactions,
  replication: readReplication,
  replication_slots: readReplicationSlots,
  schema: readSchema,
  server: readServer,
  settings: readSettings,
  statements: readStatements,
  tables: readTables,
  transactions: readTransactions,
  wait_events: readWaitEvents,
  wal: readWal,
  wraparound: readWraparound,
};

/** Every stream of the manifest; a test holds the two together. */
export const STREAMS: readonly string[] = [
  ...Object.keys(READERS),
  'schema_changes',
  'server_changes',
  'setting_changes',
];

export interface CollectDeps extends Pick<ConnectorDeps, 'connection' | 'digest'> {
  readonly client: CatalogClient;
  readonly thresholds: Pick<PostgresqlConfig, 'idleInTransactionSymptom' | 'longTransactionSymptom'>;
}

/** Errors that concern the whole connection: the runner decides what becomes of them. */
const FATAL = ['AUTH', 'CONFIG', 'UNREACHABLE', 'INTERNAL'];

/** Runs one admitted read: ask, map, emit, and only then remember. */
export async function collect(
  deps: CollectDeps,
  run: RunContext,
  request: AdmittedRead,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  const reader = READERS[request.read];
  if (reader === undefined)
    throw new ConnectorError('UNSUPPORTED', `there is no read "${request.read}" here`);
  try {
    const collected = await reader(contextFor(deps, run, request, signal));
    const gaps = collected.records.filter(isGap);
    for (const record of collected.records) await run.emit(record);
    if (collected.state !== undefined) await run.checkpoint(collected.state);
    return outcome(collected.read, collected.expected ?? null, gaps);
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (signal.aborted || FATAL.includes(failure.code)) throw failure;
    await run.emit(failureGap(failure, request.streams[0] ?? request.read, request.read));
    return { completeness: { state: 'unknown', read: 0, expected: null, reason: sentence(failure.message) } };
  }
}

function outcome(read: number, expected: number | null, gaps: readonly Gap[]): ReadOutcome {
  const [first] = gaps;
  if (first === undefined)
    return { completeness: { state: 'complete', read, expected: expected ?? read, reason: null } };
  return { completeness: { state: 'partial', read, expected, reason: first.reason } };
}

function contextFor(
  deps: CollectDeps,
  run: RunContext,
  request: AdmittedRead,
  signal: AbortSignal,
): ReadContext {
  return {
    connection: deps.connection,
    thresholds: deps.thresholds,
    digest: deps.digest,
    state: run.state,
    scope: request.scope,
    ask: asker(deps.client, run.meter, signal),
  };
}

/** A way to ask that stays within a budget and checks what it hears. */
export function asker(client: CatalogClient, meter: BudgetMeter, signal: AbortSignal): ReadContext['ask'] {
  return async (query) => {
    meter.useCall();
    const limits = { timeoutMs: meter.remainingMs(), bytes: meter.budget.bytes - meter.cost().bytes };
    const answer = await client.query(query.id, limits, signal);
    meter.useBytes(answer.bytes);
    const cap = Math.max(0, Math.min(query.maxRows, meter.budget.rows - meter.cost().rows));
    const rows = parse(query, answer.rows.slice(0, cap));
    meter.useRows(rows.length);
    return { rows, facts: answer.facts, truncated: answer.rows.length > cap };
  };
}

/** The right columns with the right shapes, or nothing at all. What was wrong is named by column, never by value. */
function parse<R>(query: Query<R>, rows: readonly unknown[]): readonly R[] {
  const parsed = z.array(query.row).safeParse(rows);
  if (parsed.success) return parsed.data;
  const columns = new Set(
    parsed.error.issues.map((issue) => issue.path.filter((step) => typeof step === 'string').join('.')),
  );
  throw new ConnectorError('BAD_RESPONSE', `the rows of "${query.id}" do not have the expected shape`, {
    hint: `Look at what answers to these catalog columns: ${[...columns].filter(Boolean).sort().join(', ') || 'all'}.`,
  });
}
