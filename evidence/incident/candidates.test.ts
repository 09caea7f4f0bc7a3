import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../connectors/sdk/index.ts';
import { at } from '../store/testing/store-fixtures.ts';
import { type Candidate, rankCandidates } from './candidates.ts';
import {
  CART,
  CHECKOUT,
  COMMIT,
  INCIDENT,
  ITEMS,
  POD,
  SHOP,
  told,
  WINDOW,
} from './testing/incident-fixtures.ts';

function named(candidates: readonly Candidate[]): readonly string[] {
  const names = new Map(Object.entries(INCIDENT).map(([name, item]) => [item.id, name]));
  return candidates.map(({ item }) => names.get(item) ?? 'unknown');
}

function reasonsOf(
  name: keyof typeof INCIDENT,
  candidates = rankCandidates(ITEMS, WINDOW),
): readonly string[] {
  return candidates.find(({ item }) => item === INCIDENT[name].id)?.reasons.map(({ code }) => code) ?? [];
}

describe('rankCandidates', () => {
  it('puts what changed on the objects that hurt first, and unrelated changes last', () => {
    const ranked = named(rankCandidates(ITEMS, WINDOW));
    expect(ranked[0]).toBe('rollout');
    expect(ranked.slice(0, 2)).toContain('schema');
    expect(ranked.at(-1)).toBe('elsewhere');
    expect(ranked).not.toContain('later');
    expect(ranked).toHaveLength(8);
  });

  it('says why', () => {
    expect(reasonsOf('rollout')).toEqual(['owner', 'fits', 'before', 'more-symptoms']);
    expect(reasonsOf('schema')).toEqual(['referenced', 'fits', 'before']);
    expect(reasonsOf('setting')).toEqual(['same-scope', 'fits', 'before']);
    expect(reasonsOf('neighbour')).toEqual(['same-scope', 'before']);
    expect(reasonsOf('elsewhere')).toEqual(['before']);
    const [rollout] = rankCandidates(ITEMS, WINDOW);
    expect(rollout?.reasons.map(({ text }) => text)).toEqual([
      'Deployment shop/checkout owns Pod shop/checkout-7d9c5b6f4d-x2x4x, which shows OOMKilled',
      'changes of resources and OOMKilled are often seen together',
      '2 min before OOMKilled first showed',
      '1 more symptoms are linked to it',
    ]);
  });

  it('finds the commit whose revision the image carries', () => {
    const commit = rankCandidates(ITEMS, WINDOW).find(({ entity }) => entity === COMMIT);
    expect(commit?.reasons[0]).toMatchObject({ code: 'linked', symptom: INCIDENT.oom.id });
    expect(commit?.reasons[0]?.text).toContain('the image of Deployment shop/checkout carries its revision');
    expect(reasonsOf('deployment')[0]).toBe('linked');
  });

  it('does not link through what everything touches', () => {
    const node = 'kubernetes://prod/_cluster/Node/node-1';
    const otherPod = told({
      stream: 'inventory',
      class: 'state',
      entity: 'kubernetes://prod/billing/Pod/invoices-1',
      related: [node, 'kubernetes://prod/billing/Deployment/invoices'],
      minute: 2,
    });
    const ranked = rankCandidates([...ITEMS, otherPod], WINDOW);
    expect(reasonsOf('elsewhere', ranked)).toEqual(['before']);
  });

  it('finds the quota behind a refused pod before the change that asked for the pod', () => {
    const quota = told({
      stream: 'object_changes',
      class: 'change',
      entity: `${SHOP}/ResourceQuota/compute`,
      minute: 10,
      body: { changes: [{ path: 'spec.hard.cpu', aspect: 'quota', from: '10', to: '1' }] },
    });
    const scaled = told({
      stream: 'object_changes',
      class: 'change',
      entity: CHECKOUT,
      minute: 11,
      body: { changes: [{ path: 'spec.replicas', aspect: 'scale', from: 1, to: 2 }] },
    });
    const refused = told({
      stream: 'symptoms',
      class: 'symptom',
      entity: `${SHOP}/ReplicaSet/checkout-7d9c5b6f4d`,
      related: [CHECKOUT],
      minute: 12,
      body: { reason: 'FailedCreate', detail: 'ExceededQuota' },
    });
    const ranked = rankCandidates([scaled, refused, quota], WINDOW);
    expect(ranked.map(({ item }) => item)).toEqual([quota.id, scaled.id]);
  });

  it('holds a change that came after the symptom against it, unless it came before another', () => {
    const before = told({
      stream: 'symptoms',
      class: 'symptom',
      entity: CHECKOUT,
      minute: 1,
      body: { reason: 'Old' },
    });
    const after = told({
      stream: 'symptoms',
      class: 'symptom',
      entity: CHECKOUT,
      minute: 14,
      body: { reason: 'New' },
    });
    const alone = rankCandidates([INCIDENT.rollout, before], WINDOW);
    expect(alone[0]?.reasons.map(({ code }) => code)).toEqual(['same-object', 'after']);
    const both = rankCandidates([INCIDENT.rollout, before, after], WINDOW);
    expect(both[0]?.reasons.map(({ code }) => code)).toEqual(['same-object', 'before']);
    expect(both[0]?.score).toBeGreaterThan(alone[0]?.score ?? 0);
  });

  it('takes the earliest time a change between two reads may have come', () => {
    const setting = rankCandidates([INCIDENT.setting, INCIDENT.blocked], WINDOW)[0];
    expect(setting?.reasons.at(-1)?.text).toContain('perhaps before blocking_tree first showed');
  });

  it('lists the changes of the window when nothing hurt', () => {
    const changes = ITEMS.filter((item) => item.class === 'change');
    const ranked = rankCandidates(changes, { from: at(4 * 60_000), to: at(20 * 60_000) });
    expect(named(ranked)).toEqual(
      ['commit', 'deployment', 'rollout', 'neighbour', 'elsewhere', 'schema', 'setting'].toSorted(
        (a, b) => named(ranked).indexOf(a) - named(ranked).indexOf(b),
      ),
    );
    expect(ranked.every(({ reasons }) => reasons[0]?.code === 'in-window')).toBe(true);
    expect(ranked.map(({ at: time }) => time)).toEqual(ranked.map(({ at: time }) => time).toSorted());
  });

  it('counts a change that was found after the window and may have come before its end', () => {
    const found = (from: number) =>
      told({
        stream: 'schema_changes',
        class: 'change',
        entity: CART,
        minute: 31,
        window: { from: at(from * 60_000), to: at(31 * 60_000) },
        body: { change: 'index_removed', part: 'cart_idx' },
      });
    const window = { from: at(0), to: at(30 * 60_000) };
    expect(rankCandidates([found(30), INCIDENT.blocked], window)).toEqual([]);
    const [candidate] = rankCandidates([found(18), INCIDENT.blocked], window);
    expect(candidate).toMatchObject({ entity: CART, headline: expect.stringContaining('cart_idx') });
    expect(candidate?.reasons.at(-1)?.text).toContain('perhaps before');
  });

  it.each([
    ['database_counters', { reasons: ['rollbacks'] }, 'grant_changes', { change: 'grant_narrowed' }],
    ['database_counters', { reasons: ['temp_files'] }, 'setting_changes', { name: 'work_mem' }],
    ['checkpoints', { reasons: ['requested_checkpoints'] }, 'setting_changes', { name: 'max_wal_size' }],
    [
      'wal',
      { reasons: ['archiver_failed'] },
      'setting_changes',
      { name: 'archive_command', value_hidden: true },
    ],
    [
      'wal',
      { reasons: ['archive_backlog'] },
      'setting_changes',
      { name: 'archive_library', value_hidden: true },
    ],
    ['recovery', { reason: 'receiver_lost' }, 'setting_changes', { name: 'primary_conninfo' }],
    ['recovery', { reason: 'replay_late' }, 'setting_changes', { name: 'restore_command' }],
    [
      'recovery',
      { reason: 'no_synchronous_standby' },
      'setting_changes',
      { name: 'synchronous_standby_names' },
    ],
    [
      'connection_limits',
      { reasons: ['limit_reached'] },
      'role_changes',
      { change: 'connection_limit_changed' },
    ],
    ['tables', { reason: 'sequential_scans' }, 'schema_changes', { change: 'index_removed' }],
    ['tables', { reason: 'dead_rows' }, 'schema_changes', { option: 'autovacuum_enabled' }],
  ])('knows what goes with %s %j: %s %j', (symptom, shown, change, body) => {
    const entity = 'postgresql://orders-db/orders';
    const hurt = told({ stream: symptom, class: 'symptom', entity, minute: 12, body: shown });
    const changed = told({ stream: change, class: 'change', entity, minute: 11, body });
    const [candidate] = rankCandidates([hurt, changed], WINDOW);
    expect(candidate?.reasons.map(({ code }) => code)).toContain('fits');
    const other = told({ stream: 'extension_changes', class: 'change', entity, minute: 11 });
    expect(rankCandidates([hurt, other], WINDOW)[0]?.reasons.map(({ code }) => code)).not.toContain('fits');
  });

  it('takes a role as one of the whole server', () => {
    const database = 'postgresql://orders-db/orders';
    const hurt = told({ stream: 'database_counters', class: 'symptom', entity: database, minute: 12 });
    const role = (server: string) =>
      told({
        stream: 'role_changes',
        class: 'change',
        entity: `postgresql://${server}/postgres/pg_role/k4`,
        minute: 11,
        body: { change: 'attribute_gained', attribute: 'superuser' },
      });
    const codes = (server: string) =>
      rankCandidates([hurt, role(server)], WINDOW)[0]?.reasons.map(({ code }) => code);
    expect(codes('orders-db')).toEqual(['same-scope', 'before']);
    expect(codes('other-db')).toEqual(['before']);
  });

  it('ignores what lies after the window', () => {
    expect(rankCandidates(ITEMS, { from: at(0), to: at(60_000) })).toEqual([]);
  });

  it('never speaks of a cause', () => {
    const texts = rankCandidates(ITEMS, WINDOW).flatMap(({ reasons }) => reasons.map(({ text }) => text));
    expect(texts.join('\n')).not.toMatch(/caus|because|due to|fault|culprit|led to/i);
  });
});

const anyItem = fc
  .record({
    stream: fc.constantFrom('object_changes', 'symptoms', 'commits', 'schema_changes', 'blocking_tree'),
    class: fc.constantFrom('change' as const, 'symptom' as const, 'state' as const, 'gap' as const),
    entity: fc.constantFrom(
      CHECKOUT,
      POD,
      CART,
      COMMIT,
      `${SHOP}/ConfigMap/a`,
      'postgresql://orders-db',
      'x',
      '',
    ),
    related: fc.array(fc.constantFrom(CHECKOUT, POD, CART, COMMIT, 'kubernetes://prod/_cluster/Node/n'), {
      maxLength: 3,
    }),
    minute: fc.integer({ min: -10, max: 70 }),
    body: fc
      .dictionary(
        fc.constantFrom('reason', 'detail', 'changes', 'app', 'firstSeen', 'version'),
        fc.jsonValue(),
      )
      .map((body) => body as JsonObject),
    seed: fc.uuid(),
  })
  .map((fields) => told(fields));

describe('rankCandidates, for any items', () => {
  it('does not depend on their order', () => {
    const shuffled = fc
      .uniqueArray(anyItem, { maxLength: 30, selector: (item) => item.id })
      .chain((items) =>
        fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
      );
    fc.assert(
      fc.property(shuffled, ([items, other]) => {
        expect(rankCandidates(other, WINDOW)).toEqual(rankCandidates(items, WINDOW));
      }),
    );
  });

  it('gives every candidate a reason, and its score as the sum of their points', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 30 }), (items) => {
        for (const [index, candidate] of rankCandidates(items, WINDOW).entries()) {
          expect(candidate.reasons.length).toBeGreaterThan(0);
          expect(candidate.score).toBe(candidate.reasons.reduce((sum, { points }) => sum + points, 0));
          expect(candidate.score).toBeGreaterThan(0);
          expect(candidate.rank).toBe(index + 1);
        }
      }),
    );
  });

  it('does not move a candidate when an unrelated state is added', () => {
    const state = told({
      stream: 'inventory',
      class: 'state',
      entity: 'kubernetes://other/a/Pod/b',
      minute: 1,
    });
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 20 }), (items) => {
        expect(rankCandidates([...items, state], WINDOW)).toEqual(rankCandidates(items, WINDOW));
      }),
    );
  });
});
