import type pg from 'pg';
import { DEFAULT_COST, plannedCost } from '../../connectors/postgresql/plan-cost.ts';
import type { PostgresServer } from '../helpers/postgres.ts';

/**
 * Runs statements that the guard accepted, as superuser and in a transaction that may write, and notices harm. One
 * session runs them; a second one stands for everybody else and must not feel anything; a third looks at what a
 * transaction that is rolled back leaves behind.
 */
export type Harm =
  | 'leak' // the answer holds a canary
  | 'assigned' // a transaction id was assigned: something was written
  | 'locked' // it held more than AccessShareLock on a catalog
  | 'waited' // it ran into a lock
  | 'slow' // it ran into the statement timeout
  | 'dear' // the planner reckons more than any read may cost, and so it is refused at run time
  | 'changed' // something outlived the rollback
  | 'killed'; // a session is gone

export interface Witness {
  /** What a statement did; null when nothing was noticed. `ran` tells whether the server accepted it. */
  run(sql: string): Promise<{ readonly harm: Harm | null; readonly ran: boolean }>;
  /** What all statements since the last call have left behind. */
  lookAround(): Promise<Harm | null>;
  stop(): Promise<void>;
}

/** Of everything that a statement could leave behind without a transaction: one row of texts. */
const TRACES = `SELECT
  (SELECT string_agg(f, ',' ORDER BY f) FROM pg_ls_dir('.') AS f) AS files,
  (SELECT string_agg(schemaname || sequencename || coalesce(last_value, -1), ',' ORDER BY 1) FROM pg_sequences) AS sequences,
  (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_largeobject_metadata) AS large_objects,
  (SELECT string_agg(slot_name, ',') FROM pg_replication_slots) AS slots,
  (SELECT string_agg(datname || coalesce(stats_reset::text, ''), ',' ORDER BY datid) FROM pg_stat_database) AS resets,
  (SELECT string_agg(locktype || mode, ',') FROM pg_locks WHERE locktype = 'advisory') AS advisory,
  (SELECT string_agg(name || setting, ',' ORDER BY name) FROM pg_file_settings) AS file_settings,
  (SELECT timeline_id::text FROM pg_control_checkpoint()) AS timeline,
  (SELECT count(*) FROM pg_class)::text AS relations,
  (SELECT count(*) FROM pg_proc)::text AS functions,
  (SELECT string_agg(rolname || rolsuper, ',' ORDER BY oid) FROM pg_roles) AS roles,
  (SELECT count(*) || max(card) FROM shop.orders) AS rows,
  pg_conf_load_time()::text AS loaded, pg_postmaster_start_time()::text AS started,
  (pg_stat_file('/tmp/x', true)).size::text AS exported`;

const HELD = `SELECT count(*)::int AS held FROM pg_locks AS l
  WHERE l.pid = pg_backend_pid() AND l.locktype NOT IN ('virtualxid', 'transactionid')
    AND NOT (l.locktype = 'relation' AND l.mode = 'AccessShareLock' AND (l.relation < 16384 OR l.relation = ANY ($1)))`;

export async function openWitness(server: PostgresServer): Promise<Witness> {
  const [attacker, victim, looker] = [
    await server.superuser(),
    await server.superuser(),
    await server.superuser(),
  ];
  const heard: string[] = [];
  await attacker.query(
    `SET statement_timeout = '2s'; SET lock_timeout = '50ms'; SET search_path = pg_catalog, pg_temp; SET jit = off`,
  );
  await victim.query('LISTEN a; LISTEN b; BEGIN; LOCK TABLE shop.orders, shop.parts IN ACCESS SHARE MODE');
  victim.on('notification', ({ channel }) => heard.push(channel));
  victim.on('error', () => heard.push('the end'));
  const extensions = await ofExtensions(looker);
  const mine = await settingsOf(attacker);
  let traces = await tracesOf(looker);
  return {
    run: (sql) => runOne(sql, attacker, extensions),
    lookAround: async () => {
      const isAlive = await victim.query('SELECT 1').then(
        () => true,
        () => false,
      );
      if (!isAlive) return 'killed';
      const now = await tracesOf(looker);
      const isSame = now === traces && heard.length === 0 && (await settingsOf(attacker)) === mine;
      traces = now;
      heard.length = 0;
      return isSame ? null : 'changed';
    },
    stop: async () => {
      await Promise.all([attacker, victim, looker].map((session) => session.end().catch(() => undefined)));
    },
  };
}

async function runOne(sql: string, attacker: pg.Client, extensions: readonly string[]) {
  await attacker.query('BEGIN');
  try {
    // As the client does it: planned first, and only then run.
    const send = async ({ text, values }: { text: string; values: readonly string[] }) =>
      (await attacker.query<Record<string, unknown>>(text, [...values])).rows;
    if ((await plannedCost({ text: sql, values: [] }, send)).cost > DEFAULT_COST)
      return { harm: 'dear' as const, ran: false };
    const { rows } = await attacker.query(sql);
    if (/CANARY-|root:x:/.test(JSON.stringify(rows))) return { harm: 'leak' as const, ran: true };
    return { harm: await heldAfter(attacker, extensions), ran: true };
  } catch (error) {
    return { harm: harmOf(error), ran: false };
  } finally {
    await attacker.query('ROLLBACK');
  }
}

async function heldAfter(attacker: pg.Client, extensions: readonly string[]): Promise<Harm | null> {
  const { rows: ids } = await attacker.query('SELECT pg_current_xact_id_if_assigned() AS xid');
  if (ids[0]?.xid !== null) return 'assigned';
  const { rows } = await attacker.query<{ held: number }>(HELD, [extensions]);
  return rows[0]?.held === 0 ? null : 'locked';
}

function harmOf(error: unknown): Harm | null {
  const { code } = error as { code?: string };
  if (code === '57014') return 'slow';
  return code === '55P03' ? 'waited' : null;
}

/** Views that came with an extension may be read like catalogs. */
async function ofExtensions(session: pg.Client): Promise<readonly string[]> {
  const { rows } = await session.query<{ oid: string }>(
    `SELECT objid::text AS oid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e'`,
  );
  return rows.map(({ oid }) => oid);
}

async function settingsOf(session: pg.Client): Promise<string> {
  const { rows } = await session.query(
    `SELECT string_agg(name || setting, ',' ORDER BY name) AS all FROM pg_settings WHERE name NOT LIKE 'transaction%'`,
  );
  return JSON.stringify(rows);
}

async function tracesOf(session: pg.Client): Promise<string> {
  return JSON.stringify((await session.query(TRACES)).rows);
}
