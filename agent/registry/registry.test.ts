import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../evidence/digest.ts';
import { type ConnectorDefinition, discover } from './discover.ts';
import { loadConnector } from './load.ts';

const FOLDER = fileURLToPath(new URL('testdata/connectors', import.meta.url));

describe('discover', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'exhibit-registry-'));
    await cp(FOLDER, root, { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  async function edit(change: (text: string) => string, to = 'vault'): Promise<void> {
    const text = await readFile(path.join(root, 'vault/manifest.yaml'), 'utf8');
    if (to !== 'vault') await cp(path.join(root, 'vault'), path.join(root, to), { recursive: true });
    await writeFile(path.join(root, to, 'manifest.yaml'), change(text));
  }

  it('finds the folders that are connectors, and neither the sdk nor drafts', async () => {
    const { definitions, problems } = await discover(root);
    expect(problems).toEqual([]);
    expect(definitions.map(({ id, folder }) => [id, folder])).toEqual([['vault', path.join(root, 'vault')]]);
  });

  it('reports every problem of every manifest, and keeps the good ones', async () => {
    await edit(
      (text) => text.replace('mode: streaming', 'mode: cdc').replace('owners: [agent]', 'owner: [agent]'),
      'attic',
    );
    await edit((text) => text, 'cellar');
    await rm(path.join(root, 'sdk'), { recursive: true });
    await cp(path.join(root, '_draft'), path.join(root, 'empty'), { recursive: true });
    const { definitions, problems } = await discover(root);
    expect(definitions.map(({ id }) => id)).toEqual(['vault']);
    const told = problems.map(
      ({ file, line, path: where }) => `${path.relative(root, file)}:${line} ${where}`,
    );
    expect(told).toContain('cellar/manifest.yaml:1 id');
    expect(told).toContain('empty/manifest.yaml:1 ');
    expect(told.filter((line) => line.startsWith('attic/')).map((line) => line.split(' ')[1])).toEqual(
      expect.arrayContaining(['owners', 'owner']),
    );
  });

  it('refuses a manifest with anchors, and says where', async () => {
    await edit((text) => text.replace('id: vault', 'id: &name vault'));
    const { definitions, problems } = await discover(root);
    expect(definitions).toEqual([]);
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [3, 'YAML anchors are not allowed: write the value out'],
    ]);
  });
});

describe('loadConnector', () => {
  async function definition(): Promise<ConnectorDefinition> {
    const [found] = (await discover(FOLDER)).definitions;
    if (found === undefined) throw new Error('the test connector is gone');
    return found;
  }

  it('loads the module and the read files with their digests', async () => {
    const loaded = await loadConnector(await definition());
    const doors = await readFile(path.join(FOLDER, 'vault/queries/doors.sql'));
    expect([...loaded.reads.keys()]).toEqual(['doors', 'alarms']);
    expect(loaded.reads.get('doors')).toEqual({ text: doors.toString(), digest: digestOf(doors) });
    expect(loaded.module.egress({ host: 'vault.example', port: 9 })).toEqual(['vault.example:9']);
  });

  it.each([
    [
      'a read file is missing',
      { file: 'queries/gone.sql' },
      'queries/gone.sql of read "doors" can not be read',
    ],
  ])('says which file when %s', async (_case, change, message) => {
    const good = await definition();
    const [first, ...rest] = good.manifest.reads;
    if (first === undefined) throw new Error('the test connector has no read');
    const broken = { ...good, manifest: { ...good.manifest, reads: [{ ...first, ...change }, ...rest] } };
    await expect(loadConnector(broken)).rejects.toMatchObject({
      code: 'REGISTRY',
      message: expect.stringContaining(message),
    });
  });

  it('says so when there is no connector in the folder', async () => {
    const good = await definition();
    await expect(loadConnector({ ...good, folder: path.join(FOLDER, '_draft') })).rejects.toMatchObject({
      code: 'REGISTRY',
    });
  });
});
