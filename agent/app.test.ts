import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleItems, parseBundle } from '../evidence/bundle.ts';
import { reopenEnvelopes } from '../evidence/envelope.ts';
import { verifyBundle, verifyChain } from '../evidence/verify.ts';
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
api: { listen: "127.0.0.1:0" }
connections:
  - id: front
    connector: vault
    config: { host: front.example, password: { env: VAULT_PASSWORD } }
  - id: back
    connector: vault
    config: { host: back.example, password: { env: VAULT_PASSWORD } }
    reads: { alarms: { enabled: false } }
`;

let folder = '';
let agents: Agent[] = [];
let logged = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-app-'));
  await writeFile(path.join(folder, 'agent.yaml'), CONFIG);
  [agents, logged] = [[], ''];
});
afterEach(async () => {
  for (const agent of agents) await agent.stop();
  await rm(folder, { recursive: true });
});

async function setUp() {
  const { definitions } = await discover(CONNECTORS);
  const env = { VAULT_PASSWORD: 'canary-4410' };
  const loaded = await loadConfig(path.join(folder, 'agent.yaml'), { env, definitions, presets: PRESETS });
  await makeMissingKeys(loaded.paths);
  return { loaded, definitions };
}

async function makeAgent(): Promise<Agent> {
  const { loaded, definitions } = await setUp();
  const logTo = { write: (line: string) => void (logged += line) };
  const agent = await createAgent(loaded, {
    clock: systemClock(),
    version: '0.0.7',
    definitions,
    logTo,
    random: () => 0.5,
  });
  agents.push(agent);
  return agent;
}

describe('an agent', () => {
  it('makes one pass, stores what passed the gates, and stores it once', async () => {
    const agent = await makeAgent();
    const finished = await agent.scheduler.runNow({ trigger: 'once' });
    const runs = finished.map(({ job, outcome }) => [
      job.request.connection,
      job.request.read,
      outcome.status,
      outcome.items,
    ]);
    expect(runs.map((run) => run.join(' ')).sort()).toEqual([
      'back doors ok 1',
      'front alarms ok 1',
      'front doors ok 1',
    ]);
    const page = await agent.store.query({ limit: 10 });
    const items = page.items.map(
      ({ canonical }) =>
        JSON.parse(canonical) as { entity: string; body: unknown; provenance: { dropped: unknown } },
    );
    expect(items.map(({ entity }) => entity).sort()).toEqual([
      'vault://back/north',
      'vault://front/north',
      'vault://front/north',
    ]);
    expect(items[0]).toMatchObject({
      body: { door: 'north', open: true },
      provenance: { dropped: { count: 1, names: [] } },
    });
    await agent.scheduler.runNow({ trigger: 'once' });
    expect((await agent.store.query({ limit: 10 })).items).toHaveLength(3);
  });

  it('bundles an incident over HTTP, and the bundle verifies with the public key alone', async () => {
    const agent = await makeAgent();
    await agent.start();
    const token = await loadToken((await setUp()).loaded.paths);
    const headers = { authorization: `Bearer ${token.open()}`, 'content-type': 'application/json' };
    const window = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T00:30:00.000Z' };
    const body = JSON.stringify({ title: 'a door is open', window, scope: { connection: ['back'] } });
    const opened = await fetch(`${agent.url()}/v1/incidents`, { method: 'POST', headers, body });
    expect(opened.status).toBe(201);
    const { id } = (await opened.json()) as { id: string };
    const answer = await fetch(`${agent.url()}/v1/incidents/${id}/bundle`, { headers });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const publicKeyPem = [await readFile(path.join(folder, 'data/keys/signing.pub.pem'), 'utf8')];
    expect(await verifyBundle(bytes, { publicKeyPem })).toMatchObject({
      good: true,
      facts: { tenant: 'acme', items: 1 },
    });
    expect(bundleItems(bytes).map(({ connection, class: of }) => [connection, of])).toEqual([
      ['back', 'state'],
    ]);
    expect(parseBundle(bytes).incident).toMatchObject({ id, title: 'a door is open', window });
    const metrics = await (await fetch(`${agent.url()}/metrics`, { headers })).text();
    expect(metrics).toMatch(/exhibit_items_total\{class="state"\} \d/);
    expect((await fetch(`${agent.url()}/v1/connections`)).status).toBe(401);
  });

  it('previews a candidate over HTTP without storing anything', async () => {
    const agent = await makeAgent();
    await agent.start();
    const token = await loadToken((await setUp()).loaded.paths);
    const post = (path: string, body: object) =>
      fetch(`${agent.url()}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token.open()}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    const text = `apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: acme, version: "3", description: x }\nrules:\n  - { id: shut, description: x, streams: [vault/doors], fields: [open], treatment: drop }\n`;
    const layers = [{ name: 'standard' }, { name: 'acme.yaml', text }];
    const of = { connection: 'back', read: 'alarms' };
    const shown = (await (await post('/v1/policy/preview', of)).json()) as object;
    const candidate = (await (await post('/v1/policy/preview', { ...of, layers })).json()) as object;
    expect(shown).toMatchObject({ refused: null, error: null, policy: { version: 'standard@1' } });
    expect(JSON.stringify(shown)).toContain('"open":true');
    expect(candidate).toMatchObject({ refused: null, policy: { version: 'standard@1+acme@3' } });
    expect(JSON.stringify(candidate)).not.toContain('"open":true');
    const stored = await agent.store.query({ connection: 'back', limit: 10 });
    expect(stored.items.filter(({ canonical }) => canonical.includes('alarms'))).toEqual([]);
  });

  it('leaves nothing of what was not allowed, nor of credentials, anywhere', async () => {
    const agent = await makeAgent();
    await agent.start();
    await agent.scheduler.runNow({ trigger: 'incident' });
    const token = await loadToken((await setUp()).loaded.paths);
    await agent.stop();
    const files = await readdir(path.join(folder, 'data'), { withFileTypes: true });
    const stored = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map((file) => readFile(path.join(folder, 'data', file.name), 'latin1')),
    );
    for (const secret of ['canary-4410', 'canary-8841', token.open()]) {
      expect(stored.join('')).not.toContain(secret);
      expect(logged).not.toContain(secret);
    }
    expect(logged).toContain('the agent has started');
  });

  it('stops in good order, twice, and goes on where it was', async () => {
    const first = await makeAgent();
    await first.start();
    await first.scheduler.runNow({ trigger: 'incident' });
    await Promise.all([first.stop(), first.stop()]);
    const second = await makeAgent();
    await second.scheduler.runNow({ trigger: 'once' });
    expect((await second.store.query({ limit: 10 })).items).toHaveLength(3);
    const manifests = (await second.store.manifests({ limit: 10 })).items.toReversed();
    expect(verifyChain(manifests, { publicKeyPem: [second.keys.signer.publicKeyPem] }).good).toBe(true);
  });

  it('refuses to start over a store that another one has open, and leaves that one alone', async () => {
    const first = await makeAgent();
    await expect(makeAgent()).rejects.toMatchObject({ code: 'STORE' });
    await first.scheduler.runNow({ trigger: 'once' });
    expect((await first.store.query({ limit: 10 })).items).toHaveLength(3);
  });

  it('does not bundle what was changed in its store from outside', async () => {
    const agent = await makeAgent();
    await agent.scheduler.runNow({ trigger: 'once' });
    const { items } = await agent.store.query({ limit: 10 });
    const forged = items.map((item) => ({ ...item, canonical: item.canonical.replace('north', 'south') }));
    expect(reopenEnvelopes(items, agent.keys.saltKey)).toHaveLength(3);
    expect(() => reopenEnvelopes(forged, agent.keys.saltKey)).toThrow(
      expect.objectContaining({ code: 'NOT_CLEARED' }),
    );
  });
});
