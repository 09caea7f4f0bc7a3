import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ChainHead, Head } from '../chain.ts';
import { EvidenceError } from '../errors.ts';
import type { Sealed, SealedItem } from '../seal.ts';
import { filedPrefixes } from './filed-prefixes.ts';
import { NameTable } from './name-table.ts';
import type { SqliteLog } from './sqlite-log.ts';

/**
 * Adds sealed batches. Its statements are prepared once and run one after the other without giving up the thread, so
 * no other statement of this connection can get in between; Kysely awaits after each. Call it inside a transaction.
 */
export class EvidenceWriter {
  readonly names: NameTable;
  readonly #log: SqliteLog;
  readonly #head: StatementSync;
  readonly #lastItem: StatementSync;
  readonly #manifest: StatementSync;
  readonly #item: StatementSync;
  readonly #entity: StatementSync;

  constructor(database: DatabaseSync, log: SqliteLog) {
    this.names = new NameTable(database);
    this.#log = log;
    this.#head = database.prepare('select sequence, digest from manifests order by sequence desc limit 1');
    this.#lastItem = database.prepare(
      `select item_first + items - 1 as last from manifests where purpose = 'run' and item_first > 0
       order by sequence desc limit 1`,
    );
    this.#manifest = database.prepare(
      `insert into manifests (sequence, digest, purpose, created_at, items, canonical, attestation, item_first)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    // An item in a later manifest (a bundle's) stays with the manifest that first sealed it; one that expired while
    // the bundle was made does not come back.
    this.#item = database.prepare(
      `insert into evidence (occurred_ms, class, kind, connection, manifest, id, salt, leaf, canonical, position)
       select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 where not exists (select 1 from expired where id = ?6)
       on conflict (id) do nothing`,
    );
    this.#entity = database.prepare(
      'insert into evidence_entities (entity, occurred_ms, seq, class, kind, connection) values (?, ?, ?, ?, ?, ?)',
    );
  }

  head(): Head {
    return { manifest: this.#newest(), lastItem: this.#newestItem(), log: this.#log.frontier() };
  }

  add(sealed: Sealed): void {
    this.#checkFollows(sealed);
    const { manifest, logged } = sealed;
    this.#manifest.run(
      manifest.sequence,
      sealed.digest,
      manifest.purpose,
      manifest.createdAt,
      sealed.items.length,
      sealed.canonical,
      sealed.attestation,
      manifest.purpose === 'run' ? manifest.ledger.first : 0,
    );
    this.#log.append({ kind: 'manifest', digest: sealed.digest, createdAt: manifest.createdAt, ...logged });
    for (const [position, item] of sealed.items.entries()) this.#addItem(item, manifest.sequence, position);
  }

  #newest(): ChainHead | null {
    const row = this.#head.get();
    return row === undefined ? null : { sequence: Number(row['sequence']), digest: String(row['digest']) };
  }

  #newestItem(): number {
    return Number(this.#lastItem.get()?.['last'] ?? 0);
  }

  #checkFollows({ manifest, items }: Sealed): void {
    const head = this.#newest();
    const { sequence, previous, purpose, ledger } = manifest;
    const follows = sequence === (head?.sequence ?? 0) + 1 && previous === (head?.digest ?? null);
    const numbered = purpose === 'bundle' || items.length === 0 || ledger.first === this.#newestItem() + 1;
    if (follows && numbered) return;
    throw new EvidenceError('CHAIN', `manifest ${sequence} does not follow the newest one in the store`, {
      hint: 'Seal again from the current head; commits have to go through one Ledger.',
    });
  }

  #addItem({ item, salt, leaf, canonical }: SealedItem, manifest: number, position: number): void {
    const occurred = Date.parse(item.occurredAt);
    const facets = [
      this.names.id(item.class),
      this.names.id(item.kind),
      this.names.id(item.connection),
    ] as const;
    const added = this.#item.run(occurred, ...facets, manifest, item.id, salt, leaf, canonical, position);
    if (added.changes === 0) return;
    const named = [item.entity, ...item.related];
    for (const entity of new Set([...named, ...named.flatMap(filedPrefixes)])) {
      this.#entity.run(this.names.id(entity), occurred, added.lastInsertRowid, ...facets);
    }
  }
}
