import { describe, expect, it } from 'vitest';
import { bundleOf, partDigests } from './bundle/assemble.ts';
import { jsonBundle } from './bundle/write.ts';
import { bundleItems, parseBundle } from './bundle.ts';
import { canonicalize } from './canonical-json.ts';
import { seal } from './seal.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleContext,
  sampleEnvelopes,
  sampleKeys,
  sampleProofs,
} from './testing/samples.ts';

const keys = sampleKeys();
const items = sampleEnvelopes(11);
const sealed = await seal(items, sampleBundleContext(items, keys));
const proofs = sampleProofs(sealed);
const bundle = await jsonBundle(bundleOf(sealed, SAMPLE_PARTS, proofs));
const text = Buffer.from(bundle).toString();

describe('bundleOf', () => {
  it('puts everything in', () => {
    expect(text).toBe(canonicalize(JSON.parse(text)));
    expect(JSON.parse(text)).toEqual({
      schema: 'exhibit.bundle/v1',
      ...SAMPLE_PARTS,
      contents: sealed.items.map(({ item, leaf }) => ({ id: item.id, leaf })),
      items: sealed.items.map(({ item, salt }) => ({ item, salt })),
      manifest: sealed.manifest,
      attestation: JSON.parse(sealed.attestation),
      proofs,
    });
  });

  it('refuses what was sealed for a run', async () => {
    const run = await seal(items, sampleContext(items, keys));
    expect(() => bundleOf(run, SAMPLE_PARTS, proofs)).toThrow(expect.objectContaining({ code: 'BUNDLE' }));
    const parts = partDigests(SAMPLE_PARTS);
    const half = await seal(items, sampleContext(items, keys, { parts }));
    expect(() => bundleOf(half, SAMPLE_PARTS, proofs)).toThrow(/another purpose/);
  });

  it('refuses parts that were not sealed', async () => {
    const { candidates: _, ...less } = partDigests(SAMPLE_PARTS);
    const without = await seal(items, sampleBundleContext(items, keys, { parts: less }));
    const parts = { ...partDigests(SAMPLE_PARTS), notes: sealed.digest };
    const more = await seal(items, sampleBundleContext(items, keys, { parts }));
    expect(() => bundleOf(sealed, { ...SAMPLE_PARTS, timeline: [] }, proofs)).toThrow(/other timeline/);
    expect(() => bundleOf(without, SAMPLE_PARTS, proofs)).toThrow(/other candidates/);
    expect(() => bundleOf(more, SAMPLE_PARTS, proofs)).toThrow(expect.objectContaining({ code: 'BUNDLE' }));
  });

  it('refuses parts that JSON can not hold', () => {
    expect(() => partDigests({ ...SAMPLE_PARTS, summary: { at: new Date(0) } })).toThrow(
      expect.objectContaining({ code: 'NOT_CANONICAL' }),
    );
  });
});

describe('parseBundle', () => {
  it('gives back items in order', () => {
    expect(bundleItems(bundle)).toEqual(sealed.items.map(({ item }) => item));
    expect(parseBundle(bundle).items.map(({ salt }) => salt)).toEqual(sealed.items.map(({ salt }) => salt));
    expect(parseBundle(bundle).incident).toEqual(SAMPLE_PARTS.incident);
  });

  it('reads bytes that lie within a larger buffer', () => {
    const larger = Buffer.concat([Buffer.from('xx'), bundle, Buffer.from('yy')]);
    const within = new Uint8Array(larger.buffer, larger.byteOffset + 2, bundle.length);
    expect(bundleItems(within).length).toBe(11);
  });

  it.each([
    ['no JSON', 'bundle', /attestation/],
    ['another document', text.replace('exhibit.bundle/v1', 'exhibit.bundle/v2'), /schema/],
    ['something more', text.replace('{', '{"more":1,'), /attestation/],
    ['bytes that are no text', Buffer.of(0xff, 0xfe), /not UTF-8/],
    ['an item that is no JSON', text.replace('{"item":{', '{"item":{"a":tru,'), /not JSON/],
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
