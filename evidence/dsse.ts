import { type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalBase64 } from './base64.ts';
import { digestOf } from './digest.ts';
import { EvidenceError } from './errors.ts';
import { publicKeyDer, readPublicKey } from './sign/key.ts';
import type { Signer } from './sign/signer.ts';

/** DSSE v1 (secure-systems-lab/dsse), narrowed: in-toto payload, one signature, no keyid. */

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** The statement of a large bundle, with every read of every connection, stays far below. */
const MAX_PAYLOAD_BYTES = 4 * 1024 ** 2;

export const base64 = canonicalBase64(Math.ceil(MAX_PAYLOAD_BYTES / 3) * 4);

export const dsseEnvelope = z.strictObject({
  payload: base64,
  payloadType: z.string().min(1).max(256),
  /** cosign refuses two, and any keyid but an SSH fingerprint; which key it was is in the bundle's hint. */
  signatures: z.tuple([z.strictObject({ sig: base64 })]),
});
export type DsseEnvelope = z.infer<typeof dsseEnvelope>;

/** The pre-authentication encoding: the bytes that are signed. */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}

/**
 * Signs and looks at what came back: a signer may be a remote service, and evidence nobody can verify is worthless.
 * Throws KEY.
 */
export async function signPayload(payload: Uint8Array, signer: Signer): Promise<DsseEnvelope> {
  const publicKey = readPublicKey(signer.publicKeyPem);
  if (digestOf(publicKeyDer(signer.publicKeyPem)) !== signer.keyId) {
    throw new EvidenceError('KEY', "the signer's key id is not that of its public key");
  }
  const signature = await signer.sign(pae(PAYLOAD_TYPE, payload));
  const envelope: DsseEnvelope = {
    payload: Buffer.from(payload).toString('base64'),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ sig: Buffer.from(signature).toString('base64') }],
  };
  if (!isSignedBy(envelope, publicKey)) {
    throw new EvidenceError('KEY', 'the signer returned a signature that its public key does not verify', {
      hint: 'Check that the signer returns ASN.1 DER over SHA-256 and that its public key is current.',
    });
  }
  return envelope;
}

/** Whether the key signed exactly this payload as this type. */
export function isSignedBy(envelope: DsseEnvelope, key: KeyObject): boolean {
  const signed = pae(envelope.payloadType, payloadBytes(envelope));
  return isSignatureOf(signed, Buffer.from(envelope.signatures[0].sig, 'base64'), key);
}

/** Whether this is the ASN.1 DER of an ECDSA signature over the SHA-256 of these bytes; held to Wycheproof's vectors. */
export function isSignatureOf(signed: Uint8Array, signature: Uint8Array, key: KeyObject): boolean {
  try {
    return verify('sha256', signed, { key, dsaEncoding: 'der' }, signature);
  } catch {
    // OpenSSL throws instead of answering for some signatures that are not DER.
    return false;
  }
}

export function payloadBytes(envelope: DsseEnvelope): Uint8Array {
  return Buffer.from(envelope.payload, 'base64');
}
