import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GITHUB_TOKEN, type GitHubApi, startGitHubApi } from '../../test/helpers/github-api.ts';
import { egressFetch, Secret } from '../sdk/index.ts';
import { fakeDeps, loadManifest, loadReads } from '../sdk/testing/index.ts';
import { createGitHub } from './index.ts';

const never = new AbortController().signal;
let api: GitHubApi;
beforeEach(async () => {
  api = await startGitHubApi();
});
afterEach(async () => {
  await api.close();
});

function connector(repositories: readonly string[] = ['acme/shop'], token = GITHUB_TOKEN) {
  const deps = fakeDeps({
    reads: loadReads(import.meta.dirname),
    fetch: egressFetch([new URL(api.url).host]),
  });
  return createGitHub({ token: new Secret(token), repositories, baseUrl: api.url }, deps, { retryBaseMs: 1 });
}

/** https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
const SCOPES = [
  'repo repo:status repo_deployment public_repo repo:invite security_events site_admin',
  'admin:repo_hook write:repo_hook read:repo_hook admin:org write:org read:org admin:org_hook',
  'admin:public_key write:public_key read:public_key admin:gpg_key write:gpg_key read:gpg_key',
  'gist notifications user read:user user:email user:follow project read:project delete_repo',
  'write:packages read:packages delete:packages codespace workflow read:audit_log',
  'admin:enterprise manage_runners:enterprise manage_billing:enterprise read:enterprise',
].flatMap((line) => line.split(' '));

describe('authenticate', () => {
  it('finds nothing missing and nothing in excess with a fine-grained token', async () => {
    expect(await connector().authenticate(never)).toEqual({
      identity: 'user:exhibit-reader',
      granted: ['metadata:read', 'contents:read', 'pull_requests:read', 'deployments:read', 'actions:read'],
      missing: [],
      excess: [],
    });
  });

  it('reports every scope of a classic token as excess', async () => {
    api.behaviour.scopes = 'repo, workflow, admin:org';
    const report = await connector().authenticate(never);
    expect(report.excess).toEqual(['repo', 'workflow', 'admin:org']);
    expect(report.granted).toEqual(expect.arrayContaining(['repo', 'workflow', 'admin:org', 'actions:read']));
  });

  it('can report each scope that there is by a name that the manifest has, so that policies can refuse it', async () => {
    const { rights } = loadManifest(import.meta.dirname);
    for (const scope of SCOPES) {
      api.behaviour.scopes = scope;
      expect((await connector().authenticate(never)).excess).toEqual([scope]);
      const isKnown = rights.some((right) =>
        right.endsWith('*') ? scope.startsWith(right.slice(0, -1)) : right === scope,
      );
      expect([scope, isKnown]).toEqual([scope, true]);
    }
  });

  it('names the permission that is missing, the reads without it, and how to grant it', async () => {
    api.inject({
      path: /\/deployments/,
      fault: {
        kind: 'status',
        status: 403,
        headers: { 'x-accepted-github-permissions': 'deployments=read' },
      },
    });
    const report = await connector().authenticate(never);
    expect(report.missing).toEqual([
      {
        privilege: 'deployments:read',
        reads: ['deployments'],
        hint: 'Give the token the permission that the API names: deployments=read.',
      },
    ]);
    expect(report.granted).not.toContain('deployments:read');
  });

  it('groups the reads that need the same permission', async () => {
    api.inject({ path: /\/(commits|releases)\?/, fault: { kind: 'status', status: 403 } });
    const { missing } = await connector().authenticate(never);
    expect(missing).toEqual([
      expect.objectContaining({ privilege: 'contents:read', reads: ['commits', 'releases'] }),
    ]);
  });

  it('names a repository that is not visible, and checks the reads on one that is', async () => {
    const { missing, granted } = await connector(['acme/gone', 'acme/shop']).authenticate(never);
    expect(missing).toEqual([
      expect.objectContaining({
        privilege: 'metadata:read on acme/gone',
        reads: ['commits', 'pull_requests', 'deployments', 'workflow_runs', 'releases'],
      }),
    ]);
    expect(granted).toContain('actions:read');
  });

  it.each([
    ['installation', 'installation:1 repositories'],
    ['none', 'token without a user'],
  ] as const)('names what a token of kind %s is', async (kind, identity) => {
    api.behaviour.identity = kind;
    expect((await connector().authenticate(never)).identity).toBe(identity);
  });

  it('works where rate limits are off', async () => {
    api.behaviour.identity = 'none';
    api.behaviour.rateLimit = false;
    expect((await connector().authenticate(never)).identity).toBe('token without a user');
  });

  it('fails with AUTH for a wrong token and UNREACHABLE for a broken server', async () => {
    await expect(connector(['acme/shop'], 'wrong').authenticate(never)).rejects.toMatchObject({
      code: 'AUTH',
    });
    api.inject({ path: /./, fault: { kind: 'status', status: 503 } });
    await expect(connector().authenticate(never)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  it('says so when something else answers at the address', async () => {
    api.inject({ path: /\/user/, fault: { kind: 'json', json: { hello: 'world' } } });
    await expect(connector().authenticate(never)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });
});

describe('discover', () => {
  const streams = loadManifest(import.meta.dirname).streams.map(({ id }) => id);

  it('lists every stream of the manifest', async () => {
    expect(await connector().discover(never)).toEqual(streams.map((stream) => ({ stream, available: true })));
  });

  it('says which are not there, and why', async () => {
    api.inject({ path: /\/deployments/, fault: { kind: 'status', status: 404 } });
    const found = await connector().discover(never);
    expect(found.filter(({ available }) => !available)).toEqual([
      { stream: 'deployments', available: false, reason: 'the token lacks deployments:read' },
      { stream: 'deployment_statuses', available: false, reason: 'the token lacks deployments:read' },
    ]);
  });
});

describe('close', () => {
  it('may come twice and before anything else, and ends what is under way', async () => {
    const closed = connector();
    await closed.close();
    await closed.close();
    await expect(closed.authenticate(never)).rejects.toMatchObject({ code: 'TIMEOUT' });

    api.inject({ path: /user/, fault: { kind: 'hang' } });
    const busy = connector();
    const checking = busy.authenticate(never);
    await busy.close();
    await expect(checking).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});
