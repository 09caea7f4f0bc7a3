import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { EvidenceError } from '../errors.ts';
import { keyId, readPrivateKey } from './key.ts';
import type { Signer } from './signer.ts';

export interface KeyPairPem {
  /** PKCS #8. */
  readonly privateKeyPem: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKeyPem: string;
}

export function generateKeyPair(): KeyPairPem {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKeyPem: privateKey, publicKeyPem: publicKey };
}

/** A signer that holds its key in this process. Throws KEY for anything but a P-256 private key. */
export function localSigner(privateKeyPem: string): Signer {
  const privateKey = readPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyId(publicKey),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (pae) => {
      try {
        return sign('sha256', pae, { key: privateKey, dsaEncoding: 'der' });
      } catch (error) {
        throw new EvidenceError('KEY', 'signing with the local key failed', { cause: error });
      }
    },
  };
}
