import type { AdmittedView, RunState, Scope, StatePatch, ViewGuard } from '../../sdk/index.ts';
import {
  ConnectorError,
  entityUri,
  type Gap,
  type JsonObject,
  type JsonValue,
  type Observed,
} from '../../sdk/index.ts';
import type { SessionFacts, Transaction } from '../catalog.ts';
import type { Query } from '../columns.ts';
import type { CdcConfig, PostgresqlConfig } from '../config.ts';

/** What a reader is handed: a way to ask, what the last run left, and nothing that writes. */
export interface ReadContext {
  /** Id of the connection; the authority of every entity. */
  readonly connection: string;
  readonly thresholds: Pick<PostgresqlConfig, 'idleInTransactionSymptom' | 'longTransactionSymptom'>;
  readonly digest: (value: JsonValue) => string;
  readonly state: RunState;
  readonly scope: Scope;
  /** Lets time pass between two samples of one read. Rejects when the read is given up. */
  readonly pause: (ms: number) => Promise<void>;
  /** Milliseconds left of the budget. */
  readonly remainingMs: () => number;
  /** Bytes left of the budget. */
  readonly bytesLeft: () => number;
  /** Where changes are read from; undefined where the config says nothing of it. */
  readonly cdc?: CdcConfig | undefined;
  /** How views are read; undefined where the connector was given no guard for them. */
  readonly views?: ViewAccess | undefined;
  /** Sends a named query and checks every row. Throws ConnectorError. */
  ask<R>(query: Query<R>, values?: readonly string[]): Promise<Asked<R>>;
}

export interface ViewAccess {
  /** Those that the policy names; empty where it names none. */
  readonly admitted: readonly AdmittedView[];
  readonly guard: ViewGuard;
  /** What the planner may reckon for one of them. */
  readonly cost: number;
  rowsLeft(): number;
  useRows(count: number): void;
  /** Counts as one call of the budget. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

export interface Asked<R> {
  readonly rows: readonly R[];
  readonly facts: SessionFacts;
  /** More rows were there than the query or the budget lets through. */
  readonly truncated: boolean;
}

/** What one read found, before anything is emitted. */
export interface Collected {
  readonly records: readonly (Observed | Gap)[];
  readonly state?: StatePatch;
  /** Rows read. */
  readonly read: number;
  /** Rows the server has, where it says so. */
  readonly expected?: number;
}

export type Reader = (context: ReadContext) => Promise<Collected>;

/** One read of the manifest: the rows that its query file returns, and what becomes of them. */
export interface CatalogRead {
  /** Its id is that of the read. */
  readonly query: Query<unknown>;
  /** Who is asked; the server itself where nothing is said. */
  readonly source?: 'pgbouncer';
  readonly read: Reader;
  /** Of its further files: `<read>/<step>`. */
  readonly steps?: readonly Query<unknown>[];
  /** Streams it feeds beside the one that has its name. */
  readonly also?: readonly string[];
}

/** Sessions and statements of other roles are half blank without it. */
export const READ_STATS = 'pg_read_all_stats';

/** A gap when the role sees only its own sessions; empty when it sees all. */
export function statsGap(asked: Asked<unknown>, stream: string): readonly Gap[] {
  if (asked.facts.readsStats) return [];
  return [
    {
      gap: 'PRIVILEGE',
      stream,
      missing: READ_STATS,
      reason: 'State, waits and statements of other roles are hidden from a role without this membership.',
      hint: `GRANT ${READ_STATS} TO the role of this connection.`,
    },
  ];
}

export function truncationGap(asked: Asked<unknown>, stream: string): readonly Gap[] {
  if (!asked.truncated) return [];
  return [
    {
      gap: 'BUDGET',
      stream,
      missing: stream,
      reason: 'The server has more rows than this read lets through; those first in its order were kept.',
      hint: 'Raise budget.rows of this read in the policy, or narrow its scope.',
    },
  ];
}

/** A part of a read that failed while the rest stands. */
export function failureGap(error: unknown, stream: string, missing: string): Gap {
  const { code, message, hint } = ConnectorError.from(error);
  return { gap: code, stream, missing, reason: sentence(message), ...(hint === undefined ? {} : { hint }) };
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function serverEntity(context: ReadContext): string {
  return entityUri('postgresql', context.connection);
}

export function databaseEntity(context: ReadContext, database: string): string {
  return entityUri('postgresql', context.connection, database);
}

export function relationEntity(context: ReadContext, database: string, schema: string, name: string): string {
  return entityUri('postgresql', context.connection, database, schema, name);
}

/** Schema names that begin with pg_ are reserved, so no relation can have the name of a backend. */
export function backendEntity(context: ReadContext, database: string | null, pid: number): string {
  return entityUri('postgresql', context.connection, database ?? 'postgres', 'pg_backend', String(pid));
}

export function inScope(context: ReadContext, database: string | null): boolean {
  return database === null || context.scope.includes('database', database);
}

/** A body without what is not known: an absent field says so better than a null that no type accepts. */
export function known(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

export function scopeOf(database: string | null): { scope?: { database: string } } {
  return database === null ? {} : { scope: { database } };
}

/** RFC 3339 time that many milliseconds before another. */
export function before(now: string, ms: number | null): string {
  return new Date(Date.parse(now) - (ms ?? 0)).toISOString();
}

/** A piece of state as an object; empty where the last run left none, or something else. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
