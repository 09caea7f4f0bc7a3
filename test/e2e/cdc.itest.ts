import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { openAgent } from './in-process.ts';
import { type AgentFolder, makeAgentFolder, runExhibit } from './support.ts';

/** Counts of changes, from the flag of a policy to signed evidence, and the end of the slot with that of the flag. */

const CANARY = ['row', 'canary', 'c41b'].join('-');
const FLAG = {
  capability: 'cdc',
  connectors: ['postgresql'],
  owner: 'dba@acme.example',
  reason: 'To see which tables a release writes to.',
  expires: '2999-01-01T00:00:00Z',
};

function policy(capabilities: readonly object[]): object {
  return {
    apiVersion: 'exhibit/v1',
    kind: 'Policy',
    metadata: { name: 'acme', version: '1', description: 'Counts of changes.' },
    capabilities,
  };
}

let server: PostgresServer;
let admin: pg.Client;
let folder: AgentFolder;

beforeAll(async () => {
  // Only what is flushed is decoded: without `on` that would be a moment later.
  const settings = { wal_level: 'logical', max_slot_wal_keep_size: '64MB', synchronous_commit: 'on' };
  server = await startPostgres({ settings });
  admin = await server.superuser();
  await server.addRole('exhibit', 'REPLICATION IN ROLE pg_read_all_stats');
  await admin.query(
    'CREATE TABLE orders (id int PRIMARY KEY, note text); CREATE PUBLICATION shop FOR ALL TABLES',
  );
  await admin.query('ALTER TABLE orders REPLICA IDENTITY FULL');
  const config = { dsn: { env: 'E2E_DSN' }, cdc: { publication: 'shop' } };
  folder = await makeAgentFolder({
    connections: [{ id: 'orders-db', connector: 'postgresql', config }],
    env: { E2E_DSN: server.dsn('postgres', 'exhibit') },
    policy: ['standard', policy([FLAG])],
  });
});

afterAll(async () => {
  await folder?.remove();
  await server?.stop();
});

async function slots(): Promise<readonly string[]> {
  const { rows } = await admin.query<{ name: string }>('SELECT slot_name AS name FROM pg_replication_slots');
  return rows.map(({ name }) => name);
}

describe('counts of changes', () => {
  it('are signed evidence while the flag holds, and the slot goes when it does not', async () => {
    await using open = await openAgent(folder);
    const pass = () => open.agent.scheduler.runNow({ trigger: 'once', reads: ['cdc'] });
    await pass();
    expect(await slots()).toEqual(['exhibit_cdc']);
    await admin.query(`INSERT INTO orders VALUES (1, '${CANARY}'), (2, '${CANARY}')`);
    await admin.query(`UPDATE orders SET note = note || 'x' WHERE id = 1`);
    await pass();
    const items = await open.items();
    const counts = items.find(({ kind }) => kind === 'postgresql.cdc_tables/v1');
    expect(counts).toMatchObject({
      class: 'change',
      body: {
        relation: 'orders',
        inserts: 2,
        updates: 1,
        deletes: 0,
        columns: ['note'],
        columns_known: true,
      },
    });
    expect(JSON.stringify(items) + open.logged()).not.toContain(CANARY);

    await writeFile(path.join(folder.directory, 'policy-1.yaml'), stringify(policy([])));
    await open.agent.reloadPolicy();
    const [refused] = await pass();
    expect(refused?.outcome.status).toBe('refused');
    expect(await slots()).toEqual([]);
  });

  it('leave no slot where a connection is retired by hand', async () => {
    await admin.query("SELECT pg_create_logical_replication_slot('exhibit_cdc', 'pgoutput')");
    const finished = await runExhibit(['connector', 'retire', 'orders-db', '-c', folder.config], folder.env);
    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining('taken back') });
    expect(await slots()).toEqual([]);
    const again = await runExhibit(
      ['connector', 'retire', 'orders-db', '-c', folder.config, '--json'],
      folder.env,
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ retired: [{ read: 'cdc', wasThere: false }] });
  });
});
