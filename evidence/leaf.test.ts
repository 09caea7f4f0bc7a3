import { createHmac, createSecretKey, hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, itemLeaf, itemSalt, SaltedLeaves } from './leaf.ts';

const wellFormed = fc.string({ unit: 'grapheme', maxLength: 300 });
/** Shorter than a block of SHA-256, as long as one, and longer. */
const saltKey = fc.uint8Array({ minLength: 32, maxLength: 130 });

describe('SaltedLeaves', () => {
  it('gives what HMAC-SHA-256 and SHA-256 give, for items of any length after one another', () => {
    fc.assert(
      fc.property(saltKey, fc.array(wellFormed, { minLength: 1, maxLength: 5 }), (key, items) => {
        const leaves = new SaltedLeaves(key);
        for (const item of items) {
          const salt = createHmac('sha256', key).update(item).digest().subarray(0, 16);
          const leaf = hash('sha256', Buffer.concat([Buffer.of(0), salt, Buffer.from(item)]), 'hex');
          const made = leaves.of(item);
          expect(made).toMatchObject({ salt: salt.toString('hex'), leaf: `sha256:${leaf}` });
          expect(Buffer.from(made.raw, 'latin1').toString('hex')).toBe(leaf);
        }
      }),
    );
  });

  it('gives what the functions for one item give', () => {
    fc.assert(
      fc.property(saltKey, wellFormed, (key, item) => {
        const bytes = Buffer.from(item);
        const salt = itemSalt(bytes, createSecretKey(key));
        const { salt: made, leaf } = new SaltedLeaves(key).of(item);
        expect(made).toBe(hex(salt));
        expect(leaf).toBe(`sha256:${hex(itemLeaf(bytes, salt))}`);
      }),
    );
  });
});
