import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type KubeApi, type KubeApiOptions, startKubeApi } from '../../test/helpers/kube-api.ts';
import { type KubeItem, loadRecording, recordedBody } from '../../test/helpers/kube-recording.ts';
import {
  type KubeSession,
  type SessionOptions,
  startSession,
  until,
  WIDE,
} from '../../test/helpers/kube-session.ts';
import type { Observation } from '../sdk/index.ts';

const RECORDING = loadRecording('bad-image-tag');
const NOW = new Date(RECORDING.truth.window.from);
const DEPLOYMENTS = '/apis/apps/v1/deployments';

const open: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function cluster(options: Partial<KubeApiOptions> = {}): Promise<KubeApi> {
  const api = await startKubeApi({ recording: RECORDING, ...options });
  open.push({ stop: () => api.close() });
  return api;
}

async function watching(api: KubeApi, options: Partial<SessionOptions> = {}): Promise<KubeSession> {
  const session = await startSession({ api, reads: ['deployments'], now: NOW, ...options });
  open.push(session);
  return session;
}

function changesIn(observations: readonly Observation[]): readonly string[] {
  const changes = observations.filter((one) => one.class === 'change');
  return [...new Set(changes.map((one) => `${one.stream} ${one.entity} ${one.key}`))].sort();
}

function deployment(generation: number, image: string, fields: Partial<KubeItem['metadata']> = {}): KubeItem {
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: {
      name: 'ledger',
      namespace: 'shop',
      uid: 'uid-ledger',
      resourceVersion: '',
      generation,
      ...fields,
    },
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'ledger', image }] } } },
  };
}

describe('listing', () => {
  it('reads every page and none twice', async () => {
    const api = await cluster({ chunkBytes: 1013 });
    const session = await watching(api, { mode: 'full', reads: ['pods'], config: { pageSize: 3 } });
    const [outcome] = await session.stop();
    expect(outcome?.completeness).toEqual({ state: 'complete', read: 14, expected: null, reason: null });
    expect(api.requests.map((request) => request.query['limit'])).toEqual(['3', '3', '3', '3', '3']);
    expect(new Set(api.requests.map((request) => request.query['continue'])).size).toBe(5);
  });

  it('starts again when a page has expired', async () => {
    let refusals = 1;
    const api = await cluster({
      intercept: (request) => {
        if (request.query['continue'] === undefined || refusals === 0) return undefined;
        refusals -= 1;
        return { status: 410, body: { kind: 'Status', reason: 'Expired', code: 410 } };
      },
    });
    const session = await watching(api, { mode: 'full', config: { pageSize: 2 } });
    expect(session.observations.filter((one) => one.stream === 'inventory').length).toBeGreaterThanOrEqual(5);
    expect((await session.stop())[0]?.completeness.state).toBe('complete');
  });

  it('asks for metadata only where values must not arrive, and refuses more', async () => {
    const api = await cluster();
    const session = await watching(api, { reads: ['configmaps'] });
    expect(api.requests.map((request) => request.accept)).toEqual([
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    ]);
    await session.stop();
    const careless = await cluster({
      intercept: () => ({ status: 200, body: RECORDING.baseline['/api/v1/configmaps'] }),
    });
    const refused = await watching(careless, { mode: 'full', reads: ['configmaps'] });
    expect(refused.gaps.map((gap) => gap.gap)).toEqual(['BAD_RESPONSE']);
    expect(refused.observations).toEqual([]);
  });

  it('stays in the namespaces it was given', async () => {
    const api = await cluster();
    const session = await watching(api, { mode: 'full', config: { namespaces: ['default'] } });
    expect(new Set(api.requests.map((request) => request.path))).toEqual(
      new Set([
        '/apis/apps/v1/namespaces/default/replicasets',
        '/apis/apps/v1/namespaces/default/deployments',
      ]),
    );
    expect(new Set(session.observations.map((one) => one.scope?.['namespace']))).toEqual(
      new Set(['default']),
    );
  });

  it('leaves out namespaces that the policy does not admit', async () => {
    const session = await watching(await cluster(), { mode: 'full', namespaces: ['default'] });
    expect(new Set(session.observations.map((one) => one.scope?.['namespace']))).toEqual(
      new Set(['default']),
    );
  });
});

describe('refusals', () => {
  it('names the rule that is missing', async () => {
    const session = await watching(await cluster({ forbidden: ['nodes'] }), {
      mode: 'full',
      reads: ['nodes'],
    });
    expect(session.gaps).toEqual([
      {
        gap: 'PRIVILEGE',
        missing: 'nodes',
        reason: 'not allowed to list nodes',
        hint: 'Grant the ClusterRole rule {apiGroups: [""], resources: [nodes], verbs: [list, watch]}.',
      },
    ]);
    expect((await session.stop())[0]?.completeness.state).toBe('partial');
  });

  it('says when a kind is not served', async () => {
    const api = await cluster({ absent: ['cronjobs'] });
    const session = await watching(api, { mode: 'full', reads: ['cronjobs'] });
    expect(session.gaps.map((gap) => [gap.gap, gap.missing])).toEqual([['NOT_FOUND', 'cronjobs']]);
  });

  it('goes on without revision history', async () => {
    const session = await watching(await cluster({ forbidden: ['replicasets'] }), { mode: 'full' });
    expect(session.gaps.map((gap) => [gap.gap, gap.missing])).toEqual([['PRIVILEGE', 'deployments history']]);
    expect(session.observations.some((one) => one.stream === 'inventory')).toBe(true);
  });

  it('gives up with AUTH when the credentials are refused', async () => {
    const session = await startSession({
      api: await cluster({ token: 'right' }),
      reads: ['nodes'],
      mode: 'full',
      now: NOW,
    }).then(
      () => 'started',
      (error: unknown) => error,
    );
    expect(session).toMatchObject({ name: 'ConnectorError', code: 'AUTH' });
  });

  it.each([429, 503, 504])('waits and asks again after %i', async (status) => {
    let refusals = 2;
    const api = await cluster({
      intercept: () => {
        if (refusals === 0) return undefined;
        refusals -= 1;
        return { status, headers: { 'retry-after': '1' }, body: recordedBody('pods-list-future-rv') };
      },
    });
    const session = await watching(api, { mode: 'full', reads: ['nodes'] });
    expect(api.requests).toHaveLength(3);
    expect(session.gaps).toEqual([]);
  });

  it('stops at its budget and says so', async () => {
    const session = await watching(await cluster(), {
      mode: 'full',
      reads: ['pods'],
      budget: { ...WIDE, rows: 5 },
    });
    expect(session.gaps.map((gap) => gap.gap)).toEqual(['BUDGET']);
    expect((await session.stop())[0]?.completeness.state).toBe('partial');
  });

  it('ends normally when its time is over', async () => {
    const session = await watching(await cluster(), { budget: { ...WIDE, durationMs: 15 } });
    expect((await session.ended)[0]?.completeness.state).toMatch(/complete|partial/);
  });
});

describe('watching', () => {
  it('goes on from the last version after a disconnect', async () => {
    const api = await cluster();
    const session = await watching(api);
    api.happen(DEPLOYMENTS, { type: 'ADDED', object: deployment(1, 'registry.example/ledger:1') });
    await session.settled();
    api.cut();
    api.happen(DEPLOYMENTS, { type: 'MODIFIED', object: deployment(2, 'registry.example/ledger:2') });
    await session.settled();
    expect(changesIn(session.observations)).toContain(
      'object_changes kubernetes://prod/shop/Deployment/ledger generation/2',
    );
    expect(api.requests.filter((request) => request.query['watch'] === undefined)).toHaveLength(2);
    expect(session.gaps).toEqual([]);
  });

  it('lists again when its version is too old, and finds what was deleted meanwhile', async () => {
    const api = await cluster();
    const session = await watching(api);
    api.happen(DEPLOYMENTS, { type: 'ADDED', object: deployment(1, 'registry.example/ledger:1') });
    await session.settled();
    api.cut();
    api.happen(DEPLOYMENTS, { type: 'DELETED', object: deployment(1, 'registry.example/ledger:1') });
    api.compact();
    await session.settled();
    const deleted = session.observations.filter((one) => one.body['op'] === 'deleted');
    expect(deleted.map((one) => [one.entity, one.key])).toEqual([
      ['kubernetes://prod/shop/Deployment/ledger', 'deletion/uid-ledger'],
    ]);
    expect([...(session.stored.get('deployments')?.keys() ?? [])]).not.toContain('object/shop/ledger');
  });

  it('makes a gap of a line that cannot be read, and finds its effect', async () => {
    const api = await cluster();
    const session = await watching(api);
    api.inject(DEPLOYMENTS, '{"type":"MODIFIED","object":{"kind":"Deploy');
    api.happen(DEPLOYMENTS, { type: 'ADDED', object: deployment(1, 'registry.example/ledger:1') });
    await session.settled();
    expect(session.gaps.map((gap) => [gap.gap, gap.missing])).toEqual([['BAD_RESPONSE', 'deployments']]);
    const created = session.observations.filter(
      (one) => one.body['name'] === 'ledger' && one.class === 'change',
    );
    expect(created.map((one) => [one.body['op'], one.body['source']])).toEqual([['created', 'list']]);
    expect((await session.stop())[0]?.completeness.state).toBe('partial');
  });

  it('remembers across restarts what it has told', async () => {
    const api = await cluster();
    const before = await watching(api);
    api.happen(DEPLOYMENTS, { type: 'ADDED', object: deployment(1, 'registry.example/ledger:1') });
    await before.settled();
    await before.stop();
    api.happen(DEPLOYMENTS, { type: 'MODIFIED', object: deployment(2, 'registry.example/ledger:2') });
    const after = await watching(api, { stored: before.stored });
    await after.settled();
    expect(changesIn(after.observations)).toEqual([
      'object_changes kubernetes://prod/shop/Deployment/ledger generation/2',
    ]);
    expect(api.requests.at(-1)?.query['resourceVersion']).not.toBe('0');
  });

  it('tells everything once more when the policy lets out something else, and still knows what changed', async () => {
    const api = await cluster();
    const before = await watching(api, { plan: 'sha256:narrow' });
    api.happen(DEPLOYMENTS, { type: 'ADDED', object: deployment(1, 'registry.example/ledger:1') });
    await before.settled();
    await before.stop();
    const states = (session: KubeSession) =>
      session.observations.filter((one) => one.class === 'state' && one.body['name'] === 'ledger');
    const same = await watching(api, { stored: before.stored, plan: 'sha256:narrow' });
    await same.settled();
    await same.stop();
    expect(states(same)).toEqual([]);
    api.happen(DEPLOYMENTS, { type: 'MODIFIED', object: deployment(2, 'registry.example/ledger:2') });
    const wide = await watching(api, { stored: before.stored, plan: 'sha256:wide' });
    await wide.settled();
    expect(states(wide)).toHaveLength(1);
    expect(changesIn(wide.observations)).toContain(
      'object_changes kubernetes://prod/shop/Deployment/ledger generation/2',
    );
  });

  it('compares with what it remembers when it is asked for a full pass', async () => {
    const api = await cluster();
    const before = await watching(api, { mode: 'full' });
    api.step();
    const after = await watching(api, { mode: 'full', stored: before.stored });
    const updates = after.observations.filter((one) => one.body['op'] === 'updated');
    expect(updates.map((one) => [one.key, one.body['source']])).toEqual([['generation/2', 'list']]);
  });

  it('stops soon after the signal, however quiet the watch is', async () => {
    const session = await watching(await cluster());
    const [outcome] = await session.stop();
    expect(outcome?.completeness.state).toBe('complete');
  });

  it('keeps digests and allowed values, never a raw one', async () => {
    const api = await cluster();
    const session = await watching(api);
    const state = JSON.stringify([...(session.stored.get('deployments') ?? [])]);
    expect(state).toContain('registry.example/shop/checkout:2.4.1');
    expect(state).toMatch(/env\[name=API_KEY\]\.value":\{"d":"hmac-sha256:/);
    expect(state).not.toContain('canary');
  });
});

describe('whatever breaks in between', () => {
  const reads = ['deployments', 'configmaps', 'nodes', 'namespaces', 'poddisruptionbudgets'];
  const total = RECORDING.events.length;

  it('tells the same changes', { timeout: 60_000 }, async () => {
    const undisturbed = await told([]);
    expect(undisturbed.length).toBeGreaterThan(1);
    const breaks = fc.array(fc.record({ at: fc.integer({ min: 0, max: total }), expires: fc.boolean() }), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(breaks, async (points) => {
        expect(await told(points)).toEqual(undisturbed);
      }),
      { numRuns: 25 },
    );
  });

  /** Every event is handled, then the connection breaks at these points; some of them with history forgotten. */
  async function told(
    points: readonly { readonly at: number; readonly expires: boolean }[],
  ): Promise<readonly string[]> {
    const api = await startKubeApi({ recording: RECORDING });
    const session = await startSession({ api, reads, now: NOW });
    let done = 0;
    for (const point of [...points].sort((a, b) => a.at - b.at)) {
      done += api.step(point.at - done);
      if (point.expires) api.compact();
      api.cut();
      await until(() => api.openWatches >= reads.length);
    }
    api.step();
    await session.settled();
    await session.stop();
    await api.close();
    return changesIn(session.observations);
  }
});
