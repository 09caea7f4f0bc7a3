import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connector, ConnectorError, type Observation, observe } from '../connectors/sdk/index.ts';
import { fakeClock, recordingLogger } from '../connectors/sdk/testing/index.ts';
import { canonicalize } from '../evidence/canonical-json.ts';
import { Ledger } from '../evidence/ledger.ts';
import { openSqliteStore } from '../evidence/store/sqlite-store.ts';
import type { Store } from '../evidence/store/store.ts';
import { SAMPLE_MANIFEST, sampleKeys } from '../evidence/testing/samples.ts';
import { GOOD_STANDING } from '../policies/admit.ts';
import { makeCanaries } from '../policies/canaries/canaries.ts';
import { compilePolicy } from '../policies/compile.ts';
import { makeKeyed } from '../policies/keyed.ts';
import { epochOf } from '../policies/keyring.ts';
import { loadPolicies } from '../policies/load.ts';
import { putInForce } from './governance/in-force.ts';
import { collect, type PipelineDeps } from './pipeline.ts';
import type { Job } from './scheduler/job.ts';
import { makeSealing } from './sealing.ts';

const { policy } = compilePolicy([SAMPLE_MANIFEST], await loadPolicies(['standard']), {
  now: '2026-11-21T00:00:00.000Z',
});

/** Looks like any name: no detector would see it. */
const MARKER = 'ledger-archive-q7x2kd';
const canaries = makeCanaries([{ id: 'archive', value: MARKER }]);

function record(pid: number, more: Partial<Observation> = {}) {
  return observe({
    stream: 'blocking',
    class: 'symptom',
    entity: `sample://db/backend/${pid}`,
    key: String(pid),
    occurredAt: '2026-11-21T00:29:00.000Z',
    body: { pid, wait_ms: pid * 10, query: 'select secret-canary' },
    ...more,
  });
}

let id = 0;
function job(request: Partial<Job['request']> = {}): Job {
  id += 1;
  return {
    id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    request: {
      connection: 'db',
      connector: 'sample',
      read: 'blocking',
      mode: 'full',
      trigger: 'once',
      window: { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T00:30:00.000Z' },
      ...request,
    },
  };
}

describe('collect', () => {
  let directory: string;
  let store: Store;
  /** Deadlines never come in these tests, except where one asks for a clock that runs ahead. */
  const clock = fakeClock({ sleep: 'manual' });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'exhibit-pipeline-'));
    store = await openSqliteStore({ path: join(directory, 'evidence.db') });
  });
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });

  function deps(read: Connector['read'], overrides: Partial<PipelineDeps> = {}): PipelineDeps {
    const connector = { read } as Connector;
    const keys = sampleKeys();
    const keyed = makeKeyed(epochOf(Buffer.alloc(32, 3), '2026-11-01T00:00:00.000Z'), 'acme', canonicalize);
    const inForce = putInForce({ policy, keyed, canaries });
    return {
      tenant: 'acme',
      inForce: () => inForce,
      standing: { ...GOOD_STANDING, ask: async () => false, stop: () => undefined },
      decisions: { note: () => undefined },
      proven: new Map([['sample/blocking', `sha256:${'a'.repeat(64)}`]]),
      connections: { get: () => connector },
      store,
      ledger: new Ledger({ store }),
      sealWith: makeSealing({
        tenant: 'acme',
        agent: { name: 'exhibit', version: '0.0.1', build: `sha256:${'b'.repeat(64)}`, identity: 'test' },
        policy: () => policy,
        privileges: () => null,
        keys,
        clock,
      }).run,
      clock,
      logger: recordingLogger(),
      readiness: { ready: () => {} },
      meters: {
        cleared: () => {},
        withheld: () => {},
        netHit: () => {},
        committed: () => {},
        finished: () => {},
      },
      ...overrides,
    };
  }

  const stored = async () =>
    (await store.query({ limit: 1_000 })).items.map(
      ({ canonical }) => JSON.parse(canonical) as Record<string, never>,
    );
  const complete = { completeness: { state: 'complete', read: 2, expected: 2, reason: null } } as const;
  const never = new AbortController().signal;

  it('takes what a read emits to signed, stored evidence with its checkpoint', async () => {
    const outcome = await collect(
      job(),
      deps(async (run) => {
        await run.emit(record(1));
        await run.emit(record(2));
        await run.checkpoint({ set: { cursor: 7 } });
        return complete;
      }),
      never,
    );
    expect(outcome).toEqual({ status: 'ok', items: 2, gaps: 0, symptoms: 2, error: null });
    const items = await stored();
    expect(items.map(({ body }) => body)).toEqual(
      expect.arrayContaining([
        { pid: 1, wait_ms: 10 },
        { pid: 2, wait_ms: 20 },
      ]),
    );
    expect(items[0]).toMatchObject({
      provenance: { completeness: complete.completeness, dropped: { names: ['query'] } },
    });
    expect(JSON.stringify(items)).not.toContain('secret-canary');
    expect(await store.state('db', 'blocking')).toEqual(new Map([['cursor', 7]]));
    expect((await store.manifests({ limit: 10 })).items).toHaveLength(1);
  });

  it('stores once what is collected twice', async () => {
    const twice = deps(async (run) => {
      await run.emit(record(1));
      return complete;
    });
    await collect(job(), twice, never);
    await collect(job(), twice, never);
    expect(await stored()).toHaveLength(1);
    expect((await store.manifests({ limit: 10 })).items).toHaveLength(1);
  });

  it('keeps what was found before a failure, and the failure as a gap in our words', async () => {
    const outcome = await collect(
      job(),
      deps(async (run) => {
        await run.emit(record(1));
        const cause = new Error('relation "secret-canary" is locked');
        throw new ConnectorError('TIMEOUT', 'the lock was not granted in time', {
          hint: 'Try later.',
          cause,
        });
      }),
      never,
    );
    expect(outcome).toEqual({ status: 'failed', items: 2, gaps: 1, symptoms: 1, error: 'TIMEOUT' });
    const gap = (await stored()).find((item) => item['class'] === 'gap');
    expect(gap).toMatchObject({
      kind: 'exhibit.gap/v1',
      body: {
        code: 'TIMEOUT',
        missing: 'blocking',
        reason: 'the lock was not granted in time',
        hint: 'Try later.',
      },
      provenance: { completeness: { state: 'partial' } },
    });
    expect(JSON.stringify(await stored())).not.toContain('secret-canary');
  });

  it('turns a bug of a connector into a gap that says nothing of its message', async () => {
    await collect(
      job(),
      deps(() => Promise.reject(new TypeError('secret-canary is not a function'))),
      never,
    );
    expect(await stored()).toMatchObject([{ class: 'gap', body: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(await stored())).not.toContain('secret-canary');
  });

  it('refuses a read without a proof before the connector hears of it', async () => {
    let asked = false;
    const outcome = await collect(
      job(),
      deps(
        async () => {
          asked = true;
          return complete;
        },
        { proven: new Map() },
      ),
      never,
    );
    expect(asked).toBe(false);
    expect(outcome.status).toBe('refused');
    expect(await stored()).toMatchObject([
      { class: 'refusal', kind: 'exhibit.refusal/v1', body: { code: 'UNPROVEN_READ' } },
    ]);
  });

  it('reports what the policy withheld once, with a count', async () => {
    await collect(
      job(),
      deps(async (run) => {
        for (const pid of [1, 2, 3]) await run.emit(record(pid, { stream: 'unheard_of' }));
        return complete;
      }),
      never,
    );
    expect(await stored()).toMatchObject([{ class: 'refusal', body: { code: 'WITHHELD_STREAM', count: 3 } }]);
  });

  it('leaves behind a connector that neither ends nor stops, and says so', async () => {
    const outcome = await collect(
      job(),
      deps(() => new Promise(() => {}), { clock: fakeClock() }),
      never,
    );
    expect(outcome).toMatchObject({ status: 'failed', error: 'TIMEOUT' });
    expect(await stored()).toMatchObject([{ class: 'gap', body: { code: 'TIMEOUT' } }]);
  });

  it('keeps what was emitted when the agent stops in the middle', async () => {
    const stop = new AbortController();
    const outcome = await collect(
      job({ mode: 'full' }),
      deps(async (run) => {
        await run.emit(record(1));
        await run.checkpoint({ set: { cursor: 1 } });
        stop.abort();
        throw new DOMException('stopped', 'AbortError');
      }),
      stop.signal,
    );
    expect(outcome).toMatchObject({ status: 'cancelled', items: 1, gaps: 0 });
    expect(await stored()).toHaveLength(1);
    expect(await store.state('db', 'blocking')).toEqual(new Map([['cursor', 1]]));
  });

  it.each([
    ['as it is', MARKER, 'body.relation'],
    ['inside a longer name', `public.${MARKER.toUpperCase()}_2`, 'body.relation'],
    ['as base64', Buffer.from(`x ${MARKER} y`).toString('base64'), 'body.relation'],
    ['as hexadecimal', Buffer.from(MARKER).toString('hex'), 'body.relation'],
    ['reversed', [...MARKER].reverse().join(''), 'body.relation'],
  ])(
    'holds back an item in which a canary shows %s, stops its stream and says so',
    async (_, relation, path) => {
      const stopped = new Set<string>();
      const decided: string[] = [];
      const standing = {
        excess: () => [],
        isStopped: (connection: string, stream: string) => stopped.has(`${connection}/${stream}`),
        ask: async () => false,
        stop: (connection: string, stream: string) => void stopped.add(`${connection}/${stream}`),
      };
      const decisions = {
        note: ({ decision, code }: { decision: string; code: string }) =>
          void decided.push(`${decision} ${code}`),
      };
      const leaking = deps(
        async (run) => {
          await run.emit(record(1));
          await run.emit(record(2, { body: { pid: 2, relation } }));
          return complete;
        },
        { standing, decisions },
      );
      const outcome = await collect(job(), leaking, never);
      expect(outcome).toMatchObject({ status: 'ok' });
      const items = await stored();
      expect(items.map(({ class: of }) => of)).toEqual(['symptom', 'refusal']);
      expect(items[1]).toMatchObject({
        body: { code: 'CANARY', reason: `a canary has shown at ${path}: the stream blocking is stopped` },
      });
      expect(JSON.stringify(items)).not.toContain(relation);
      expect([...stopped]).toEqual(['db/blocking']);
      expect(decided).toContain('canary canary:archive/blocking');

      const again = await collect(job(), leaking, never);
      expect(again.status).toBe('refused');
      expect(
        (await stored()).filter((item) => item['class'] === 'refusal').map((item) => item['body']?.['code']),
      ).toEqual(['CANARY', 'STREAM_STOPPED']);
    },
  );

  it('clears nothing more under a policy that was replaced, and moves no checkpoint', async () => {
    const base = deps(async () => complete);
    let current = base.inForce();
    const other = { ...current };
    const outcome = await collect(
      job(),
      {
        ...base,
        inForce: () => current,
        connections: {
          get: () =>
            ({
              read: async (run) => {
                await run.emit(record(1));
                await run.checkpoint({ set: { cursor: 1 } });
                current = other;
                await run.emit(record(2)).catch(() => undefined);
                await run.checkpoint({ set: { cursor: 2 } }).catch(() => undefined);
                return complete;
              },
            }) as Partial<Connector> as Connector,
        },
      },
      never,
    );
    expect(outcome).toMatchObject({ status: 'cancelled', items: 1 });
    expect((await stored()).map((item) => item['body']?.['pid'])).toEqual([1]);
    expect(await store.state('db', 'blocking')).toEqual(new Map([['cursor', 1]]));
  });

  it('stops a read that goes over its budget, and keeps the rest', async () => {
    const outcome = await collect(
      job(),
      deps(async (run) => {
        for (let pid = 1; pid <= 200; pid += 1) {
          run.meter.useRows(1);
          await run.emit(record(pid));
        }
        return complete;
      }),
      never,
    );
    expect(outcome).toMatchObject({ status: 'failed', error: 'BUDGET', items: 101 });
    expect(await stored()).toHaveLength(101);
  });

  it('acknowledges nothing when the store can not keep it', async () => {
    const broken = { commit: () => Promise.reject(new Error('disk full')) } as unknown as Ledger;
    const read: Connector['read'] = async (run) => {
      await run.emit(record(1));
      await run.checkpoint({ set: { cursor: 1 } });
      return complete;
    };
    await expect(collect(job(), deps(read, { ledger: broken }), never)).rejects.toThrow('disk full');
    expect(await stored()).toEqual([]);
    expect(await store.state('db', 'blocking')).toEqual(new Map());
  });
});
