import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildBundle, bundleItems, extractBundle, parseBundle, partDigests } from './bundle.ts';
import { canonicalize } from './canonical-json.ts';
import { seal } from './seal.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleContext,
  sampleEnvelopes,
  sampleKeys,
} from './testing/samples.ts';
import { verifyBundle, verifyManifest } from './verify.ts';

const keys = sampleKeys();
const trust = { publicKeyPem: [keys.signer.publicKeyPem] };
const items = sampleEnvelopes(11);
const sealed = await seal(items, sampleBundleContext(items, keys));
const bundle = buildBundle(sealed, SAMPLE_PARTS);
const text = Buffer.from(bundle).toString();

describe('buildBundle', () => {
  it('writes one line of RFC 8785 JSON with everything in it', () => {
    expect(text).toBe(canonicalize(JSON.parse(text)));
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      schema: 'exhibit.bundle/v1',
      ...SAMPLE_PARTS,
      items: sealed.items.map(({ item, salt }) => ({ item, salt })),
      manifest: sealed.manifest,
      attestation: JSON.parse(sealed.attestation),
    });
  });

  it('refuses what was sealed for a run', async () => {
    const run = await seal(items, sampleContext(items, keys));
    expect(() => buildBundle(run, SAMPLE_PARTS)).toThrow(expect.objectContaining({ code: 'BUNDLE' }));
    const parts = partDigests(SAMPLE_PARTS);
    const half = await seal(items, sampleContext(items, keys, { parts }));
    expect(() => buildBundle(half, SAMPLE_PARTS)).toThrow(/another purpose/);
  });

  it('refuses parts that were not sealed', async () => {
    const { candidates: _, ...three } = partDigests(SAMPLE_PARTS);
    const less = await seal(items, sampleBundleContext(items, keys, { parts: three }));
    const more = await seal(
      items,
      sampleBundleContext(items, keys, { parts: { ...partDigests(SAMPLE_PARTS), notes: sealed.digest } }),
    );
    expect(() => buildBundle(sealed, { ...SAMPLE_PARTS, timeline: [] })).toThrow(/other timeline/);
    expect(() => buildBundle(less, SAMPLE_PARTS)).toThrow(/other candidates/);
    expect(() => buildBundle(more, SAMPLE_PARTS)).toThrow(expect.objectContaining({ code: 'BUNDLE' }));
  });

  it('refuses parts that JSON can not hold', () => {
    expect(() => partDigests({ ...SAMPLE_PARTS, summary: { at: new Date(0) } })).toThrow(
      expect.objectContaining({ code: 'NOT_CANONICAL' }),
    );
  });

  it('makes a good bundle of parts in whatever order their properties are', async () => {
    const parts = { ...SAMPLE_PARTS, incident: { z: 1, a: { y: 2, b: ['ü', '😀'] } } };
    const odd = await seal(items, sampleBundleContext(items, keys, { parts: partDigests(parts) }));
    expect(verifyBundle(buildBundle(odd, parts), trust).good).toBe(true);
  });
});

describe('reading a bundle', () => {
  it('gives back its items in order', () => {
    expect(bundleItems(bundle)).toEqual(sealed.items.map(({ item }) => item));
    expect(parseBundle(bundle).items.map(({ salt }) => salt)).toEqual(sealed.items.map(({ salt }) => salt));
  });

  it('reads bytes that lie within a larger buffer', () => {
    const larger = Buffer.concat([Buffer.from('xx'), bundle, Buffer.from('yy')]);
    const within = new Uint8Array(larger.buffer, larger.byteOffset + 2, bundle.length);
    expect(verifyBundle(within, trust).good).toBe(true);
    expect(bundleItems(within).length).toBe(11);
  });

  it.each([
    ['no JSON', 'bundle', /is not JSON/],
    ['another document', '{"schema":"exhibit.bundle/v2"}', /not a bundle: see schema/],
    ['something more', text.replace('{', '{"more":1,'), /not a bundle/],
    ['bytes that are no text', Buffer.of(0xff, 0xfe), /not UTF-8/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseBundle(Buffer.from(bytes))).toThrow(
      expect.objectContaining({ code: 'BUNDLE', message: expect.stringMatching(message) }),
    );
  });

  it('names the item that is none', () => {
    const broken = text.replace(/"occurredAt":"[^"]+"/, '"occurredAt":"yesterday"');
    expect(() => bundleItems(Buffer.from(broken))).toThrow(
      expect.objectContaining({ code: 'BUNDLE', message: expect.stringMatching(/items\[0\]/) }),
    );
  });
});

describe('extractBundle', () => {
  const files = extractBundle(bundle);

  it('gives the files that others verify', () => {
    expect([...files.keys()].toSorted()).toEqual([
      'candidates.json',
      'incident.json',
      'items.ndjson',
      'manifest.json',
      'manifest.sigstore.json',
      'statement.json',
      'summary.json',
      'timeline.json',
    ]);
    const manifest = files.get('manifest.json') ?? '';
    expect(manifest).toBe(sealed.canonical);
    expect(verifyManifest(manifest, files.get('manifest.sigstore.json') ?? '', trust).good).toBe(true);
  });

  it('gives parts whose digests are in the manifest', () => {
    for (const [name, digest] of Object.entries(sealed.manifest.parts ?? {})) {
      const found = createHash('sha256')
        .update(files.get(`${name}.json`) ?? '')
        .digest('hex');
      expect(`sha256:${found}`).toBe(digest);
    }
  });

  it('gives a line for every item, from which its leaf can be made', () => {
    const lines = files.get('items.ndjson')?.trimEnd().split('\n') ?? [];
    const leaves = lines.map((line) => {
      const { item, salt } = JSON.parse(line);
      return createHash('sha256')
        .update(Buffer.from(`00${salt}`, 'hex'))
        .update(canonicalize(item))
        .digest('hex');
    });
    expect(leaves.map((leaf) => `sha256:${leaf}`)).toEqual(sealed.manifest.items.map(({ leaf }) => leaf));
  });

  it('refuses a bundle without a manifest of the right shape', () => {
    const broken = Buffer.from(text.replace('"exhibit.manifest/v1"', '"exhibit.manifest/v2"'));
    expect(() => extractBundle(broken)).toThrow(expect.objectContaining({ code: 'BUNDLE' }));
  });
});
