import { describe, expect, it } from 'vitest';
import {
  type AdmittedRead,
  type Connector,
  ConnectorError,
  observe,
  type RunContext,
} from '../../connectors/sdk/index.ts';
import { fakeClock } from '../../connectors/sdk/testing/index.ts';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { GOOD_STANDING } from '../../policies/admit.ts';
import { makeCanaries } from '../../policies/canaries/canaries.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { makeKeyed } from '../../policies/keyed.ts';
import { epochOf } from '../../policies/keyring.ts';
import { allProven } from '../../policies/recorded.ts';
import { DEMO_MANIFEST, layer, METADATA } from '../../policies/testing/layers.ts';
import { putInForceWith } from './in-force.ts';
import { type PreviewDeps, preview, previewRecorded } from './preview.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const CANARY = 'exhibit-canary-abcdefghijklmnopqrstuvwxyz'.slice(0, 41);
const canaries = makeCanaries([{ id: 'planted', value: CANARY }]);
const keyed = makeKeyed(epochOf(Buffer.alloc(32, 4), NOW), 'acme', canonicalize);
const makeInForce = putInForceWith();

function inForce(...layers: Parameters<typeof compilePolicy>[1][number][]) {
  const { policy } = compilePolicy([DEMO_MANIFEST], layers, { now: NOW });
  return makeInForce(policy, { keyed, canaries });
}

/** A connector that reads as it is told, and what it was asked. */
function connected(read: (run: RunContext, request: AdmittedRead) => Promise<void>) {
  const asked: AdmittedRead[] = [];
  const connector = {
    read: async (run: RunContext, request: AdmittedRead) => {
      asked.push(request);
      await read(run, request);
      return { completeness: { state: 'complete', read: 1, expected: 1, reason: null } as const };
    },
  } as unknown as Connector;
  return { asked, connections: { get: () => connector } };
}

function deps(connections: PreviewDeps['connections'], version = inForce(METADATA)): PreviewDeps {
  const proven = allProven(version.policy, 'db');
  const clock = fakeClock({ at: NOW, sleep: 'manual' });
  return { inForce: version, tenant: 'acme', proven, standing: GOOD_STANDING, connections, clock };
}

const lock = (body: Record<string, unknown>, rest: object = {}) =>
  observe({
    stream: 'locks',
    class: 'symptom',
    entity: 'demo://db/lock',
    key: '1',
    occurredAt: NOW,
    body,
    ...rest,
  });
const ASK = { connection: 'db', connector: 'demo', read: 'locks' };
const never = new AbortController().signal;

describe('preview', () => {
  it('shows what would leave and what would not, as a run would have it', async () => {
    const { connections } = connected(async (run) => {
      await run.emit(lock({ pid: 1, relation: 'invoices', note: 'secret words', value: 'on', odd: 1 }));
      await run.emit(lock({ pid: 2, holders: [{ role: 'ada' }] }));
      await run.emit(lock({ pid: 3 }, { entity: 'no uri' }));
      await run.emit(lock({ pid: 4, relation: CANARY }));
      await run.emit({ gap: 'PRIVILEGE', missing: 'people', reason: 'not granted' });
    });
    const result = await preview({ ...ASK, limit: 1 }, deps(connections), never);
    expect(result).toMatchObject({
      policy: { version: 'base@1' },
      refused: null,
      error: null,
      completeness: { state: 'complete' },
      total: 2,
      items: [
        {
          kind: 'demo.locks/v1',
          entity: 'demo://db/lock',
          body: { pid: 1, relation: 'invoices', value: expect.stringMatching(/^hmac-sha256:/) },
          fields: { 'body.pid': 'base#metadata' },
          dropped: { count: 2, names: ['note'] },
        },
      ],
      withheld: [
        { stream: 'locks', reason: 'shape', count: 1 },
        { stream: 'locks', reason: expect.stringMatching(/^CANARY: /), count: 1 },
      ],
      gaps: [{ missing: 'people', reason: 'not granted' }],
    });
    expect(JSON.stringify(result)).not.toContain(CANARY);
    expect(JSON.stringify(result)).not.toContain('secret words');
  });

  it('begins with an empty memory each time, and forgets it', async () => {
    const seen: (readonly string[])[] = [];
    const { connections } = connected(async (run) => {
      seen.push([...run.state.keys()]);
      await run.checkpoint({ set: { cursor: 7 } });
      seen.push([...run.state.keys()]);
    });
    const used = deps(connections);
    await preview(ASK, used, never);
    await preview(ASK, used, never);
    expect(seen).toEqual([[], ['cursor'], [], ['cursor']]);
  });

  it('runs a read that streams in full, within its budget', async () => {
    const { asked, connections } = connected(async () => undefined);
    const manifest = {
      ...DEMO_MANIFEST,
      reads: DEMO_MANIFEST.reads.map((read) => ({ ...read, mode: 'streaming' as const })),
    };
    const { policy } = compilePolicy([manifest], [METADATA], { now: NOW });
    await preview(ASK, deps(connections, makeInForce(policy, { keyed, canaries })), never);
    expect(asked).toMatchObject([
      { mode: 'full', budget: { rows: 100 }, window: { from: '2026-11-21T06:00:00.000Z', to: NOW } },
    ]);
  });

  it('asks nothing of a source that the policy refuses, before or after its rights are known', async () => {
    const { asked, connections } = connected(async () => undefined);
    const closed = deps(connections, inForce(layer('shut', 'rules: []')));
    expect((await preview(ASK, closed, never)).refused).toMatchObject({ denied: 'STREAM_DENIED' });
    const harmful = inForce(METADATA, layer('rights', 'privileges: { refuse: [SUPERUSER] }'));
    let excess: readonly string[] = [];
    const standing = {
      ...GOOD_STANDING,
      excess: () => excess,
      ask: async () => {
        excess = ['SUPERUSER'];
        return true;
      },
    };
    const result = await preview(ASK, { ...deps(connections, harmful), standing }, never);
    expect(result.refused).toMatchObject({ denied: 'PRIVILEGE_REFUSED' });
    expect(asked).toEqual([]);
  });

  it('tells a failure of the source and what came before it', async () => {
    const { connections } = connected(async (run) => {
      await run.emit(lock({ pid: 5 }));
      throw new ConnectorError('UNREACHABLE', 'nobody answers');
    });
    const result = await preview(ASK, deps(connections), never);
    expect(result).toMatchObject({ total: 1, error: { code: 'UNREACHABLE', message: 'nobody answers' } });
  });
});

describe('preview of recorded observations', () => {
  it('decides about each as a run would have', () => {
    const records = [lock({ pid: 6 }), lock({ pid: 7 }, { stream: 'nothing' })];
    const { connection, connector } = ASK;
    const used = deps({ get: () => expect.fail('no source is asked') });
    expect(previewRecorded(records, { connection, connector }, used)).toMatchObject({
      read: null,
      total: 1,
      items: [{ body: { pid: 6 } }],
      withheld: [{ stream: 'nothing', reason: 'stream', count: 1 }],
    });
  });
});
