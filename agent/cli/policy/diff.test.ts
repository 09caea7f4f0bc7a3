import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seal } from '../../../evidence/seal.ts';
import { openSqliteStore } from '../../../evidence/store/sqlite-store.ts';
import { sampleContext, sampleEnvelopes, sampleKeys } from '../../../evidence/testing/samples.ts';
import { systemClock } from '../../scheduler/system-clock.ts';
import { runCli } from '../program.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-diff-'));
  await writeFile(path.join(folder, 'acme.yaml'), POLICY);
  await writeFile(path.join(folder, 'agent.yaml'), CONFIG);
});
afterEach(() => rm(folder, { recursive: true }));

const HEAD =
  'apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: acme, version: "1", description: for tests }\n';
const POLICY = `${HEAD}rules:
  - { id: who, description: x, streams: [postgresql/blocking_tree], fields: [user], treatment: drop }
  - { id: app, description: x, streams: [postgresql/blocking_tree], fields: [application_name], treatment: scan }
`;
const CONFIG = `apiVersion: exhibit/v1
kind: Agent
tenant: acme
policy: [standard]
connections:
  - { id: orders, connector: postgresql }
  - { id: shop, connector: postgresql }
`;

async function exhibit(...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli(['policy', ...args], {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env: {},
    cwd: folder,
    clock: systemClock(),
    interactive: false,
    exitNow: () => undefined,
  });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

function openStore() {
  return openSqliteStore({ path: path.join(folder, '.exhibit/evidence.db') });
}

describe('exhibit policy diff', () => {
  it('shows what opens and closes, where it is said, and ends with 1', async () => {
    const { code, stdout, stderr } = await exhibit(
      'diff',
      'current',
      'standard,acme.yaml',
      '-c',
      'agent.yaml',
    );
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('1 opened (field 1), 1 closed (field 1); risk: high');
    expect(stdout).toMatch(
      /opens\n {2}high {2}field {2}postgresql\/blocking_tree application_name {2}drop → scan {2}acme#app \(.*acme\.yaml:6\)\n/,
    );
    expect(stdout).toMatch(/closes\n {2}- {2}field {2}postgresql\/blocking_tree user {2}pseudonymize → drop/);
  });

  it('ends with 0 when it only narrows, or is the same', async () => {
    expect(await exhibit('diff', 'standard', 'standard')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('They decide the same.'),
    });
    expect((await exhibit('diff', 'standard,acme.yaml', 'standard')).code).toBe(1);
    expect((await exhibit('diff', 'standard', 'strict')).code).toBe(0);
  });

  it('names the connections that it is about, where it is not about all', async () => {
    await writeFile(path.join(folder, 'own.yaml'), POLICY.replace('rules:', 'connections: [shop]\nrules:'));
    const { stdout } = await exhibit('diff', 'current', 'standard,own.yaml', '--format', 'markdown');
    expect(stdout).toContain('| effect | risk | what |');
    expect(stdout.match(/\| on shop \|/g)).toHaveLength(2);
    expect(
      (await exhibit('diff', 'standard', 'standard,acme.yaml', '-c', 'agent.yaml')).stdout,
    ).not.toContain('on shop');
  });

  it('takes no config for one in which nothing opens', async () => {
    const base = 'apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\npolicy: [standard]\n';
    await writeFile(path.join(folder, 'empty.yaml'), `${base}connections: []\n`);
    expect((await exhibit('diff', 'current', 'standard,acme.yaml', '-c', 'empty.yaml')).code).toBe(1);
    await writeFile(
      path.join(folder, 'typo.yaml'),
      `${base}connections: [{ id: db, connector: postgres }]\n`,
    );
    const typo = await exhibit('diff', 'current', 'standard,acme.yaml', '-c', 'typo.yaml');
    expect([typo.code, typo.stderr]).toEqual([2, expect.stringContaining('did you mean "postgresql"?')]);
  });

  it('compares with a version that was in force, and replays over what is stored', async () => {
    const digest = `sha256:${'ab12'.repeat(16)}`;
    const store = await openStore();
    await store.governance.savePolicyVersion({
      digest,
      version: 'acme@1',
      appliedAt: '2026-11-20T00:00:00.000Z',
      by: 'os:ann',
      source: 'start',
      signers: [],
      layers: [{ name: 'acme.yaml', digest, text: POLICY }],
      changes: [],
      risk: 'none',
      active: true,
    });
    await store.close();
    const result = await exhibit('diff', '@ab12', 'acme.yaml', '--replay', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      changes: [],
      widens: false,
      replay: { items: 0, affected: 0 },
    });
    expect((await exhibit('diff', '@ff', 'acme.yaml')).stderr).toContain(
      'no version with this digest was in force',
    );
  });

  it('reads every stored item, over several pages', async () => {
    const items = sampleEnvelopes(1_203);
    const store = await openStore();
    await store.append(await seal(items, sampleContext(items, sampleKeys())));
    await store.close();
    const { stdout } = await exhibit('diff', 'standard', 'standard', '--replay');
    expect(stdout).toContain('replayed over 1203 stored items: none would be another one');
    // Their connector is one of tests, which no policy of a real agent lets out; the others are gaps.
    expect(stdout).toMatch(
      /unknown {2}sample\/blocking \(the item\) {2}neither policy .* {2}1083 items {2}such as/,
    );
  });
});

describe('exhibit policy explain', () => {
  it('answers for a connection of the config', async () => {
    const { code, stdout } = await exhibit('explain', 'orders', 'blocking_tree', 'user');
    expect(code).toBe(0);
    expect(stdout).toContain('orders: postgresql/blocking_tree user');
    expect(stdout).toMatch(/decided +by standard#people \(preset standard:\d+\)/);
    expect(stdout).toContain('  - id: close-blocking-tree-user\n');
  });

  it('shows all fields of a stream, and JSON', async () => {
    const { stdout } = await exhibit(
      'explain',
      'any',
      'postgresql/blocking_tree',
      '--policy',
      'standard,acme.yaml',
    );
    expect(stdout).toMatch(/\n {2}user +person +drop +acme#who \(.*acme\.yaml:5\)\n/);
    const { stdout: json } = await exhibit('explain', 'orders', 'blocking_tree', 'body.pid', '--json');
    expect(JSON.parse(json)).toMatchObject({ fields: [{ field: 'pid', treatment: 'keep' }] });
  });

  it.each([
    [['ordrs', 'blocking_tree'], 'did you mean "orders"?'],
    [['orders', 'blocking_tre'], 'did you mean "blocking_tree"?'],
    [['orders', 'blocking_tree', 'usr'], 'did you mean "user"?'],
    [['orders', 'github/commits'], 'is a connection of postgresql, not of github'],
    [['any', 'blockingtree', '--policy', 'standard'], 'did you mean "blocking_tree"?'],
  ])('says what was meant: %s', async (args, hint) => {
    const { code, stderr } = await exhibit('explain', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(hint)]);
  });
});
