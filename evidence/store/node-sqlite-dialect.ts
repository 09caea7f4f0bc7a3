import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { SqliteDialect } from 'kysely';

/** Kysely's SQLite dialect over `node:sqlite`. Destroying the Kysely instance closes the database. */
export function nodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  const statements = new StatementCache(database);
  return new SqliteDialect({
    database: {
      close: () => {
        if (database.isOpen) database.close();
      },
      prepare: (sql) => adapt(statements.prepare(sql)),
    },
  });
}

/** The slice of better-sqlite3's Statement that Kysely uses: parameters come as one array. */
function adapt(statement: StatementSync) {
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...bindable(parameters)),
    run: (parameters: readonly unknown[]) => statement.run(...bindable(parameters)),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...bindable(parameters)),
  };
}

function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (value === null || typeof value === 'number' || typeof value === 'string') return value;
    if (typeof value === 'bigint' || value instanceof Uint8Array) return value;
    throw new TypeError(`a parameter of type ${typeof value} can not be bound`);
  });
}

/** Preparing costs more than most of our queries; the texts are few, but not bounded by anything we control. */
const CACHED_STATEMENTS = 128;

class StatementCache {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size >= CACHED_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
    this.#statements.set(sql, statement);
    return statement;
  }
}
