import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Timestamp } from '../../connectors/sdk/index.ts';
import type { Item } from '../item.ts';
import { milliseconds } from './evidence-query.ts';
import { filedPrefixes } from './filed-prefixes.ts';
import type { ExpiredItem, ExpiredSum, ExpiryRule, RetentionStore } from './governance.ts';
import type { NameTable } from './name-table.ts';
import type { SqliteWork } from './sqlite-governance.ts';
import type { Tables } from './tables.ts';

/** Keeps a batch to a few milliseconds, in which nothing else of the agent runs. */
const BATCH = 250;
const SCANNED_AT_ONCE = 2_000;

interface Candidate {
  readonly seq: number;
  readonly occurredMs: number;
  readonly manifest: number;
  readonly position: number;
  readonly leaf: string;
  readonly item: Item;
}

/** Removes what got too old from the store's file, and remembers that it was there. */
export class SqliteRetention implements RetentionStore {
  readonly #database: DatabaseSync;
  readonly #db: Kysely<Tables>;
  readonly #names: NameTable;
  readonly #work: SqliteWork;
  readonly #removal: Removal;

  constructor(database: DatabaseSync, db: Kysely<Tables>, names: NameTable, work: SqliteWork) {
    this.#database = database;
    this.#db = db;
    this.#names = names;
    this.#work = work;
    this.#removal = prepareRemoval(database);
  }

  async expire(rules: readonly ExpiryRule[], at: Timestamp): Promise<void> {
    await this.#work.read(async () => this.#database.exec('pragma secure_delete = on'));
    try {
      for (const rule of rules) {
        await this.#expireItems(rule, at);
        if (rule.classes === undefined && rule.streams === undefined)
          await this.#expireBundles(rule.olderThan, at);
      }
    } finally {
      await this.#work.read(async () => {
        // The log ahead of the file still holds the pages as they were.
        this.#database.exec('pragma secure_delete = fast; pragma wal_checkpoint(truncate)');
      });
    }
  }

  expiryToReceipt(): Promise<ExpiredSum | null> {
    return this.#work.read(async () => {
      const rows = await this.#db
        .selectFrom('expired')
        .select(({ fn }) => [
          'class',
          fn.countAll<number>().as('count'),
          fn.min('occurred_ms').as('from'),
          fn.max('occurred_ms').as('to'),
          fn.max('seq').as('through'),
        ])
        .where('receipt', 'is', null)
        .groupBy('class')
        .orderBy('class')
        .execute();
      if (rows.length === 0) return null;
      const items = rows.flatMap((row) => (row.class === null ? [] : [{ ...row, class: row.class }]));
      return {
        items: items.reduce((sum, { count }) => sum + count, 0),
        byClass: Object.fromEntries(items.map((row) => [row.class, row.count])),
        bundles: rows.find((row) => row.class === null)?.count ?? 0,
        occurred: spanOf(items),
        through: Math.max(...rows.map(({ through }) => through)),
      };
    });
  }

  expiredItem(id: string): Promise<ExpiredItem | null> {
    return this.#work.read(async () => {
      const row = await this.#db
        .selectFrom('expired')
        .innerJoin('manifests', 'manifests.sequence', 'expired.manifest')
        .select([
          'expired.id',
          'expired.leaf',
          'manifests.digest as manifest',
          'expired.expired_at as expiredAt',
          'expired.receipt',
        ])
        .where('expired.id', '=', id)
        .where('expired.class', 'is not', null)
        .executeTakeFirst();
      return row ?? null;
    });
  }

  async itemsNamedUnder(epoch: string): Promise<number> {
    const marks = [`pseudonym:${epoch}:`, `hmac-sha256:${epoch}:`, `hmac-sha256%3A${epoch}%3A`];
    const scan = `
      select count(*) as rows, max(seq) as seq,
        count(*) filter (where ${marks.map(() => 'instr(canonical, ?) > 0').join(' or ')}) as named
      from (select seq, canonical from evidence where seq > ? order by seq limit ${SCANNED_AT_ONCE})`;
    let [named, seq, rows] = [0, 0, 0];
    do {
      const row = await this.#work.read(async () => this.#database.prepare(scan).get(...marks, seq));
      [named, seq, rows] = [named + Number(row?.['named']), Number(row?.['seq'] ?? 0), Number(row?.['rows'])];
      await setImmediate();
    } while (rows === SCANNED_AT_ONCE);
    return named;
  }

  async #expireItems(rule: ExpiryRule, at: Timestamp): Promise<void> {
    const to = milliseconds('olderThan', rule.olderThan);
    let from: readonly [number, number] = [Number.MIN_SAFE_INTEGER, 0];
    for (;;) {
      const batch = await this.#work.read(async () => this.#candidates(from, to));
      const last = batch.at(-1);
      if (last === undefined) return;
      const old = batch.filter(({ item }) => matches(item, rule));
      if (old.length > 0) {
        await this.#work.write(() => {
          for (const candidate of old) this.#remove(candidate, at);
        });
      }
      from = [last.occurredMs, last.seq];
      await setImmediate();
    }
  }

  #candidates([ms, seq]: readonly [number, number], to: number): readonly Candidate[] {
    return this.#removal.candidates.all(ms, seq, to).map((row) => ({
      seq: Number(row['seq']),
      occurredMs: Number(row['occurred_ms']),
      manifest: Number(row['manifest']),
      position: Number(row['position']),
      leaf: String(row['leaf']),
      item: JSON.parse(String(row['canonical'])) as Item,
    }));
  }

  #remove({ seq, occurredMs, manifest, position, leaf, item }: Candidate, at: Timestamp): void {
    const { remember, body, entity, name } = this.#removal;
    const removed = body.run(seq);
    if (removed.changes === 0) return;
    remember.run(item.id, item.class, occurredMs, manifest, position, leaf, at);
    const named = [item.entity, ...item.related];
    for (const filed of new Set([...named, ...named.flatMap(filedPrefixes)])) {
      const id = this.#names.find(filed);
      if (id === null) continue;
      entity.run(id, occurredMs, seq);
      if (filed.includes('://') && name.run(id, id).changes > 0) this.#names.forget(filed);
    }
  }

  async #expireBundles(olderThan: Timestamp, at: Timestamp): Promise<void> {
    await this.#work.write(() => {
      this.#removal.rememberBundles.run(at, olderThan);
      this.#removal.bundles.run(olderThan);
    });
  }
}

type Removal = Readonly<
  Record<
    'candidates' | 'remember' | 'body' | 'entity' | 'name' | 'rememberBundles' | 'bundles',
    StatementSync
  >
>;

function prepareRemoval(database: DatabaseSync): Removal {
  return {
    candidates: database.prepare(
      `select seq, occurred_ms, manifest, position, leaf, canonical from evidence indexed by evidence_by_time
       where (occurred_ms, seq) > (?, ?) and occurred_ms < ? order by occurred_ms, seq limit ${BATCH}`,
    ),
    remember: database.prepare(
      'insert into expired (id, class, occurred_ms, manifest, position, leaf, expired_at) values (?, ?, ?, ?, ?, ?, ?)',
    ),
    body: database.prepare('delete from evidence where seq = ?'),
    entity: database.prepare(
      'delete from evidence_entities where entity = ? and occurred_ms = ? and seq = ?',
    ),
    // Only for what is a URI: classes, kinds and connections share the table.
    name: database.prepare(
      'delete from names where id = ? and not exists (select 1 from evidence_entities where entity = ?)',
    ),
    rememberBundles: database.prepare(
      `insert into expired (id, occurred_ms, manifest, leaf, expired_at)
       select manifests.digest, 0, manifests.sequence, '', ?
       from bundles join manifests on manifests.digest = bundles.manifest where bundles.created_at < ?`,
    ),
    bundles: database.prepare('delete from bundles where created_at < ?'),
  };
}

function matches({ class: itemClass, stream, provenance }: Item, { classes, streams }: ExpiryRule): boolean {
  if (classes !== undefined && !classes.includes(itemClass)) return false;
  const [connector] = provenance.connector.split('@');
  return streams === undefined || streams.includes(stream) || streams.includes(`${connector}/${stream}`);
}

function spanOf(items: readonly { readonly from: number; readonly to: number }[]): ExpiredSum['occurred'] {
  if (items.length === 0) return null;
  const from = Math.min(...items.map((row) => row.from));
  const to = Math.max(...items.map((row) => row.to));
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
