import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../evidence/store/sqlite-store.ts';
import { type ApiServer, serveApi } from '../../api/serve.ts';
import { ApiFixture, TOKEN } from '../../api/testing/api-fixture.ts';
import { NAMES, policyText, QUERIES } from '../../governance/testing/policy-folder.ts';
import { cliIn } from '../testing/cli.ts';

/** An agent that runs: it has the store of the config's folder, and answers where the config says. */
let folder = '';
let api: ApiFixture;
let server: ApiServer;
let store: Awaited<ReturnType<typeof openSqliteStore>>;
const replayed: unknown[] = [];
const exhibit = cliIn(() => folder);
/** Without the wait for the store. */
const asked = (...args: readonly string[]) => exhibit(...args, '--url', server.url);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-running-'));
  store = await openSqliteStore({ path: path.join(folder, '.exhibit/evidence.db') });
  replayed.length = 0;
  const replay = async (before: { readonly version: string }, after: { readonly version: string }) => {
    replayed.push([before.version, after.version]);
    return { items: 7, affected: 0, effects: [], unknown: [], notes: [] };
  };
  api = await ApiFixture.open({}, { names: ['strict'], tools: { replay } });
  server = await serveApi(api.app, { port: 0 });
  await writeConfig(server.url.replace('http://', ''));
  await mkdir(path.join(folder, '.exhibit/keys'), { recursive: true });
  await writeFile(path.join(folder, '.exhibit/keys/api-token'), `${TOKEN}\n`);
});
afterEach(async () => {
  await server.close();
  await api.close();
  await store.close();
  await rm(folder, { recursive: true });
});

async function writeConfig(listen: string): Promise<void> {
  const text = `apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\napi: { listen: "${listen}" }\npolicy: [strict]\n`;
  await writeFile(path.join(folder, 'agent.yaml'), text);
}

async function apply(rules: readonly string[]): Promise<void> {
  const { digest } = await api.get<{ digest: string }>('/v1/policy');
  const layers = [{ name: 'strict' }, { name: 'acme.yaml', text: policyText({ rules }) }];
  const body = { layers, reason: 'ticket OPS-17: look at the locks' };
  const response = await api.post('/v1/policy/apply', body, { 'If-Match': `"${digest}"` });
  expect(response.status).toBe(200);
}

const HOLD = `
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(process.argv[1]);
database.exec('pragma locking_mode = exclusive; begin immediate');
process.stdout.write('held');
setTimeout(() => { database.exec('rollback'); database.close(); }, Number(process.argv[2]));`;

/** Resolves when another process has the store; what that resolves to when it has let go of it. */
async function heldElsewhere(file: string, forMs: number): Promise<{ readonly ended: Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', HOLD, file, String(forMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  return { ended };
}

describe('while the agent runs', () => {
  it('its records are asked of it', async () => {
    const at = '2026-11-21T01:00:00.000Z';
    const decision = { connection: 'db', read: 'blocking', policy: `sha256:${'7'.repeat(64)}`, at };
    const reason = 'no rule for it';
    const denied = { ...decision, decision: 'deny', code: 'STREAM_DENIED', reason } as const;
    await api.store.governance.recordDecision(denied);
    const versions = await exhibit('policy', 'versions');
    expect([versions.stderr, versions.code]).toEqual(['', 0]);
    expect(versions.stdout).toMatch(/^\* {2}\S+ {2}strict@\d+ {2}start {2}agent {2}risk none {2}sha256:/);
    expect((await exhibit('policy', 'decisions')).stdout).toMatch(
      /db\/blocking {2}deny {2}STREAM_DENIED {2}1x/,
    );
    const audit = await exhibit('policy', 'audit', '--limit', '5');
    expect(audit.stdout).toMatch(
      /policy\.start {2}policy {2}done\n {5}version {2}strict@\d+\nthe chain holds: 1 entries\n$/,
    );
  });

  it('lists no more than is asked for, over several pages or one', async () => {
    await apply([NAMES]);
    await apply([NAMES, QUERIES]);
    const two = await asked('policy', 'versions', '--limit', '2', '--json');
    const { versions } = JSON.parse(two.stdout) as { versions: readonly { active: boolean }[] };
    expect(versions.map(({ active }) => active)).toEqual([true, false]);
  });

  it('versions that were in force are compared in it, and replayed over what it stores', async () => {
    const first = await api.get<{ digest: string }>('/v1/policy');
    await apply([QUERIES]);
    const { code, stdout, stderr } = await exhibit(
      'policy',
      'diff',
      `@${first.digest.slice('sha256:'.length, 'sha256:'.length + 10)}`,
      `@${(await api.get<{ digest: string }>('/v1/policy')).digest}`,
      '--replay',
    );
    expect([stderr, code]).toEqual(['', 1]);
    expect(stdout).toMatch(/^strict@2 {2}sha256:\w{12}\n→ strict@2\+acme@1 {2}sha256:\w{12}\n1 opened/);
    expect(stdout).toContain('sample/blocking query');
    expect(replayed).toEqual([['strict@2', 'strict@2+acme@1']]);
  });

  it('presets are called by their names in what it says', async () => {
    const { stdout } = await asked('policy', 'diff', 'current', 'standard', '--replay');
    expect(stdout).toMatch(/standard#\w+ \(preset standard:\d+\)/);
    expect(stdout).not.toContain('.yaml:');
  });

  it('files are sent to it, after their problems have been told with their paths', async () => {
    await writeFile(path.join(folder, 'acme.yaml'), policyText({ rules: [NAMES, QUERIES] }));
    const { code, stdout } = await asked('policy', 'diff', 'current', 'strict,acme.yaml', '--replay');
    expect([code, replayed]).toEqual([1, [['strict@2', 'strict@2+acme@1']]]);
    expect(stdout).toContain('acme.yaml:6');
    await writeFile(path.join(folder, 'acme.yaml'), policyText({ more: 'ruls: []\n' }));
    const broken = await asked('policy', 'diff', 'current', 'strict,acme.yaml', '--replay');
    expect([broken.code, broken.stderr]).toEqual([
      2,
      expect.stringMatching(/acme\.yaml:4:1 ruls: .*"rules"/),
    ]);
    const unknown = await asked('policy', 'diff', '@00', 'current');
    expect(unknown.stderr).toContain('no version with this digest');
  });

  it('a stopped stream is released in it', async () => {
    api.governed.standing.stop('db', 'blocking', 'planted');
    const release = (stream: string) =>
      asked('policy', 'release', 'db', stream, '--reason', 'a test row, taken out');
    expect((await release('blockin')).stderr).toContain('Stopped are: db blocking.');
    const done = await release('blocking');
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(/^released db\/blocking: the canary planted/);
    expect(api.governed.standing.stops()).toEqual([]);
    const { stdout } = await asked('policy', 'audit', '--json', '--limit', '1');
    expect(JSON.parse(stdout)).toMatchObject({
      entries: [
        { actor: 'api:token', action: 'stream.release', detail: { reason: 'a test row, taken out' } },
      ],
    });
  });
});

describe('what is in force', () => {
  /** Valid for the sample connector of the agent, and for those that ship. */
  const kept = (days: number) => policyText({ more: `retention: [{ keep: ${days}d, classes: [change] }]\n` });
  const applyText = async (text: string) => {
    const { digest } = await api.get<{ digest: string }>('/v1/policy');
    const body = {
      layers: [{ name: 'strict' }, { name: 'acme.yaml', text }],
      reason: 'ticket OPS-18: keep it',
    };
    const response = await api.post('/v1/policy/apply', body, { 'If-Match': `"${digest}"` });
    expect(response.status).toBe(200);
    return ((await response.json()) as { digest: string }).digest;
  };
  const WAITS =
    '{ id: waits, description: x, streams: [postgresql/blocking_tree], fields: [wait_ms], treatment: digest }';
  const COMMANDS = [
    ['show', '--stream', 'postgresql/blocking_tree'],
    ['explain', 'any', 'postgresql/blocking_tree', 'wait_ms'],
    ['check'],
  ] as const;

  beforeEach(async () => {
    const config = path.join(folder, 'agent.yaml');
    await writeFile(
      config,
      `${await readFile(config, 'utf8')}connections: [{ id: any, connector: postgresql }]\n`,
    );
  });

  it('is told by every command that answers for the files, when it is another policy', async () => {
    for (const args of COMMANDS)
      expect(await exhibit('policy', ...args)).toMatchObject({ code: 0, stderr: '' });
    const digest = await applyText(kept(7));
    for (const args of COMMANDS) {
      const { code, stdout, stderr } = await exhibit('policy', ...args);
      expect([args[0], code, stderr]).toEqual([
        args[0],
        0,
        `note: in force is another policy than these files: ${digest}, since 2026-11-21T02:00:00.000Z, by api:token over HTTP\n`,
      ]);
      expect(stdout).not.toContain(digest);
    }
  });

  it('is answered for where it is asked for', async () => {
    const digest = await applyText(kept(7));
    for (const args of COMMANDS.slice(0, 2)) {
      const { code, stdout, stderr } = await exhibit('policy', ...args, '--in-force', '--json');
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject({ inForce: { from: 'agent', digest, by: 'api:token' } });
    }
    const shown = await asked('policy', 'show', '--in-force');
    expect(shown.stdout).toMatch(
      /^strict@2\+acme@1 {2}sha256:\w+\nin force, since 2026-11-21T02:00:00\.000Z, by api:token over HTTP\n/,
    );
    const named = await exhibit('policy', 'show', 'strict', '--in-force');
    expect([named.code, named.stderr]).toEqual([2, expect.stringContaining('the policy of its config')]);
  });

  it('is found among the files where the API masks a part of it, and not guessed otherwise', async () => {
    const people = ['ada', 'grace'].map((name) => `${name}@bank.example`);
    const text = policyText({
      more: `# asked for by ${people.join(', ')}\nretention: [{ keep: 7d, classes: [change] }]\n`,
    });
    const digest = await applyText(text);
    const masked = await exhibit('policy', 'show', '--in-force');
    expect([masked.code, masked.stderr]).toEqual([1, expect.stringContaining('masks a part of acme.yaml')]);
    await writeFile(path.join(folder, 'acme.yaml'), text);
    await writeFile(
      path.join(folder, 'agent.yaml'),
      (await readFile(path.join(folder, 'agent.yaml'), 'utf8')).replace('[strict]', '[strict, acme.yaml]'),
    );
    expect((await exhibit('policy', 'show', '--in-force')).stdout).toContain(digest);
  });

  it('decides whether files are good: the agent judges them as it would when it looks at them', async () => {
    const good = await exhibit('policy', 'check');
    expect(good.stdout).toContain('the running agent takes them as they are');
    const ofAnother = await exhibit('policy', 'check', 'strict', '-c', 'agent.yaml', '--json');
    expect(JSON.parse(ofAnother.stdout)).toMatchObject({ verdict: { outcome: 'accepted', asked: 'agent' } });
    // The agent knows the connectors of its own, and not those that ship with this command.
    await writeFile(path.join(folder, 'acme.yaml'), policyText({ rules: [WAITS] }));
    const refused = await exhibit('policy', 'check', 'strict', 'acme.yaml', '-c', 'agent.yaml');
    expect([refused.code, refused.stdout]).toEqual([
      1,
      expect.stringMatching(
        /^not good: [^]*REFUSED: the running agent does not take them: PROBLEMS: \S*acme\.yaml:5/,
      ),
    ]);
  });
});

describe('where the agent can not be asked', () => {
  it('says so, and how to name it', async () => {
    await server.close();
    const { code, stderr } = await exhibit('policy', 'versions');
    expect(code).toBe(1);
    expect(stderr).toMatch(/no agent answers at http:\/\/127\.0\.0\.1:\d+\nhint: .*--url/);
  });

  it('waits for whoever has the store, and reads it then', async () => {
    await server.close();
    // What waits for a file waits in this process too, so another one has it.
    await store.close();
    const file = path.join(folder, '.exhibit/evidence.db');
    const holder = await heldElsewhere(file, 600);
    const { code, stdout, stderr } = await exhibit('policy', 'versions', '--json');
    expect([stderr, code]).toEqual(['', 0]);
    expect(JSON.parse(stdout)).toEqual({ versions: [] });
    await holder.ended;
  });

  it('a port that is any needs its address', async () => {
    await writeConfig('127.0.0.1:0');
    expect((await exhibit('policy', 'versions')).stderr).toContain('--url');
    expect(await exhibit('policy', 'versions', '--url', server.url)).toMatchObject({ code: 0, stderr: '' });
  });

  it('tells a wrong token from a missing one, and shows neither', async () => {
    const token = path.join(folder, '.exhibit/keys/api-token');
    await writeFile(token, ['not', 'the', 'token'].join('-'));
    const wrong = await asked('policy', 'audit');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('does not accept the token')]);
    await rm(token);
    const missing = await asked('policy', 'audit');
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('--token-file')]);
    await writeFile(path.join(folder, 'mine'), TOKEN);
    expect(await asked('policy', 'audit', '--token-file', 'mine')).toMatchObject({ code: 0 });
    await writeFile(path.join(folder, 'mine'), 'two\nlines');
    const lines = await asked('policy', 'audit', '--token-file', 'mine');
    expect([lines.code, lines.stderr]).toEqual([2, expect.stringContaining('is no token')]);
  });

  it.each(['127.0.0.1:8787', 'ftp://127.0.0.1', 'http://agent.example:8787'])(
    'sends no token to %s',
    async (url) => {
      expect(await exhibit('policy', 'audit', '--url', url)).toMatchObject({ code: 2 });
    },
  );
});
