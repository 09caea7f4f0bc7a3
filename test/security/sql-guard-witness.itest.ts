import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSqlGuard } from '../../policies/guards/sql.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { plantCanaries } from './sql-guard-canaries.ts';
import { makeFuzzer } from './sql-guard-fuzz.ts';
import { makeSplicer } from './sql-guard-splices.ts';
import { openWitness, type Witness } from './sql-guard-witness.ts';

/** The short form of `sql-guard-attack.ts`, and the proof that its witness notices what it is there for. */

const QUERIES = new URL('../../connectors/postgresql/queries/', import.meta.url);
const honest = readdirSync(QUERIES).map((name) => readFileSync(new URL(name, QUERIES), 'utf8'));

let server: PostgresServer;
let plants: { stop(): Promise<void> };
let witness: Witness;

beforeAll(async () => {
  server = await startPostgres();
  plants = await plantCanaries(server);
  witness = await openWitness(server);
});

afterAll(async () => {
  await witness?.stop();
  await plants?.stop();
  await server?.stop();
});

describe('the witness', () => {
  it.each([
    [`SELECT pg_read_file('canary.txt')`, 'leak'],
    ['SELECT o.card FROM shop.orders AS o', 'leak'],
    ['SELECT s.setting FROM pg_settings AS s', 'leak'],
    ['SELECT s.most_common_vals::text FROM pg_stats AS s', 'leak'],
    ['SELECT txid_current()', 'assigned'],
    ['SELECT pg_advisory_xact_lock(7)', 'locked'],
    ['SELECT o.id FROM shop.orders AS o', 'locked'],
    ['LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE', null],
    ['SELECT pg_sleep(3)', 'slow'],
    ['SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d', 'dear'],
    ['SELECT c.relname FROM pg_class AS c', null],
  ])('sees what this does: %s', async (sql, harm) => {
    expect((await witness.run(sql)).harm).toBe(harm);
  });

  it.each([
    `SELECT setval('shop.orders_id_seq', 900)`,
    'SELECT pg_advisory_lock(8)',
    `SELECT pg_reload_conf()`,
    `SELECT set_config('work_mem', '1MB', false) FROM pg_class LIMIT 0`,
    `SELECT pg_stat_reset()`,
  ])('sees what this leaves behind: %s', async (sql) => {
    expect(await witness.lookAround()).toBeNull();
    await witness.run(sql);
    const isNothing = sql.includes('LIMIT 0');
    await expect.poll(() => witness.lookAround(), { timeout: 60_000 }).toBe(isNothing ? null : 'changed');
  });

  it('sees that a session is gone', async () => {
    const other = await openWitness(server);
    await other.run(`SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity AS a
      WHERE a.pid IN (SELECT l.pid FROM pg_locks AS l WHERE l.relation = 'shop.orders'::regclass)`);
    await expect.poll(() => other.lookAround(), { timeout: 60_000 }).toBe('killed');
    await other.stop();
  });
});

describe('what the guard accepts', () => {
  it('does no harm, when it is run', async () => {
    const guard = await loadSqlGuard();
    const fresh = await openWitness(server);
    const holes: string[] = [];
    const ran = { all: 0 };
    const makers = [makeFuzzer(11), makeSplicer(12, honest)];
    const random = Array.from({ length: 1_500 }, () => makers.map((make) => make())).flat();
    for (const sql of [...honest, ...random]) {
      if (guard.template(sql).verdict !== 'allow') continue;
      const { harm, ran: isRun } = await fresh.run(sql);
      if (isRun) ran.all += 1;
      if (harm !== null && harm !== 'dear') holes.push(`${harm}: ${sql}`);
    }
    expect(await fresh.lookAround()).toBeNull();
    await fresh.stop();
    expect(holes).toEqual([]);
    expect(ran.all).toBeGreaterThan(100);
  });
});
