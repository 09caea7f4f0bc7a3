import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type PgReads, pgReads } from '../../test/helpers/pg-reads.ts';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import type { Observation } from '../sdk/index.ts';

const READS = [
  'autovacuum',
  'bloat',
  'horizon',
  'indexes',
  'oldest_tables',
  'prepared_transactions',
  'progress',
  'sequences',
  'statements',
  'tables',
  'transactions',
  'wraparound',
];
const PATIENCE = { timeout: 60_000, interval: 100 };
const CANARIES = ['canary-gid-w2Xq', 'canary-constant-J8fd', 'canary-row-Pz41'] as const;
const [GID, CONSTANT, ROW] = CANARIES;

let server: PostgresServer;
let admin: pg.Client;
let reads: PgReads;
let dsn: string;

beforeAll(async () => {
  // Nothing is to be vacuumed behind the tests' backs.
  server = await startPostgres({ settings: { autovacuum: 'off', max_prepared_transactions: '3' } });
  admin = await server.superuser();
  await server.addRole('exhibit', 'IN ROLE pg_read_all_stats');
  await admin.query('CREATE EXTENSION pg_stat_statements');
  await admin.query(
    `CREATE TABLE notes AS SELECT g AS id, '${ROW}'::text AS note FROM generate_series(1, 10) AS g`,
  );
  dsn = server.dsn('postgres', 'exhibit');
  reads = pgReads(dsn, { longTransactionSymptom: '10ms' });
});

/** What a failed test leaves open must not hold up the next. */
afterEach(async () => {
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'",
  );
});

afterAll(async () => {
  await reads.close();
  await server.stop();
});

type Body = Readonly<Record<string, unknown>>;

/** Reads until one record with these fields is there; the statistics of other sessions arrive when they see fit. */
async function until(id: string, fields: Body, from = reads): Promise<Observation> {
  return vi.waitFor(async () => {
    const records = await from.read(id);
    const found = records.find((record) => {
      const body: Body = record.body;
      return Object.entries(fields).every(([name, value]) => body[name] === value);
    });
    if (found === undefined) throw new Error(`none of ${records.length} records of ${id} is like that`);
    return found;
  }, PATIENCE);
}

/**
 * Vacuums until the counters say so: counts of the updates may arrive after those of the vacuum, and up to PostgreSQL 14
 * they travel in datagrams, which may be lost.
 */
async function vacuumedUntil(holds: (body: Body) => boolean): Promise<Observation> {
  return vi.waitFor(async () => {
    await admin.query('VACUUM churn');
    const found = (await reads.read('tables')).find((record) => {
      const body: Body = record.body;
      return body['relation'] === 'churn' && holds(body);
    });
    if (found === undefined) throw new Error('the counters of churn are not like that');
    return found;
  }, PATIENCE);
}

async function pidOf(session: pg.Client): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

describe('rows that can not be removed', () => {
  it('are shown with the session that pins the horizon', async () => {
    await admin.query('CREATE TABLE churn AS SELECT g AS id, 0 AS n FROM generate_series(1, 20000) AS g');
    const forgotten = await server.superuser();
    const pid = await pidOf(forgotten);
    await forgotten.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await forgotten.query('SELECT count(*) FROM churn');
    for (let round = 0; round < 2; round += 1) await admin.query('UPDATE churn SET n = n + 1');
    await admin.query('VACUUM churn');
    const holder = await until('horizon', { pid });
    expect(holder).toMatchObject({
      class: 'symptom',
      body: { holder: 'backend', rank: 1, state: 'idle_in_transaction', user: 'postgres', reason: 'long' },
    });
    expect(Number(holder.body['xmin_age'])).toBeGreaterThanOrEqual(2);
    const table = await vacuumedUntil((body) => body['reason'] === 'dead_rows');
    expect(table).toMatchObject({ class: 'symptom', body: { last_vacuum: expect.any(String) } });
    expect(Number(table.body['vacuum_count'])).toBeGreaterThan(0);
    expect(Number(table.body['dead_rows'])).toBeGreaterThan(30_000);
    expect(await until('wraparound', { database: 'postgres', oldest_holder: 'backend' })).toBeDefined();
    await forgotten.query('ROLLBACK');
    await forgotten.end();
    expect((await vacuumedUntil((body) => body['dead_rows'] === 0)).class).toBe('state');
  });

  it('are shown with a two-phase transaction, without its name', async () => {
    const session = await server.superuser();
    await session.query('BEGIN');
    await session.query("INSERT INTO notes VALUES (11, 'prepared')");
    await session.query(`PREPARE TRANSACTION '${GID}'`);
    const { body } = await until('horizon', { holder: 'prepared_transaction' });
    expect(body).toMatchObject({ database: 'postgres', user: 'postgres', xid: expect.any(Number) });
    expect(JSON.stringify(body)).not.toContain(GID);
    await session.query(`ROLLBACK PREPARED '${GID}'`);
    await session.end();
  });

  it('say that autovacuum is off', async () => {
    expect(await until('autovacuum', { enabled: false })).toMatchObject({
      class: 'symptom',
      body: { reason: 'off', workers: 0, max_workers: 3 },
    });
  });
});

describe('an index', () => {
  it('that could not be built is a symptom', async () => {
    await admin.query('CREATE TABLE twice AS SELECT g / 2 AS id FROM generate_series(1, 100) AS g');
    await expect(admin.query('CREATE UNIQUE INDEX CONCURRENTLY twice_id ON twice (id)')).rejects.toThrow();
    // A backend tells its client of an error before it takes the build out of its progress.
    expect(await until('indexes', { index: 'twice_id', building: false })).toMatchObject({
      class: 'symptom',
      body: { problem: 'invalid', valid: false, relation: 'twice', is_unique: true },
    });
  });

  it('that waits to be built is a job that says for whom it waits', async () => {
    const writer = await server.superuser();
    const pid = await pidOf(writer);
    await writer.query('BEGIN');
    await writer.query('INSERT INTO churn VALUES (0, 0)');
    const builder = await server.superuser();
    const building = builder.query('CREATE INDEX CONCURRENTLY churn_n ON churn (n)');
    const job = await until('progress', { kind: 'create_index', locker_pid: pid });
    expect(job).toMatchObject({
      class: 'symptom',
      body: { reason: 'waits_for_lock', relation: 'churn', command: 'CREATE_INDEX_CONCURRENTLY' },
    });
    expect(await until('indexes', { index: 'churn_n' })).toMatchObject({
      class: 'state',
      body: { problem: 'building', building: true },
    });
    await writer.query('COMMIT');
    await building;
    for (const session of [writer, builder]) await session.end();
  });

  it('that does what another does, and one that nobody uses, are told', async () => {
    await admin.query('CREATE TABLE people (id int PRIMARY KEY, age int)');
    await admin.query('CREATE INDEX people_age ON people (age)');
    await admin.query('CREATE INDEX people_age_again ON people (age)');
    await admin.query('CREATE INDEX people_age_down ON people (age DESC)');
    const found = (await reads.read('indexes'))
      .map((record) => record.body as Body)
      .filter((body) => body['relation'] === 'people')
      .map((body) => [body['index'], body['problem'], body['duplicate_of']]);
    expect(found).toEqual([
      ['people_age', 'duplicate', undefined],
      ['people_age_again', 'duplicate', 'people_age'],
      ['people_age_down', 'unused', undefined],
    ]);
  });
});

describe('numbers that run out', () => {
  it('are told from rows and inserts', async () => {
    await admin.query('CREATE TABLE tickets (no smallint GENERATED ALWAYS AS IDENTITY, at int)');
    await admin.query('INSERT INTO tickets (at) SELECT g FROM generate_series(1, 30000) AS g');
    await admin.query('ANALYZE tickets');
    expect(await until('sequences', { relation: 'tickets', reason: 'nearly_used_up' })).toMatchObject({
      class: 'symptom',
      body: { column: 'no', sequence_type: 'smallint', last_possible: 32_767, drawn_at_least: 30_000 },
    });
    // Rows that are gone have taken their numbers all the same.
    await admin.query('TRUNCATE tickets');
    await admin.query("SELECT pg_stat_reset_single_table_counters('tickets'::regclass)");
    const { body } = await until('sequences', { relation: 'tickets' });
    expect(body).toMatchObject({ drawn_at_least: 30_000, reason: 'nearly_used_up' });
  });
});

describe('space that nobody needs', () => {
  it('is estimated without reading it', async () => {
    await admin.query('CREATE TABLE measures AS SELECT g AS id, g AS v FROM generate_series(1, 100000) AS g');
    await admin.query('VACUUM ANALYZE measures');
    const dense = await until('bloat', { relation: 'measures', method: 'fixed_width' });
    // PostgreSQL 16 extends tables by several pages at once, so a few stay empty.
    expect(Number(dense.body['estimated_waste_percent'])).toBeLessThan(15);
    await admin.query('DELETE FROM measures WHERE id % 10 <> 0');
    await admin.query('VACUUM ANALYZE measures');
    const { body } = await until('bloat', { relation: 'measures', method: 'fixed_width' });
    // Nine rows of ten are gone and no page is.
    expect(Number(body['estimated_waste_percent'])).toBeGreaterThan(85);
    expect(Number(body['estimated_waste_percent'])).toBeLessThan(93);
  });
});

describe('the work of the server', () => {
  it('shows by statement what took the time since the last read', async () => {
    await admin.query('SELECT count(*) FROM generate_series(1, 1000000)');
    const watching = pgReads(dsn);
    await watching.read('statements');
    await admin.query(`SELECT pg_sleep(0.3), '${CONSTANT}'`);
    const [busiest] = (await watching.read('statements')).map((record) => record.body as Body);
    expect(busiest).toMatchObject({ is_new: true, calls: 1, calls_step: 1 });
    expect(Number(busiest?.['exec_ms_step'])).toBeGreaterThanOrEqual(300);
    expect(Number(busiest?.['exec_percent'])).toBeGreaterThan(50);
    await admin.query('SELECT pg_stat_statements_reset()');
    const records = await watching.read('statements');
    expect(records.find((record) => record.stream === 'statement_load')?.body).toMatchObject({
      was_reset: true,
    });
    await watching.close();
  });

  it('shows texts only to the read that is for them, and no constant even there', async () => {
    await admin.query(`SELECT length('${CONSTANT}') + 4711`);
    await admin.query(`COMMENT ON TABLE notes IS '${CONSTANT}'`);
    const texts = (await reads.read('statement_texts')).map((record) =>
      String((record.body as Body)['text']),
    );
    expect(texts).toContainEqual(expect.stringMatching(/^SELECT length\(\$1\) \+ \$2$/));
    expect(texts.filter((text) => !/^\s*(SELECT|INSERT|UPDATE|DELETE)\b/i.test(text))).toEqual([]);
    expect(texts.join('\n')).not.toContain(CONSTANT);
  });
});

describe('a table that somebody has locked', () => {
  it('holds no read up, and no planted value comes out of any', async () => {
    const locker = await server.superuser();
    const pid = await pidOf(locker);
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE churn, notes, tickets, measures, people IN ACCESS EXCLUSIVE MODE');
    const emitted: Observation[] = [];
    for (const id of READS) emitted.push(...(await reads.read(id)));
    expect(emitted.length).toBeGreaterThan(20);
    const { rows } = await admin.query<{ granted: boolean }>('SELECT granted FROM pg_locks WHERE pid = $1', [
      pid,
    ]);
    expect(rows.filter(({ granted }) => granted).length).toBeGreaterThanOrEqual(5);
    const text = JSON.stringify(emitted);
    for (const canary of CANARIES) expect(text).not.toContain(canary);
    await locker.query('ROLLBACK');
    await locker.end();
  });
});
