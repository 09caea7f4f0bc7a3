import { describe, expect, it } from 'vitest';
import { fakeClock, recordingLogger } from '../connectors/sdk/testing/index.ts';
import type { Head } from '../evidence/chain.ts';
import type { Item } from '../evidence/item.ts';
import type { SealedBundle } from '../evidence/ledger.ts';
import type { Incident, Store } from '../evidence/store/store.ts';
import { EMPTY_HEAD } from '../evidence/testing/samples.ts';
import { inScope } from './incident-scope.ts';
import { IncidentService } from './incidents.ts';
import { Readiness } from './runner/readiness.ts';
import type { RunNow, ScheduledRead } from './scheduler/job.ts';

const OPTIONS = { cadence: 4, burstMs: 600_000, firstReadsMs: 20_000 };
const WINDOW = { from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:10:00.000Z' };

const STREAMS: readonly ScheduledRead[] = ['pods', 'nodes'].map((read) => ({
  connection: 'prod',
  connector: 'kubernetes',
  read,
  mode: 'streaming',
  intervalMs: 1_000,
}));

/** The service over a store that remembers, and a scheduler whose reads end when told. */
function bench(streams: readonly ScheduledRead[] = [], stored: readonly Incident[] = []) {
  const readiness = new Readiness(streams);
  const late: string[] = [];
  const clock = fakeClock({ sleep: 'manual', at: '2026-11-21T00:30:00.000Z' });
  const incidents = new Map(stored.map((incident) => [incident.id, incident]));
  const queries: { from?: string; to?: string }[] = [];
  const cadences: number[] = [];
  const asked: RunNow[] = [];
  const open: number[] = [];
  let finishReads: () => void = () => undefined;
  const reads = new Promise<readonly []>((resolve) => {
    finishReads = () => resolve([]);
  });
  const store = {
    createIncident: async (incident: Incident) => void incidents.set(incident.id, incident),
    updateIncident: async (incident: Incident) => void incidents.set(incident.id, incident),
    incident: async (id: string) => incidents.get(id) ?? null,
    incidents: async () => ({ items: [...incidents.values()], next: null }),
    fates: async () => [],
    query: async ({ from, to }: { from?: string; to?: string }) => {
      queries.push({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
      return { items: [], next: null };
    },
  } as unknown as Store;
  const ledger = {
    saveBundle: (make: (head: Head) => Promise<SealedBundle>) =>
      make(EMPTY_HEAD).then(({ finish }) => finish()),
  };
  const sealing = { bundle: () => Promise.reject(new Error('sealed')) };
  const service = new IncidentService(OPTIONS, {
    store,
    ledger: ledger as never,
    sealing: sealing as never,
    saltKey: new Uint8Array(32),
    material: () => ({}),
    scheduler: {
      runNow: (request) => {
        asked.push(request);
        return reads;
      },
      setCadence: (divisor) => void cadences.push(divisor),
    },
    readiness,
    reportLate: (read) => Promise.resolve(void late.push(read.read)),
    clock,
    logger: recordingLogger(),
    onOpenCount: (count) => void open.push(count),
  });
  return { service, clock, incidents, queries, cadences, asked, open, finishReads, readiness, late };
}

const request = (scope: Incident['scope'] = {}) => ({
  title: 'slow checkout',
  window: WINDOW,
  scope,
  trigger: 'api' as const,
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('opening an incident', () => {
  it('stores it, reads everything until now, and raises the cadence', async () => {
    const { service, incidents, asked, cadences } = bench();
    const incident = await service.open(request());
    expect(incidents.get(incident.id)).toEqual(incident);
    expect(incident).toMatchObject({ status: 'open', openedAt: '2026-11-21T00:30:00.000Z', closedAt: null });
    expect(asked).toEqual([
      { trigger: 'incident', window: { from: WINDOW.from, to: '2026-11-21T00:30:00.000Z' } },
    ]);
    expect(cadences.at(-1)).toBe(4);
  });

  it('reads only the connections of its scope', async () => {
    const { service, asked } = bench();
    await service.open(request({ connection: ['orders-db', 'prod'], namespace: ['shop'] }));
    expect(asked.map(({ connection }) => connection)).toEqual(['orders-db', 'prod']);
  });

  it('lowers the cadence again when its burst is over, or when it is closed', async () => {
    const { service, clock, cadences, open } = bench();
    const first = await service.open(request());
    clock.advance(300_000);
    const second = await service.open(request());
    await service.close(second.id);
    expect(cadences.at(-1)).toBe(4);
    clock.advance(300_000);
    await turn();
    expect(cadences.at(-1)).toBe(1);
    expect(open.at(-1)).toBe(0);
    expect((await service.close(first.id)).status).toBe('closed');
    service.stop();
  });

  it('takes up incidents that were open before a restart, while their burst lasts', async () => {
    const old = {
      id: 'a',
      title: 't',
      window: WINDOW,
      scope: {},
      trigger: 'api',
      status: 'open',
      closedAt: null,
    } as const;
    const { service, cadences } = bench([], [{ ...old, openedAt: '2026-11-21T00:15:00.000Z' }]);
    await service.start();
    expect(cadences.at(-1)).toBe(1);
    const other = bench([], [{ ...old, openedAt: '2026-11-21T00:25:00.000Z' }]);
    await other.service.start();
    expect(other.cadences.at(-1)).toBe(4);
    other.service.stop();
  });
});

describe('bundling', () => {
  it('waits for the first reads', async () => {
    const { service, finishReads, queries } = bench();
    const { id } = await service.open(request());
    const bundle = service.bundle(id).catch((error: unknown) => error);
    await turn();
    expect(queries).toEqual([]);
    finishReads();
    await bundle;
    expect(queries).toHaveLength(2);
  });

  it('waits for the streams to catch up, and says which have not', async () => {
    const { service, clock, finishReads, readiness, late, queries } = bench(STREAMS);
    const { id } = await service.open(request());
    finishReads();
    readiness.ready({ connection: 'prod', read: 'pods' });
    const early = service.bundle(id).catch((error: unknown) => error);
    await turn();
    expect(queries).toEqual([]);
    clock.advance(20_000);
    await early;
    expect(late).toEqual(['nodes']);
    expect(service.isEarly(id)).toBe(true);

    readiness.ready({ connection: 'prod', read: 'nodes' });
    await service.bundle(id).catch((error: unknown) => error);
    expect(late).toEqual(['nodes']);
    expect(service.isEarly(id)).toBe(false);
  });

  it('waits no longer than it may', async () => {
    const { service, clock, queries } = bench();
    const { id } = await service.open(request());
    const bundle = service.bundle(id).catch((error: unknown) => error);
    await turn();
    clock.advance(19_999);
    await turn();
    expect(queries).toEqual([]);
    clock.advance(1);
    await bundle;
    expect(queries).toHaveLength(2);
  });

  it('takes the window, and what was read for the incident, and nothing in between', async () => {
    const { service, clock, queries, finishReads } = bench();
    const { id } = await service.open(request());
    finishReads();
    clock.advance(5_000);
    await service.bundle(id).catch(() => undefined);
    expect(queries).toEqual([
      { from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:10:00.001Z' },
      { from: '2026-11-21T00:30:00.000Z', to: '2026-11-21T00:31:05.001Z' },
    ]);
  });

  it('takes one span when the window reaches to its opening, and none past its burst', async () => {
    const { service, clock, queries, finishReads } = bench();
    const { id } = await service.open({
      ...request(),
      window: { ...WINDOW, to: '2026-11-21T00:30:00.000Z' },
    });
    finishReads();
    clock.advance(3_600_000);
    await service.bundle(id).catch(() => undefined);
    expect(queries).toEqual([{ from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:40:00.001Z' }]);
  });

  it('knows no incident that is not there', async () => {
    const { service } = bench();
    for (const call of [service.get('x'), service.close('x'), service.bundle('x')]) {
      await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});

describe('inScope', () => {
  const item = (entity: string, more: Partial<Item> = {}) =>
    ({ class: 'change', connection: 'prod', entity, related: [], ...more }) as unknown as Item;

  it.each([
    ['kubernetes://prod/shop/Deployment/checkout', { namespace: ['shop'] }, true],
    ['kubernetes://prod/billing/Deployment/invoice', { namespace: ['shop'] }, false],
    ['kubernetes://prod/_cluster/Node/n1', { namespace: ['shop'] }, true],
    ['postgresql://orders-db/orders/public/cart', { namespace: ['shop'] }, true],
    ['postgresql://orders-db/audit', { database: ['orders'] }, false],
    ['postgresql://orders-db', { database: ['orders'] }, true],
    ['github://acme/shop/commit/4f2c', { repository: ['acme/shop'] }, true],
    ['github://acme/site/commit/4f2c', { repository: ['acme/shop'] }, false],
    ['kubernetes://prod/shop/Deployment/checkout', { connection: ['orders-db'] }, false],
    ['kubernetes://prod/shop/Deployment/checkout', {}, true],
  ])('%s in %j: %s', (entity, scope, expected) => {
    expect(inScope(item(entity), scope as Incident['scope'])).toBe(expected);
  });

  it('keeps gaps, and items that name something in scope as related', () => {
    const elsewhere = 'kubernetes://prod/billing/Deployment/invoice';
    expect(inScope(item(elsewhere, { class: 'gap' }), { namespace: ['shop'] })).toBe(true);
    expect(
      inScope(item(elsewhere, { related: ['kubernetes://prod/shop/Service/cart'] }), { namespace: ['shop'] }),
    ).toBe(true);
  });
});
