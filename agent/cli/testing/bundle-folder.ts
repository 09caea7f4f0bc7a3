import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach } from 'vitest';
import { bundleOf, partDigests } from '../../../evidence/bundle/assemble.ts';
import { collect } from '../../../evidence/bundle/testing/random-bundle.ts';
import { writableOf } from '../../../evidence/bundle/writable.ts';
import { writeBundle } from '../../../evidence/bundle/write.ts';
import { type SealContext, seal } from '../../../evidence/seal.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleEnvelopes,
  sampleKeys,
  sampleProofs,
} from '../../../evidence/testing/samples.ts';
import { cliIn } from './cli.ts';

/** A folder with one bundle in every form and an age identity, and the command line in it. */

export const KEYS = sampleKeys();
export const ENVELOPES = sampleEnvelopes(30);
export const PARTS = {
  ...SAMPLE_PARTS,
  material: { publicKeys: [KEYS.signer.publicKeyPem], verify: 'how to check this bundle' },
};
export const SEALED = await sealedOf(ENVELOPES);
export const SAMPLE = bundleOf(SEALED, PARTS, sampleProofs(SEALED));
export const FORMS = {
  'a.json': await collect(writeBundle(writableOf(SAMPLE), 'json')),
  'a.ndjson': await collect(writeBundle(writableOf(SAMPLE), 'ndjson')),
  'a.tar.gz': await collect(writeBundle(writableOf(SAMPLE), 'tar')),
};
export const NAMES = ['a.json', 'a.ndjson', 'a.tar.gz'] as const;

const identity = await generateX25519Identity();
export const RECIPIENT = await identityToRecipient(identity);

export async function sealedOf(
  items: typeof ENVELOPES,
  parts: typeof PARTS = PARTS,
  overrides: Partial<SealContext> = {},
) {
  return seal(items, sampleBundleContext(items, KEYS, { parts: partDigests(parts), ...overrides }));
}

/** Made anew for every test. */
export function bundleFolder() {
  let folder = '';
  let input = Buffer.alloc(0);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'exhibit-bundle-cli-'));
    input = Buffer.alloc(0);
    for (const name of NAMES) writeFileSync(path.join(folder, name), FORMS[name]);
    writeFileSync(path.join(folder, 'id.txt'), `# mine\n${identity}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return {
    at: (name: string): string => path.join(folder, name),
    read: (name: string): Buffer => readFileSync(path.join(folder, name)),
    write: (name: string, content: string | Uint8Array): void =>
      writeFileSync(path.join(folder, name), content),
    names: (): readonly string[] => readdirSync(folder),
    /** What comes from standard input next. */
    feed: (bytes: Buffer): void => {
      input = Buffer.from(bytes);
    },
    cli: cliIn(
      () => folder,
      undefined,
      () => Readable.from([input]),
    ),
  };
}
