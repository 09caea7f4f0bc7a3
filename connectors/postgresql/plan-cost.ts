import { ConnectorError } from '../sdk/index.ts';
import type { Row } from './catalog.ts';
import type { Statement } from './session.ts';

/**
 * What the planner may reckon for one statement when its read's budget says nothing, in units of `seq_page_cost`. Over
 * 10,000 tables with 50,000 indexes the dearest catalog read is reckoned at 67,000 and the median at 6; what multiplies
 * relations with one another is far above.
 */
export const DEFAULT_COST = 1_000_000;

export type Send = (statement: Statement) => Promise<readonly Row[]>;

/**
 * Asks the planner what a statement would cost, without running it, and throws ConnectorError BUDGET above the ceiling.
 * Only for texts that the guard has proved: EXPLAIN opens the relations of what it plans, and locks them as a read
 * does. `values` must be those that it will be run with.
 */
export async function mustBeCheap(statement: Statement, ceiling: number, send: Send): Promise<Planned> {
  const planned = await plannedCost(statement, send);
  if (planned.cost <= ceiling) return planned;
  throw new ConnectorError('BUDGET', 'the planner reckons more for this read than its budget allows', {
    hint: 'Look for catalogs that were never analyzed, or raise budget.cost of this read in the manifest.',
  });
}

export interface Planned {
  /** `Total Cost` of the plan, in the planner's unit (PostgreSQL manual, "Using EXPLAIN"). */
  readonly cost: number;
  /** What the server counts the statement under (`compute_query_id`); absent where it computes none. */
  readonly queryId?: string;
}

/** Too wide for a JSON number: taken from the text. */
const QUERY_ID = /"Query Identifier": *(-?\d{1,20})/;

export async function plannedCost({ text, values }: Statement, send: Send): Promise<Planned> {
  const [row] = await send({ text: `EXPLAIN (VERBOSE, FORMAT JSON)\n${text}`, values });
  const plan = row?.['QUERY PLAN'];
  const cost = totalCost(plan);
  const queryId = typeof plan === 'string' ? QUERY_ID.exec(plan)?.[1] : undefined;
  if (cost !== undefined) return { cost, ...(queryId === undefined ? {} : { queryId }) };
  throw new ConnectorError('BAD_RESPONSE', 'the server did not say what a read would cost');
}

function totalCost(answer: unknown): number | undefined {
  const plans: unknown = typeof answer === 'string' ? parsed(answer) : answer;
  const [first] = Array.isArray(plans) ? (plans as readonly unknown[]) : [];
  const cost = (first as { readonly Plan?: { readonly 'Total Cost'?: unknown } } | undefined)?.Plan?.[
    'Total Cost'
  ];
  return typeof cost === 'number' && Number.isFinite(cost) ? cost : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
