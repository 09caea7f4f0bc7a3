import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../canonical-json.ts';
import { digestOf } from '../digest.ts';
import { seal } from '../seal.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleEnvelopes,
  sampleKeys,
  sampleProofs,
} from '../testing/samples.ts';
import { bundleOf } from './assemble.ts';
import { BUNDLE_FORMS, DOCUMENT_NAMES } from './documents.ts';
import { contentsEntry, splitItem } from './entry.ts';
import { MAX_JSON_BYTES } from './limits.ts';
import { openBundle } from './open.ts';
import type { BundleDocuments } from './source.ts';
import { collect, randomBundle, readAll } from './testing/random-bundle.ts';
import { writableFrom, writableOf } from './writable.ts';
import { jsonBundle, writeBundle } from './write.ts';

const keys = sampleKeys();
const envelopes = sampleEnvelopes(300);
const sealed = await seal(envelopes, sampleBundleContext(envelopes, keys));
const sample = bundleOf(sealed, SAMPLE_PARTS, sampleProofs(sealed));
const FORMS = {
  json: await write(sample, 'json'),
  ndjson: await write(sample, 'ndjson'),
  tar: await write(sample, 'tar'),
};

async function write(bundle: BundleDocuments, form: (typeof BUNDLE_FORMS)[number]): Promise<Buffer> {
  return collect(writeBundle(writableOf(bundle), form));
}

function expected(bundle: BundleDocuments) {
  return {
    documents: Object.fromEntries(bundle.documents),
    contents: [...bundle.contents].map((entry) => canonicalize(entry)),
    items: [...bundle.items].map(({ canonical, salt }) => `{"item":${canonical},"salt":"${salt}"}`),
  };
}

/** The bytes in pieces of whatever size. */
async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

describe.each(BUNDLE_FORMS)('the form %s', (form) => {
  it('says of itself what it is', async () => {
    const source = await openBundle(FORMS[form]);
    expect(source.form).toBe(form);
    expect([...source.documents.keys()].toSorted()).toEqual(DOCUMENT_NAMES.toSorted());
    await source.close();
    await source.close();
  });

  it('gives back every bundle as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(randomBundle, fc.integer({ min: 1, max: 400 }), async (bundle, size) => {
        const bytes = await write(bundle, form);
        expect(await readAll(await openBundle(bytes))).toEqual(expected(bundle));
        expect(await readAll(await openBundle(inPieces(bytes, size)))).toEqual(expected(bundle));
      }),
      { numRuns: 60 },
    );
  });

  it('is the same, byte for byte, however the bundle comes to be written', async () => {
    for (const bytes of Object.values(FORMS)) {
      const open = () => openBundle(bytes);
      expect((await collect(writeBundle(await writableFrom(open), form))).equals(FORMS[form])).toBe(true);
    }
  });

  it('has every part with the digest of the manifest', async () => {
    const { documents, contents, items } = await readAll(await openBundle(FORMS[form]));
    const { contents: listed, ...parts } = sealed.manifest.parts ?? {};
    expect(digestOf(`[${contents.join(',')}]`)).toBe(listed);
    expect(digestOf(documents['manifest'] ?? '')).toBe(sealed.digest);
    for (const [name, digest] of Object.entries(parts)) expect(digestOf(documents[name] ?? '')).toBe(digest);
    expect(items.map((line) => splitItem(Buffer.from(line))?.salt)).toEqual(
      sealed.items.map(({ salt }) => salt),
    );
    expect(contents.map((line) => contentsEntry(Buffer.from(line)))).toEqual([...sample.contents]);
  });

  it('can be read without its lists, or with the items alone', async () => {
    const source = await openBundle(inPieces(FORMS[form], 1000));
    await source.close();
    const other = await openBundle(inPieces(FORMS[form], 1000));
    let count = 0;
    for await (const batch of other.items()) count += batch.length;
    expect(count).toBe(300);
    await other.close();
  });
});

describe('jsonBundle', () => {
  it('is one line of RFC 8785 JSON', async () => {
    const text = Buffer.from(await jsonBundle(sample)).toString();
    expect(text).toBe(canonicalize(JSON.parse(text)));
    expect(text).toBe(FORMS.json.toString());
  });

  it('refuses what would be a byte too long, before writing any of it', async () => {
    const bundle = writableOf(sample);
    const room = MAX_JSON_BYTES - FORMS.json.length;
    const longer = (by: number) => ({
      ...bundle,
      items: { ...bundle.items, size: async () => (await bundle.items.size()) + by },
    });
    await expect(collect(writeBundle(longer(room + 1), 'json'))).rejects.toMatchObject({ code: 'BUNDLE' });
    expect((await collect(writeBundle(longer(room), 'json'))).equals(FORMS.json)).toBe(true);
  });
});
