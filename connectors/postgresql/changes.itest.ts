import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBeyondImages, type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import { type Connector, type JsonValue, type Observation, Secret } from '../sdk/index.ts';
import { admitted, fakeDeps, loadReads, type RecordingRun, recordingRun } from '../sdk/testing/index.ts';
import { connector } from './index.ts';

/** Every kind of change, made on a real server and told by the read after it, once and with its bracket. */

const reads = loadReads(import.meta.dirname);
const AGENT = 'agent';

let server: PostgresServer;
let admin: pg.Client;
let source: Connector;
const states = new Map<string, Map<string, JsonValue>>();

const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal });
  },
};

beforeAll(async () => {
  server = await startPostgres({ settings: { track_commit_timestamp: 'on' } });
  await server.addRole(AGENT, 'IN ROLE pg_read_all_stats');
  admin = await server.superuser();
  await admin.query('CREATE DATABASE shop');
  await admin.end();
  admin = await server.superuser('shop');
  await admin.query(SETUP);
  source = connect();
  for (const read of ['schema', 'grants', 'roles', 'extensions', 'settings', 'server', ...OTHERS])
    await changesOf(read);
});

afterAll(async () => {
  await source.close();
  await server.stop();
});

function connect(): Connector {
  const config = connector.config.parse({
    dsn: new Secret(server.dsn('shop', AGENT)),
    statementTimeout: '20s',
  });
  return connector.create(config, fakeDeps({ connection: 'orders-db', reads, clock }));
}

async function run(id: string): Promise<RecordingRun> {
  const state = states.get(id) ?? new Map<string, JsonValue>();
  const recording = recordingRun({ state, clock });
  await source.read(recording, admitted({ read: id, streams: [id] }), new AbortController().signal);
  states.set(id, state);
  expect(recording.gaps).toEqual([]);
  return recording;
}

async function changesOf(id: string): Promise<readonly Observation[]> {
  return (await run(id)).observations.filter((record) => record.class === 'change');
}

/** The server's own clock, to hold brackets against. */
async function serverTime(): Promise<string> {
  const { rows } = await admin.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return rows[0]?.now.toISOString() ?? '';
}

/** Makes the change, reads, and returns what was told; the read after that has nothing to tell. */
async function told(id: string, statements: readonly string[]): Promise<readonly Observation[]> {
  const from = await serverTime();
  for (const statement of statements) await admin.query(statement);
  const to = await serverTime();
  const changes = await changesOf(id);
  for (const { window, occurredAt } of changes) {
    expect(window?.from).toBeDefined();
    expect((window?.from ?? '') <= to && (window?.to ?? '') >= from).toBe(true);
    expect(occurredAt).toBe(window?.to);
  }
  expect(await changesOf(id)).toEqual([]);
  return changes;
}

const SETUP = `
CREATE ROLE app_owner; CREATE ROLE reporting; CREATE ROLE intern LOGIN; CREATE ROLE leaver LOGIN; CREATE ROLE gone;
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(20) DEFAULT 'x', c int, d numeric(10,2));
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b);
CREATE TABLE old (id int);
CREATE TABLE again (id int);
CREATE TABLE small (id int); INSERT INTO small VALUES (1); ANALYZE small;
CREATE TABLE part (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE part_2 (id int, at date);
CREATE VIEW v AS SELECT id FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
CREATE SEQUENCE s;
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t_trg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg();
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SCHEMA other;
CREATE POLICY p ON t USING (c > 1);
`;

type Case = readonly [what: string, statements: readonly string[], expected: readonly object[]];

const SCHEMA_CASES: readonly Case[] = [
  [
    'a column added',
    ['ALTER TABLE t ADD e date'],
    [{ change: 'column_added', kind: 'column', part: 'e', to: 'date' }],
  ],
  [
    'a column renamed',
    ['ALTER TABLE t RENAME e TO f'],
    [{ change: 'column_renamed', from: 'e', to: 'f', part: 'f' }],
  ],
  ['a column removed', ['ALTER TABLE t DROP f'], [{ change: 'column_removed', part: 'f', from: 'date' }]],
  [
    'a type',
    ['ALTER TABLE t ALTER d TYPE numeric(12,2)'],
    [{ change: 'type_changed', part: 'd', from: 'numeric:10:2', to: 'numeric:12:2' }],
  ],
  [
    'nullability',
    ['ALTER TABLE t ALTER c SET NOT NULL'],
    [{ change: 'nullability_changed', part: 'c', from: 'nullable', to: 'not_null' }],
  ],
  ['a default', ["ALTER TABLE t ALTER b SET DEFAULT 'secret'"], [{ change: 'default_changed', part: 'b' }]],
  [
    'a column that fills itself',
    ['ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY'],
    [
      { change: 'generation_changed', part: 'id', from: 'none', to: 'identity_always' },
      { change: 'sequence_added', object: 't_id_seq' },
    ],
  ],
  [
    'a statistics target',
    ['ALTER TABLE t ALTER c SET STATISTICS 500'],
    [{ change: 'statistics_target_changed', part: 'c' }],
  ],
  ['an index added', ['CREATE INDEX t_c ON t (c)'], [{ change: 'index_added', part: 't_c' }]],
  [
    'an index renamed',
    ['ALTER INDEX t_c RENAME TO t_cc'],
    [{ change: 'index_renamed', from: 't_c', to: 't_cc' }],
  ],
  ['an index dropped', ['DROP INDEX t_cc'], [{ change: 'index_removed', part: 't_cc' }]],
  [
    'an index invalid',
    ["UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_a'::regclass"],
    [{ change: 'index_invalid', part: 't_a', valid: false }],
  ],
  [
    'an index valid again',
    ["UPDATE pg_index SET indisvalid = true WHERE indexrelid = 't_a'::regclass"],
    [{ change: 'index_valid', part: 't_a', valid: true }],
  ],
  ['an index rebuilt', ['REINDEX INDEX t_a'], [{ change: 'index_rebuilt', part: 't_a' }]],
  [
    'an index rebuilt beside its use',
    ['REINDEX INDEX CONCURRENTLY t_a'],
    [{ change: 'index_rebuilt', part: 't_a' }],
  ],
  [
    'an index replaced',
    ['DROP INDEX t_b', 'CREATE INDEX t_b ON t (c)'],
    [
      { change: 'index_replaced', part: 't_b' },
      { change: 'index_changed', part: 't_b' },
    ],
  ],
  [
    'a constraint added',
    ['ALTER TABLE t ADD CONSTRAINT c_pos CHECK (c > 42) NOT VALID'],
    [{ change: 'constraint_added', part: 'c_pos', to: 'c', valid: false }],
  ],
  [
    'a constraint validated',
    ['ALTER TABLE t VALIDATE CONSTRAINT c_pos'],
    [{ change: 'constraint_validated', part: 'c_pos' }],
  ],
  [
    'a constraint removed',
    ['ALTER TABLE t DROP CONSTRAINT c_pos'],
    [{ change: 'constraint_removed', part: 'c_pos' }],
  ],
  [
    'a trigger disabled',
    ['ALTER TABLE t DISABLE TRIGGER t_trg'],
    [{ change: 'trigger_disabled', part: 't_trg', from: 'enabled', to: 'disabled' }],
  ],
  [
    'a trigger enabled',
    ['ALTER TABLE t ENABLE ALWAYS TRIGGER t_trg'],
    [{ change: 'trigger_enabled', part: 't_trg', to: 'always' }],
  ],
  ['a trigger removed', ['DROP TRIGGER t_trg ON t'], [{ change: 'trigger_removed', part: 't_trg' }]],
  [
    'row security',
    ['ALTER TABLE t ENABLE ROW LEVEL SECURITY'],
    [{ change: 'row_security_enabled', object: 't', kind: 'table' }],
  ],
  [
    'row security forced',
    ['ALTER TABLE t FORCE ROW LEVEL SECURITY'],
    [{ change: 'row_security_forced', object: 't' }],
  ],
  ['a policy changed', ['ALTER POLICY p ON t USING (c > 2)'], [{ change: 'policy_changed', part: 'p' }]],
  [
    'a policy for others',
    ['ALTER POLICY p ON t TO reporting'],
    [{ change: 'policy_roles_changed', part: 'p' }],
  ],
  ['a policy removed', ['DROP POLICY p ON t'], [{ change: 'policy_removed', part: 'p' }]],
  ['a rule', ['CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING'], [{ change: 'rule_added', part: 'r' }]],
  [
    'a storage parameter',
    ['ALTER TABLE t SET (autovacuum_enabled = off)'],
    [{ change: 'option_changed', option: 'autovacuum_enabled', to: 'off' }],
  ],
  [
    'a storage parameter reset',
    ['ALTER TABLE t RESET (autovacuum_enabled)'],
    [{ change: 'option_changed', option: 'autovacuum_enabled', from: 'off' }],
  ],
  [
    'an owner',
    ['ALTER TABLE t OWNER TO app_owner'],
    [
      { change: 'owner_changed', kind: 'table', object: 't', owner: 'app_owner', previous_owner: 'postgres' },
      { change: 'owner_changed', kind: 'sequence', object: 't_id_seq' },
    ],
  ],
  [
    'persistence',
    ['ALTER TABLE old SET UNLOGGED'],
    [{ change: 'persistence_changed', from: 'permanent', to: 'unlogged' }, { change: 'table_rewritten' }],
  ],
  [
    'replica identity',
    ['ALTER TABLE old REPLICA IDENTITY FULL'],
    [{ change: 'replica_identity_changed', from: 'default', to: 'full' }],
  ],
  ['a table rewritten', ['VACUUM FULL small'], [{ change: 'table_rewritten', object: 'small' }]],
  ['a table emptied', ['TRUNCATE small'], [{ change: 'table_rewritten_or_emptied', object: 'small' }]],
  [
    'a table renamed',
    ['ALTER TABLE old RENAME TO older'],
    [{ change: 'table_renamed', from: 'old', to: 'older', object: 'older' }],
  ],
  [
    'a table moved',
    ['ALTER TABLE older SET SCHEMA other'],
    [{ change: 'table_moved', from: 'public', to: 'other', schema: 'other' }],
  ],
  [
    'a table replaced',
    ['DROP TABLE again', 'CREATE TABLE again (id int, n int)'],
    [
      { change: 'table_replaced', object: 'again', parts: 1 },
      { change: 'column_added', object: 'again', part: 'n' },
    ],
  ],
  ['a table removed', ['DROP TABLE again'], [{ change: 'table_removed', object: 'again', parts: 2 }]],
  [
    'a table added',
    ['CREATE TABLE fresh (id int PRIMARY KEY)'],
    [{ change: 'table_added', object: 'fresh', parts: 3 }],
  ],
  [
    'a partition attached',
    ["ALTER TABLE part ATTACH PARTITION part_2 FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')"],
    [{ change: 'partition_attached', object: 'part_2' }],
  ],
  [
    'a partition detached',
    ['ALTER TABLE part DETACH PARTITION part_1'],
    [{ change: 'partition_detached', object: 'part_1' }],
  ],
  [
    'a tablespace',
    [
      'SET allow_in_place_tablespaces = on',
      "CREATE TABLESPACE fast LOCATION ''",
      'ALTER TABLE small SET TABLESPACE fast',
    ],
    [
      { change: 'tablespace_changed', from: 'default', to: 'fast' },
      { change: 'table_rewritten', object: 'small' },
    ],
  ],
  [
    'a view',
    ['CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE c > 7'],
    [{ change: 'definition_changed', kind: 'view', object: 'v' }],
  ],
  ['a view refreshed', ['REFRESH MATERIALIZED VIEW m'], []],
  ['a sequence', ['ALTER SEQUENCE s INCREMENT 5'], [{ change: 'sequence_changed', object: 's' }]],
  [
    'a function replaced',
    ["CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2'"],
    [{ change: 'function_replaced', object: 'f', part: 'integer' }],
  ],
  [
    'a function that runs as its owner',
    ['ALTER FUNCTION f(int) SECURITY DEFINER STABLE'],
    [
      { change: 'security_definer_set', object: 'f' },
      { change: 'volatility_changed', from: 'volatile', to: 'stable' },
    ],
  ],
  ['a function removed', ['DROP FUNCTION f(int)'], [{ change: 'function_removed', object: 'f' }]],
  [
    'a label',
    ["ALTER TYPE mood ADD VALUE 'ugly'"],
    [{ change: 'enum_label_added', object: 'mood', from: '2', to: '3' }],
  ],
  [
    'a label renamed',
    ["ALTER TYPE mood RENAME VALUE 'ugly' TO 'odd'"],
    [{ change: 'enum_changed', object: 'mood' }],
  ],
  [
    'a domain',
    ['ALTER DOMAIN positive ADD CHECK (VALUE < 9)'],
    [{ change: 'domain_changed', object: 'positive' }],
  ],
  ['a schema', ['CREATE SCHEMA third'], [{ change: 'schema_added', object: 'third' }]],
  [
    'an event trigger',
    [
      'CREATE FUNCTION evt() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN END$$',
      'CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION evt()',
    ],
    [
      { change: 'event_trigger_added', object: 'et' },
      { change: 'function_added', object: 'evt' },
    ],
  ],
  ['nothing but statistics', ['ANALYZE', 'VACUUM'], []],
  ['a temporary table', ['CREATE TEMP TABLE tmp (id int)'], []],
];

describe('schema', () => {
  it.each(SCHEMA_CASES)('tells %s', async (_what, statements, expected) => {
    const changes = await told('schema', statements);
    expect(changes.map(({ body }) => body)).toEqual(expected.map((body) => expect.objectContaining(body)));
    for (const { body } of changes) expect(JSON.stringify(body)).not.toMatch(/secret|42/);
  });

  it('narrows the bracket where commits are stamped', async () => {
    await admin.query('ALTER TABLE fresh ADD narrow int');
    await sleep(10);
    const by = await serverTime();
    await sleep(10);
    const [change] = await changesOf('schema');
    expect((change?.window?.to ?? 'z') <= by).toBe(true);
  });

  it('asks for no more than the fingerprint while nothing changes', async () => {
    const { meter } = await run('schema');
    expect(meter.cost()).toMatchObject({ calls: 1, rows: 1 });
  });

  it('says that its memory was lost in part, and reads no removal out of that', async () => {
    const state = states.get('schema') ?? new Map<string, JsonValue>();
    const [lost = ''] = [...state.keys()].filter((key) => key.startsWith('object/table'));
    state.delete(lost);
    await admin.query('CREATE TABLE after_loss (id int)');
    const recording = recordingRun({ state, clock });
    await source.read(
      recording,
      admitted({ read: 'schema', streams: ['schema'] }),
      new AbortController().signal,
    );
    expect(recording.gaps).toMatchObject([{ gap: 'DRIFT', missing: 'schema_changes' }]);
    expect(recording.observations.filter((record) => record.class === 'change')).toEqual([]);
  });
});

const GRANT_CASES: readonly Case[] = [
  [
    'a grant',
    ['GRANT SELECT ON t TO reporting'],
    [
      {
        change: 'grant_added',
        kind: 'table',
        object: 't',
        grantee: 'reporting',
        added: ['SELECT'],
        removed: [],
        to_public: false,
      },
    ],
  ],
  ['a wider grant', ['GRANT UPDATE ON t TO reporting'], [{ change: 'grant_widened', added: ['UPDATE'] }]],
  [
    'a grant option',
    ['GRANT SELECT ON t TO reporting WITH GRANT OPTION'],
    [{ change: 'grant_option_added', grantable: ['SELECT'] }],
  ],
  [
    'a grant option lost',
    ['REVOKE GRANT OPTION FOR SELECT ON t FROM reporting'],
    [{ change: 'grant_option_removed', grantable: ['SELECT'] }],
  ],
  [
    'a narrower grant',
    ['REVOKE UPDATE ON t FROM reporting'],
    [{ change: 'grant_narrowed', removed: ['UPDATE'] }],
  ],
  [
    'a grant revoked',
    ['REVOKE ALL ON t FROM reporting'],
    [{ change: 'grant_removed', removed: ['SELECT'], grantee: 'reporting' }],
  ],
  [
    'a grant on a column',
    ['GRANT UPDATE (a) ON t TO intern'],
    [{ change: 'grant_added', kind: 'column', object: 't', part: 'a', added: ['UPDATE'] }],
  ],
  [
    'a grant to everybody',
    ['GRANT SELECT ON t TO PUBLIC'],
    [{ change: 'grant_added', to_public: true, added: ['SELECT'] }],
  ],
  [
    'a function closed to everybody',
    ['REVOKE EXECUTE ON FUNCTION trg() FROM PUBLIC'],
    [{ change: 'grant_removed', kind: 'function', to_public: true, removed: ['EXECUTE'] }],
  ],
  [
    'a grant on a schema',
    ['GRANT CREATE ON SCHEMA other TO intern'],
    [{ change: 'grant_added', kind: 'schema', object: 'other', added: ['CREATE'] }],
  ],
  [
    'a grant on the database',
    ['GRANT CREATE ON DATABASE shop TO intern'],
    [{ change: 'grant_added', kind: 'database', object: 'shop', added: ['CREATE'] }],
  ],
  [
    'default privileges',
    ['ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON TABLES TO reporting'],
    [
      {
        change: 'grant_added',
        kind: 'default_privileges',
        object: 'tables',
        owner: 'app_owner',
        grantee: 'reporting',
      },
    ],
  ],
  [
    'default privileges revoked',
    ['ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public REVOKE SELECT ON TABLES FROM reporting'],
    [{ change: 'grant_removed', kind: 'default_privileges', grantee: 'reporting', removed: ['SELECT'] }],
  ],
  [
    'a grant on many',
    ['GRANT DELETE ON ALL TABLES IN SCHEMA public TO leaver'],
    [
      { change: 'grant_added', kind: 'materialized_view', object: 'm' },
      {
        change: 'grant_added',
        kind: 'table',
        grantee: 'leaver',
        added: ['DELETE'],
        objects: expect.any(Number),
      },
      { change: 'grant_added', kind: 'view', object: 'v' },
    ],
  ],
  [
    'a system function opened',
    ['GRANT EXECUTE ON FUNCTION pg_read_file(text) TO intern'],
    [{ change: 'grant_added', kind: 'function', schema: 'pg_catalog', object: 'pg_read_file' }],
  ],
  ['a role renamed', ['ALTER ROLE reporting RENAME TO reports'], []],
  ['an object gone', ['DROP VIEW v'], []],
];

describe('grants', () => {
  it.each(GRANT_CASES)('tells %s', async (_what, statements, expected) => {
    const changes = await told('grants', statements);
    expect(changes.map(({ body }) => body)).toEqual(expected.map((body) => expect.objectContaining(body)));
    for (const { entity, key } of changes) expect(`${entity} ${key}`).not.toMatch(/report|intern|leaver/);
  });
});

const ROLE_CASES: readonly Case[] = [
  ['a role', ['CREATE ROLE newcomer'], [{ change: 'role_added', role: 'newcomer' }]],
  [
    'a right gained',
    ['ALTER ROLE newcomer SUPERUSER LOGIN'],
    [
      { change: 'attribute_gained', attribute: 'superuser', role: 'newcomer' },
      { change: 'attribute_gained', attribute: 'logs_in' },
    ],
  ],
  [
    'a right lost',
    ['ALTER ROLE newcomer NOSUPERUSER'],
    [{ change: 'attribute_lost', attribute: 'superuser' }],
  ],
  [
    'a limit',
    ['ALTER ROLE newcomer CONNECTION LIMIT 3'],
    [{ change: 'connection_limit_changed', from: -1, to: 3 }],
  ],
  [
    'an end',
    ["ALTER ROLE newcomer VALID UNTIL '2027-01-01Z'"],
    [{ change: 'valid_until_changed', to: '2027-01-01T00:00:00.000Z' }],
  ],
  [
    'a membership',
    ['GRANT app_owner TO newcomer'],
    [{ change: 'membership_granted', role: 'newcomer', granted_role: 'app_owner' }],
  ],
  [
    'a membership that can be passed on',
    ['GRANT app_owner TO newcomer WITH ADMIN OPTION'],
    [{ change: 'membership_option_gained', attribute: 'admin_option' }],
  ],
  [
    'a membership revoked',
    ['REVOKE app_owner FROM newcomer'],
    [{ change: 'membership_revoked', role: 'newcomer', granted_role: 'app_owner' }],
  ],
  [
    'membership in a predefined role',
    ['GRANT pg_write_all_data TO newcomer'],
    [{ change: 'membership_granted', role: 'newcomer', predefined: 'pg_write_all_data' }],
  ],
  [
    'another name',
    ['ALTER ROLE newcomer RENAME TO oldtimer'],
    [{ change: 'role_renamed', role: 'oldtimer' }],
  ],
  ['a role dropped', ['DROP ROLE oldtimer'], [{ change: 'role_removed' }]],
];

describe('roles', () => {
  beforeAll(async () => {
    await changesOf('roles');
  });

  it.each(ROLE_CASES)('tells %s', async (_what, statements, expected) => {
    const changes = await told('roles', statements);
    expect(changes.map(({ body }) => body)).toEqual(expected.map((body) => expect.objectContaining(body)));
    for (const { entity, key } of changes) expect(`${entity} ${key}`).not.toMatch(/newcomer|oldtimer/);
    expect(JSON.stringify([...(states.get('roles') ?? [])])).not.toMatch(/newcomer|oldtimer|app_owner/);
  });
});

const EXTENSION_CASES: readonly Case[] = [
  [
    'one added',
    ["CREATE EXTENSION pg_stat_statements VERSION '1.8'"],
    [{ change: 'extension_added', name: 'pg_stat_statements', to: '1.8' }],
  ],
  [
    'one updated',
    ["ALTER EXTENSION pg_stat_statements UPDATE TO '1.9'"],
    [{ change: 'extension_updated', from: '1.8', to: '1.9' }],
  ],
  [
    'one moved',
    ['ALTER EXTENSION pg_stat_statements SET SCHEMA other'],
    [{ change: 'extension_moved', from: 'public', to: 'other' }],
  ],
  ['one removed', ['DROP EXTENSION pg_stat_statements'], [{ change: 'extension_removed', from: '1.9' }]],
];

describe('extensions', () => {
  it.each(EXTENSION_CASES)('tells %s', async (_what, statements, expected) => {
    const changes = await told('extensions', statements);
    expect(changes.map(({ body }) => body)).toEqual(expected.map((body) => expect.objectContaining(body)));
  });
});

const OTHERS = ['setting_overrides', 'publications'];

const OVERRIDE_CASES: readonly Case[] = [
  [
    'a database',
    ["ALTER DATABASE shop SET statement_timeout = '5s'"],
    [{ change: 'override_added', scope: 'database', database: 'shop', name: 'statement_timeout', to: '5s' }],
  ],
  [
    'a database, anew',
    ["ALTER DATABASE shop SET statement_timeout = '7s'"],
    [{ change: 'override_changed', name: 'statement_timeout', from: '5s', to: '7s' }],
  ],
  [
    'a role',
    ["ALTER ROLE leaver SET work_mem = '1GB'"],
    [{ change: 'override_added', scope: 'role', role: 'leaver', name: 'work_mem', to: '1GB' }],
  ],
  [
    'what is not on the list, by name alone',
    ["ALTER ROLE leaver IN DATABASE shop SET app.secret = 'hidden1'"],
    [
      {
        change: 'override_added',
        scope: 'role_in_database',
        role: 'leaver',
        database: 'shop',
        name: 'app.secret',
      },
    ],
  ],
  [
    'that its value changed',
    ["ALTER ROLE leaver IN DATABASE shop SET app.secret = 'hidden2'"],
    [{ change: 'override_changed', scope: 'role_in_database', role: 'leaver' }],
  ],
  [
    'that it is gone',
    ['ALTER ROLE leaver IN DATABASE shop RESET ALL'],
    [{ change: 'override_removed', name: 'app.secret' }],
  ],
  [
    'that a database has it no longer',
    ['ALTER DATABASE shop RESET statement_timeout'],
    [{ change: 'override_removed', database: 'shop', name: 'statement_timeout', from: '7s' }],
  ],
];

describe('settings of databases and roles', () => {
  it.each(OVERRIDE_CASES)('tell %s', async (_what, statements, expected) => {
    const changes = await told('setting_overrides', statements);
    expect(changes.map(({ body }) => body)).toEqual(expected.map((body) => expect.objectContaining(body)));
    expect(JSON.stringify([changes, [...(states.get('setting_overrides') ?? [])]])).not.toContain('hidden');
  });
});

const PUBLICATION_CASES: readonly Case[] = [
  [
    'one added',
    ['CREATE PUBLICATION pub FOR TABLE small'],
    [{ change: 'publication_added', publication: 'pub', all_tables: false }],
  ],
  [
    'a table added',
    ['ALTER PUBLICATION pub ADD TABLE t'],
    [{ change: 'table_published', publication: 'pub', object: 't' }],
  ],
  ['a table removed', ['ALTER PUBLICATION pub DROP TABLE t'], [{ change: 'table_unpublished', object: 't' }]],
  [
    'other operations',
    ["ALTER PUBLICATION pub SET (publish = 'insert')"],
    [{ change: 'operations_changed', from: 'insert_update_delete_truncate', to: 'insert' }],
  ],
  [
    'another name',
    ['ALTER PUBLICATION pub RENAME TO other_pub'],
    [{ change: 'publication_renamed', from: 'pub', to: 'other_pub' }],
  ],
  [
    'one removed',
    ['DROP PUBLICATION other_pub'],
    [{ change: 'publication_removed', publication: 'other_pub' }],
  ],
];

describe('publications', () => {
  it.each(PUBLICATION_CASES)('tell %s', async (_what, statements, expected) => {
    const changes = await told('publications', statements);
    expect(changes.map(({ body }) => body)).toEqual(expected.map((body) => expect.objectContaining(body)));
  });
});

const RELOAD = 'SELECT pg_reload_conf(), pg_sleep(0.2)';
const SETTING_CASES: readonly Case[] = [
  [
    'a value',
    ["ALTER SYSTEM SET work_mem = '64MB'", RELOAD],
    [
      {
        change: 'value_changed',
        name: 'work_mem',
        from: 4096,
        to: 65_536,
        source: 'configuration_file',
        previous_source: 'default',
      },
    ],
  ],
  [
    'a value of the database, for whoever connects',
    ['ALTER DATABASE shop SET random_page_cost = 2'],
    [{ change: 'value_changed', name: 'random_page_cost', from: 4, to: 2, source: 'database' }],
  ],
  [
    'the same value from elsewhere',
    [`ALTER ROLE ${AGENT} SET random_page_cost = 2`],
    [{ change: 'source_changed', name: 'random_page_cost', source: 'user', previous_source: 'database' }],
  ],
  [
    'a wait for a restart',
    ['ALTER SYSTEM SET max_worker_processes = 16', RELOAD],
    [{ change: 'pending_restart_set', name: 'max_worker_processes', from: 8, pending_restart: true }],
  ],
  [
    'a wait that is over',
    ['ALTER SYSTEM SET max_worker_processes = 8', RELOAD],
    [{ change: 'pending_restart_cleared', name: 'max_worker_processes', pending_restart: false }],
  ],
  [
    'that a command is another, and not which',
    ["ALTER SYSTEM SET archive_command = 'hidden %p'", RELOAD],
    [
      {
        change: 'value_changed',
        name: 'archive_command',
        value_hidden: true,
        source: 'configuration_file',
        previous_source: 'default',
      },
    ],
  ],
  // The server shows connection strings to few.
  ['nothing of what comes to be seen', [`GRANT pg_read_all_settings TO ${AGENT}`], []],
  [
    'that a connection string is another',
    ["ALTER SYSTEM SET primary_conninfo = 'host=hidden %p'", RELOAD],
    [{ change: 'value_changed', name: 'primary_conninfo', value_hidden: true }],
  ],
];

describe('settings', () => {
  it.each(SETTING_CASES)('tells %s', async (what, statements, expected) => {
    const isOfLogin = !statements.includes(RELOAD);
    for (const statement of statements) await admin.query(statement);
    if (isOfLogin) {
      await source.close();
      source = connect();
    }
    const changes = await told('settings', []);
    expect(
      changes.map(({ body }) => body),
      what,
    ).toEqual(expected.map((body) => expect.objectContaining(body)));
    // What waits for a restart is not known, and what is a text is not told.
    const silent = changes.filter(({ body }) => body['value_hidden'] === true || body['to'] === undefined);
    for (const { body } of silent) expect(Object.keys(body)).not.toContain('to');
    expect(JSON.stringify([changes, [...(states.get('settings') ?? [])]])).not.toContain('hidden %p');
  });
});

describe('server', () => {
  const isElsewhere = isBeyondImages('a backend is killed by its process id');
  it('tells a reload, and when it had happened at the latest', async () => {
    await changesOf('server');
    const [change, ...rest] = await told('server', [RELOAD]);
    expect(rest).toEqual([]);
    expect(change?.body).toMatchObject({ change: 'reloaded' });
  });

  it.skipIf(isElsewhere)('tells a crash that the server recovered from, and when', async () => {
    const from = await serverTime();
    const victim = await server.superuser();
    victim.on('error', () => undefined);
    const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    admin.on('error', () => undefined);
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
    await sleep(500);
    await source.close();
    source = connect();
    admin = await reconnected();
    const changes = await changesOf('server');
    expect(changes.map(({ body }) => body['change'])).toEqual(['crash_recovered']);
    const [{ window } = { window: undefined }] = changes;
    expect(window?.from).toBe(window?.to);
    expect((window?.from ?? '') >= from).toBe(true);
    expect(await changesOf('server')).toEqual([]);
  });
});

async function reconnected(): Promise<pg.Client> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      return await server.superuser('shop');
    } catch {
      await sleep(200);
    }
  }
  return server.superuser('shop');
}
