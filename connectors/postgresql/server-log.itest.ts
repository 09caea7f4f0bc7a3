import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBeyondImages, type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import { type Connector, type JsonValue, Secret } from '../sdk/index.ts';
import {
  admitted,
  fakeDeps,
  loadManifest,
  loadReads,
  type RecordingRun,
  recordingRun,
} from '../sdk/testing/index.ts';
import { grants } from './grants.ts';
import { connector } from './index.ts';
import { PLAIN_CLASSES, SEVERITIES, SQLSTATE_CLASSES, SYMPTOM_CLASSES } from './logs/classes.ts';
import { FAILURES, SQLSTATES } from './logs/testing/failures.ts';

const FOLDER = import.meta.dirname;
const manifest = loadManifest(FOLDER);
const texts = loadReads(FOLDER);
const READ = manifest.reads.filter(({ id }) => id === 'server_log');
const STREAMS = READ.flatMap(({ emits }) => emits);

const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }),
};

/** Everything of a line that is not PostgreSQL's own words, in this test. */
const canaries: string[] = [];

function canary(): string {
  const word = `Cnry${randomBytes(8).toString('hex')}`;
  canaries.push(word);
  return word;
}

let server: PostgresServer;
let source: Connector;
const never = (): AbortSignal => new AbortController().signal;

beforeAll(async () => {
  server = await startPostgres({
    settings: {
      logging_collector: 'on',
      log_destination: 'stderr',
      log_line_prefix: '%m [%p] %q%u@%d/%a %e ',
      log_statement: 'all',
      log_connections: 'on',
      log_disconnections: 'on',
      log_checkpoints: 'on',
      log_lock_waits: 'on',
      log_temp_files: '0',
      log_min_messages: 'debug1',
      log_autovacuum_min_duration: '0',
      log_min_duration_statement: '1000',
      log_timezone: 'Europe/Berlin',
      deadlock_timeout: '50ms',
      autovacuum_naptime: '1s',
      log_rotation_size: '1MB',
    },
  });
  const admin = await ready();
  const all = await readFile(`${FOLDER}/${manifest.privileges}`, 'utf8');
  await admin.query(grants({ all, reads: READ.map((spec) => ({ spec, views: [] })), texts }));
  await admin.query(`ALTER ROLE exhibit PASSWORD '${server.password}'`);
  await admin.end();
  const config = connector.config.parse({ dsn: new Secret(server.dsn('postgres', 'exhibit')) });
  source = connector.create(config, fakeDeps({ connection: 'orders-db', reads: texts, clock }));
});

afterAll(async () => {
  await source?.close();
  await server?.stop();
});

/** It says that it is ready in its log alone. */
async function ready(): Promise<pg.Client> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await server.superuser();
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(100);
    }
  }
}

async function collect(state: Map<string, JsonValue>): Promise<RecordingRun> {
  const run = recordingRun({ state, clock });
  await source.read(run, admitted({ read: 'server_log', streams: STREAMS }), never());
  return run;
}

/** What was emitted, by class. */
function counts(...runs: readonly RecordingRun[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { stream, body } of runs.flatMap((run) => run.observations)) {
    if (stream !== 'server_log') continue;
    const event = String(body['event']);
    found.set(event, (found.get(event) ?? 0) + Number(body['count']));
  }
  return found;
}

function volume(run: RecordingRun): Readonly<Record<string, unknown>> {
  return run.observations.find(({ stream }) => stream === 'server_log_volume')?.body ?? {};
}

const VOCABULARY: ReadonlySet<string> = new Set<string>([
  ...SYMPTOM_CLASSES,
  ...PLAIN_CLASSES,
  ...SEVERITIES,
  ...SQLSTATE_CLASSES,
  ...STREAMS,
  'symptom',
  'state',
  'volume',
  'stderr',
  'csvlog',
  'jsonlog',
  'nothing',
  'line',
  'quotes',
  'garbage',
]);
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Texts that are neither of a closed list nor a time, an entity of ours or a digest. */
function strange(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    const parts = value.split('/');
    const isOurs =
      parts.every((part) => VOCABULARY.has(part)) || ISO.test(value) || /^sha256:|^fake:/.test(value);
    return isOurs || value === 'postgresql://orders-db' ? [] : [value];
  }
  if (Array.isArray(value)) return value.flatMap(strange);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strange);
}

function expectNoWords(run: RecordingRun): void {
  expect(run.gaps).toEqual([]);
  expect(run.observations.flatMap(strange)).toEqual([]);
  const said = `${JSON.stringify(run.records)}${JSON.stringify([...run.stored])}`;
  const windows = new Set(
    canaries.flatMap((word) => Array.from({ length: word.length - 7 }, (_, at) => word.slice(at, at + 8))),
  );
  for (let at = 0; at + 8 <= said.length; at += 1) expect(windows.has(said.slice(at, at + 8))).toBe(false);
}

async function failing(client: pg.Client, sql: string): Promise<void> {
  await client.query(sql).catch(() => undefined);
}

/** Every statement of the table and every SQLSTATE there is, each with words of its own. */
async function provoke(): Promise<void> {
  const client = await server.connect('postgres', 'postgres', canary());
  await client.query('SET lock_timeout = 0');
  await failing(
    client,
    'CREATE TABLE known (id int PRIMARY KEY, n int NOT NULL CHECK (n > 0), name varchar(3))',
  );
  for (const make of FAILURES) {
    for (let times = 0; times < 4; times += 1) await failing(client, make(canary()));
    await failing(client, 'ROLLBACK');
  }
  for (const state of SQLSTATES) {
    const level = state.startsWith('01') ? 'WARNING' : 'EXCEPTION';
    const message = `${canary()}\n2026-01-01 00:00:00.000 UTC [1] PANIC:  ${canary()}\n"${canary()}",`;
    await failing(
      client,
      `DO $$ BEGIN RAISE ${level} USING ERRCODE = '${state}', MESSAGE = E'${message.replaceAll('\n', '\\n')}', DETAIL = '${canary()}', HINT = '${canary()}'; END $$`,
    );
  }
  await client.end();
}

async function deadlock(): Promise<void> {
  const clients = await Promise.all([server.superuser(), server.superuser()]);
  const [one, two] = clients as [pg.Client, pg.Client];
  await failing(
    one,
    'CREATE TABLE IF NOT EXISTS pairs (id int PRIMARY KEY); INSERT INTO pairs VALUES (1), (2)',
  );
  for (const [client, id] of [
    [one, 1],
    [two, 2],
  ] as const) {
    await client.query('BEGIN');
    await client.query(`SELECT FROM pairs WHERE id = ${id} FOR UPDATE -- ${canary()}`);
  }
  await Promise.all([
    failing(one, 'SELECT FROM pairs WHERE id = 2 FOR UPDATE'),
    failing(two, 'SELECT FROM pairs WHERE id = 1 FOR UPDATE'),
  ]);
  for (const client of clients) await failing(client, 'ROLLBACK');
  await failing(one, `BEGIN; SELECT FROM pairs WHERE id = 1 FOR UPDATE`);
  await failing(two, `SET lock_timeout = '120ms'; SELECT '${canary()}' FROM pairs WHERE id = 1 FOR UPDATE`);
  for (const client of clients) await client.end();
}

/** Sessions that end badly, and logins that are refused. */
async function badClients(): Promise<void> {
  const refused = [canary(), `${canary()} with "quotes", and a comma`];
  for (const name of refused) await server.connect('postgres', name).catch(() => undefined);
  await server.connect(canary(), 'postgres').catch(() => undefined);
  const admin = await server.superuser();
  await admin.query(`CREATE ROLE nobody_home LOGIN PASSWORD '${canary()}'`);
  await server.connect('postgres', 'nobody_home').catch(() => undefined);
  for (const bytes of [
    Buffer.from(`GET /${canary()} HTTP/1.1\r\n\r\n`),
    Buffer.from([0, 0, 0, 8, 0, 9, 0, 9]),
    randomBytes(64),
  ]) {
    const socket = dial(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.end(bytes);
    await sleep(20);
  }
  const idle = await server.superuser();
  await idle.query(`SET idle_in_transaction_session_timeout = '50ms'; BEGIN`);
  await sleep(200);
  const ended = await server.superuser();
  const { rows } = await ended.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await failing(admin, `SELECT pg_terminate_backend(${rows[0]?.pid ?? 0})`);
  await failing(admin, `SET statement_timeout = '50ms'; SELECT pg_sleep(5), '${canary()}'`);
  await failing(
    admin,
    `SET statement_timeout = 0; SET work_mem = '64kB'; SELECT count(*) FROM (SELECT i || '${canary()}' FROM generate_series(1, 60000) i ORDER BY 1) x`,
  );
  await failing(admin, `SELECT pg_sleep(1.05), '${canary()}'`);
  await failing(admin, `COPY (SELECT 1) TO '/nonexistent/${canary()}'`);
  await failing(admin, 'CHECKPOINT');
  await admin.end();
}

async function otherEncoding(): Promise<void> {
  const admin = await server.superuser();
  await admin.query(`CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`);
  const client = await server.superuser('latin');
  await failing(client, `SELECT 'Größe ${canary()}' FROM "straße ${canary()}"`);
  await failing(client, `SELECT '€ ${canary()}'`);
  await client.end();
  await admin.end();
}

describe('the server log', () => {
  const state = new Map<string, JsonValue>();

  it('is off without a flag, and a gap without the rights', async () => {
    expect(READ.map(({ capability }) => capability)).toEqual(['server-log']);
    await server.addRole('no_rights');
    const config = connector.config.parse({ dsn: new Secret(server.dsn('postgres', 'no_rights')) });
    const other = connector.create(config, fakeDeps({ connection: 'orders-db', reads: texts, clock }));
    const run = recordingRun({ state: new Map(), clock });
    await other.read(run, admitted({ read: 'server_log', streams: STREAMS }), never());
    await other.close();
    expect(run.gaps.map(({ gap }) => gap)).toEqual(['PRIVILEGE']);
    expect(run.observations).toEqual([]);
  });

  it('takes one right that is told as more than ordinary, in the words of its needs', async () => {
    const { excess } = await source.authenticate(never());
    expect(excess).toContain('EXECUTE on pg_read_binary_file');
    expect(READ.flatMap(({ needs }) => needs)).toContain('EXECUTE on pg_read_binary_file');
  });

  it('says how often what happened, in its own words only', async () => {
    await collect(state);
    await provoke();
    await deadlock();
    await badClients();
    await otherEncoding();
    const run = await collect(state);
    expectNoWords(run);
    const found = counts(run);
    for (const event of [
      'deadlock_detected',
      'lock_wait',
      'lock_timeout',
      'statement_timeout',
      'idle_in_transaction_timeout',
      'terminated_by_administrator',
      'auth_failed',
      'undefined_database',
      'protocol_error',
      'temp_file',
      'slow_statement',
      'unique_violation',
      'not_null_violation',
      'check_violation',
      'syntax_error',
      'undefined_table',
      'raise_exception',
      'checkpoint_complete',
      'statement_logged',
      'connection_authorized',
      'disconnection',
      'division_by_zero',
      'serialization_failure',
      'disk_full',
      'out_of_memory',
      'too_many_connections',
    ])
      expect(found.get(event) ?? 0, event).toBeGreaterThan(0);
    const { entries, unclassified, foreign_lines: foreign } = volume(run);
    expect(Number(entries)).toBeGreaterThan(1_000);
    expect(Number(unclassified) / Number(entries)).toBeLessThan(0.02);
    expect(foreign).toBe(0);
    const deadlocks = run.observations.find(
      ({ body }) => body['event'] === 'deadlock_detected' && body['severity'] === 'error',
    );
    expect(deadlocks).toMatchObject({
      class: 'symptom',
      body: { sqlstate_class: '40', reasons: ['deadlock_detected'] },
    });
    // In Berlin by the log, in UTC by us.
    expect(Math.abs(Date.now() - Date.parse(String(deadlocks?.body['last'])))).toBeLessThan(120_000);
  }, 120_000);

  it('is read once', async () => {
    const [, again] = [await collect(state), await collect(state)];
    expect(counts(again).get('deadlock_detected')).toBeUndefined();
  });

  it.each(['csvlog', ...(Number(process.env['EXHIBIT_TEST_POSTGRESQL'] ?? 18) < 15 ? [] : ['jsonlog'])])(
    'says the same as %s',
    async (format) => {
      const admin = await server.superuser();
      await admin.query(`ALTER SYSTEM SET log_destination = 'stderr,${format}'`);
      await admin.query('SELECT pg_reload_conf()');
      await admin.end();
      await sleep(500);
      const own = new Map<string, JsonValue>();
      await collect(own);
      await provoke();
      await deadlock();
      const run = await collect(own);
      expectNoWords(run);
      expect(volume(run)['format']).toBe(format);
      expect(volume(run)['foreign_lines']).toBe(0);
      const found = counts(run);
      for (const event of [
        'deadlock_detected',
        'unique_violation',
        'lock_timeout',
        'raise_exception',
        'disk_full',
      ])
        expect(found.get(event) ?? 0, event).toBeGreaterThan(0);
      expect(Number(volume(run)['unclassified']) / Number(volume(run)['entries'])).toBeLessThan(0.02);
    },
    120_000,
  );

  const isElsewhere = isBeyondImages('a backend is killed by its process id');
  it.skipIf(isElsewhere)(
    'tells a crash and the recovery from it',
    async () => {
      const own = new Map<string, JsonValue>();
      await collect(own);
      const victim = await server.superuser();
      const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      // A backend of the server that this test has started.
      if (rows[0] !== undefined) process.kill(rows[0].pid, 'SIGKILL');
      await sleep(500);
      await (await ready()).end();
      const run = await untilRead(own);
      expectNoWords(run);
      const found = counts(run);
      for (const event of [
        'crash_terminated_by_signal',
        'crash_reinitializing',
        'crash_recovery',
        'server_ready',
      ])
        expect(found.get(event) ?? 0, event).toBeGreaterThan(0);
    },
    120_000,
  );
});

/** The session went down with the server; the next read opens another. */
async function untilRead(state: Map<string, JsonValue>): Promise<RecordingRun> {
  for (let tries = 0; tries < 20; tries += 1) {
    try {
      const run = await collect(state);
      if (run.gaps.length === 0) return run;
    } catch {
      // Not yet.
    }
    await sleep(250);
  }
  return collect(state);
}
