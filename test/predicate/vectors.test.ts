import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundleMaterial } from '../../evidence/bundle/material.ts';
import { verifyDisclosure } from '../../evidence/disclose/verify.ts';
import { verifyConsistency } from '../../evidence/merkle.ts';
import {
  formatReport,
  type Trust,
  type VerifyReport,
  verifyBundle,
  verifyChain,
  verifyManifest,
  verifyReceipt,
} from '../../evidence/verify.ts';

const FOLDER = new URL('../../docs/predicate/vectors/', import.meta.url);
const bytes = (name: string): Buffer => readFileSync(new URL(name, FOLDER));
const text = (name: string): string => bytes(name).toString('utf8');

const index = JSON.parse(text('index.json')) as {
  readonly keyId: string;
  readonly leaves: readonly string[];
  readonly roots: readonly string[];
};
const trust: Trust = {
  publicKeyPem: [text('evidence.pub')],
  logKeys: [text('log.vkey').trim()],
  keyHistory: bytes('key-history.json'),
};

describe('the test vectors, as our verifier sees them', () => {
  const signed = (folder: string, name: string) =>
    [text(`${folder}/${name}.json`), text(`${folder}/${name}.sigstore.json`), trust] as const;

  it.each<[string, () => VerifyReport | Promise<VerifyReport>, number]>([
    ['the manifest of a run', () => verifyManifest(...signed('run', 'manifest')), 0],
    ['the manifest of a bundle', () => verifyManifest(...signed('bundle', 'manifest')), 1],
    ['a bundle', () => verifyBundle(bytes('bundle/bundle.json'), trust), 1],
    ['a receipt', () => verifyReceipt(...signed('receipt', 'receipt')), 2],
    ['a disclosed item', () => verifyDisclosure(bytes('item/disclosure.json'), trust), 0],
  ])('%s is good', async (_, verified, place) => {
    const report = await verified();
    expect(formatReport(report)).toMatch(/^good: /);
    expect(report.facts).toMatchObject({
      signedBy: index.keyId,
      log: { origin: 'acme.exhibit.internal', index: place, proved: true },
    });
  });

  it('has manifests that follow one another', () => {
    const chain = ['run', 'bundle'].map((folder) => ({
      canonical: text(`${folder}/manifest.json`),
      attestation: text(`${folder}/manifest.sigstore.json`),
    }));
    expect(verifyChain(chain, trust).good).toBe(true);
    expect(verifyChain(chain.toReversed(), trust).good).toBe(false);
  });

  it('has a tree that the tree of three leaves begins with', () => {
    const hashes = JSON.parse(text('log/consistency-1-3.json')) as readonly string[];
    const proof = hashes.map((hash) => Buffer.from(hash, 'base64'));
    const [one = '', , three = ''] = index.roots;
    const older = { size: 1, root: Buffer.from(one, 'hex') };
    expect(verifyConsistency(older, { size: 3, root: Buffer.from(three, 'hex') }, proof)).toBe(true);
    expect(verifyConsistency(older, { size: 3, root: Buffer.from(three, 'hex') }, proof.toReversed())).toBe(
      false,
    );
  });

  it('is not good for who trusts another key', () => {
    const [canonical, attestation] = signed('run', 'manifest');
    const key = Buffer.from(text('evidence.pub').replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    expect(key).toHaveLength(91);
    const { publicKeyPem: _, ...others } = trust;
    expect(() => verifyManifest(canonical, attestation, { ...others, publicKeyPem: [] })).toThrow();
  });
});

describe('the material of a bundle', () => {
  it('has the shape that it should have', () => {
    const { material } = JSON.parse(text('bundle/bundle.json')) as { readonly material: object };
    expect(bundleMaterial.parse(material)).toEqual(material);
    expect(bundleMaterial.safeParse({ ...material, privateKeys: [] }).success).toBe(false);
  });

  it('is what is beside the bundle', () => {
    const { material } = JSON.parse(text('bundle/bundle.json')) as { readonly material: object };
    expect(material).toMatchObject({
      keyHistory: JSON.parse(text('key-history.json')) as unknown,
      logKey: text('log.vkey').trim(),
      publicKeys: [text('evidence.pub')],
      trustedRoot: JSON.parse(text('trusted_root.json')) as unknown,
    });
  });
});
