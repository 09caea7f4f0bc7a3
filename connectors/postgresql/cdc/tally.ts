import { malformed } from './byte-cursor.ts';
import { type Message, parseMessage, type Relation, type Update } from './messages.ts';

/** What whole transactions did, without a value of any row. */
export interface Tally {
  /** Those that changed something published. */
  readonly transactions: number;
  readonly first: Commit | null;
  readonly last: Commit | null;
  /** Where the last whole transaction ends in the log, whether it changed something or not; null: there was none. */
  readonly end: bigint | null;
  readonly tables: readonly TableTally[];
}

export interface Commit {
  readonly at: string;
  readonly lsn: bigint;
}

export interface TableTally {
  readonly schema: string;
  readonly table: string;
  inserts: number;
  updates: number;
  deletes: number;
  truncates: number;
  transactions: number;
  readonly first: Commit;
  last: Commit;
  /** Names of columns that updates changed. */
  readonly columns: Set<string>;
  /** Whether they are all: every update told its old values. */
  columnsKnown: boolean;
}

/** A message and how often it came, by rows of the same transaction that look the same. */
export interface Heard {
  readonly bytes: Buffer;
  readonly times: number;
}

/**
 * Counts what the messages of one peek say, in their order. `isCut` says that more were there: a transaction without
 * its end is then left for the next time. Throws ConnectorError BAD_RESPONSE where the order is not that of pgoutput.
 */
export function tally(messages: Iterable<Heard>, isCut: boolean): Tally {
  const counter = new Counter();
  for (const { bytes, times } of messages) counter.take(parseMessage(bytes), times);
  return counter.result(isCut);
}

type Change = Extract<Message, { type: 'insert' | 'delete' | 'update' }>;

interface Pending {
  readonly commit: bigint;
  /** What happened, and to what under its name of that moment. */
  readonly changes: {
    readonly relation: Relation;
    readonly what: Change | 'truncate';
    readonly times: number;
  }[];
}

/** Of anything else the place counts, so two of them are never one. */
const REPEATS: ReadonlySet<Message['type']> = new Set(['insert', 'update', 'delete']);

class Counter {
  readonly #relations = new Map<number, Relation>();
  readonly #tables = new Map<string, TableTally>();
  #pending: Pending | undefined;
  #transactions = 0;
  #first: Commit | null = null;
  #last: Commit | null = null;
  #end: bigint | null = null;

  take(message: Message, times: number): void {
    if (times < 1 || (times > 1 && !REPEATS.has(message.type))) throw malformed();
    switch (message.type) {
      case 'begin':
        if (this.#pending !== undefined) throw malformed();
        this.#pending = { commit: message.commit, changes: [] };
        break;
      case 'commit':
        this.#commit(message);
        break;
      case 'relation':
        this.#inside();
        this.#relations.set(message.oid, message);
        break;
      case 'truncate':
        for (const oid of message.oids)
          this.#inside().push({ relation: this.#relation(oid), what: 'truncate', times });
        break;
      case 'other':
        this.#inside();
        break;
      default:
        this.#inside().push({ relation: this.#relationOf(message), what: message, times });
    }
  }

  result(isCut: boolean): Tally {
    if (this.#pending !== undefined && !isCut) throw malformed();
    return {
      transactions: this.#transactions,
      first: this.#first,
      last: this.#last,
      end: this.#end,
      tables: [...this.#tables.values()],
    };
  }

  #inside(): Pending['changes'] {
    if (this.#pending === undefined) throw malformed();
    return this.#pending.changes;
  }

  #relation(oid: number): Relation {
    const relation = this.#relations.get(oid);
    if (relation === undefined) throw malformed();
    return relation;
  }

  #relationOf(change: Change): Relation {
    const relation = this.#relation(change.oid);
    const width = change.type === 'update' ? change.width : null;
    if (width !== null && width !== relation.columns.length) throw malformed();
    return relation;
  }

  #commit({ commit, end, at }: Extract<Message, { type: 'commit' }>): void {
    const changes = this.#inside();
    if (this.#pending?.commit !== commit || end <= commit || commit < (this.#end ?? 0n)) throw malformed();
    this.#pending = undefined;
    this.#end = end;
    if (changes.length === 0) return;
    const moment = { at, lsn: commit };
    this.#transactions += 1;
    this.#first ??= moment;
    this.#last = moment;
    const touched = new Set<TableTally>();
    for (const { relation, what, times } of changes) {
      const table = this.#table(relation, moment);
      count(table, relation, what, times);
      touched.add(table);
    }
    for (const table of touched) {
      table.transactions += 1;
      table.last = moment;
    }
  }

  #table({ schema, table }: Relation, moment: Commit): TableTally {
    const key = JSON.stringify([schema, table]);
    const known = this.#tables.get(key) ?? {
      schema,
      table,
      inserts: 0,
      updates: 0,
      deletes: 0,
      truncates: 0,
      transactions: 0,
      first: moment,
      last: moment,
      columns: new Set<string>(),
      columnsKnown: true,
    };
    this.#tables.set(key, known);
    return known;
  }
}

function count(table: TableTally, relation: Relation, what: Change | 'truncate', times: number): void {
  if (what === 'truncate') table.truncates += times;
  else if (what.type === 'insert') table.inserts += times;
  else if (what.type === 'delete') table.deletes += times;
  else countUpdate(table, relation, what, times);
}

function countUpdate(
  table: TableTally,
  relation: Relation,
  { changed, isComplete }: Update,
  times: number,
): void {
  table.updates += times;
  table.columnsKnown &&= isComplete;
  for (const index of changed) {
    const name = relation.columns[index];
    if (name !== undefined) table.columns.add(name);
  }
}
