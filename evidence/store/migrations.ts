import type { DatabaseSync } from 'node:sqlite';
import { EvidenceError } from '../errors.ts';

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Append only: a released migration never changes. Numbers are positions, from 1.
 *
 * Every index of `evidence` holds all columns that a query can filter by, so that only the rows of the answer are
 * fetched; times come first or second, so that a page is a range scan in order. `evidence_entities` files an item
 * under its entity, every related one, and their short prefixes (filed-prefixes.ts).
 *
 * `expired` holds what is left of an item whose body was removed; a row without a class is a bundle's, under the
 * digest of its manifest.
 *
 * Tiles of the log (c2sp.org/tlog-tiles) only ever get longer; `log_tiles.n` counts the tiles of a level from 0.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'evidence, manifests, runs and incidents',
    sql: `
      create table names (
        id integer primary key,
        name text not null unique
      ) strict;

      create table manifests (
        sequence integer primary key,
        digest text not null unique,
        purpose text not null check (purpose in ('run', 'bundle')),
        created_at text not null,
        items integer not null,
        canonical text not null,
        attestation text not null
      ) strict;

      create table evidence (
        seq integer primary key,
        occurred_ms integer not null,
        class integer not null references names (id),
        kind integer not null references names (id),
        connection integer not null references names (id),
        manifest integer not null references manifests (sequence),
        id text not null unique,
        salt text not null,
        leaf text not null,
        canonical text not null
      ) strict;
      create index evidence_by_time on evidence (occurred_ms, seq, class, kind, connection);
      create index evidence_by_class on evidence (class, occurred_ms, seq, kind, connection);
      create index evidence_by_kind on evidence (kind, occurred_ms, seq, class, connection);
      create index evidence_by_connection on evidence (connection, occurred_ms, seq, class, kind);

      create table evidence_entities (
        entity integer not null,
        occurred_ms integer not null,
        seq integer not null,
        class integer not null,
        kind integer not null,
        connection integer not null,
        primary key (entity, occurred_ms, seq)
      ) strict, without rowid;

      create table connector_runs (
        seq integer primary key,
        id text not null unique,
        connection text not null,
        read text not null,
        trigger text not null,
        started_at text not null,
        ended_at text,
        status text,
        items integer,
        gaps integer,
        error text
      ) strict;

      create table connector_latest_runs (
        connection text not null,
        read text not null,
        run integer not null references connector_runs (seq),
        primary key (connection, read)
      ) strict, without rowid;

      create table connector_run_state (
        connection text not null,
        read text not null,
        key text not null,
        value text not null,
        primary key (connection, read, key)
      ) strict, without rowid;

      create table incidents (
        seq integer primary key,
        id text not null unique,
        title text not null,
        window_from text not null,
        window_to text not null,
        scope text not null,
        trigger text not null,
        status text not null check (status in ('open', 'closed')),
        opened_at text not null,
        closed_at text,
        idempotency_key text unique,
        request_digest text
      ) strict;

      create table bundles (
        seq integer primary key,
        incident text not null references incidents (id),
        manifest text not null references manifests (digest),
        created_at text not null,
        bytes blob not null
      ) strict;
      create index bundles_by_incident on bundles (incident, seq);
    `,
  },
  {
    name: 'policy versions, decisions, audit trail, receipts and expired evidence',
    sql: `
      create table policy_versions (
        seq integer primary key,
        digest text not null unique,
        version text not null,
        applied_at text not null,
        applied_by text not null,
        source text not null,
        signers text not null,
        layers text not null,
        changes text not null,
        risk text not null,
        active integer not null
      ) strict;

      create table decisions (
        seq integer primary key,
        connection text not null,
        read text not null,
        policy text not null,
        decision text not null,
        code text not null,
        reason text not null,
        first_ms integer not null,
        last_ms integer not null,
        count integer not null,
        unique (connection, read, policy, decision, code)
      ) strict;
      create index decisions_by_time on decisions (last_ms, seq);

      create table audit (
        sequence integer primary key,
        content text not null,
        hash text not null
      ) strict;
      create trigger audit_keeps_entries before delete on audit begin
        select raise(abort, 'the audit trail is append-only');
      end;
      create trigger audit_keeps_content before update on audit begin
        select raise(abort, 'the audit trail is append-only');
      end;
      create table audit_head (
        one integer primary key check (one = 1),
        sequence integer not null,
        hash text not null
      ) strict;

      create table receipts (
        seq integer primary key,
        id text not null unique,
        kind text not null,
        created_at text not null,
        canonical text not null,
        attestation text not null
      ) strict;

      create table expired (
        seq integer primary key,
        id text not null unique,
        class text,
        occurred_ms integer not null,
        manifest integer not null references manifests (sequence),
        leaf text not null,
        expired_at text not null,
        receipt text references receipts (id)
      ) strict;
      create index expired_without_receipt on expired (seq) where receipt is null;
    `,
  },
  {
    name: 'numbers and places of items',
    sql: `
      alter table manifests add column item_first integer not null default 0;
      alter table evidence add column position integer not null default 0;
      alter table expired add column position integer not null default 0;
      create index evidence_by_manifest on evidence (manifest, position);
      create index expired_by_manifest on expired (manifest, position);
    `,
  },
  {
    name: 'log of manifests and receipts',
    sql: `
      create table log_entries (
        idx integer primary key,
        kind text not null check (kind in ('manifest', 'receipt')),
        digest text not null unique,
        entry blob not null
      ) strict;
      create trigger log_keeps_entries before delete on log_entries begin
        select raise(abort, 'the log is append-only');
      end;
      create trigger log_keeps_content before update on log_entries begin
        select raise(abort, 'the log is append-only');
      end;

      create table log_tiles (
        level integer not null,
        n integer not null,
        hashes blob not null,
        primary key (level, n)
      ) strict, without rowid;
      create trigger log_keeps_tiles before delete on log_tiles begin
        select raise(abort, 'the log is append-only');
      end;
      create trigger log_keeps_hashes before update on log_tiles
      when new.level <> old.level or new.n <> old.n or length(new.hashes) <= length(old.hashes)
        or substr(new.hashes, 1, length(old.hashes)) <> old.hashes
      begin
        select raise(abort, 'the log is append-only');
      end;

      create table log_checkpoints (
        size integer primary key,
        note text not null,
        created_at text not null
      ) strict;
      create trigger log_keeps_checkpoints before delete on log_checkpoints begin
        select raise(abort, 'the log is append-only');
      end;
      create trigger log_keeps_notes before update on log_checkpoints begin
        select raise(abort, 'the log is append-only');
      end;
    `,
  },
];

/** `EXIB`: tells our files from other people's SQLite databases. */
const APPLICATION_ID = 0x45_58_49_42;

/** Brings the file to the newest schema, all or nothing. Refuses files that are not ours or from the future. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[] = MIGRATIONS): void {
  const current = schemaVersion(database);
  if (current > migrations.length) {
    throw new EvidenceError(
      'STORE',
      `the store has schema ${current}, this version knows up to ${migrations.length}`,
      {
        hint: 'Run the version of exhibit that wrote it, or a newer one.',
      },
    );
  }
  if (current === migrations.length) return;
  database.exec('begin immediate');
  try {
    database.exec(`pragma application_id = ${APPLICATION_ID}`);
    database.exec(
      'create table if not exists schema_migrations (version integer primary key, name text not null) strict',
    );
    const record = database.prepare('insert into schema_migrations (version, name) values (?, ?)');
    for (const [index, migration] of migrations.entries()) {
      if (index < current) continue;
      database.exec(migration.sql);
      record.run(index + 1, migration.name);
    }
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

function schemaVersion(database: DatabaseSync): number {
  const tables = database.prepare("select count(*) as count from sqlite_schema where type = 'table'").get();
  if (tables?.['count'] === 0) return 0;
  const id = database.prepare('pragma application_id').get();
  if (id?.['application_id'] !== APPLICATION_ID) {
    throw new EvidenceError('STORE', 'the file is an SQLite database, but not a store of exhibit', {
      hint: 'Point dataDir at the folder of an exhibit store, or at one where none exists yet.',
    });
  }
  const version = database.prepare('select max(version) as version from schema_migrations').get();
  return Number(version?.['version']);
}
