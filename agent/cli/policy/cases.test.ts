import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliIn } from '../testing/cli.ts';

const EXAMPLE = fileURLToPath(new URL('../../../policies/examples/acme.test.yaml', import.meta.url));

let folder = '';
const exhibit = cliIn(() => folder);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-cases-'));
  await write('acme.yaml', POLICY);
  await write('acme.test.yaml', tests('{ wait_ms: "hmac-sha256:*" }'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
const RULE = (id: string, field: string) =>
  `  - { id: ${id}, description: x, streams: [postgresql/blocking_tree], fields: [${field}], treatment: digest }\n`;
const POLICY = `apiVersion: exhibit/v1
kind: Policy
metadata: { name: acme, version: "1", description: for tests }
rules:
${RULE('waits', 'wait_ms')}${RULE('relations', 'relation')}`;
const tests = (fields: string) => `apiVersion: exhibit/v1
kind: PolicyTest
policies: [standard, ./acme.yaml]
cases:
  - name: waits are "hidden" <here>
    record:
      { connector: postgresql, stream: blocking_tree, class: symptom, body: { wait_ms: 5100 } }
    expect: { fields: ${fields} }
`;

describe('exhibit policy test', () => {
  it('finds the tests of the example good, and every rule of it covered', async () => {
    const { code, stdout } = await exhibit('policy', 'test', EXAMPLE, '--require-coverage');
    expect(stdout).toMatch(/9 passed, 0 failed; 4 of 4 rules decided\n$/);
    expect(code).toBe(0);
  });

  it('finds tests beside a policy, and those of the config', async () => {
    const named = await exhibit('policy', 'test', 'acme.yaml');
    expect([named.code, named.stderr]).toEqual([0, '']);
    await write(
      'agent.yaml',
      'apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\npolicy: [standard, acme.yaml]\n',
    );
    expect(await exhibit('policy', 'test')).toEqual(named);
  });

  it('names rules that no case is about, and fails on them when it is asked to', async () => {
    const lax = await exhibit('policy', 'test');
    expect(lax.stdout).toMatch(/rules that decided in no case:\n {2}acme#relations +\S*acme\.yaml:6\n/);
    const strict = await exhibit('policy', 'test', '--require-coverage', '--json');
    expect([lax.code, strict.code]).toEqual([0, 1]);
    expect(JSON.parse(strict.stdout)).toMatchObject({ good: false, cases: 1, passed: 1, failed: 0 });
  });

  it('shows what was expected and what came, here and in JUnit', async () => {
    await write('acme.test.yaml', tests('{ wait_ms: 5100 }'));
    const { code, stdout } = await exhibit('policy', 'test', '--junit', 'out.xml');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /acme\.test\.yaml:5 waits are "hidden" <here>\n {2}wait_ms: {2}expected 5100 {2}got "hmac/,
    );
    const xml = await readFile(path.join(folder, 'out.xml'), 'utf8');
    expect(xml).toContain('tests="1" failures="1"');
    expect(xml).toContain('name="waits are &quot;hidden&quot; &lt;here&gt;"');
    expect(xml).toContain('<failure message="wait_ms: expected 5100, got &quot;hmac-sha256:');
  });

  it('says what is wrong with a test, at its line', async () => {
    await write('acme.test.yaml', tests('{}').replace('stream: blocking_tree', 'stream: blocking_tre'));
    const { code, stderr } = await exhibit('policy', 'test');
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/acme\.test\.yaml:7:\d+ cases\[0\]\.record\.stream: .*"blocking_tree"/),
    ]);
    await write('acme.test.yaml', tests('{}').replace('expect:', 'expct:'));
    expect((await exhibit('policy', 'test')).stderr).toContain('did you mean "expect"?');
    await rm(path.join(folder, 'acme.test.yaml'));
    expect(await exhibit('policy', 'test')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no tests'),
    });
  });
});
