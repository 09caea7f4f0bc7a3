import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_RATIO } from './limits.ts';
import { tarHeader } from './tar-header.ts';
import { expectRefused, packed, refusal, SAMPLE_FORMS, unpacked } from './testing/sample-forms.ts';

const archive = unpacked(SAMPLE_FORMS.tar);

describe('the compression', () => {
  it('refuses what another tool packed', async () => {
    await expectRefused(gzipSync(archive), 'ARCHIVE', /^compression$/);
  });

  it('refuses a name, a comment and flags in the header', async () => {
    for (const [offset, value] of [
      [2, 0],
      [3, 8],
      [3, 16],
      [3, 2],
      [4, 1],
      [8, 2],
      [9, 3],
    ] as const) {
      const bytes = Buffer.from(SAMPLE_FORMS.tar);
      bytes[offset] = value;
      await expectRefused(bytes, 'ARCHIVE', /^compression$/);
    }
  });

  it('refuses a wrong checksum, a wrong length and several members', async () => {
    for (const back of [1, 5]) {
      const bytes = Buffer.from(SAMPLE_FORMS.tar);
      bytes[bytes.length - back] = (bytes.at(-back) ?? 0) ^ 1;
      await expectRefused(bytes, 'ARCHIVE', /^compression$/);
    }
    await expectRefused(Buffer.concat([SAMPLE_FORMS.tar, SAMPLE_FORMS.tar]), 'ARCHIVE', /^compression$/);
    await expectRefused(Buffer.concat([SAMPLE_FORMS.tar, Buffer.alloc(100_000)]), 'ARCHIVE', /^compression$/);
  });

  it('refuses a bomb long before it has gone off', async () => {
    const header = tarHeader('VERIFY.md', 60 * 1024 ** 2);
    const bomb = await packed(Buffer.concat([header, Buffer.alloc(60 * 1024 ** 2, 0x20)]));
    expect(bomb.length * MAX_RATIO).toBeLessThan(60 * 1024 ** 2);
    const refused = await refusal(bomb);
    expect(refused).toMatchObject({ reason: 'TOO_LARGE', where: 'compression' });
  });

  it('says that an encrypted file is encrypted', async () => {
    for (const start of ['age-encryption.org/v1\n-> X25519', '-----BEGIN AGE ENCRYPTED FILE-----\n']) {
      expect((await refusal(Buffer.from(start)))?.message).toMatch(/bundle decrypt/);
    }
  });
});
