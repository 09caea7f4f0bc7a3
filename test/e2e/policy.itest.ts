import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Item } from '../../evidence/item.ts';
import { ApiSession } from './api-session.ts';
import {
  justHappened,
  untilQuiet,
  type WatchedCluster,
  watchedCluster,
  watchesEverything,
} from './kube-agent.ts';
import { type AgentFolderOptions, type AgentProcess, eventually, startAgentProcess } from './support.ts';

const DEPLOYMENTS = '/apis/apps/v1/deployments';
const metadata = (version: string) => ({ name: 'acme', version, description: 'What Acme lets out.' });
const ACME = { apiVersion: 'exhibit/v1', kind: 'Policy', metadata: metadata('1') };
const WIDER = {
  ...ACME,
  metadata: metadata('2'),
  rules: [
    {
      id: 'images',
      description: 'To see what was deployed.',
      streams: ['kubernetes/object_changes'],
      fields: ['changes[].to', 'changes[].from'],
      treatment: 'keep',
    },
  ],
};

interface PolicyNow {
  readonly digest: string;
  readonly version: string;
  readonly lastFailure: {
    readonly problems: readonly { readonly file: string; readonly line: number }[];
  } | null;
  readonly stops: readonly {
    readonly connection: string;
    readonly stream: string;
    readonly canary: string;
  }[];
}

const open: { cluster: WatchedCluster; agent: AgentProcess }[] = [];
afterEach(async () => {
  for (const { cluster, agent } of open.splice(0)) {
    await agent.end('SIGKILL');
    await cluster[Symbol.asyncDispose]();
  }
});

async function running(options: Partial<AgentFolderOptions>) {
  const cluster = await watchedCluster(justHappened('oom-after-limit-cut'), options);
  const agent = startAgentProcess(cluster.folder);
  open.push({ cluster, agent });
  const session = new ApiSession(await agent.url);
  expect(await watchesEverything(cluster, session)).toBe(true);
  await untilQuiet(session);
  return { cluster, session, file: join(cluster.folder.directory, 'policy-1.yaml') };
}

function deployment(name: string, image: string, generation: number) {
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '', generation },
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'app', image }] } } },
  };
}

const changesOf = (items: readonly Item[], name: string) =>
  items.filter(({ stream, entity }) => stream === 'object_changes' && entity.endsWith(`/${name}`));

describe('an edit of a policy file while the agent runs', () => {
  it('takes hold as a whole, is evidence, and can be explained, compared and taken back', async () => {
    const { cluster, session, file } = await running({
      policy: ['strict', ACME],
      config: { governance: { reload: '200ms' } },
    });
    const now = () => session.get<PolicyNow>('/v1/policy');
    const happen = (image: string, generation: number) =>
      cluster.api.happen(DEPLOYMENTS, {
        type: generation === 1 ? 'ADDED' : 'MODIFIED',
        object: deployment('ledger', image, generation),
      });
    happen('registry.example/ledger:1', 1);
    happen('registry.example/ledger:2', 2);
    expect(await eventually(async () => changesOf(await session.items(), 'ledger').length >= 2)).toBe(true);
    const before = await now();
    expect(JSON.stringify(changesOf(await session.items(), 'ledger'))).not.toContain('ledger:2"');

    await writeFile(file, stringify(WIDER));
    expect(await eventually(async () => (await now()).digest !== before.digest)).toBe(true);
    const wide = await now();
    expect(wide).toMatchObject({ version: 'strict@2+acme@2', lastFailure: null });
    expect(await watchesEverything(cluster, session)).toBe(true);
    happen('registry.example/ledger:3', 3);
    const third = () =>
      session
        .items()
        .then((items) =>
          changesOf(items, 'ledger').find((item) => JSON.stringify(item.body).includes('ledger:3')),
        );
    expect(await eventually(async () => (await third()) !== undefined)).toBe(true);
    const told = await third();
    expect(told?.provenance.policy).toEqual({ digest: wide.digest, version: 'strict@2+acme@2' });
    expect(told?.provenance.fields['body.changes[].to']).toBe('acme#images');
    const versions = (await session.items()).filter(({ kind }) => kind === 'exhibit.policy_version/v1');
    expect(versions.map(({ body }) => [body['from'], body['to'], body['risk']])).toEqual([
      [before.digest, wide.digest, 'medium'],
    ]);

    await writeFile(file, (await readFile(file, 'utf8')).replace('treatment: keep', 'treatmnt: keep'));
    expect(await eventually(async () => (await now()).lastFailure !== null)).toBe(true);
    const broken = await now();
    expect(broken.digest).toBe(wide.digest);
    expect(broken.lastFailure?.problems[0]?.line).toBeGreaterThan(1);

    const explained = await session.post<object>('/v1/policy/explain', {
      connection: 'prod',
      stream: 'object_changes',
      field: 'changes[].to',
    });
    expect(JSON.stringify(explained)).toContain('acme#images');
    const compared = await session.post<{
      widens: boolean;
      replay: { effects: { stream: string; field: string; items: number }[] };
    }>('/v1/policy/diff', { layers: [{ name: 'strict' }], replay: true });
    expect(compared.widens).toBe(false);
    const lost = compared.replay.effects.find(({ field }) => field === 'body.changes[].to');
    expect(lost).toMatchObject({ stream: 'kubernetes/object_changes' });
    expect(lost?.items).toBeGreaterThanOrEqual(1);
  });
});

describe('a canary', () => {
  it('stops the stream in which it shows, until somebody releases it', async () => {
    const marker = ['ledger', 'archive', 'q7x2kd'].join('-');
    const { cluster, session } = await running({
      policy: ['standard', ACME],
      env: { E2E_CANARY: marker },
      config: { governance: { canaries: [{ id: 'archive', value: { env: 'E2E_CANARY' } }] } },
    });
    const add = (name: string) =>
      cluster.api.happen(DEPLOYMENTS, { type: 'ADDED', object: deployment(name, 'registry.example/x:1', 1) });
    add(marker);
    const refusals = async () => (await session.items()).filter(({ body }) => body['code'] === 'CANARY');
    expect(await eventually(async () => (await refusals()).length > 0)).toBe(true);
    const { stops } = await session.get<PolicyNow>('/v1/policy');
    expect(stops).toContainEqual(
      expect.objectContaining({ connection: 'prod', stream: 'object_changes', canary: 'canary:archive' }),
    );
    add('while-stopped');
    await untilQuiet(session);
    expect(changesOf(await session.items(), 'while-stopped')).toEqual([]);

    await session.bytes('/v1/policy/stops/prod/object_changes?reason=looked+at+and+renamed', {
      method: 'DELETE',
    });
    expect(await watchesEverything(cluster, session)).toBe(true);
    add('after-release');
    expect(await eventually(async () => changesOf(await session.items(), 'after-release').length > 0)).toBe(
      true,
    );
    expect(session.answers.join('\n')).not.toContain(marker);
    expect(await session.text('/metrics')).toMatch(
      /exhibit_net_hits_total\{where="item",rule="canary:archive"\} [1-9]/,
    );
  });
});
