import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleEnvelopes, sampleKeys } from '../../evidence/testing/samples.ts';
import { inForm, sealSample } from '../../evidence/testing/sealed-sample.ts';
import { cliIn } from './testing/cli.ts';

const keys = sampleKeys();
const envelopes = sampleEnvelopes(9);
const ids = envelopes.map(({ item }) => item.id);
const TRUST = ['--key', 'evidence.pub'];

describe('exhibit bundle disclose', () => {
  let folder = '';
  const cli = cliIn(() => folder);
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'exhibit-disclose-cli-'));
    const { documents } = await sealSample(envelopes, keys);
    writeFileSync(path.join(folder, 'a.json'), await inForm(documents, 'json'));
    writeFileSync(path.join(folder, 'a.tar.gz'), await inForm(documents, 'tar'));
    writeFileSync(path.join(folder, 'evidence.pub'), keys.signer.publicKeyPem);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes what exhibit verify finds good', async () => {
    const [first = '', , third = ''] = ids;
    const made = await cli('bundle', 'disclose', 'a.tar.gz', first, third, '-o', 'd.json');
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('d.json: a disclosure of 2 items'),
    });
    const verified = await cli('verify', 'd.json', ...TRUST);
    expect(verified).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('a disclosure of 2 of the 9 items of a bundle'),
    });
  });

  it('prints it without a file, as the same bytes', async () => {
    const [, second = ''] = ids;
    const { code, stdout } = await cli('bundle', 'disclose', 'a.json', second);
    await cli('bundle', 'disclose', 'a.tar.gz', second, '-o', 'e.json');
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(path.join(folder, 'e.json'), 'utf8'));
  });

  it('writes what is not good with a byte changed', async () => {
    const { stdout } = await cli('bundle', 'disclose', 'a.json', ids[4] ?? '');
    writeFileSync(path.join(folder, 'f.json'), stdout.replace('"index":', '"index":1'));
    expect(await cli('verify', 'f.json', ...TRUST)).toMatchObject({ code: 1 });
  });

  it('says which item is not there', async () => {
    const { code, stderr } = await cli('bundle', 'disclose', 'a.json', 'x'.repeat(43));
    expect(code).toBe(1);
    expect(stderr).toContain(`the bundle has no item ${'x'.repeat(43)}`);
  });

  it('is used wrongly without an item', async () => {
    expect(await cli('bundle', 'disclose', 'a.json')).toMatchObject({ code: 2 });
  });
});
