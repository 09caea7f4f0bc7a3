import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { EvidenceClass, JsonValue, Window } from '../../connectors/sdk/index.ts';
import type { Head } from '../chain.ts';
import { EvidenceError } from '../errors.ts';
import type { ContentsEntry } from '../manifest.ts';
import type { Sealed } from '../seal.ts';
import { findEvidence, milliseconds } from './evidence-query.ts';
import { EvidenceWriter } from './evidence-writer.ts';
import { contentsOf, fatesOf } from './manifest-items.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { storeError } from './sqlite-errors.ts';
import { openSqliteFile, type SqliteFileOptions } from './sqlite-file.ts';
import { SqliteGovernance, type SqliteWork } from './sqlite-governance.ts';
import { SqliteLog } from './sqlite-log.ts';
import {
  findIncident,
  findIncidents,
  findLatestBundle,
  findLatestRuns,
  findManifest,
  findManifests,
  readState,
  storedIncident,
} from './sqlite-registry.ts';
import { SqliteRetention } from './sqlite-retention.ts';
import type {
  EvidenceQuery,
  IdempotencyKey,
  Incident,
  ManifestFate,
  Page,
  PageRequest,
  PriorIncident,
  RunEnd,
  RunRecord,
  StateWrite,
  Store,
  StoredBundle,
  StoredItem,
  StoredManifest,
  StoredRun,
} from './store.ts';
import type { Tables } from './tables.ts';

/** Opens or makes the store file. Throws EvidenceError STORE when it can not be used; nothing is left open then. */
export async function openSqliteStore(options: SqliteFileOptions): Promise<SqliteStore> {
  return new SqliteStore(openSqliteFile(options));
}

/** The default store: one SQLite file in WAL mode, owned by one process. */
export class SqliteStore implements Store {
  readonly log: SqliteLog;
  readonly governance: SqliteGovernance;
  readonly retention: SqliteRetention;
  readonly #database: DatabaseSync;
  readonly #db: Kysely<Tables>;
  readonly #writer: EvidenceWriter;
  #closed = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#db = new Kysely<Tables>({ dialect: nodeSqliteDialect(database) });
    const work: SqliteWork = {
      read: (read) => this.#guard(read),
      write: (write) => this.#transaction(write),
    };
    this.log = new SqliteLog(database, work);
    this.#writer = new EvidenceWriter(database, this.log);
    this.governance = new SqliteGovernance(database, this.#db, work, this.log);
    this.retention = new SqliteRetention(database, this.#db, this.#writer.names, work);
  }

  head(): Promise<Head> {
    return this.#guard(async () => this.#writer.head());
  }

  known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#guard(async () => {
      const rows = this.#database
        .prepare(
          `select id from evidence where id in (select value from json_each(?1))
           union all select id from expired where id in (select value from json_each(?1))`,
        )
        .all(JSON.stringify(ids));
      return new Set(rows.map((row) => String(row['id'])));
    });
  }

  append(sealed: Sealed, state?: StateWrite): Promise<void> {
    return this.#transaction(() => {
      this.#writer.add(sealed);
      if (state !== undefined) this.#writeState(state);
    });
  }

  saveState(state: StateWrite): Promise<void> {
    return this.#transaction(() => this.#writeState(state));
  }

  state(connection: string, read: string): Promise<ReadonlyMap<string, JsonValue>> {
    return this.#guard(() => readState(this.#db, connection, read));
  }

  query(query: EvidenceQuery): Promise<Page<StoredItem>> {
    return this.#guard(() => findEvidence(this.#db, this.#writer.names, query));
  }

  item(id: string): Promise<StoredItem | null> {
    return this.#guard(async () => {
      const row = await this.#db
        .selectFrom('evidence')
        .innerJoin('manifests', 'manifests.sequence', 'evidence.manifest')
        .select([
          'evidence.id',
          'evidence.canonical',
          'evidence.salt',
          'evidence.leaf',
          'evidence.position',
          'manifests.digest as manifest',
        ])
        .where('evidence.id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    });
  }

  countByClass(window?: Window): Promise<Readonly<Record<EvidenceClass, number>>> {
    return this.#guard(async () => {
      let rows = this.#db
        .selectFrom('evidence')
        .innerJoin('names', 'names.id', 'evidence.class')
        .select(({ fn }) => ['names.name as class', fn.countAll<number>().as('count')])
        .groupBy('evidence.class');
      if (window !== undefined) {
        rows = rows
          .where('occurred_ms', '>=', milliseconds('from', window.from))
          .where('occurred_ms', '<', milliseconds('to', window.to));
      }
      const counts = new Map((await rows.execute()).map((row) => [row.class, row.count]));
      const count = (name: EvidenceClass): number => counts.get(name) ?? 0;
      return {
        change: count('change'),
        symptom: count('symptom'),
        state: count('state'),
        gap: count('gap'),
        refusal: count('refusal'),
      };
    });
  }

  manifests(page: PageRequest): Promise<Page<StoredManifest>> {
    return this.#guard(() => findManifests(this.#db, page));
  }

  manifest(digest: string): Promise<StoredManifest | null> {
    return this.#guard(() => findManifest(this.#db, digest));
  }

  contents(digest: string): Promise<readonly ContentsEntry[]> {
    return this.#guard(async () => contentsOf(this.#database, digest));
  }

  fates(digests: readonly string[]): Promise<readonly ManifestFate[]> {
    return this.#guard(async () => fatesOf(this.#database, digests));
  }

  startRun(run: RunRecord): Promise<void> {
    return this.#transaction(() => {
      const added = this.#database
        .prepare(
          'insert into connector_runs (id, connection, read, trigger, started_at) values (?, ?, ?, ?, ?)',
        )
        .run(run.id, run.connection, run.read, run.trigger, run.startedAt);
      this.#database
        .prepare(
          `insert into connector_latest_runs (connection, read, run) values (?, ?, ?)
           on conflict (connection, read) do update set run = excluded.run`,
        )
        .run(run.connection, run.read, added.lastInsertRowid);
    });
  }

  finishRun(id: string, end: RunEnd): Promise<void> {
    return this.#transaction(() => {
      this.#database
        .prepare(
          `update connector_runs set ended_at = ?, status = ?, items = ?, gaps = ?, error = ? where id = ?`,
        )
        .run(end.endedAt, end.status, end.items, end.gaps, end.error, id);
    });
  }

  latestRuns(): Promise<readonly StoredRun[]> {
    return this.#guard(() => findLatestRuns(this.#db));
  }

  createIncident(incident: Incident, idempotency?: IdempotencyKey): Promise<void> {
    return this.#guard(async () => {
      await this.#db
        .insertInto('incidents')
        .values({
          id: incident.id,
          ...incidentColumns(incident),
          idempotency_key: idempotency?.key ?? null,
          request_digest: idempotency?.request ?? null,
        })
        .execute();
    });
  }

  updateIncident(incident: Incident): Promise<void> {
    return this.#guard(async () => {
      await this.#db
        .updateTable('incidents')
        .set(incidentColumns(incident))
        .where('id', '=', incident.id)
        .execute();
    });
  }

  incident(id: string): Promise<Incident | null> {
    return this.#guard(() => findIncident(this.#db, id));
  }

  incidentByKey(key: string): Promise<PriorIncident | null> {
    return this.#guard(async () => {
      const rows = this.#db.selectFrom('incidents').selectAll().where('idempotency_key', '=', key);
      const row = await rows.executeTakeFirst();
      return row === undefined ? null : { incident: storedIncident(row), request: row.request_digest ?? '' };
    });
  }

  incidents(page: PageRequest): Promise<Page<Incident>> {
    return this.#guard(() => findIncidents(this.#db, page));
  }

  saveBundle(bundle: StoredBundle): Promise<void> {
    return this.#transaction(() => {
      this.#database
        .prepare('insert into bundles (incident, manifest, created_at, bytes) values (?, ?, ?, ?)')
        .run(bundle.incident, bundle.manifest, bundle.createdAt, bundle.bytes);
    });
  }

  latestBundle(incident: string): Promise<StoredBundle | null> {
    return this.#guard(() => findLatestBundle(this.#db, incident));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    // Counts of decisions are no reason not to close, for instance on a full disk.
    const flushed = this.governance.flushed();
    this.#closed = true;
    await flushed.catch(() => undefined);
    await this.#db.destroy();
    if (this.#database.isOpen) this.#database.close();
  }

  #writeState({ connection, read, patch }: StateWrite): void {
    const remove = this.#database.prepare(
      'delete from connector_run_state where connection = ? and read = ? and key = ?',
    );
    for (const key of patch.delete ?? []) remove.run(connection, read, key);
    const set = this.#database.prepare(
      `insert into connector_run_state (connection, read, key, value) values (?, ?, ?, ?)
       on conflict (connection, read, key) do update set value = excluded.value`,
    );
    for (const [key, value] of Object.entries(patch.set ?? {}))
      set.run(connection, read, key, JSON.stringify(value));
  }

  /** All or nothing, and durable once it returns. The work is synchronous, so transactions can not interleave. */
  #transaction(work: () => void): Promise<void> {
    return this.#guard(async () => {
      this.#database.exec('begin immediate');
      try {
        work();
        this.governance.flush();
        this.#database.exec('commit');
      } catch (error) {
        // A full disk rolls back by itself.
        if (this.#database.isTransaction) this.#database.exec('rollback');
        this.#writer.names.rolledBack();
        throw error;
      }
      this.#writer.names.committed();
      this.governance.committed();
    });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new EvidenceError('STORE', 'the store is closed');
    try {
      return await work();
    } catch (error) {
      throw storeError(error);
    }
  }
}

function incidentColumns(incident: Incident) {
  return {
    title: incident.title,
    window_from: incident.window.from,
    window_to: incident.window.to,
    scope: JSON.stringify(incident.scope),
    trigger: incident.trigger,
    status: incident.status,
    opened_at: incident.openedAt,
    closed_at: incident.closedAt,
  };
}
