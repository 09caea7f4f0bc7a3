import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import type { PostgresServer } from './postgres.ts';

/** A small shop: one database, one application role, and the agent's own role with exactly its grants. */
export interface Shop {
  readonly database: string;
  readonly appRole: string;
  readonly agentRole: string;
  /** What the agent connects with. */
  readonly dsn: string;
  /** Planted where user data, code and secrets live; none of them may ever come out. */
  readonly canaries: readonly string[];
}

export interface IncidentOptions {
  /** Connections of ordinary roles left free; 0 locks everybody out. Default 2. */
  readonly freeConnections?: number;
}

export interface Incident {
  readonly canaries: readonly string[];
  /** Process ids, for tests that want the exact tree. */
  readonly pids: {
    /** Idle in transaction, at the root of it all. */
    readonly root: number;
    /** Waits for ACCESS EXCLUSIVE on `invoices`, behind the root. */
    readonly migration: number;
    /** Waits to read `invoices`, behind the migration. */
    readonly reader: number;
    /** Waits for one row of `payments`, behind the root. */
    readonly writer: number;
  };
  /** Ends all sessions of the incident. Safe twice. */
  release(): Promise<void>;
}

const DATABASE = 'orders';
const APP_ROLE = 'app_checkout';
const AGENT_ROLE = 'exhibit';
const GRANTS = new URL('../../connectors/postgresql/privileges/grants.sql', import.meta.url);
const STAGING_DEADLINE_MS = 15_000;

const CANARIES = {
  row: 'canary-row-7Qx2mV',
  tableComment: 'canary-table-comment-h4Tz9B',
  columnDefault: 'canary-default-Rk81wd',
  newDefault: 'canary-new-default-p0Ysu6',
  check: 'canary-check-3FjcLe',
  functionBody: 'canary-function-Zt5n0G',
  viewText: 'canary-view-b9XoQ1',
  predicate: 'canary-predicate-W6vyKd',
  enumLabel: 'canary-enum-l2MrPa',
  setting: 'canary-setting-e8HgUi',
  queryText: 'canary-query-N3ksDf',
  applicationName: 'canary-application-Vc47bq',
} as const;

const SCHEMA = `
CREATE TYPE payment_state AS ENUM ('open', 'paid', '${CANARIES.enumLabel}');
CREATE TABLE customers (
  id int PRIMARY KEY,
  email text NOT NULL DEFAULT '${CANARIES.columnDefault}',
  phone varchar(20),
  CONSTRAINT customers_email_check CHECK (email <> '${CANARIES.check}')
);
CREATE INDEX customers_email_idx ON customers (email) WHERE email <> '${CANARIES.predicate}';
CREATE TABLE invoices (id int PRIMARY KEY, customer int REFERENCES customers, amount numeric(10,2));
CREATE TABLE payments (id int PRIMARY KEY, invoice int, state payment_state);
CREATE VIEW odd_customers AS SELECT id FROM customers WHERE email <> '${CANARIES.viewText}';
CREATE FUNCTION greet(who int) RETURNS text LANGUAGE sql AS $$ SELECT '${CANARIES.functionBody}'::text $$;
COMMENT ON TABLE customers IS '${CANARIES.tableComment}';
INSERT INTO customers VALUES (1, '${CANARIES.row}', '1');
INSERT INTO invoices VALUES (1, 1, 12.5), (2, 1, 99);
INSERT INTO payments VALUES (1, 1, 'open'), (2, 2, 'open');
ANALYZE;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${APP_ROLE};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER TABLE invoices OWNER TO ${APP_ROLE};
ALTER DATABASE ${DATABASE} SET app.secret = '${CANARIES.setting}';
`;

/** The quiet day and the incident in one hand, for whoever only wants it to happen. */
export interface PreparedIncident {
  readonly canaries: readonly string[];
  /** Lets it happen; resolves when everybody is stuck. */
  play(): Promise<void>;
  release(): Promise<void>;
}

export async function prepareIncident(
  server: PostgresServer,
  options: IncidentOptions = {},
): Promise<PreparedIncident & { readonly dsn: string }> {
  const shop = await openShop(server);
  let incident: Incident | undefined;
  return {
    dsn: shop.dsn,
    canaries: shop.canaries,
    play: async () => {
      incident ??= await stageIncident(server, shop, options);
    },
    release: async () => {
      await incident?.release();
    },
  };
}

/** The shop as it is on a quiet day. Collect once after this, so that the incident has something to differ from. */
export async function openShop(server: PostgresServer): Promise<Shop> {
  const admin = await server.superuser();
  await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.end();
  await server.addRole(APP_ROLE);
  const owner = await server.superuser(DATABASE);
  await owner.query(SCHEMA);
  await owner.query(await readFile(GRANTS, 'utf8'));
  await owner.query(`ALTER ROLE ${AGENT_ROLE} PASSWORD '${server.password}'`);
  await owner.end();
  return {
    database: DATABASE,
    appRole: APP_ROLE,
    agentRole: AGENT_ROLE,
    dsn: server.dsn(DATABASE, AGENT_ROLE),
    canaries: Object.values(CANARIES),
  };
}

/**
 * What goes wrong: a migration changes the schema, somebody changes settings, a forgotten transaction holds locks,
 * the next migration queues behind it, everybody else behind that, and idle sessions eat up the connections.
 */
export async function stageIncident(
  server: PostgresServer,
  shop: Shop,
  options: IncidentOptions = {},
): Promise<Incident> {
  const admin = await server.superuser(shop.database);
  const sessions: pg.Client[] = [];
  const release = async (): Promise<void> => {
    const open = sessions.splice(0);
    if (open.length === 0) return;
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
      shop.appRole,
    ]);
    await Promise.all(open.map((session) => session.end().catch(() => undefined)));
    await admin.end();
  };
  try {
    await changeSchemaAndSettings(admin);
    const open = async (): Promise<pg.Client> => {
      const session = await server.connect(shop.database, shop.appRole, CANARIES.applicationName);
      sessions.push(session);
      return session;
    };
    const pids = await buildQueue(open, admin);
    await fillUp(open, admin, options.freeConnections ?? 2);
    return { canaries: shop.canaries, pids, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function changeSchemaAndSettings(admin: pg.Client): Promise<void> {
  await admin.query(`ALTER TABLE customers ADD COLUMN loyalty text DEFAULT '${CANARIES.newDefault}'`);
  await admin.query('ALTER TABLE customers ALTER COLUMN phone TYPE text, ALTER COLUMN phone SET NOT NULL');
  await admin.query('DROP INDEX customers_email_idx');
  await admin.query("ALTER SYSTEM SET work_mem = '64MB'");
  // Takes hold at the next restart only.
  await admin.query('ALTER SYSTEM SET max_worker_processes = 16');
  await admin.query('SELECT pg_reload_conf()');
  await until(
    admin,
    "SELECT count(*) FROM pg_settings WHERE name = 'max_worker_processes' AND pending_restart",
    1,
  );
}

async function buildQueue(open: () => Promise<pg.Client>, admin: pg.Client): Promise<Incident['pids']> {
  const root = await open();
  await root.query('BEGIN');
  await root.query('UPDATE invoices SET amount = amount + 1 WHERE id = 1');
  await root.query(`UPDATE payments SET state = 'paid' WHERE id = 1 AND '${CANARIES.queryText}' <> ''`);
  const [migration, reader, writer] = [await open(), await open(), await open()];
  const pids = {
    root: await pidOf(root),
    migration: await pidOf(migration),
    reader: await pidOf(reader),
    writer: await pidOf(writer),
  };
  await blocked(admin, migration, pids.migration, 'ALTER TABLE invoices ADD COLUMN due_on date');
  await blocked(
    admin,
    reader,
    pids.reader,
    `SELECT count(*) FROM invoices WHERE '${CANARIES.queryText}' <> ''`,
  );
  await blocked(admin, writer, pids.writer, "UPDATE payments SET state = 'open' WHERE id = 1");
  return pids;
}

async function pidOf(session: pg.Client): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

/** Sends a statement that can not finish and comes back once the server has it waiting. */
async function blocked(admin: pg.Client, session: pg.Client, pid: number, text: string): Promise<void> {
  session.query(text).catch(() => undefined);
  await until(
    admin,
    `SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL AND pid = ${pid}`,
    1,
  );
}

/** Idle sessions, until only so many seats of ordinary roles are left. */
async function fillUp(open: () => Promise<pg.Client>, admin: pg.Client, free: number): Promise<void> {
  const { rows } = await admin.query<{ usable: number; used: number }>(`
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
             - coalesce(current_setting('reserved_connections', true)::int, 0) AS usable,
           (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used`);
  const missing = (rows[0]?.usable ?? 0) - (rows[0]?.used ?? 0) - free;
  for (let index = 0; index < missing; index += 1) await open();
}

async function until(admin: pg.Client, text: string, count: number): Promise<void> {
  const deadline = performance.now() + STAGING_DEADLINE_MS;
  while (performance.now() < deadline) {
    const { rows } = await admin.query<{ count: string }>(text);
    if (Number(rows[0]?.count) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the incident could not be staged in time');
}
