import { describe, expect, it } from 'vitest';
import { appendLeaf, emptyFrontier, frontierRoot, proofOfLast } from '../../evidence/log/frontier.ts';
import {
  inclusionProof,
  leafHash,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../evidence/merkle.ts';

/** The trees over eight inputs that implementations of RFC 6962 and RFC 9162 have shared since 2013; see README.md. */

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];

const LEAVES = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7',
  '07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7',
  'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  '4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658',
  'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
  '46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1',
];

/** By number of leaves. */
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hex);

const NODE_01 = ROOTS[2] ?? hex('');
const NODE_23 = hex('5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e');
const NODE_45 = hex('0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a');
const NODE_67 = hex('ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0');
const NODE_0123 = ROOTS[4] ?? hex('');
const NODE_4567 = hex('6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4');
const LEAF = LEAVES.map(hex);
const NOTHING = Buffer.alloc(0);

const INCLUSIONS: readonly (readonly [
  index: number,
  size: number,
  proof: readonly (Buffer | undefined)[],
])[] = [
  [0, 1, []],
  [0, 8, [LEAF[1], NODE_23, NODE_4567]],
  [5, 8, [LEAF[4], NODE_67, NODE_0123]],
  [2, 3, [NODE_01]],
  [1, 5, [LEAF[0], NODE_23, LEAF[4]]],
];

const CONSISTENCIES: readonly (readonly [
  older: number,
  newer: number,
  proof: readonly (Buffer | undefined)[],
])[] = [
  [1, 1, []],
  [1, 8, [LEAF[1], NODE_23, NODE_4567]],
  [6, 8, [NODE_45, NODE_67, NODE_0123]],
  [2, 5, [NODE_23, LEAF[4]]],
  [6, 7, [NODE_45, LEAF[6], NODE_0123]],
];

function whole(proof: readonly (Buffer | undefined)[]): readonly Buffer[] {
  return proof.map((node) => node ?? NOTHING);
}

function flipped(node: Buffer): Buffer {
  const copy = Buffer.from(node);
  copy[0] = (copy[0] ?? 0) ^ 8;
  return copy;
}

/** Every way in which transparency-dev spoils a proof. */
function spoiled(proof: readonly Buffer[], roots: readonly Buffer[]): readonly (readonly Buffer[])[] {
  return [
    ...proof.map((node, index) => proof.with(index, flipped(node))),
    ...[NOTHING, ...roots].flatMap((extra) => [
      [...proof, extra],
      [extra, ...proof],
    ]),
    ...(proof.length > 0 ? [proof.slice(0, -1), [...proof.slice(0, 1), ...proof]] : []),
  ];
}

describe('leaves and roots', () => {
  it('are the published ones', () => {
    expect(INPUTS.map((input) => Buffer.from(leafHash(hex(input))).toString('hex'))).toEqual(LEAVES);
    for (const [size, root] of ROOTS.entries()) {
      expect(Buffer.from(merkleRoot(LEAF.slice(0, size))), `${size} leaves`).toEqual(root);
    }
  });

  it('come out the same when the log appends leaf by leaf', () => {
    let frontier = emptyFrontier;
    for (const [index, leaf] of LEAF.entries()) {
      const proof = proofOfLast(frontier);
      frontier = appendLeaf(frontier, leaf);
      const root = ROOTS[index + 1] ?? NOTHING;
      expect(Buffer.from(frontierRoot(frontier))).toEqual(root);
      expect(verifyInclusion({ leaf, index, size: index + 1, proof, root })).toBe(true);
    }
  });
});

describe('inclusion', () => {
  it.each(INCLUSIONS)('of leaf %i in %i leaves', (index, size, published) => {
    const proof = whole(published);
    const [leaf, root] = [LEAF[index] ?? NOTHING, ROOTS[size] ?? NOTHING];
    expect(inclusionProof(LEAF.slice(0, size), index).map((node) => Buffer.from(node))).toEqual(proof);
    const good = { leaf, index, size, proof, root };
    expect(verifyInclusion(good)).toBe(true);
    for (const wrong of spoiled(proof, [root]))
      expect(verifyInclusion({ ...good, proof: wrong })).toBe(false);
    for (const other of [index - 1, index + 1, index ^ 2])
      expect(verifyInclusion({ ...good, index: other })).toBe(false);
    for (const other of [size * 2, Math.floor(size / 2)])
      expect(verifyInclusion({ ...good, size: other })).toBe(false);
    for (const other of [ROOTS[0] ?? NOTHING, flipped(root), NOTHING]) {
      expect(verifyInclusion({ ...good, root: other })).toBe(false);
      expect(verifyInclusion({ ...good, leaf: other })).toBe(false);
    }
  });

  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [-1, 1],
    [0.5, 1],
    [0, 2 ** 53],
  ])('is refused at %d of %d leaves', (index, size) => {
    const some = hex('96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7');
    expect(verifyInclusion({ leaf: some, index, size, proof: [], root: some })).toBe(false);
  });
});

describe('consistency', () => {
  it.each(CONSISTENCIES)('of %i with %i leaves', (older, newer, published) => {
    const proof = whole(published);
    const head = (size: number, root = ROOTS[size] ?? NOTHING) => ({ size, root });
    expect(verifyConsistency(head(older), head(newer), proof)).toBe(true);
    const roots = [ROOTS[older] ?? NOTHING, ROOTS[newer] ?? NOTHING];
    for (const wrong of spoiled(proof, roots))
      expect(verifyConsistency(head(older), head(newer), wrong)).toBe(false);
    if (older === newer) return;
    expect(verifyConsistency(head(older), head(newer), [])).toBe(false);
    expect(verifyConsistency(head(newer), head(older), proof)).toBe(false);
    for (const size of [older - 1, older + 1, older ^ 2]) {
      expect(verifyConsistency({ size, root: roots[0] ?? NOTHING }, head(newer), proof)).toBe(false);
    }
    for (const size of [newer * 2, Math.floor(newer / 2)]) {
      expect(verifyConsistency(head(older), { size, root: roots[1] ?? NOTHING }, proof)).toBe(false);
    }
    expect(verifyConsistency(head(older, roots[1]), head(newer, roots[0]), proof)).toBe(false);
  });
});
