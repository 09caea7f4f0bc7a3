import { describe, expect, it } from 'vitest';
import type { ReadPlan } from './plan.ts';
import { unneeded } from './rights.ts';

function plan(needs: readonly string[], changes: Partial<ReadPlan> = {}): ReadPlan {
  const read = { id: 'any', needs } as unknown as ReadPlan['read'];
  return { read, views: [], lacks: null, streams: ['any'], ...changes } as unknown as ReadPlan;
}

const EXCESS = ['REPLICATION', 'SELECT on rca.orders', 'SELECT on rca.payments', 'SUPERUSER'];

describe('rights that nothing needs', () => {
  it('are those that neither a read nor a view of the policy names', () => {
    const views = [{ view: 'rca.orders' }] as unknown as ReadPlan['views'];
    const reads = [plan(['REPLICATION']), plan([], { views })];
    expect(unneeded(EXCESS, reads)).toEqual(['SELECT on rca.payments', 'SUPERUSER']);
  });

  it('include what only a read needs that is off', () => {
    const reads = [plan(['REPLICATION'], { lacks: 'cdc' }), plan(['SUPERUSER'], { streams: [] })];
    expect(unneeded(EXCESS, reads)).toEqual(EXCESS);
  });
});
