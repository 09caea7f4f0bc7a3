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
  type ViewGuard,
} from '../sdk/index.ts';
import type { CatalogClient, Column, TransactionClient } from './catalog.ts';
import type { Query } from './columns.ts';
import type { PostgresqlConfig } from './config.ts';
import { DEFAULT_COST } from './plan-cost.ts';
import { READS } from './reads/index.ts';
import { failureGap, type ReadContext, type Reader, sentence } from './reads/reader.ts';

export const READERS: ReadonlyMap<string, Reader> = new Map(READS.map(({ query, read }) => [query.id, read]));

/** Reads that a connection pooler answers. */
export const POOLER_READS: ReadonlySet<string> = new Set(
  READS.filter(({ source }) => source === 'pgbouncer').map(({ query }) => query.id),
);

export const STREAMS: readonly string[] = READS.flatMap(({ query, also = [] }) => [query.id, ...also]);

export interface CollectDeps extends Pick<ConnectorDeps, 'connection' | 'digest' | 'clock'> {
  readonly client: CatalogClient;
  /** The console of the connection pooler, where there is one. */
  readonly pooler?: CatalogClient | undefined;
  /** How views are read that a policy names; absent where none can be. */
  readonly views?: { readonly client: TransactionClient; readonly guard: ViewGuard } | undefined;
  /** Where changes are read from, where the config says so. */
  readonly cdc?: PostgresqlConfig['cdc'];
  readonly thresholds: Pick<PostgresqlConfig, 'idleInTransactionSymptom' | 'longTransactionSymptom'>;
}

/** Errors that concern the whole connection: the runner decides what becomes of them. */
const FATAL = ['AUTH', 'CONFIG', 'UNREACHABLE', 'INTERNAL'];

const NO_POOLER = 'the config of this connection names no connection pooler';
const POOLER_HINT = 'Set pgbouncer.dsn in the config of the connection, or leave these reads out.';

/** Runs one admitted read: ask, map, emit, and only then remember. */
export async function collect(
  deps: CollectDeps,
  run: RunContext,
  request: AdmittedRead,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  const reader = READERS.get(request.read);
  if (reader === undefined)
    throw new ConnectorError('UNSUPPORTED', `there is no read "${request.read}" here`);
  try {
    const client = POOLER_READS.has(request.read) ? deps.pooler : deps.client;
    if (client === undefined) throw new ConnectorError('UNSUPPORTED', NO_POOLER, { hint: POOLER_HINT });
    const collected = await reader(contextFor({ ...deps, client }, run, request, signal));
    // What was refused is a decision, and leaves the read complete.
    const gaps = collected.records.filter(isGap).filter(({ refused }) => refused === undefined);
    for (const record of collected.records) await run.emit(record);
    if (collected.state !== undefined) await run.checkpoint(collected.state);
    return outcome(collected.read, collected.expected ?? null, gaps);
  } catch (error) {
    const failure = ConnectorError.from(error);
    // A pooler that is down is news of the pooler: the connection to the server is as good as before.
    const isFatal = FATAL.includes(failure.code) && !POOLER_READS.has(request.read);
    if (signal.aborted || isFatal) throw failure;
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
    pause: (ms) => deps.clock.sleep(ms, signal),
    remainingMs: () => run.meter.remainingMs(),
    bytesLeft: () => run.meter.budget.bytes - run.meter.cost().bytes,
    ask: asker(deps.client, run.meter, signal),
    cdc: deps.cdc,
    views: viewAccess(deps, run, request, signal),
  };
}

function viewAccess(
  { views: source }: CollectDeps,
  { meter }: RunContext,
  { views = [] }: AdmittedRead,
  signal: AbortSignal,
): ReadContext['views'] {
  if (source === undefined) return undefined;
  return {
    admitted: views,
    guard: source.guard,
    cost: meter.budget.cost ?? DEFAULT_COST,
    rowsLeft: () => meter.budget.rows - meter.cost().rows,
    useRows: (count) => meter.useRows(count),
    transaction: async (work) => {
      meter.useCall();
      const limits = { timeoutMs: meter.remainingMs(), bytes: meter.budget.bytes - meter.cost().bytes };
      return source.client.transaction(
        async (transaction) => {
          try {
            return await work(transaction);
          } finally {
            meter.useBytes(transaction.bytes());
          }
        },
        limits,
        signal,
      );
    },
  };
}

/** A way to ask that stays within a budget and checks what it hears. */
export function asker(client: CatalogClient, meter: BudgetMeter, signal: AbortSignal): ReadContext['ask'] {
  return async (query, values) => {
    meter.useCall();
    const bytes = meter.budget.bytes - meter.cost().bytes;
    const { lockWaitMs } = query;
    const limits = { timeoutMs: meter.remainingMs(), bytes, cost: meter.budget.cost, lockWaitMs, values };
    const answer = await client.query(query.id, limits, signal);
    if (answer.sourceMs !== undefined) meter.addSourceTime(answer.sourceMs);
    meter.useBytes(answer.bytes);
    const cap = Math.max(0, Math.min(query.maxRows, meter.budget.rows - meter.cost().rows));
    mustBeDeclared(query, answer.columns);
    const rows = parse(query, answer.rows.slice(0, cap));
    meter.useRows(rows.length);
    return { rows, facts: answer.facts, truncated: answer.rows.length > cap };
  };
}

/** Holds what the server says of its columns against the query, before any row is looked at, and also when there is none. */
function mustBeDeclared({ id, types }: Query<unknown>, columns: readonly Column[] | undefined): void {
  if (types === undefined || columns === undefined) return;
  const wrong = columns
    .filter(({ name, type }) => types[name]?.includes(type) !== true)
    .map(({ name }) => name);
  const got = columns.map(({ name }) => name);
  const absent = Object.keys(types).filter((name) => !got.includes(name));
  if (wrong.length === 0 && absent.length === 0 && got.length === new Set(got).size) return;
  const names = [...new Set([...wrong, ...absent])].filter((name) => types[name] !== undefined).sort();
  throw new ConnectorError('BAD_RESPONSE', `the columns of "${id}" are not those that were declared`, {
    hint: `Look at what answers in place of the catalog: ${names.join(', ') || 'there are more columns than were asked for'}.`,
  });
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
