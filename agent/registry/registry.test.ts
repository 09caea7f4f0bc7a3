import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../evidence/digest.ts';
import { type ConnectorDefinition, discover } from './discover.ts';
import { loadConnector, textsOf } from './load.ts';

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

  it('takes streams from files of their own, and places problems in them', async () => {
    const streams = path.join(root, 'vault/streams');
    await mkdir(streams);
    const whole = await readFile(path.join(root, 'vault/manifest.yaml'), 'utf8');
    const [, head = '', stream = '', tail = ''] =
      /^(.*\n)streams:\n {2}- (.*?\n)(compliance:.*)$/s.exec(whole) ?? [];
    const own = stream.replaceAll(/^ {4}/gm, '');
    await writeFile(path.join(streams, 'doors.yaml'), own);
    expect((await discover(root)).problems.map((problem) => problem.path)).toEqual(['streams']);
    await edit(() => head + tail);
    const split = await discover(root);
    expect(split.problems).toEqual([]);
    expect(split.definitions[0]?.manifest).toEqual((await discover(FOLDER)).definitions[0]?.manifest);
    await writeFile(path.join(streams, 'doors.yaml'), own.replace('cursor:', 'curser:'));
    const told = (await discover(root)).problems.map((problem) => [
      path.basename(problem.file),
      problem.line,
      problem.path,
    ]);
    expect(told).toEqual([
      ['doors.yaml', 1, 'cursor'],
      ['doors.yaml', 6, 'curser'],
    ]);
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
    expect(loaded.reads.get('doors')).toEqual({
      texts: new Map([['doors', doors.toString()]]),
      digest: digestOf(doors),
      files: new Map([['queries/doors.sql', digestOf(doors)]]),
    });
    expect(loaded.module.egress({ host: 'vault.example', port: 9 })).toEqual(['vault.example:9']);
  });

  it('takes the files of a read for newer sources along, and one digest of them all', async () => {
    const copy = await mkdtemp(path.join(FOLDER, '../copy-')); // beside it: the connector imports the sdk
    await cp(FOLDER, copy, { recursive: true });
    const newer = 'SELECT 1 AS newer LIMIT 2\n';
    await writeFile(path.join(copy, 'vault/queries/doors.18.sql'), newer);
    const [found] = (await discover(copy)).definitions;
    const loaded = await loadConnector(found as ConnectorDefinition);
    const doors = await readFile(path.join(FOLDER, 'vault/queries/doors.sql'));
    expect(textsOf(loaded.reads).get('doors@18')).toBe(newer);
    expect(loaded.reads.get('doors')?.digest).toBe(digestOf(Buffer.concat([doors, Buffer.from(newer)])));
    await rm(copy, { recursive: true });
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
