import type { DatabaseSync } from 'node:sqlite';
import type { Kysely, Selectable } from 'kysely';
import { decodeCursor } from './cursor.ts';
import { milliseconds } from './evidence-query.ts';
import type { Decision, DecisionQuery, StoredDecision } from './governance.ts';
import { pageLimit, pageOf } from './page.ts';
import type { Page } from './store.ts';
import type { Tables } from './tables.ts';

/** Rows kept, and how many go at once when there are more. */
const MAX_ROWS = 10_000;
const ROWS_CUT = 1_000;
/** More different decisions than this are not held back in memory. */
const MAX_NOTED = 256;
const MAX_REASON = 500;

interface Noted {
  readonly decision: Decision;
  first: number;
  last: number;
  count: number;
}

/** Counts decisions in memory and adds them to the table when something else is written anyway. */
export class DecisionLog {
  readonly #database: DatabaseSync;
  #noted = new Map<string, Noted>();
  #written: ReadonlyMap<string, Noted> | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Says whether it is time to write. */
  note(decision: Decision): boolean {
    const { connection, read, policy, code } = decision;
    const at = milliseconds('at', decision.at);
    const key = JSON.stringify([connection, read, policy, decision.decision, code]);
    const noted = this.#noted.get(key);
    if (noted === undefined) {
      this.#noted.set(key, { decision, first: at, last: at, count: 1 });
    } else {
      noted.count += 1;
      noted.first = Math.min(noted.first, at);
      noted.last = Math.max(noted.last, at);
    }
    return this.#noted.size >= MAX_NOTED;
  }

  get isEmpty(): boolean {
    return this.#noted.size === 0;
  }

  /** Call it inside a transaction. */
  write(): void {
    if (this.isEmpty) return;
    const add = this.#database.prepare(
      `insert into decisions (connection, read, policy, decision, code, reason, first_ms, last_ms, count)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (connection, read, policy, decision, code) do update set
         reason = excluded.reason, first_ms = min(first_ms, excluded.first_ms),
         last_ms = max(last_ms, excluded.last_ms), count = count + excluded.count`,
    );
    for (const { decision, first, last, count } of this.#noted.values()) {
      const { connection, read, policy, code, reason } = decision;
      add.run(
        connection,
        read,
        policy,
        decision.decision,
        code,
        reason.slice(0, MAX_REASON),
        first,
        last,
        count,
      );
    }
    this.#cut();
    this.#written = this.#noted;
  }

  /** What was written is in the file for good. */
  committed(): void {
    if (this.#written === null) return;
    this.#noted = new Map();
    this.#written = null;
  }

  #cut(): void {
    const rows = Number(this.#database.prepare('select count(*) as rows from decisions').get()?.['rows']);
    if (rows <= MAX_ROWS) return;
    this.#database
      .prepare(
        `delete from decisions where seq in (
           select seq from decisions
           order by policy in (select digest from policy_versions where active = 1), last_ms, seq
           limit ?)`,
      )
      .run(rows - MAX_ROWS + ROWS_CUT);
  }
}

const LIST = 'decisions';

export async function findDecisions(db: Kysely<Tables>, query: DecisionQuery): Promise<Page<StoredDecision>> {
  const limit = pageLimit(query.limit);
  let rows = db.selectFrom('decisions').selectAll();
  if (query.connection !== undefined) rows = rows.where('connection', '=', query.connection);
  if (query.decision !== undefined) rows = rows.where('decision', '=', query.decision);
  if (query.since !== undefined) rows = rows.where('last_ms', '>=', milliseconds('since', query.since));
  if (query.cursor !== undefined) {
    const [ms = 0, seq = 0] = decodeCursor(LIST, 2, query.cursor);
    rows = rows.where(({ eb, and, or }) =>
      or([eb('last_ms', '<', ms), and([eb('last_ms', '=', ms), eb('seq', '<', seq)])]),
    );
  }
  const found = await rows
    .orderBy('last_ms', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(LIST, limit, found, (row) => [row.last_ms, row.seq], storedDecision);
}

function storedDecision(row: Selectable<Tables['decisions']>): StoredDecision {
  const { connection, read, policy, code, reason, count } = row;
  return {
    connection,
    read,
    policy,
    decision: row.decision as StoredDecision['decision'],
    code,
    reason,
    firstAt: new Date(row.first_ms).toISOString(),
    lastAt: new Date(row.last_ms).toISOString(),
    count,
  };
}
