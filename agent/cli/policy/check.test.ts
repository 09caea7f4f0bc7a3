import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliIn } from '../testing/cli.ts';

let folder = '';
const exhibit = cliIn(() => folder);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-check-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
const HEAD =
  'apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: acme, version: "1", description: for tests }\n';
const WAITS =
  'rules:\n  - { id: waits, description: x, streams: [postgresql/blocking_tree], fields: [wait_ms], treatment: digest }\n';
const EXPIRED =
  'capabilities:\n  - { capability: cdc, connectors: [postgresql], owner: ada, reason: x, expires: "2026-11-20T00:00:00Z" }\n';
const CONFIG = (rest: string) =>
  `apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\npolicy: [standard, acme.yaml]\n${rest}`;
const CONNECTIONS = 'connections:\n  - { id: orders, connector: postgresql }\n';

describe('exhibit policy check', () => {
  it('says what the policies of a config let out, without its credentials', async () => {
    await write('acme.yaml', HEAD + WAITS);
    await write('agent.yaml', CONFIG(CONNECTIONS));
    const { code, stdout, stderr } = await exhibit('policy', 'check');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^good: standard@\d+\+acme@1 lets out \d+ fields of \d+ streams\ndigest sha256:/);
    expect((await exhibit('policy', 'check', '-c', 'agent.yaml')).stdout).toBe(stdout);
  });

  it('names all problems at once, each at its line with what was probably meant', async () => {
    await write(
      'acme.yaml',
      `${HEAD}connections: [order]\nrules:\n  - { id: a, description: x, streams: [postgresql/blocking_tre], fields: [wait_ms] }\n  - { id: b, description: x, streams: [postgresql/blocking_tree], fields: [wait_mss] }\n`,
    );
    await write('agent.yaml', CONFIG(CONNECTIONS));
    const { code, stdout, stderr } = await exhibit('policy', 'check');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/acme\.yaml:4:\d+ connections\[0\]: is not a connection .*"orders"/);
    expect(stderr).toMatch(/acme\.yaml:6:\d+ rules\[0\]\.streams\[0\]: .*"postgresql\/blocking_tree"/);
    expect(stderr).toMatch(/acme\.yaml:7:\d+ rules\[1\]\.fields\[0\]: .*"wait_ms"/);
  });

  it('tells warnings apart, and fails on them only when it is asked to', async () => {
    await write('acme.yaml', HEAD + WAITS + EXPIRED);
    const lax = await exhibit('policy', 'check', 'standard', 'acme.yaml');
    expect([lax.code, lax.stderr]).toEqual([0, '']);
    expect(lax.stdout).toMatch(/a warning:\n {2}\S*acme\.yaml:7:5 capabilities\[0\]: expired at 2026-11-20/);
    const strict = await exhibit('policy', 'check', 'standard', 'acme.yaml', '--strict', '--json');
    expect(strict.code).toBe(1);
    expect(JSON.parse(strict.stdout)).toMatchObject({ good: false, problems: [], warnings: [{ line: 7 }] });
  });

  it('annotates files for GitHub', async () => {
    await write('acme.yaml', `${HEAD}${WAITS.replace('wait_ms', 'wait_mss')}${EXPIRED}`);
    const { code, stdout } = await exhibit('policy', 'check', 'standard', 'acme.yaml', '--format', 'github');
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^::error file=\S*acme\.yaml,line=5,col=\d+::rules\[0\]\.fields\[0\]: is not a field/m,
    );
    expect(stdout).toMatch(/^::warning file=\S*acme\.yaml,line=7,col=5::capabilities\[0\]: expired/m);
  });

  it('says what to do where nothing is named', async () => {
    const { code, stderr } = await exhibit('policy', 'check');
    expect([code, stderr]).toEqual([2, expect.stringContaining('no agent.yaml here')]);
  });
});

describe('exhibit policy show', () => {
  it('shows each connection of a config with the rules that hold for it', async () => {
    await write('acme.yaml', `${HEAD}connections: [orders]\n${WAITS}`);
    await write('agent.yaml', CONFIG(`${CONNECTIONS}  - { id: shop, connector: postgresql }\n`));
    const { stdout } = await exhibit('policy', 'show', '--json');
    const { connections } = JSON.parse(stdout) as {
      connections: { connection: string; fields: { stream: string; path: string; rule: string }[] }[];
    };
    const rules = connections.map(({ connection, fields }) => [
      connection,
      fields.find(({ stream, path: at }) => stream === 'postgresql/blocking_tree' && at === 'body.wait_ms')
        ?.rule,
    ]);
    expect(rules).toEqual([
      ['orders', 'acme#waits'],
      ['shop', 'standard#metadata'],
    ]);
    const { code, stderr } = await exhibit('policy', 'show', '--connection', 'ordrs');
    expect([code, stderr]).toEqual([2, expect.stringContaining('There are: orders, shop.')]);
  });
});

describe('exhibit policy schema', () => {
  it('prints the schemas that lie in the package', async () => {
    const { stdout } = await exhibit('policy', 'schema');
    expect(JSON.parse(stdout)).toMatchObject({ title: 'Exhibit policy', additionalProperties: false });
    const tests = await exhibit('policy', 'schema', '--tests', '--json');
    expect(JSON.parse(tests.stdout)).toMatchObject({ title: 'Exhibit policy test' });
  });
});
