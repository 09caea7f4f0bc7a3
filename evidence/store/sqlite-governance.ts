import type { DatabaseSync } from 'node:sqlite';
import type { Kysely, Selectable } from 'kysely';
import type { JsonValue } from '../../connectors/sdk/index.ts';
import type { LoggedReceipt, SignedReceipt } from '../receipt.ts';
import { appendAuditEntry, storedAudit, verifyAuditChain } from './audit-chain.ts';
import { DecisionLog, findDecisions } from './decision-log.ts';
import type {
  AuditEntry,
  AuditVerdict,
  Decision,
  DecisionQuery,
  GovernanceStore,
  StoredAudit,
  StoredDecision,
  StoredPolicyVersion,
} from './governance.ts';
import { before, pageLimit, pageOf } from './page.ts';
import type { SqliteLog } from './sqlite-log.ts';
import type { Page, PageRequest } from './store.ts';
import type { Tables } from './tables.ts';

/** How the store lets its parts at the file. */
export interface SqliteWork {
  read<T>(work: () => Promise<T>): Promise<T>;
  /** In one transaction; the work is synchronous. */
  write(work: () => void): Promise<void>;
}

const MAX_POLICY_VERSIONS = 1_000;

/** Policy versions, decisions, audit trail and receipts in the store's file. */
export class SqliteGovernance implements GovernanceStore {
  readonly #database: DatabaseSync;
  readonly #db: Kysely<Tables>;
  readonly #work: SqliteWork;
  readonly #log: SqliteLog;
  readonly #decisions: DecisionLog;

  constructor(database: DatabaseSync, db: Kysely<Tables>, work: SqliteWork, log: SqliteLog) {
    this.#database = database;
    this.#db = db;
    this.#work = work;
    this.#log = log;
    this.#decisions = new DecisionLog(database);
  }

  savePolicyVersion(version: StoredPolicyVersion): Promise<void> {
    return this.#work.write(() => {
      const { digest, appliedAt, by, source, risk } = version;
      const active = version.active ? 1 : 0;
      if (version.active)
        this.#database.prepare('update policy_versions set active = 0 where active = 1').run();
      const newest = this.#database.prepare('select max(seq) as seq from policy_versions').get();
      const seq = Number(newest?.['seq'] ?? 0) + 1;
      this.#database
        .prepare(
          `insert into policy_versions
             (seq, digest, version, applied_at, applied_by, source, signers, layers, changes, risk, active)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           on conflict (digest) do update set
             seq = excluded.seq, applied_at = excluded.applied_at, active = excluded.active`,
        )
        .run(
          seq,
          digest,
          version.version,
          appliedAt,
          by,
          source,
          JSON.stringify(version.signers),
          JSON.stringify(version.layers),
          JSON.stringify(version.changes),
          risk,
          active,
        );
      this.#database
        .prepare(
          `delete from policy_versions where active = 0 and seq <= (
             select seq from policy_versions order by seq desc limit 1 offset ?)`,
        )
        .run(MAX_POLICY_VERSIONS);
    });
  }

  policyVersions(request: PageRequest): Promise<Page<StoredPolicyVersion>> {
    return this.#work.read(async () => {
      const limit = pageLimit(request.limit);
      const rows = await this.#db
        .selectFrom('policy_versions')
        .selectAll()
        .where('seq', '<', before('policy-versions', request))
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf('policy-versions', limit, rows, (row) => [row.seq], storedPolicyVersion);
    });
  }

  policyVersion(digest: string): Promise<StoredPolicyVersion | null> {
    return this.#onePolicyVersion('digest', digest);
  }

  activePolicyVersion(): Promise<StoredPolicyVersion | null> {
    return this.#onePolicyVersion('active', 1);
  }

  recordDecision(decision: Decision): Promise<void> {
    return this.#work.read(async () => {
      if (this.#decisions.note(decision)) await this.flushed();
    });
  }

  decisions(query: DecisionQuery): Promise<Page<StoredDecision>> {
    return this.#work.read(async () => {
      await this.flushed();
      return findDecisions(this.#db, query);
    });
  }

  appendAudit(entry: AuditEntry): Promise<void> {
    return this.#work.write(() => appendAuditEntry(this.#database, entry));
  }

  audit(request: PageRequest): Promise<Page<StoredAudit>> {
    return this.#work.read(async () => {
      const limit = pageLimit(request.limit);
      const rows = await this.#db
        .selectFrom('audit')
        .selectAll()
        .where('sequence', '<', before('audit', request))
        .orderBy('sequence', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf('audit', limit, rows, (row) => [row.sequence], storedAudit);
    });
  }

  verifyAudit(): Promise<AuditVerdict> {
    return this.#work.read(async () => verifyAuditChain(this.#database));
  }

  saveReceipt(receipt: LoggedReceipt, covers?: { readonly expiredThrough: number }): Promise<void> {
    return this.#work.write(() => {
      const { id, kind, createdAt, canonical, attestation, logged } = receipt;
      this.#log.append({ kind: 'receipt', digest: id, createdAt, ...logged });
      this.#database
        .prepare('insert into receipts (id, kind, created_at, canonical, attestation) values (?, ?, ?, ?, ?)')
        .run(id, kind, createdAt, canonical, attestation);
      if (covers === undefined) return;
      this.#database
        .prepare('update expired set receipt = ? where receipt is null and seq <= ?')
        .run(id, covers.expiredThrough);
    });
  }

  receipts(request: PageRequest): Promise<Page<SignedReceipt>> {
    return this.#work.read(async () => {
      const limit = pageLimit(request.limit);
      const rows = await this.#db
        .selectFrom('receipts')
        .selectAll()
        .where('seq', '<', before('receipts', request))
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf('receipts', limit, rows, (row) => [row.seq], storedReceipt);
    });
  }

  receipt(id: string): Promise<SignedReceipt | null> {
    return this.#work.read(async () => {
      const row = await this.#db.selectFrom('receipts').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : storedReceipt(row);
    });
  }

  /** Adds the decisions noted so far. Called inside every transaction of the store, and `committed()` after it. */
  flush(): void {
    this.#decisions.write();
  }

  committed(): void {
    this.#decisions.committed();
  }

  /** Resolves when what was noted is durable. */
  async flushed(): Promise<void> {
    // An empty transaction: each one takes along what was noted.
    if (!this.#decisions.isEmpty) await this.#work.write(() => undefined);
  }

  #onePolicyVersion(
    column: 'digest' | 'active',
    value: string | number,
  ): Promise<StoredPolicyVersion | null> {
    return this.#work.read(async () => {
      const row = await this.#db
        .selectFrom('policy_versions')
        .selectAll()
        .where(column, '=', value)
        .executeTakeFirst();
      return row === undefined ? null : storedPolicyVersion(row);
    });
  }
}

function storedPolicyVersion(row: Selectable<Tables['policy_versions']>): StoredPolicyVersion {
  return {
    digest: row.digest,
    version: row.version,
    appliedAt: row.applied_at,
    by: row.applied_by,
    source: row.source as StoredPolicyVersion['source'],
    signers: JSON.parse(row.signers) as readonly string[],
    layers: JSON.parse(row.layers) as StoredPolicyVersion['layers'],
    changes: JSON.parse(row.changes) as JsonValue,
    risk: row.risk as StoredPolicyVersion['risk'],
    active: row.active === 1,
  };
}

function storedReceipt(row: Selectable<Tables['receipts']>): SignedReceipt {
  const { id, canonical, attestation } = row;
  return { id, kind: row.kind as SignedReceipt['kind'], createdAt: row.created_at, canonical, attestation };
}
