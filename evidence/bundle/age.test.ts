import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { decryptWith, encryptTo, MAX_RECIPIENTS, readIdentities } from './age.ts';
import { collect } from './testing/random-bundle.ts';

const [ours, theirs] = [await keyPair(), await keyPair()];

async function keyPair() {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

async function* inPieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function encrypted(plain: Uint8Array, ...recipients: readonly string[]): Promise<Buffer> {
  return collect(await encryptTo(recipients, inPieces(plain)));
}

async function decrypted(bytes: Uint8Array, ...identities: readonly string[]): Promise<Buffer> {
  return collect(decryptWith(identities, inPieces(bytes)));
}

/** Longer than two chunks of the format. */
const PLAIN = Buffer.alloc(150_000, 'evidence that travels. ');
const FILE = await encrypted(PLAIN, ours.recipient);

describe('encryption to recipients', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 131_072])('gives %d bytes back', async (length) => {
    const plain = PLAIN.subarray(0, length);
    expect((await decrypted(await encrypted(plain, ours.recipient), ours.identity)).equals(plain)).toBe(true);
  });

  it('can be opened by each of several recipients', async () => {
    const file = await encrypted(PLAIN, ours.recipient, theirs.recipient);
    expect((await decrypted(file, ours.identity)).equals(PLAIN)).toBe(true);
    expect((await decrypted(file, theirs.identity)).equals(PLAIN)).toBe(true);
  });

  it('tells a wrong identity from a broken file', async () => {
    await expect(decrypted(FILE, theirs.identity)).rejects.toMatchObject({
      code: 'KEY',
      message: expect.stringMatching(/other recipients/),
    });
  });

  it('refuses every change of one byte and every cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(FILE.length - 1), fc.nat(250)),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const changed = Buffer.from(FILE);
          changed[at] = (changed[at] ?? 0) ^ change;
          await expect(decrypted(changed, ours.identity)).rejects.toMatchObject({
            code: expect.stringMatching(/^(BUNDLE|KEY)$/),
          });
          await expect(decrypted(FILE.subarray(0, at), ours.identity)).rejects.toMatchObject({
            code: 'BUNDLE',
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a file with something behind it', async () => {
    await expect(decrypted(Buffer.concat([FILE, Buffer.of(0)]), ours.identity)).rejects.toMatchObject({
      code: 'BUNDLE',
    });
  });

  it.each([
    ['no age file', '{"attestation":{}}', /not encrypted with age/],
    ['an armored file', '-----BEGIN AGE ENCRYPTED FILE-----\n', /armored/],
    ['nothing', '', /not encrypted with age/],
    ['a header without end', `age-encryption.org/v1\n${'-> X25519 aaaa\n'.repeat(10_000)}`, /no end/],
  ])('refuses %s', async (_, text, message) => {
    await expect(decrypted(Buffer.from(text), ours.identity)).rejects.toMatchObject({
      code: 'BUNDLE',
      message: expect.stringMatching(message),
    });
  });

  it('refuses recipients that are none', async () => {
    const last = ours.recipient.at(-1) === 'q' ? 'p' : 'q';
    const others = ['age1', 'ssh-ed25519 AAAA', `${ours.recipient.slice(0, -1)}${last}`, ours.identity];
    for (const wrong of others) {
      await expect(encryptTo([ours.recipient, wrong], inPieces(PLAIN))).rejects.toMatchObject({
        code: 'KEY',
      });
    }
    await expect(encryptTo([], inPieces(PLAIN))).rejects.toMatchObject({ code: 'KEY' });
    const many = Array<string>(MAX_RECIPIENTS + 1).fill(ours.recipient);
    await expect(encryptTo(many, inPieces(PLAIN))).rejects.toMatchObject({ code: 'KEY' });
  });

  it('hands on what the plain text throws', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield PLAIN;
      throw new Error('the disk is gone');
    }
    await expect(collect(await encryptTo([ours.recipient], broken()))).rejects.toThrow('the disk is gone');
  });
});

describe('readIdentities', () => {
  it('reads what age-keygen writes', () => {
    const text = `# created: 2026-11-21\n# public key: ${ours.recipient}\n${ours.identity}\r\n\n${theirs.identity}`;
    expect(readIdentities(text)).toEqual([ours.identity, theirs.identity]);
  });

  it('says which line is none, and not what it is', () => {
    const wrong = 'hunter2-hunter2';
    expect(() => readIdentities(`# a\n${ours.identity}\n${wrong}\n`)).toThrow(
      expect.objectContaining({ code: 'KEY', message: expect.stringMatching(/^line 3 (?!.*hunter2)/) }),
    );
    expect(() => readIdentities('# nothing\n')).toThrow(expect.objectContaining({ code: 'KEY' }));
  });
});

const TOOLS = ['age', 'rage'].filter((tool) => spawnSync(tool, ['--version']).status === 0);
const folder = mkdtempSync(path.join(tmpdir(), 'exhibit-age-'));
afterAll(() => rmSync(folder, { recursive: true }));

const without =
  TOOLS.length > 0 ? '' : ' (skipped: neither age nor rage is on the PATH; apt-get install age)';

describe.skipIf(TOOLS.length === 0)(`the commands of others${without}`, () => {
  it.for(TOOLS)('%s opens what we encrypt, and we what it encrypts', async (tool) => {
    const at = (name: string) => path.join(folder, `${tool}-${name}`);
    writeFileSync(at('identity'), `${ours.identity}\n`, { mode: 0o600 });
    writeFileSync(at('file'), FILE);
    const opened = execFileSync(tool, ['--decrypt', '--identity', at('identity'), at('file')], {
      maxBuffer: 2 ** 20,
    });
    expect(opened.equals(PLAIN)).toBe(true);
    writeFileSync(at('plain'), PLAIN);
    const recipients = [theirs, ours].flatMap(({ recipient }) => ['--recipient', recipient]);
    execFileSync(tool, ['--encrypt', ...recipients, '--output', at('theirs'), at('plain')]);
    expect((await decrypted(readFileSync(at('theirs')), ours.identity)).equals(PLAIN)).toBe(true);
  });
});
