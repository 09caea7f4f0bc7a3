import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Entities come and go (pods, commits); what is forgotten here is looked up again. */
const REMEMBERED = 20_000;

/** The numbers that stand for names in the store. A number, once given and committed, never changes. */
export class NameTable {
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #committed = new Map<string, number>();
  /** Given in the transaction under way: gone when it is rolled back. */
  readonly #fresh = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#select = database.prepare('select id from names where name = ?');
    this.#insert = database.prepare('insert into names (name) values (?)');
  }

  /** The number of a name, new if need be. Call it inside a transaction. */
  id(name: string): number {
    const known = this.find(name);
    if (known !== null) return known;
    const id = Number(this.#insert.run(name).lastInsertRowid);
    this.#fresh.set(name, id);
    return id;
  }

  find(name: string): number | null {
    const remembered = this.#committed.get(name) ?? this.#fresh.get(name);
    if (remembered !== undefined) return remembered;
    const row = this.#select.get(name);
    if (row === undefined) return null;
    const id = Number(row['id']);
    this.#fresh.set(name, id);
    return id;
  }

  /** Call it when the name was removed, inside the same transaction. */
  forget(name: string): void {
    this.#committed.delete(name);
    this.#fresh.delete(name);
  }

  committed(): void {
    if (this.#committed.size + this.#fresh.size > REMEMBERED) this.#committed.clear();
    for (const [name, id] of this.#fresh) this.#committed.set(name, id);
    this.#fresh.clear();
  }

  rolledBack(): void {
    this.#fresh.clear();
  }
}
