import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dsseEnvelope, isSignedBy, PAYLOAD_TYPE, pae, signPayload } from './dsse.ts';
import { readPublicKey } from './sign/key.ts';
import { generateKeyPair, localSigner } from './sign/local.ts';
import type { Signer } from './sign/signer.ts';

const signer = localSigner(generateKeyPair().privateKeyPem);
const other = localSigner(generateKeyPair().privateKeyPem);

/** A coordinate of a key as JWK wants it. */
function coordinate(decimal: string): string {
  return Buffer.from(BigInt(decimal).toString(16).padStart(64, '0'), 'hex').toString('base64url');
}

describe('pae', () => {
  it('is what the DSSE protocol gives as its example', () => {
    expect(Buffer.from(pae('http://example.com/HelloWorld', Buffer.from('hello world'))).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  it("is what the protocol's example signature was made over", () => {
    const key = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: coordinate('46950820868899156662930047687818585632848591499744589407958293238635476079160'),
        y: coordinate('5640078356564379163099075877009565129882514886557779369047442380624545832820'),
      },
    });
    const signature = Buffer.from(
      'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==',
      'base64',
    );
    const signed = pae('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  it('counts bytes, not characters', () => {
    expect(Buffer.from(pae('ü', Buffer.from('€'))).toString()).toBe('DSSEv1 2 ü 3 €');
  });
});

describe('signPayload', () => {
  it('makes an envelope that only its key verifies', async () => {
    const envelope = await signPayload(Buffer.from('{"a":1}'), signer);
    expect(dsseEnvelope.safeParse(envelope).success).toBe(true);
    expect(envelope.payloadType).toBe(PAYLOAD_TYPE);
    expect(Object.keys(envelope.signatures[0])).toEqual(['sig']);
    expect(isSignedBy(envelope, readPublicKey(signer.publicKeyPem))).toBe(true);
    expect(isSignedBy(envelope, readPublicKey(other.publicKeyPem))).toBe(false);
    expect(isSignedBy({ ...envelope, payloadType: 'text/plain' }, readPublicKey(signer.publicKeyPem))).toBe(
      false,
    );
  });

  it.each<[string, Signer]>([
    ['signs with another key', { ...signer, sign: (bytes) => other.sign(bytes) }],
    ['returns nothing', { ...signer, sign: () => new Uint8Array() }],
    ['returns r and s without DER', { ...signer, sign: () => Buffer.alloc(64, 3) }],
    ['has the id of another key', { ...signer, keyId: other.keyId }],
    ['has no usable public key', { ...signer, publicKeyPem: 'a key' }],
  ])('refuses a signer that %s', async (_, broken) => {
    await expect(signPayload(Buffer.from('{}'), broken)).rejects.toMatchObject({
      name: 'EvidenceError',
      code: 'KEY',
    });
  });
});

describe('dsseEnvelope', () => {
  const good = { payload: 'e30=', payloadType: PAYLOAD_TYPE, signatures: [{ sig: 'AAEC' }] };

  it.each([
    ['no signature', { ...good, signatures: [] }],
    ['two signatures', { ...good, signatures: [{ sig: 'AAEC' }, { sig: 'AAEC' }] }],
    ['a keyid', { ...good, signatures: [{ sig: 'AAEC', keyid: 'SHA256:x' }] }],
    ['base64 without its padding', { ...good, payload: 'e30' }],
    ['base64 with bits that mean nothing', { ...good, payload: 'e31=' }],
    ['URL-safe base64', { ...good, signatures: [{ sig: '-_-_' }] }],
    ['a line break in base64', { ...good, payload: 'e3\n0=' }],
    ['no payload', { ...good, payload: '' }],
    ['something more', { ...good, more: 1 }],
  ])('refuses %s', (_, envelope) => {
    expect(dsseEnvelope.safeParse(good).success).toBe(true);
    expect(dsseEnvelope.safeParse(envelope).success).toBe(false);
  });
});
