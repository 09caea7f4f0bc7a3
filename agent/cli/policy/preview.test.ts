import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliIn } from '../testing/cli.ts';

let folder = '';
const exhibit = cliIn(() => folder);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-preview-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
const AT = '2026-11-21T11:00:00.000Z';
const TREE = {
  stream: 'blocking_tree',
  class: 'symptom',
  entity: 'postgresql://db/tree',
  key: '1',
  occurredAt: AT,
};
const previewing = (options: string) => exhibit('policy', 'preview', ...options.split(' '));
const line = (record: object) => `${JSON.stringify(record)}\n`;

describe('exhibit policy preview --records', () => {
  it('shows what would leave of recorded observations, and stores nothing', async () => {
    await write(
      'records.ndjson',
      line({ ...TREE, body: { pid: 4711, user: 'ada-l', application_name: 'canary-7781' } }) +
        line({ ...TREE, class: 'state', body: {} }),
    );
    const { code, stdout, stderr } = await previewing('--records records.ndjson --connector postgresql');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^recorded\/postgresql {2}under standard@\d+: 1 item would leave\n/);
    expect(stdout).toMatch(
      / {2}symptom postgresql\.blocking_tree\/v1 {2}postgresql:\/\/db\/tree\n {4}pid +4711\n/,
    );
    expect(stdout).toContain(
      '    changed: user (pseudonymize: pseudonymize)\n    dropped: application_name\n',
    );
    expect(stdout).toMatch(/withheld +1x +blocking_tree +shape: its class, key \(a text\), entity/);
    expect(stdout).toContain('a key that was thrown away');
    expect(stdout).not.toMatch(/ada-l|canary-7781/);
    expect(await readdir(folder)).toEqual(['records.ndjson']);
  });

  it('says which line is none, and not what it says', async () => {
    await write('records.ndjson', `${line({ ...TREE, body: {} })}canary-7782\n`);
    const { code, stderr } = await previewing('--records records.ndjson --connector postgresql');
    expect([code, stderr]).toEqual([2, expect.stringContaining('records.ndjson:2 is no observation')]);
    expect(stderr).not.toContain('canary-7782');
  });
});

describe('exhibit policy preview of a connection', () => {
  beforeEach(() =>
    write(
      'agent.yaml',
      'apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\nconnections:\n  - { id: db, connector: postgresql, config: { dsn: { env: EXHIBIT_TEST_DSN } } }\n',
    ),
  );

  it('says that the source does not answer, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await previewing(
      '-c agent.yaml --connection db --read blocking_tree --json',
    );
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      throwAwayKey: true,
      previews: [{ read: 'blocking_tree', refused: null, total: 0, error: { code: 'UNREACHABLE' } }],
    });
    expect(await readdir(folder)).toEqual(['agent.yaml']);
  });

  it('contacts nobody for a read that the policy to try refuses', async () => {
    await write(
      'shut.yaml',
      'apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: shut, version: "1", description: x }\n',
    );
    const { code, stdout } = await previewing(
      '-c agent.yaml --connection db --read locked_relations --policy shut.yaml',
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('refused STREAM_DENIED')]);
  });

  it.each([
    ['a connection that is none', ['--connection', 'orders'], 'There are: db.'],
    ['a read that is none', ['--connection', 'db', '--read', 'x'], 'blocking_tree'],
    ['a limit that is none', ['--connection', 'db', '--limit', '-1'], '--limit must be'],
    ['records of nobody', ['--records', 'x'], '--connector'],
  ])('says what to do about %s', async (_what, args, message) => {
    const { code, stderr } = await exhibit('policy', 'preview', '-c', 'agent.yaml', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
