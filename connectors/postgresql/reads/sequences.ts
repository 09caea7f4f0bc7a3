import { type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import { bool, integer, integerOrNull, query, type RowOf, text } from '../columns.ts';
import {
  type Asked,
  asObject,
  type CatalogRead,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
} from './reader.ts';
import { intervalOf, percentOf } from './steps.ts';

const sequences = query('sequences', 200, {
  schema: text,
  sequence: text,
  relation: text,
  part: text,
  sequence_type: text,
  column_type: text,
  first_value: integer,
  last_possible: integer,
  increment: integer,
  cycles: bool,
  rows_now: integer,
  rows_inserted: integerOrNull,
});

type Sequence = RowOf<typeof sequences>;

interface Drawn {
  /** Most rows ever seen. */
  readonly rows: number;
  /** Rows inserted in all, over resets of the counter. */
  readonly total: number;
  /** The counter at that time, to go on from. */
  readonly inserted: number;
  readonly at: string;
}

const STATE = 'drawn';
const ALARMING_PERCENT = 80;
const DAY_MS = 86_400_000;

/**
 * How far the sequences behind columns must at least be, without opening one: each row is reckoned to have taken a number.
 * Sequences that belong to no column are not in it, and numbers skipped with setval(), by caches or by conflicting
 * inserts are not seen.
 */
const readSequences: Reader = async (context) => {
  const asked = await context.ask(sequences);
  const rows = inScope(context, asked.facts.database) ? asked.rows : [];
  const previous = asObject(context.state.get(STATE));
  const remembered: Record<string, JsonValue> = {};
  const records = rows.map((row) => {
    const key = context.digest([row.schema, row.sequence]);
    const now = drawn(row, previous[key], asked.facts.now);
    remembered[key] = { ...now };
    return sequence(context, asked, row, now, previous[key]);
  });
  // That there are more sequences than the fullest two hundred is no gap: the read is of these.
  return { records, state: { set: { [STATE]: remembered } }, read: asked.rows.length };
};

/**
 * Never falls: rows that were deleted and counters that were reset have taken their numbers all the same. The two are not
 * added up, because the rows of one may be those that the other has just counted.
 */
function drawn(row: Sequence, previous: JsonValue | undefined, at: string): Drawn {
  const { rows, total, inserted } = asObject(previous);
  const counter = row.rows_inserted ?? 0;
  const since = typeof inserted === 'number' && counter >= inserted ? counter - inserted : counter;
  return {
    rows: Math.max(row.rows_now, typeof rows === 'number' ? rows : 0),
    total: since + (typeof total === 'number' ? total : 0),
    inserted: counter,
    at,
  };
}

function sequence(
  context: ReadContext,
  { facts }: Asked<Sequence>,
  { rows_inserted: _inserted, rows_now: _rows, part, ...row }: Sequence,
  now: Drawn,
  previous: JsonValue | undefined,
): Observed {
  const steps = Math.floor((row.last_possible - row.first_value) / row.increment) + 1;
  const atLeast = Math.max(now.rows, now.total);
  const used = percentOf(atLeast, steps);
  const daysLeft = days(steps - atLeast, now, previous);
  const isFull = !row.cycles && (used ?? 0) >= ALARMING_PERCENT;
  return observe({
    stream: 'sequences',
    class: isFull ? 'symptom' : 'state',
    entity: relationEntity(context, facts.database, row.schema, row.sequence),
    related: [relationEntity(context, facts.database, row.schema, row.relation)],
    key: 'sequence',
    occurredAt: facts.now,
    ...scopeOf(facts.database),
    body: known({
      database: facts.database,
      ...row,
      sequence_type: row.sequence_type,
      column: part,
      numbers: steps,
      drawn_at_least: atLeast,
      used_percent_at_least: used,
      days_left_at_most: daysLeft,
      reason: isFull ? 'nearly_used_up' : null,
    }),
  });
}

/** At the pace of the inserts since the last read; unknown before the second and while nothing is inserted. */
function days(left: number, now: Drawn, previous: JsonValue | undefined): number | undefined {
  const { total } = asObject(previous);
  const interval = intervalOf(previous, now.at);
  if (typeof total !== 'number' || interval === undefined || now.total <= total) return undefined;
  return Math.max(0, Math.round(((left / (now.total - total)) * interval) / DAY_MS));
}

export const sequencesReads: readonly CatalogRead[] = [{ query: sequences, read: readSequences }];
