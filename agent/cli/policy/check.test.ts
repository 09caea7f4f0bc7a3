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

  it('names what a rule speaks of wrongly in a file whose shape is wrong elsewhere, and in the files beside it', async () => {
    await write('acme.yaml', `${HEAD}ruls: []\n${WAITS.replace('wait_ms', 'wait_mss')}`);
    await write(
      'other.yaml',
      (HEAD + WAITS).replace('digest', 'digst').replace('blocking_tree', 'blocking_tre'),
    );
    const { code, stderr } = await exhibit('policy', 'check', 'standard', 'acme.yaml', 'other.yaml');
    const places = [...stderr.matchAll(/(\w+)\.yaml:(\d+):\d+ (\S+):/g)].map(([, ...place]) =>
      place.join(' '),
    );
    expect([code, places]).toEqual([
      2,
      [
        'acme 4 ruls',
        'acme 6 rules[0].fields[0]',
        'other 5 rules[0].streams[0]',
        'other 5 rules[0].treatment',
      ],
    ]);
    expect(stderr).toContain('did you mean "digest"?');
  });

  it('says what leaves of a connection that a file is about', async () => {
    const opened = WAITS.replace('wait_ms', 'application_name').replace('digest', 'scan');
    await write('acme.yaml', `${HEAD}connections: [orders]\n${opened}`);
    await write('agent.yaml', CONFIG(CONNECTIONS));
    const { stdout } = await exhibit('policy', 'check');
    const [all = 0, own = 0] = [...stdout.matchAll(/(\d+) fields/g)].map(([, fields]) => Number(fields));
    expect(stdout).toMatch(/^ {2}of orders: \d+ fields of \d+ streams$/m);
    expect(own).toBe(all + 1);
  });

  it('says how often a file is signed where the config asks for it', async () => {
    await write('acme.yaml', HEAD + WAITS);
    await exhibit('keys', 'generate', '--dir', 'ada');
    await exhibit('keys', 'generate', '--dir', 'bob');
    const keys = '[ada/signing.pub.pem, bob/signing.pub.pem]';
    await write(
      'agent.yaml',
      CONFIG(`governance: { signatures: { keys: ${keys}, required: 1, widening: 2 } }\n`),
    );
    const none = await exhibit('policy', 'check');
    expect(none.stdout).toMatch(
      /NOT SIGNED ENOUGH: \S*acme\.yaml has 0 of 1 signatures; 2 where it lets out more/,
    );
    expect([none.code, (await exhibit('policy', 'check', '--strict')).code]).toEqual([0, 1]);
    await exhibit('policy', 'sign', 'acme.yaml', '--key', 'bob/signing.pem');
    const signed = await exhibit('policy', 'check', '--strict');
    expect([signed.code, signed.stdout]).toEqual([0, expect.stringMatching(/^\S*acme\.yaml has 1 of 1/m)]);
    const verified = await exhibit('policy', 'verify', 'acme.yaml');
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('has 1 of 1 signatures')]);
  });

  it.each([
    ['retention: [{ keep: 30m, classes: [chnge] }]', 'did you mean "change"?'],
    ['scope: { namespaces: { deny: [x] } }', 'did you mean "namespace"?'],
    ['rules: 3.4', 'must be a list'],
  ])('suggests what was meant: %s', async (text, meant) => {
    await write('acme.yaml', `${HEAD}${text}\n`);
    expect((await exhibit('policy', 'check', 'acme.yaml')).stderr).toContain(meant);
  });

  it('takes no date that there is not for the one after it', async () => {
    const dated = (date: string) => HEAD + EXPIRED.replace('2026-11-20T00:00:00Z', date);
    for (const date of ['2027-02-30T00:00:00Z', '2026-11-31T00:00:00Z', '2026-12-01T24:00:00Z']) {
      await write('acme.yaml', dated(date));
      expect((await exhibit('policy', 'check', 'acme.yaml')).stderr).toContain('is not a time that exists');
    }
    await write('acme.yaml', dated('2028-02-29T23:59Z'));
    expect(await exhibit('policy', 'check', 'acme.yaml')).toMatchObject({ code: 0, stderr: '' });
  });

  it('warns of a view of which no table is named, for nothing of it would be read', async () => {
    const view = (rest: string) =>
      `${HEAD}views:\n  - { view: rca.jobs, description: x, columns: { depth: keep }${rest} }\n`;
    await write('acme.yaml', view(''));
    expect((await exhibit('policy', 'check', 'acme.yaml')).stdout).toMatch(
      /acme\.yaml:5:5 views\[0\]: names no table/,
    );
    await write('acme.yaml', view(', from: [shop.jobs]'));
    expect((await exhibit('policy', 'check', 'acme.yaml', '--strict')).code).toBe(0);
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

describe('what exhibit policy show tells of a field', () => {
  const VIEW =
    'views:\n  - { view: rca.queues, description: x, columns: { depth: keep, note: drop }, from: [shop.jobs] }\n';
  const CLOSED =
    'rules:\n  - { id: no-users, description: x, streams: [postgresql/statements], fields: [user], treatment: drop }\n';
  const show = async (...more: readonly string[]) => {
    await write('acme.yaml', HEAD + CLOSED + VIEW);
    await write('agent.yaml', CONFIG(CONNECTIONS));
    return await exhibit('policy', 'show', ...more);
  };

  it('is which rule closed it, and what is off for want of a capability', async () => {
    const { stdout } = await show('--stream', 'statements');
    expect(stdout).toMatch(/statements +body\.user +drop +acme#no-users \(\S*acme\.yaml:5\)/);
    expect(stdout).toMatch(/statements +body\.calls +keep +standard#metadata \(preset standard:\d+\)/);
    expect(stdout).not.toMatch(/postgresql\/(?!statements )/);
    const texts = await show('--stream', 'postgresql/statement_texts');
    expect(texts.stdout).toMatch(/body\.text +drop +no rule +off: needs the capability statement-texts/);
  });

  it('is what leaves of views as well, and nothing else when only that is asked for', async () => {
    const { stdout } = await show('--open');
    expect(stdout).toMatch(/view rca\.queues +depth +keep +acme \(\S*acme\.yaml:7\)/);
    expect(stdout).not.toContain(' drop ');
  });

  it('is nothing of a stream that is none', async () => {
    const { code, stderr } = await show('--stream', 'statementz');
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "statements"?')]);
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
