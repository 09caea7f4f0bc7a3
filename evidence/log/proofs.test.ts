import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyConsistency, verifyInclusion } from '../merkle.ts';
import { appendLeaf, emptyFrontier, type Frontier, frontierRoot, proofOfLast } from './frontier.ts';
import { proveConsistency, proveInclusion, readFrontier, treeRoot } from './proofs.ts';
import { naivePath, naiveProof, naiveRoot, naiveTiles, someLeaves } from './testing/naive.ts';

const SMALL = someLeaves(300);
const LARGE = someLeaves(65_800);
const LARGE_TILES = naiveTiles(LARGE);
const BORDERS = [255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_792, 65_793, 65_800];

const hex = (hashes: readonly Uint8Array[]): readonly string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('hex'));

const grow = (leaves: readonly Uint8Array[]): Frontier => leaves.reduce(appendLeaf, emptyFrontier);

/** Roots of every size up to the end, from the frontier that the first test holds against the RFC. */
function rootsOf(leaves: readonly Uint8Array[]): readonly Uint8Array[] {
  let frontier = emptyFrontier;
  return [
    frontierRoot(frontier),
    ...leaves.map((leaf) => {
      frontier = appendLeaf(frontier, leaf);
      return frontierRoot(frontier);
    }),
  ];
}

describe('the frontier', () => {
  it('has the root of the RFC and the proof of its newest leaf, for every size to 300', () => {
    let frontier = emptyFrontier;
    expect(hex([frontierRoot(frontier)])).toEqual(hex([naiveRoot([])]));
    for (const [index, leaf] of SMALL.entries()) {
      const leaves = SMALL.slice(0, index + 1);
      const proof = proofOfLast(frontier);
      const before = hex(frontier.hashes);
      const grown = appendLeaf(frontier, leaf);
      expect(hex(frontier.hashes), 'the one before stays').toEqual(before);
      frontier = grown;
      expect(frontier.size).toBe(index + 1);
      expect(hex([frontierRoot(frontier)])).toEqual(hex([naiveRoot(leaves)]));
      expect(hex(proof)).toEqual(hex(naivePath(index, leaves)));
    }
  });

  it('is read from tiles as it was grown, at the borders of tiles', async () => {
    for (const size of [0, 1, 2, ...BORDERS]) {
      const grown = grow(LARGE.slice(0, size));
      const read = await readFrontier(LARGE_TILES, size);
      expect([read.size, hex(read.hashes)]).toEqual([grown.size, hex(grown.hashes)]);
      expect(hex([await treeRoot(LARGE_TILES, size)])).toEqual(hex([frontierRoot(grown)]));
    }
  });
});

describe('inclusion proofs', () => {
  it('are those of the RFC for every leaf of every tree to 40, and of some to 300', async () => {
    const tiles = naiveTiles(SMALL);
    for (const size of [...Array(41).keys(), 127, 128, 129, 255, 256, 257, 299, 300]) {
      const leaves = SMALL.slice(0, size);
      const step = size <= 40 ? 1 : 23;
      for (let index = 0; index < size; index += step) {
        expect(hex(await proveInclusion(tiles, index, size))).toEqual(hex(naivePath(index, leaves)));
      }
    }
  });

  it('hold for any leaf of any larger tree, and for nothing else', async () => {
    const roots = rootsOf(LARGE);
    const size = fc.oneof(fc.constantFrom(...BORDERS), fc.integer({ min: 2, max: LARGE.length }));
    const place = size.chain((total) => fc.record({ size: fc.constant(total), index: fc.nat(total - 1) }));
    await fc.assert(
      fc.asyncProperty(place, fc.nat(), async ({ size: total, index }, other) => {
        const proof = await proveInclusion(LARGE_TILES, index, total);
        const [leaf, root] = [LARGE[index], roots[total]];
        if (leaf === undefined || root === undefined) throw new Error('no leaf');
        expect(verifyInclusion({ leaf, index, size: total, proof, root })).toBe(true);
        const elsewhere = (index + 1 + (other % (total - 1))) % total;
        expect(verifyInclusion({ leaf, index: elsewhere, size: total, proof, root })).toBe(false);
        const changed = proof.map((hash, at) => (at === other % proof.length ? leaf : hash));
        expect(verifyInclusion({ leaf, index, size: total, proof: changed, root })).toBe(false);
        expect(verifyInclusion({ leaf, index, size: total, proof: proof.slice(1), root })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [-1, 5],
    [5, 5],
    [0, 0],
    [0.5, 2],
    [0, Number.NaN],
  ])('are refused for leaf %d of %d', async (index, size) => {
    await expect(proveInclusion(naiveTiles(SMALL), index, size)).rejects.toMatchObject({ code: 'LOG' });
  });
});

describe('consistency proofs', () => {
  it('are those of the RFC between all trees to 40, and some to 300', async () => {
    const tiles = naiveTiles(SMALL);
    for (const newer of [...Array(41).keys(), 127, 128, 129, 255, 256, 257, 299, 300]) {
      const step = newer <= 40 ? 1 : 19;
      for (let older = 1; older <= newer; older += step) {
        const expected = naiveProof(older, SMALL.slice(0, newer));
        expect(hex(await proveConsistency(tiles, older, newer))).toEqual(hex(expected));
      }
      expect(await proveConsistency(tiles, 0, newer)).toEqual([]);
    }
  });

  it('hold between any two trees, and for no other roots, sizes or hashes', async () => {
    const roots = rootsOf(LARGE);
    const size = fc.oneof(fc.constantFrom(...BORDERS), fc.integer({ min: 1, max: LARGE.length }));
    await fc.assert(
      fc.asyncProperty(size, size, fc.nat(), async (a, b, other) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const [root, newRoot, wrong] = [roots[from], roots[to], LARGE[1]];
        if (root === undefined || newRoot === undefined || wrong === undefined) throw new Error('no root');
        const [older, newer] = [
          { size: from, root },
          { size: to, root: newRoot },
        ];
        const proof = await proveConsistency(LARGE_TILES, from, to);
        expect(verifyConsistency(older, newer, proof)).toBe(true);
        expect(verifyConsistency({ ...older, root: wrong }, newer, proof)).toBe(false);
        expect(verifyConsistency(older, { ...newer, root: wrong }, proof)).toBe(false);
        expect(verifyConsistency(older, newer, [...proof, wrong])).toBe(false);
        if (from === to) return;
        expect(verifyConsistency(newer, older, proof)).toBe(false);
        expect(verifyConsistency(older, newer, proof.slice(0, -1))).toBe(false);
        const changed = proof.map((hash, at) => (at === other % proof.length ? wrong : hash));
        const same = hex(changed).join() === hex(proof).join();
        expect(verifyConsistency(older, newer, changed)).toBe(same);
      }),
      { numRuns: 60 },
    );
  });

  it('are refused for an older tree that is larger', async () => {
    await expect(proveConsistency(naiveTiles(SMALL), 6, 5)).rejects.toMatchObject({ code: 'LOG' });
  });

  it('do not show that a tree is higher than it is', async () => {
    const [tiles, roots] = [naiveTiles(SMALL), rootsOf(SMALL.slice(0, 8))];
    for (let newer = 2; newer <= 8; newer += 1) {
      for (let older = 1; older < newer; older += 1) {
        const [root, newRoot] = [roots[older], roots[newer]];
        if (root === undefined || newRoot === undefined) throw new Error('no root');
        const proof = await proveConsistency(tiles, older, newer);
        expect(verifyConsistency({ size: older, root }, { size: newer, root: newRoot }, proof)).toBe(true);
        expect(verifyConsistency({ size: older, root }, { size: newer * 4, root: newRoot }, proof)).toBe(
          false,
        );
      }
    }
  });

  it('begin with the empty tree, whose root is known', () => {
    const [empty, newer] = [naiveRoot([]), { size: 3, root: naiveRoot(SMALL.slice(0, 3)) }];
    expect(verifyConsistency({ size: 0, root: empty }, newer, [])).toBe(true);
    expect(verifyConsistency({ size: 0, root: newer.root }, newer, [])).toBe(false);
    expect(verifyConsistency({ size: 0, root: empty }, newer, [empty])).toBe(false);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('are not verified for a size of %d', (size) => {
    const root = naiveRoot([]);
    expect(verifyConsistency({ size, root }, { size: 2 ** 53 - 1, root }, [])).toBe(false);
    expect(verifyConsistency({ size: 0, root }, { size, root }, [])).toBe(false);
  });
});

describe('a tile of another length than it should have', () => {
  it('makes no proof', async () => {
    const tiles = naiveTiles(SMALL);
    const short = {
      tile: async (l: number, n: number, w: number) => (await tiles.tile(l, n, w)).subarray(32),
    };
    await expect(proveInclusion(short, 3, 300)).rejects.toThrow(
      /has not 256 hashes|has not 1 hashes|has not 44/,
    );
  });
});
