import { describe, expect, it } from 'vitest';
import type { AdmittedView, ViewDefinition } from '../../connectors/sdk/index.ts';
import { viewGuard } from './views.ts';

const guard = viewGuard();

function view(overrides: Partial<AdmittedView> = {}): AdmittedView {
  return {
    view: 'rca_evidence.queues',
    schema: 'rca_evidence',
    name: 'queues',
    columns: [
      { name: 'queue', as: 'value', isKept: true },
      { name: 'depth', as: 'value', isKept: true },
    ],
    ignored: [],
    maxRows: 20,
    from: ['shop.jobs', 'shop.runs'],
    review: 'sha256:1',
    ...overrides,
  };
}

describe('statements', () => {
  it('list the columns of the policy and stop one row after the last', async () => {
    const { text, digest } = await guard.statement(view());
    expect(text).toBe(
      '-- exhibit:views\nSELECT v."queue" AS "queue",\n       v."depth" AS "depth"\nFROM "rca_evidence"."queues" AS v\nLIMIT 21\n',
    );
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('blank rows about too few before they leave the server', async () => {
    const { text } = await guard.statement(view({ groupSize: { column: 'people', atLeast: 5 } }));
    expect(text).toContain('CASE WHEN v."people" >= 5 THEN v."queue" END AS "queue"');
    expect(text).toContain('coalesce(v."people" >= 5, false) AS "KEPT"');
  });

  it('quote what is a keyword', async () => {
    const { text } = await guard.statement(
      view({ columns: [{ name: 'select', as: 'text', isKept: false }] }),
    );
    expect(text).toContain('v."select" AS "select"');
  });

  it.each([
    { name: 'q" FROM pg_authid --' },
    { schema: 'rca_evidence"."x' },
    { columns: [{ name: 'a", pg_sleep(9) AS "b', as: 'text', isKept: false } as const] },
    { groupSize: { column: 'n" IS NULL OR "n', atLeast: 2 } },
  ])('are not made of names that are none: %j', async (overrides) => {
    await expect(guard.statement(view(overrides))).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('must be of the view that they are for', async () => {
    await expect(guard.statement(view({ view: 'rca_evidence.others' }))).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });
});

const TABLES = [
  { schema: 'shop', name: 'jobs', columns: ['id', 'queue', 'state', 'run'] },
  { schema: 'shop', name: 'runs', columns: ['id', 'ms', 'jobs'] },
];

function judge(text: string, overrides: Partial<ViewDefinition> = {}, of = view()) {
  return guard.definition(of, { text, tables: TABLES, enums: ['shop.state'], ...overrides });
}

const JOINED = 'FROM shop.jobs j JOIN shop.runs r ON r.id = j.run';

describe('definitions', () => {
  it.each([
    ` SELECT j.queue, count(*) AS depth, max(r.ms) AS slowest ${JOINED} GROUP BY j.queue;`,
    ` SELECT j.queue, (r.ms)::numeric(10,2) AS depth ${JOINED} WHERE j.state = 'open'::shop.state;`,
    ` SELECT j.queue, rank() OVER (PARTITION BY j.queue ORDER BY r.ms) AS depth ${JOINED} WHERE j.id > 5;`,
    ` WITH r AS (SELECT r_1.ms FROM shop.runs r_1) SELECT j.queue, r.ms AS depth FROM shop.jobs j, r;`,
    // A column that is called like its table's alias: the server's columns are known, so it can mean nothing else.
    ' SELECT queue, r.ms AS depth FROM shop.jobs queue JOIN shop.runs r ON r.id = queue.run;',
  ])('may say:%s', async (text) => {
    expect(await judge(text)).toMatchObject({
      isAllowed: true,
      reason: null,
      relations: ['shop.jobs', 'shop.runs'],
    });
  });

  it.each([
    [`SELECT j.queue, pg_read_file('x') AS depth ${JOINED}`, 'pg_read_file'],
    [`SELECT j.queue, clock_timestamp() AS depth ${JOINED}`, 'clock_timestamp'],
    [`SELECT j.queue, shop.f(r.ms) AS depth ${JOINED}`, 'shop.f'],
    [`SELECT j.queue, current_setting('app.secret') AS depth ${JOINED}`, 'settings'],
    [`SELECT j.queue, s.secret AS depth ${JOINED}, shop.secrets s`, 'shop.secrets'],
    [`SELECT j.queue, a.query AS depth ${JOINED}, pg_stat_activity a`, 'pg_stat_activity'],
    [`SELECT j.queue, j.* AS depth ${JOINED}`, 'star'],
    [`SELECT j.queue, j.state::shop.other AS depth ${JOINED}`, 'type'],
    [`SELECT j.queue, j.nothing AS depth ${JOINED}`, 'nothing'],
    [`SELECT j.queue, r.ms AS depth ${JOINED} FOR UPDATE OF j`, 'lock'],
    [`SELECT j.queue, (r.ms OPERATOR(shop.+) 1) AS depth ${JOINED}`, 'operator'],
    [`VALUES (1, 2)`, 'VALUES'],
    [`SELECT j.queue, 1 AS depth ${JOINED}; SELECT 1`, 'more than one'],
    ['SELECT j.queue, 1 AS depth FROM shop.jobs j', 'do not name the same tables'],
  ])('may not say: %s', async (text, reason) => {
    expect(await judge(text)).toMatchObject({ isAllowed: false, reason: expect.stringContaining(reason) });
  });

  it('may read catalogs that the policy names, and of them what a template may', async () => {
    const of = view({ from: ['pg_catalog.pg_stat_activity'] });
    const alone = { tables: [], enums: [] };
    expect(
      await judge('SELECT a.state AS queue, a.pid AS depth FROM pg_stat_activity a', alone, of),
    ).toMatchObject({
      isAllowed: true,
      relations: ['pg_catalog.pg_stat_activity'],
    });
    expect(await judge('SELECT a.query AS queue FROM pg_stat_activity a', alone, of)).toMatchObject({
      isAllowed: false,
    });
  });

  it('have a digest that anybody can make', async () => {
    const { digest } = await judge('x');
    expect(digest).toBe('sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
  });
});
