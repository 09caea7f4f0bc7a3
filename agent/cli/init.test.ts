import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cliIn } from './testing/cli.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-init-'));
});
afterAll(() => rm(folder, { recursive: true }));
const exhibit = cliIn(() => folder);

async function activeIn(file: string): Promise<readonly string[]> {
  const config = parse(await readFile(path.join(folder, file), 'utf8')) as {
    readonly connections: readonly { readonly connector: string }[] | null;
  };
  return (config.connections ?? []).map(({ connector }) => connector).sort();
}

it.each([
  ['before', ['--connector', 'postgresql', 'before/agent.yaml'], ['postgresql']],
  ['after', ['after/agent.yaml', '--connector', 'postgresql'], ['postgresql']],
  [
    'between',
    ['--connector', 'github', 'between/agent.yaml', '--connector', 'postgresql'],
    ['github', 'postgresql'],
  ],
  [
    'twice',
    ['--connector', 'github', '--connector', 'kubernetes', 'twice/agent.yaml'],
    ['github', 'kubernetes'],
  ],
  ['none', ['none/agent.yaml'], []],
])('takes the file for a file: %s', async (name, args, connectors) => {
  expect(await exhibit('init', ...args)).toMatchObject({ code: 0, stderr: '' });
  expect(await activeIn(`${name}/agent.yaml`)).toEqual(connectors);
});

it('refuses a connector that does not exist, and writes nothing', async () => {
  const { code, stderr } = await exhibit('init', '--connector', 'oracle', 'refused/agent.yaml');
  expect([code, stderr]).toEqual([2, expect.stringContaining('There are: ')]);
  await expect(readFile(path.join(folder, 'refused/agent.yaml'))).rejects.toMatchObject({ code: 'ENOENT' });
});
