import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { openShop } from '../helpers/pg-incident.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { ApiSession } from './api-session.ts';
import { eventually, makeAgentFolder, startAgentProcess } from './support.ts';

/** Longer than the time from one pulse to the next, much shorter than from one blocking tree to the next. */
const STORM_MS = 12_000;

interface Runs {
  readonly items: readonly {
    readonly id: string;
    readonly reads: readonly { readonly read: string; readonly latestRun: object | null }[];
  }[];
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

it('catches a lock storm between two polls, with the one at its root', async () => {
  const server = await startPostgres();
  cleanups.push(() => server.stop());
  const shop = await openShop(server);
  const folder = await makeAgentFolder({
    connections: [
      {
        id: 'orders-db',
        connector: 'postgresql',
        config: { dsn: { env: 'E2E_DSN' } },
        reads: { blocking_tree: { interval: '1h' }, transactions: { interval: '1h' } },
      },
    ],
    env: { E2E_DSN: shop.dsn },
  });
  const agent = startAgentProcess(folder);
  cleanups.push(folder.remove, () => agent.end('SIGTERM'));
  const session = new ApiSession(await agent.url);
  const tree = async () => (await session.items()).filter((item) => item.stream === 'blocking_tree');
  const ranOnce = async () => {
    const { items } = await session.get<Runs>('/v1/connections');
    return items[0]?.reads.find(({ read }) => read === 'blocking_tree')?.latestRun !== null;
  };
  expect(await eventually(ranOnce)).toBe(true);
  expect(await tree()).toEqual([]);

  const [root, waiter] = await Promise.all([
    server.connect(shop.database, shop.appRole),
    server.connect(shop.database, shop.appRole),
  ]);
  const { rows } = await root.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  await root.query('BEGIN; LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE');
  const waiting = waiter.query('SELECT count(*) FROM invoices');
  await sleep(STORM_MS);
  await root.query('ROLLBACK');
  await waiting;

  expect(await eventually(async () => (await tree()).length >= 1)).toBe(true);
  const roots = (await tree()).map(({ body }) => body['root_pid']);
  expect(new Set(roots)).toEqual(new Set([rows[0]?.pid]));
  const pulses = (await session.items()).filter((item) => item.stream === 'pulse');
  expect(pulses.map((item) => item.class)).toContain('symptom');
});
