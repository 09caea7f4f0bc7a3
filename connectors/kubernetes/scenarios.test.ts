import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type KubeApi, startKubeApi } from '../../test/helpers/kube-api.ts';
import {
  type KubeRecording,
  loadRecording,
  SCENARIOS,
  type Scenario,
} from '../../test/helpers/kube-recording.ts';
import { type KubeSession, startSession } from '../../test/helpers/kube-session.ts';
import type { Observation } from '../sdk/index.ts';

/** What each recorded incident must leave behind: the write that caused it, as it was. */
const CAUSES: Readonly<Record<Scenario, { readonly stream: string; readonly body: object }>> = {
  'bad-image-tag': {
    stream: 'object_changes',
    body: updated(2, [
      change('spec.template.spec.containers[name=checkout].image', 'image', {
        from: 'registry.example/shop/checkout:2.4.1',
        to: 'registry.example/shop/checkout:2.5.0-typo',
      }),
    ]),
  },
  'config-change-breaks-readiness': {
    stream: 'object_changes',
    body: {
      op: 'updated',
      manager: 'kubesim',
      changes: expect.arrayContaining([
        { path: 'data.PAYMENT_TIMEOUT_MS', aspect: 'config', certainty: 'candidate' },
      ]),
    },
  },
  'node-lost': {
    stream: 'condition_changes',
    body: { condition: 'Ready', to: 'Unknown', reason: 'NodeStatusUnknown' },
  },
  'oom-after-limit-cut': {
    stream: 'object_changes',
    body: updated(2, [
      change('spec.template.spec.containers[name=payments].resources.limits.memory', 'resources', {
        from: '256Mi',
        to: '64Mi',
      }),
      change('spec.template.spec.containers[name=payments].resources.requests.memory', 'resources', {
        from: '256Mi',
        to: '64Mi',
      }),
    ]),
  },
  'pvc-never-binds': { stream: 'condition_changes', body: { condition: 'phase', to: 'Pending' } },
  'quota-exhausted': {
    stream: 'object_changes',
    body: {
      op: 'created',
      manager: 'kubesim',
      changes: expect.arrayContaining([change('spec.hard.pods', 'quota', { to: '13' })]),
    },
  },
  'scaled-to-zero': {
    stream: 'object_changes',
    body: updated(2, [change('spec.replicas', 'scale', { from: 2, to: 0 })]),
  },
  'unschedulable-request': {
    stream: 'object_changes',
    body: updated(2, [
      change('spec.template.spec.containers[name=catalog].resources.requests.cpu', 'resources', {
        from: '100m',
        to: '64',
      }),
    ]),
  },
};

function updated(generation: number, changes: readonly object[]): object {
  return {
    op: 'updated',
    manager: 'kubesim',
    operation: 'Update',
    generation,
    changes,
    changeCount: changes.length,
  };
}

function change(path: string, aspect: string, values: object): object {
  return { path, aspect, certainty: 'exact', ...values };
}

/** Without a baseline the scale before cannot be known; the field, its value now and its writer can. */
const CAUSE_WHEN_LATE: Partial<Record<Scenario, object>> = {
  'scaled-to-zero': {
    op: 'updated',
    source: 'managed-fields',
    manager: 'kubesim',
    changes: expect.arrayContaining([
      { path: 'spec.replicas', aspect: 'scale', certainty: 'candidate', to: 0 },
    ]),
  },
};

describe.each(SCENARIOS)('%s', (scenario) => {
  let recording: KubeRecording;
  let api: KubeApi;
  let session: KubeSession;

  beforeAll(() => {
    recording = loadRecording(scenario);
  });

  afterEach(async () => {
    await session.stop();
    await api.close();
  });

  it('is told while it happens', async () => {
    api = await startKubeApi({ recording });
    session = await startSession({ api, now: new Date(recording.truth.window.from) });
    api.step();
    await session.settled();
    expectTruth(session, recording, CAUSES[scenario].body);
    expectOnePerGeneration(session.observations);
  });

  it('is told when the agent starts after it', async () => {
    api = await startKubeApi({ recording });
    api.step(eventsUntil(recording, recording.truth.window.to));
    session = await startSession({ api, now: new Date(recording.truth.window.to), mode: 'full' });
    expectTruth(session, recording, CAUSE_WHEN_LATE[scenario] ?? CAUSES[scenario].body);
  });

  function expectTruth(told: KubeSession, { truth }: KubeRecording, body: object): void {
    const entity = `kubernetes://prod/${truth.cause.namespace ?? '_cluster'}/${truth.cause.kind}/${truth.cause.name}`;
    const changes = told.observations.filter(
      (one) => one.entity === entity && one.stream === CAUSES[scenario].stream,
    );
    const during = changes.filter(({ occurredAt }) => isWithin(occurredAt, truth.window));
    expect(during.map((one) => one.body)).toContainEqual(expect.objectContaining(body));
    const reasons = told.observations
      .filter((one) => one.class === 'symptom')
      .map((one) => one.body['reason']);
    expect(reasons).toEqual(expect.arrayContaining([...truth.symptoms]));
    expect(truth.canaries.filter((canary) => told.everything.includes(canary))).toEqual([]);
    expect(told.gaps).toEqual([]);
    expect(api.requests.filter((request) => request.path.includes('secrets'))).toEqual([]);
  }
});

describe('one change seen two ways', () => {
  it.each(['bad-image-tag', 'oom-after-limit-cut', 'unschedulable-request'] as const)(
    '%s has one identity, watched or recovered',
    async (scenario) => {
      const recording = loadRecording(scenario);
      const watched = await identities(recording, 'watch');
      const recovered = await identities(recording, 'late');
      expect(watched).toHaveLength(1);
      expect(recovered).toEqual(watched);
    },
  );

  async function identities(recording: KubeRecording, how: 'watch' | 'late'): Promise<readonly string[]> {
    const api = await startKubeApi({ recording });
    if (how === 'late') api.step(eventsUntil(recording, recording.truth.window.to));
    const session = await startSession({
      api,
      reads: ['deployments'],
      now: new Date(recording.truth.window.to),
    });
    api.step();
    await session.settled();
    await session.stop();
    await api.close();
    const updates = session.observations.filter(
      (one) => one.stream === 'object_changes' && one.body['op'] === 'updated',
    );
    return updates.map((one) => `${one.entity} ${one.key} ${one.occurredAt}`);
  }
});

/** Items of one object and one generation say the same write, so there is one. */
function expectOnePerGeneration(observations: readonly Observation[]): void {
  const changes = observations.filter((one) => one.stream === 'object_changes');
  const keys = changes.map((one) => `${one.entity} ${one.key}`);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
}

/** Windows are given in whole seconds: the last one belongs to them. */
function isWithin(at: string, window: KubeRecording['truth']['window']): boolean {
  const end = new Date(Date.parse(window.to) + 999).toISOString();
  return at >= new Date(window.from).toISOString() && at <= end;
}

function eventsUntil(recording: KubeRecording, end: string): number {
  const limit = new Date(Date.parse(end) + 999).toISOString();
  return recording.events.filter((event) => event.at <= limit).length;
}
