import {
  type AdmittedView,
  ConnectorError,
  type ProvenStatement,
  type ViewGuard,
  type ViewVerdict,
} from '../../sdk/index.ts';
import type { Row, Transaction } from '../catalog.ts';
import { mustBeCheap } from '../plan-cost.ts';
import { FACTS, HARDLY_WAIT, LOCKS, lockStatement, OTHERS, TABLES } from './statements.ts';

/** The definition that counts as reviewed; null where none has been seen yet. */
export type IsReviewed = (digest: string) => boolean;

export interface ReadViewDeps {
  readonly guard: ViewGuard;
  readonly isReviewed: IsReviewed;
  /** What the planner may reckon. */
  readonly cost: number;
}

export interface ViewFacts {
  readonly owner: string;
  readonly securityBarrier: boolean;
  readonly securityInvoker: boolean;
  /** `sha256:<hex>` of the definition. */
  readonly definition: string;
  readonly tables: readonly string[];
}

export interface Lock {
  readonly relation: string;
  readonly mode: string;
  readonly pid: number;
  readonly ms: number | null;
}

export type ViewResult =
  | { readonly state: 'read'; readonly facts: ViewFacts; readonly rows: ViewRows; readonly statement: string }
  | { readonly state: 'relation_locked' }
  | { readonly state: 'refused'; readonly facts: ViewFacts; readonly reason: string }
  | { readonly state: 'changed'; readonly facts: ViewFacts };

export interface ViewRows {
  readonly rows: readonly Row[];
  /** Rows about too few, which were blank when they came. */
  readonly suppressed: number;
  /** The view has more. */
  readonly isTruncated: boolean;
  /** What the planner reckoned. */
  readonly cost: number;
}

/** LOCK … NOWAIT, and lock_timeout: PostgreSQL manual, appendix A. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Looks at a view and reads it, in a transaction that has done nothing else. Waits for no lock. */
export async function readView(
  view: AdmittedView,
  transaction: Transaction,
  deps: ReadViewDeps,
): Promise<ViewResult> {
  try {
    return await readLocked(view, transaction, deps);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === LOCK_NOT_AVAILABLE)
      return { state: 'relation_locked' };
    throw error;
  }
}

async function readLocked(
  view: AdmittedView,
  transaction: Transaction,
  deps: ReadViewDeps,
): Promise<ViewResult> {
  const about = (text: string) => transaction.send(text, [view.schema, view.name]);
  await transaction.send(lockStatement(view), []);
  await transaction.send(HARDLY_WAIT, []);
  if ((await about(LOCKS)).length > 0) return { state: 'relation_locked' };
  const [own] = await about(FACTS);
  if (own === undefined) throw new ConnectorError('NOT_FOUND', 'the view went away while it was looked at');
  const tables = await about(TABLES);
  const others = await about(OTHERS);
  const verdict = await judge(view, own, tables, others, deps.guard);
  const facts = factsOf(own, tables, verdict);
  const reason = reasonAgainst(view, tables, others) ?? verdict.reason;
  if (reason !== null) return { state: 'refused', facts, reason };
  if (!deps.isReviewed(verdict.digest)) return { state: 'changed', facts };
  const statement = await deps.guard.statement(view);
  const rows = await readRows(view, statement, transaction, deps.cost);
  return { state: 'read', facts, rows, statement: statement.digest };
}

async function readRows(
  view: AdmittedView,
  { text }: ProvenStatement,
  transaction: Transaction,
  ceiling: number,
): Promise<ViewRows> {
  const { cost } = await mustBeCheap({ text, values: [] }, ceiling, ({ text: asked, values }) =>
    transaction.send(asked, values),
  );
  const all = await transaction.send(text, []);
  const within = all.slice(0, view.maxRows);
  const rows = view.groupSize === undefined ? within : within.filter((row) => isTrue(row['KEPT']));
  return { rows, suppressed: within.length - rows.length, isTruncated: all.length > within.length, cost };
}

async function judge(
  view: AdmittedView,
  own: Row,
  tables: readonly Row[],
  others: readonly Row[],
  guard: ViewGuard,
): Promise<ViewVerdict> {
  return guard.definition(view, {
    text: String(own['definition']),
    tables: tables.map((row) => ({
      schema: String(row['schema']),
      name: String(row['name']),
      columns: String(row['columns']).split(','),
    })),
    enums: others.filter((row) => isTrue(row['is_enum'])).map((row) => nameOf(row)),
  });
}

/** What the text does not show, and the server's catalogs do. */
function reasonAgainst(view: AdmittedView, tables: readonly Row[], others: readonly Row[]): string | null {
  if (view.from.length === 0) return 'the policy does not say which tables it may read (from)';
  const undeclared = tables.map(nameOf).filter((name) => !view.from.includes(name));
  if (undeclared.length > 0) return 'it reads a table that the policy does not name under from';
  // What the catalogs let be read of themselves is the guard's to say, column by column.
  const foreign = tables.filter((row) => row['schema'] !== 'pg_catalog');
  if (foreign.some((row) => !['r', 'p', 'm'].includes(String(row['kind'])))) {
    return 'it reads something else than tables: another view, or a foreign table';
  }
  if (tables.some((row) => isTrue(row['row_security']))) {
    return 'row security of a table under it runs conditions that were not looked at';
  }
  if (others.some((row) => !isTrue(row['is_enum']))) {
    return 'it depends on functions, operators or types that did not come with the server';
  }
  return null;
}

function factsOf(own: Row, tables: readonly Row[], verdict: ViewVerdict): ViewFacts {
  return {
    owner: String(own['owner']),
    securityBarrier: isTrue(own['security_barrier']),
    securityInvoker: isTrue(own['security_invoker']),
    definition: verdict.digest,
    tables: tables.map(nameOf),
  };
}

/** Who holds the lock, asked in a transaction of its own: the one before ended with the failure. */
export async function findLock(view: AdmittedView, transaction: Transaction): Promise<Lock | undefined> {
  const [row] = await transaction.send(LOCKS, [view.schema, view.name]);
  if (row === undefined) return undefined;
  const ms = row['ms'] === null ? null : Math.max(0, Math.round(Number(row['ms'])));
  return { relation: nameOf(row), mode: String(row['mode']), pid: Number(row['pid']), ms };
}

function nameOf(row: Row): string {
  return `${String(row['schema'])}.${String(row['name'])}`;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 't' || value === 'true';
}
