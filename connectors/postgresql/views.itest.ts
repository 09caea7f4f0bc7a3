import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { admit, GOOD_STANDING, isDenied } from '../../policies/admit.ts';
import { isWithheld, makeGate } from '../../policies/clear.ts';
import type { Cleared } from '../../policies/cleared.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { viewGuard } from '../../policies/guards/views.ts';
import { makeKeyed } from '../../policies/keyed.ts';
import { epochOf } from '../../policies/keyring.ts';
import { loadPolicies } from '../../policies/load.ts';
import { layer } from '../../policies/testing/layers.ts';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import { type Connector, type JsonValue, Secret } from '../sdk/index.ts';
import { fakeDeps, loadManifest, loadReads, recordingRun } from '../sdk/testing/index.ts';
import { connector } from './index.ts';

const MANIFEST = loadManifest(import.meta.dirname);
const READS = loadReads(import.meta.dirname);
const NOW = '2026-11-21T08:00:00.000Z';
const DATABASE = 'orders';

const STAGE = `
CREATE SCHEMA shop;
CREATE SCHEMA rca_evidence;
CREATE TYPE shop.state AS ENUM ('open', 'paid', 'lost');
CREATE TABLE shop.orders (id int PRIMARY KEY, region text, state shop.state, amount numeric, buyer text, at timestamptz);
CREATE INDEX orders_region ON shop.orders (region);
CREATE TABLE shop.secrets (id int, secret text);
CREATE TABLE shop.counted (calls int);
INSERT INTO shop.orders SELECT g, CASE WHEN g <= 20 THEN 'north' WHEN g <= 37 THEN 'south' ELSE 'tiny' END,
  (ARRAY['open','paid']::shop.state[])[1 + g % 2], g * 1.5, 'buyer-' || g || '@canary.example', '2026-11-20 10:00:00+00'
  FROM generate_series(1, 39) g;
INSERT INTO shop.secrets VALUES (1, 'CANARY-SECRET');
INSERT INTO shop.counted VALUES (0);
CREATE FUNCTION shop.tick() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE FUNCTION shop.mood(shop.state) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'CANARY-CAST' $$;
CREATE VIEW rca_evidence.regions WITH (security_barrier) AS
  SELECT o.region, count(*)::int AS orders, sum(o.amount) AS amount, max(o.at) AS latest, min(o.buyer) AS buyer,
         count(*) FILTER (WHERE o.state = 'open') AS open_orders
  FROM shop.orders o GROUP BY o.region ORDER BY o.region;
CREATE VIEW rca_evidence.rows AS SELECT o.id, o.amount, o.buyer, o.region FROM shop.orders o WHERE o.state IN ('open', 'paid');
CREATE VIEW rca_evidence.unlisted AS SELECT s.secret FROM shop.secrets s;
CREATE VIEW rca_evidence.undeclared AS SELECT s.secret FROM shop.secrets s;
CREATE VIEW rca_evidence.ticking AS SELECT o.id, shop.tick() AS t FROM shop.orders o;
CREATE VIEW rca_evidence.reading AS SELECT o.id, pg_read_file('PG_VERSION') AS t FROM shop.orders o;
CREATE VIEW rca_evidence.dumping AS SELECT o.id, (table_to_xml('shop.secrets'::regclass, true, true, ''))::text AS t FROM shop.orders o;
CREATE VIEW rca_evidence.sleeping AS SELECT o.id, clock_timestamp() AS t FROM shop.orders o;
CREATE VIEW rca_evidence.nested AS SELECT r.region FROM rca_evidence.regions r;
CREATE VIEW rca_evidence.statistics AS SELECT s.most_common_vals::text AS t, o.id FROM pg_stats s, shop.orders o;
CREATE CAST (shop.state AS text) WITH FUNCTION shop.mood(shop.state);
CREATE VIEW rca_evidence.casting AS SELECT o.id, o.state::text AS t FROM shop.orders o;
CREATE VIEW rca_evidence.crossing AS SELECT count(*) AS id FROM shop.orders a, shop.orders b, shop.orders c, shop.orders d, shop.orders e;
CREATE TABLE shop.guarded (id int); ALTER TABLE shop.guarded ENABLE ROW LEVEL SECURITY; ALTER TABLE shop.guarded FORCE ROW LEVEL SECURITY;
CREATE VIEW rca_evidence.guarded AS SELECT g.id FROM shop.guarded g;
CREATE TABLE rca_evidence.notes (note text);
INSERT INTO rca_evidence.notes VALUES ('CANARY-NOTE');
CREATE MATERIALIZED VIEW rca_evidence.frozen AS SELECT 'CANARY-FROZEN'::text AS x;
CREATE FUNCTION rca_evidence.leak() RETURNS text LANGUAGE sql AS $$ SELECT 'CANARY-FUNCTION' $$;
GRANT USAGE ON SCHEMA rca_evidence TO exhibit;
GRANT SELECT ON ALL TABLES IN SCHEMA rca_evidence TO exhibit;
ANALYZE;
`;

const VIEWS = `
  - view: rca_evidence.regions
    description: Orders by region.
    columns: { region: keep, orders: keep, amount: generalize, latest: keep, buyer: pseudonymize, open_orders: drop }
    groupSize: { column: orders, atLeast: 5 }
    from: [shop.orders]
  - view: rca_evidence.rows
    description: Single orders.
    columns: { id: keep, buyer: digest }
    maxRows: 7
    from: [shop.orders]
`;

const one = (view: string, columns: string, from = 'shop.orders'): string => `
  - { view: rca_evidence.${view}, description: x, columns: { ${columns} }, from: [${from}] }
`;

let server: PostgresServer;
let admin: pg.Client;
const open: Connector[] = [];

beforeAll(async () => {
  server = await startPostgres();
  const root = await server.superuser();
  await root.query(`CREATE DATABASE ${DATABASE}`);
  await root.end();
  await server.addRole('exhibit', 'IN ROLE pg_read_all_stats');
  admin = await server.superuser(DATABASE);
  await admin.query(STAGE);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((source) => source.close()));
});

afterAll(async () => {
  await admin.end();
  await server.stop();
});

const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
};
const keyed = makeKeyed(epochOf(Buffer.alloc(32, 7), NOW), 'acme', JSON.stringify);

function connect(): Connector {
  const config = connector.config.parse({ dsn: new Secret(server.dsn(DATABASE, 'exhibit')) });
  const deps = fakeDeps({ connection: 'orders-db', reads: READS, clock, views: viewGuard() });
  const source = connector.create(config, deps);
  open.push(source);
  return source;
}

interface Seen {
  readonly items: readonly Cleared[];
  readonly completeness: string;
  of(stream: string): readonly Cleared['body'][];
  codes(): readonly string[];
}

/** One run as the agent makes it: both gates around the connector. */
async function see(views: string, state = new Map<string, JsonValue>(), source = connect()): Promise<Seen> {
  const layers = [...(await loadPolicies(['standard'])), layer('acme', `views:${views}`)];
  const { policy, problems } = compilePolicy([MANIFEST], layers, { now: NOW });
  expect(problems).toEqual([]);
  const window = { from: NOW, to: NOW };
  const names = { connection: 'orders-db', connector: 'postgresql', read: 'views' };
  const read = admit(
    { ...names, mode: 'full', window, trigger: 'once' },
    { policy, proven: new Map([['postgresql/views', 'sha256:x']]), standing: GOOD_STANDING, now: NOW },
  );
  if (isDenied(read)) throw new Error(read.reason);
  const run = recordingRun({ state, clock, budget: read.budget });
  const { completeness } = await source.read(run, read, new AbortController().signal);
  const gate = makeGate({ policy, keyed });
  const cleared = run.records.map((record) => gate.clear(record, read, NOW));
  const items = cleared.filter((record) => !isWithheld(record)) as readonly Cleared[];
  expect(items).toHaveLength(cleared.length);
  return {
    items,
    completeness: completeness.state,
    of: (stream) => items.filter((item) => item.stream === stream).map(({ body }) => body),
    codes: () =>
      items.flatMap(({ body }) =>
        body['code'] === undefined ? [] : [`${String(body['code'])} ${String(body['missing'])}`],
      ),
  };
}

describe('views that the policy names', () => {
  it('are read with treated columns, without small groups, and with what their columns look like', async () => {
    const seen = await see(VIEWS);
    const [regions, rows] = seen.of('view_rows');
    expect(regions).toMatchObject({
      view: 'rca_evidence.regions',
      rows: [
        {
          region: 'north',
          orders: 20,
          amount: 200,
          latest: '2026-11-20T10:00:00.000Z',
          buyer: expect.stringMatching(/^pseudonym:/),
        },
        { region: 'south', orders: 17, amount: 500 },
      ],
    });
    expect(rows).toMatchObject({
      rows: Array.from({ length: 7 }, () => ({ buyer: expect.stringMatching(/^hmac-sha256:/) })),
    });
    const [about, aboutRows] = seen.of('views');
    expect(about).toMatchObject({
      state: 'read',
      rows: 2,
      suppressed: 1,
      truncated: false,
      least_group: 5,
      security_barrier: true,
      tables: ['shop.orders'],
      owner: expect.stringMatching(/^pseudonym:/),
      columns: [
        { name: 'region', type: 'text', null_share: 0, distinct: 2 },
        { name: 'orders', type: 'integer', smallest: 17, largest: 20 },
        { name: 'amount', type: 'numeric', distinct: 2 },
        { name: 'latest', earliest: '2026-11-20T10:00:00.000Z', latest: '2026-11-20T10:00:00.000Z' },
        { name: 'buyer', type: 'text', distinct: 2 },
      ],
    });
    expect(aboutRows).toMatchObject({ rows: 7, truncated: true, max_rows: 7 });
    const text = JSON.stringify(seen.items);
    expect(text).not.toMatch(/canary|tiny/i);
    expect(JSON.stringify(about)).not.toMatch(/"smallest":283|open_orders/);
    expect(seen.completeness).toBe('complete');
  });

  it('leave everything else in their schema unread, and say so by name', async () => {
    const { codes } = await see(VIEWS);
    expect(codes()).toEqual(
      [
        'casting',
        'crossing',
        'dumping',
        'frozen',
        'guarded',
        'leak',
        'nested',
        'notes',
        'reading',
        'rows.amount',
        'rows.region',
        'sleeping',
        'statistics',
        'ticking',
        'undeclared',
        'unlisted',
      ].map((name) => `NOT_ALLOWLISTED rca_evidence.${name}`),
    );
  });

  it('are nothing at all where the policy names none', async () => {
    const seen = await see(' []');
    expect(seen.items).toEqual([]);
  });
});

describe('definitions', () => {
  it.each([
    ['undeclared', 'secret: keep', 'shop.orders', 'a table that the policy does not name'],
    ['ticking', 'id: keep', 'shop.orders', 'did not come with the server'],
    ['reading', 'id: keep', 'shop.orders', 'on no list: pg_read_file'],
    ['dumping', 'id: keep', 'shop.orders', 'a table that the policy does not name'],
    ['sleeping', 'id: keep', 'shop.orders', 'changes from call to call: clock_timestamp'],
    ['nested', 'region: keep', 'rca_evidence.regions', 'something else than tables'],
    ['statistics', 'id: keep', 'shop.orders, pg_catalog.pg_stats', 'user data'],
    ['casting', 'id: keep', 'shop.orders', 'did not come with the server'],
    ['guarded', 'id: keep', 'shop.guarded', 'row security'],
    ['regions', 'region: keep', '', 'does not say which tables'],
  ])('%s is refused', async (view, columns, from, reason) => {
    const seen = await see(one(view, columns, from));
    expect(seen.codes()).toContain(`VIEW_REFUSED rca_evidence.${view}`);
    const refusal = seen.items.find(({ body }) => body['code'] === 'VIEW_REFUSED');
    expect(refusal).toMatchObject({ class: 'refusal', body: { reason: expect.stringContaining(reason) } });
    expect(seen.of('view_rows')).toEqual([]);
    expect(seen.of('views')).toMatchObject([{ state: 'refused' }]);
    expect(JSON.stringify(seen.items)).not.toContain('CANARY');
  });

  it.each(['frozen', 'notes'])('%s is no view, and is refused whatever the policy says', async (name) => {
    const seen = await see(one(name, 'x: keep'));
    expect(seen.codes()).toContain(`VIEW_REFUSED rca_evidence.${name}`);
  });

  it('that would cost too much are a gap', async () => {
    await admin.query('UPDATE pg_class SET reltuples = 1e6, relpages = 20000 WHERE oid = $1::regclass', [
      'shop.orders',
    ]);
    const seen = await see(one('crossing', 'id: keep'));
    await admin.query('ANALYZE shop.orders');
    expect(seen.codes()).toContain('BUDGET rca_evidence.crossing');
    expect(seen.of('view_rows')).toEqual([]);
  });

  it('that change stop the view until the policy has been looked at again', async () => {
    const state = new Map<string, JsonValue>();
    const policy = one('changing', 'id: keep');
    await admin.query('CREATE VIEW rca_evidence.changing AS SELECT o.id FROM shop.orders o');
    await admin.query('GRANT SELECT ON rca_evidence.changing TO exhibit');
    expect((await see(policy, state)).of('view_rows')).toHaveLength(1);
    await admin.query(
      'CREATE OR REPLACE VIEW rca_evidence.changing AS SELECT -o.id AS id FROM shop.orders o',
    );
    const after = await see(policy, state);
    expect(after.codes()).toContain('VIEW_CHANGED rca_evidence.changing');
    expect(after.of('view_rows')).toEqual([]);
    expect(after.items.map((item) => item.class)).toContain('change');
    expect((await see(policy, state)).of('view_rows')).toEqual([]);
    expect(
      (await see(policy.replace('description: x', 'description: seen again'), state)).of('view_rows'),
    ).toHaveLength(1);
    const { rows } = await admin.query<{ pin: string }>(
      `SELECT 'sha256:' || encode(sha256(convert_to(pg_get_viewdef('rca_evidence.changing'::regclass), 'UTF8')), 'hex') AS pin`,
    );
    const pinned = (pin: string) => policy.replace('description: x', `description: y, definition: "${pin}"`);
    expect((await see(pinned(rows[0]?.pin ?? ''), state)).of('view_rows')).toHaveLength(1);
    expect((await see(pinned(`sha256:${'0'.repeat(64)}`))).codes()).toContain(
      'VIEW_CHANGED rca_evidence.changing',
    );
    await admin.query('DROP VIEW rca_evidence.changing');
  });
});

describe('locks', () => {
  const LOCKS: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a held lock on a table under the view',
      'shop.orders',
      ['LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE'],
    ],
    [
      'a lock on the view itself',
      'rca_evidence.regions',
      ['ALTER VIEW rca_evidence.regions SET (security_barrier)'],
    ],
    ['an index being rebuilt', 'shop.orders_region', ['REINDEX INDEX shop.orders_region']],
  ];

  it.each(LOCKS)('%s: skipped, named, and nobody waits', async (_, relation, statements) => {
    const source = connect();
    await see(VIEWS, new Map(), source);
    const holder = await server.superuser(DATABASE);
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await holder.query('BEGIN');
    for (const statement of statements) await holder.query(statement);
    const watch = watchWaits();
    const seen = await see(VIEWS, new Map(), source);
    const waits = await watch.end();
    await holder.query('ROLLBACK');
    await holder.end();
    expect(seen.of('views')[0]).toMatchObject({
      state: 'relation_locked',
      locked_relation: relation,
      lock_mode: 'AccessExclusiveLock',
      lock_pid: rows[0]?.pid,
    });
    expect(seen.codes()).toContain('TIMEOUT rca_evidence.regions');
    expect(waits).toBe(0);
    expect((await see(VIEWS, new Map(), source)).of('view_rows')).toHaveLength(2);
  });

  it('a lock that somebody waits for is enough', async () => {
    const [reader, writer] = [await server.superuser(DATABASE), await server.superuser(DATABASE)];
    await reader.query('BEGIN; LOCK TABLE shop.orders IN ACCESS SHARE MODE');
    const waiting = writer.query('BEGIN; LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE');
    await waitForQueue();
    const seen = await see(VIEWS);
    expect(seen.of('views')[0]).toMatchObject({ state: 'relation_locked', locked_relation: 'shop.orders' });
    await reader.query('ROLLBACK');
    await waiting;
    await writer.query('ROLLBACK');
    await Promise.all([reader.end(), writer.end()]);
  });

  async function waitForQueue(): Promise<void> {
    for (;;) {
      const { rows } = await admin.query('SELECT FROM pg_locks WHERE NOT granted');
      if (rows.length > 0) return;
      await sleep(10);
    }
  }

  /** A second session looks all the while for a wait of ours. */
  function watchWaits(): { end(): Promise<number> } {
    let waits = 0;
    let isOver = false;
    const looking = (async () => {
      while (!isOver) {
        const { rows } = await admin.query(
          `SELECT FROM pg_stat_activity WHERE application_name = 'exhibit' AND wait_event_type = 'Lock'`,
        );
        waits += rows.length;
        await sleep(1);
      }
    })();
    return {
      end: async () => {
        isOver = true;
        await looking;
        return waits;
      },
    };
  }
});
