import { afterEach, describe, expect, it } from 'vitest';
import { type KubeApi, type KubeApiOptions, startKubeApi } from '../../test/helpers/kube-api.ts';
import { loadRecording } from '../../test/helpers/kube-recording.ts';
import { testClock, testDeps } from '../../test/helpers/kube-session.ts';
import { type Connector, Secret } from '../sdk/index.ts';
import { hostsOf } from './client.ts';
import { kubernetesConfig } from './config.ts';
import { connector } from './index.ts';

const recording = loadRecording('scaled-to-zero');
let api: KubeApi;

afterEach(() => api.close());

async function connected(options: Partial<KubeApiOptions> = {}, token?: string): Promise<Connector> {
  api = await startKubeApi({ recording, ...options });
  const config = { server: api.url, ...(token === undefined ? {} : { token: new Secret(token) }) };
  return connector.create(connector.config.parse(config), testDeps(testClock()));
}

const signal = new AbortController().signal;

describe('authenticate', () => {
  it('says who we are and that every right is there', async () => {
    const report = await (await connected({ token: 'sesame' }, 'sesame')).authenticate(signal);
    expect(report).toMatchObject({ identity: 'admin', missing: [], excess: [] });
    expect(report.granted).toContain('watch deployments.apps');
  });

  it('names what is missing and the reads that need it', async () => {
    const report = await (await connected({ forbidden: ['controllerrevisions', 'nodes'] })).authenticate(
      signal,
    );
    expect(report.missing).toEqual([
      expect.objectContaining({
        privilege: 'list controllerrevisions.apps',
        reads: ['daemonsets', 'statefulsets'],
      }),
      expect.objectContaining({ privilege: 'list nodes', reads: ['nodes'] }),
      expect.objectContaining({ privilege: 'watch nodes', reads: ['nodes'] }),
    ]);
  });

  it('names what is too much', async () => {
    const report = await (await connected({ granted: ['list secrets', 'create pods/exec'] })).authenticate(
      signal,
    );
    expect(report.excess).toEqual(['list secrets', 'create pods/exec']);
  });

  it('throws AUTH for a token that is not accepted, without quoting it', async () => {
    const refused = await (await connected({ token: 'sesame' }, 'wrong-canary'))
      .authenticate(signal)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'AUTH' });
    expect(String(refused)).not.toContain('wrong-canary');
  });

  it('throws UNREACHABLE when nobody answers', async () => {
    const lonely = await connected();
    await api.close();
    await expect(lonely.authenticate(signal)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    api = await startKubeApi({ recording });
  });
});

describe('discover', () => {
  it('leaves a stream available while one of its reads is served', async () => {
    const streams = await (await connected({ absent: ['cronjobs'] })).discover(signal);
    expect(streams).toEqual([
      { stream: 'object_changes', available: true },
      { stream: 'condition_changes', available: true },
      { stream: 'symptoms', available: true },
      { stream: 'inventory', available: true },
    ]);
  });
});

describe('egress', () => {
  it('is the API server and nothing else', async () => {
    api = await startKubeApi({ recording });
    expect(hostsOf(kubernetesConfig.parse({ server: 'https://k8s.example' }))).toEqual(['k8s.example:443']);
    const kubeconfig = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443' } }],
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
    expect(hostsOf(kubernetesConfig.parse({ kubeconfig: new Secret(kubeconfig) }))).toEqual([
      '10.0.0.1:6443',
    ]);
  });

  it('does not change anything: only GET, and POST of reviews', async () => {
    await (await connected()).authenticate(signal);
    const posts = new Set(
      api.requests.filter((request) => request.method !== 'GET').map((request) => request.path),
    );
    expect(posts).toEqual(
      new Set([
        '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      ]),
    );
  });
});

describe('close', () => {
  it('may come first and twice', async () => {
    const closed = await connected();
    await closed.close();
    await closed.close();
    expect((await closed.authenticate(signal)).identity).toBe('admin');
  });
});
