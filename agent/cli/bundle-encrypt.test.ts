import { rmSync } from 'node:fs';
import { generateX25519Identity } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { jsonBundle } from '../../evidence/bundle/write.ts';
import type { Incident } from '../../evidence/store/store.ts';
import { type BundleRequest, makeBundle } from './bundle-create.ts';
import { bundleFolder, FORMS, NAMES, RECIPIENT, SAMPLE, SEALED } from './testing/bundle-folder.ts';

const { at, cli, feed, names, read, write } = bundleFolder();

describe('bundle encrypt and decrypt', () => {
  it.each(NAMES)('take %s there and back', async (name) => {
    expect((await cli('bundle', 'encrypt', name, '--recipient', RECIPIENT)).code).toBe(0);
    expect(read(`${name}.age`).subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    expect((await cli('bundle', 'show', `${name}.age`)).stderr).toMatch(/bundle decrypt/);
    rmSync(at(name));
    const { code, stdout } = await cli('bundle', 'decrypt', `${name}.age`, '--identity', 'id.txt', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ file: name, bytes: FORMS[name].length });
    expect(read(name).equals(FORMS[name])).toBe(true);
    expect(names().filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('take streams', async () => {
    feed(FORMS['a.ndjson']);
    expect((await cli('bundle', 'encrypt', '-', '--recipient', RECIPIENT, '-o', 'x.age')).code).toBe(0);
    feed(read('x.age'));
    const { stdout } = await cli('bundle', 'decrypt', '-', '--identity', 'id.txt');
    expect(stdout).toBe(FORMS['a.ndjson'].toString());
  });

  it('write nothing when something is wrong', async () => {
    await cli('bundle', 'encrypt', 'a.json', '--recipient', RECIPIENT);
    const file = read('a.json.age');
    write('cut.age', file.subarray(0, -1));
    write('changed.age', Buffer.concat([file.subarray(0, -1), Buffer.of(1, 2)]));
    write('other.txt', await generateX25519Identity());
    write('none.txt', 'hunter2\n');
    const cases = [
      ['cut.age', 'id.txt', /changed or is cut off/],
      ['changed.age', 'id.txt', /changed or is cut off/],
      ['a.json.age', 'other.txt', /other recipients/],
      ['a.json.age', 'none.txt', /line 1 of the identity file/],
      ['a.json.age', 'gone.txt', /can not be read \(ENOENT\)/],
      ['a.ndjson', 'id.txt', /not encrypted with age/],
    ] as const;
    for (const [name, key, message] of cases) {
      const { code, stderr } = await cli('bundle', 'decrypt', name, '--identity', key, '-o', 'out');
      expect([name, key, code]).toEqual([name, key, 2]);
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain('hunter2');
      expect(names()).not.toContain('out');
    }
    expect(names().filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('encrypt nothing but a bundle, to recipients that are right', async () => {
    expect((await cli('bundle', 'encrypt', 'id.txt', '--recipient', RECIPIENT)).code).toBe(2);
    expect((await cli('bundle', 'encrypt', 'a.json', '--recipient', 'age1x')).code).toBe(2);
    expect((await cli('bundle', 'encrypt', 'a.json')).code).toBe(2);
    expect((await cli('bundle', 'decrypt', 'a.json', '--identity', 'id.txt')).stderr).toMatch(/--output/);
    expect(names().filter((name) => name.endsWith('.age'))).toEqual([]);
  });
});

describe('makeBundle', () => {
  const window = { from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:30:00.000Z' };
  let recorded = 0;

  async function made(request: Partial<BundleRequest>) {
    const incident = { id: 'inc-9' } as Incident;
    const bytes = await jsonBundle(SAMPLE);
    const incidents = {
      record: () => {
        recorded += 1;
        return Promise.resolve(incident);
      },
      bundle: () =>
        Promise.resolve({ incident: 'inc-9', manifest: SEALED.digest, createdAt: window.to, bytes }),
    };
    return makeBundle(
      { incidents } as unknown as Parameters<typeof makeBundle>[0],
      { title: 'x', window, scope: {}, file: 'new.json', ...request },
      { cwd: at('') },
    );
  }

  it.each(NAMES)('writes the form of the name new-%s', async (name) => {
    const written = await made({ file: `new-${name}` });
    expect(written).toEqual({
      file: at(`new-${name}`),
      incident: 'inc-9',
      manifest: SEALED.digest,
      bytes: FORMS[name].length,
    });
    expect(read(`new-${name}`).equals(FORMS[name])).toBe(true);
  });

  it('encrypts it to recipients', async () => {
    await made({ file: 'new.tar.gz.age', recipients: [RECIPIENT] });
    await cli('bundle', 'decrypt', 'new.tar.gz.age', '--identity', 'id.txt');
    expect(read('new.tar.gz').equals(FORMS['a.tar.gz'])).toBe(true);
  });

  it('seals nothing for a recipient that is none', async () => {
    const before = recorded;
    await expect(made({ recipients: [RECIPIENT, 'age1x'] })).rejects.toMatchObject({ code: 'KEY' });
    expect(recorded).toBe(before);
    expect(names()).not.toContain('new.json');
  });
});
