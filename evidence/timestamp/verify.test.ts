import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testAuthority, type WrongAnswer } from '../../test/helpers/timestamp-authority.ts';
import { certify } from '../../test/helpers/x509.ts';
import { EvidenceError } from '../errors.ts';
import { verifyTimestamp } from './verify.ts';

const authority = testAuthority();
const other = testAuthority();
const [leaf, root] = authority.certificates;
const signature = Buffer.from('30450221008f1d02207a3e', 'hex');
const token = authority.stamp(signature);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof EvidenceError && error.code === 'TIMESTAMP') return error.message;
    throw error;
  }
  return 'accepted';
}

const verified = (bytes: Uint8Array, chain = authority.chainPem): string =>
  refusal(() => verifyTimestamp(bytes, signature, chain));

describe('verifyTimestamp', () => {
  it('says when the authority saw the signature', () => {
    const time = new Date('2027-03-04T05:06:07Z');
    const stamped = authority.stamp(signature, { time });
    expect(verifyTimestamp(stamped, signature, authority.chainPem)).toEqual({
      time: '2027-03-04T05:06:07.000Z',
    });
  });

  it('takes an RSA key that signs SHA-256, and a chain with a certificate between', () => {
    const rsa = testAuthority({ rsa: true });
    expect(verified(rsa.stamp(signature), rsa.chainPem)).toBe('accepted');
    const between = certify({ subject: 'between', issuer: root, ca: true });
    const deep = testAuthority({ issuer: between });
    const chain = `${deep.certificates[0].pem}${between.pem}${root.pem}`;
    expect(verified(deep.stamp(signature), chain)).toBe('accepted');
    expect(verified(deep.stamp(signature), `${deep.certificates[0].pem}${root.pem}`)).toMatch(
      /not issued by the next/,
    );
  });

  it('refuses the timestamp of another signature, or by another authority', () => {
    expect(
      refusal(() => verifyTimestamp(token, Buffer.from('3006020101020101', 'hex'), authority.chainPem)),
    ).toMatch(/not about this signature/);
    expect(verified(token, other.chainPem)).toMatch(/certificate of the configured/);
  });

  it.each<[string, WrongAnswer, RegExp]>([
    ['another imprint', { imprintOf: Buffer.from('else') }, /not about this signature/],
    [
      'an imprint by another digest',
      { imprintAlgorithm: '2.16.840.1.101.3.4.2.3' },
      /imprint that is not SHA-256/,
    ],
    ['a rejection', { status: 2, withoutToken: true }, /did not grant the request \(status 2\)/],
    ['a rejection that has a token', { status: 2 }, /did not grant/],
    ['a grant with changes', { status: 1 }, /did not grant/],
    ['a grant without a token', { withoutToken: true }, /is missing/],
    ['another version', { tokenVersion: 2 }, /unknown version/],
    ['another signed content type', { contentType: '1.2.840.113549.1.7.1' }, /not signed as a timestamp/],
    ['another content type', { eContentType: '1.2.840.113549.1.7.1' }, /something else than a time/],
    ['another certificate digest', { essDigest: Buffer.alloc(32, 9) }, /certificate of the configured/],
    ['another signed digest', { messageDigest: Buffer.alloc(32, 9) }, /not about this signature/],
    ['an attribute that is not signed', { unsignedAttribute: true }, /built in another way/],
    ['two nonces', { nonceTwice: true }, /two nonces/],
    ['something after the token', { afterToken: true }, /is missing/],
    ['an attribute twice', { attributeTwice: true }, /attribute twice/],
    ['a critical extension', { criticalExtension: true }, /critical extension/],
    ['a time before the certificate', { time: new Date(0) }, /certificates were not valid/],
    [
      'a time after the certificate',
      { time: new Date('2099-01-01T00:00:00Z') },
      /certificates were not valid/,
    ],
  ])('refuses %s', (_, wrong, message) => {
    expect(verified(authority.stamp(signature, wrong))).toMatch(message);
  });

  it('holds the certificate that signed to the rules, not one that lies beside it', () => {
    // Signed by a code-signing key of the same root; the real certificate is in the token, first and named.
    const impostor = testAuthority({ issuer: root, extendedKeyUsage: 'code-signing' });
    const forged = impostor.stamp(signature, { claims: leaf, certificates: [leaf.der] });
    expect(verified(forged)).toMatch(/not signed by the configured authority/);
  });

  it('refuses a timestamp from when the root was not good any more', () => {
    const notAfter = new Date(Date.now() + 3_600_000);
    const short = testAuthority({}, { notAfter });
    expect(verified(short.stamp(signature), short.chainPem)).toBe('accepted');
    const late = short.stamp(signature, { time: new Date(notAfter.getTime() + 60_000) });
    expect(verified(late, short.chainPem)).toMatch(/certificates were not valid/);
  });

  it('looks at each certificate that a token carries', () => {
    const carrying = (...certificates: readonly Uint8Array[]): string =>
      verified(authority.stamp(signature, { certificates }));
    expect(carrying()).toBe('accepted');
    expect(verified(authority.stamp(signature, { certificates: null }))).toBe('accepted');
    expect(carrying(leaf.der, root.der)).toBe('accepted');
    expect(carrying(root.der, leaf.der)).toBe('accepted');
    expect(carrying(root.der)).toMatch(/carries a certificate/);
    expect(carrying(leaf.der, other.certificates[0].der)).toMatch(/carries a certificate/);
  });

  it('refuses every change of one bit', () => {
    for (let index = 0; index < token.length; index += 1) {
      const changed = Buffer.from(token);
      changed[index] = (changed[index] ?? 0) ^ (1 << (index % 8));
      expect(verified(changed), `byte ${index}`).not.toBe('accepted');
    }
  });

  it('refuses what is no token', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(verified(bytes)).not.toBe('accepted');
      }),
    );
    expect(verified(Buffer.concat([token, Buffer.of(0)]))).toMatch(/not the DER/);
    expect(verified(token.subarray(0, -1))).toMatch(/not the DER/);
    expect(verified(Buffer.alloc(70_000))).toMatch(/larger than/);
  });
});
