import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from '../store/testing/store-fixtures.ts';
import { POD, told } from './testing/incident-fixtures.ts';
import { buildTimeline } from './timeline.ts';

const MINUTE = 60_000;

function waiter(pid: number, look: number, root = 7) {
  return told({
    stream: 'blocking_tree',
    class: 'symptom',
    entity: `postgresql://db/shop/pg_backend/${pid}`,
    minute: pid / 60,
    seed: `${pid}/${look}/${root}`,
    body: {
      lock_type: 'relation',
      lock_mode: 'AccessShareLock',
      relation: 'orders',
      root_pid: root,
      blocked_by: [root],
      seen_at: at(look * MINUTE),
    },
  });
}

function saturation(minute: number, used: number) {
  return told({
    stream: 'connections',
    class: 'symptom',
    entity: 'postgresql://db',
    minute,
    body: { used, usable: 25 },
  });
}

describe('a symptom that many items tell', () => {
  const queue = [waiter(41, 1), waiter(41, 2), waiter(42, 1), waiter(43, 3)];

  it('is one entry for a whole queue, however often it was looked at', () => {
    expect(buildTimeline(queue)).toEqual([
      {
        at: at(41_000),
        class: 'symptom',
        entity: 'postgresql://db/shop/pg_backend/41',
        headline: 'backend db/shop/41 waits for AccessShareLock on orders behind backend 7; 2 more like it',
        item: expect.stringMatching(/./),
        repeated: { items: 4, until: at(3 * MINUTE), others: 2 },
      },
    ]);
  });

  it('is another one behind another root', () => {
    const lines = buildTimeline([...queue, waiter(44, 1, 8)]).map(({ headline }) => headline);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('backend db/shop/44 waits for AccessShareLock on orders behind backend 8');
  });

  it('is told with its newest figures, and again after a pause', () => {
    const entries = buildTimeline([
      saturation(1, 21),
      saturation(2, 24),
      saturation(9, 25),
      saturation(30, 22),
    ]);
    expect(entries.map(({ at: time, headline, repeated }) => [time, headline, repeated])).toEqual([
      [at(MINUTE), 'server db: 25 of 25 connections in use', { items: 3, until: at(9 * MINUTE) }],
      [at(30 * MINUTE), 'server db: 22 of 25 connections in use', undefined],
    ]);
  });

  it('keeps what differs by more than a figure, and every object but sessions, apart', () => {
    const slot = (name: string) =>
      told({
        stream: 'replication_slots',
        class: 'symptom',
        entity: 'postgresql://db',
        minute: 1,
        body: { slot_name: name, reason: 'lost' },
      });
    const pod = (name: string) =>
      told({ stream: 'symptoms', class: 'symptom', entity: name, minute: 1, body: { reason: 'OOMKilled' } });
    expect(buildTimeline([slot('s1'), slot('s2')])).toHaveLength(2);
    expect(buildTimeline([pod(POD), pod(`${POD}-2`)])).toHaveLength(2);
  });

  it('does not swallow changes', () => {
    const change = (minute: number) =>
      told({ stream: 'object_changes', class: 'change', entity: POD, minute, body: { op: 'updated' } });
    expect(buildTimeline([change(1), change(2)])).toHaveLength(2);
  });

  it('does not depend on the order of the items, and loses none', () => {
    const items = [...queue, saturation(1, 21), saturation(2, 24), saturation(30, 22)];
    const expected = buildTimeline(items);
    expect(expected.reduce((sum, { repeated }) => sum + (repeated?.items ?? 1), 0)).toBe(items.length);
    fc.assert(
      fc.property(fc.shuffledSubarray(items, { minLength: items.length }), (shuffled) => {
        expect(buildTimeline(shuffled)).toEqual(expected);
      }),
    );
  });
});
