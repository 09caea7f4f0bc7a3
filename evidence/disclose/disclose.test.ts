import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { BUNDLE_FORMS, type BundleForm } from '../bundle/documents.ts';
import { openBundle } from '../bundle/open.ts';
import { inclusionProof } from '../merkle.ts';
import { seal } from '../seal.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { bytesOf, edited } from '../testing/forge.ts';
import { sampleContext, sampleEnvelopes, sampleKeys } from '../testing/samples.ts';
import { codesOf, inForm, type SampleBundle, sealSample, warningsOf } from '../testing/sealed-sample.ts';
import { formatReport, type VerifyReport } from '../verify.ts';
import type { Disclosure } from './disclosure.ts';
import { discloseFrom } from './from-bundle.ts';
import { discloseStored } from './from-store.ts';
import { inclusionPaths } from './paths.ts';
import { verifyDisclosure } from './verify.ts';

const keys = sampleKeys();
const trust = { publicKeyPem: [keys.signer.publicKeyPem], logKeys: [keys.checkpointSigner.vkey] };
const verify = (text: string | Uint8Array): VerifyReport => verifyDisclosure(Buffer.from(text), trust);

async function discloseOf(
  { documents }: SampleBundle,
  ids: readonly string[],
  form: BundleForm = 'json',
): Promise<string> {
  const source = await openBundle(await inForm(documents, form));
  try {
    return await discloseFrom(source, ids);
  } finally {
    await source.close();
  }
}

describe('a disclosure from a bundle', () => {
  let bundle: SampleBundle;
  let ids: readonly string[];
  beforeAll(async () => {
    bundle = await sealSample(sampleEnvelopes(24), keys);
    ids = bundle.sealed.items.map(({ item }) => item.id);
  });

  it('proves one item of a signed manifest', async () => {
    const id = ids[13] ?? '';
    const report = verify(await discloseOf(bundle, [id]));
    expect(codesOf(report)).toEqual([]);
    expect(report).toMatchObject({
      good: true,
      facts: {
        kind: 'disclosure',
        manifest: bundle.sealed.digest,
        purpose: 'bundle',
        items: 1,
        of: 24,
        ids: [id],
      },
    });
    expect(formatReport(report)).toContain('good: a disclosure of 1 of the 24 items of a bundle');
  });

  it('says what is not proved', async () => {
    expect(warningsOf(verify(await discloseOf(bundle, ids.slice(0, 1))))).toEqual([
      'TIME_UNPROVED',
      'KEY_WINDOW_UNPROVED',
      'CONSISTENCY_UNPROVED',
    ]);
  });

  it.each(BUNDLE_FORMS)('is the same from the form %s, whatever the order of the ids', async (form) => {
    const some = [ids[20] ?? '', ids[3] ?? ''];
    expect(await discloseOf(bundle, some, form)).toBe(await discloseOf(bundle, some.toReversed()));
  });

  it('proves any of the items, and no more than twenty hashes for each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...ids], { minLength: 1 }), async (some) => {
        const text = await discloseOf(bundle, some);
        const { facts } = verify(text);
        expect(facts).toMatchObject({ ids: some });
        for (const { path: hashes } of parse(text).items) expect(hashes.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 40 },
    );
  });

  it('holds nothing of the other items', async () => {
    const text = await discloseOf(bundle, [ids[7] ?? '']);
    const { attestation } = parse(text);
    const encoded = JSON.stringify(attestation).match(/[A-Za-z0-9+/]{40,}=*/g) ?? [];
    const everything = [text, ...encoded.map((part) => Buffer.from(part, 'base64').toString('latin1'))].join(
      '\n',
    );
    for (const [index, { item, salt, canonical }] of bundle.sealed.items.entries()) {
      const own = [item.id, salt, JSON.stringify(item.body)];
      for (const canary of own) expect(everything.includes(canary)).toBe(index === 7);
      expect(everything.includes(canonical)).toBe(index === 7);
    }
    expect(everything).toContain(bundle.sealed.manifest.itemsRoot);
  });

  it('is refused for an id that is not there, without repeating what is none', async () => {
    await expect(discloseOf(bundle, ['x'.repeat(43)])).rejects.toMatchObject({ code: 'QUERY' });
    await expect(discloseOf(bundle, ['secret value'])).rejects.not.toThrow('secret value');
    await expect(discloseOf(bundle, [])).rejects.toMatchObject({ code: 'QUERY' });
  });

  it('is refused for an item that was changed', async () => {
    const changed = bundle.sealed.items.map((item, index) =>
      index === 5 ? { ...item, salt: '0'.repeat(32) } : item,
    );
    const other = { ...bundle, documents: { ...bundle.documents, items: changed } };
    await expect(discloseOf(other, [ids[5] ?? ''])).rejects.toMatchObject({ code: 'BUNDLE' });
    expect(verify(await discloseOf(other, [ids[6] ?? ''])).good).toBe(true);
  });

  describe('that was changed', () => {
    let text: string;
    let document: JsonObject;
    beforeAll(async () => {
      text = await discloseOf(bundle, [ids[4] ?? '', ids[11] ?? '']);
      document = JSON.parse(text) as JsonObject;
    });

    it('is not good with any value changed or left out', () => {
      for (const place of leavesOf(document)) {
        for (const change of [flipped, () => undefined, () => ({})]) {
          const report = verify(bytesOf(edited(document, place, change)));
          expect([place, report.good, report.facts]).toEqual([place, false, null]);
        }
      }
    });

    it('is not good with any bit changed', () => {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += 5) {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ (1 << (at % 7));
        expect([at, verify(copy).good]).toEqual([at, false]);
      }
    });

    it.each<[string, () => JsonObject, string[]]>([
      ['an item of another place', () => edited(document, 'items.0.index', () => 5), ['ITEM_CHANGED']],
      ['a place that is not there', () => edited(document, 'items.1.index', () => 24), ['ITEM_ADDED']],
      [
        'an item twice',
        () => edited(document, 'items', (items) => [...list(items), list(items)[1] ?? null]),
        ['ITEM_DOUBLED'],
      ],
      [
        'items in another order',
        () => edited(document, 'items', (items) => list(items).toReversed()),
        ['ITEM_MOVED'],
      ],
      ['no item', () => edited(document, 'items', () => []), ['SHAPE']],
      [
        'the salt of another item',
        () => edited(document, 'items.0.salt', () => bundle.sealed.items[5]?.salt),
        ['ITEM_CHANGED'],
      ],
      [
        'a longer path',
        () => edited(document, 'items.0.path', (hashes) => [...list(hashes), ...list(hashes).slice(0, 1)]),
        ['ITEM_CHANGED'],
      ],
      [
        'a shorter path',
        () => edited(document, 'items.0.path', (hashes) => list(hashes).slice(0, -1)),
        ['ITEM_CHANGED'],
      ],
      [
        'the path as the item',
        () => edited(document, 'items.0', (item) => ({ ...(item as JsonObject), item: {} })),
        ['ITEM_CHANGED', 'ITEM_SHAPE'],
      ],
      ['another property', () => edited(document, 'note', () => 'trust me'), ['SHAPE']],
    ])('is not good with %s', (_, change, codes) => {
      const report = verify(bytesOf(change()));
      expect(report.good).toBe(false);
      expect(codesOf(report)).toEqual(codes);
    });

    it('is not good with the attestation of another manifest', async () => {
      const other = await sealSample(sampleEnvelopes(23), keys);
      const otherText = await discloseOf(other, [other.sealed.items[0]?.item.id ?? '']);
      const { attestation } = JSON.parse(otherText) as JsonObject;
      expect(codesOf(verify(bytesOf({ ...document, attestation: attestation ?? null })))).toEqual([
        'ITEM_CHANGED',
      ]);
    });

    it('is not good in another spelling', () => {
      expect(codesOf(verify(JSON.stringify(document, null, 1)))).toEqual(['NOT_CANONICAL']);
      expect(codesOf(verify(`${text}\n`))).toEqual(['NOT_CANONICAL']);
    });

    it('is not good for who trusts another key or another log', () => {
      const other = sampleKeys();
      const key = { ...trust, publicKeyPem: [other.signer.publicKeyPem] };
      expect(codesOf(verifyDisclosure(Buffer.from(text), key))).toEqual(['KEY_UNKNOWN']);
      const log = { ...trust, logKeys: [other.checkpointSigner.vkey] };
      expect(codesOf(verifyDisclosure(Buffer.from(text), log))).toEqual(['CHECKPOINT_KEY']);
    });

    it.each(['', '{', '[]', 'null', '{"schema":"exhibit.disclosure/v1"}', '['.repeat(100_000)])(
      'is not good when it is no disclosure',
      (garbage) => {
        expect(verify(garbage).good).toBe(false);
      },
    );
  });
});

describe('a disclosure from the store', () => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'exhibit-disclose-'));
    store = await openSqliteStore({ path: path.join(folder, 'evidence.db') });
    for (const envelopes of [sampleEnvelopes(31).slice(0, 11), sampleEnvelopes(31).slice(11)]) {
      await store.append(await seal(envelopes, sampleContext(envelopes, keys, { head: await store.head() })));
    }
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('proves every item against the manifest of the run that sealed it', async () => {
    const { items } = await store.query({ limit: 100 });
    expect(items).toHaveLength(31);
    for (const { id, manifest, position } of items) {
      const text = (await discloseStored(store, id)) ?? '';
      expect(verify(text)).toMatchObject({ good: true, facts: { manifest, purpose: 'run', ids: [id] } });
      expect(parse(text).items[0]?.index).toBe(position);
    }
  });

  it('is null for what is not there', async () => {
    expect(await discloseStored(store, 'x'.repeat(43))).toBeNull();
  });
});

describe('inclusionPaths', () => {
  it('gives for each leaf what the proof of that leaf alone is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (size) => {
        const leaves = Array.from({ length: size }, (_, index) => Buffer.alloc(32, index));
        const all = [...leaves.keys()];
        expect(inclusionPaths(leaves, all)).toEqual(all.map((index) => inclusionProof(leaves, index)));
      }),
    );
  });

  it('throws for a leaf that is not there', () => {
    expect(() => inclusionPaths([Buffer.alloc(32)], [1])).toThrow(RangeError);
  });
});

function parse(text: string): Disclosure {
  return JSON.parse(text) as Disclosure;
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** Every place that holds no object and no list; names with dots hold what is covered with their object. */
function leavesOf(value: JsonValue, at = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, child]) =>
    name.includes('.') ? [] : leavesOf(child, at === '' ? name : `${at}.${name}`),
  );
}

function flipped(value: JsonValue | undefined): JsonValue {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string' && value !== '')
    return `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`;
  return value === null ? 'x' : 'y';
}
