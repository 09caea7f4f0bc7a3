import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { BUNDLE_FORMS } from '../bundle/documents.ts';
import { openBundle } from '../bundle/open.ts';
import type { BundleSource } from '../bundle/source.ts';
import { sha256 } from '../digest.ts';
import { signCheckpoint } from '../log/checkpoint.ts';
import { appendLeaf, emptyFrontier, frontierRoot } from '../log/frontier.ts';
import { type Sealed, seal } from '../seal.ts';
import { bytesOf, edited, pseudoRandom, relisted } from '../testing/forge.ts';
import { EMPTY_HEAD, headAfter, sampleContext, sampleEnvelopes } from '../testing/samples.ts';
import { inForm, itemsOf, problemsOf, sealedSample } from '../testing/sealed-sample.ts';
import { verifyBundle, verifyChain } from '../verify.ts';

/** Nothing can be left out: 10,000 single deletions, of everything that is counted, and none goes unnoticed. */

const COUNT = 12;
const { keys, log, trust, document, documents, ids, sealed } = await sealedSample(COUNT);
const random = pseudoRandom(20_261_121);

describe('one thing left out', () => {
  it.each(BUNDLE_FORMS)('an item of a bundle in the form %s: 1,000 deletions, each named', async (form) => {
    const source = await openBundle(await inForm(documents, form));
    const listed = await all(source.contents());
    const entries = await all(source.items());
    for (let round = 0; round < 1_000; round += 1) {
      const index = random(COUNT);
      const thin = again(source, listed, entries.toSpliced(index, 1));
      const report = await verifyBundle(thin, trust);
      expect(report.good).toBe(false);
      expect(problemsOf(report)[0]?.where).toBe(`items[${index}]`);
    }
  });

  it('an item of a file, which is named: 800 deletions', async () => {
    const entries = itemsOf(document);
    for (let round = 0; round < 800; round += 1) {
      const index = random(COUNT);
      const report = await verifyBundle(bytesOf({ ...document, items: entries.toSpliced(index, 1) }), trust);
      expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_MISSING', where: `contents[${index}]` }]);
      expect(problemsOf(report)[0]?.what).toContain(ids[index]);
    }
  });

  it('an item and its entry, and the root made to fit: 1,000 deletions', async () => {
    const entries = itemsOf(document);
    const thinned = entries.map((_, index) =>
      bytesOf(relisted({ ...document, items: entries.toSpliced(index, 1) })),
    );
    for (let round = 0; round < 1_000; round += 1) {
      const report = await verifyBundle(thinned[random(COUNT)] ?? new Uint8Array(), trust);
      expect(problemsOf(report).map(({ code }) => code)).toContain('SUBJECT');
    }
  });

  it('an entry of the contents: 1,000 deletions', async () => {
    const contents = document['contents'] as readonly JsonValue[];
    for (let round = 0; round < 1_000; round += 1) {
      const shorter = { ...document, contents: contents.toSpliced(random(COUNT), 1) };
      expect(problemsOf(await verifyBundle(bytesOf(shorter), trust)).map(({ code }) => code)).toEqual([
        'CONTENTS',
      ]);
    }
  });

  it('any member or element of any document: 2,400 deletions', async () => {
    const { items: _, contents: __, ...rest } = document;
    for (let round = 0; round < 2_400; round += 1) {
      const path = randomPath(rest);
      const less = edited(document, path, () => undefined);
      const report = await verifyBundle(bytesOf(less), trust);
      expect({ path, good: report.good }).toEqual({ path, good: false });
    }
  });

  it('a manifest of a chain, between two others: 600 deletions', async () => {
    const chain: Sealed[] = [];
    const envelopes = sampleEnvelopes(24);
    let head = EMPTY_HEAD;
    for (let index = 0; index < 12; index += 1) {
      const items = envelopes.slice(2 * index, 2 * index + 2);
      const next = await seal(items, sampleContext(items, keys, { head }));
      chain.push(next);
      head = headAfter(next, head);
    }
    expect(verifyChain(chain, trust).good).toBe(true);
    for (let round = 0; round < 600; round += 1) {
      const index = 1 + random(chain.length - 2);
      const report = verifyChain(chain.toSpliced(index, 1), trust);
      expect(problemsOf(report)).toMatchObject([{ code: 'CHAIN_MISSING', where: `manifests[${index}]` }]);
    }
  });

  it('a leaf of the log, seen by who kept one checkpoint: 600 deletions', async () => {
    const leaves = Array.from({ length: 41 }, (_, index) => sha256(`leaf ${index}`));
    for (let round = 0; round < 600; round += 1) {
      const gone = random(leaves.length);
      let tree = emptyFrontier;
      for (const leaf of leaves.toSpliced(gone, 1)) tree = appendLeaf(tree, leaf);
      // What the log says it is now; the bundle was made when all its leaves were there.
      const grown = appendLeaf(appendLeaf(tree, sealed.logged.leaf), sha256('later'));
      const checkpoint = await signCheckpoint(
        { origin: keys.checkpointSigner.name, size: log.size + 1, root: frontierRoot(grown) },
        keys.checkpointSigner,
      );
      const report = await verifyBundle(bytesOf(document), { ...trust, checkpoints: [checkpoint] });
      expect(problemsOf(report)).toMatchObject([{ code: 'LOG_FORKED' }]);
    }
  });
});

describe('the forms of one bundle', () => {
  it('get the same report, whether good or not', async () => {
    const [json, ...others] = await Promise.all(
      BUNDLE_FORMS.map(async (form) => verifyBundle(await inForm(documents, form), trust)),
    );
    expect(json?.good).toBe(true);
    for (const other of others) expect(other).toEqual(json);

    const source = await openBundle(await inForm(documents, 'json'));
    const [listed, entries] = [await all(source.contents()), await all(source.items())];
    const changed = entries.with(4, entries[5] ?? new Uint8Array());
    const reports = await Promise.all(
      BUNDLE_FORMS.map(async (form) => {
        const opened = await openBundle(await inForm(documents, form));
        return verifyBundle(again(opened, listed, changed), trust);
      }),
    );
    expect(reports[0]?.good).toBe(false);
    for (const report of reports) expect(report).toEqual(reports[0]);
  });
});

/** An open bundle with other lists; can be read once. */
function again(
  { form, documents: texts }: BundleSource,
  contents: readonly Uint8Array[],
  items: readonly Uint8Array[],
): BundleSource {
  return {
    form,
    documents: texts,
    contents: () => batches(contents),
    items: () => batches(items),
    close: () => Promise.resolve(),
  };
}

// Async because a source is.
async function* batches(entries: readonly Uint8Array[]): AsyncGenerator<readonly Uint8Array[], void> {
  for (let index = 0; index < entries.length; index += 5) yield entries.slice(index, index + 5);
}

async function all(batched: AsyncIterable<readonly Uint8Array[]>): Promise<readonly Uint8Array[]> {
  const entries: Uint8Array[] = [];
  for await (const batch of batched) entries.push(...batch);
  return entries;
}

/** Of a member or an element at any depth. */
function randomPath(value: JsonObject | readonly JsonValue[], before = ''): string {
  const steps = Object.keys(value);
  const step = steps[random(steps.length)] ?? '';
  const path = `${before}${step}`;
  const inside = (value as JsonObject)[step];
  const canGoOn = typeof inside === 'object' && inside !== null && Object.keys(inside).length > 0;
  return canGoOn && random(4) > 0 ? randomPath(inside as JsonObject, `${path}.`) : path;
}
