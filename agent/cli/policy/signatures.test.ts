import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliIn } from '../testing/cli.ts';

let folder = '';
const exhibit = cliIn(() => folder);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-sign-'));
  const text =
    'apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: acme, version: "3", description: for tests }\n';
  await writeFile(path.join(folder, 'acme.yaml'), text);
  for (const who of ['ada', 'bob']) await exhibit('keys', 'generate', '--dir', who);
});
afterEach(() => rm(folder, { recursive: true }));

const verify = (...rest: readonly string[]) =>
  exhibit('policy', 'verify', 'acme.yaml', '--key', 'ada/signing.pub.pem', ...rest);

describe('exhibit policy sign and verify', () => {
  it('counts whose signatures stand for the file as it is', async () => {
    expect(await verify()).toMatchObject({ code: 1, stdout: 'not good: acme@3 has 0 of 1 signatures\n' });
    const signed = await exhibit(
      'policy',
      'sign',
      'acme.yaml',
      '--key',
      'ada/signing.pem',
      '--role',
      'author',
    );
    expect([signed.code, signed.stderr]).toEqual([0, '']);
    expect(signed.stdout).toMatch(/^signed acme\.yaml as author\nkey +sha256:/);
    const once = await verify();
    expect(once).toMatchObject({ code: 0, stdout: expect.stringMatching(/^good: .*1 of 1.*\ngood +author/) });

    await exhibit('policy', 'sign', 'acme.yaml', '--key', 'bob/signing.pem');
    const stranger = await verify('--required', '2', '--json');
    expect(stranger.code).toBe(1);
    expect(JSON.parse(stranger.stdout)).toMatchObject({
      good: false,
      signers: [{ role: 'author' }],
      refused: [{ code: 'SIGNER_UNKNOWN' }],
    });
    const both = await verify('--key', 'bob/signing.pub.pem', '--required', '2');
    expect(both.code).toBe(0);

    await appendFile(path.join(folder, 'acme.yaml'), '# edited\n');
    const edited = await verify();
    expect([edited.code, edited.stdout]).toEqual([1, expect.stringContaining('SIGNATURE_OF_OTHER_BYTES')]);
  });

  it('signs nothing that is no policy, and asks for at least one signature', async () => {
    await writeFile(path.join(folder, 'acme.yaml'), 'kind: Policy\n');
    const { code, stderr } = await exhibit('policy', 'sign', 'acme.yaml', '--key', 'ada/signing.pem');
    expect([code, stderr]).toEqual([2, expect.stringContaining('metadata: is missing')]);
    expect((await verify('--required', '0')).code).toBe(2);
  });
});
