import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const EXHIBIT = fileURLToPath(new URL('../../bin/exhibit.mjs', import.meta.url));
const STANDARD = fileURLToPath(new URL('../../policies/presets/standard.yaml', import.meta.url));

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command, as a user does. */
function exhibit(
  args: readonly string[],
  options: { stdin?: string; env?: Record<string, string> } = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [EXHIBIT, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...options.env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.stdin ?? '');
  });
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Leads nowhere: nothing listens on port 1. */
const dsn = (password: string) => ['postgres:', '', `exhibit:${password}@127.0.0.1:1`, 'nothing'].join('/');

const COMMANDS = [
  'init',
  'run',
  'demo',
  'collect',
  'bundle',
  'verify',
  'log',
  'doctor',
  'policy',
  'connector',
  'guard',
  'redact',
  'keys',
  'canary',
];
const STACK = /^\s+at .+:\d+:\d+\)?$/m;

describe('the command line', () => {
  it('shows every command and the exit codes', async () => {
    const { code, stdout } = await exhibit(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('Exit codes:');
  });

  it.each([
    ['no command', [], 'Usage: exhibit'],
    ['an unknown command', ['verfy'], 'Did you mean verify?'],
    ['an unknown option', ['connector', 'list', '--jsn'], 'Did you mean --json?'],
    ['a missing argument', ['verify', '--key', 'k'], "missing required argument 'file'"],
    ['a missing option', ['guard', 'sql'], '--dialect'],
    [
      'a choice that is none',
      ['guard', 'sql', '--dialect', 'postgresql', '--mode', 'free'],
      'template, freeform',
    ],
    ['a duration that is none', ['collect', '--since', 'yesterday'], 'must be a duration such as'],
    ['a tenant that is none', ['init', 'x.yaml', '--tenant', 'Acme Inc'], 'lower case'],
    ['a connector that is none', ['connector', 'show', 'postgres'], 'Did you mean "postgresql"?'],
    ['no config', ['doctor'], 'exhibit init'],
    ['no bundle', ['bundle', 'items', 'gone.json'], 'gone.json can not be read (ENOENT)'],
    ['no key', ['verify', 'gone.json', '--key', 'gone.pem'], 'gone.pem can not be read (ENOENT)'],
    ['a policy that is none', ['policy', 'check', 'standrd'], 'did you mean the preset "standard"?'],
  ])('ends with 2 and says what to do: %s', async (_case, args, message) => {
    const { code, stdout, stderr } = await exhibit(args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toMatch(STACK);
  });

  it('prints errors as JSON with --json, on standard error', async () => {
    for (const args of [
      ['doctor', '--json'],
      ['nothing', '--json'],
      ['policy', 'check', 'standrd', '--json'],
    ]) {
      const { code, stdout, stderr } = await exhibit(args);
      expect([code, stdout]).toEqual([2, '']);
      expect(JSON.parse(stderr)).toMatchObject({
        error: { code: expect.any(String), message: expect.any(String) },
      });
    }
  });

  it('ends quietly when nobody reads any more', async () => {
    const child = spawn(process.execPath, [EXHIBIT, 'policy', 'show'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('init, keys and doctor', () => {
  it('writes a config and keys once, and never over anything', async () => {
    const first = await exhibit(['init', 'made/agent.yaml', '--tenant', 'acme', '--json']);
    expect(first.code).toBe(0);
    const written = JSON.parse(first.stdout) as { config: string; keys: string[] };
    expect(written.keys).toHaveLength(5);
    await appendFile(written.config, '# edited\n');
    const second = await exhibit(['init', 'made/agent.yaml']);
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('exists already')]);
    expect(await readFile(written.config, 'utf8')).toMatch(/# edited\n$/);
    const shown = await exhibit(['keys', 'show', '--dir', 'made/.exhibit/keys']);
    expect(shown.stdout).toBe(
      await readFile(path.join(folder, 'made/.exhibit/keys/signing.pub.pem'), 'utf8'),
    );
    expect(
      JSON.parse((await exhibit(['keys', 'generate', '--dir', 'made/.exhibit/keys', '--json'])).stdout),
    ).toEqual({ written: [] });
  });

  it('names every problem of a config with its line, and no secret', async () => {
    const text = [
      'apiVersion: exhibit/v1',
      'kind: Agent',
      'tenant: acme',
      'api: { lisen: "127.0.0.1:1" }',
      'connections:',
      '  - id: db',
      '    connector: postgresql',
      `    config: { dsn: "${dsn('canary-5561')}" }`,
    ];
    await writeFile(path.join(folder, 'bad.yaml'), text.join('\n'));
    const { code, stdout, stderr } = await exhibit(['doctor', '-c', 'bad.yaml']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/bad\.yaml:4:8 api\.lisen: is not a known key \(did you mean "listen"\?\)/);
    expect(stderr).toMatch(/bad\.yaml:8:15 connections\[0\]\.config\.dsn: /);
    expect(stderr).not.toMatch(/canary-5561/);
    expect(stderr).not.toMatch(STACK);
  });

  it('says that a source can not be reached, without the credential', async () => {
    await exhibit(['init', 'live/agent.yaml', '--connector', 'postgresql']);
    const env = { EXHIBIT_TEST_POSTGRESQL_DSN: dsn('canary-5562') };
    const { code, stdout, stderr } = await exhibit(['doctor', '-c', 'live/agent.yaml', '--json'], { env });
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      good: false,
      connections: [{ connection: 'my-postgresql', good: false }],
    });
    expect(stdout).not.toContain('canary-5562');
  });
});

describe('run', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('serves until %s, then stops in good order', async (signal) => {
    await exhibit(['init', `run-${signal}/agent.yaml`, '--connector', 'postgresql']);
    const config = path.join(folder, `run-${signal}/agent.yaml`);
    await writeFile(config, (await readFile(config, 'utf8')).replace('127.0.0.1:8787', '127.0.0.1:0'));
    const env = {
      PATH: process.env['PATH'],
      EXHIBIT_TEST_POSTGRESQL_DSN: dsn('canary-5564'),
    };
    const child = spawn(process.execPath, [EXHIBIT, 'run', '-c', config, '--json'], { cwd: folder, env });
    let logged = '';
    child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()));
    const first = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    const { url } = JSON.parse(first) as { url: string };
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill(signal);
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(logged).toContain('stopping');
    expect(logged).not.toContain('canary-5564');
    expect(logged).not.toMatch(STACK);
  });
});

describe('policy and connector', () => {
  it('checks the presets and shows what each field becomes', async () => {
    expect((await exhibit(['policy', 'check', 'standard', 'strict'])).code).toBe(0);
    const { code, stdout } = await exhibit(['policy', 'show', '--json']);
    const { fields } = JSON.parse(stdout) as {
      fields: { stream: string; path: string; rule: string | null }[];
    };
    expect(code).toBe(0);
    const [first] = fields;
    expect(first).toMatchObject({
      stream: 'github/commits',
      path: 'body.sha',
      treatment: 'keep',
      rule: 'standard#metadata',
    });
  });

  it('names every problem of a policy with its line', async () => {
    const text = (await readFile(STANDARD, 'utf8'))
      .replace('treatment: pseudonymize', 'treatment: hide')
      .replace('kind: Policy', 'knd: Policy');
    await writeFile(path.join(folder, 'house.yaml'), text);
    const { code, stderr } = await exhibit(['policy', 'check', 'house.yaml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/house\.yaml:\d+:\d+ knd: is not a known key \(did you mean "kind"\?\)/);
    expect(stderr).toMatch(/house\.yaml:\d+:\d+ rules\[2\]\.treatment: /);
  });

  it('proves every read that ships', async () => {
    const { code, stdout } = await exhibit(['connector', 'check', '--json']);
    const result = JSON.parse(stdout) as { proofs: unknown[]; refused: unknown[]; problems: unknown[] };
    expect(result).toMatchObject({ refused: [], problems: [] });
    expect(result.proofs.length).toBeGreaterThan(20);
    expect(code).toBe(0);
  });

  it('lists and shows connectors', async () => {
    const { stdout } = await exhibit(['connector', 'list', '--json']);
    const { connectors } = JSON.parse(stdout) as { connectors: { id: string }[] };
    expect(connectors.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['github', 'kubernetes', 'postgresql']),
    );
    expect((await exhibit(['connector', 'show', 'github'])).stdout).toContain('never reads');
  });
});

describe('guard and redact', () => {
  it('answers each line, in order, with its id', async () => {
    const lines = [
      { id: 'a', sql: 'SELECT d.datname FROM pg_catalog.pg_database AS d LIMIT 5' },
      { id: 'b', sql: 'DELETE FROM pg_catalog.pg_class' },
    ];
    const stdin = `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnot json\n`;
    const { code, stdout } = await exhibit(['guard', 'sql', '--dialect', 'postgresql'], { stdin });
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown; verdict: string; code: unknown });
    expect(code).toBe(0);
    expect(answers.map(({ id, verdict, code: why }) => [id, verdict, why])).toEqual([
      ['a', 'allow', null],
      ['b', 'deny', 'NOT_SELECT'],
      [null, 'deny', 'BAD_INPUT'],
    ]);
  });

  it('denies everything that is free form, or in a dialect without a guard', async () => {
    const stdin = '{"id":7,"sql":"SELECT 1"}\n';
    for (const options of [
      ['--dialect', 'postgresql', '--mode', 'freeform'],
      ['--dialect', 'mysql'],
    ]) {
      const { stdout } = await exhibit(['guard', 'sql', ...options], { stdin });
      expect(JSON.parse(stdout)).toMatchObject({ id: 7, verdict: 'deny' });
    }
  });

  it('answers a line before the next one has come', async () => {
    const child = spawn(process.execPath, [EXHIBIT, 'guard', 'sql', '--dialect', 'postgresql'], {
      cwd: folder,
    });
    const next = () =>
      new Promise<string>((resolve) =>
        child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
      );
    for (const id of [31, 32]) {
      const answer = next();
      child.stdin.write(`${JSON.stringify({ id, sql: 'SELECT 1' })}\n`);
      expect(JSON.parse(await answer)).toMatchObject({ id });
    }
    child.stdin.end();
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  });

  it('takes secrets out of texts and says where they were', async () => {
    const token = `ghp_${'x1Y2'.repeat(9)}`;
    const stdin = `${JSON.stringify({ id: 'r', text: `use ${token} now` })}\n`;
    const { code, stdout } = await exhibit(['redact'], { stdin });
    expect(code).toBe(0);
    expect(stdout).not.toContain(token);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'r', findings: [{ start: 4, end: 44 }] });
  });
});

describe('verify and bundle', () => {
  it('ends with 1 for a file that is not good, and says where', async () => {
    await exhibit(['keys', 'generate', '--dir', 'k']);
    await writeFile(path.join(folder, 'broken.json'), '{"schema":"exhibit.bundle/v1","items":[');
    const { code, stdout, stderr } = await exhibit([
      'verify',
      'broken.json',
      '--key',
      'k/signing.pub.pem',
      '--json',
    ]);
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({ good: false, facts: null });
  });

  it('ends with 2 for a key that is none, and does not print it', async () => {
    await writeFile(path.join(folder, 'broken.json'), '{}');
    const { code, stderr } = await exhibit(['verify', 'broken.json', '--key', 'k/signing.pem']);
    expect(code).toBe(2);
    expect(stderr).toContain('BEGIN PUBLIC KEY');
    expect(stderr).not.toContain('PRIVATE');
  });

  it.each(['items', 'extract'])('bundle %s ends with 2 for what is not a bundle', async (command) => {
    await writeFile(path.join(folder, 'other.json'), '{"canary":"canary-5563"}');
    const { code, stderr, stdout } = await exhibit([
      'bundle',
      command,
      'other.json',
      ...(command === 'extract' ? ['out'] : []),
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toMatch(STACK);
    expect(stderr).not.toContain('canary-5563');
  });
});

describe('canary new', () => {
  it('keeps the marker for its owner only, shows how to plant it, and never overwrites one', async () => {
    const file = path.join(folder, 'marker.txt');
    const { code, stdout } = await exhibit(['canary', 'new', '--out', file, '--json']);
    expect(code).toBe(0);
    const { marker, recipes } = JSON.parse(stdout) as {
      marker: string;
      recipes: { source: string; commands: string[] }[];
    };
    expect(marker).toMatch(/^exhibit-canary-[a-z2-7]{26}$/);
    expect(await readFile(file, 'utf8')).toBe(`${marker}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(new Set(recipes.map(({ source }) => source))).toEqual(
      new Set(['postgresql', 'kubernetes', 'github']),
    );
    const again = await exhibit(['canary', 'new', '--out', file]);
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain('exists already');
    expect(await readFile(file, 'utf8')).toBe(`${marker}\n`);
  });
});
