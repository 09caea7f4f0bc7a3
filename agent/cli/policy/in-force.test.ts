import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock, recordingLogger } from '../../../connectors/sdk/testing/index.ts';
import { generateKeyPair } from '../../../evidence/sign/local.ts';
import { openSqliteStore } from '../../../evidence/store/sqlite-store.ts';
import { PRESETS } from '../../../policies/load.ts';
import { configuredLayers } from '../../config/outline.ts';
import { deltaBetween } from '../../governance/delta.ts';
import { loadTrust, signPolicy } from '../../governance/signatures.ts';
import { PolicySupervisor } from '../../governance/supervisor.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { cliIn } from '../testing/cli.ts';
import { allManifests } from './layers.ts';

/** An agent that does not run: what it had in force lies in its store. */
let folder = '';
const exhibit = cliIn(() => folder);
const KEYS = ['ann', 'bob'] as const;
const at = (name: string) => path.join(folder, name);
const write = (name: string, text: string) => writeFile(at(name), text);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-in-force-'));
  for (const name of KEYS) {
    const { privateKeyPem, publicKeyPem } = generateKeyPair();
    await write(`${name}.pem`, privateKeyPem);
    await chmod(at(`${name}.pem`), 0o600);
    await write(`${name}.pub.pem`, publicKeyPem);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const NUMBERS = 'wait_ms, treatment: digest';
const TEXTS = 'application_name, treatment: scan';
const policy = (version: string, rule = NUMBERS) =>
  `apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: acme, version: "${version}", description: for tests }\nrules:\n  - { id: one, description: x, streams: [postgresql/blocking_tree], fields: [${rule.replace(',', '],')} }\n`;
const config = (signatures = '') =>
  `apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\npolicy: [standard, acme.yaml]\n${signatures}connections:\n  - { id: orders, connector: postgresql }\n`;
const SIGNED = 'governance: { signatures: { keys: [ann.pub.pem, bob.pub.pem], required: 1, widening: 2 } }\n';

/** Starts the policy of an agent as it starts, and ends it after `work`. */
async function whileRunning(
  signatures: { readonly required: number; readonly widening: number },
  work: (supervisor: PolicySupervisor) => Promise<void> = async () => undefined,
): Promise<void> {
  const manifests = await allManifests();
  const store = await openSqliteStore({ path: at('.exhibit/evidence.db') });
  const known = [{ id: 'orders', connector: 'postgresql' }];
  const isSigned = signatures.required > 0;
  const trust = await loadTrust(isSigned ? KEYS.map((name) => at(`${name}.pub.pem`)) : [], signatures);
  try {
    const supervisor = await PolicySupervisor.open(
      { names: configuredLayers(at('agent.yaml'), PRESETS), reloadMs: 0, startWithLastGood: false },
      {
        rules: { manifests, connections: ['orders'], trust, diff: deltaBetween(manifests, known) },
        putInForce: (compiled) => ({ policy: compiled }) as never,
        store,
        clock: fakeClock(),
        logger: recordingLogger(),
        metrics: createMetrics(),
      },
    );
    await work(supervisor);
    await supervisor.stop();
  } finally {
    await store.close();
  }
}

const UNSIGNED = { required: 0, widening: 0 };
const TWO = { required: 1, widening: 2 };
const verdictOf = async () => {
  const { code, stdout } = await exhibit('policy', 'check', '--json');
  const { good, verdict } = JSON.parse(stdout) as { good: boolean; verdict: object };
  return { code, good, verdict };
};

describe('policy check before a start', () => {
  it('says that nobody was asked where no agent has worked, and makes no store', async () => {
    await write('acme.yaml', policy('1'));
    await write('agent.yaml', config());
    const { code, stdout, stderr } = await exhibit('policy', 'check');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('not compared with what is in force: no agent has worked with this config here');
    expect((await exhibit('policy', 'show', '--in-force')).code).toBe(1);
    expect((await exhibit('policy', 'versions', '--limit', '1')).stdout).not.toContain('acme');
  });

  it('says that nobody could tell where the store can not be read', async () => {
    await write('acme.yaml', policy('1'));
    await write('agent.yaml', `${config()}dataDir: broken\n`);
    await exhibit('policy', 'versions');
    await write('broken/evidence.db', 'no database');
    expect(await verdictOf()).toMatchObject({ code: 0, verdict: { outcome: 'not-asked', asked: null } });
    const { code, stderr } = await exhibit('policy', 'explain', 'orders', 'postgresql/blocking_tree');
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^note: whether this is in force could not be asked: /),
    ]);
  });

  it('is red where the start is refused, and green where it is not', async () => {
    await write('agent.yaml', config(SIGNED));
    await write('acme.yaml', policy('4'));
    await signPolicy(at('acme.yaml'), at('ann.pem'));
    await signPolicy(at('acme.yaml'), at('bob.pem'));
    await whileRunning(TWO);
    expect(await verdictOf()).toMatchObject({
      code: 0,
      good: true,
      verdict: { outcome: 'accepted', asked: 'store' },
    });

    const edits = [
      ['VERSION_LOWER', policy('3')],
      ['VERSION_REUSED', `${policy('4')}# edited\n`],
      ['WIDENING_UNSIGNED', policy('5', TEXTS)],
    ] as const;
    for (const [code, text] of edits) {
      await rm(at('acme.yaml'));
      await write('acme.yaml', text);
      for (const name of KEYS)
        if (name === 'ann' || code !== 'WIDENING_UNSIGNED')
          await signPolicy(at('acme.yaml'), at(`${name}.pem`));
      if (code === 'WIDENING_UNSIGNED') await rm(await signatureOf('bob'));
      expect(await verdictOf()).toMatchObject({
        code: 1,
        good: false,
        verdict: { outcome: 'refused', code },
      });
      await expect(whileRunning(TWO)).rejects.toMatchObject({ refusal: code });
    }
    const { stdout, stderr } = await exhibit('policy', 'check');
    expect(stdout).toMatch(
      /^not good: .*\n[^]*REFUSED: the agent would not take them: WIDENING_UNSIGNED: the policy acme\.yaml lets out more/,
    );
    expect(stderr).toBe('');
    await signPolicy(at('acme.yaml'), at('bob.pem'));
    expect(await verdictOf()).toMatchObject({ code: 0, verdict: { outcome: 'accepted' } });
    await whileRunning(TWO);
  });

  it('tells what was applied over HTTP and stands for the files until they are edited', async () => {
    await write('agent.yaml', config());
    await write('acme.yaml', policy('1'));
    let digest = '';
    await whileRunning(UNSIGNED, async (supervisor) => {
      const [preset] = supervisor.version().layers;
      const layer = {
        name: 'acme.yaml',
        file: 'acme.yaml',
        isPreset: false,
        text: policy('2', TEXTS),
        signatures: [],
      };
      const layers = [...(preset === undefined ? [] : [preset]), layer];
      await supervisor.apply(
        { layers, by: 'api:token', reason: 'a test' },
        supervisor.version().policy.digest,
      );
      digest = supervisor.version().policy.digest;
    });
    const explain = ['policy', 'explain', 'orders', 'postgresql/blocking_tree', 'application_name'] as const;
    const files = await exhibit(...explain);
    expect(files.stderr).toMatch(
      new RegExp(
        `^note: the agent would start with another policy than these files: ${digest}, since .*, by api:token over HTTP\\n$`,
      ),
    );
    expect(files.stdout).toContain('no rule names it');
    const there = await exhibit(...explain, '--in-force');
    expect([there.code, there.stderr]).toEqual([0, '']);
    expect(there.stdout).toMatch(
      /^in force when the agent ended, since .*, by api:token over HTTP\n[^]*scan: .*\n.* by acme#one \(acme\.yaml:5\)/,
    );
    expect(await verdictOf()).toMatchObject({ code: 0, verdict: { outcome: 'held', asked: 'store' } });
    await write('acme.yaml', policy('3'));
    expect(await exhibit(...explain)).toMatchObject({ code: 0, stderr: '' });
    expect(await verdictOf()).toMatchObject({ verdict: { outcome: 'accepted' } });
  });
});

async function signatureOf(name: string): Promise<string> {
  const { file } = await signPolicy(at('acme.yaml'), at(`${name}.pem`));
  return file;
}
