import { afterEach, expect, it } from 'vitest';
import { parseBundle } from '../../evidence/bundle.ts';
import type { IncidentReading } from '../../evidence/incident/assemble.ts';
import { openShop } from '../helpers/pg-incident.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { openAgent } from './in-process.ts';
import { type AgentFolder, makeAgentFolder } from './support.ts';

const ROWS = 20_000;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

it('leads from what hurts in a database to what was changed in it, although its reads found both afterwards', async () => {
  const server = await startPostgres();
  cleanups.push(() => server.stop());
  const shop = await openShop(server);
  await session(server, async (run) => {
    await run(
      `CREATE TABLE ledger AS SELECT n AS id, n % 500 AS customer FROM generate_series(1, ${ROWS}) AS n`,
    );
    await run('CREATE INDEX ledger_customer_idx ON ledger (customer)');
    await run('CREATE TABLE badges (id int)');
    await run('ANALYZE ledger');
    for (let n = 0; n < 1_200; n += 1) await run(`SELECT count(*) FROM ledger WHERE customer = ${n % 500}`);
  });
  const folder = await makeAgentFolder({
    connections: [{ id: 'orders-db', connector: 'postgresql', config: { dsn: { env: 'E2E_DSN' } } }],
    env: { E2E_DSN: shop.dsn },
  });
  cleanups.push(folder.remove);

  const reading = await readIncident(folder, async () => {
    await session(server, async (run) => {
      await run('DROP TABLE badges');
      await run('DROP INDEX ledger_customer_idx');
    });
    // A session that ends hands in its counters at once.
    await session(server, async (run) => {
      for (let n = 0; n < 60; n += 1) await run(`SELECT count(*) FROM ledger WHERE customer = ${n}`);
    });
  });
  const ledger = 'postgresql://orders-db/orders/public/ledger';
  const scans = reading.timeline.find(({ entity, class: of }) => entity === ledger && of === 'symptom');
  expect(scans?.headline).toBe(
    `relation orders-db/orders/public/ledger: read from end to end 60 times, ${60 * ROWS} rows, where indexes were used before`,
  );
  expect(reading.candidates[0]).toMatchObject({
    entity: ledger,
    headline: 'relation orders-db/orders/public/ledger: index removed ledger_customer_idx',
  });
  expect(reading.candidates[0]?.reasons.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['same-object', 'fits', 'before']),
  );
});

/** Statements of a superuser in the shop, in a session of their own. */
async function session(
  server: PostgresServer,
  work: (run: (text: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const client = await server.superuser('orders');
  await work((text) => client.query(text));
  await client.end();
}

/** A pass before, what happens, and the incident that is opened then. */
async function readIncident(folder: AgentFolder, happen: () => Promise<void>): Promise<IncidentReading> {
  await using open = await openAgent(folder);
  await open.agent.scheduler.runNow({ trigger: 'once' });
  await happen();
  const now = Date.now();
  const window = { from: new Date(now - 3_600_000).toISOString(), to: new Date(now).toISOString() };
  const incident = await open.agent.incidents.open({ title: 'slow', window, scope: {}, trigger: 'api' });
  const { bytes } = await open.agent.incidents.bundle(incident.id);
  return parseBundle(bytes) as unknown as IncidentReading;
}
