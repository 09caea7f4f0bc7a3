import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliIn } from '../testing/cli.ts';

const head = (name: string) =>
  `apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: ${name}, version: "1", description: d }\n`;
const BANK = `${head('bank')}views:
  - view: rca.queues
    description: How long the queues are.
    columns:
      depth: keep
      note: scan
    from: [shop.jobs]
breakGlass:
  - id: inc-812
    reason: "INC-812: which service holds the locks"
    requestedBy: ada-l
    approvedBy: grace-h
    from: "2026-11-21T11:00:00Z"
    expires: "2026-11-21T13:00:00Z"
    streams: [postgresql/blocking_tree]
    fields: [root_application_name]
    treatment: scan
rules:
  - { id: titles, description: d, streams: [github/pull_requests], fields: [title], treatment: scan }
`;
const CODE = `${head('code')}connections: [code]
rules:
  - { id: closed, description: d, streams: [github/pull_requests], fields: [title], treatment: drop }
`;
const CONFIG = `apiVersion: exhibit/v1
kind: Agent
tenant: bank
policy: [standard, bank.yaml, code.yaml]
connections:
  - { id: orders, connector: postgresql }
  - { id: code, connector: github }
`;

let folder = '';
const exhibit = cliIn(() => folder);
const explain = (...args: readonly string[]) => exhibit('policy', 'explain', ...args);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-explain-'));
  await writeFile(path.join(folder, 'bank.yaml'), BANK);
  await writeFile(path.join(folder, 'code.yaml'), CODE);
  await writeFile(path.join(folder, 'agent.yaml'), CONFIG);
});
afterAll(() => rm(folder, { recursive: true }));

describe('exhibit policy explain', () => {
  it('tells reads of the same limits together, each by its name', async () => {
    const args = ['any', 'kubernetes/object_changes', 'changes[].to', '--policy', 'standard'] as const;
    const { stdout } = await explain(...args);
    const { reads } = JSON.parse((await explain(...args, '--json')).stdout) as {
      reads: readonly { readonly read: string }[];
    };
    expect(reads.length).toBeGreaterThan(20);
    const facts = stdout.slice(stdout.indexOf('detectors'), stdout.indexOf('To open it'));
    for (const { read } of reads) expect(facts).toMatch(new RegExp(`\\b${read}\\b`));
    expect(facts.trim().split('\n').length).toBeLessThan(15);
  });

  it('tells who opened a field in an emergency, for how long and why', async () => {
    const { stdout } = await explain('orders', 'blocking_tree', 'root_application_name');
    expect(stdout).toMatch(/decided +by bank#break-glass\/inc-812 \(.*bank\.yaml:12\)/);
    expect(stdout).toContain('INC-812: which service holds the locks');
    expect(stdout).toContain(
      'asked for by ada-l, approved by grace-h; from 2026-11-21T11:00:00.000Z to 2026-11-21T13:00:00.000Z',
    );
    const { stdout: json } = await explain('orders', 'blocking_tree', 'root_application_name', '--json');
    expect(JSON.parse(json)).toMatchObject({ emergency: { approvedBy: 'grace-h' } });
  });

  it('tells which layer closes what another one opens, and where to write for this connection alone', async () => {
    const { stdout } = await explain('code', 'pull_requests', 'title');
    expect(stdout).toMatch(/decided +by code#closed \(.*code\.yaml:6\)/);
    expect(stdout).toMatch(/overruled +scan by bank#titles \(.*bank\.yaml:22\)/);
    expect(stdout).toMatch(/To open it to scan .*, under rules: of .*code\.yaml:/);
    expect(stdout).toContain('connections: [code]');
  });

  it('says the treatment of what it suggests, so that nobody has to know the manifest', async () => {
    const { stdout } = await explain('code', 'pull_requests', 'title', '--policy', 'standard,bank.yaml');
    expect(stdout).toMatch(/To close it to drop[^]*fields: \["title"\]\n +treatment: drop\n/);
  });
});

describe('exhibit policy explain of a view', () => {
  it('tells what is read of each column, and where that is said', async () => {
    const { code, stdout } = await explain('orders', 'rca.queues');
    expect(code).toBe(0);
    expect(stdout).toMatch(/column +depth {2}keep: the value as it is \(.*bank\.yaml:8\)/);
    expect(stdout).toMatch(/column +note {2}scan: .* \(.*bank\.yaml:9\)/);
    expect(stdout).toMatch(/reads +shop\.jobs/);
    const one = await explain('orders', 'rca.queues', 'note', '--json');
    expect(JSON.parse(one.stdout)).toMatchObject({ columns: [{ column: 'note', treatment: 'scan' }] });
  });

  it.each([
    [['orders', 'rca.queues', 'notes'], /did you mean "note"\?.*bank\.yaml:7: notes: keep/],
    [['orders', 'rca.queue'], /did you mean "rca\.queues"\?.*under views:.*- \{ view: rca\.queue,/],
    [['order', 'rca.queues'], /did you mean "orders"\?/],
  ])('says what was meant, and what a policy would have to say: %j', async (args, expected) => {
    const { code, stderr } = await explain(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(expected)]);
  });
});
