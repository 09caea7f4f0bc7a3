import { describe, expect, it } from 'vitest';
import { pseudoRandom } from '../testing/forge.ts';
import { problemsOf, sealedSample } from '../testing/sealed-sample.ts';
import { verifyBundle } from '../verify.ts';

const { bundle, document, ids, sealed, trust } = await sealedSample(30);

describe('every byte', async () => {
  const text = Buffer.from(bundle).toString('latin1');
  /** Where each item of the file begins and ends. */
  const spans = sealed.items.map(({ canonical }) => {
    const begin = text.indexOf(canonical);
    return { begin, end: begin + canonical.length };
  });

  function flipped(position: number, mask: number): Uint8Array {
    const copy = Buffer.from(bundle);
    copy[position] = (copy[position] ?? 0) ^ mask;
    return copy;
  }

  it('that is flipped is noticed, and inside an item the item is named', async () => {
    const random = pseudoRandom(2026);
    for (let round = 0; round < 2_000; round += 1) {
      const position = random(bundle.length);
      const report = await verifyBundle(flipped(position, 1 << random(8)), trust);
      expect(report.good).toBe(false);
      const problems = problemsOf(report);
      expect(problems.length).toBeGreaterThan(0);
      const index = spans.findIndex(({ begin, end }) => position >= begin && position < end);
      if (index === -1) continue;
      const named = problems.some(
        ({ what, where }) => where.startsWith(`items[${index}]`) || what.includes(String(ids[index])),
      );
      expect({ named, position, problems }).toMatchObject({ named: true });
    }
  });

  it('that is removed or added is noticed', async () => {
    const random = pseudoRandom(7);
    for (let round = 0; round < 300; round += 1) {
      const position = random(bundle.length);
      const shorter = Buffer.concat([bundle.subarray(0, position), bundle.subarray(position + 1)]);
      const longer = Buffer.concat([
        bundle.subarray(0, position),
        Buffer.of(random(256)),
        bundle.subarray(position),
      ]);
      expect((await verifyBundle(shorter, trust)).good).toBe(false);
      expect((await verifyBundle(longer, trust)).good).toBe(false);
    }
  });

  it('of white space is noticed, and its place is named', async () => {
    for (const [name, bytes, place] of [
      ['a new line at the end', `${text}\n`, /^byte \d+$/],
      ['a byte order mark', `\u00ef\u00bb\u00bf${text}`, /^file$/],
      ['indentation', JSON.stringify(document, null, 2), /^file$/],
      ['a space after a colon', text.replace('"salt":', '"salt": '), /^items\[0\]$/],
      ['a space in a document', text.replace('"openedAt":', '"openedAt": '), /^incident$/],
      ['a space between members', text.replace(',"manifest":', ', "manifest":'), /^manifest, byte \d+$/],
    ] as const) {
      const report = await verifyBundle(Buffer.from(bytes, 'latin1'), trust);
      const places = problemsOf(report).map(({ where }) => where);
      expect({ name, places }).toEqual({ name, places: [expect.stringMatching(place)] });
    }
  });

  it('is looked at in properties that are there twice', async () => {
    const twice = (before: string, property: string) =>
      verifyBundle(Buffer.from(text.replace(before, `${before}${property}`), 'latin1'), trust);
    expect(problemsOf(await twice('{"item":{', '"body":{},'))).toMatchObject([
      { code: 'ITEM_CHANGED', where: 'items[0]' },
    ]);
    expect(problemsOf(await twice('"manifest":{', '"agent":{},'))).toMatchObject([
      { code: 'NOT_CANONICAL', where: 'manifest' },
    ]);
    expect(problemsOf(await twice('"attestation":{', '"mediaType":"x",'))).toMatchObject([
      { code: 'NOT_CANONICAL', where: 'attestation' },
    ]);
  });
});
