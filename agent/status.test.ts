import { describe, expect, it } from 'vitest';
import type { StoredRun } from '../evidence/store/store.ts';
import type { ConnectorDefinition } from './registry/discover.ts';
import type { ScheduledRead } from './scheduler/job.ts';
import { listedConnections } from './status.ts';

const read = (connection: string, connector: string, name: string): ScheduledRead => ({
  connection,
  connector,
  read: name,
  mode: 'full',
  intervalMs: 60_000,
});
const run = (connection: string, name: string, rest: Partial<StoredRun>): StoredRun => ({
  id: `run-of-${name}`,
  connection,
  read: name,
  trigger: 'interval',
  startedAt: '2026-11-21T00:07:00.000Z',
  ...rest,
});

describe('listedConnections', () => {
  it('names every read with the outcome of its newest run', () => {
    const reads = [
      read('orders-db', 'postgresql', 'locks'),
      read('orders-db', 'postgresql', 'sizes'),
      read('prod', 'kubernetes', 'pods'),
    ];
    const runs = [
      run('orders-db', 'locks', { status: 'partial', endedAt: '2026-11-21T00:08:00.000Z' }),
      run('prod', 'pods', { startedAt: '2026-11-21T00:09:00.000Z' }),
      run('gone', 'locks', { status: 'ok' }),
    ];
    const definitions = [
      { manifest: { id: 'postgresql', version: '2.3.1' } },
      { manifest: { id: 'kubernetes', version: '1.0.4' } },
    ] as unknown as readonly ConnectorDefinition[];
    expect(listedConnections(reads, runs, definitions)).toEqual([
      {
        id: 'orders-db',
        connector: 'postgresql@2.3.1',
        reads: [
          { id: 'locks', latest: { at: '2026-11-21T00:07:00.000Z', status: 'partial' } },
          { id: 'sizes', latest: null },
        ],
      },
      {
        id: 'prod',
        connector: 'kubernetes@1.0.4',
        reads: [{ id: 'pods', latest: { at: '2026-11-21T00:09:00.000Z', status: 'running' } }],
      },
    ]);
  });
});
