import { describe, expect, it } from 'vitest';
import type { Connector } from '../../connectors/sdk/index.ts';
import { recordingLogger } from '../../connectors/sdk/testing/index.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import type { ConfiguredConnection } from '../config/load.ts';
import type { Job, JobOutcome } from '../scheduler/job.ts';
import { Retirement } from './retirement.ts';

interface Staged {
  readonly lacks?: string | null;
  readonly streams?: readonly string[];
  readonly state?: readonly (readonly [string, number])[];
  readonly enabled?: boolean;
  /** What each attempt answers, in order. */
  readonly answers?: readonly (boolean | Error)[];
}

function staged({
  lacks = 'cdc',
  streams = ['cdc'],
  state = [['cdc', 1]],
  enabled,
  answers = [true],
}: Staged) {
  const asked: string[] = [];
  const left = [...answers];
  const connector = {
    retire: async (read: string) => {
      asked.push(read);
      const answer = left.shift() ?? false;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Connector;
  const policy = { of: () => ({ reads: new Map([['postgresql/cdc', { lacks, streams }]]) }) };
  const manifest = {
    reads: [
      { id: 'wal', mode: 'full' },
      { id: 'cdc', mode: 'cdc' },
    ],
  };
  const reads = enabled === undefined ? {} : { cdc: { enabled }, wal: { enabled } };
  const retirement = new Retirement({
    connections: { get: () => connector, aside: (_id, work) => work(connector) },
    configured: [{ id: 'orders-db', connector: { manifest }, reads }] as unknown as ConfiguredConnection[],
    policy: () => policy as unknown as CompiledPolicy,
    store: { state: async () => new Map(state) },
    logger: recordingLogger(),
  });
  return { retirement, asked };
}

const job = { request: { connection: 'orders-db', connector: 'postgresql', read: 'cdc' } } as Job;
const outcome = (status: JobOutcome['status']) => ({ status }) as JobOutcome;

describe('what a read keeps at its source', () => {
  it.each<[string, Staged, JobOutcome['status'], number]>([
    ['is taken back once no flag holds', {}, 'refused', 1],
    ['is taken back once no field of it may leave', { lacks: null, streams: [] }, 'refused', 1],
    ['stays while the read is refused for another reason', { lacks: null }, 'refused', 0],
    ['stays while the read runs', {}, 'ok', 0],
    ['stays while the read fails', {}, 'failed', 0],
    ['is not asked for where the read never left a trace', { state: [] }, 'refused', 0],
  ])('%s', async (_, stage, status, times) => {
    const { retirement, asked } = staged(stage);
    await retirement.follow(job, outcome(status));
    await retirement.follow(job, outcome(status));
    expect(asked).toEqual(Array.from({ length: times }, () => 'cdc'));
  });

  it('is asked for again after a failure, and after the read has run once more', async () => {
    const { retirement, asked } = staged({ answers: [new Error('down'), true, true] });
    for (const status of ['refused', 'refused', 'refused', 'ok', 'refused'] as const)
      await retirement.follow(job, outcome(status));
    expect(asked).toHaveLength(3);
  });

  it.each([
    [false, ['cdc']],
    [true, []],
    [undefined, []],
  ])('is taken back at the start where the config says enabled: %s', async (enabled, expected) => {
    const { retirement, asked } = staged(enabled === undefined ? {} : { enabled });
    await retirement.begin();
    expect(asked).toEqual(expected);
  });

  it('stays when the agent is stopping', async () => {
    const { retirement, asked } = staged({ enabled: false });
    retirement.end();
    await retirement.begin();
    await retirement.follow(job, outcome('refused'));
    expect(asked).toEqual([]);
  });
});
