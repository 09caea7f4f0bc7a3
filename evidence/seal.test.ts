import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalize } from './canonical-json.ts';
import { sha256Hex } from './digest.ts';
import { openCheckpoint } from './log/checkpoint.ts';
import { frontierRoot } from './log/frontier.ts';
import { countItems, manifest as manifestSchema } from './manifest.ts';
import { inclusionProof, merkleRoot, verifyInclusion } from './merkle.ts';
import { contentsOf, type SealContext, seal } from './seal.ts';
import { attestation as attestationSchema } from './sigstore.ts';
import {
  EMPTY_HEAD,
  headAfter,
  sampleBundleContext,
  sampleContext,
  sampleEnvelopes,
  sampleFrontier,
  sampleKeys,
} from './testing/samples.ts';
import { verifyManifest } from './verify.ts';

const keys = sampleKeys();
const items = sampleEnvelopes(12);
const context = sampleContext(items, keys);
const bytesOf = (digest: string | undefined) => Buffer.from(digest?.replace('sha256:', '') ?? '', 'hex');

describe('seal', () => {
  it('holds every item, ordered by time of occurrence and id', async () => {
    const { manifest, items: sealed } = await seal(items, context);
    const expected = items
      .map(({ item }) => item)
      .toSorted((a, b) => (`${a.occurredAt}${a.id}` < `${b.occurredAt}${b.id}` ? -1 : 1));
    expect(sealed.map(({ item }) => item)).toEqual(expected);
    expect(manifest.counts.kept).toBe(12);
    expect(manifest.itemsRoot).toBe(
      `sha256:${Buffer.from(merkleRoot(sealed.map(({ leaf }) => bytesOf(leaf)))).toString('hex')}`,
    );
  });

  it('makes leaves that anybody can make again, from salts that only the key yields', async () => {
    const { items: sealed } = await seal(items, context);
    for (const { canonical, salt, leaf } of sealed) {
      const mac = createHmac('sha256', keys.saltKey).update(canonical).digest('hex');
      expect(salt).toBe(mac.slice(0, 32));
      const digest = createHash('sha256')
        .update(Buffer.from(`00${salt}`, 'hex'))
        .update(canonical)
        .digest('hex');
      expect(leaf).toBe(`sha256:${digest}`);
    }
  });

  it('lets one item be shown without the others', async () => {
    const { manifest, items: sealed } = await seal(items, context);
    const leaves = sealed.map(({ leaf }) => bytesOf(leaf));
    const root = bytesOf(manifest.itemsRoot);
    expect(Buffer.compare(merkleRoot(leaves), root)).toBe(0);
    const proof = inclusionProof(leaves, 5);
    expect(proof.length).toBeLessThanOrEqual(4);
    expect(verifyInclusion({ leaf: bytesOf(sealed[5]?.leaf), index: 5, size: 12, proof, root })).toBe(true);
  });

  it('gives the same manifest for the same items in any order', async () => {
    const [one, other] = await Promise.all([seal(items, context), seal(items.toReversed(), context)]);
    expect(other.canonical).toBe(one.canonical);
    expect(other.digest).toBe(one.digest);
  });

  it('gives an item the same leaf in every manifest', async () => {
    const [run, bundle] = await Promise.all([
      seal(items, context),
      seal(items.slice(3, 5), sampleBundleContext(items.slice(3, 5), keys)),
    ]);
    for (const entry of contentsOf(bundle.items)) expect(contentsOf(run.items)).toContainEqual(entry);
  });

  it('writes a manifest in RFC 8785 form that fits its schema and its digest', async () => {
    const { manifest, canonical, digest } = await seal(items, context);
    expect(canonical).toBe(canonicalize(manifest));
    expect(manifestSchema.parse(JSON.parse(canonical))).toEqual(manifest);
    expect(digest).toBe(`sha256:${createHash('sha256').update(canonical).digest('hex')}`);
    expect(manifest.counts).toEqual({ kept: 12, treated: 11, dropped: 11, denied: 2 });
  });

  it('follows the head of the chain', async () => {
    const first = await seal(items.slice(0, 4), sampleContext(items.slice(0, 4), keys));
    expect(first.manifest).toMatchObject({ sequence: 1, previous: null });
    expect(first.manifest.ledger).toMatchObject({ first: 1, last: 4, included: 4 });
    expect(first.manifest.log).toMatchObject({ index: 0, root: `sha256:${sha256Hex('')}` });
    const head = headAfter(first);
    const second = await seal(items.slice(4), sampleContext(items.slice(4), keys, { head }));
    expect(second.manifest).toMatchObject({ sequence: 2, previous: first.digest });
    expect(second.manifest.ledger).toMatchObject({ first: 5, last: 12, included: 8 });
    expect(second.manifest.log).toMatchObject({
      index: 1,
      root: `sha256:${Buffer.from(frontierRoot(head.log)).toString('hex')}`,
    });
  });

  it('is in the log: its leaf is under a checkpoint that the log signed', async () => {
    const log = sampleFrontier(700);
    const { logged, attestation } = await seal(items, { ...context, head: { ...EMPTY_HEAD, log } });
    const checkpoint = openCheckpoint(logged.note, keys.checkpointSigner.vkey);
    expect(checkpoint).toMatchObject({ origin: 'acme.exhibit.internal', size: 701 });
    const { tlogEntries = [] } = attestationSchema.parse(JSON.parse(attestation)).verificationMaterial;
    const proof = tlogEntries[0]?.inclusionProof.hashes.map((hash) => Buffer.from(hash, 'base64')) ?? [];
    expect(logged.index).toBe(700);
    const inclusion = { leaf: logged.leaf, index: 700, size: 701, proof, root: checkpoint.root };
    expect(verifyInclusion(inclusion)).toBe(true);
    expect(verifyInclusion({ ...inclusion, index: 699 })).toBe(false);
  });

  it('carries a timestamp where somebody gives one, over the signature', async () => {
    const asked: string[] = [];
    const timestamp = (signature: Uint8Array) => {
      asked.push(Buffer.from(signature).toString('base64'));
      return Promise.resolve(Buffer.from('token'));
    };
    const { attestation } = await seal(items, { ...context, timestamp });
    const { verificationMaterial, dsseEnvelope } = attestationSchema.parse(JSON.parse(attestation));
    expect(asked).toEqual([dsseEnvelope.signatures[0].sig]);
    expect(verificationMaterial.timestampVerificationData?.rfc3161Timestamps).toEqual([
      { signedTimestamp: Buffer.from('token').toString('base64') },
    ]);
    const without = await seal(items, { ...context, timestamp: () => Promise.resolve(null) });
    expect(without.attestation).not.toContain('timestampVerificationData');
  });

  it('makes an attestation that verifies', async () => {
    const sealed = await seal(items, context);
    const report = verifyManifest(sealed.canonical, sealed.attestation, {
      publicKeyPem: [keys.signer.publicKeyPem],
    });
    expect(report.checks.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(report.good).toBe(true);
  });

  it('seals nothing as well as something: that nothing was found is evidence', async () => {
    const { manifest } = await seal([], sampleContext([], keys));
    expect(manifest.ledger).toMatchObject({ first: 0, last: 0, included: 0 });
    expect(manifest.itemsRoot).toBe(
      'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('refuses the same fact twice', async () => {
    const [again] = sampleEnvelopes(1);
    const twice = again === undefined ? [] : [...items, again];
    const counts = countItems(twice.map(({ item }) => item));
    await expect(seal(twice, { ...context, counts })).rejects.toMatchObject({
      code: 'MANIFEST',
      message: /twice/,
    });
  });

  it.each<[string, Partial<SealContext>, RegExp]>([
    ['too few items counted', { counts: { ...context.counts, kept: 11 } }, /counts\.kept$/],
    ['too few treatments counted', { counts: { ...context.counts, treated: 10 } }, /counts\.treated$/],
    [
      'fewer fields dropped than the items say',
      { counts: { ...context.counts, dropped: 10 } },
      /counts\.dropped$/,
    ],
    ['a negative count', { counts: { ...context.counts, denied: -1 } }, /manifest\.counts\.denied/],
    [
      'a window that ends before it begins',
      { window: { from: context.window.to, to: context.window.from } },
      /manifest\.window/,
    ],
    ['a time that is none', { createdAt: '2026-02-31T99:00:00.000Z' }, /manifest\.createdAt/],
    ['a time without milliseconds', { createdAt: '2026-11-21T00:15:30Z' }, /manifest\.createdAt/],
    ['no tenant', { tenant: '' }, /manifest\.tenant/],
    [
      'a head without a digest',
      { head: { ...EMPTY_HEAD, manifest: { sequence: 3, digest: 'abc' } } },
      /manifest\.previous/,
    ],
    [
      'a policy digest that is none',
      { policy: { digest: 'md5:0', version: '1' } },
      /manifest\.policies\.\d\.digest/,
    ],
    ['a part with a strange name', { parts: { '../x': context.policy.digest } }, /manifest\.parts/],
  ])('refuses %s', async (_, overrides, message) => {
    await expect(seal(items, { ...context, ...overrides })).rejects.toMatchObject({
      code: 'MANIFEST',
      message,
    });
  });

  it('refuses a salt key short enough to guess', async () => {
    const weak = { ...context, keys: { ...keys, saltKey: Buffer.alloc(31, 1) } };
    await expect(seal(items, weak)).rejects.toMatchObject({ code: 'KEY' });
  });
});
