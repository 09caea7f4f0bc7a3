import { describe, expect, it } from 'vitest';
import { pseudoRandom } from '../testing/forge.ts';
import { problemsOf, sealedSample } from '../testing/sealed-sample.ts';
import { verifyBundle } from '../verify.ts';

const { bundle, document, ids, sealed, trust } = await sealedSample(30);

describe('every byte', () => {
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

  it('that is flipped is noticed, and inside an item the item is named', () => {
    const random = pseudoRandom(2026);
    for (let round = 0; round < 2_000; round += 1) {
      const position = random(bundle.length);
      const report = verifyBundle(flipped(position, 1 << random(8)), trust);
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

  it('that is removed or added is noticed', () => {
    const random = pseudoRandom(7);
    for (let round = 0; round < 300; round += 1) {
      const position = random(bundle.length);
      const shorter = Buffer.concat([bundle.subarray(0, position), bundle.subarray(position + 1)]);
      const longer = Buffer.concat([
        bundle.subarray(0, position),
        Buffer.of(random(256)),
        bundle.subarray(position),
      ]);
      expect(verifyBundle(shorter, trust).good).toBe(false);
      expect(verifyBundle(longer, trust).good).toBe(false);
    }
  });

  it('of white space is noticed, and its place is named', () => {
    for (const [name, bytes] of [
      ['a new line at the end', `${text}\n`],
      ['a byte order mark', `\u00ef\u00bb\u00bf${text}`],
      ['indentation', JSON.stringify(document, null, 2)],
      ['a space after a colon', text.replace('"salt":', '"salt": ')],
    ] as const) {
      const report = verifyBundle(Buffer.from(bytes, 'latin1'), trust);
      expect({ name, problems: problemsOf(report).map(({ where }) => /byte \d+$/.test(where)) }).toEqual({
        name,
        problems: [true],
      });
    }
  });

  it('is looked at in properties that are there twice', () => {
    const twice = text.replace('{"item":', '{"item":{},"item":');
    const report = verifyBundle(Buffer.from(twice, 'latin1'), trust);
    expect(problemsOf(report)).toMatchObject([
      { code: 'NOT_CANONICAL', where: expect.stringMatching(/^items\[0\]\.item/) },
    ]);
  });
});
