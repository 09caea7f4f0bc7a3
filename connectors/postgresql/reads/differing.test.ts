import { expect, it } from 'vitest';
import { isGap, type JsonValue } from '../../sdk/index.ts';
import { admitted, fakeClock, fakeDigest, onlyScope, recordingRun } from '../../sdk/testing/index.ts';
import type { CatalogClient } from '../catalog.ts';
import { collect } from '../collect.ts';

const VECTOR = { id: '16401', name: 'vector', version: '0.7.0', schema: 'public' };
const TRIGRAMS = { id: '16402', name: 'pg_trgm', version: '1.6', schema: 'search' };
const PUBLICATION = {
  kind: 'publication',
  id: '16500',
  publication: 'orders_out',
  schema: null,
  object: null,
  operations: 'insert',
  all_tables: false,
  via_root: false,
  fingerprint: null,
};

interface Situation {
  readonly state?: Map<string, JsonValue>;
  readonly rows?: number;
  readonly database?: string;
}

async function read(id: string, rows: readonly object[], situation: Situation = {}) {
  const facts = {
    now: '2026-11-21T00:14:02.000Z',
    role: 'exhibit',
    database: 'orders',
    version: 180_004,
    readsStats: true,
  };
  const client: CatalogClient = {
    query: async () => ({ rows: rows.map((row) => ({ ...row })), facts, bytes: 1 }),
    close: async () => undefined,
  };
  const run = recordingRun({
    ...(situation.state === undefined ? {} : { state: situation.state }),
    budget: { rows: situation.rows ?? 100 },
  });
  const thresholds = { idleInTransactionSymptom: 10_000, longTransactionSymptom: 60_000 };
  const deps = { client, clock: fakeClock(), connection: 'orders-db', digest: fakeDigest, thresholds };
  const scope = onlyScope({ database: [situation.database ?? 'orders'] });
  await collect(deps, run, admitted({ read: id, streams: [id], scope }), new AbortController().signal);
  const told = run.records.map((record) =>
    isGap(record) ? `${record.gap} ${record.stream}` : record.stream,
  );
  return { told, state: run.stored, checkpoints: run.checkpoints.length };
}

it('tells how things stand, and differences only to what it has seen', async () => {
  const first = await read('extensions', [VECTOR]);
  expect(first.told).toEqual(['extensions']);
  const second = await read('extensions', [VECTOR, TRIGRAMS], { state: first.state });
  expect(second.told).toEqual(['extensions', 'extension_changes']);
  expect((await read('extensions', [VECTOR, TRIGRAMS], { state: second.state })).told).toEqual([
    'extensions',
  ]);
});

it('says that it can not compare when some of what it knew is lost, and compares again the next time', async () => {
  const { state } = await read('extensions', [VECTOR, TRIGRAMS]);
  expect(state.delete('entry/vector')).toBe(true);
  const lost = await read('extensions', [TRIGRAMS], { state });
  expect(lost.told).toEqual(['extensions', 'DRIFT extension_changes']);
  expect((await read('extensions', [], { state: lost.state })).told).toEqual([
    'extensions',
    'extension_changes',
  ]);
});

it('takes nothing that is missing from a cut list for gone, and keeps what it knew', async () => {
  const { state } = await read('publications', [PUBLICATION]);
  const known = new Map(state);
  const other = { ...PUBLICATION, id: '16501' };
  const cut = await read('publications', [other, PUBLICATION], { state, rows: 1 });
  expect(cut).toMatchObject({ told: ['BUDGET publications'], checkpoints: 0 });
  expect(cut.state).toEqual(known);
});

it('tells a cut list of extensions all the same, as one', async () => {
  const { state } = await read('extensions', [TRIGRAMS]);
  const cut = await read('extensions', [VECTOR, TRIGRAMS], { state, rows: 1 });
  expect(cut).toMatchObject({ told: ['extensions', 'BUDGET extensions'], checkpoints: 0 });
});

it.each(['extensions', 'publications', 'grants'])(
  'passes over %s of a database that is out of scope',
  async (id) => {
    expect(await read(id, [], { database: 'billing' })).toMatchObject({ told: [], checkpoints: 0 });
  },
);

it.each(['roles', 'setting_overrides'])(
  'tells %s of the server whatever databases are in scope',
  async (id) => {
    expect(await read(id, [], { database: 'billing' })).toMatchObject({ told: [id], checkpoints: 1 });
  },
);
