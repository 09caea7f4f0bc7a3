import { describe, expect, it } from 'vitest';
import { ConnectorError, isGap, type JsonValue } from '../sdk/index.ts';
import {
  admitted,
  everything,
  expectGolden,
  fakeClock,
  fakeDigest,
  goldenCases,
  loadManifest,
  onlyScope,
  recordingRun,
} from '../sdk/testing/index.ts';
import type { CatalogClient, SessionFacts } from './catalog.ts';
import { collect } from './collect.ts';
import { toConnectorError } from './errors.ts';

const manifest = loadManifest(import.meta.dirname);
const THRESHOLDS = { idleInTransactionSymptom: 10_000, longTransactionSymptom: 60_000 };

interface Upstream {
  readonly read: string;
  readonly facts: SessionFacts;
  /** `false`: the config names no pooler. */
  readonly pooler?: false;
  readonly cdc?: { readonly publication: string; readonly slot: string };
  readonly scope?: Readonly<Record<string, readonly string[]>>;
  readonly budget?: Readonly<Record<string, number>>;
  /** A list for a query that is asked several times. */
  readonly queries: Readonly<Record<string, CannedAnswer | readonly CannedAnswer[]>>;
}

interface CannedAnswer {
  readonly rows?: readonly Record<string, unknown>[];
  readonly error?: { readonly sqlstate: string };
  /** The server's clock at this answer, where it has moved on. */
  readonly now?: string;
}

/** Answers each query as often as the case says; anything else is a mistake of the connector. */
function upstream({ facts, queries }: Upstream): CatalogClient & { unused(): readonly string[] } {
  const left = Object.entries(queries).flatMap(([id, answers]) =>
    [answers].flat().map((answer: CannedAnswer) => ({ id, answer })),
  );
  return {
    async query(id) {
      const at = left.findIndex((one) => one.id === id);
      const [{ answer } = { answer: undefined }] = at < 0 ? [] : left.splice(at, 1);
      if (answer === undefined) throw new Error(`the case has no answer to "${id}"`);
      if (answer.error !== undefined) {
        throw toConnectorError(
          Object.assign(new Error('words of the server'), { code: answer.error.sqlstate }),
        );
      }
      return { rows: answer.rows ?? [], facts: { ...facts, now: answer.now ?? facts.now }, bytes: 100 };
    },
    close: async () => undefined,
    unused: () => left.map(({ id }) => id),
  };
}

describe.each(goldenCases(import.meta.dirname))('$name', (entry) => {
  it('collects what is expected', async () => {
    const input = entry.json('input.json') as Upstream;
    const state = new Map(
      Object.entries((entry.has('state.json') ? entry.json('state.json') : {}) as Record<string, JsonValue>),
    );
    const client = upstream(input);
    const clock = fakeClock();
    const run = recordingRun({
      state,
      clock,
      ...(input.budget === undefined ? {} : { budget: input.budget }),
    });
    const pooler = input.pooler === false ? undefined : client;
    const deps = {
      client,
      pooler,
      cdc: input.cdc,
      clock,
      connection: 'orders-db',
      digest: fakeDigest,
      thresholds: THRESHOLDS,
    };
    const request = admitted({
      read: input.read,
      streams: manifest.reads.find((read) => read.id === input.read)?.emits ?? [],
      scope: input.scope === undefined ? everything : onlyScope(input.scope),
    });
    const { completeness } = await collect(deps, run, request, new AbortController().signal);
    expectGolden(`${entry.path}/expected.json`, {
      records: run.records,
      completeness,
      state: Object.fromEntries(run.stored),
    });
    expect(client.unused()).toEqual([]);
    expect(undeclared(run.records)).toEqual([]);
    expect(entry.kind === 'ok' ? run.gaps : []).toEqual([]);
  });
});

/** Paths of emitted fields that the manifest does not know: the gate would drop them and nobody would notice. */
function undeclared(records: ReturnType<typeof recordingRun>['records']): readonly string[] {
  return records.flatMap((record) => {
    if (isGap(record)) return [];
    const stream = manifest.streams.find((one) => one.id === record.stream);
    return paths(record.body, '').filter((path) => stream?.fields[path] === undefined);
  });
}

function paths(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((element) => paths(element, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, path === '' ? key : `${path}.${key}`));
}

describe('a read that can not be made', () => {
  const deps = {
    connection: 'orders-db',
    digest: fakeDigest,
    thresholds: THRESHOLDS,
    clock: fakeClock(),
  };
  const failing = (error: unknown): CatalogClient => ({
    query: async () => {
      throw error;
    },
    close: async () => undefined,
  });

  it.each(['AUTH', 'UNREACHABLE', 'CONFIG', 'INTERNAL'] as const)('leaves %s to the runner', async (code) => {
    const run = recordingRun();
    const client = failing(new ConnectorError(code, 'no session'));
    const read = collect({ ...deps, client }, run, admitted({ read: 'wal' }), new AbortController().signal);
    await expect(read).rejects.toMatchObject({ code });
    expect(run.records).toEqual([]);
  });

  it.each(['AUTH', 'UNREACHABLE', 'CONFIG'] as const)('makes %s of the pooler a gap', async (code) => {
    const run = recordingRun();
    const pooler = failing(new ConnectorError(code, 'no console'));
    const client = failing(new Error('the server is not asked'));
    const request = admitted({ read: 'pgbouncer_pools', streams: ['pgbouncer_pools'] });
    await collect({ ...deps, client, pooler }, run, request, new AbortController().signal);
    expect(run.records).toEqual([
      { gap: code, stream: 'pgbouncer_pools', missing: 'pgbouncer_pools', reason: 'No console.' },
    ]);
  });

  it('throws, and reports no gap, when it was aborted', async () => {
    const run = recordingRun();
    const client = failing(new ConnectorError('TIMEOUT', 'given up'));
    const read = collect({ ...deps, client }, run, admitted({ read: 'wal' }), AbortSignal.abort());
    await expect(read).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(run.records).toEqual([]);
  });

  it('refuses a read that it does not have', async () => {
    const read = collect(
      { ...deps, client: failing(new Error('unused')) },
      recordingRun(),
      admitted({ read: 'user_rows' }),
      new AbortController().signal,
    );
    await expect(read).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('remembers nothing when emitting fails', async () => {
    const facts = {
      now: '2026-11-21T00:14:02.000Z',
      role: 'exhibit',
      database: 'orders',
      version: 180004,
      readsStats: true,
    };
    const client = upstream({ read: 'settings', facts, queries: { settings: { rows: [] } } });
    const run = recordingRun({
      onEmit: () => {
        throw new ConnectorError('INTERNAL', 'the gate is gone');
      },
    });
    const read = collect(
      { ...deps, client },
      run,
      admitted({ read: 'settings' }),
      new AbortController().signal,
    );
    await expect(read).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(run.checkpoints).toEqual([]);
  });
});
