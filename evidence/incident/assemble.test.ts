import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../canonical-json.ts';
import type { Incident } from '../store/store.ts';
import { at, fakeItem } from '../store/testing/store-fixtures.ts';
import { assembleBundle, parseItems } from './assemble.ts';
import { shortName } from './entity-name.ts';
import { headline } from './headlines.ts';
import { summarize } from './summary.ts';
import { INCIDENT, ITEMS, told, WINDOW } from './testing/incident-fixtures.ts';
import { buildTimeline } from './timeline.ts';

const OPENED: Incident = {
  id: 'inc-1',
  title: 'checkout is slow',
  window: WINDOW,
  scope: {},
  trigger: 'api',
  status: 'open',
  openedAt: at(3_600_001),
  closedAt: null,
};

describe('buildTimeline', () => {
  it('reads from commit to rollout to symptom, states left out', () => {
    expect(
      buildTimeline(ITEMS).map((entry) => `${entry.at.slice(11, 16)} ${entry.class} ${entry.headline}`),
    ).toEqual([
      '00:03 change ConfigMap shop/checkout-config updated: data.TIMEOUT',
      '00:05 change commit 4f2c1a9b of acme/shop on main',
      '00:10 change deployment 77 of acme/shop to production of commit 4f2c1a9b',
      '00:12 change Deployment shop/checkout updated: spec.template.spec.containers[name=app].resources.limits.memory 512Mi → 64Mi; spec.template.spec.containers[name=app].image registry.example/checkout:main-11aa22b → registry.example/checkout:main-4f2c1a9',
      ...[
        'Deployment shop/catalog updated: spec.replicas 2 → 3',
        'Deployment billing/invoices updated: spec.replicas 4 → 5',
      ]
        .map((text, index) => ({ text, id: [INCIDENT.neighbour, INCIDENT.elsewhere][index]?.id ?? '' }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ text }) => `00:13 change ${text}`),
      '00:14 symptom Pod shop/checkout-7d9c5b6f4d-x2x4x: OOMKilled',
      '00:15 gap not collected: wait_events (PRIVILEGE)',
      '00:16 symptom Pod shop/checkout-7d9c5b6f4d-x2x4x: CrashLoopBackOff (RestartingContainer) ×4',
      '00:19 change relation orders-db/orders/public/cart: column added',
      '00:20 symptom backend orders-db/orders/4711 waits for a lock on public.cart behind backend 4700 (idle in transaction)',
      '00:21 change server orders-db: setting lock_timeout 5000 → 0 ms',
      '00:40 change Deployment shop/payments deleted',
    ]);
  });

  it('names the item behind every entry, and the span when only that is known', () => {
    const entry = buildTimeline(ITEMS).find(({ item }) => item === INCIDENT.setting.id);
    expect(entry).toMatchObject({ entity: 'postgresql://orders-db', window: INCIDENT.setting.window });
  });
});

describe('headline', () => {
  it.each([
    ['kubernetes.object_changes', 'Deployment shop/checkout changed'],
    ['kubernetes.condition_changes', 'Deployment shop/checkout'],
    ['github.deployments', 'Deployment shop/checkout'],
    ['postgresql.blocking_tree', 'Deployment shop/checkout waits for a lock'],
    ['some.other_stream', 'Deployment shop/checkout: other stream'],
  ])('reads well when the policy let nothing out: %s', (name, expected) => {
    const [source = '', stream = ''] = name.split('.');
    const item = fakeItem('a', {
      kind: `${source}.${stream}/v1`,
      stream,
      class: 'change',
      entity: 'kubernetes://prod/shop/Deployment/checkout',
      body: {},
    });
    expect(headline(item)).toBe(expected);
  });

  it.each([
    [
      'role_changes',
      { change: 'attribute_changed', attribute: 'superuser', from: false, to: true },
      'attribute changed superuser false → true',
    ],
    [
      'extension_changes',
      { change: 'extension_updated', name: 'hstore', from: '1.7', to: '1.8' },
      'extension updated hstore 1.7 → 1.8',
    ],
    [
      'checkpoints',
      { reasons: ['requested_dominate', 'slow_sync'], requested: 9 },
      'checkpoints (requested dominate, slow sync)',
    ],
    ['wraparound', { reason: 'xid_age', xid_age: 1_200_000_000 }, 'wraparound (xid age)'],
    [
      'pulse',
      { used: 25, used_percent: 92.6, waiting_on_lock: 3 },
      '92.6 % of the connections in use, 3 wait for a lock',
    ],
  ] as const)('says of %s what changed, or why it is one', (stream, body, expected) => {
    const item = fakeItem('a', {
      kind: `postgresql.${stream}/v1`,
      stream,
      class: 'symptom',
      entity: 'postgresql://orders-db',
      body,
    });
    expect(headline(item)).toBe(`server orders-db: ${expected}`);
  });

  it('shows three places at most', () => {
    const changes = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, from: 1, to: 2 }));
    const item = told({
      stream: 'object_changes',
      class: 'change',
      entity: 'kubernetes://p/n/Job/j',
      minute: 1,
      body: { changes, changeCount: 9 },
    });
    expect(headline(item)).toBe('Job n/j changed: a 1 → 2; b 1 → 2; c 1 → 2 and 6 more');
  });
});

describe('shortName', () => {
  it.each([
    ['kubernetes://prod/shop/Deployment/checkout', 'Deployment shop/checkout'],
    ['kubernetes://prod/_cluster/Node/node-1', 'Node node-1'],
    ['github://acme/shop/pull/12', 'pull 12 of acme/shop'],
    ['github://acme/shop', 'acme/shop'],
    ['postgresql://orders-db', 'server orders-db'],
    ['postgresql://orders-db/orders', 'database orders-db/orders'],
    ['kubernetes://prod/shop/Pod/%E4%B8%AD', 'Pod shop/中'],
    ['kubernetes://prod/shop/Pod/%E4', 'Pod shop/%E4'],
    ['', ''],
  ])('%s', (uri, expected) => expect(shortName(uri)).toBe(expected));
});

describe('summarize', () => {
  const provenance = fakeItem('x').provenance;

  it('counts what is there and what is not', () => {
    const items = [
      fakeItem('a', {
        class: 'change',
        occurredAt: at(5),
        provenance: {
          ...provenance,
          dropped: { count: 3, names: ['query'] },
          redactions: [{ path: 'body.x', rule: 'email', action: 'mask', count: 2 }],
        },
      }),
      fakeItem('b', {
        occurredAt: at(1),
        provenance: {
          ...provenance,
          dropped: { count: 4, names: [] },
          redactions: [
            { path: 'body.y', rule: 'email', action: 'mask', count: 5 },
            { path: 'body.z', rule: 'aws-key', action: 'drop', count: 1 },
          ],
        },
      }),
    ];
    expect(summarize(items)).toMatchObject({
      items: 2,
      byClass: { change: 1, symptom: 1, state: 0, gap: 0, refusal: 0 },
      span: { first: at(1), last: at(5) },
      dropped: 7,
      redactions: { 'aws-key/drop': 1, 'email/mask': 7 },
    });
  });

  it('tells each gap once, with how to close it', () => {
    const again = told({ ...INCIDENT.gap, minute: 22 });
    expect(summarize([again, ...ITEMS]).gaps).toEqual([
      {
        connection: 'orders-db',
        code: 'PRIVILEGE',
        missing: 'wait_events',
        reason: 'the role may not look',
        hint: 'grant pg_monitor',
        times: 2,
        last: again.occurredAt,
      },
    ]);
  });

  it('takes the cost of a run once, at its largest', () => {
    const costing = (seed: string, run: string, durationMs: number) =>
      fakeItem(seed, {
        provenance: { ...provenance, run, cost: { durationMs, rows: durationMs * 2, bytes: 100, calls: 1 } },
      });
    const items = [costing('a', 'run-1', 10), costing('b', 'run-1', 30), costing('c', 'run-2', 5)];
    expect(summarize(items).cost).toEqual({ durationMs: 35, rows: 70, bytes: 200, calls: 2, runs: 2 });
  });

  it('has an answer for nothing', () => {
    expect(summarize([])).toMatchObject({ items: 0, span: null, gaps: [], dropped: 0 });
  });
});

describe('assembleBundle', () => {
  it('gives the same bytes for the same items in whatever order', () => {
    const stored = ITEMS.map((item) => ({ canonical: canonicalize(item) }));
    const expected = canonicalize(assembleBundle(OPENED, ITEMS));
    fc.assert(
      fc.property(fc.shuffledSubarray(stored, { minLength: stored.length }), (shuffled) => {
        expect(canonicalize(assembleBundle(OPENED, parseItems(shuffled)))).toBe(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('ranks what the first reads found of an incident that is asked about until now', () => {
    const seconds = (count: number) => at(3_600_000 + count * 1_000);
    const found = {
      ...INCIDENT.rollout,
      occurredAt: seconds(5),
      window: { from: seconds(4), to: seconds(5) },
    };
    const hurt = { ...INCIDENT.oom, occurredAt: seconds(6) };
    const entities = (incident: Incident) =>
      assembleBundle(incident, [found, hurt]).candidates.map(({ reasons }) => reasons[0]?.code);
    expect(entities(OPENED)).toEqual(['owner']);
    expect(entities({ ...OPENED, openedAt: at(2 * 3_600_000) })).toEqual([]);
  });

  it('keeps to the incident', () => {
    const reading = assembleBundle(OPENED, ITEMS);
    expect(reading.incident).toEqual(OPENED);
    expect(reading.candidates[0]?.item).toBe(INCIDENT.rollout.id);
    expect(reading.timeline).toHaveLength(ITEMS.length - 1);
  });
});
