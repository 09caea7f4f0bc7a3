import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { EvidenceError } from '../errors.ts';
import type { Sealed, SealedItem } from '../seal.ts';
import { filedPrefixes } from './filed-prefixes.ts';
import { NameTable } from './name-table.ts';
import type { ChainHead } from './store.ts';

/**
 * Adds sealed batches. Its statements are prepared once and run one after the other without giving up the thread, so
 * no other statement of this connection can get in between; Kysely awaits after each. Call it inside a transaction.
 */
export class EvidenceWriter {
  readonly names: NameTable;
  readonly #head: StatementSync;
  readonly #manifest: StatementSync;
  readonly #item: StatementSync;
  readonly #entity: StatementSync;

  constructor(database: DatabaseSync) {
    this.names = new NameTable(database);
    this.#head = database.prepare('select sequence, digest from manifests order by sequence desc limit 1');
    this.#manifest = database.prepare(
      `insert into manifests (sequence, digest, purpose, created_at, items, canonical, attestation)
       values (?, ?, ?, ?, ?, ?, ?)`,
    );
    // An item in a later manifest (a bundle's) stays with the manifest that first sealed it; one that expired while
    // the bundle was made does not come back.
    this.#item = database.prepare(
      `insert into evidence (occurred_ms, class, kind, connection, manifest, id, salt, leaf, canonical)
       select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 where not exists (select 1 from expired where id = ?6)
       on conflict (id) do nothing`,
    );
    this.#entity = database.prepare(
      'insert into evidence_entities (entity, occurred_ms, seq, class, kind, connection) values (?, ?, ?, ?, ?, ?)',
    );
  }

  head(): ChainHead | null {
    const row = this.#head.get();
    return row === undefined ? null : { sequence: Number(row['sequence']), digest: String(row['digest']) };
  }

  add(sealed: Sealed): void {
    this.#checkFollows(sealed);
    const { manifest } = sealed;
    this.#manifest.run(
      manifest.sequence,
      sealed.digest,
      manifest.purpose,
      manifest.createdAt,
      sealed.items.length,
      sealed.canonical,
      sealed.attestation,
    );
    for (const item of sealed.items) this.#addItem(item, manifest.sequence);
  }

  #checkFollows({ manifest }: Sealed): void {
    const head = this.head();
    const follows =
      head === null
        ? manifest.previous === null && manifest.sequence === 1
        : manifest.previous === head.digest && manifest.sequence === head.sequence + 1;
    if (follows) return;
    throw new EvidenceError(
      'CHAIN',
      `manifest ${manifest.sequence} does not follow the newest one in the store`,
      {
        hint: 'Seal again from the current head; commits have to go through one Ledger.',
      },
    );
  }

  #addItem({ item, salt, leaf, canonical }: SealedItem, manifest: number): void {
    const occurred = Date.parse(item.occurredAt);
    const facets = [
      this.names.id(item.class),
      this.names.id(item.kind),
      this.names.id(item.connection),
    ] as const;
    const added = this.#item.run(occurred, ...facets, manifest, item.id, salt, leaf, canonical);
    if (added.changes === 0) return;
    const named = [item.entity, ...item.related];
    for (const entity of new Set([...named, ...named.flatMap(filedPrefixes)])) {
      this.#entity.run(this.names.id(entity), occurred, added.lastInsertRowid, ...facets);
    }
  }
}
