import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../digest.ts';
import { readPublicKey } from './key.ts';
import { generateKeyPair, localSigner } from './local.ts';

const ED25519 = generateKeyPairSync('ed25519');
const P384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });

const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

describe('localSigner', () => {
  it('signs what its public key verifies', async () => {
    const pair = generateKeyPair();
    const signer = localSigner(pair.privateKeyPem);
    const signature = await signer.sign(Buffer.from('bytes'));
    expect(signer.publicKeyPem).toBe(pair.publicKeyPem);
    expect(verify('sha256', Buffer.from('bytes'), pair.publicKeyPem, signature)).toBe(true);
  });

  it('is named by the SHA-256 of its public key in DER', () => {
    const pair = generateKeyPair();
    const der = Buffer.from(pair.publicKeyPem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(localSigner(pair.privateKeyPem).keyId).toBe(`sha256:${sha256Hex(der)}`);
  });

  it.each([
    ['nothing', ''],
    ['no PEM', 'secret words'],
    ['a public key', generateKeyPair().publicKeyPem],
    ['Ed25519', privatePem(ED25519.privateKey)],
    ['P-384', privatePem(P384.privateKey)],
    ['RSA', privatePem(RSA.privateKey)],
  ])('refuses %s', (_, text) => {
    expect(() => localSigner(text)).toThrow(expect.objectContaining({ code: 'KEY' }));
  });

  it('does not repeat the key in its error', () => {
    const broken = generateKeyPair().privateKeyPem.replace('MIG', 'XXX');
    expect(() => localSigner(broken)).toThrow(/^the private key can not be read$/);
  });
});

describe('readPublicKey', () => {
  it('refuses a private key, although it contains the public one', () => {
    expect(() => readPublicKey(generateKeyPair().privateKeyPem)).toThrow(
      expect.objectContaining({ code: 'KEY' }),
    );
  });

  it('refuses other kinds of keys', () => {
    expect(() => readPublicKey(publicPem(ED25519.publicKey))).toThrow(/P-256/);
  });
});
