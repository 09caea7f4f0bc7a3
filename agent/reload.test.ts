import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '../evidence/item.ts';
import { verifyChain } from '../evidence/verify.ts';
import { PRESETS } from '../policies/load.ts';
import { type Agent, createAgent } from './app.ts';
import { loadConfig } from './config/load.ts';
import { discover } from './registry/discover.ts';
import { systemClock } from './scheduler/system-clock.ts';
import { loadToken, makeMissingKeys } from './secrets/keys.ts';

const CONNECTORS = fileURLToPath(new URL('registry/testdata/connectors', import.meta.url));
const CONFIG = `
apiVersion: exhibit/v1
kind: Agent
tenant: acme
dataDir: data
api: { listen: "127.0.0.1:0", rate: { perSecond: 100000, burst: 100000 } }
policy: [standard, acme.yaml, other.yaml]
governance: { reload: 0s }
connections:
  - id: front
    connector: vault
    config: { host: front.example, password: { env: VAULT_PASSWORD } }
    reads: { alarms: { enabled: false } }
`;

const policyText = (name: string, version: string, rest = '') =>
  `apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: ${name}, version: "${version}", description: for tests }\n${rest}`;
const OPEN = 'rules: []\n';
const CLOSED =
  'rules:\n  - { id: closed, description: nothing of doors, streams: [vault/doors], fields: [open], treatment: drop }\n';

let folder = '';
let agent: Agent;
let logged = '';
let token = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-reload-'));
  logged = '';
  await writeFile(path.join(folder, 'agent.yaml'), CONFIG);
  await write('acme', '1', OPEN);
  await write('other', '1', OPEN);
  await start();
});
afterEach(async () => {
  await agent.stop();
  await rm(folder, { recursive: true });
});

async function write(name: string, version: string, rest: string): Promise<void> {
  await writeFile(path.join(folder, `${name}.yaml`), policyText(name, version, rest));
}

async function start(): Promise<void> {
  const { definitions } = await discover(CONNECTORS);
  const env = { VAULT_PASSWORD: 'canary-4410' };
  const loaded = await loadConfig(path.join(folder, 'agent.yaml'), { env, definitions, presets: PRESETS });
  await makeMissingKeys(loaded.paths);
  token = (await loadToken(loaded.paths)).open();
  const logTo = { write: (line: string) => void (logged += line) };
  agent = await createAgent(loaded, { clock: systemClock(), version: '0.0.7', definitions, logTo });
  await agent.start();
}

async function items(): Promise<readonly Item[]> {
  const { items: stored } = await agent.store.query({ limit: 1_000 });
  return stored.map(({ canonical }) => JSON.parse(canonical) as Item);
}

/** Digests of the policies that have admitted a read. */
async function admittedUnder(): Promise<ReadonlySet<string>> {
  const page = await agent.store.governance.decisions({ decision: 'allow', limit: 1_000 });
  return new Set(page.items.map(({ policy }) => policy));
}

describe('an edit of the policy', () => {
  it('is evidence, changes what the next read lets out, and leaves a chain that verifies', async () => {
    await agent.scheduler.runNow({ trigger: 'incident' });
    const before = agent.policy.digest;
    await write('acme', '2', CLOSED);
    await agent.reloadPolicy();
    await agent.scheduler.runNow({ trigger: 'incident' });
    const change = (await items()).find(({ kind }) => kind === 'exhibit.policy_version/v1');
    expect(change).toMatchObject({
      class: 'change',
      stream: 'policy',
      entity: 'exhibit://acme/policy',
      body: {
        from: before,
        to: agent.policy.digest,
        version: 'standard@1+acme@2+other@1',
        source: 'reload',
        opened: [],
        closed: [expect.stringContaining('open')],
      },
      provenance: { policy: { digest: agent.policy.digest } },
    });
    expect(await admittedUnder()).toEqual(new Set([before, agent.policy.digest]));
    const manifests = (await agent.store.manifests({ limit: 100 })).items.toReversed();
    expect(verifyChain(manifests, { publicKeyPem: [agent.keys.signer.publicKeyPem] }).good).toBe(true);
  });

  it('that is broken a thousand times loses no request, no job and not the policy', async () => {
    const { digest } = agent.policy;
    let isOver = false;
    const outcomes: string[] = [];
    const statuses: number[] = [];
    const jobs = (async () => {
      while (!isOver) {
        const finished = await agent.scheduler.runNow({ trigger: 'incident' });
        outcomes.push(...finished.map(({ outcome }) => outcome.status));
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    const requests = (async () => {
      while (!isOver) {
        const response = await fetch(`${agent.url()}/v1/policy`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        statuses.push(response.status);
        expect(((await response.json()) as { digest: string }).digest).toBe(digest);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const good = policyText('acme', '1', OPEN);
    for (let round = 0; round < 1_000; round += 1) {
      await writeFile(path.join(folder, 'acme.yaml'), broken(good, round));
      await agent.reloadPolicy();
      expect(agent.policy.digest).toBe(digest);
    }
    isOver = true;
    await Promise.all([jobs, requests]);
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(outcomes.length).toBeGreaterThan(10);
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
    expect(await agent.store.governance.verifyAudit()).toEqual({ ok: true, entries: 1_001 });
    const refusals = (await items()).filter(({ class: of }) => of === 'refusal');
    expect(refusals.map(({ body }) => body['code'])).toContain('POLICY_PROBLEMS');
    // Once in five minutes, not a thousand times.
    expect(refusals.length).toBeLessThanOrEqual(3);
  }, 240_000);

  it('replaces a policy of several files while reads run, whole each time, and loses no job', async () => {
    const digests = new Set<string>();
    const seen = new Set<string>();
    let isOver = false;
    const outcomes: string[] = [];
    const jobs = (async () => {
      while (!isOver) {
        const finished = await agent.scheduler.runNow({ trigger: 'incident' });
        outcomes.push(...finished.map(({ outcome }) => outcome.status));
        seen.add(agent.policy.version);
        // A store in this process answers without ever letting timers have their turn.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    for (let round = 2; round < 22; round += 1) {
      await write('acme', String(round), round % 2 === 0 ? CLOSED : OPEN);
      await write('other', String(round), OPEN);
      await agent.reloadPolicy();
      expect(agent.policy.version).toBe(`standard@1+acme@${round}+other@${round}`);
      digests.add(agent.policy.digest);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    isOver = true;
    await jobs;
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
    expect(outcomes.length).toBeGreaterThan(3);
    expect(digests.size).toBe(20);
    for (const version of seen) expect(version).toMatch(/^standard@1\+acme@(\d+)\+other@\1$/);
    expect((await admittedUnder()).size).toBeGreaterThan(2);
    expect(logged).not.toContain('a job threw');
  }, 120_000);
});

/** A file that is no policy: cut, damaged, or saying what can not be said. */
function broken(good: string, round: number): string {
  const at = (round * 7) % good.length;
  const kinds = [
    good.slice(0, at % 70),
    `${good}unknown${round}: true\n`,
    good.replace('exhibit/v1', `exhibit/v${round + 2}`),
    `${good}views: [*a${round}]\n`,
    good.replace('kind: Policy', 'kind: [Policy'),
    '',
    `${good.replace('rules: []', '')}rules: [{ id: r${round}, description: x, streams: [vault/none], fields: [x] }]\n`,
    `${good}\n---\n${good}`,
    `${'['.repeat(round + 1)}`,
  ];
  return kinds[round % kinds.length] ?? '';
}
