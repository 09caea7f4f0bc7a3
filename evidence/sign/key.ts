import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { digestOf } from '../digest.ts';
import { EvidenceError } from '../errors.ts';

const CURVE = 'prime256v1';

/** `sha256:<hex>` of the DER form: what `openssl pkey -pubin -outform der | sha256sum` prints. */
export function keyId(publicKey: KeyObject): string {
  return digestOf(publicKey.export({ type: 'spki', format: 'der' }));
}

/** The bytes that the text holds, unread: the same as `keyId()` hashes, without a key object, when their digest is that id. */
export function publicKeyDer(pem: string): Uint8Array {
  return Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
}

/** Throws KEY unless the text is the public half of a P-256 key. A private key is refused, not reduced. */
export function readPublicKey(pem: string): KeyObject {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) {
    throw new EvidenceError('KEY', 'the text is not a public key in PEM form', {
      hint: 'Give the file that starts with "-----BEGIN PUBLIC KEY-----".',
    });
  }
  return p256(() => createPublicKey(pem), 'public');
}

/** Throws KEY unless the text is an unencrypted P-256 private key. */
export function readPrivateKey(pem: string): KeyObject {
  return p256(() => createPrivateKey(pem), 'private');
}

function p256(read: () => KeyObject, half: 'public' | 'private'): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    throw new EvidenceError('KEY', `the ${half} key can not be read`, {
      hint: 'Give an unencrypted PEM file, e.g. one made with "exhibit keys".',
      cause: error,
    });
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== CURVE) {
    throw new EvidenceError('KEY', `the ${half} key is not an ECDSA key on the curve P-256`, {
      hint: 'P-256 is the one kind of key that every verifier of Sigstore bundles accepts.',
    });
  }
  return key;
}
