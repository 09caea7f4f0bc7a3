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
import type { Query } from './columns.ts';
import type { PostgresqlConfig } from './config.ts';
import { READS } from './reads/index.ts';
import { failureGap, type ReadContext, type Reader, sentence } from './reads/reader.ts';

export const READERS: ReadonlyMap<string, Reader> = new Map(READS.map(({ query, read }) => [query.id, read]));

export const STREAMS: readonly string[] = READS.flatMap(({ query, also = [] }) => [query.id, ...also]);

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
  const reader = READERS.get(request.read);
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
