import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../connectors/sdk/index.ts';
import { jsonBundle } from './bundle/write.ts';
import { canonicalize } from './canonical-json.ts';
import { seal } from './seal.ts';
import { edited, parsed, resealed } from './testing/forge.ts';
import { EMPTY_HEAD, sampleContext, sampleEnvelopes, sampleKeys } from './testing/samples.ts';
import { codesOf, problemsOf, sealedSample, sealSample, warningsOf } from './testing/sealed-sample.ts';
import { formatReport, type ProblemCode, verifyBundle, verifyManifest } from './verify.ts';

const COUNT = 30;
const stranger = sampleKeys();
const { keys, trust, sealed, bundle, otherSealed } = await sealedSample(COUNT);

describe('a good bundle', async () => {
  const report = await verifyBundle(bundle, trust);

  it('passes every check', () => {
    expect(problemsOf(report)).toEqual([]);
    expect(report.checks.map(({ check, result }) => `${check} ${result}`)).toEqual([
      'file ok',
      'shape ok',
      'canonical ok',
      'attestation ok',
      'signature ok',
      'payload-type ok',
      'statement ok',
      'subject ok',
      'manifest ok',
      'predicate ok',
      'timestamp warning',
      'key-window warning',
      'log-entry ok',
      'inclusion ok',
      'checkpoint ok',
      'log-position ok',
      'consistency warning',
      'purpose ok',
      'contents ok',
      'items-root ok',
      'items ok',
      'item-schema ok',
      'item-order ok',
      'counts ok',
      'account ok',
      'ledger ok',
      'parts ok',
    ]);
    expect(report.good).toBe(true);
  });

  it('is told about in facts that were signed', () => {
    expect(report.facts).toEqual({
      kind: 'bundle',
      tenant: 'acme',
      signedBy: keys.signer.keyId,
      signedAt: null,
      log: { origin: 'acme.exhibit.internal', index: 41, size: 42, proved: true },
      manifest: sealed.digest,
      sequence: 42,
      createdAt: '2026-11-21T00:15:30.500Z',
      window: { from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:30:00.000Z' },
      items: COUNT,
      manifests: 1,
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('is told about in words, with what is not proved', () => {
    const text = formatReport(report);
    expect(text).toMatch(/^good: a bundle of 30 items\n/);
    expect(text).toContain('  inclusion     ok\n');
    expect(text).toContain('  key-window    not proved\n');
    expect(text).toContain('\nnot proved:\n  - no timestamp authority vouches for the time');
  });

  it('is good under one of several trusted keys, and without an item too', async () => {
    const several = { ...trust, publicKeyPem: [stranger.signer.publicKeyPem, keys.signer.publicKeyPem] };
    expect((await verifyBundle(bundle, several)).good).toBe(true);
    const empty = await jsonBundle((await sealSample([], keys)).documents);
    expect(problemsOf(await verifyBundle(empty, trust))).toEqual([]);
  });

  it('is good with the public key alone, which says that the log was not verified', async () => {
    const alone = await verifyBundle(bundle, { publicKeyPem: trust.publicKeyPem });
    expect(alone.good).toBe(true);
    expect(alone.facts).toMatchObject({ log: { proved: false } });
    expect(warningsOf(alone)).toEqual([
      'TIME_UNPROVED',
      'KEY_WINDOW_UNPROVED',
      'CHECKPOINT_UNPROVED',
      'CONSISTENCY_UNPROVED',
    ]);
  });

  it.each([
    ['no key', { publicKeyPem: [] }, 'KEY'],
    ['a key that is none', { publicKeyPem: ['key'] }, 'KEY'],
    ['a verifier key that is none', { ...trust, logKeys: ['key'] }, 'LOG'],
    ['certificates that are none', { ...trust, timestampChains: ['pem'] }, 'TIMESTAMP'],
    ['a checkpoint of another log', { ...trust, checkpoints: ['note'] }, 'LOG'],
  ])('is not looked at with %s: that is misuse', async (_, given, code) => {
    await expect(verifyBundle(bundle, given)).rejects.toMatchObject({ code });
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

  it.each([
    ['a number that is nowhere', { last: COUNT + 1 }],
    ['a number twice', { last: COUNT - 1 }],
    ['numbers that end before they begin', { first: COUNT + 1, last: COUNT }],
    ['items that are gone', { last: COUNT + 1, missing: 1 }],
    ['items left out of a run', { last: COUNT + 1, outside: 1 }],
    ['kinds that are not all items', { collected: 1 }],
    ['fewer items than were signed', { last: COUNT - 1, included: COUNT - 1, collected: COUNT - 4 }],
  ])('refuses a signed ledger with %s', async (_, ledger) => {
    const envelopes = sampleEnvelopes(COUNT);
    const run = await seal(envelopes, sampleContext(envelopes, keys));
    const document = {
      manifest: parsed(Buffer.from(run.canonical)),
      attestation: parsed(Buffer.from(run.attestation)),
    };
    const other = await resealed(document, keys, EMPTY_HEAD.log, (manifest) =>
      edited(manifest, 'ledger', (old) => ({ ...(old as JsonObject), ...ledger })),
    );
    const report = verifyManifest(canonicalize(other['manifest']), canonicalize(other['attestation']), trust);
    expect(codesOf(report)).toEqual(['LEDGER']);
  });

  it.each<[string, string, string, readonly ProblemCode[]]>([
    [
      'the attestation of another manifest',
      sealed.canonical,
      otherSealed.attestation,
      ['PREDICATE', 'SUBJECT'],
    ],
    [
      'white space in the manifest',
      `${sealed.canonical}\n`,
      sealed.attestation,
      ['NOT_CANONICAL', 'SUBJECT'],
    ],
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
