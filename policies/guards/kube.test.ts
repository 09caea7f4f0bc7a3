import { describe, expect, it } from 'vitest';
import { checkKube } from './kube.ts';

const GOOD = { resource: 'pods', list: '/api/v1/pods', verbs: '[list, watch]' };

function file(fields: Readonly<Record<string, string>>): string {
  return Object.entries({ ...GOOD, ...fields })
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
}

const codes = (fields: Readonly<Record<string, string>>) =>
  checkKube(file(fields), 'queries/x.yaml').map(({ code, path }) => `${code} ${path}`);

describe('checkKube', () => {
  it.each([
    {},
    { verbs: '[get]' },
    { resource: 'deployments', list: '/apis/apps/v1/deployments' },
    { resource: 'configmaps', list: '/api/v1/configmaps', accept: 'metadata' },
    { history: '{ list: /apis/apps/v1/replicasets, template: spec.template }' },
    { changes: '[{ path: spec.replicas, show: value }]' },
  ])('proves %j', (fields) => {
    expect(codes(fields)).toEqual([]);
  });

  it.each([
    [{ verbs: '[list, delete]' }, 'VERB verbs'],
    [{ verbs: '[]' }, 'VERB verbs'],
    [{ verbs: 'list' }, 'VERB verbs'],
    [{ resource: 'secrets', list: '/api/v1/secrets' }, 'RESOURCE list'],
    [{ resource: 'pods', list: '/api/v1/secrets' }, 'PATH list'],
    [{ history: '{ list: /api/v1/secrets }' }, 'RESOURCE history.list'],
    [{ history: '{ list: /api/v1/namespaces/a/pods/b/log }' }, 'PATH history.list'],
    [{ list: '/api/v1/pods/../secrets' }, 'PATH list'],
    [{ list: '//evil/api/v1/pods' }, 'PATH list'],
    [{ list: '"/api/v1/pods?watch=1"' }, 'PATH list'],
    [{ url: 'https://evil/api/v1/pods' }, 'PATH url'],
    [{ method: 'GET' }, 'METHOD method'],
    [{ resource: 'configmaps', list: '/api/v1/configmaps' }, 'VALUES accept'],
    [{ resource: '[pods]' }, 'SHAPE '],
  ])('refuses %j', (fields, expected) => {
    expect(codes(fields)).toContain(expected);
  });

  it('refuses what is no plain YAML', () => {
    expect(checkKube('a: &x 1\nb: *x', 'queries/x.yaml')).toMatchObject([{ code: 'NOT_YAML' }]);
    expect(checkKube('- a', 'queries/x.yaml')).toMatchObject([{ code: 'NOT_YAML' }]);
  });
});
