import { type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import {
  bool,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  text,
  textOrNull,
  tokenOrNull,
} from '../columns.ts';
import {
  asObject,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  relationEntity,
  scopeOf,
  serverEntity,
  truncationGap,
} from './reader.ts';

export const extensions = query('extensions', 200, { name: text, version: text, schema: text });

export const server = query('server', 1, {
  version_num: integer,
  in_recovery: bool,
  started: instantOrNull,
  configuration_loaded: instantOrNull,
  replay_delay_ms: integerOrNull,
  pending_restart: integer,
  provider: tokenOrNull,
});

export const tables = query('tables', 200, {
  schema: text,
  relation: text,
  live_rows: integer,
  dead_rows: integer,
  modified_since_analyze: integer,
  seq_scans: integer,
  index_scans: integerOrNull,
  inserted: integer,
  updated: integer,
  deleted: integer,
  hot_updated: integer,
  vacuum_count: integer,
  autovacuum_count: integer,
  analyze_count: integer,
  autoanalyze_count: integer,
  last_vacuum: instantOrNull,
  last_autovacuum: instantOrNull,
  last_analyze: instantOrNull,
  last_autoanalyze: instantOrNull,
});

export const access = query('access', 1, {
  role: text,
  rolsuper: bool,
  rolcreatedb: bool,
  rolcreaterole: bool,
  rolreplication: bool,
  rolbypassrls: bool,
  member_of: textOrNull,
  writable_tables: integer,
  readable_tables: integer,
});

type Facts = RowOf<typeof server>;

const STATE = 'server';

/** Version, role in replication and age of the server, and whether it restarted, reloaded or changed roles. */
const readServer: Reader = async (context) => {
  const asked = await context.ask(server);
  const [row] = asked.rows;
  if (row === undefined) return { records: [], read: 0 };
  const { now } = asked.facts;
  return {
    records: [
      observe({
        stream: 'server',
        class: 'state',
        entity: serverEntity(context),
        key: 'server',
        occurredAt: now,
        body: known(row),
      }),
      ...changes(context, row, now),
    ],
    state: { set: { [STATE]: remembered(row, now) } },
    read: asked.rows.length,
  };
};

function remembered(row: Facts, now: string): JsonValue {
  const { version_num, in_recovery, started, configuration_loaded } = row;
  return { version_num, in_recovery, started, configuration_loaded, at: now };
}

function changes(context: ReadContext, row: Facts, now: string): readonly Observed[] {
  const previous = asObject(context.state.get(STATE));
  const since = previous['at'];
  if (typeof since !== 'string') return [];
  const found: { change: string; at: string }[] = [];
  const restarted = later(row.started, previous['started']);
  if (restarted) found.push({ change: 'restarted', at: row.started ?? now });
  // A start loads the configuration too, and is told once.
  if (!restarted && later(row.configuration_loaded, previous['configuration_loaded'])) {
    // Our session learns of a reload with its next command, so the time it keeps is not that of the reload.
    found.push({ change: 'reloaded', at: now });
  }
  if (previous['version_num'] !== row.version_num)
    found.push({ change: 'version_changed', at: row.started ?? now });
  if (previous['in_recovery'] !== row.in_recovery) {
    found.push({ change: row.in_recovery ? 'became_standby' : 'promoted', at: now });
  }
  return found.map(({ change, at }) =>
    observe({
      stream: 'server_changes',
      class: 'change',
      entity: serverEntity(context),
      key: change,
      occurredAt: at,
      window: { from: since, to: now },
      body: { change, version_num: row.version_num, in_recovery: row.in_recovery },
    }),
  );
}

/** A new session may know an earlier reload than the one before it: only forward is news. */
function later(now: string | null, then: JsonValue | undefined): boolean {
  return now !== null && typeof then === 'string' && now > then;
}

/** Extensions of the database with their versions. */
const readExtensions: Reader = async (context) => {
  const asked = await context.ask(extensions);
  const { database, now } = asked.facts;
  return {
    records: [
      observe({
        stream: 'extensions',
        class: 'state',
        entity: databaseEntity(context, database),
        key: 'extensions',
        occurredAt: now,
        ...scopeOf(database),
        body: { database, extensions: asked.rows },
      }),
      ...truncationGap(asked, 'extensions'),
    ],
    read: asked.rows.length,
  };
};

/** What we may do here, so that a reader of the evidence can tell a quiet server from a blind role. */
const readAccess: Reader = async (context) => {
  const asked = await context.ask(access);
  return {
    records: asked.rows.map(({ role, member_of, ...row }) =>
      observe({
        stream: 'access',
        class: 'state',
        entity: serverEntity(context),
        key: 'access',
        occurredAt: asked.facts.now,
        body: known({
          role,
          superuser: row.rolsuper,
          creates_databases: row.rolcreatedb,
          creates_roles: row.rolcreaterole,
          replicates: row.rolreplication,
          bypasses_row_security: row.rolbypassrls,
          member_of: member_of === null || member_of === '' ? [] : member_of.split(','),
          writable_tables: row.writable_tables,
          readable_tables: row.readable_tables,
        }),
      }),
    ),
    read: asked.rows.length,
  };
};

/** Activity and upkeep of the tables with the most dead rows. */
const readTables: Reader = async (context) => {
  const asked = await context.ask(tables);
  const { database, now } = asked.facts;
  const rows = inScope(context, database) ? asked.rows : [];
  return {
    records: rows.map((row) =>
      observe({
        stream: 'tables',
        class: 'state',
        entity: relationEntity(context, database, row.schema, row.relation),
        key: 'table',
        occurredAt: now,
        ...scopeOf(database),
        body: known({ database, ...row }),
      }),
    ),
    read: asked.rows.length,
  };
};

export const serverReads: readonly CatalogRead[] = [
  { query: server, read: readServer, also: ['server_changes'] },
  { query: extensions, read: readExtensions },
  { query: access, read: readAccess },
  { query: tables, read: readTables },
];
