import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../connectors/sdk/index.ts';
import { formatProblems } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';
import { discover } from '../registry/discover.ts';
import { type LoadedConfig, loadConfig } from './load.ts';

const CASES = fileURLToPath(new URL('testdata', import.meta.url));
const CONNECTORS = fileURLToPath(new URL('../registry/testdata/connectors', import.meta.url));
const ENV = { VAULT_PASSWORD: 'canary-3390', EMPTY: '' };
const named = (prefix: string) => readdirSync(CASES).filter((name) => name.startsWith(prefix));

async function load(name: string): Promise<LoadedConfig> {
  const { definitions } = await discover(CONNECTORS);
  const file = path.join(CASES, name, 'agent.yaml');
  return loadConfig(file, { env: ENV, definitions, presets: ['standard', 'strict'] });
}

async function failure(name: string): Promise<AgentError> {
  const error: unknown = await load(name).catch((thrown: unknown) => thrown);
  if (error instanceof AgentError) return error;
  throw new Error(`${name} loaded`);
}

describe('a config that is good', () => {
  it.each(named('ok.'))('%s loads', async (name) => {
    const { connections } = await load(name);
    expect(connections.length).toBeGreaterThan(0);
  });

  it('fills in defaults', async () => {
    const { config, paths, token } = await load('ok.minimal');
    const folder = path.join(CASES, 'ok.minimal');
    expect(config.api.listen).toBe('127.0.0.1:8787');
    expect(config.policy).toEqual(['standard']);
    expect(config.governance).toEqual({
      reload: 5_000,
      startWithLastGood: false,
      apply: false,
      canaries: [],
      signatures: { keys: [], required: 0, widening: 0 },
    });
    expect(config.scheduler).toMatchObject({ concurrency: 4, lookback: 21_600_000, drain: 20_000 });
    expect(token).toBeNull();
    expect(paths).toEqual({
      tenant: 'acme',
      origin: 'acme.exhibit.internal',
      dataDir: path.join(folder, '.exhibit'),
      signing: { kind: 'file', path: path.join(folder, '.exhibit/keys/signing.pem') },
      signingKey: path.join(folder, '.exhibit/keys/signing.pem'),
      checkpointKey: path.join(folder, '.exhibit/keys/checkpoint.pem'),
      keyHistory: path.join(folder, '.exhibit/keys/key-history.json'),
      timestampCertificate: null,
      pseudonymKey: path.join(folder, '.exhibit/keys/pseudonym.key'),
      apiToken: path.join(folder, '.exhibit/keys/api-token'),
      policies: ['standard'],
      policyKeys: [],
    });
  });

  it('resolves paths from the file, and secrets into their type', async () => {
    const { config, paths, token, connections } = await load('ok.everything');
    const folder = path.join(CASES, 'ok.everything');
    expect(config.scheduler).toEqual({
      concurrency: 7,
      lookback: 10_800_000,
      overlap: 90_000,
      minimumInterval: 4_000,
      retryBase: 250,
      retryCap: 360_000,
      drain: 11_000,
    });
    expect(paths.signingKey).toBe(path.join(folder, 'secrets/sign.pem'));
    expect(paths.checkpointKey).toBe('/srv/checkpoint.pem');
    expect(paths.origin).toBe('evidence.acme.example');
    expect(paths.timestampCertificate).toBe(path.join(folder, 'tsa.pem'));
    expect(config.timestamps).toEqual({
      url: 'https://tsa.example/',
      certificate: 'tsa.pem',
      purposes: ['run', 'bundle'],
      timeout: 3_000,
      required: true,
    });
    expect(paths.pseudonymKey).toBe('/srv/pseudonym.key');
    expect(paths.policies).toEqual(['strict', path.join(folder, 'policies/house.yaml')]);
    expect(config.governance).toMatchObject({
      reload: 12_000,
      startWithLastGood: true,
      apply: true,
      signatures: { required: 1, widening: 2 },
    });
    expect(paths.policyKeys).toEqual([path.join(folder, 'keys/ann.pem'), '/srv/bob.pem']);
    expect(token?.open()).toBe('token-of-the-case-ok-everything');
    const [front, back] = connections;
    expect(front?.reads).toEqual({ doors: { interval: 45_000, enabled: true }, alarms: { enabled: false } });
    const { password, ...rest } = (front ?? { config: {} }).config as { password: Secret };
    expect(rest).toEqual({ host: 'front.example', port: 5123 });
    expect(password).toBeInstanceOf(Secret);
    expect(password.open()).toBe('password-of-front');
    expect(JSON.stringify(back?.config)).not.toContain('canary-3390');
  });
});

describe('a config that is not good', () => {
  it.each(named('ng.'))('%s: all problems at once, each with its place', async (name) => {
    const error = await failure(name);
    expect(error.code).toBe('CONFIG');
    const folder = path.join(CASES, name);
    const text = formatProblems(error.problems)
      .replaceAll(`${folder}/agent.yaml:`, '')
      .replaceAll(folder, '<case>');
    expect(`${text}\n`).toBe(readFileSync(path.join(folder, 'expected.txt'), 'utf8'));
  });

  it.each(named('ng.'))('%s: says nothing that may be a secret', async (name) => {
    const error = await failure(name);
    expect(JSON.stringify([error.message, error.hint, error.problems])).not.toMatch(/canary-\d+/);
  });

  it('says what to do when there is no file', async () => {
    const error = await failure('ok.gone');
    expect([error.code, error.hint]).toEqual(['CONFIG', expect.stringContaining('exhibit init')]);
  });
});
