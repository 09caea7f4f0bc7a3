import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inclusionProof, leafHash, merkleRoot, nodeHash, verifyInclusion } from './merkle.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));

/** RFC 6962, section 2.1, word for word. */
function definition(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return hash('sha256', '', 'buffer');
  if (leaves.length === 1) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(definition(leaves.slice(0, split)), definition(leaves.slice(split)));
}

describe('merkleRoot', () => {
  it('has the roots that transparency logs publish for their test entries', () => {
    const entries = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const leaves = entries.map((entry) => leafHash(Buffer.from(entry, 'hex')));
    expect(hex(merkleRoot([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(merkleRoot(leaves.slice(0, 1)))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(hex(merkleRoot(leaves))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('is the root of the definition for every size', () => {
    for (let count = 0; count <= 130; count += 1) {
      const leaves = leavesOf(count);
      expect(hex(merkleRoot(leaves))).toBe(hex(definition(leaves)));
    }
  });
});

describe('inclusion', () => {
  it('is proven for every leaf of every size, with no more hashes than the tree is high', () => {
    for (let size = 1; size <= 65; size += 1) {
      const leaves = leavesOf(size);
      const root = merkleRoot(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(leaves, index);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        expect(verifyInclusion({ leaf, index, size, proof, root })).toBe(true);
      }
    }
  });

  it('fails for another leaf, position, size, root or proof', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), (size, a, b) => {
        const leaves = leavesOf(size);
        const [index, other] = [a % size, b % size];
        fc.pre(index !== other);
        const [leaf, wrong] = [leaves[index], leaves[other]];
        if (leaf === undefined || wrong === undefined) return;
        const good = { leaf, index, size, proof: inclusionProof(leaves, index), root: merkleRoot(leaves) };
        expect(verifyInclusion(good)).toBe(true);
        expect(verifyInclusion({ ...good, leaf: wrong })).toBe(false);
        expect(verifyInclusion({ ...good, index: other })).toBe(false);
        expect(verifyInclusion({ ...good, root: wrong })).toBe(false);
        expect(verifyInclusion({ ...good, proof: good.proof.slice(1) })).toBe(false);
        expect(verifyInclusion({ ...good, proof: [...good.proof, wrong] })).toBe(false);
        expect(verifyInclusion({ ...good, proof: good.proof.with(0, Buffer.alloc(32, 1)) })).toBe(false);
      }),
    );
  });

  it('is false, not an error, for nonsense', () => {
    const [leaf = Buffer.alloc(32)] = leavesOf(1);
    const good = { leaf, index: 0, size: 1, proof: [], root: leaf };
    expect(verifyInclusion(good)).toBe(true);
    for (const index of [-1, 1, 0.5, Number.NaN]) expect(verifyInclusion({ ...good, index })).toBe(false);
    for (const size of [0, -1, 1.5, 2 ** 40, Number.NaN])
      expect(verifyInclusion({ ...good, size })).toBe(false);
    expect(verifyInclusion({ ...good, leaf: Buffer.alloc(31), root: Buffer.alloc(31) })).toBe(false);
    expect(() => inclusionProof([leaf], 1)).toThrow(RangeError);
  });
});
