import { type JsonObject, type JsonValue, observe } from '../../sdk/index.ts';
import { decimal, integer, query, type RowOf } from '../columns.ts';
import { asObject, type CatalogRead, known, type Reader, serverEntity, truncationGap } from './reader.ts';
import { extensionGap, queryId } from './statements.ts';
import { intervalOf, percentOf } from './steps.ts';

const ownCost = query('own_cost', 500, { queryid: queryId, calls: integer, server_ms: decimal });

type Row = RowOf<typeof ownCost>;

interface Spent {
  readonly calls: number;
  readonly server_ms: number;
}

/** The dearest reads that are named; the rest is in the sum. */
const MAX_READS = 20;
const STATE = 'counters';
const NAMES = 'reads';

/** What this agent has cost the server since the last read, by read, as the server itself counts it. */
const readOwnCost: Reader = async (context) => {
  const absent = await extensionGap(context, 'own_cost');
  if (absent !== undefined) return { records: [absent], read: 0 };
  const asked = await context.ask(ownCost);
  const { now, readOf = new Map<string, string>() } = asked.facts;
  const before = asObject(context.state.get(STATE));
  const counters = asObject(before['counters']);
  const names = namesOf(context.state.get(NAMES), readOf, asked.rows);
  const spent = asked.rows.map((row) => ({ read: names[row.queryid], ...since(row, counters[row.queryid]) }));
  const total = sum(spent);
  const isFirst = before['at'] === undefined;
  const reads = spent
    .filter(({ read, calls }) => typeof read === 'string' && calls > 0)
    .toSorted((a, b) => b.server_ms - a.server_ms)
    .slice(0, MAX_READS);
  const record = observe({
    stream: 'own_cost',
    class: 'state',
    entity: serverEntity(context),
    key: 'own_cost',
    occurredAt: now,
    body: known({
      since: before['at'],
      calls: total.calls,
      server_ms: total.server_ms,
      busy_percent: percentOf(total.server_ms, intervalOf(before, now)),
      reads,
    }),
  });
  return {
    // Counters from before this agent began are nobody's: nothing is told until there is something to compare with.
    records: [...(isFirst ? [] : [record]), ...truncationGap(asked, 'own_cost')],
    state: { set: { [STATE]: { at: now, counters: remembered(asked.rows) }, [NAMES]: names } },
    read: asked.rows.length,
  };
};

/**
 * A session knows the ids of the reads that it has sent; those of the sessions before it are remembered for as long as
 * the server counts something under them. What is counted again after that, a session has sent again.
 */
function namesOf(
  before: JsonValue | undefined,
  readOf: ReadonlyMap<string, string>,
  rows: readonly Row[],
): JsonObject {
  const counted = new Set(rows.map(({ queryid }) => queryid));
  const kept = Object.entries(asObject(before)).filter(([id]) => counted.has(id));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(readOf) };
}

/** A counter that fell was reset. */
function since({ calls, server_ms }: Row, before: JsonValue | undefined): Spent {
  const [callsBefore, msBefore] = Array.isArray(before) ? before.map(Number) : [0, 0];
  const isReset = calls < (callsBefore ?? 0);
  return {
    calls: calls - (isReset ? 0 : (callsBefore ?? 0)),
    server_ms: rounded(server_ms - (isReset ? 0 : (msBefore ?? 0))),
  };
}

function remembered(rows: readonly Row[]): Readonly<Record<string, readonly [number, number]>> {
  return Object.fromEntries(rows.map((row) => [row.queryid, [row.calls, row.server_ms] as const]));
}

function sum(spent: readonly Spent[]): Spent {
  return {
    calls: spent.reduce((all, { calls }) => all + calls, 0),
    server_ms: rounded(spent.reduce((all, { server_ms }) => all + server_ms, 0)),
  };
}

function rounded(ms: number): number {
  return Math.max(0, Math.round(ms * 1_000) / 1_000);
}

export const ownCostReads: readonly CatalogRead[] = [{ query: ownCost, read: readOwnCost }];
