import { expect, it } from 'vitest';
import { isGap, type JsonValue } from '../../sdk/index.ts';
import { admitted, fakeClock, fakeDigest, recordingRun } from '../../sdk/testing/index.ts';
import type { CatalogClient } from '../catalog.ts';
import { collect } from '../collect.ts';

const FACTS = {
  now: '2026-11-21T00:14:02.000Z',
  role: 'exhibit',
  database: 'orders',
  version: 180_004,
  readsStats: true,
};
const EXTENSION = { id: '16400', name: 'pg_stat_statements', version: '1.12', schema: 'public' };

/** One read in a session that knows the ids `session`, of a server that has counted `calls` by id. */
async function read(
  state: Map<string, JsonValue>,
  session: Readonly<Record<string, string>>,
  calls: Readonly<Record<string, number>>,
) {
  const counted = Object.entries(calls).map(([queryid, count]) => ({
    queryid,
    calls: count,
    server_ms: count / 2,
  }));
  const client: CatalogClient = {
    query: async (id) => ({
      rows: id === 'extensions' ? [EXTENSION] : counted,
      facts: { ...FACTS, readOf: new Map(Object.entries(session)) },
      bytes: 1,
    }),
    close: async () => undefined,
  };
  const run = recordingRun({ state });
  const thresholds = { idleInTransactionSymptom: 10_000, longTransactionSymptom: 60_000 };
  const deps = { client, clock: fakeClock(), connection: 'orders-db', digest: fakeDigest, thresholds };
  const request = admitted({ read: 'own_cost', streams: ['own_cost'] });
  await collect(deps, run, request, new AbortController().signal);
  const told = run.records.flatMap((record) => (isGap(record) ? [] : [record.body['reads']]));
  return { state: run.stored, names: run.stored.get('reads'), told };
}

it('remembers the name of an id as long as the server counts it or the session has sent it', async () => {
  const first = await read(new Map(), { '11': 'wal', '12': 'schema', '13': 'slru' }, { '11': 4, '12': 6 });
  expect(first.names).toEqual({ '11': 'wal', '12': 'schema', '13': 'slru' });

  // After an upgrade of the agent: another text of `schema`, another id; the old one has left the statistics.
  const second = await read(first.state, { '22': 'schema' }, { '11': 5, '22': 1 });
  expect(second.names).toEqual({ '11': 'wal', '22': 'schema' });
  expect(second.told).toEqual([
    [
      { read: 'wal', calls: 1, server_ms: 0.5 },
      { read: 'schema', calls: 1, server_ms: 0.5 },
    ],
  ]);
});

it('does not grow with the number of sessions', async () => {
  let state = new Map<string, JsonValue>();
  for (let session = 0; session < 50; session += 1) {
    const id = String(100 + session);
    ({ state } = await read(state, { [id]: 'wal' }, { [id]: 1 }));
  }
  expect(state.get('reads')).toEqual({ '149': 'wal' });
});
