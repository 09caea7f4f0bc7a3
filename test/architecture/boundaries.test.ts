import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Report {
  summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
}

/** depcruise exits non-zero when it finds violations; its report comes on stdout either way. */
async function cruise(cwd: string, ...args: string[]): Promise<Report> {
  const command = fileURLToPath(new URL('../../node_modules/.bin/depcruise', import.meta.url));
  const run = promisify(execFile)(command, [...args, '--output-type', 'json'], {
    cwd,
    maxBuffer: 64 * 1024 ** 2,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return JSON.parse(stdout) as Report;
}

describe('import boundaries', () => {
  it('hold for every module', async () => {
    const { summary } = await cruise(root, 'agent', 'connectors', 'policies', 'evidence', 'tools', 'test');
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(100);
  });

  it('are seen to be broken where a violation is planted, even a type import', async () => {
    const planted = fileURLToPath(new URL('selfcheck', import.meta.url));
    const config = fileURLToPath(new URL('selfcheck.config.mjs', import.meta.url));
    const { summary } = await cruise(planted, 'connectors', '--config', config);
    expect(summary.violations.map(({ rule, from, to }) => [rule.name, from, to])).toEqual([
      ['connectors-import-the-sdk-only', 'connectors/alpha/index.ts', 'connectors/beta/config.ts'],
    ]);
  });
});
