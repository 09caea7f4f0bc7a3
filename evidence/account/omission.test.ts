import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { itemLeaf, leafDigest } from '../leaf.ts';
import { merkleRoot } from '../merkle.ts';
import { type Sealed, type SealedItem, seal } from '../seal.ts';
import { EMPTY_HEAD, sampleContext, sampleEnvelopes, sampleKeys } from '../testing/samples.ts';
import { Tally } from './account.ts';

/** What the signed manifest says of its items, counted again from items: their root, and how many there are of what. */
function contradictions({ manifest }: Sealed, items: readonly SealedItem[]): readonly string[] {
  const tally = new Tally({ digest: manifest.policies[0]?.digest ?? '', version: '' });
  for (const { item } of items) tally.add(item);
  const { ledger } = tally.account({
    range: manifest.ledger,
    policy: { digest: '', version: '' },
    privileges: () => null,
  });
  const leaves = items.map(({ canonical, salt }) =>
    itemLeaf(Buffer.from(canonical), Buffer.from(salt, 'hex')),
  );
  return [
    ...(ledger.included === manifest.ledger.last - manifest.ledger.first + 1 ? [] : ['numbers']),
    ...(ledger.included === manifest.counts.kept ? [] : ['kept']),
    ...(leafDigest(merkleRoot(leaves)) === manifest.itemsRoot ? [] : ['itemsRoot']),
  ];
}

describe('leaving an item out', () => {
  const keys = sampleKeys();
  const all = sampleEnvelopes(24);
  const sealedOf: Sealed[] = [];

  beforeAll(async () => {
    for (let count = 1; count <= all.length; count += 1) {
      const envelopes = all.slice(0, count);
      const head = { ...EMPTY_HEAD, lastItem: 100 + count };
      sealedOf.push(await seal(envelopes, sampleContext(envelopes, keys, { head })));
    }
  });

  it('is not needed for a manifest to be right', () => {
    for (const sealed of sealedOf) expect(contradictions(sealed, sealed.items)).toEqual([]);
  });

  const changes: Readonly<
    Record<
      string,
      readonly [(items: readonly SealedItem[], at: number, to: number) => readonly SealedItem[], string[]]
    >
  > = {
    removed: [(items, at) => items.toSpliced(at, 1), ['numbers', 'kept', 'itemsRoot']],
    doubled: [
      (items, at, to) => items.toSpliced(to, 0, ...items.slice(at, at + 1)),
      ['numbers', 'kept', 'itemsRoot'],
    ],
    moved: [
      (items, at, to) => items.toSpliced(at, 1).toSpliced(to, 0, ...items.slice(at, at + 1)),
      ['itemsRoot'],
    ],
    'put in the place of another': [
      (items, at, to) => items.toSpliced(to, 1, ...items.slice(at, at + 1)),
      ['itemsRoot'],
    ],
  };

  it.each(Object.entries(changes))(
    'is noticed when an item is %s, ten thousand times',
    (_, [change, found]) => {
      fc.assert(
        fc.property(fc.nat(), fc.nat(), fc.nat(), (which, at, to) => {
          const sealed = sealedOf[which % sealedOf.length];
          if (sealed === undefined) throw new Error('there are no manifests');
          const { items } = sealed;
          const changed = change(items, at % items.length, to % items.length);
          fc.pre(changed.length !== items.length || changed.some((item, index) => item !== items[index]));
          expect(contradictions(sealed, changed)).toEqual(found);
        }),
        { numRuns: 10_000 },
      );
    },
    120_000,
  );
});
