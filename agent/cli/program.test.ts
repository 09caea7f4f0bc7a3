import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { cliIn } from './testing/cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'exhibit-program-'));
afterAll(() => rmSync(folder, { recursive: true }));
const exhibit = cliIn(() => folder);

/** Names as a help text lists them; lines that go on are indented further. */
async function listed(...group: readonly string[]): Promise<readonly string[]> {
  const { code, stdout } = await exhibit(...group, '--help');
  expect(code).toBe(0);
  const [, commands = ''] = (stdout.split('\n\n').find((part) => part.startsWith('Commands:')) ?? '').split(
    'Commands:',
  );
  return [...commands.matchAll(/^ {2}(\w+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

describe('commands that are loaded when they are meant', () => {
  it('are each the one that the list says', async () => {
    for (const group of [[], ['policy']]) {
      const names = await listed(...group);
      expect(names.length).toBeGreaterThan(10);
      for (const name of names) {
        const { code, stdout } = await exhibit(...group, name, '--help');
        expect([code, stdout]).toEqual([
          0,
          expect.stringContaining(`Usage: ${['exhibit', ...group, name].join(' ')} [options]`),
        ]);
        // What a command that was not loaded could not know.
        expect(stdout).toMatch(/^ {2}(?:--json|--dir|help|new|sql|list|create) /m);
      }
    }
  });

  it('explain themselves however help is asked for', async () => {
    const asked = await exhibit('verify', '--help');
    expect(asked.stdout).toContain('--key-history <file>');
    expect(await exhibit('help', 'verify')).toEqual(asked);
    expect((await exhibit('policy', 'help', 'sign')).stdout).toContain('--role <role>');
  });

  it('are suggested without being loaded, also where another one is named', async () => {
    expect((await exhibit('verfy', 'policy')).stderr).toContain('Did you mean verify?');
    expect((await exhibit('policy', 'chek', 'test')).stderr).toContain('Did you mean check?');
  });

  it.each([
    ['--version', ['evidence/store/', 'evidence/sign/', 'policies/compile.ts', 'policies/detectors/']],
    ['verify --help', ['policies/compile.ts', 'policies/detectors/', 'evidence/store/sqlite-store.ts']],
    ['keys --help', ['policies/compile.ts', 'policies/detectors/', 'evidence/store/sqlite-store.ts']],
    ['policy schema', ['agent/cli/policy/check.ts', 'agent/cli/redact.ts', 'evidence/store/sqlite-store.ts']],
  ])('leave the code of others where it is: %s', async (line, notLoaded) => {
    const loaded = await modulesLoadedBy(line.split(' '));
    expect(loaded).toContain('agent/cli/program.ts');
    expect(loaded.filter((file) => notLoaded.some((part) => file.startsWith(part)))).toEqual([]);
  });
});

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Prints the address of each module on standard error as it is loaded. */
const WATCH = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`;

async function modulesLoadedBy(args: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(WATCH)}`,
    path.join(ROOT, 'agent/main.ts'),
    ...args,
  ]);
  const own = stderr.split('\n').filter((url) => url.startsWith('file:'));
  return own.map((url) => path.relative(ROOT, fileURLToPath(url)));
}
