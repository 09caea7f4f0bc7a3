import { describe, expect, it } from 'vitest';
import { kubeReads, testClock, testDeps } from '../../test/helpers/kube-session.ts';
import type { Look } from './changes.ts';
import { RevisionHistory } from './history.ts';
import { kubeObject } from './kube-object.ts';
import { projector, queryRules } from './projection.ts';
import { parseQuery } from './schema.ts';
import { transition } from './transition.ts';

const { digest } = testDeps(testClock());

function queryOf(read: string) {
  return parseQuery(read, kubeReads().get(read) ?? '');
}

function historyOf(read: string, revisions: readonly object[]): RevisionHistory {
  const rule = queryOf(read).history;
  if (rule === undefined) throw new Error(`${read} keeps no history`);
  const history = new RevisionHistory(rule, digest);
  for (const revision of revisions) history.add(revision);
  return history;
}

function template(image: string): object {
  return { spec: { containers: [{ name: 'app', image }] } };
}

const OWNER = [{ kind: 'Deployment', name: 'checkout', uid: 'uid-checkout', controller: true }];

function replicaSet(revision: number, image: string, createdAt: string): object {
  const annotations = { 'deployment.kubernetes.io/revision': String(revision) };
  const metadata = {
    name: `checkout-${revision}`,
    creationTimestamp: createdAt,
    annotations,
    ownerReferences: OWNER,
  };
  return { metadata, spec: { template: template(image) } };
}

/** What a first look says about a Deployment at generation 3, last written at 09:00. */
function recovered(history: RevisionHistory) {
  const time = '2026-11-21T09:00:00Z';
  const fieldsV1 = { 'f:spec': { 'f:replicas': {}, 'f:template': {} } };
  const object = kubeObject({
    metadata: {
      name: 'checkout',
      namespace: 'shop',
      uid: 'uid-checkout',
      generation: 3,
      creationTimestamp: '2026-11-01T00:00:00Z',
      managedFields: [{ manager: 'kubectl-edit', operation: 'Update', time, fieldsV1 }],
    },
    spec: { replicas: 7, template: template('registry.example/checkout:1') },
    status: { availableReplicas: 7 },
  });
  if (object === null) throw new Error('not an object');
  const query = queryOf('deployments');
  const look: Look = {
    how: 'first',
    now: new Date('2026-11-21T09:05:00Z'),
    threshold: '2026-11-21T08:00:00.000Z',
    everything: false,
    history: history.changeOf('uid-checkout'),
    since: null,
  };
  const deps = { connection: 'prod', query, digest, projector: projector(queryRules(query), digest) };
  const { observations } = transition(deps, null, object, look);
  return observations
    .filter((one) => one.class === 'change')
    .map(({ key, occurredAt, body }) => ({
      key,
      occurredAt,
      source: body['source'],
      changes: body['changes'],
    }));
}

function imageChange(from: string, to: string): object {
  return {
    path: 'spec.template.spec.containers[name=app].image',
    aspect: 'image',
    certainty: 'exact',
    from,
    to,
  };
}

describe('revision history', () => {
  it('tells a rollback at the time of the write, though the template is old', () => {
    const history = historyOf('deployments', [
      replicaSet(3, 'registry.example/checkout:1', '2026-11-02T00:00:00Z'),
      replicaSet(2, 'registry.example/checkout:2', '2026-11-20T00:00:00Z'),
    ]);
    expect(recovered(history)).toEqual([
      {
        key: 'generation/3',
        occurredAt: '2026-11-21T09:00:00.000Z',
        source: 'history',
        changes: [imageChange('registry.example/checkout:2', 'registry.example/checkout:1')],
      },
    ]);
  });

  it('keeps a template change and a later scaling apart', () => {
    const history = historyOf('deployments', [
      replicaSet(1, 'registry.example/checkout:0', '2026-11-02T00:00:00Z'),
      replicaSet(2, 'registry.example/checkout:1', '2026-11-21T08:30:00Z'),
    ]);
    expect(recovered(history)).toEqual([
      {
        key: 'revision/2',
        occurredAt: '2026-11-21T08:30:00.000Z',
        source: 'history',
        changes: [imageChange('registry.example/checkout:0', 'registry.example/checkout:1')],
      },
      {
        key: 'generation/3',
        occurredAt: '2026-11-21T09:00:00.000Z',
        source: 'managed-fields',
        changes: [{ path: 'spec.replicas', aspect: 'scale', certainty: 'candidate', to: 7 }],
      },
    ]);
  });

  it('leaves the template out of the candidates when it has had one only', () => {
    const history = historyOf('deployments', [
      replicaSet(1, 'registry.example/checkout:1', '2026-11-02T00:00:00Z'),
    ]);
    expect(recovered(history).map((one) => [one.key, one.changes])).toEqual([
      ['generation/3', [{ path: 'spec.replicas', aspect: 'scale', certainty: 'candidate', to: 7 }]],
    ]);
  });

  it('reads ControllerRevisions, newest first, whatever their order', () => {
    const revision = (number: number, image: string): object => ({
      metadata: {
        name: `queue-${number}`,
        creationTimestamp: `2026-11-0${number}T00:00:00Z`,
        ownerReferences: OWNER,
      },
      revision: number,
      data: { spec: { template: { ...template(image), $patch: 'replace' } } },
    });
    const history = historyOf('statefulsets', [
      revision(2, 'queue:b'),
      revision(3, 'queue:c'),
      revision(1, 'queue:a'),
    ]);
    expect(history.changeOf('uid-checkout')).toMatchObject({
      revision: '3',
      isRollback: false,
      changes: [imageChange('queue:b', 'queue:c')],
    });
    expect(history.changeOf('uid-of-another')).toBeNull();
  });

  it('ignores what is no revision', () => {
    const history = historyOf('deployments', [{}, { metadata: { name: 'x', ownerReferences: OWNER } }]);
    expect(history.changeOf('uid-checkout')).toBeNull();
  });
});
