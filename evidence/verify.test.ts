import { describe, expect, it } from 'vitest';
import { buildBundle } from './bundle.ts';
import { seal } from './seal.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleContext,
  sampleEnvelopes,
  sampleKeys,
} from './testing/samples.ts';
import { codesOf, sealedSample } from './testing/sealed-sample.ts';
import { formatReport, type ProblemCode, verifyBundle, verifyManifest } from './verify.ts';

const COUNT = 30;
const stranger = sampleKeys();
const { keys, trust, sealed, bundle, otherSealed } = await sealedSample(COUNT);

describe('a good bundle', () => {
  const report = verifyBundle(bundle, trust);

  it('passes every check', () => {
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.checks.map(({ check }) => check)).toEqual([
      'file',
      'shape',
      'canonical',
      'attestation',
      'signature',
      'payload-type',
      'statement',
      'subject',
      'manifest',
      'predicate',
      'items-root',
      'purpose',
      'item-schema',
      'items',
      'item-order',
      'counts',
      'parts',
    ]);
    expect(report.good).toBe(true);
  });

  it('is told about in facts that were signed', () => {
    expect(report.facts).toEqual({
      kind: 'bundle',
      tenant: 'acme',
      signedBy: keys.signer.keyId,
      manifest: sealed.digest,
      sequence: 42,
      createdAt: '2026-11-21T00:15:30.500Z',
      window: { from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:30:00.000Z' },
      items: COUNT,
      manifests: 1,
    });
    expect(formatReport(report)).toMatch(/^good: a bundle of 30 items\n/);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('is good under one of several trusted keys, and without an item too', async () => {
    const several = { publicKeyPem: [stranger.signer.publicKeyPem, keys.signer.publicKeyPem] };
    expect(verifyBundle(bundle, several).good).toBe(true);
    const empty = buildBundle(await seal([], sampleBundleContext([], keys)), SAMPLE_PARTS);
    expect(verifyBundle(empty, trust).good).toBe(true);
  });

  it('is not believed without a key: that is misuse', () => {
    expect(() => verifyBundle(bundle, { publicKeyPem: [] })).toThrow(
      expect.objectContaining({ code: 'KEY' }),
    );
    expect(() => verifyBundle(bundle, { publicKeyPem: ['key'] })).toThrow(
      expect.objectContaining({ code: 'KEY' }),
    );
  });
});

describe('verifyManifest', () => {
  it('accepts a manifest of a run, and says what it proves', async () => {
    const envelopes = sampleEnvelopes(COUNT);
    const run = await seal(envelopes, sampleContext(envelopes, keys));
    const report = verifyManifest(run.canonical, run.attestation, trust);
    expect(report).toMatchObject({
      good: true,
      facts: { kind: 'manifest', manifest: run.digest, sequence: 1, items: COUNT },
    });
    expect(formatReport(report)).toMatch(/^good: a manifest of 30 items\n/);
  });

  it.each<[string, string, string, readonly ProblemCode[]]>([
    [
      'the attestation of another manifest',
      sealed.canonical,
      otherSealed.attestation,
      ['PREDICATE', 'SUBJECT'],
    ],
    ['white space in the manifest', `${sealed.canonical}\n`, sealed.attestation, ['NOT_CANONICAL']],
    ['white space in the attestation', sealed.canonical, ` ${sealed.attestation}`, ['NOT_CANONICAL']],
    ['no manifest', '', sealed.attestation, ['NOT_JSON']],
    ['no attestation', sealed.canonical, '', ['NOT_JSON']],
    ['a manifest that is null', 'null', sealed.attestation, ['MANIFEST_SHAPE', 'SUBJECT']],
    ['the two exchanged', sealed.attestation, sealed.canonical, ['ATTESTATION_SHAPE', 'MANIFEST_SHAPE']],
  ])('refuses %s', (_, canonical, attestation, codes) => {
    const report = verifyManifest(canonical, attestation, trust);
    expect(report.good).toBe(false);
    expect(codesOf(report)).toEqual(codes);
  });
});
