import { describe, expect, it } from 'vitest';
import type { ReadPlan } from './plan.ts';
import { unmet, unneeded } from './rights.ts';

function plan(needs: readonly string[], changes: Partial<ReadPlan> = {}): ReadPlan {
  const read = { id: 'any', needs } as unknown as ReadPlan['read'];
  return { read, views: [], lacks: null, streams: ['any'], ...changes } as unknown as ReadPlan;
}

const EXCESS = ['REPLICATION', 'SELECT on rca.orders', 'SELECT on rca.payments', 'SUPERUSER'];

describe('rights that are needed and not there', () => {
  const log = plan(['EXECUTE on pg_ls_logdir', 'pg_read_all_stats'], { read: capable('server_log') });
  const views = [{ view: 'rca.orders' }, { view: 'rca.stock' }] as unknown as ReadPlan['views'];

  function capable(id: string): ReadPlan['read'] {
    const needs = ['EXECUTE on pg_ls_logdir', 'pg_read_all_stats'];
    return { id, capability: 'server-log', needs } as unknown as ReadPlan['read'];
  }

  it('are told with the reads that lack them, each once', () => {
    const reads = [log, plan([], { read: capable('server_log_errors') }), plan([], { views })];
    expect(unmet(['REPLICATION', 'SELECT on rca.orders'], reads)).toMatchObject([
      { privilege: 'EXECUTE on pg_ls_logdir', reads: ['server_log', 'server_log_errors'] },
      { privilege: 'SELECT on rca.stock', reads: ['any'] },
    ]);
  });

  it('are none for what is off, for a superuser, and for what every read needs', () => {
    expect(
      unmet(
        [],
        [
          { ...log, lacks: 'server-log' },
          { ...log, streams: [] },
        ],
      ),
    ).toEqual([]);
    expect(unmet(['SUPERUSER'], [log, plan([], { views })])).toEqual([]);
    expect(unmet([], [plan(['pg_read_all_stats', 'EXECUTE on something'])])).toEqual([]);
  });
});

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
