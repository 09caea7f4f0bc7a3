import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBase64, hashBase64, toBase64 } from './base64.ts';
import { bundleProofs } from './bundle/proofs.ts';

/** The last digit before the sign says two bits that no byte has: three other digits decode to the same. */
function respelt(text: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const last = digits.indexOf(text.charAt(42));
  return `${text.slice(0, 42)}${digits.charAt(last + 1)}=`;
}

describe('base64', () => {
  it('has one spelling for the same bytes, also in proofs, which no digest covers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = toBase64(bytes);
        const other = respelt(text);
        expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(bytes));
        expect(hashBase64.safeParse(text).success).toBe(true);
        expect(hashBase64.safeParse(other).success).toBe(false);
        const proofs = (hash: string) => ({ checkpoints: ['a', 'b'], consistency: [hash] });
        expect(bundleProofs.safeParse(proofs(text)).success).toBe(true);
        expect(bundleProofs.safeParse(proofs(other)).success).toBe(false);
      }),
    );
  });

  it('refuses what is longer than it may be, empty, or of another length than a hash', () => {
    expect(canonicalBase64(4).safeParse('AAAA').success).toBe(true);
    for (const text of ['', 'AAAAAAAA', 'AAA', 'AA-_'])
      expect(canonicalBase64(4).safeParse(text).success).toBe(false);
    expect(hashBase64.safeParse(toBase64(new Uint8Array(31))).success).toBe(false);
  });
});
