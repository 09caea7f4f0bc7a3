import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../agent/app.ts';
import { discover } from '../../agent/registry/discover.ts';
import { bundleItems } from '../../evidence/bundle.ts';
import type { Item } from '../../evidence/item.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import { type OpenAgent, openAgent } from '../e2e/in-process.ts';
import { findLeaks, storedPlaces, tablePlaces } from '../e2e/leaks.ts';
import { type AgentFolder, makeAgentFolder, runExhibit } from '../e2e/support.ts';
import { openShop, type Shop } from '../helpers/pg-incident.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres.ts';

/** Whatever the source does not answer, the agent goes on in time, says what is missing, and joins no queue. */

const PREPARED = 'canary-gid-5Vb7';
const HUNG_PASSWORD = 'hung-password-r8Yd3';

let postgres: PostgresServer;
let shop: Shop;
let hung: HungServer;
let holder: pg.Client;
beforeAll(async () => {
  postgres = await startPostgres({ settings: { max_prepared_transactions: '5' } });
  shop = await openShop(postgres);
  hung = await hungServer();
  await holdInPreparedTransaction();
  holder = await postgres.superuser(shop.database);
  await holder.query('BEGIN; LOCK TABLE customers, payments IN ACCESS EXCLUSIVE MODE');
});
afterAll(async () => {
  await hung?.close();
  await postgres?.stop();
});

describe('tables under ACCESS EXCLUSIVE, one of them by a prepared transaction', () => {
  let folder: AgentFolder;
  let open: OpenAgent;
  beforeAll(async () => {
    folder = await folderOf({ 'orders-db': shop.dsn });
    open = await openAgent(folder);
  });
  afterAll(async () => {
    await open?.[Symbol.asyncDispose]();
    await folder?.remove();
  });

  it('are reported like everything else, without one read that fails', async () => {
    const { runs, items } = await pass(open.agent);
    expect(runs.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(namedGaps(runs, items)).toEqual([]);
    const locked = items
      .filter(({ stream }) => stream === 'locked_relations')
      .map(({ body }) => body['relation']);
    expect(locked).toEqual(expect.arrayContaining(['customers', 'payments', 'invoices']));
    expect(items.filter(({ stream }) => stream === 'prepared_transactions')).not.toEqual([]);
  });

  it('and when a catalog is locked, too, each read that misses something says so, and the rest goes on', async () => {
    await holder.query('LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE');
    const { runs, items, seconds } = await pass(open.agent);
    expect(namedGaps(runs, items)).toEqual([]);
    const missed = runs.filter(({ gaps }) => gaps > 0).map(({ read }) => read);
    expect(missed).toEqual(expect.arrayContaining(['locked_relations', 'schema', 'tables']));
    expect(runs.filter(({ gaps }) => gaps === 0).map(({ read }) => read)).toEqual(
      expect.arrayContaining(['connections', 'blocking_tree', 'lock_inventory', 'wal', 'settings']),
    );
    expect(seconds).toBeLessThan(await longestPassSeconds());
    expect(await waiting()).toBe(0);
  });

  it('and nothing of the transaction but its being there is kept', async () => {
    await open.agent.stop();
    const places = new Map([...(await storedPlaces(folder.dataDir)), ...tablePlaces(folder.dataDir)]);
    expect(findLeaks([PREPARED, 'canary', postgres.password], places)).toEqual([]);
    expect(open.logged()).not.toContain(PREPARED);
  });
});

describe('exhibit collect, when nothing answers', () => {
  it('ends within its deadlines, with a signed gap for each read of each connection', async () => {
    // The catalog is still locked: whoever logs in now waits for it.
    const folder = await folderOf({ 'orders-db': shop.dsn, hung: hung.dsn });
    const file = join(folder.directory, 'bundle.json');
    const startedAt = performance.now();
    const finished = await runExhibit(
      ['collect', '-c', folder.config, '--bundle', file, '--json'],
      folder.env,
    );
    const seconds = (performance.now() - startedAt) / 1_000;

    expect(finished.code).toBe(1);
    expect(seconds).toBeLessThan(2 * (await longestPassSeconds()));
    const bytes = await readFile(file);
    expect(await verifyBundle(bytes, { publicKeyPem: [folder.publicKeyPem] })).toMatchObject({ good: true });
    const items = bundleItems(bytes);
    const { runs: all } = JSON.parse(finished.stdout) as { runs: RunLine[] };
    const runs = all.filter(({ status, read }) => status !== 'refused' && read !== 'views');
    expect(new Set(runs.map(({ connection }) => connection))).toEqual(new Set(['orders-db', 'hung']));
    expect(runs.filter(({ gaps }) => gaps === 0)).toEqual([]);
    expect(namedGaps(runs, items)).toEqual([]);
    const said = new Map([
      ['output', finished.stdout + finished.stderr],
      ['bundle', bytes.toString('utf8')],
    ]);
    expect(findLeaks([HUNG_PASSWORD, postgres.password, PREPARED, 'canary'], said)).toEqual([]);
    // A login takes its locks before any lock_timeout can be set for it: one may hang, and is not tried again.
    expect(await waiting()).toBeLessThanOrEqual(1);
    await folder.remove();
  });

  it('has tried the server that hangs once, not once for each read', () => {
    expect(hung.connections()).toBe(1);
  });
});

interface RunLine {
  readonly connection: string;
  readonly read: string;
  readonly run: string;
  readonly status: string;
  readonly gaps: number;
}

async function pass(
  agent: Agent,
): Promise<{ runs: readonly RunLine[]; items: readonly Item[]; seconds: number }> {
  const startedAt = performance.now();
  const finished = await agent.scheduler.runNow({ trigger: 'once' });
  const seconds = (performance.now() - startedAt) / 1_000;
  const runs = finished.map(({ job, outcome }) => {
    const { connection, read } = job.request;
    return { connection, read, run: job.id, status: outcome.status, gaps: outcome.gaps };
  });
  // What needs a flag is refused before anything is asked.
  const asked = runs.filter(({ status }) => status !== 'refused');
  expect(runs.length - asked.length).toBe(await flaggedReads());
  const page = await agent.store.query({ limit: 1_000 });
  return { runs: asked, items: page.items.map(({ canonical }) => JSON.parse(canonical) as Item), seconds };
}

async function flaggedReads(): Promise<number> {
  const { definitions } = await discover();
  const { manifest } = definitions.find(({ id }) => id === 'postgresql') ?? {};
  return manifest?.reads.filter(({ capability }) => capability !== undefined).length ?? 0;
}

/** Runs that missed something and left no gap that says what, why, and what to do: there should be none. */
function namedGaps(runs: readonly RunLine[], items: readonly Item[]): readonly RunLine[] {
  const named = new Set(items.filter(isNamed).map((item) => `${item.connection}/${item.provenance.read}`));
  const missing = runs.filter(({ status, gaps }) => gaps > 0 || (status !== 'ok' && status !== 'partial'));
  return missing.filter(({ connection, read }) => !named.has(`${connection}/${read}`));
}

function isNamed({ class: of, body }: Item): boolean {
  const says = (key: string) => typeof body[key] === 'string' && body[key] !== '';
  return of === 'gap' && says('code') && says('missing') && says('reason') && says('hint');
}

/** What the manifest lets all reads of one connection take, one after the other. */
async function longestPassSeconds(): Promise<number> {
  const { definitions } = await discover();
  const reads = definitions.find(({ id }) => id === 'postgresql')?.manifest.reads ?? [];
  return reads.reduce((sum, { budget }) => sum + budget.duration, 0) / 1_000;
}

/** Server processes that wait for a lock, whoever they belong to; asked by the one who holds the catalog. */
async function waiting(): Promise<number> {
  const { rows } = await holder.query<{ waiting: number }>(
    'SELECT count(DISTINCT pid)::int AS waiting FROM pg_locks WHERE NOT granted',
  );
  return rows[0]?.waiting ?? -1;
}

async function holdInPreparedTransaction(): Promise<void> {
  const session = await postgres.superuser(shop.database);
  await session.query('BEGIN; LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE');
  await session.query(`PREPARE TRANSACTION '${PREPARED}'`);
  await session.end();
}

async function folderOf(dsns: Readonly<Record<string, string>>): Promise<AgentFolder> {
  const named = Object.entries(dsns).map(([id, dsn], index) => ({ id, dsn, variable: `E2E_DSN_${index}` }));
  return makeAgentFolder({
    connections: named.map(({ id, variable }) => ({
      id,
      connector: 'postgresql',
      config: { dsn: { env: variable }, connectTimeout: '2s' },
    })),
    env: Object.fromEntries(named.map(({ variable, dsn }) => [variable, dsn])),
  });
}

interface HungServer {
  readonly dsn: string;
  connections(): number;
  close(): Promise<void>;
}

/** Accepts connections, reads what comes, and says nothing. */
async function hungServer(): Promise<HungServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    dsn: `postgresql://exhibit:${HUNG_PASSWORD}@127.0.0.1:${port}/orders`,
    connections: () => sockets.length,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
