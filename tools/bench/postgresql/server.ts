import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { type PostgresServer, startPostgres } from '../../../test/helpers/postgres.ts';

/** A database with many tables and indexes and sessions that work on them. */
export interface Crowd {
  readonly server: PostgresServer;
  readonly dsn: string;
  readonly admin: pg.Client;
  /** Sessions of the application, the last one with an open transaction. */
  readonly sessions: number;
  stop(): Promise<void>;
}

const DATABASE = 'crowd';
const GRANTS = new URL('../../../connectors/postgresql/privileges/grants.sql', import.meta.url);
/** Objects of one transaction: each takes a lock. */
const BATCH = 100;

/** `tables` tables with five indexes each (the primary key among them) and `sessions` connections. */
export async function startCrowd(tables: number, sessions: number): Promise<Crowd> {
  const server = await startPostgres({
    settings: {
      max_connections: String(sessions + 20),
      shared_buffers: '256MB',
      'pg_stat_statements.max': '5000',
      max_locks_per_transaction: '256',
      autovacuum: 'off',
    },
  });
  const root = await server.superuser();
  await root.query(`CREATE DATABASE ${DATABASE}`);
  const admin = await server.superuser(DATABASE);
  await server.addRole('application');
  await admin.query(await readFile(GRANTS, 'utf8'));
  await admin.query(
    `ALTER ROLE exhibit PASSWORD '${server.password}'; GRANT CREATE ON SCHEMA public TO application`,
  );
  for (let from = 0; from < tables; from += BATCH)
    await admin.query(schemaOf(from, Math.min(tables, from + BATCH)));
  await admin.query('VACUUM ANALYZE');
  const clients = await connect(server, sessions);
  return {
    server,
    dsn: server.dsn(DATABASE, 'exhibit'),
    admin,
    sessions: clients.length,
    stop: () => server.stop(),
  };
}

function schemaOf(from: number, to: number): string {
  const statements: string[] = [];
  for (let table = from; table < to; table += 1) {
    statements.push(
      `CREATE TABLE t${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int NOT NULL, state text
         DEFAULT 'new' CHECK (state <> ''), amount numeric(12,2), placed_at timestamptz DEFAULT now(), note varchar(200))`,
      ...['customer', 'state', 'amount', 'placed_at'].map(
        (column) => `CREATE INDEX ON t${table} (${column})`,
      ),
      `INSERT INTO t${table} (customer, amount) VALUES (1, 2), (3, 4)`,
    );
  }
  return statements.join(';\n');
}

async function connect(server: PostgresServer, count: number): Promise<readonly pg.Client[]> {
  const clients: pg.Client[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const client = await server.connect(DATABASE, 'application', `worker-${nth % 7}`);
    if (nth % 10 === 0) await client.query('BEGIN; SELECT 1');
    clients.push(client);
  }
  return clients;
}
