import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXTENSIONS } from '../../policies/guards/sql/catalog/extensions.ts';
import { makeCatalog } from '../../policies/guards/sql/catalog/index.ts';
import { FUNCTIONS, REFUSED_FUNCTIONS } from '../../policies/guards/sql/functions.ts';
import { loadSqlGuard, SAFE_SETTINGS, type SqlGuard } from '../../policies/guards/sql.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { plantCanaries } from './sql-guard-canaries.ts';

/** What the guard lists, held against a real server: does it exist, is it complete, what does it let out. */

let server: PostgresServer;
let client: pg.Client;
let guard: SqlGuard;
let plants: { stop(): Promise<void> };

beforeAll(async () => {
  server = await startPostgres();
  client = await server.superuser();
  plants = await plantCanaries(server);
  guard = await loadSqlGuard();
});

afterAll(async () => {
  await plants?.stop();
  await server?.stop();
});

interface ServerColumn {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
}

async function serverColumns(): Promise<readonly ServerColumn[]> {
  const { rows } = await client.query<ServerColumn>(`
    SELECT n.nspname AS schema, c.relname AS relation, a.attname AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attnum > 0 AND c.relkind IN ('r', 'v')
      AND (n.nspname IN ('pg_catalog', 'information_schema') OR c.relname LIKE 'pg_stat_statements%')
    ORDER BY 1, 2, a.attnum`);
  return rows;
}

describe('lists', () => {
  it('know every column of every relation they list, or a name could mean one that is hidden', async () => {
    const catalog = makeCatalog(['public']);
    const unknown = (await serverColumns()).filter(({ schema, relation, name }) => {
      const listed = catalog.find(schema, relation);
      return listed !== undefined && !listed.columns.has(name);
    });
    expect(unknown).toEqual([]);
  });

  it('list functions that exist in pg_catalog, and know the columns of those that return rows', async () => {
    const { rows } = await client.query<{ name: string; columns: string[] | null; returns_set: boolean }>(`
      SELECT p.proname AS name, p.proretset AS returns_set,
             (SELECT array_agg(n ORDER BY i) FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS x (n, m, i)
              WHERE m IN ('o', 't')) AS columns
      FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace`);
    const known = Map.groupBy(rows, (row) => row.name);
    const missing = [...FUNCTIONS.keys()].filter((name) => !known.has(name));
    expect(missing).toEqual([]);
    const refused = Object.keys(REFUSED_FUNCTIONS).filter((name) => !known.has(name));
    expect(refused).toEqual([]);
    const wrong: string[] = [];
    for (const [name, rule] of FUNCTIONS) {
      const versions = known.get(name) ?? [];
      if (rule.kind === 'scalar' && versions.some((row) => row.returns_set))
        wrong.push(`${name} returns rows`);
      const columns = versions.find((row) => row.columns !== null)?.columns ?? rule.columns;
      // unnest(tsvector) returns three; no value of that type can be made.
      const differs = String(columns) !== String(rule.columns) && name !== 'unnest';
      if (rule.kind === 'set' && differs) wrong.push(`${name} returns ${String(columns)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('list settings that exist and are no strings, but for names of technical things', async () => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM pg_settings WHERE vartype = 'string'`,
    );
    const strings = rows.map((row) => row.name).filter((name) => SAFE_SETTINGS.has(name));
    expect(strings.filter((name) => /conninfo|command|file|directory|path|passw/.test(name))).toEqual([
      'search_path',
    ]);
  });
});

describe('what may be read', () => {
  it('shows none of the canaries, in any column of any relation', async () => {
    const leaks: string[] = [];
    let read = 0;
    for (const { schema, relation, name } of await serverColumns()) {
      const where =
        relation === 'pg_settings' ? " WHERE t.vartype IN ('bool', 'integer', 'real', 'enum')" : '';
      const sql = `SELECT t."${name}" FROM ${schema}.${relation} AS t${where}`;
      if (guard.template(sql).verdict !== 'allow') continue;
      const { rows } = await client.query(sql);
      read += 1;
      if (/CANARY-/.test(JSON.stringify(rows))) leaks.push(`${schema}.${relation}.${name}`);
    }
    expect(leaks).toEqual([]);
    expect(read).toBeGreaterThan(1_000);
  });

  it('has canaries where it must not look, so that the test above can fail', async () => {
    const hidden = new Set<string>();
    for (const { schema, relation, name } of await serverColumns()) {
      if (guard.template(`SELECT t."${name}" FROM ${schema}.${relation} AS t`).verdict === 'allow') continue;
      const result = await client
        .query(
          `SELECT t."${name}"::text FROM ${schema}.${relation} AS t WHERE t."${name}"::text ~ 'CANARY-' LIMIT 1`,
        )
        .catch(() => ({ rows: [] }));
      if (result.rows.length > 0) hidden.add(`${relation}.${name}`);
    }
    expect([...hidden].sort()).toEqual(
      expect.arrayContaining([
        'pg_authid.rolpassword',
        'pg_db_role_setting.setconfig',
        'pg_description.description',
        'pg_foreign_server.srvoptions',
        'pg_indexes.indexdef',
        'pg_proc.prosrc',
        'pg_settings.setting',
        'pg_stat_activity.query',
        'pg_stat_statements.query',
        'pg_stats.most_common_vals',
        'pg_subscription.subconninfo',
        'pg_user_mappings.umoptions',
        'pg_views.definition',
      ]),
    );
    expect(Object.keys(EXTENSIONS)).toContain('pg_stat_statements');
  });
});

describe('what may be called', () => {
  it('waits for no lock, assigns no transaction id and shows no canary, whatever object it is given', async () => {
    const blocker = await server.superuser();
    await blocker.query('BEGIN; LOCK TABLE shop.orders, shop.parts, shop.part_a IN ACCESS EXCLUSIVE MODE');
    await client.query(`SET lock_timeout = '50ms'; SET statement_timeout = '5s'`);
    const waited: string[] = [];
    let calls = 0;
    for (const sql of await callsOfListedFunctions()) {
      if (guard.template(sql).verdict !== 'allow') continue;
      calls += 1;
      const code = await outcome(sql);
      if (['55P03', '57014', 'assigned', 'leaked'].includes(code)) waited.push(`${code}: ${sql}`);
    }
    await blocker.query('ROLLBACK');
    expect(waited).toEqual([]);
    expect(calls).toBeGreaterThan(200);
  });

  async function outcome(sql: string): Promise<string> {
    await client.query('BEGIN READ ONLY');
    try {
      const answer = await client.query(sql);
      if (/CANARY-/.test(JSON.stringify(answer.rows))) return 'leaked';
      const { rows } = await client.query('SELECT pg_current_xact_id_if_assigned() AS xid');
      return rows[0]?.xid === null ? 'ok' : 'assigned';
    } catch (error) {
      return String((error as { code?: unknown }).code);
    } finally {
      await client.query('ROLLBACK');
    }
  }

  /** Every overload of every listed function whose arguments can be made up, with the locked table as the object. */
  async function callsOfListedFunctions(): Promise<readonly string[]> {
    const { rows } = await client.query<{ name: string; types: string[] }>(`
      SELECT p.proname AS name, ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t) AS types
      FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' ORDER BY p.oid`);
    const { rows: oids } = await client.query<{ oid: string }>(`
      SELECT c.oid::text AS oid FROM pg_class c WHERE c.relnamespace = 'shop'::regnamespace
      UNION SELECT p.oid::text FROM pg_proc p WHERE p.pronamespace = 'shop'::regnamespace
      UNION SELECT k.oid::text FROM pg_constraint k WHERE k.connamespace = 'shop'::regnamespace
      UNION SELECT t.oid::text FROM pg_type t WHERE t.typnamespace = 'shop'::regnamespace
      ORDER BY 1`);
    return rows
      .filter(({ name }) => FUNCTIONS.has(name))
      .flatMap(({ name, types }) => oids.map(({ oid }) => callOf(name, types, oid)))
      .filter((sql) => sql !== undefined);
  }

  function callOf(name: string, types: readonly string[], oid: string): string | undefined {
    const samples: Readonly<Record<string, string>> = {
      oid,
      regclass: `'${oid}'::regclass`,
      text: `'shop.orders'`,
      name: `'shop.orders'`,
      integer: '1',
      smallint: '1::int2',
      bigint: '1::int8',
      boolean: 'true',
    };
    const args = types.map((type) => samples[type]);
    if (args.includes(undefined)) return undefined;
    const rule = FUNCTIONS.get(name);
    const call = `${name}(${args.join(', ')})`;
    if (rule?.kind !== 'set') return `SELECT ${call}`;
    const columns = rule.columns ?? [];
    return `SELECT ${columns.map((column) => `x."${column}"`).join(', ')} FROM ${call} AS x (${columns.map((c) => `"${c}"`).join(', ')})`;
  }
});

it('reads every listed relation while user tables are locked', async () => {
  const blocker = await server.superuser();
  await blocker.query('BEGIN; LOCK TABLE shop.orders, shop.parts, shop.part_a IN ACCESS EXCLUSIVE MODE');
  await client.query(`SET lock_timeout = '50ms'; SET statement_timeout = '5s'`);
  const waited: string[] = [];
  for (const { schema, relation, name } of await serverColumns()) {
    const sql = `SELECT t."${name}" FROM ${schema}.${relation} AS t`;
    if (guard.template(sql).verdict !== 'allow') continue;
    const code = await client.query(sql).then(
      () => 'ok',
      (error: { code?: string }) => error.code,
    );
    if (code !== 'ok') waited.push(`${code}: ${sql}`);
  }
  await blocker.query('ROLLBACK');
  expect(waited).toEqual([]);
});
