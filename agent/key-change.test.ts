import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { verifyChain } from '../evidence/verify.ts';
import { type Agent, createAgent } from './app.ts';
import { type LoadedConfig, loadConfig } from './config/load.ts';
import { discover } from './registry/discover.ts';
import { systemClock } from './scheduler/system-clock.ts';
import { rotateKey } from './secrets/key-rotation.ts';
import { loadToken, makeMissingKeys } from './secrets/keys.ts';

const CONNECTORS = fileURLToPath(new URL('registry/testdata/connectors', import.meta.url));
const CONFIG = `
apiVersion: exhibit/v1
kind: Agent
tenant: acme
dataDir: data
api: { listen: "127.0.0.1:0" }
incidents: { firstReads: 100ms }
connections:
  - { id: front, connector: vault, config: { host: h, password: { env: VAULT_PASSWORD } } }
`;

let folder = '';
let agent: Agent;
let loaded: LoadedConfig;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-key-change-'));
  await writeFile(path.join(folder, 'agent.yaml'), CONFIG);
  const { definitions } = await discover(CONNECTORS);
  const env = { VAULT_PASSWORD: 'canary-4410' };
  loaded = await loadConfig(path.join(folder, 'agent.yaml'), { env, definitions, presets: ['standard'] });
  await makeMissingKeys(loaded.paths);
  const logTo = { write: () => undefined };
  agent = await createAgent(loaded, { clock: systemClock(), version: '0.0.7', definitions, logTo });
  await agent.start();
});
afterEach(async () => {
  await agent.stop();
  await rm(folder, { recursive: true });
});

const rotate = (purpose: 'evidence' | 'checkpoint') =>
  rotateKey(
    { places: loaded.paths, env: {}, now: () => new Date().toISOString(), by: 'os:ana' },
    { purpose, overlapMs: 3_600_000 },
  );

async function served(resource: string): Promise<string> {
  const token = (await loadToken(loaded.paths)).open();
  const response = await fetch(`${agent.url()}${resource}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return response.text();
}

/** A manifest is made for it, whether or not anything is new. */
async function bundle(): Promise<void> {
  const to = new Date();
  const window = { from: new Date(to.getTime() - 3_600_000).toISOString(), to: to.toISOString() };
  const { id } = await agent.incidents.open({ title: 'keys', window, scope: {}, trigger: 'api' });
  await agent.incidents.bundle(id);
}

it('rotates its keys while it runs: one chain, one log, and the oldest key is enough to verify them', async () => {
  await agent.scheduler.runNow({ trigger: 'incident' });
  const pinned = agent.keys.signer;
  const logKey = agent.keys.checkpointSigner.vkey;
  const { after } = await rotate('evidence');
  await rotate('checkpoint');
  await vi.waitFor(
    async () => expect(await served('/v1/keys')).toContain(`"evidence":"${after.keyId}"`),
    60_000,
  );
  await vi.waitFor(() => expect(agent.keys.checkpointSigner.vkey).not.toBe(logKey), 60_000);
  await bundle();

  const manifests = (await agent.store.manifests({ limit: 100 })).items.toReversed();
  const signers = manifests.map(({ attestation }) => /"hint":"(sha256:[0-9a-f]{64})"/.exec(attestation)?.[1]);
  expect([...new Set(signers)]).toEqual([pinned.keyId, after.keyId]);
  const keyHistory = await served('/v1/keys/history.json');
  expect(keyHistory).toBe(await readFile(loaded.paths.keyHistory, 'utf8'));
  const report = verifyChain(manifests, { publicKeyPem: [pinned.publicKeyPem], keyHistory });
  expect(report).toMatchObject({ good: true });
  expect(verifyChain(manifests, { publicKeyPem: [pinned.publicKeyPem] }).good).toBe(false);
  const { items } = await agent.store.governance.audit({ limit: 100 });
  expect(items.filter(({ actor }) => actor === 'os:ana').map(({ action }) => action)).toEqual([
    'keys.rotate',
    'keys.rotate',
  ]);
});
