import { describe, expect, it } from 'vitest';
import { compilePolicy } from './compile.ts';
import type { ReadPlan } from './plan.ts';
import { canBeRight, knownRights, readsOf, unmet, unneeded } from './rights.ts';
import { DEMO_MANIFEST, layer } from './testing/layers.ts';
import { formatProblems } from './yaml.ts';

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

describe('reads of a connection', () => {
  it('are those of its own connector: a view of a database is no matter of a cluster', () => {
    const views = [{ view: 'rca.orders' }] as unknown as ReadPlan['views'];
    const of = (id: string) => ({ ...plan([], { views }), connector: { id } }) as unknown as ReadPlan;
    const reads = new Map([
      ['postgresql/views', of('postgresql')],
      ['kubernetes/pods', of('kubernetes')],
    ]);
    expect(readsOf(reads.values(), 'kubernetes')).toEqual([reads.get('kubernetes/pods')]);
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

describe('rights that a policy refuses', () => {
  const MANIFEST = {
    ...DEMO_MANIFEST,
    rights: ['SUPERUSER', 'BYPASSRLS', 'pg_read_all_data', 'write privileges on *'],
    reads: DEMO_MANIFEST.reads.map((read) => ({ ...read, needs: ['pg_read_all_stats'] })),
  };

  it.each([
    ['SUPERUSER', true],
    ['pg_read_all_stats', true],
    ['pg_*', true],
    ['*', true],
    ['write privileges on *', true],
    ['write privileges on 3 user tables', true],
    ['write priv*', true],
    ['write privilege on *', false],
    ['superuser', false],
    ['pg_x*', false],
  ])('%s can be one: %s', (refused, expected) => {
    expect(canBeRight(refused, knownRights([MANIFEST]))).toBe(expected);
  });

  it('are warned about where no connector tells of them, with what was meant', () => {
    const acme = layer(
      'acme',
      'privileges: { refuse: [SUPERUSER, BYPASRLS, pg_read_al_data, nothing like it] }',
    );
    const { problems, warnings } = compilePolicy([MANIFEST], [acme], { now: '2026-11-21T12:00:00.000Z' });
    expect(problems).toEqual([]);
    const message = 'is no right that a connector tells of: it refuses nobody';
    expect(formatProblems(warnings).split('\n')).toEqual([
      `acme.yaml:4:35 privileges.refuse[1]: ${message} (did you mean "BYPASSRLS"?)`,
      `acme.yaml:4:45 privileges.refuse[2]: ${message} (did you mean "pg_read_all_data"?)`,
      `acme.yaml:4:62 privileges.refuse[3]: ${message} (\`exhibit connector show\` lists them)`,
    ]);
  });

  it('are warned about where a superuser has them without being told to', () => {
    const warned = (refuse: string) => {
      const acme = layer('acme', `privileges: { refuse: [${refuse}] }`);
      return compilePolicy([MANIFEST], [acme], { now: '2026-11-21T12:00:00.000Z' }).warnings;
    };
    expect(warned('pg_read_all_data')).toMatchObject([
      { message: expect.stringContaining('does not refuse a superuser'), hint: 'refuse SUPERUSER as well' },
    ]);
    expect(warned('pg_read_all_data, SUPERUSER')).toEqual([]);
    expect(warned('pg_read_all_data, "SUPER*"')).toEqual([]);
    expect(warned('BYPASSRLS')).toEqual([]);
  });
});
